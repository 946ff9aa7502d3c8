#include "refund/order_news_parts.h"

#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/autorefund.h"
#include "store/events.h"

#include <string.h>

/* Charged now or once: an auto refund does not undo the success. */
static bool was_charged(const char *status)
{
    return order_news_rank(status) >= order_news_rank("PARTIAL_CHARGED");
}

static bool is_failed(const char *status)
{
    const struct order_status *known = order_status_find(status);
    return known != NULL && known->cls == CLASS_UNSUCCESSFUL;
}

/* ---- event rows ---------------------------------------------------------------------------------
 */

static const char *freeze(struct arena *a, const struct txn *t)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "txn_id", t->txn_id);
    json_put_money(a, o, "amount", t->amount_minor, t->currency);
    json_put_text(o, "currency", t->currency);
    json_put_text(o, "gateway", t->gateway);
    json_put_text(o, "status", t->status);
    return json_write(a, o);
}

static enum rc record(struct telling *x, const struct txn *t, const char *name, int64_t at_ms,
                      struct err *e)
{
    const struct event ev = {
        .merchant = t->merchant,
        .order_row = t->order_row,
        .name = name,
        .actor = str_or(t->gateway, "API"),
        .at_ms = at_ms,
        .frozen = freeze(x->arena, t),
    };
    return x->quiet ? RC_OK : announce_note(x->q, x->arena, &x->later, &ev, e);
}

/* What a txn's new status, as it is told, means to the outside; `was` NULL: it is new itself. */
static enum rc record_txn(struct telling *x, const struct txn *t, const char *was, struct err *e)
{
    const char *now = txns_told(t);
    enum rc rc = RC_OK;
    if (was == NULL)
        rc = record(x, t, "TXN_CREATED", t->created_ms, e);
    if (rc == RC_OK && was_charged(now) && !was_charged(was))
        rc = record(x, t, "TXN_CHARGED", t->charged_ms, e);
    if (rc == RC_OK && is_failed(now) && !is_failed(was))
        rc = record(x, t, "TXN_FAILED", x->now_ms, e);
    return rc;
}

/* ---- one transaction ----------------------------------------------------------------------------
 */

static int64_t earliest(int64_t a_ms, int64_t b_ms)
{
    return a_ms == 0 || (b_ms != 0 && b_ms < a_ms) ? b_ms : a_ms;
}

static int64_t success_ms(const struct telling *x, const struct told_txn *t)
{
    if (t->status == NULL || !was_charged(t->status))
        return 0;
    return t->charged_ms != 0 ? t->charged_ms : x->at_ms;
}

static void make_txn(struct telling *x, const struct order *o, const struct told_txn *t,
                     struct txn *out)
{
    struct sheet sheet = {0};
    *out = (struct txn){
        .id = id_new(),
        .merchant = o->merchant,
        .order_row = o->id,
        .txn_id = t->txn_id != NULL ? t->txn_id : t->payment_id,
        .status = str_or(t->status, "STARTED"),
        .amount_minor = t->amount_minor,
        .currency = o->currency,
        .created_ms = t->created_ms != 0 ? t->created_ms : x->at_ms,
        .charged_ms = success_ms(x, t),
    };
    out->is_imported = (x->quiet || t->is_history) && out->charged_ms != 0;
    out->is_payers_word = x->signed_by_gateway;
    sheet_merge(&order_news_txn_fields, &sheet, &t->sheet, x->at_ms);
    out->facts = sheet_write_row(x->arena, &order_news_txn_fields, &sheet, out);
}

static enum rc add_txn(struct telling *x, const struct txn *t, struct err *e)
{
    x->changed = true;
    enum rc rc = txns_add(x->q, t, e);
    return rc == RC_OK ? record_txn(x, t, NULL, e) : rc;
}

enum rc txn_news_insert(struct telling *x, const struct order *o, const struct told_txn *t,
                        struct txn *out, struct err *e)
{
    make_txn(x, o, t, out);
    return add_txn(x, out, e);
}

/* As far as others tell; the desk's own AUTO_REFUNDED stands over it. */
static void take_status(struct telling *x, const struct told_txn *t, struct txn *out)
{
    const char *was = txns_told(out);
    if (t->status == NULL || order_news_rank(t->status) <= order_news_rank(was))
        return;
    if (out->told_status != NULL)
        out->told_status = t->status;
    else
        out->status = t->status;
    if (!was_charged(was))
        out->is_imported = (x->quiet || t->is_history) && was_charged(t->status);
}

