#include "refund/intake.h"

#include "core/id.h"
#include "core/str.h"

#include <string.h>

static bool is_charged(const struct txn *t)
{
    return str_eq(t->status, "CHARGED") || str_eq(t->status, "PARTIAL_CHARGED");
}

/* Kept: the earliest success; a tie goes to the earlier initiation, then to the txn_id. */
static bool is_kept_before(const struct txn *a, const struct txn *b)
{
    if (a->charged_ms != b->charged_ms)
        return a->charged_ms < b->charged_ms;
    if (a->created_ms != b->created_ms)
        return a->created_ms < b->created_ms;
    return strcmp(a->txn_id, b->txn_id) < 0;
}

static enum rc settle_order(struct sql *q, struct arena *a, struct order *o, int64_t now_ms,
                            struct err *e)
{
    struct txn *txns;
    int n;
    enum rc rc = txns_of_order(q, a, o->id, &txns, &n, e);
    if (rc != RC_OK || n == 0)
        return rc;
    const struct txn *kept = NULL;
    for (int i = 0; i < n; i++) {
        if (is_charged(&txns[i]) && (kept == NULL || is_kept_before(&txns[i], kept)))
            kept = &txns[i];
    }
    o->kept_txn = kept != NULL ? kept->id : 0;
    o->status = kept != NULL ? kept->status : txns[n - 1].status;
    if (kept != NULL && !o->is_split_payment)
        o->effective_minor = kept->amount_minor;
    o->updated_ms = now_ms;
    rc = orders_update(q, o, e);
    return rc == RC_OK ? txns_show(q, kept != NULL ? kept : &txns[n - 1], e) : rc;
}

/* News for a txn that is stored: later news never undoes a success. */
static enum rc update_txn(struct sql *q, const struct txn *stored, struct txn *t, struct err *e)
{
    if (stored->order_row != t->order_row || stored->amount_minor != t->amount_minor ||
        !str_eq(stored->currency, t->currency))
        return ERR(e, RC_CONFLICT, "The transaction is known with another amount or order.",
                   "txn %s differs from what is stored", t->txn_id);
    t->id = stored->id;
    t->held_minor = stored->held_minor;
    t->refunded_minor = stored->refunded_minor;
    t->is_conflicted = t->is_conflicted || stored->is_conflicted;
    if (stored->charged_ms != 0) {
        t->status = stored->status;
        if (t->charged_ms == 0 || stored->charged_ms < t->charged_ms)
            t->charged_ms = stored->charged_ms;
    }
    t->payment_id = str_or(t->payment_id, stored->payment_id);
    return txns_update(q, t, e);
}

enum rc intake_txn(struct sql *q, struct arena *a, struct order *o, struct txn *t, int64_t now_ms,
                   struct err *e)
{
    struct txn stored;
    struct err miss;
    t->merchant = o->merchant;
    t->order_row = o->id;
    enum rc rc = txns_by_txn_id(q, a, o->merchant, t->txn_id, &stored, &miss);
    if (rc == RC_OK) {
        rc = update_txn(q, &stored, t, e);
    } else if (rc == RC_NOT_FOUND) {
        t->id = id_new();
        rc = txns_insert(q, t, e);
    } else {
        *e = miss;
    }
    return rc == RC_OK ? settle_order(q, a, o, now_ms, e) : rc;
}
