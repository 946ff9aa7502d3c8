/*
 * Creating a refund. The popup, both APIs, batch and auto refund all come through refund_create();
 * one function (validate.c) decides, inside the write transaction that inserts.
 */
#ifndef REFUND_CREATE_H
#define REFUND_CREATE_H

#include "core/app.h"
#include "core/money.h"
#include "refund/announce.h"
#include "refund/cause.h"
#include "refund/decision.h"
#include "refund/order_body.h"
#include "refund/payout.h"
#include "refund/refund_body.h"
#include "refund/split.h"
#include "store/actor.h"
#include "store/gateways.h"
#include "store/merchants.h"
#include "store/refunds.h"

enum refund_source { SOURCE_API, SOURCE_PORTAL, SOURCE_BATCH, SOURCE_AUTO };

/* A field as the client sent it. */
enum given { GIVEN_ABSENT, GIVEN_NULL, GIVEN_TEXT };

struct refund_request {
    const struct actor *actor;
    enum refund_source source;
    const char *order_id; /* NULL or "": by txn_id alone */
    const char *txn_id;   /* NULL or "": order based, goes to the kept txn */
    const char *unique_request_id;
    enum given amount_given; /* ABSENT: all that is left */
    const char *amount;      /* decimal text */
    const char *refund_type; /* NULL: STANDARD */
    const char *reason;      /* NULL: CANCELLATION */
    const char *note;
    const char *metadata;            /* JSON object text, or NULL */
    const struct split_ask *split;   /* who gives back how much; NULL: not told */
    const struct payout_ask *payout; /* PAYOUT: where it goes; NULL: not told */
    struct decision *decision;       /* done in the same transaction; NULL: nothing */
    struct announce_later *later;    /* its event is told by the caller, later; NULL: at once */
    const char *fault;    /* a caller that found a field unusable names it: CAUSE_BAD_REQUEST */
    int64_t batch;        /* whose rows are no twins of one another; 0: of none */
    bool runs_later;      /* only asked for now: a twin of now is none by then */
    bool awaits_approval; /* a person must approve it before anything is sent */
    bool wants_view;      /* the order as it stands after it, for the answer */
};

struct refund_answer {
    enum cause cause; /* CAUSE_NONE: created */
    /* Causes 1 and 2: the field. Cause 20: the rule that is broken and the mend, in words; then
     * `field` is the path ("beneficiary_details.details.account"), and `missing` tells that nothing
     * was sent there, for which the dotted family has its own words. */
    const char *detail;
    const char *field;
    bool missing;
    int64_t refundable_minor; /* what the txn had left when it was judged, -1: not reached */
    const char *currency;     /* of the order, when it was found */
    int64_t existing;         /* CAUSE_ID_…: the refund that has the id */
    struct refund refund;     /* the new row, texts in the arena */
    struct refund_view flat;  /* the same with its payee and parts */
    struct order order;
    struct order_view view; /* when it was created and wants_view: no second look is needed */
};

struct request_fault {
    enum cause cause; /* 1 … 3 */
    const char *field;
};
#define REQUEST_MAX_FAULTS 12
/* What a request alone shows to be wrong, in the order of the causes: all of it, where the answer's
 * cause is the first. Returns how many. */
int refund_request_faults(const struct refund_request *req,
                          struct request_fault out[REQUEST_MAX_FAULTS]);

/* The ten reasons and the types, for choices and checks. */
const char *const *refund_reasons(int *count);
const char *refund_reason_label(const char *reason); /* "Product or service not delivered" */

/* Judges and, if nothing is against it, inserts: refund row, hold, SEND job, REFUND_INITIATED,
 * audit. RC_OK with a->cause set is a refusal. Wakes the worker. */
MUSTCHECK enum rc refund_create(struct app *app, struct arena *arena,
                                const struct refund_request *req, struct refund_answer *answer,
                                struct err *e);

/* The same inside the caller's own write transaction, of a request that validate_ask() has parsed;
 * waking the worker is the caller's, after the commit. */
struct refund_ask;
MUSTCHECK enum rc refund_create_in(struct sql *q, struct arena *arena, const struct refund_ask *ask,
                                   int64_t now_ms, struct refund_answer *answer, struct err *e);

/* The same judgement without inserting, over one snapshot: the popup's "why not". */
MUSTCHECK enum rc refund_judge_only(struct app *app, struct arena *arena,
                                    const struct refund_request *req, struct refund_answer *answer,
                                    struct err *e);

/* Why an order (its kept txn) cannot be refunded at all now, without a request: CAUSE_NONE when a
 * popup makes sense. Pure; for lists, which read the merchant's gateways once. */
enum cause refund_order_obstacle(const struct merchant *m, const struct gateway_set *gateways,
                                 const struct order *o, const struct txn *kept, int64_t now_ms);

/* Cancels one that is held, awaits approval, or is under review and was never sent.
 * RC_NOT_FOUND, or RC_CONFLICT with the reason in e->text. */
MUSTCHECK enum rc refund_cancel(struct app *app, struct arena *arena, const struct actor *actor,
                                int64_t refund, struct err *e);

#endif
