/*
 * One flat refund object: the answer of POST /refunds and of a Sync (DOMAIN: HTTP API; vendor's
 * Payout Refund API, "Sample Response" and field table).
 */
#ifndef REFUND_REFUND_BODY_H
#define REFUND_REFUND_BODY_H

#include "core/arena.h"
#include "store/payouts.h"
#include "store/refunds.h"
#include "store/split.h"

struct json_object;

/* All that the body needs: at hand in the transaction that creates the refund, or read. */
struct refund_view {
    struct refund refund;
    const struct payee *payee; /* of a PAYOUT; else NULL */
    const struct party *parts; /* of a split settled order's refund, n_parts of them */
    int n_parts;
};

/* The payee and the parts of a refund that was read; inside a snapshot or a transaction. */
MUSTCHECK enum rc refund_view_of(struct sql *q, struct arena *a, const struct refund *r,
                                 struct refund_view *out, struct err *e);

/* A new object of the caller's own to add to ("changed"); released with the arena. */
struct json_object *refund_flat_body(struct arena *a, const struct refund_view *v);

#endif
