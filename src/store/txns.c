#include "store/txns.h"

#include "core/limits.h"
#include "sql/queries.h"

const char *txns_told(const struct txn *t)
{
    return t->told_status != NULL ? t->told_status : t->status;
}

enum rc txns_show(struct sql *q, const struct txn *t, struct err *e)
{
    return sql_exec(q, SQL_ORDER_SHOW_TXN,
                    SQL_ARGS(SQL_T(t->gateway), SQL_T(t->payment_method_type),
                             SQL_T(t->payment_method), SQL_I(t->is_conflicted), SQL_I(t->order_row),
                             SQL_I(t->id)),
                    NULL, e);
}

enum rc txns_add(struct sql *q, const struct txn *t, struct err *e)
{
    return sql_exec(
        q, SQL_TXN_INSERT,
        SQL_ARGS(SQL_I(t->id), SQL_I(t->merchant), SQL_I(t->order_row), SQL_T(t->txn_id),
                 SQL_T(t->txn_uuid), SQL_T(t->status), SQL_I(t->amount_minor),
                 SQL_OPT_I(t->net_minor >= 0, t->net_minor),
                 SQL_OPT_I(t->tax_minor >= 0, t->tax_minor),
                 SQL_OPT_I(t->surcharge_minor >= 0, t->surcharge_minor), SQL_T(t->currency),
                 SQL_T(t->gateway), SQL_OPT_I(t->gateway_id != 0, t->gateway_id),
                 SQL_T(t->gateway_reference_id), SQL_T(t->payment_method_type),
                 SQL_T(t->payment_method), SQL_T(t->auth_type), SQL_T(t->payment_id),
                 SQL_I(t->is_conflicted), SQL_T(t->facts), SQL_I(t->created_ms),
                 SQL_OPT_I(t->charged_ms != 0, t->charged_ms), SQL_I(t->held_minor),
                 SQL_I(t->refunded_minor), SQL_I(t->is_imported), SQL_I(t->is_payers_word)),
        NULL, e);
}

enum rc txns_insert(struct sql *q, const struct txn *t, struct err *e)
{
    enum rc rc = txns_add(q, t, e);
    return rc == RC_OK ? txns_show(q, t, e) : rc;
}

static int64_t optional(struct sql_cur *c)
{
    int64_t v;
    return sql_opt_i64(c, &v) ? v : -1;
}

static void read_txn(struct sql_cur *c, struct arena *a, struct txn *t)
{
    t->id = sql_i64(c);
    t->merchant = sql_i64(c);
    t->order_row = sql_i64(c);
    t->txn_id = sql_text(c, a);
    t->txn_uuid = sql_text(c, a);
    t->status = sql_text(c, a);
    t->amount_minor = sql_i64(c);
    t->net_minor = optional(c);
    t->tax_minor = optional(c);
    t->surcharge_minor = optional(c);
    t->currency = sql_text(c, a);
    t->gateway = sql_text(c, a);
    t->gateway_id = sql_i64(c);
    t->gateway_reference_id = sql_text(c, a);
    t->payment_method_type = sql_text(c, a);
    t->payment_method = sql_text(c, a);
    t->auth_type = sql_text(c, a);
    t->payment_id = sql_text(c, a);
    t->is_conflicted = sql_i64(c) != 0;
    t->facts = sql_text(c, a);
    t->created_ms = sql_i64(c);
    t->charged_ms = sql_i64(c);
    t->held_minor = sql_i64(c);
    t->refunded_minor = sql_i64(c);
    t->told_status = sql_text(c, a);
    t->is_imported = sql_i64(c) != 0;
    t->is_payers_word = sql_i64(c) != 0;
}

static enum rc read_one(struct sql *q, struct arena *a, int piece, struct sql_args args,
                        struct txn *out, struct err *e)
{
    const struct sql_list list = {SQL_TXN_SELECT, {piece}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        read_txn(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There is no such transaction.", "txn not found");
    return rc;
}

enum rc txns_get(struct sql *q, struct arena *a, int64_t id, struct txn *out, struct err *e)
{
    return read_one(q, a, SQL_TXN_WHERE_ID, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc txns_by_txn_id(struct sql *q, struct arena *a, int64_t merchant, const char *txn_id,
                       struct txn *out, struct err *e)
{
    return read_one(q, a, SQL_TXN_WHERE_TXN_ID, SQL_ARGS(SQL_I(merchant), SQL_T(txn_id)), out, e);
}

enum rc txns_by_payment(struct sql *q, struct arena *a, int64_t merchant, const char *payment_id,
                        struct txn *out, struct err *e)
{
    return read_one(q, a, SQL_TXN_WHERE_PAYMENT, SQL_ARGS(SQL_I(merchant), SQL_T(payment_id)), out,
                    e);
}

enum rc txns_last_of_order(struct sql *q, struct arena *a, int64_t order_row, struct txn *out,
                           struct err *e)
{
    return read_one(q, a, SQL_TXN_WHERE_ORDER_LAST, SQL_ARGS(SQL_I(order_row)), out, e);
}

enum rc txns_of_order(struct sql *q, struct arena *a, int64_t order_row, struct txn **out,
                      int *count, struct err *e)
{
    const struct sql_list list = {SQL_TXN_SELECT, {SQL_TXN_WHERE_ORDER}, 1};
    struct txn *rows = NULL;
    struct sql_cur c;
    int room = 0, n = 0;
    sql_begin_list(q, &c, &list, SQL_ARGS(SQL_I(order_row), SQL_I(LIMIT_ORDER_TXNS)));
    while (sql_next(&c)) {
        if (n == room) {
            int more = room == 0 ? 2 : 2 * room;
            rows = arena_grow(a, rows, (size_t)room * sizeof *rows, (size_t)more * sizeof *rows);
            room = more;
        }
        read_txn(&c, a, &rows[n++]);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}

enum rc txns_update(struct sql *q, const struct txn *t, struct err *e)
{
    return sql_exec(q, SQL_TXN_UPDATE,
                    SQL_ARGS(SQL_T(t->txn_id), SQL_T(t->txn_uuid), SQL_T(t->status),
                             SQL_OPT_I(t->net_minor >= 0, t->net_minor),
                             SQL_OPT_I(t->tax_minor >= 0, t->tax_minor),
                             SQL_OPT_I(t->surcharge_minor >= 0, t->surcharge_minor),
                             SQL_T(t->gateway), SQL_OPT_I(t->gateway_id != 0, t->gateway_id),
                             SQL_T(t->gateway_reference_id), SQL_T(t->payment_method_type),
                             SQL_T(t->payment_method), SQL_T(t->auth_type), SQL_T(t->payment_id),
                             SQL_I(t->is_conflicted), SQL_T(t->facts), SQL_I(t->created_ms),
                             SQL_OPT_I(t->charged_ms != 0, t->charged_ms), SQL_T(t->told_status),
                             SQL_I(t->is_imported), SQL_I(t->is_payers_word), SQL_I(t->id)),
                    NULL, e);
}

enum rc txns_hold(struct sql *q, int64_t id, int64_t held_delta_minor, int64_t refunded_delta_minor,
                  struct err *e)
{
    return sql_exec(q, SQL_TXN_HOLD,
                    SQL_ARGS(SQL_I(held_delta_minor), SQL_I(refunded_delta_minor), SQL_I(id)), NULL,
                    e);
}
