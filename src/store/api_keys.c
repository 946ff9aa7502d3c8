#include "store/api_keys.h"
#include "core/limits.h"
#include "sql/queries.h"

static void read_key(struct sql_cur *c, struct arena *a, struct api_key *k)
{
    k->id = sql_i64(c);
    k->merchant = sql_i64(c);
    k->merchant_id = sql_text(c, a);
    k->prefix = sql_text(c, a);
    k->name = sql_text(c, a);
    k->scopes = (int)sql_i64(c);
    k->created_ms = sql_i64(c);
    k->expires_ms = sql_i64(c);
    k->revoked_ms = sql_i64(c);
    k->used_ms = sql_i64(c);
    k->rate_per_s = sql_i64(c);
    k->made_by = sql_text(c, a);
}

enum rc api_keys_insert(struct sql *q, const struct api_key *k,
                        const uint8_t key_hash[DIGEST_BYTES], struct err *e)
{
    return sql_exec(q, SQL_API_KEY_INSERT,
                    SQL_ARGS(SQL_I(k->id), SQL_I(k->merchant), SQL_B(key_hash, DIGEST_BYTES),
                             SQL_T(k->prefix), SQL_T(k->name), SQL_I(k->scopes),
                             SQL_I(k->created_ms), SQL_OPT_I(k->expires_ms != 0, k->expires_ms),
                             SQL_T(k->made_by)),
                    NULL, e);
}

static enum rc get_one(struct sql *q, struct arena *a, int block, struct sql_args args,
                       struct api_key *out, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, block, args);
    if (sql_next(&c)) {
        read_key(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK || found)
        return rc;
    return ERR(e, RC_NOT_FOUND, "This API key is not valid.", "unknown, revoked or expired key");
}

enum rc api_keys_get(struct sql *q, struct arena *a, const uint8_t key_hash[DIGEST_BYTES],
                     int64_t now_ms, struct api_key *out, struct err *e)
{
    return get_one(q, a, SQL_API_KEY_GET, SQL_ARGS(SQL_B(key_hash, DIGEST_BYTES), SQL_I(now_ms)),
                   out, e);
}

enum rc api_keys_by_id(struct sql *q, struct arena *a, int64_t id, struct api_key *out,
                       struct err *e)
{
    return get_one(q, a, SQL_API_KEY_BY_ID, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc api_keys_used(struct sql *q, int64_t id, int64_t now_ms, struct err *e)
{
    return sql_exec(q, SQL_API_KEY_USED, SQL_ARGS(SQL_I(now_ms), SQL_I(id)), NULL, e);
}

enum rc api_keys_revoke(struct sql *q, int64_t id, int64_t now_ms, struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_API_KEY_REVOKE, SQL_ARGS(SQL_I(now_ms), SQL_I(id)), &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_NOT_FOUND, "There is no such API key, or it is revoked already.",
                   "api key %lld", (long long)id);
    return rc;
}

enum rc api_keys_list(struct sql *q, struct arena *a, int64_t merchant, struct api_key **out,
                      int *count, struct err *e)
{
    struct api_key *rows = arena_array(a, LIMIT_API_KEYS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_API_KEY_LIST, SQL_ARGS(SQL_I(merchant)));
    while (n < LIMIT_API_KEYS && sql_next(&c))
        read_key(&c, a, &rows[n++]);
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK) {
        *out = rows;
        *count = n;
    }
    return rc;
}
