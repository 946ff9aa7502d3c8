/*
 * The API's error bodies (DOMAIN: HTTP API; vendor's Refund Order API, "Failed Response" and
 * "400"; vendor's Payout Refund API, "400").
 *
 * Families name the causes of a refused refund: the upper-case codes; the older dotted ones, for
 * clients that send a `version` header up to 2023-12-31; and the dotted ones in the words of
 * POST /refunds. error_info.cause always holds the upper-case code.
 */
#ifndef API_ERRORS_H
#define API_ERRORS_H

#include "refund/cause.h"
#include "web/route.h"

/* What a route's 400 looks like where no handler said it. */
enum api_face {
    FACE_PLAIN,  /* "ERROR", INVALID_REQUEST */
    FACE_ORDER,  /* "Bad Request", INVALID_REQUEST */
    FACE_REFUND, /* a cause, in the family of the `version` header */
    FACE_PAYOUT  /* a cause, always in the words of POST /refunds */
};

/* By a table of routes; FACE_PLAIN where none was found, or none is named there. */
enum api_face errors_face(const struct route *route);
/* A row of that table that names no route of `program` is a bug: CHECK. For tests. */
void errors_check(const struct web_program *program);

enum api_family { FAMILY_UPPER, FAMILY_DOTTED, FAMILY_PAYOUT };

/* By the route's face and the `version` header: "2023-06-30" is dotted; a later one, none, or no
 * date is upper-case. */
enum api_family errors_family(const struct req *r);

struct api_fault {
    const char *field; /* NULL: none in particular */
    const char *reason;
};
#define API_FAULTS_MAX 64
/* All that is wrong with a request, one for each field; starts zeroed. */
struct api_faults {
    struct api_fault of[API_FAULTS_MAX];
    int n;
    bool missing; /* CAUSE_SPLIT_OR_BENEFICIARY: nothing was sent there */
};
/* Adds one, unless the field has one already or there are API_FAULTS_MAX. */
void errors_fault(struct api_faults *faults, const char *field, const char *reason);

/* 400, a refused refund. The faults (may be NULL) become error_info.fields[]; `order_id` is what
 * the client asked for. */
void errors_cause(struct req *r, struct reply *p, enum api_family family, enum cause cause,
                  const struct api_faults *faults, const char *order_id);

/* 400 of POST /orders: "Bad Request" / INVALID_REQUEST with every fault. */
void errors_bad_request(struct req *r, struct reply *p, const char *message,
                        const struct api_fault *faults, int n_faults);

/* Any other refusal, with a code of its own ("IDEMPOTENCY_KEY_REUSED"); faults may be NULL. */
void errors_coded(struct req *r, struct reply *p, int status, const char *code, const char *message,
                  const struct api_faults *faults);

/* 404 of GET /orders/{order_id}. */
void errors_order_unknown(struct req *r, struct reply *p, const char *order_id);

/* web_program's error face: what never reached a handler, or what one gave up on. */
void errors_reply(struct req *r, struct reply *p, int status, const struct err *e);

#endif
