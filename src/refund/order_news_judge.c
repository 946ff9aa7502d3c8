#include "refund/foreign.h"

#include "core/str.h"

static enum rc pass_miss(enum rc rc, const struct err *miss, struct err *e)
{
    if (rc != RC_OK && rc != RC_NOT_FOUND) {
        *e = *miss;
        return rc;
    }
    return RC_OK;
}

/* ---- which order is it? -------------------------------------------------------------------------
 */

/* The order of a payment or a refund that the gateway names by its own ids. */
static enum rc find_by_gateway(struct news_work *w, int64_t *order_row, struct err *e)
{
    const struct order_news *n = w->n;
    const char *const payments[] = {n->payment_id, n->other_payment_id};
    struct sql *q = w->tell.q;
    struct txn t = {0};
    struct refund r = {0};
    struct err miss;
    enum rc rc = RC_NOT_FOUND;
    for (size_t i = 0; rc == RC_NOT_FOUND && i < 2; i++) {
        if (payments[i] != NULL)
            rc = txns_by_payment(q, w->tell.arena, w->merchant, payments[i], &t, &miss);
    }
    for (int i = 0; rc == RC_NOT_FOUND && i < n->n_refunds; i++) {
        if (n->refunds[i].ref != NULL)
            rc = refunds_of_merchant_by_ref(q, w->tell.arena, w->merchant, n->refunds[i].ref, &r,
                                            &miss);
    }
    *order_row = t.order_row != 0 ? t.order_row : r.order_row;
    return pass_miss(rc, &miss, e);
}

enum rc order_news_find(struct news_work *w, struct err *e)
{
    struct arena *a = w->tell.arena;
    int64_t row = 0;
    struct err miss;
    enum rc rc = RC_NOT_FOUND;
    if (w->n->order_key != NULL)
        rc = orders_by_key(w->tell.q, a, w->merchant, w->n->order_key, &w->order, &miss);
    if (pass_miss(rc, &miss, e) != RC_OK)
        return rc;
    if (rc == RC_NOT_FOUND && w->n->is_partial) {
        rc = find_by_gateway(w, &row, e);
        if (rc == RC_OK && row != 0)
            rc = orders_get(w->tell.q, a, row, &w->order, e);
        if (rc != RC_OK)
            return rc;
    }
    if (w->order.id != 0)
        return txns_of_order(w->tell.q, a, w->order.id, &w->txns, &w->n_txns, e);
    w->early = w->n->order_key == NULL || w->n->amount_minor <= 0 || w->n->currency == NULL;
    return RC_OK;
}

/* ---- does it contradict? ------------------------------------------------------------------------
 */

static int64_t told_order_ms(struct news_work *w)
{
    struct sheet s;
    const struct sheet_table *t = &order_news_order_fields;
    sheet_read_row(w->tell.arena, t, &w->order, w->order.facts, &s);
    return s.at_ms[sheet_index(t, "amount")];
}

/* The amount of an order may change while nothing was paid; older news of it are history. */
static void judge_order(struct news_work *w)
{
    const struct order_news *n = w->n;
    const struct order *o = &w->order;
    if (o->id == 0)
        return;
    if (n->currency != NULL && !str_eq(n->currency, o->currency))
        w->why = arena_printf(w->tell.arena, "the order is known in %s", o->currency);
    else if (n->amount_minor >= 0 && n->amount_minor != o->amount_minor && !n->is_partial &&
             (w->n_txns > 0 || (n->n_txns > 0 && w->tell.at_ms < told_order_ms(w))))
        w->why = arena_printf(w->tell.arena, "the order is known with the amount %s",
                              money_text(w->tell.arena, o->amount_minor, o->currency));
}

static struct txn *by_txn_id(struct news_work *w, const char *txn_id)
{
    for (int i = 0; txn_id != NULL && i < w->n_txns; i++) {
        if (str_eq(w->txns[i].txn_id, txn_id))
            return &w->txns[i];
    }
    return NULL;
}

static struct txn *by_payment(struct news_work *w, const struct told_txn *told)
{
    for (int i = 0; told->payment_id != NULL && i < w->n_txns; i++) {
        const char *stored = w->txns[i].payment_id;
        if (str_eq(stored, told->payment_id) ||
            (stored != NULL && str_eq(stored, w->n->other_payment_id)))
            return &w->txns[i];
    }
    return NULL;
}

/* A gateway names its payment; the transaction that has none yet is meant when there is only one.
 */
