#include "store/webhooks.h"

#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

enum rc webhooks_insert(struct sql *q, const struct webhook *w, struct err *e)
{
    return sql_exec(q, SQL_WEBHOOK_INSERT,
                    SQL_ARGS(SQL_I(w->id), SQL_I(w->merchant),
                             SQL_OPT_I(w->order_row != 0, w->order_row),
                             SQL_OPT_I(w->refund_row != 0, w->refund_row), SQL_T(w->event_id),
                             SQL_T(w->name), SQL_T(w->body), SQL_I(w->created_ms)),
                    NULL, e);
}

static enum rc forget(struct sql *q, int64_t webhook, struct err *e)
{
    static const int pieces[] = {SQL_WEBHOOK_ATTEMPTS_FORGET, SQL_WEBHOOK_DELIVERIES_FORGET,
                                 SQL_WEBHOOK_FORGET};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof pieces / sizeof pieces[0]; i++)
        rc = sql_exec(q, pieces[i], SQL_ARGS(SQL_I(webhook)), NULL, e);
    return rc;
}

enum rc webhooks_sweep(struct sql *q, int64_t before_ms, int limit, int *gone, struct err *e)
{
    int64_t ids[LIMIT_WEBHOOKS_SWEPT];
    struct sql_cur c;
    int n = 0;
    CHECK(limit >= 1 && limit <= LIMIT_WEBHOOKS_SWEPT);
    *gone = 0;
    sql_begin(q, &c, SQL_WEBHOOKS_OLD, SQL_ARGS(SQL_I(before_ms), SQL_I(limit)));
    while (sql_next(&c))
        ids[n++] = sql_i64(&c);
    enum rc rc = sql_end(&c, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        rc = forget(q, ids[i], e);
    *gone = n;
    return rc;
}

enum rc deliveries_insert(struct sql *q, const struct delivery *d, struct err *e)
{
    return sql_exec(q, SQL_DELIVERY_INSERT,
                    SQL_ARGS(SQL_I(d->id), SQL_I(d->merchant), SQL_I(d->endpoint),
                             SQL_I(d->webhook), SQL_I(d->due_ms), SQL_I(d->created_ms)),
                    NULL, e);
}

static void read_delivery(struct sql_cur *c, struct arena *a, struct delivery *d)
{
    d->id = sql_i64(c);
    d->merchant = sql_i64(c);
    d->endpoint = sql_i64(c);
    d->webhook = sql_i64(c);
    d->state = sql_text(c, a);
    d->attempts = sql_i64(c);
    d->due_ms = sql_i64(c);
    d->fence = sql_i64(c);
    d->status = sql_i64(c);
    if (!sql_opt_i64(c, &d->took_ms))
        d->took_ms = -1;
    d->said = sql_text(c, a);
    d->tried_ms = sql_i64(c);
    d->created_ms = sql_i64(c);
    d->event_id = sql_text(c, a);
    d->name = sql_text(c, a);
    d->order_id = sql_text(c, a);
    d->body = NULL;
}

static enum rc read_due(struct sql *q, struct arena *a, int64_t endpoint, int64_t now_ms, int limit,
                        struct delivery *rows, int *count, struct err *e)
{
    const struct sql_list list = {SQL_DELIVERY_SELECT_BODY, {SQL_DELIVERY_WHERE_DUE}, 1};
    struct sql_cur c;
    *count = 0;
    sql_begin_list(q, &c, &list, SQL_ARGS(SQL_I(endpoint), SQL_I(now_ms), SQL_I(limit)));
    while (sql_next(&c)) {
        struct delivery *d = &rows[(*count)++];
        read_delivery(&c, a, d);
        d->body = sql_text(&c, a);
    }
    return sql_end(&c, e);
}

enum rc deliveries_claim(struct sql *q, struct arena *a, int64_t endpoint, int64_t now_ms,
                         int64_t lease_ms, int limit, struct delivery **out, int *count,
                         struct err *e)
{
    CHECK(limit >= 1 && limit <= LIMIT_ENDPOINT_FLIGHTS);
    struct delivery *rows = arena_array(a, (size_t)limit, sizeof *rows);
    enum rc rc = read_due(q, a, endpoint, now_ms, limit, rows, count, e);
    for (int i = 0; rc == RC_OK && i < *count; i++) {
        struct delivery *d = &rows[i];
        int64_t changed = 0;
        rc = sql_exec(q, SQL_DELIVERY_CLAIM,
                      SQL_ARGS(SQL_I(now_ms + lease_ms), SQL_I(d->id), SQL_I(d->fence)), &changed,
                      e);
        CHECK(rc != RC_OK || changed == 1);
        d->fence++;
        d->due_ms = now_ms + lease_ms;
    }
    *out = rows;
    return rc;
}

enum rc deliveries_tried(struct sql *q, const struct delivery *d, struct err *e)
{
    int64_t changed = 0;
    const struct sql_val status = SQL_OPT_I(d->status != 0, d->status);
    enum rc rc = sql_exec(q, SQL_DELIVERY_TRIED,
                          SQL_ARGS(SQL_T(d->state), SQL_I(d->attempts),
                                   SQL_OPT_I(str_eq(d->state, "WAITING"), d->due_ms), status,
                                   SQL_I(d->took_ms), SQL_T(d->said), SQL_I(d->tried_ms),
                                   SQL_I(d->id), SQL_I(d->fence)),
                          &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "Another worker took this over.",
                   "delivery %lld: fence %lld is stale", (long long)d->id, (long long)d->fence);
    if (rc == RC_OK)
        rc = sql_exec(q, SQL_DELIVERY_ATTEMPT_INSERT,
                      SQL_ARGS(SQL_I(d->id), SQL_I(d->attempts), SQL_I(d->tried_ms), status,
                               SQL_I(d->took_ms), SQL_T(d->said)),
                      NULL, e);
    return rc;
}

enum rc deliveries_next(struct sql *q, struct arena *a, struct endpoint_due **out, int *count,
                        struct err *e)
{
    struct endpoint_due *rows = arena_array(a, LIMIT_ENDPOINTS * LIMIT_MERCHANTS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_DELIVERIES_NEXT, SQL_NO_ARGS);
    while (n < LIMIT_ENDPOINTS * LIMIT_MERCHANTS && sql_next(&c)) {
        rows[n].endpoint = sql_i64(&c);
        n += sql_opt_i64(&c, &rows[n].due_ms);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}

enum rc deliveries_fail_all(struct sql *q, int64_t endpoint, const char *said, struct err *e)
{
    return sql_exec(q, SQL_DELIVERIES_FAIL_ALL, SQL_ARGS(SQL_T(said), SQL_I(endpoint)), NULL, e);
}

static enum rc no_delivery(int64_t id, struct err *e)
{
    return ERR(e, RC_NOT_FOUND, "There is no such delivery that ended.", "delivery %lld",
               (long long)id);
}

enum rc deliveries_resend(struct sql *q, int64_t merchant, int64_t id, int64_t now_ms,
                          struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_DELIVERY_RESEND,
                          SQL_ARGS(SQL_I(now_ms), SQL_I(id), SQL_I(merchant)), &changed, e);
    return rc == RC_OK && changed == 0 ? no_delivery(id, e) : rc;
}

enum rc deliveries_resend_failed(struct sql *q, int64_t endpoint, int64_t from_ms, int64_t to_ms,
                                 int64_t now_ms, int limit, int *n, struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(
        q, SQL_DELIVERIES_RESEND_FAILED,
        SQL_ARGS(SQL_I(now_ms), SQL_I(endpoint), SQL_I(from_ms), SQL_I(to_ms), SQL_I(limit)),
        &changed, e);
    *n = (int)changed;
    return rc;
}

enum rc deliveries_failed(struct sql *q, int64_t endpoint, int64_t from_ms, int64_t to_ms,
                          int limit, int *n, struct err *e)
{
    struct sql_cur c;
    *n = 0;
    sql_begin(q, &c, SQL_DELIVERIES_FAILED,
              SQL_ARGS(SQL_I(endpoint), SQL_I(from_ms), SQL_I(to_ms), SQL_I(limit)));
    while (sql_next(&c))
        *n = (int)sql_i64(&c);
    return sql_end(&c, e);
}

enum rc deliveries_waiting(struct sql *q, int64_t endpoint, int limit, int *waiting, int *retried,
                           struct err *e)
{
    struct sql_cur c;
    *waiting = *retried = 0;
    sql_begin(q, &c, SQL_DELIVERIES_WAITING, SQL_ARGS(SQL_I(endpoint), SQL_I(limit)));
    while (sql_next(&c)) {
        *waiting = (int)sql_i64(&c);
        *retried = (int)sql_i64(&c);
    }
    return sql_end(&c, e);
}

enum rc deliveries_list(struct sql *q, struct arena *a, int64_t endpoint, const char *state,
                        int64_t before_created_ms, int64_t before_id, int limit,
                        struct delivery **out, int *count, struct err *e)
{
    struct sql_list list = {.base = SQL_DELIVERY_SELECT};
    struct sql_val args[6];
    int n = 0;
    struct sql_cur c;
    CHECK(limit >= 1 && limit <= LIMIT_PAGE_ROWS);
    struct delivery *rows = arena_array(a, (size_t)limit, sizeof *rows);

