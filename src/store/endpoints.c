#include "store/webhooks.h"

#include "core/limits.h"
#include "sql/queries.h"

#define SEALED(s) SQL_B((s).bytes, (s).n)

enum rc endpoints_insert(struct sql *q, const struct endpoint *p, struct err *e)
{
    return sql_exec(q, SQL_ENDPOINT_INSERT,
                    SQL_ARGS(SQL_I(p->id), SQL_I(p->merchant), SQL_T(p->url), SQL_T(p->username),
                             SEALED(p->password), SQL_T(p->headers), SEALED(p->header_values),
                             SEALED(p->secret), SEALED(p->old_secret),
                             SQL_OPT_I(p->old_until_ms != 0, p->old_until_ms), SQL_I(p->any_2xx),
                             SQL_T(p->state), SQL_T(p->said), SQL_T(p->created_by),
                             SQL_I(p->created_ms), SQL_I(p->updated_ms)),
                    NULL, e);
}

static enum rc no_endpoint(int64_t id, struct err *e)
{
    return ERR(e, RC_NOT_FOUND, "There is no such endpoint.", "endpoint %lld", (long long)id);
}

enum rc endpoints_update(struct sql *q, const struct endpoint *p, struct err *e)
{
    int64_t changed = 0;
    enum rc rc =
        sql_exec(q, SQL_ENDPOINT_UPDATE,
                 SQL_ARGS(SQL_T(p->url), SQL_T(p->username), SEALED(p->password), SQL_T(p->headers),
                          SEALED(p->header_values), SEALED(p->secret), SEALED(p->old_secret),
                          SQL_OPT_I(p->old_until_ms != 0, p->old_until_ms), SQL_I(p->any_2xx),
                          SQL_T(p->state), SQL_T(p->said), SQL_I(p->updated_ms), SQL_I(p->id),
                          SQL_I(p->merchant)),
                 &changed, e);
    return rc == RC_OK && changed == 0 ? no_endpoint(p->id, e) : rc;
}

static void read_sealed(struct sql_cur *c, struct arena *a, struct sealed *s)
{
    s->bytes = sql_bytes(c, a, &s->n);
}

static void read_endpoint(struct sql_cur *c, struct arena *a, struct endpoint *p)
{
    p->id = sql_i64(c);
    p->merchant = sql_i64(c);
    p->url = sql_text(c, a);
    p->username = sql_text(c, a);
    read_sealed(c, a, &p->password);
    p->headers = sql_text(c, a);
    read_sealed(c, a, &p->header_values);
    read_sealed(c, a, &p->secret);
    read_sealed(c, a, &p->old_secret);
    p->old_until_ms = sql_i64(c);
    p->any_2xx = sql_i64(c) != 0;
    p->state = sql_text(c, a);
    p->said = sql_text(c, a);
    p->created_by = sql_text(c, a);
    p->created_ms = sql_i64(c);
    p->updated_ms = sql_i64(c);
}

static enum rc read_one(struct sql *q, struct arena *a, int piece, int64_t id, struct sql_args args,
                        struct endpoint *out, struct err *e)
{
    const struct sql_list list = {SQL_ENDPOINT_SELECT, {piece}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        read_endpoint(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    return rc == RC_OK && !found ? no_endpoint(id, e) : rc;
}

enum rc endpoints_get(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                      struct endpoint *out, struct err *e)
{
    return read_one(q, a, SQL_ENDPOINT_WHERE_MERCHANT_ID, id, SQL_ARGS(SQL_I(id), SQL_I(merchant)),
                    out, e);
}

enum rc endpoints_any(struct sql *q, struct arena *a, int64_t id, struct endpoint *out,
                      struct err *e)
{
    return read_one(q, a, SQL_ENDPOINT_WHERE_ID, id, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc endpoints_list(struct sql *q, struct arena *a, int64_t merchant, struct endpoint **out,
                       int *count, struct err *e)
{
    const struct sql_list list = {SQL_ENDPOINT_SELECT, {SQL_ENDPOINT_WHERE_MERCHANT}, 1};
    struct endpoint *rows = arena_array(a, LIMIT_ENDPOINTS, sizeof *rows);
    struct sql_cur c;
    *out = rows;
    *count = 0;
    sql_begin_list(q, &c, &list, SQL_ARGS(SQL_I(merchant), SQL_I(LIMIT_ENDPOINTS)));
    while (sql_next(&c))
        read_endpoint(&c, a, &rows[(*count)++]);
    return sql_end(&c, e);
}

enum rc endpoints_set_events(struct sql *q, int64_t merchant, int64_t id, const char *const *names,
                             int n, struct err *e)
{
    enum rc rc =
        sql_exec(q, SQL_ENDPOINT_EVENTS_FORGET, SQL_ARGS(SQL_I(merchant), SQL_I(id)), NULL, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        rc = sql_exec(q, SQL_ENDPOINT_EVENT_INSERT,
                      SQL_ARGS(SQL_I(merchant), SQL_T(names[i]), SQL_I(id)), NULL, e);
    return rc;
}

enum rc endpoints_events(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                         const char ***names, int *n, struct err *e)
{
    const char **rows = arena_array(a, LIMIT_EVENT_NAMES, sizeof *rows);
    struct sql_cur c;
    *names = rows;
    *n = 0;
    sql_begin(q, &c, SQL_ENDPOINT_EVENTS_OF, SQL_ARGS(SQL_I(merchant), SQL_I(id)));
    while (*n < LIMIT_EVENT_NAMES && sql_next(&c))
        rows[(*n)++] = sql_text(&c, a);
    return sql_end(&c, e);
}

enum rc endpoints_wanting(struct sql *q, int64_t merchant, const char *name, int64_t *ids, int *n,
                          struct err *e)
{
    struct sql_cur c;
    *n = 0;
    sql_begin(q, &c, SQL_ENDPOINTS_WANTING,
              SQL_ARGS(SQL_I(merchant), SQL_T(name), SQL_I(LIMIT_ENDPOINTS)));
    while (sql_next(&c))
        ids[(*n)++] = sql_i64(&c);
    return sql_end(&c, e);
}