enum rc txn_news_update(struct telling *x, const struct told_txn *t, const struct txn *stored,
                        struct txn *out, struct err *e)
{
    struct sheet sheet;
    *out = *stored;
    sheet_read_row(x->arena, &order_news_txn_fields, stored, stored->facts, &sheet);
    bool changed = sheet_merge(&order_news_txn_fields, &sheet, &t->sheet, x->at_ms);
    if (changed)
        out->facts = sheet_write_row(x->arena, &order_news_txn_fields, &sheet, out);
    take_status(x, t, out);
    if (t->txn_id != NULL && str_eq(stored->txn_id, stored->payment_id))
        out->txn_id = t->txn_id;
    out->is_payers_word = stored->is_payers_word && x->signed_by_gateway;
    out->charged_ms = earliest(stored->charged_ms, success_ms(x, t));
    out->created_ms = earliest(stored->created_ms, t->created_ms != 0 ? t->created_ms : x->at_ms);
    if (!changed && str_eq(txns_told(out), txns_told(stored)) &&
        str_eq(out->txn_id, stored->txn_id) && out->charged_ms == stored->charged_ms &&
        out->is_payers_word == stored->is_payers_word && out->created_ms == stored->created_ms)
        return RC_OK;
    x->changed = true;
    enum rc rc = txns_update(x->q, out, e);
    return rc == RC_OK ? record_txn(x, out, txns_told(stored), e) : rc;
}

/* ---- the order ----------------------------------------------------------------------------------
 */

/* Kept: the earliest success; a tie goes to the earlier initiation, then to the txn_id. */
static bool is_kept_before(const struct txn *a, const struct txn *b)
{
    if (a->charged_ms != b->charged_ms)
        return a->charged_ms < b->charged_ms;
    if (a->created_ms != b->created_ms)
        return a->created_ms < b->created_ms;
    return strcmp(a->txn_id, b->txn_id) < 0;
}

/* Speaks for an order of which nothing is charged: an auto refund, else what was begun last. */
static bool is_shown_before(const struct txn *a, const struct txn *b)
{
    bool a_auto = str_eq(a->status, "AUTO_REFUNDED"), b_auto = str_eq(b->status, "AUTO_REFUNDED");
    if (a_auto != b_auto)
        return a_auto;
    if (a->created_ms != b->created_ms)
        return a->created_ms > b->created_ms;
    return strcmp(a->txn_id, b->txn_id) > 0;
}

/* ORDER_SUCCEEDED is told when an order is first CHARGED: not of one that went straight to
 * AUTO_REFUNDED, for nobody should ship it, and not once more when an auto refund is taken back. */
static enum rc record_order(struct telling *x, const struct txn *shown, const char *was,
                            const char *now, struct err *e)
{
    bool told = order_status_is_charged(was);
    enum rc rc = RC_OK;
    if (is_failed(now) && !is_failed(was))
        return record(x, shown, "ORDER_FAILED", x->now_ms, e);
    if (order_status_is_charged(now) && was_charged(was) && !told)
        rc = events_told(x->q, shown->order_row, "ORDER_SUCCEEDED", &told, e);
    if (rc == RC_OK && order_status_is_charged(now) && !told)
        rc = record(x, shown, "ORDER_SUCCEEDED", shown->charged_ms, e);
    return rc;
}

/* The order as its transactions (one at least) leave it; the one that speaks for it. */
static const struct txn *judge_order(const struct telling *x, struct order *o,
                                     const struct txn *txns, int n)
{
    const struct txn *kept = NULL, *last = &txns[0];
    int charged = 0;
    o->is_conflicted = false;
    for (int i = 0; i < n; i++) {
        charged += was_charged(txns[i].status);
        o->is_conflicted = o->is_conflicted || txns[i].is_conflicted;
        if (order_status_is_charged(txns[i].status) &&
            (kept == NULL || is_kept_before(&txns[i], kept)))
            kept = &txns[i];
        if (is_shown_before(&txns[i], last))
            last = &txns[i];
    }
    const struct txn *shown = kept != NULL ? kept : last;
    o->kept_txn = kept != NULL ? kept->id : 0;
    o->status = shown->status;
    o->is_multiple = charged > 1 && !o->is_split_payment;
    if (kept != NULL && !o->is_split_payment)
        o->effective_minor = kept->amount_minor;
    o->updated_ms = x->now_ms;
    return shown;
}

