#include "refund/foreign.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

/* ---- writing the order --------------------------------------------------------------------------
 */

/* The udf values as they are searched for. */
static const char *const *udf_of(struct arena *a, const struct sheet *s)
{
    const char **udf = arena_array(a, LIMIT_UDF_COUNT, sizeof *udf);
    int first = sheet_index(&order_news_order_fields, "udf1");
    for (int i = 0; i < LIMIT_UDF_COUNT; i++) {
        struct json_object *text;
        struct err ignored;
        const char *json = s->value[first + i];
        if (json != NULL && json_read(a, json, strlen(json), &text, &ignored) == RC_OK)
            udf[i] = arena_strdup(a, json_object_get_string(text));
    }
    return udf;
}

static int64_t told_created_ms(const struct news_work *w)
{
    return w->n->created_ms != 0 ? w->n->created_ms : w->tell.at_ms;
}

static enum rc insert_order(struct news_work *w, struct err *e)
{
    const struct order_news *n = w->n;
    struct arena *a = w->tell.arena;
    struct sheet s = {0};
    struct order *o = &w->order;
    sheet_merge(&order_news_order_fields, &s, &n->sheet, w->tell.at_ms);
    *o = (struct order){
        .id = id_new(),
        .merchant = w->merchant,
        .order_id = n->order_id,
        .public_id = n->public_id != NULL ? n->public_id : id_random_hex(a, "ordeh_", 32),
        .status = str_or(n->status, "NEW"),
        .currency = n->currency,
        .is_cod = n->is_cod,
        .is_split_payment = n->is_split_payment,
        .udf = udf_of(a, &s),
        .created_ms = told_created_ms(w),
        .updated_ms = w->tell.now_ms,
    };
    o->facts = sheet_write_row(a, &order_news_order_fields, &s, o);
    if (o->effective_minor < 0)
        o->effective_minor = o->amount_minor;
    if (n->n_txns > 0)
        o->status = "NEW"; /* the transactions say */
    w->tell.changed = true;
    if (n->n_txns == 0)
        return orders_insert(w->tell.q, o, n->order_key, e);
    struct txn *rows;
    enum rc rc = txn_news_first(&w->tell, o, n->order_key, n->txns, n->n_txns, &rows, e);
    for (int i = 0; rc == RC_OK && i < n->n_txns; i++)
        w->targets[i].row = rows[i];
    return rc;
}

static enum rc update_order(struct news_work *w, struct err *e)
{
    const struct order_news *n = w->n;
    struct arena *a = w->tell.arena;
    const struct sheet_table *t = &order_news_order_fields;
    struct order was = w->order, *o = &w->order;
    struct sheet s, before;
    sheet_read_row(a, t, o, o->facts, &s);
    before = s;
    bool changed = sheet_merge(t, &s, &n->sheet, w->tell.at_ms);
    if (changed) {
        was.udf = udf_of(a, &before);
        o->facts = sheet_write_row(a, t, &s, o);
        o->udf = udf_of(a, &s);
    }
    o->is_cod = o->is_cod || n->is_cod;
    o->is_split_payment = o->is_split_payment || n->is_split_payment;
    if (w->n_txns == 0 && n->n_txns == 0 && order_news_rank(n->status) > order_news_rank(o->status))
        o->status = n->status;
    if (told_created_ms(w) < o->created_ms)
        o->created_ms = told_created_ms(w);
    if (!changed && o->is_cod == was.is_cod && o->is_split_payment == was.is_split_payment &&
        str_eq(o->status, was.status) && o->created_ms == was.created_ms)
        return RC_OK;
    o->updated_ms = w->tell.now_ms;
    w->tell.changed = true;
    return orders_tell(w->tell.q, &was, o, e);
}

/* ---- writing the rest ---------------------------------------------------------------------------
 */

static enum rc write_txns(struct news_work *w, struct err *e)
{
    struct telling *x = &w->tell;
    bool changed = x->changed;
    enum rc rc = RC_OK;
    x->changed = false;
    for (int i = 0; rc == RC_OK && i < w->n->n_txns; i++) {
        struct news_target *target = &w->targets[i];
        rc = target->stored == NULL
                 ? txn_news_insert(x, &w->order, target->told, &target->row, e)
                 : txn_news_update(x, target->told, target->stored, &target->row, e);
    }
    if (rc == RC_OK && (x->changed || changed))
        rc = txn_news_settle(x, &w->order, e);
    x->changed = x->changed || changed;
    return rc;
}

static int64_t txn_row_of(const struct news_work *w, const struct foreign_plan *plan)
{
    for (int i = 0; plan->txn_row == 0 && i < w->n->n_txns; i++) {
        const struct txn *row = &w->targets[i].row;
        if (plan->txn_id == NULL || str_eq(plan->txn_id, row->txn_id))
            return row->id;
    }
    return plan->txn_row;
}

static enum rc write_refund(struct news_work *w, const struct foreign_plan *plan, struct err *e)
{
    struct txn t;
    if (plan->known != 0)
        return foreign_apply(&w->tell, plan, NULL, e);
    enum rc rc = txns_get(w->tell.q, w->tell.arena, txn_row_of(w, plan), &t, e);
    return rc == RC_OK ? foreign_apply(&w->tell, plan, &t, e) : rc;
}

static enum rc write_all(struct news_work *w, struct err *e)
{
    bool is_new = w->order.id == 0;
    const char *was = is_new ? "NEW" : w->order.status;
    enum rc rc = is_new ? insert_order(w, e) : update_order(w, e);
    if (rc == RC_OK)
        rc = order_news_split_write(&w->tell, w->n, &w->order, e);
    if (rc == RC_OK && !is_new)
        rc = write_txns(w, e);
    if (rc == RC_OK && w->n->n_refunds > 0)
        rc = txn_news_yield(&w->tell, &w->order, e);
    for (int i = 0; rc == RC_OK && i < w->n->n_refunds; i++)
        rc = write_refund(w, &w->plans[i], e);
    return rc == RC_OK ? txn_news_finish(&w->tell, &w->order, was, e) : rc;
}

enum rc order_news_apply(struct sql *q, struct arena *a, const struct actor *actor,
                         const struct order_news *n, bool imported, int64_t now_ms,
                         enum order_news_end *end, const char **why, struct err *e)
{
    int64_t heard_ms = n->heard_ms != 0 ? n->heard_ms : now_ms;
    struct news_work w = {
        .tell = {.q = q,
                 .arena = a,
                 .at_ms = n->at_ms != 0 && n->at_ms < heard_ms ? n->at_ms : heard_ms,
                 .now_ms = now_ms,
                 .quiet = imported,
                 .signed_by_gateway = n->is_partial},
        .n = n,
        .merchant = actor->merchant,
    };
    *why = NULL;
    enum rc rc = order_news_find(&w, e);
    if (rc == RC_OK && !w.early)
        rc = order_news_judge(&w, e);
    if (rc == RC_OK && !w.early && w.why == NULL)
        rc = write_all(&w, e);
    if (rc != RC_OK)
        return rc;
    *why = w.why;
    *end = w.why != NULL    ? NEWS_REFUSED
           : w.early        ? NEWS_EARLY
           : w.tell.changed ? NEWS_APPLIED
                            : NEWS_KNOWN;
    return RC_OK;
}
