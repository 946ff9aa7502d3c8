#include "refund/order_body.h"

#include "core/limits.h"
#include "core/str.h"

#include <string.h>

/* What few orders have. */
static enum rc read_terms(struct sql *q, struct arena *a, struct order_view *out, struct err *e)
{
    int64_t order = out->order.id;
    enum rc rc = RC_OK;
    bool pays_out = false;
    for (int i = 0; i < out->n_refunds; i++)
        pays_out = pays_out || str_eq(out->refunds[i].refund_type, "PAYOUT");
    if (pays_out)
        rc = payouts_of_order(q, a, order, &out->payouts, &out->n_payouts, e);
    if (rc == RC_OK && out->order.is_split_settled)
        rc = split_of_order(q, a, order, 0, &out->parties, &out->n_parties, e);
    if (rc == RC_OK && out->order.is_split_settled && out->n_refunds > 0)
        rc = split_of_order_refunds(q, a, order, &out->parts, &out->n_parts, e);
    return rc;
}

/* Of an order of which nothing is charged: an auto refund, else what was begun last; a tie goes to
 * the txn_id, as in the order's status. `before` was begun no later. */
static bool speaks_after(const struct txn *t, const struct txn *before)
{
    if (before == NULL)
        return true;
    bool is_auto = str_eq(t->status, "AUTO_REFUNDED"),
         was_auto = str_eq(before->status, "AUTO_REFUNDED");
    if (is_auto != was_auto)
        return is_auto;
    return t->created_ms != before->created_ms || strcmp(t->txn_id, before->txn_id) > 0;
}

enum rc order_view_newest(struct sql *q, struct arena *a, const char *merchant_id,
                          const struct order *o, int n_refunds, struct order_view *out,
                          struct err *e)
{
    *out = (struct order_view){.merchant_id = merchant_id, .order = *o};
    enum rc rc = txns_of_order(q, a, o->id, &out->txns, &out->n_txns, e);
    if (rc == RC_OK)
        rc = refunds_of_order(q, a, o->id, n_refunds, &out->refunds, &out->n_refunds, e);
    for (int i = 0; rc == RC_OK && i < out->n_txns; i++) {
        if (o->kept_txn != 0 ? out->txns[i].id == o->kept_txn
                             : speaks_after(&out->txns[i], out->shown))
            out->shown = &out->txns[i];
    }
    return rc == RC_OK ? read_terms(q, a, out, e) : rc;
}

enum rc order_view_of(struct sql *q, struct arena *a, const char *merchant_id,
                      const struct order *o, struct order_view *out, struct err *e)
{
    return order_view_newest(q, a, merchant_id, o, LIMIT_ORDER_REFUNDS, out, e);
}

enum rc order_view_read(struct sql *q, struct arena *a, int64_t merchant, const char *merchant_id,
                        const char *order_id, struct order_view *out, struct err *e)
{
    struct order o = {0};
    enum rc rc = orders_by_key(q, a, merchant, orders_key(a, order_id), &o, e);
    return rc == RC_OK ? order_view_of(q, a, merchant_id, &o, out, e) : rc;
}
