#include "store/orders.h"

#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

/* DOMAIN: orders and transactions; vendor's order status page. */
static const struct order_status statuses[] = {
    {"NEW", 10, CLASS_PENDING},
    {"STARTED", 20, CLASS_PENDING},
    {"CHARGED", 21, CLASS_REFUNDABLE},
    {"JUSPAY_DECLINED", 22, CLASS_UNSUCCESSFUL},
    {"PENDING_VBV", 23, CLASS_PENDING},
    {"VBV_SUCCESSFUL", 24, CLASS_PENDING},
    {"AUTHORIZED", 25, CLASS_PENDING},
    {"AUTHENTICATION_FAILED", 26, CLASS_UNSUCCESSFUL},
    {"AUTHORIZATION_FAILED", 27, CLASS_UNSUCCESSFUL},
    {"AUTHORIZING", 28, CLASS_PENDING},
    {"COD_INITIATED", 29, CLASS_COD},
    {"VOIDED", 31, CLASS_UNSUCCESSFUL},
    {"VOID_INITIATED", 32, CLASS_PENDING},
    {"CAPTURE_INITIATED", 33, CLASS_PENDING},
    {"CAPTURE_FAILED", 34, CLASS_UNSUCCESSFUL},
    {"VOID_FAILED", 35, CLASS_UNSUCCESSFUL},
    {"AUTO_REFUNDED", 36, CLASS_REFUNDABLE},
    {"PARTIAL_CHARGED", 37, CLASS_REFUNDABLE},
};
#define N_STATUSES ((int)(sizeof statuses / sizeof statuses[0]))

const struct order_status *order_status_find(const char *name)
{
    for (int i = 0; i < N_STATUSES; i++) {
        if (str_eq(statuses[i].name, name))
            return &statuses[i];
    }
    return NULL;
}

const struct order_status *order_statuses(int *count)
{
    *count = N_STATUSES;
    return statuses;
}

char *orders_key(struct arena *a, const char *order_id)
{
    return str_lower(a, order_id);
}

enum rc orders_insert(struct sql *q, const struct order *o, const char *order_key, struct err *e)
{
    return sql_exec(q, SQL_ORDER_INSERT,
                    SQL_ARGS(SQL_I(o->id), SQL_I(o->merchant), SQL_T(o->order_id), SQL_T(order_key),
                             SQL_T(o->public_id), SQL_T(o->status), SQL_I(o->amount_minor),
                             SQL_I(o->effective_minor), SQL_T(o->currency), SQL_T(o->customer_id),
                             SQL_T(o->customer_email), SQL_T(o->customer_phone),
                             SQL_T(o->product_id), SQL_T(o->description), SQL_T(o->return_url),
                             SQL_I(o->is_cod), SQL_I(o->is_split_payment),
                             SQL_OPT_I(o->offer_minimum_minor >= 0, o->offer_minimum_minor),
                             SQL_OPT_I(o->kept_txn != 0, o->kept_txn), SQL_T(o->facts),
                             SQL_I(o->created_ms), SQL_I(o->updated_ms)),
                    NULL, e);
}

static void read_order(struct sql_cur *c, struct arena *a, struct order *o)
{
    o->id = sql_i64(c);
    o->merchant = sql_i64(c);
    o->order_id = sql_text(c, a);
    o->public_id = sql_text(c, a);
    o->status = sql_text(c, a);
    o->amount_minor = sql_i64(c);
    o->effective_minor = sql_i64(c);
    o->currency = sql_text(c, a);
    o->customer_id = sql_text(c, a);
    o->customer_email = sql_text(c, a);
    o->customer_phone = sql_text(c, a);
    o->product_id = sql_text(c, a);
    o->description = sql_text(c, a);
    o->return_url = sql_text(c, a);
    o->is_cod = sql_i64(c) != 0;
    o->is_split_payment = sql_i64(c) != 0;
    if (!sql_opt_i64(c, &o->offer_minimum_minor))
        o->offer_minimum_minor = -1;
    o->kept_txn = sql_i64(c);
    o->facts = sql_text(c, a);
    o->created_ms = sql_i64(c);
    o->updated_ms = sql_i64(c);
}

