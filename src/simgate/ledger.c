#include "simgate/ledger.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "simgate/queries.h"
#include "sql/sql.h"

#define NO_SUCH_REFUND "There is no such refund."

/* ---- rows -------------------------------------------------------------------------------------
 */

static void set_amount(struct money *m, int64_t minor, const char *currency)
{
    m->minor = minor;
    (void)str_copy(m->currency, sizeof m->currency, currency);
}

const char *ledger_operation(bool payout)
{
    return payout ? "PAYOUT" : "REFUND";
}

static void read_refund(struct sql_cur *c, struct arena *a, struct ledger_refund *r)
{
    int64_t minor;

    r->id = sql_i64(c);
    r->idempotency_key = sql_text(c, a);
    r->refund_id = sql_text(c, a);
    r->payment_id = sql_text(c, a);
    r->unique_request_id = sql_text(c, a);
    r->gateway = sql_text(c, a);
    minor = sql_i64(c);
    set_amount(&r->amount, minor, sql_text(c, a));
    r->succeeds = str_eq(sql_text(c, a), "SUCCEEDED");
    r->error_code = sql_text(c, a);
    r->error_message = sql_text(c, a);
    r->arn = sql_text(c, a);
    r->created_ms = sql_i64(c);
    r->settles_ms = sql_i64(c);
    r->payout = str_eq(sql_text(c, a), ledger_operation(true));
    r->instant = sql_i64(c) != 0;
    r->parts = sql_text(c, a);
    r->beneficiary = sql_text(c, a);
    r->reference_id = sql_text(c, a);
    r->calls = sql_i64(c);
    r->inquiries = sql_i64(c);
}

static void read_payment(struct sql_cur *c, struct arena *a, struct ledger_payment *p)
{
    int64_t minor;

    p->txn_id = sql_text(c, a);
    p->payment_id = sql_text(c, a);
    minor = sql_i64(c);
    set_amount(&p->amount, minor, sql_text(c, a));
    p->succeeds = str_eq(sql_text(c, a), "SUCCEEDED");
    p->resp_code = sql_text(c, a);
    p->resp_message = sql_text(c, a);
    p->rrn = sql_text(c, a);
    p->auth_id_code = sql_text(c, a);
    p->created_ms = sql_i64(c);
    p->settles_ms = sql_i64(c);
}

static void read_calls(struct sql_cur *c, struct arena *a, struct ledger_calls *calls)
{
    calls->idempotency_key = sql_text(c, a);
    calls->unique_request_id = sql_text(c, a);
    calls->payment_id = sql_text(c, a);
    calls->refunds = sql_i64(c);
    calls->inquiries = sql_i64(c);
}

static enum rc read_one(struct sql *q, struct arena *a, const struct sql_list *list,
                        struct sql_args args, struct ledger_refund *r, bool *found, struct err *e)
{
    struct sql_cur c;

    sql_begin_list(q, &c, list, args);
    *found = sql_next(&c);
    if (*found)
        read_refund(&c, a, r);
    return sql_end(&c, e);
}

/* *found says whether there is a refund or payout under the key. */
static enum rc refund_by_key(struct sql *q, struct arena *a, const char *key,
                             struct ledger_refund *r, bool *found, struct err *e)
{
    const struct sql_list list = {SG_REFUND_SELECT, {SG_REFUND_WHERE_KEY}, 1};

    return read_one(q, a, &list, SQL_ARGS(SQL_T(key)), r, found, e);
}

static enum rc payment_by_txn(struct sql *q, struct arena *a, const char *txn_id,
                              struct ledger_payment *p, bool *found, struct err *e)
{
    struct sql_cur c;

    sql_begin(q, &c, SG_PAYMENT_BY_TXN, SQL_ARGS(SQL_T(txn_id)));
    *found = sql_next(&c);
    if (*found)
        read_payment(&c, a, p);
    return sql_end(&c, e);
}

/* ---- refunds ----------------------------------------------------------------------------------
 */

struct add_refund {
    struct arena *a;
    const struct ledger_refund *wanted;
    bool record;
    struct ledger_refund *kept;
};

static enum rc insert_refund(struct sql *q, const struct ledger_refund *r, struct err *e)
{
    return sql_exec(
        q, SG_REFUND_INSERT,
        SQL_ARGS(SQL_I(r->id), SQL_T(r->idempotency_key), SQL_T(r->refund_id), SQL_T(r->payment_id),
                 SQL_T(r->unique_request_id), SQL_T(r->gateway), SQL_I(r->amount.minor),
                 SQL_T(r->amount.currency), SQL_T(r->succeeds ? "SUCCEEDED" : "FAILED"),
                 SQL_T(r->error_code), SQL_T(r->error_message), SQL_T(r->arn), SQL_I(r->created_ms),
                 SQL_I(r->settles_ms), SQL_T(ledger_operation(r->payout)), SQL_I(r->instant),
                 SQL_T(r->parts), SQL_T(r->beneficiary), SQL_T(r->reference_id)),
        NULL, e);
}

