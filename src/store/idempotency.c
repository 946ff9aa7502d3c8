#include "store/idempotency.h"
#include "sql/queries.h"
#include <string.h>

enum rc idempotency_get(struct sql *q, struct arena *a, int64_t merchant, const char *route,
                        const char *key, struct kept_answer *out, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_IDEMPOTENCY_GET, SQL_ARGS(SQL_I(merchant), SQL_T(route), SQL_T(key)));
    if (sql_next(&c)) {
        size_t n = 0;
        const void *hash = sql_bytes(&c, a, &n);
        memset(out->asked_hash, 0, DIGEST_BYTES);
        memcpy(out->asked_hash, hash, n < DIGEST_BYTES ? n : DIGEST_BYTES);
        out->status = (int)sql_i64(&c);
        out->body = sql_text(&c, a);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK || found)
        return rc;
    return ERR(e, RC_NOT_FOUND, "Nothing is kept under this key.", "%s", route);
}

enum rc idempotency_put(struct sql *q, int64_t merchant, const char *route, const char *key,
                        const struct kept_answer *answer, int64_t now_ms, struct err *e)
{
    int64_t added = 0;
    enum rc rc = sql_exec(q, SQL_IDEMPOTENCY_PUT,
                          SQL_ARGS(SQL_I(merchant), SQL_T(route), SQL_T(key),
                                   SQL_B(answer->asked_hash, DIGEST_BYTES), SQL_I(answer->status),
                                   SQL_T(answer->body), SQL_I(now_ms)),
                          &added, e);
    if (rc == RC_OK && added == 0)
        return ERR(e, RC_CONFLICT, "The key holds an answer already.", "%s", route);
    return rc;
}
