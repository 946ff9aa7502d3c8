/*
 * The API's error bodies (DOMAIN: HTTP API; vendor's Refund Order API, "Failed Response" and
 * "400").
 *
 * Two families name the causes of a refused refund: the upper-case codes, and the older dotted ones
 * for clients that send a `version` header up to 2023-12-31. error_info.cause always holds the
 * upper-case code.
 */
#ifndef API_ERRORS_H
#define API_ERRORS_H

#include "refund/cause.h"
#include "web/route.h"

enum api_family { FAMILY_UPPER, FAMILY_DOTTED };

/* By the `version` header: "2023-06-30" is dotted; a later one, none, or no date is upper-case. */
enum api_family errors_family(const struct req *r);

struct api_fault {
    const char *field; /* NULL: none in particular */
    const char *reason;
};

/* 400, a refused refund. `fault` (may be NULL) becomes error_info.fields[]; `order_id` is what the
 * client asked for. */
void errors_cause(struct req *r, struct reply *p, enum api_family family, enum cause cause,
                  const struct api_fault *fault, const char *order_id);

/* 400 of POST /orders: "Bad Request" / INVALID_REQUEST with every fault. */
void errors_bad_request(struct req *r, struct reply *p, const char *message,
                        const struct api_fault *faults, int n_faults);

/* 404 of GET /orders/{order_id}. */
void errors_order_unknown(struct req *r, struct reply *p, const char *order_id);

/* web_program's error face: what never reached a handler, or what one gave up on. */
void errors_reply(struct req *r, struct reply *p, int status, const struct err *e);

#endif
