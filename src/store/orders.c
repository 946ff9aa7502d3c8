#include "store/orders.h"

#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

/* DOMAIN: orders and transactions; vendor's order status page. */
static const struct order_status statuses[] = {
    {"NEW", 10, CLASS_PENDING, TAB_PENDING},
    {"STARTED", 20, CLASS_PENDING, TAB_PENDING},
    {"CHARGED", 21, CLASS_REFUNDABLE, TAB_CHARGED},
    {"JUSPAY_DECLINED", 22, CLASS_UNSUCCESSFUL, TAB_UNSUCCESSFUL},
    {"PENDING_VBV", 23, CLASS_PENDING, TAB_PENDING},
    {"VBV_SUCCESSFUL", 24, CLASS_PENDING, TAB_PENDING},
    {"AUTHORIZED", 25, CLASS_PENDING, TAB_PENDING},
    {"AUTHENTICATION_FAILED", 26, CLASS_UNSUCCESSFUL, TAB_UNSUCCESSFUL},
    {"AUTHORIZATION_FAILED", 27, CLASS_UNSUCCESSFUL, TAB_UNSUCCESSFUL},
    {"AUTHORIZING", 28, CLASS_PENDING, TAB_PENDING},
    {"COD_INITIATED", 29, CLASS_COD, TAB_COD},
    {"VOIDED", 31, CLASS_UNSUCCESSFUL, TAB_UNSUCCESSFUL},
    {"VOID_INITIATED", 32, CLASS_PENDING, TAB_PENDING},
    {"CAPTURE_INITIATED", 33, CLASS_PENDING, TAB_PENDING},
    {"CAPTURE_FAILED", 34, CLASS_UNSUCCESSFUL, TAB_UNSUCCESSFUL},
    {"VOID_FAILED", 35, CLASS_PENDING, TAB_PENDING},
    {"AUTO_REFUNDED", 36, CLASS_REFUNDABLE, TAB_AUTO_REFUNDED},
    {"PARTIAL_CHARGED", 37, CLASS_REFUNDABLE, TAB_CHARGED},
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

bool order_status_is_charged(const char *name)
{
    const struct order_status *known = order_status_find(name);
    return known != NULL && known->tab == TAB_CHARGED;
}

const struct order_status *order_statuses(int *count)
{
    *count = N_STATUSES;
    return statuses;
}

/* What makes an order findable besides its ids: three texts of the customer, and udf1 … udf10. */
enum { CUSTOMER_TERMS = 3, N_TERMS = CUSTOMER_TERMS + LIMIT_UDF_COUNT };

char *orders_key(struct arena *a, const char *order_id)
{
    return str_lower(a, order_id);
}

static int64_t tab_of(const struct order *o)
{
    const struct order_status *status = order_status_find(o->status);
    return status != NULL ? (int64_t)status->tab : TAB_UNSUCCESSFUL;
}

static enum rc add_term(struct sql *q, const struct order *o, const char *kind, const char *term,
                        struct err *e)
{
    if (str_empty(term))
        return RC_OK;
    return sql_exec(q, SQL_ORDER_TERM_INSERT,
                    SQL_ARGS(SQL_I(o->merchant), SQL_T(kind), SQL_T(term), SQL_I(o->id)), NULL, e);
}

static enum rc add_terms(struct sql *q, const struct order *o, struct err *e)
{
    const char *const customer[] = {o->customer_id, o->customer_email, o->customer_phone};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof customer / sizeof customer[0]; i++)
        rc = add_term(q, o, "customer", customer[i], e);
    for (int i = 0; rc == RC_OK && o->udf != NULL && i < LIMIT_UDF_COUNT; i++)
        rc = add_term(q, o, "udf", o->udf[i], e);
    return rc;
}

static void terms_of(const struct order *o, const char *terms[])
{
    terms[0] = o->customer_id;
    terms[1] = o->customer_email;
    terms[2] = o->customer_phone;
    for (int i = 0; i < LIMIT_UDF_COUNT; i++)
        terms[CUSTOMER_TERMS + i] = o->udf != NULL ? o->udf[i] : NULL;
}

/* What the order is found by is forgotten; add_terms() says it anew. */
static enum rc drop_terms(struct sql *q, const struct order *was, struct err *e)
{
    const char *terms[N_TERMS];
    enum rc rc = RC_OK;
    terms_of(was, terms);
    for (int i = 0; rc == RC_OK && i < N_TERMS; i++) {
        if (!str_empty(terms[i]))
            rc = sql_exec(q, SQL_ORDER_TERM_DELETE,
                          SQL_ARGS(SQL_I(was->merchant),
                                   SQL_T(i < CUSTOMER_TERMS ? "customer" : "udf"), SQL_T(terms[i]),
                                   SQL_I(was->id)),
                          NULL, e);
    }
    return rc;
}

