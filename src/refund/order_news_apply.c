#include "refund/foreign.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

/* A told transaction and the stored one that it is about. */
struct target {
    const struct told_txn *told;
    const struct txn *stored; /* NULL: none yet */
    struct txn row;           /* as written */
};

struct work {
    struct telling tell;
    const struct order_news *n;
    int64_t merchant;
    struct order order; /* id 0: none yet */
    struct txn *txns;   /* stored */
    int n_txns;
    struct target *targets;
    struct foreign_plan *plans;
    bool early;      /* about something that is not known yet */
    const char *why; /* contradicts what is stored */
};

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
static enum rc find_by_gateway(struct work *w, int64_t *order_row, struct err *e)
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

static enum rc find_order(struct work *w, struct err *e)
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

static int64_t told_order_ms(struct work *w)
{
    struct sheet s;
    const struct sheet_table *t = &order_news_order_fields;
    sheet_read_row(w->tell.arena, t, &w->order, w->order.facts, &s);
    return s.at_ms[sheet_index(t, "amount")];
}

/* The amount of an order may change while nothing was paid; older news of it are history. */
static void judge_order(struct work *w)
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

static struct txn *by_txn_id(struct work *w, const char *txn_id)
{
    for (int i = 0; txn_id != NULL && i < w->n_txns; i++) {
        if (str_eq(w->txns[i].txn_id, txn_id))
            return &w->txns[i];
    }
    return NULL;
}

static struct txn *by_payment(struct work *w, const struct told_txn *told)
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
static struct txn *the_open_one(struct work *w, const struct told_txn *told)
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
static enum rc judge_elsewhere(struct work *w, const struct told_txn *told, struct err *e)
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

static void judge_stored(struct work *w, const struct told_txn *told, const struct txn *stored)
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

static enum rc judge_txn(struct work *w, struct target *target, struct err *e)
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

static enum rc judge_refund(struct work *w, int i, struct err *e)
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

static enum rc judge(struct work *w, struct err *e)
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

static int64_t told_created_ms(const struct work *w)
{
    return w->n->created_ms != 0 ? w->n->created_ms : w->tell.at_ms;
}

static enum rc insert_order(struct work *w, struct err *e)
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

static enum rc update_order(struct work *w, struct err *e)
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

static enum rc write_txns(struct work *w, struct err *e)
{
    struct telling *x = &w->tell;
    bool changed = x->changed;
    enum rc rc = RC_OK;
    x->changed = false;
    for (int i = 0; rc == RC_OK && i < w->n->n_txns; i++) {
        struct target *target = &w->targets[i];
        rc = target->stored == NULL
                 ? txn_news_insert(x, &w->order, target->told, &target->row, e)
                 : txn_news_update(x, target->told, target->stored, &target->row, e);
    }
    if (rc == RC_OK && (x->changed || changed))
        rc = txn_news_settle(x, &w->order, e);
    x->changed = x->changed || changed;
    return rc;
}

static int64_t txn_row_of(const struct work *w, const struct foreign_plan *plan)
{
    for (int i = 0; plan->txn_row == 0 && i < w->n->n_txns; i++) {
        const struct txn *row = &w->targets[i].row;
        if (plan->txn_id == NULL || str_eq(plan->txn_id, row->txn_id))
            return row->id;
    }
    return plan->txn_row;
}

static enum rc write_refund(struct work *w, const struct foreign_plan *plan, struct err *e)
{
    struct txn t;
    if (plan->known != 0)
        return foreign_apply(&w->tell, plan, NULL, e);
    enum rc rc = txns_get(w->tell.q, w->tell.arena, txn_row_of(w, plan), &t, e);
    return rc == RC_OK ? foreign_apply(&w->tell, plan, &t, e) : rc;
}

static enum rc write_all(struct work *w, struct err *e)
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
    struct work w = {
        .tell = {.q = q,
                 .arena = a,
                 .at_ms = n->at_ms != 0 ? n->at_ms : now_ms,
                 .now_ms = now_ms,
                 .quiet = imported,
                 .signed_by_gateway = n->is_partial},
        .n = n,
        .merchant = actor->merchant,
    };
    *why = NULL;
    enum rc rc = find_order(&w, e);
    if (rc == RC_OK && !w.early)
        rc = judge(&w, e);
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
