#include "store/gateways.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

static void read_row(struct sql_cur *c, struct arena *a, struct gateway_row *g)
{
    g->id = sql_i64(c);
    g->merchant = sql_i64(c);
    g->name = sql_text(c, a);
    g->gateway_id = sql_i64(c);
    g->adapter = sql_text(c, a);
    g->can_refund = sql_i64(c) != 0;
    g->can_instant = sql_i64(c) != 0;
    g->can_payout = sql_i64(c) != 0;
    g->credentials_n = 0;
    g->credentials = sql_bytes(c, a, &g->credentials_n);
    g->base_url = sql_text(c, a);
    g->paused = sql_i64(c) != 0;
    g->reference_id = sql_text(c, a);
    g->hook_secret_n = 0;
    g->hook_secret = sql_bytes(c, a, &g->hook_secret_n);
}

static enum rc get_one(struct sql *q, struct arena *a, int block, struct sql_args args,
                       struct gateway_row *out, struct err *e)
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
    return ERR(e, RC_NOT_FOUND, "There is no such gateway.", "statement %d: no row", block);
}

enum rc gateways_by_name(struct sql *q, struct arena *a, int64_t merchant, const char *name,
                         struct gateway_row *out, struct err *e)
{
    return get_one(q, a, SQL_GATEWAY_BY_NAME, SQL_ARGS(SQL_I(merchant), SQL_T(name)), out, e);
}

enum rc gateways_first(struct sql *q, struct arena *a, int64_t merchant, struct gateway_row *out,
                       struct err *e)
{
    return get_one(q, a, SQL_GATEWAY_FIRST, SQL_ARGS(SQL_I(merchant)), out, e);
}

enum rc gateways_payout(struct sql *q, struct arena *a, int64_t merchant, struct gateway_row *out,
                        struct err *e)
{
    return get_one(q, a, SQL_GATEWAY_PAYOUT, SQL_ARGS(SQL_I(merchant)), out, e);
}

static enum rc read_rows(struct sql *q, struct arena *a, int block, struct sql_args args, int limit,
                         struct gateway_row **out, int *count, struct err *e)
{
    struct gateway_row *rows = arena_array(a, (size_t)limit, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, block, args);
    while (n < limit && sql_next(&c))
        read_row(&c, a, &rows[n++]);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK) {
        *out = rows;
        *count = n;
    }
    return rc;
}

const struct gateway_row *gateways_find(const struct gateway_set *set, const char *name)
{
    for (int i = 0; i < set->count; i++)
        if (str_eq(set->rows[i].name, name))
            return &set->rows[i];
    return NULL;
}

enum rc gateways_list(struct sql *q, struct arena *a, int64_t merchant, struct gateway_row **out,
                      int *count, struct err *e)
{
    return read_rows(q, a, SQL_GATEWAY_LIST, SQL_ARGS(SQL_I(merchant)), LIMIT_GATEWAYS, out, count,
                     e);
}

enum rc gateways_with_hooks(struct sql *q, struct arena *a, struct gateway_row **out, int *count,
                            struct err *e)
{
    return read_rows(q, a, SQL_GATEWAYS_WITH_HOOKS, SQL_ARGS(SQL_I(LIMIT_HOOK_SECRETS)),
                     LIMIT_HOOK_SECRETS, out, count, e);
}

enum rc gateways_insert(struct sql *q, const struct gateway_row *g, struct err *e)
{
    return sql_exec(q, SQL_GATEWAY_INSERT,
                    SQL_ARGS(SQL_I(g->id), SQL_I(g->merchant), SQL_T(g->name), SQL_I(g->gateway_id),
                             SQL_T(g->adapter), SQL_I(g->can_refund), SQL_I(g->can_instant),
                             SQL_I(g->can_payout), SQL_B(g->credentials, g->credentials_n),
                             SQL_T(g->base_url), SQL_I(g->paused), SQL_T(g->reference_id),
                             SQL_B(g->hook_secret, g->hook_secret_n)),
                    NULL, e);
}

static enum rc set_sealed(struct sql *q, int block, int64_t id, const void *sealed, size_t n,
                          struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, block, SQL_ARGS(SQL_B(sealed, n), SQL_I(id)), &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_NOT_FOUND, "There is no such gateway.", "gateway %lld", (long long)id);
    return rc;
}

enum rc gateways_set_credentials(struct sql *q, int64_t id, const void *sealed, size_t n,
                                 struct err *e)
{
    return set_sealed(q, SQL_GATEWAY_SET_CREDENTIALS, id, sealed, n, e);
}

enum rc gateways_set_hook_secret(struct sql *q, int64_t id, const void *sealed, size_t n,
                                 struct err *e)
{
    return set_sealed(q, SQL_GATEWAY_SET_HOOK_SECRET, id, sealed, n, e);
}

enum rc gateways_set_paused(struct sql *q, int64_t id, bool paused, struct err *e)
{
    return sql_exec(q, SQL_GATEWAY_SET_PAUSED, SQL_ARGS(SQL_I(paused), SQL_I(id)), NULL, e);
}