static enum rc add_refund_tx(struct sql *q, void *arg, struct err *e)
{
    struct add_refund *x = arg;
    bool found = false;
    enum rc rc;

    rc = sql_exec(q, SG_CALLS_ADD_REFUND,
                  SQL_ARGS(SQL_T(x->wanted->idempotency_key), SQL_T(x->wanted->unique_request_id),
                           SQL_T(x->wanted->payment_id)),
                  NULL, e);
    if (rc != RC_OK || !x->record)
        return rc;
    rc = refund_by_key(q, x->a, x->wanted->idempotency_key, x->kept, &found, e);
    if (rc != RC_OK || found)
        return rc;
    *x->kept = *x->wanted;
    return insert_refund(q, x->wanted, e);
}

enum rc ledger_add_refund(struct sql_db *db, struct arena *a, const struct ledger_refund *wanted,
                          bool record, struct ledger_refund *kept, struct err *e)
{
    struct add_refund x = {a, wanted, record, kept};

    return sql_tx(db, add_refund_tx, &x, e);
}

struct inquire {
    struct arena *a;
    const char *key;
    bool payout;
    struct ledger_refund *kept;
    bool found;
};

static enum rc inquire_tx(struct sql *q, void *arg, struct err *e)
{
    const struct sql_list list = {
        SG_REFUND_SELECT, {SG_REFUND_WHERE_KEY, SG_REFUND_WHERE_OPERATION}, 2};
    struct inquire *x = arg;
    enum rc rc;

    rc = sql_exec(q, SG_CALLS_ADD_INQUIRY, SQL_ARGS(SQL_T(x->key)), NULL, e);
    if (rc != RC_OK)
        return rc;
    return read_one(q, x->a, &list, SQL_ARGS(SQL_T(x->key), SQL_T(ledger_operation(x->payout))),
                    x->kept, &x->found, e);
}

enum rc ledger_inquire(struct sql_db *db, struct arena *a, const char *key, bool payout,
                       struct ledger_refund *kept, struct err *e)
{
    struct inquire x = {.a = a, .key = key, .payout = payout, .kept = kept};
    enum rc rc = sql_tx(db, inquire_tx, &x, e);

    if (rc == RC_OK && !x.found)
        return ERR(e, RC_NOT_FOUND, NO_SUCH_REFUND, "key %s", key);
    return rc;
}

struct calls_of {
    struct arena *a;
    const char *key;
    struct ledger_calls *out;
    bool found;
};

static enum rc calls_of_read(struct sql *q, void *arg, struct err *e)
{
    struct calls_of *x = arg;
    struct sql_cur c;

    sql_begin(q, &c, SG_CALLS_BY_KEY, SQL_ARGS(SQL_T(x->key)));
    x->found = sql_next(&c);
    if (x->found)
        read_calls(&c, x->a, x->out);
    return sql_end(&c, e);
}

enum rc ledger_calls_of(struct sql_db *db, struct arena *a, const char *key,
                        struct ledger_calls *out, struct err *e)
{
    struct calls_of x = {.a = a, .key = key, .out = out};
    enum rc rc = sql_read(db, calls_of_read, &x, e);

    if (rc == RC_OK && !x.found)
        return ERR(e, RC_NOT_FOUND, NO_SUCH_REFUND, "key %s", key);
    return rc;
}

/* ---- payments ---------------------------------------------------------------------------------
 */

struct add_payment {
    struct arena *a;
    int64_t id;
    const struct ledger_payment *wanted;
    struct ledger_payment *kept;
};

static enum rc add_payment_tx(struct sql *q, void *arg, struct err *e)
{
    struct add_payment *x = arg;
    const struct ledger_payment *p = x->wanted;
    bool found = false;
    enum rc rc = payment_by_txn(q, x->a, p->txn_id, x->kept, &found, e);

    if (rc != RC_OK || found)
        return rc;
    *x->kept = *p;
    return sql_exec(q, SG_PAYMENT_INSERT,
                    SQL_ARGS(SQL_I(x->id), SQL_T(p->txn_id), SQL_T(p->payment_id),
                             SQL_I(p->amount.minor), SQL_T(p->amount.currency),
                             SQL_T(p->succeeds ? "SUCCEEDED" : "FAILED"), SQL_T(p->resp_code),
                             SQL_T(p->resp_message), SQL_T(p->rrn), SQL_T(p->auth_id_code),
                             SQL_I(p->created_ms), SQL_I(p->settles_ms)),
                    NULL, e);
}