enum rc orders_tell(struct sql *q, const struct order *was, const struct order *o, struct err *e)
{
    const char *old_terms[N_TERMS], *new_terms[N_TERMS];
    enum rc rc =
        sql_exec(q, SQL_ORDER_TELL,
                 SQL_ARGS(SQL_I(o->amount_minor), SQL_I(o->effective_minor), SQL_T(o->customer_id),
                          SQL_T(o->customer_email), SQL_T(o->customer_phone), SQL_T(o->product_id),
                          SQL_T(o->description), SQL_T(o->return_url), SQL_I(o->is_cod),
                          SQL_I(o->is_split_payment),
                          SQL_OPT_I(o->offer_minimum_minor >= 0, o->offer_minimum_minor),
                          SQL_T(o->facts), SQL_T(o->status), SQL_I(tab_of(o)), SQL_I(o->created_ms),
                          SQL_I(o->updated_ms), SQL_I(o->id)),
                 NULL, e);
    bool same = true;
    terms_of(was, old_terms);
    terms_of(o, new_terms);
    for (int i = 0; i < N_TERMS; i++)
        same = same && str_eq(str_or(old_terms[i], ""), str_or(new_terms[i], ""));
    if (rc != RC_OK || same)
        return rc;
    rc = drop_terms(q, was, e);
    return rc == RC_OK ? add_terms(q, o, e) : rc;
}

enum rc orders_insert(struct sql *q, const struct order *o, const char *order_key, struct err *e)
{
    static const struct txn nothing;
    const struct txn *shown = o->shown != NULL ? o->shown : &nothing;
    enum rc rc =
        sql_exec(q, SQL_ORDER_INSERT,
                 SQL_ARGS(SQL_I(o->id), SQL_I(o->merchant), SQL_T(o->order_id), SQL_T(order_key),
                          SQL_T(o->public_id), SQL_T(o->status), SQL_I(o->amount_minor),
                          SQL_I(o->effective_minor), SQL_T(o->currency), SQL_T(o->customer_id),
                          SQL_T(o->customer_email), SQL_T(o->customer_phone), SQL_T(o->product_id),
                          SQL_T(o->description), SQL_T(o->return_url), SQL_I(o->is_cod),
                          SQL_I(o->is_split_payment),
                          SQL_OPT_I(o->offer_minimum_minor >= 0, o->offer_minimum_minor),
                          SQL_OPT_I(o->kept_txn != 0, o->kept_txn), SQL_T(o->facts),
                          SQL_I(o->created_ms), SQL_I(o->updated_ms), SQL_I(tab_of(o)),
                          SQL_T(shown->gateway), SQL_T(shown->payment_method_type),
                          SQL_T(shown->payment_method), SQL_I(shown->is_conflicted)),
                 NULL, e);
    return rc == RC_OK ? add_terms(q, o, e) : rc;
}

void orders_read(struct sql_cur *c, struct arena *a, struct order *o)
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
    o->is_split_settled = sql_i64(c) != 0;
    o->is_conflicted = sql_i64(c) != 0;
    o->is_multiple = sql_i64(c) != 0;
    o->refund_days = sql_i64(c);
}

static enum rc read_one(struct sql *q, struct arena *a, int piece, struct sql_args args,
                        struct order *out, struct err *e)
{
    const struct sql_list list = {SQL_ORDER_SELECT, {piece}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        orders_read(&c, a, out);
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
                             SQL_I(tab_of(o)), SQL_I(o->id)),
                    NULL, e);
}

enum rc orders_mark(struct sql *q, const struct order *o, struct err *e)
{
    return sql_exec(q, SQL_ORDER_MARK,
                    SQL_ARGS(SQL_I(o->is_conflicted), SQL_I(o->is_multiple), SQL_I(o->id)), NULL,
                    e);
}

enum rc orders_change(struct sql *q, const struct order *was, const struct order *now,
                      struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_ORDER_CHANGE,
                          SQL_ARGS(SQL_I(now->amount_minor), SQL_I(now->effective_minor),
                                   SQL_T(now->facts), SQL_I(now->updated_ms), SQL_I(was->id),
                                   SQL_T(was->status), SQL_I(was->amount_minor), SQL_T(was->facts)),
                          &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "The order has changed meanwhile. Please try again.",
                   "order %s is not as it was read", was->order_id);
    if (rc == RC_OK)
        rc = drop_terms(q, was, e);
    return rc == RC_OK ? add_terms(q, now, e) : rc;
}
