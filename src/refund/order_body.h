/*
 * An order as JSON: GET /orders/{id}, the answer of POST /orders/{id}/refunds, webhooks
 * (vendor's Refund Order API, "Sample Response" and field table).
 */
#ifndef REFUND_ORDER_BODY_H
#define REFUND_ORDER_BODY_H

#include "core/arena.h"
#include "store/merchants.h"
#include "store/orders.h"
#include "store/payouts.h"
#include "store/refunds.h"
#include "store/split.h"

struct json_object;

/* All that the body needs, read in one snapshot. */
struct order_view {
    const char *merchant_id;
    struct order order;
    struct txn *txns;
    int n_txns;
    struct txn *shown;      /* the kept txn, else the last; NULL: none yet */
    struct refund *refunds; /* newest first */
    int n_refunds;
    /* of a split settled order: its parties, and the parts of its refunds */
    struct party *parties;
    struct refund_part *parts;
    int n_parties, n_parts;
    struct payout_shown *payouts; /* of PAYOUT refunds */
    int n_payouts;
    int64_t now_ms; /* the caller's to set, for refund_supported; 0: that is left out */
};

/* RC_NOT_FOUND when the merchant has no such order. order_id in any case. */
MUSTCHECK enum rc order_view_read(struct sql *q, struct arena *a, int64_t merchant,
                                  const char *merchant_id, const char *order_id,
                                  struct order_view *out, struct err *e);

/* The same of an order that was read already. */
MUSTCHECK enum rc order_view_of(struct sql *q, struct arena *a, const char *merchant_id,
                                const struct order *o, struct order_view *out, struct err *e);
/* Of its refunds only the n newest. */
MUSTCHECK enum rc order_view_newest(struct sql *q, struct arena *a, const char *merchant_id,
                                    const struct order *o, int n_refunds, struct order_view *out,
                                    struct err *e);

/* Released with the arena. */
struct json_object *order_body(struct arena *a, const struct order_view *v);
/* One entry of refunds[]. */
struct json_object *order_body_refund(struct arena *a, const struct refund *r);

#endif
