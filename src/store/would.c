#include "store/would.h"

#include "core/limits.h"
#include "sql/queries.h"

static enum rc read_orders(struct sql *q, int block, struct sql_args args, struct would_order *out,
                           int *count, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, block, args);
    while (sql_next(&c)) {
        struct would_order *o = &out[(*count)++];
        o->row = sql_i64(&c);
        o->at_ms = sql_i64(&c);
    }
    return sql_end(&c, e);
}

enum rc would_late(struct sql *q, int64_t merchant, int64_t since_ms, int limit,
                   struct would_order *out, int *count, struct err *e)
{
    return read_orders(q, SQL_WOULD_LATE, SQL_ARGS(SQL_I(merchant), SQL_I(since_ms), SQL_I(limit)),
                       out, count, e);
}

enum rc would_multiple(struct sql *q, int64_t merchant, int64_t created_ms, int64_t since_ms,
                       int limit, struct would_order *out, int *count, struct err *e)
{
    return read_orders(q, SQL_WOULD_MULTIPLE,
                       SQL_ARGS(SQL_I(merchant), SQL_I(created_ms), SQL_I(since_ms), SQL_I(limit)),
                       out, count, e);
}

enum rc would_charges(struct sql *q, struct arena *a, int64_t order_row, struct would_charge *out,
                      int *count, bool *is_split_payment, struct err *e)
{
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_WOULD_CHARGES, SQL_ARGS(SQL_I(order_row), SQL_I(LIMIT_ORDER_TXNS)));
    while (sql_next(&c)) {
        struct would_charge *t = &out[n++];
        t->txn_row = sql_i64(&c);
        t->txn_id = sql_text(&c, a);
        t->gateway = sql_text(&c, a);
        t->currency = sql_text(&c, a);
        t->charged_minor = sql_i64(&c);
        t->amount_minor = t->charged_minor - sql_i64(&c);
        t->created_ms = sql_i64(&c);
        t->charged_ms = sql_i64(&c);
        *is_split_payment = sql_i64(&c) != 0;
        t->is_short = t->charged_minor < sql_i64(&c);
        t->is_short = sql_i64(&c) != 0 && t->is_short;
    }
    *count = n;
    return sql_end(&c, e);
}

enum rc would_name(struct sql *q, struct arena *a, int64_t txn_row, const char **order_id,
                   const char **txn_id, const char **gateway, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_WOULD_NAME, SQL_ARGS(SQL_I(txn_row)));
    while (sql_next(&c)) {
        *order_id = sql_text(&c, a);
        *txn_id = sql_text(&c, a);
        *gateway = sql_text(&c, a);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There is no such transaction.", "txn not found");
    return rc;
}

enum rc would_gateways(struct sql *q, struct arena *a, int64_t merchant, int limit,
                       const char **out, int *count, struct err *e)
{
    const char *last = "";
    *count = 0;
    while (*count < limit) {
        struct sql_cur c;
        const char *name = NULL;
        sql_begin(q, &c, SQL_GATEWAY_SEEN_AFTER, SQL_ARGS(SQL_I(merchant), SQL_T(last)));
        while (sql_next(&c))
            name = sql_text(&c, a);
        enum rc rc = sql_end(&c, e);
        if (rc != RC_OK || name == NULL)
            return rc;
        out[(*count)++] = last = name;
    }
    return RC_OK;
}

enum rc would_awaiting(struct sql *q, int64_t merchant, int64_t since_ms, int limit, int64_t *count,
                       struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_AUTO_AWAITING, SQL_ARGS(SQL_I(merchant), SQL_I(since_ms), SQL_I(limit)));
    while (sql_next(&c))
        *count = sql_i64(&c);
    return sql_end(&c, e);
}