static enum rc read_one(struct sql *q, struct arena *a, int piece, struct sql_args args,
                        struct order *out, struct err *e)
{
    const struct sql_list list = {SQL_ORDER_SELECT, {piece}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        read_order(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There is no such order.", "order not found");
    return rc;
}

enum rc orders_by_key(struct sql *q, struct arena *a, int64_t merchant, const char *order_key,
                      struct order *out, struct err *e)
{
    return read_one(q, a, SQL_ORDER_WHERE_KEY, SQL_ARGS(SQL_I(merchant), SQL_T(order_key)), out, e);
}

enum rc orders_get(struct sql *q, struct arena *a, int64_t id, struct order *out, struct err *e)
{
    return read_one(q, a, SQL_ORDER_WHERE_ID, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc orders_update(struct sql *q, const struct order *o, struct err *e)
{
    return sql_exec(q, SQL_ORDER_UPDATE,
                    SQL_ARGS(SQL_T(o->status), SQL_I(o->effective_minor),
                             SQL_OPT_I(o->kept_txn != 0, o->kept_txn), SQL_I(o->updated_ms),
                             SQL_I(o->id)),
                    NULL, e);
}

/* ---- the list -------------------------------------------------------------------------------- */

static void reverse_rows(struct order_row *rows, int n)
{
    for (int i = 0; i < n / 2; i++) {
        struct order_row t = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = t;
    }
}

static enum rc read_page(struct sql *q, struct arena *a, const struct order_query *query,
                         struct order_row *rows, int *count, bool *more, struct err *e)
{
    bool up = query->direction == PAGE_NEWER;
    struct sql_list list = {SQL_ORDER_SELECT, {SQL_ORDER_WHERE_MERCHANT}, 1};
    struct sql_val args[4] = {SQL_I(query->merchant)};
    int n = 1;
    if (query->direction != PAGE_FIRST) {
        list.fragments[list.n_fragments++] = up ? SQL_ORDER_LIST_NEWER : SQL_ORDER_LIST_OLDER;
        args[n++] = SQL_I(query->key.at_ms);
        args[n++] = SQL_I(query->key.id);
    }
    list.fragments[list.n_fragments++] = up ? SQL_ORDER_LIST_UP : SQL_ORDER_LIST_DOWN;
    args[n++] = SQL_I(query->rows + 1);

    struct sql_cur c;
    int seen = 0;
    sql_begin_list(q, &c, &list, (struct sql_args){args, n});
    while (sql_next(&c)) {
        if (seen < query->rows)
            read_order(&c, a, &rows[seen].order);
        seen++;
    }
    *more = seen > query->rows;
    *count = *more ? query->rows : seen;
    if (up)
        reverse_rows(rows, *count);
    return sql_end(&c, e);
}

enum rc orders_list(struct sql *q, struct arena *a, const struct order_query *query,
                    struct order_row **out, int *count, bool *more, struct err *e)
{
    CHECK(query->rows >= 1 && query->rows <= LIMIT_PAGE_ROWS);
    struct order_row *rows = arena_array(a, (size_t)query->rows, sizeof *rows);
    enum rc rc = read_page(q, a, query, rows, count, more, e);
    for (int i = 0; rc == RC_OK && i < *count; i++) {
        const struct order *o = &rows[i].order;
        rc = o->kept_txn != 0 ? txns_get(q, a, o->kept_txn, &rows[i].txn, e)
                              : txns_last_of_order(q, a, o->id, &rows[i].txn, e);
        rows[i].has_txn = rc == RC_OK;
        if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    *out = rows;
    return rc;
}

/* ---- an exact id of any kind ------------------------------------------------------------------
 */

enum rc orders_find(struct sql *q, struct arena *a, int64_t merchant, const char *text,
                    struct find_result *out, struct err *e)
{
    struct err missing;
    struct order o;
    struct txn t;
    *out = (struct find_result){.kind = FIND_NOTHING};

    enum rc rc = orders_by_key(q, a, merchant, orders_key(a, text), &o, &missing);
    if (rc == RC_OK) {
        *out = (struct find_result){FIND_ORDER, o.order_id, 0};
        return RC_OK;
    }
    if (rc == RC_NOT_FOUND)
        rc = txns_by_txn_id(q, a, merchant, text, &t, &missing);
    if (rc == RC_OK)
        rc = orders_get(q, a, t.order_row, &o, &missing);
    if (rc == RC_OK) {
        *out = (struct find_result){FIND_TXN, o.order_id, 0};
        return RC_OK;
    }
    if (rc != RC_NOT_FOUND) {
        *e = missing;
        return rc;
    }
    struct sql_cur c;
    sql_begin(q, &c, SQL_FIND_REFUND, SQL_ARGS(SQL_I(merchant), SQL_T(text)));
    while (sql_next(&c)) {
        out->kind = FIND_REFUND;
        out->refund = sql_i64(&c);
        out->order_id = sql_text(&c, a);
    }
    return sql_end(&c, e);
}