enum rc ledger_add_payment(struct sql_db *db, struct arena *a, const struct ledger_payment *wanted,
                           struct ledger_payment *kept, struct err *e)
{
    struct add_payment x = {a, id_new(), wanted, kept};

    return sql_tx(db, add_payment_tx, &x, e);
}

struct payment_of {
    struct arena *a;
    const char *txn_id;
    struct ledger_payment *out;
    bool found;
};

static enum rc payment_of_read(struct sql *q, void *arg, struct err *e)
{
    struct payment_of *x = arg;

    return payment_by_txn(q, x->a, x->txn_id, x->out, &x->found, e);
}

enum rc ledger_payment_of(struct sql_db *db, struct arena *a, const char *txn_id,
                          struct ledger_payment *out, struct err *e)
{
    struct payment_of x = {.a = a, .txn_id = txn_id, .out = out};
    enum rc rc = sql_read(db, payment_of_read, &x, e);

    if (rc == RC_OK && !x.found)
        return ERR(e, RC_NOT_FOUND, "There is no such payment.", "txn %s", txn_id);
    return rc;
}

/* ---- the ledger for a person --------------------------------------------------------------------
 */

struct page {
    struct arena *a;
    const char *unique_request_id;
    int64_t after;
    struct ledger_page *out;
};

static enum rc page_refunds(struct sql *q, struct page *x, struct err *e)
{
    const struct sql_list of_one = {
        SG_REFUND_SELECT, {SG_REFUND_WHERE_REQUEST, SG_REFUND_IN_ORDER}, 2};
    const struct sql_list of_all = {SG_REFUND_SELECT, {SG_REFUND_WHERE_ANY, SG_REFUND_IN_ORDER}, 2};
    struct sql_val limit = SQL_I(LIMIT_SIMGATE_PAGE);
    struct sql_cur c;

    if (x->unique_request_id)
        sql_begin_list(q, &c, &of_one,
                       SQL_ARGS(SQL_T(x->unique_request_id), SQL_I(x->after), limit));
    else
        sql_begin_list(q, &c, &of_all, SQL_ARGS(SQL_I(x->after), limit));
    while (x->out->n_refunds < LIMIT_SIMGATE_PAGE && sql_next(&c))
        read_refund(&c, x->a, &x->out->refunds[x->out->n_refunds++]);
    return sql_end(&c, e);
}

static enum rc page_unrecorded(struct sql *q, struct page *x, struct err *e)
{
    const struct sql_list of_one = {
        SG_CALLS_UNRECORDED, {SG_CALLS_OF_REQUEST, SG_CALLS_IN_ORDER}, 2};
    const struct sql_list of_all = {SG_CALLS_UNRECORDED, {SG_CALLS_IN_ORDER}, 1};
    struct sql_val limit = SQL_I(LIMIT_SIMGATE_PAGE);
    struct sql_cur c;

    if (x->unique_request_id)
        sql_begin_list(q, &c, &of_one, SQL_ARGS(SQL_T(x->unique_request_id), limit));
    else
        sql_begin_list(q, &c, &of_all, SQL_ARGS(limit));
    while (x->out->n_unrecorded < LIMIT_SIMGATE_PAGE && sql_next(&c))
        read_calls(&c, x->a, &x->out->unrecorded[x->out->n_unrecorded++]);
    return sql_end(&c, e);
}

static enum rc page_read(struct sql *q, void *arg, struct err *e)
{
    struct page *x = arg;
    struct sql_cur c;
    enum rc rc;

    x->out->n_refunds = 0;
    x->out->n_unrecorded = 0;
    sql_begin(q, &c, SG_REFUND_COUNT, SQL_NO_ARGS);
    if (sql_next(&c))
        x->out->total = sql_i64(&c);
    if ((rc = sql_end(&c, e)) != RC_OK || (rc = page_refunds(q, x, e)) != RC_OK)
        return rc;
    return page_unrecorded(q, x, e);
}

enum rc ledger_page(struct sql_db *db, struct arena *a, const char *unique_request_id,
                    int64_t after, struct ledger_page *out, struct err *e)
{
    struct page x = {a, unique_request_id, after, out};

    *out = (struct ledger_page){
        .refunds = arena_array(a, LIMIT_SIMGATE_PAGE, sizeof *out->refunds),
        .unrecorded = arena_array(a, LIMIT_SIMGATE_PAGE, sizeof *out->unrecorded),
    };
    return sql_read(db, page_read, &x, e);
}