static struct txn *the_open_one(struct news_work *w, const struct told_txn *told)
{
    struct txn *found = NULL;
    for (int i = 0; i < w->n_txns; i++) {
        if (w->txns[i].payment_id != NULL || w->txns[i].amount_minor != told->amount_minor)
            continue;
        if (found != NULL)
            return NULL;
        found = &w->txns[i];
    }
    return found;
}

/* Stored with another order: by its id, or as the same payment. */
static enum rc judge_elsewhere(struct news_work *w, const struct told_txn *told, struct err *e)
{
    struct txn t;
    struct err miss;
    const char *what = told->txn_id;
    enum rc rc = RC_NOT_FOUND;
    if (told->txn_id != NULL)
        rc = txns_by_txn_id(w->tell.q, w->tell.arena, w->merchant, told->txn_id, &t, &miss);
    if (rc == RC_NOT_FOUND && told->payment_id != NULL) {
        what = told->payment_id;
        rc = txns_by_payment(w->tell.q, w->tell.arena, w->merchant, what, &t, &miss);
    }
    if (rc == RC_OK)
        w->why = arena_printf(w->tell.arena, "%s is known with another order", what);
    return pass_miss(rc, &miss, e);
}

static void judge_stored(struct news_work *w, const struct told_txn *told, const struct txn *stored)
{
    struct arena *a = w->tell.arena;
    bool other_id = told->txn_id != NULL && !str_eq(told->txn_id, stored->txn_id) &&
                    !str_eq(stored->txn_id, stored->payment_id);
    if (other_id)
        w->why = arena_printf(a, "the payment %s is known as transaction %s", told->payment_id,
                              stored->txn_id);
    else if (told->amount_minor > 0 && told->amount_minor != stored->amount_minor)
        w->why = arena_printf(a, "the transaction %s is known with the amount %s", stored->txn_id,
                              money_text(a, stored->amount_minor, stored->currency));
    else if (told->currency != NULL && !str_eq(told->currency, stored->currency))
        w->why =
            arena_printf(a, "the transaction %s is known in %s", stored->txn_id, stored->currency);
}

static enum rc judge_txn(struct news_work *w, struct news_target *target, struct err *e)
{
    const struct told_txn *told = target->told;
    struct txn *stored = by_txn_id(w, told->txn_id), *paid = by_payment(w, told);
    if (stored != NULL && paid != NULL && paid != stored)
        w->why = arena_printf(w->tell.arena, "the payment %s is known as transaction %s",
                              told->payment_id, paid->txn_id);
    if (stored == NULL)
        stored = paid;
    if (stored == NULL && told->txn_id == NULL)
        stored = the_open_one(w, told);
    target->stored = stored;
    if (stored != NULL) {
        judge_stored(w, told, stored);
        return RC_OK;
    }
    if (told->amount_minor <= 0) {
        w->early = true;
        return RC_OK;
    }
    return judge_elsewhere(w, told, e);
}

static enum rc judge_refund(struct news_work *w, int i, struct err *e)
{
    const struct told_refund *told = &w->n->refunds[i];
    enum foreign_end end;
    enum rc rc = foreign_judge(&w->tell, &w->order, w->txns, w->n_txns, w->targets[0].stored, w->n,
                               told, &w->plans[i], &end, e);
    if (rc == RC_OK && end == FOREIGN_NO_TXN)
        w->early = true;
    if (rc == RC_OK && end == FOREIGN_DIFFERS)
        w->why =
            arena_printf(w->tell.arena, "the refund %s is known with another amount or currency",
                         str_or(told->unique_request_id, told->ref));
    return rc;
}

enum rc order_news_judge(struct news_work *w, struct err *e)
{
    const struct order_news *n = w->n;
    struct arena *a = w->tell.arena;
    enum rc rc = RC_OK;
    judge_order(w);
    w->targets = arena_array(a, (size_t)n->n_txns + 1, sizeof *w->targets);
    w->plans = arena_array(a, (size_t)n->n_refunds + 1, sizeof *w->plans);
    for (int i = 0; rc == RC_OK && i < n->n_txns; i++) {
        w->targets[i].told = &n->txns[i];
        rc = judge_txn(w, &w->targets[i], e);
    }
    for (int i = 0; rc == RC_OK && i < n->n_refunds; i++)
        rc = judge_refund(w, i, e);
    return rc == RC_OK ? order_news_split_judge(&w->tell, n, &w->order, &w->why, e) : rc;
}