enum rc txn_news_first(struct telling *x, struct order *o, const char *order_key,
                       const struct told_txn *told, int n, struct txn **rows, struct err *e)
{
    struct txn *txns = arena_array(x->arena, (size_t)n, sizeof *txns);
    for (int i = 0; i < n; i++)
        make_txn(x, o, &told[i], &txns[i]);
    *rows = txns;
    x->rows = txns;
    x->n_rows = n;
    o->shown = judge_order(x, o, txns, n);
    enum rc rc = orders_insert(x->q, o, order_key, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        rc = add_txn(x, &txns[i], e);
    return rc == RC_OK && o->is_multiple ? orders_mark(x->q, o, e) : rc;
}

enum rc txn_news_settle(struct telling *x, struct order *o, struct err *e)
{
    struct txn *txns;
    int n;
    enum rc rc = txns_of_order(x->q, x->arena, o->id, &txns, &n, e);
    if (rc != RC_OK || n == 0)
        return rc;
    bool was_conflicted = o->is_conflicted, was_multiple = o->is_multiple;
    const struct txn *shown = judge_order(x, o, txns, n);
    x->rows = txns;
    x->n_rows = n;
    rc = orders_update(x->q, o, e);
    if (rc == RC_OK)
        rc = txns_show(x->q, shown, e);
    was_conflicted = was_conflicted || shown->is_conflicted;
    if (rc == RC_OK && (o->is_conflicted != was_conflicted || o->is_multiple != was_multiple))
        rc = orders_mark(x->q, o, e);
    return rc;
}

/* By itself, while the desk's own refund of it stands. */
static bool others_refunded(const struct telling *x)
{
    for (int i = 0; i < x->n_rows; i++) {
        const char *told = x->rows[i].told_status;
        if (told != NULL && !order_status_is_charged(told))
            return true;
    }
    return false;
}

enum rc txn_news_yield(struct telling *x, struct order *o, struct err *e)
{
    bool changed = false;
    if (!others_refunded(x))
        return RC_OK;
    enum rc rc = autorefund_settle(x->q, x->arena, o, x->rows, x->n_rows, true, x->now_ms,
                                   &x->later, &changed, e);
    return rc == RC_OK && changed ? txn_news_settle(x, o, e) : rc;
}

enum rc txn_news_finish(struct telling *x, struct order *o, const char *was, struct err *e)
{
    bool changed = false;
    enum rc rc = RC_OK;
    if (x->n_rows == 0)
        return RC_OK;
    if (autorefund_concerns(x->rows, x->n_rows))
        rc = autorefund_settle(x->q, x->arena, o, x->rows, x->n_rows, x->quiet, x->now_ms,
                               &x->later, &changed, e);
    if (rc == RC_OK && changed)
        rc = txn_news_settle(x, o, e);
    if (rc == RC_OK)
        rc = record_order(x, judge_order(x, o, x->rows, x->n_rows), was, o->status, e);
    return rc == RC_OK ? announce_all(x->q, &x->later, x->now_ms, e) : rc;
}

/* ---- a transaction by itself --------------------------------------------------------------------
 */

static struct told_txn told_of(struct arena *a, const struct txn *t)
{
    struct told_txn told = {.txn_id = t->txn_id,
                            .payment_id = t->payment_id,
                            .status = t->status,
                            .currency = t->currency,
                            .amount_minor = t->amount_minor,
                            .created_ms = t->created_ms,
                            .charged_ms = t->charged_ms};
    sheet_read_row(a, &order_news_txn_fields, t, t->facts, &told.sheet);
    return told;
}

enum rc intake_txn(struct sql *q, struct arena *a, struct order *o, struct txn *t, int64_t now_ms,
                   struct err *e)
{
    struct telling x = {.q = q, .arena = a, .at_ms = now_ms, .now_ms = now_ms};
    struct told_txn told = told_of(a, t);
    const char *was = o->status;
    struct txn stored;
    struct err miss;
    enum rc rc = txns_by_txn_id(q, a, o->merchant, t->txn_id, &stored, &miss);
    if (rc == RC_NOT_FOUND) {
        rc = txn_news_insert(&x, o, &told, t, e);
    } else if (rc != RC_OK) {
        *e = miss;
    } else if (stored.order_row != o->id || stored.amount_minor != t->amount_minor ||
               !str_eq(stored.currency, t->currency)) {
        return ERR(e, RC_CONFLICT, "The transaction is known with another amount or order.",
                   "txn %s differs from what is stored", t->txn_id);
    } else {
        rc = txn_news_update(&x, &told, &stored, t, e);
    }
    if (rc == RC_OK)
        rc = txn_news_settle(&x, o, e);
    return rc == RC_OK ? txn_news_finish(&x, o, was, e) : rc;
}
