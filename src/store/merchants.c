#include "store/merchants.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

static void read_row(struct sql_cur *c, struct arena *a, struct merchant *m)
{
    m->id = sql_i64(c);
    m->merchant_id = sql_text(c, a);
    m->name = sql_text(c, a);
    m->time_zone = sql_text(c, a);
    m->locale = sql_text(c, a);
    m->default_currency = sql_text(c, a);
    m->test_mode = sql_i64(c) != 0;
    m->sending_stopped = sql_i64(c) != 0;
    m->sending_stopped_by = sql_text(c, a);
    m->sending_stopped_why = sql_text(c, a);
    m->maker_checker = sql_i64(c) != 0;
    m->hold_ms = sql_i64(c);
    m->refund_limit = sql_i64(c);
    m->order_age_days = sql_i64(c);
    m->twin_window_ms = sql_i64(c);
    m->rate_per_s = sql_i64(c);
    m->batch_rows = sql_i64(c);
    m->created_ms = sql_i64(c);
}

static enum rc get_one(struct sql *q, struct arena *a, int block, struct sql_args args,
                       struct merchant *out, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, block, args);
    if (sql_next(&c)) {
        read_row(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK || found)
        return rc;
    return ERR(e, RC_NOT_FOUND, "There is no such merchant.", "statement %d: no row", block);
}

enum rc merchants_get(struct sql *q, struct arena *a, int64_t id, struct merchant *out,
                      struct err *e)
{
    return get_one(q, a, SQL_MERCHANT_GET, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc merchants_by_public_id(struct sql *q, struct arena *a, const char *merchant_id,
                               struct merchant *out, struct err *e)
{
    return get_one(q, a, SQL_MERCHANT_BY_PUBLIC_ID, SQL_ARGS(SQL_T(merchant_id)), out, e);
}

enum rc merchants_first(struct sql *q, struct arena *a, struct merchant *out, struct err *e)
{
    return get_one(q, a, SQL_MERCHANT_FIRST, SQL_NO_ARGS, out, e);
}

enum rc merchants_list(struct sql *q, struct arena *a, struct merchant **out, int *count,
                       struct err *e)
{
    struct merchant *rows = arena_array(a, LIMIT_MERCHANTS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_MERCHANT_LIST, SQL_NO_ARGS);
    while (n < LIMIT_MERCHANTS && sql_next(&c))
        read_row(&c, a, &rows[n++]);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK) {
        *out = rows;
        *count = n;
    }
    return rc;
}

enum rc merchants_insert(struct sql *q, const struct merchant *m, struct err *e)
{
    return sql_exec(q, SQL_MERCHANT_INSERT,
                    SQL_ARGS(SQL_I(m->id), SQL_T(m->merchant_id), SQL_T(m->name),
                             SQL_T(m->time_zone), SQL_T(m->locale), SQL_T(m->default_currency),
                             SQL_I(m->test_mode), SQL_I(m->sending_stopped),
                             SQL_T(m->sending_stopped_by), SQL_T(m->sending_stopped_why),
                             SQL_I(m->maker_checker), SQL_I(m->hold_ms), SQL_I(m->refund_limit),
                             SQL_I(m->order_age_days), SQL_I(m->twin_window_ms),
                             SQL_I(m->rate_per_s), SQL_I(m->batch_rows), SQL_I(m->created_ms)),
                    NULL, e);
}

static void read_amounts(struct sql_cur *c, struct currency_settings *s)
{
    s->minimum_minor = sql_i64(c);
    s->confirm_minor = sql_i64(c);
    s->approval_minor = sql_i64(c);
}

enum rc merchants_currency(struct sql *q, int64_t merchant, const char *currency,
                           struct currency_settings *out, struct err *e)
{
    struct currency_settings s = {.minimum_minor = str_eq(currency, "INR") ? 100 : 1};
    struct sql_cur c;
    sql_begin(q, &c, SQL_MERCHANT_CURRENCY, SQL_ARGS(SQL_I(merchant), SQL_T(currency)));
    if (sql_next(&c))
        read_amounts(&c, &s);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK)
        *out = s;
    return rc;
}

enum rc merchants_currencies(struct sql *q, struct arena *a, int64_t merchant,
                             struct merchant_currency **out, int *count, struct err *e)
{
    struct merchant_currency *rows = arena_array(a, LIMIT_CURRENCIES, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_MERCHANT_CURRENCIES, SQL_ARGS(SQL_I(merchant)));
    while (n < LIMIT_CURRENCIES && sql_next(&c)) {
        rows[n].currency = sql_text(&c, a);
        read_amounts(&c, &rows[n++].settings);
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK) {
        *out = rows;
        *count = n;
    }
    return rc;
}

enum rc merchants_set_currency(struct sql *q, int64_t merchant, const char *currency,
                               const struct currency_settings *s, struct err *e)
{
    return sql_exec(q, SQL_MERCHANT_SET_CURRENCY,
                    SQL_ARGS(SQL_I(merchant), SQL_T(currency), SQL_I(s->minimum_minor),
                             SQL_OPT_I(s->confirm_minor != 0, s->confirm_minor),
                             SQL_OPT_I(s->approval_minor != 0, s->approval_minor)),
                    NULL, e);
}

enum rc merchants_update(struct sql *q, const struct merchant *m, struct err *e)
{
    return sql_exec(q, SQL_MERCHANT_UPDATE,
                    SQL_ARGS(SQL_T(m->name), SQL_T(m->time_zone), SQL_T(m->default_currency),
                             SQL_I(m->test_mode), SQL_I(m->maker_checker), SQL_I(m->hold_ms),
                             SQL_I(m->refund_limit), SQL_I(m->order_age_days),
                             SQL_I(m->twin_window_ms), SQL_I(m->rate_per_s), SQL_I(m->batch_rows),
                             SQL_I(m->id)),
                    NULL, e);
}

enum rc merchants_stop_sending(struct sql *q, int64_t merchant, bool stopped, const char *by,
                               const char *why, struct err *e)
{
    return sql_exec(q, SQL_MERCHANT_STOP_SENDING,
                    SQL_ARGS(SQL_I(stopped), SQL_T(by), SQL_T(why), SQL_I(merchant)), NULL, e);
}