    args[n++] = SQL_I(endpoint);
    if (state != NULL)
        args[n++] = SQL_T(state);
    list.fragments[list.n_fragments++] =
        state != NULL ? SQL_DELIVERY_WHERE_ENDPOINT_STATE : SQL_DELIVERY_WHERE_ENDPOINT;
    if (before_id != 0) {
        list.fragments[list.n_fragments++] = SQL_DELIVERY_OLDER;
        args[n++] = SQL_I(before_created_ms);
        args[n++] = SQL_I(before_created_ms);
        args[n++] = SQL_I(before_id);
    }
    list.fragments[list.n_fragments++] = SQL_DELIVERY_NEWEST_FIRST;
    args[n++] = SQL_I(limit);

    *out = rows;
    *count = 0;
    sql_begin_list(q, &c, &list, (struct sql_args){args, n});
    while (sql_next(&c))
        read_delivery(&c, a, &rows[(*count)++]);
    return sql_end(&c, e);
}

enum rc deliveries_get(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                       struct delivery *out, struct err *e)
{
    const struct sql_list list = {SQL_DELIVERY_SELECT_BODY, {SQL_DELIVERY_WHERE_MERCHANT_ID}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, SQL_ARGS(SQL_I(id), SQL_I(merchant)));
    while (sql_next(&c)) {
        read_delivery(&c, a, out);
        out->body = sql_text(&c, a);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    return rc == RC_OK && !found ? no_delivery(id, e) : rc;
}

enum rc deliveries_attempts(struct sql *q, struct arena *a, int64_t delivery,
                            struct delivery_attempt **out, int *count, struct err *e)
{
    struct delivery_attempt *rows = arena_array(a, LIMIT_DELIVERY_ATTEMPTS, sizeof *rows);
    struct sql_cur c;
    *out = rows;
    *count = 0;
    sql_begin(q, &c, SQL_DELIVERY_ATTEMPTS_OF,
              SQL_ARGS(SQL_I(delivery), SQL_I(LIMIT_DELIVERY_ATTEMPTS)));
    while (sql_next(&c)) {
        struct delivery_attempt *t = &rows[(*count)++];
        t->attempt = sql_i64(&c);
        t->at_ms = sql_i64(&c);
        t->status = sql_i64(&c);
        t->took_ms = sql_i64(&c);
        t->said = sql_text(&c, a);
    }
    return sql_end(&c, e);
}

enum rc deliveries_of(struct sql *q, struct arena *a, int64_t order_row, int64_t refund_row,
                      struct notified **out, int *count, struct err *e)
{
    const struct sql_list list = {
        SQL_NOTIFIED_SELECT, {refund_row != 0 ? SQL_NOTIFIED_OF_REFUND : SQL_NOTIFIED_OF_ORDER}, 1};
    struct notified *rows = arena_array(a, LIMIT_EVENTS_SHOWN, sizeof *rows);
    struct sql_cur c;
    *out = rows;
    *count = 0;
    sql_begin_list(
        q, &c, &list,
        SQL_ARGS(SQL_I(refund_row != 0 ? refund_row : order_row), SQL_I(LIMIT_EVENTS_SHOWN)));
    while (sql_next(&c)) {
        struct notified *w = &rows[(*count)++];
        w->name = sql_text(&c, a);
        w->url = sql_text(&c, a);
        w->state = sql_text(&c, a);
        w->status = sql_i64(&c);
        if (!sql_opt_i64(&c, &w->took_ms))
            w->took_ms = -1;
        w->tried_ms = sql_i64(&c);
        w->attempts = sql_i64(&c);
        w->due_ms = sql_i64(&c);
        w->created_ms = sql_i64(&c);
    }
    return sql_end(&c, e);
}
