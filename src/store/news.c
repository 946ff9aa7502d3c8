#include "store/news.h"

#include "core/id.h"
#include "sql/queries.h"
#include "store/jobs.h"

enum rc news_put(struct sql *q, const struct news *n, bool *heard, struct err *e)
{
    int64_t id = n->id != 0 ? n->id : id_new(), changed = 0;
    enum rc rc = sql_exec(q, SQL_NEWS_INSERT,
                          SQL_ARGS(SQL_I(id), SQL_I(n->merchant), SQL_T(n->source),
                                   SQL_T(n->event_id), SQL_T(n->body), SQL_I(n->received_ms)),
                          &changed, e);
    *heard = changed == 0;
    if (rc != RC_OK || *heard)
        return rc;
    return jobs_put(q, JOB_NEWS, n->merchant, id, JOB_NEWS, n->received_ms, 0, e);
}

enum rc news_get(struct sql *q, struct arena *a, int64_t id, struct news *out, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_NEWS_BY_ID, SQL_ARGS(SQL_I(id)));
    while (sql_next(&c)) {
        out->id = sql_i64(&c);
        out->merchant = sql_i64(&c);
        out->source = sql_text(&c, a);
        out->event_id = sql_text(&c, a);
        out->body = sql_text(&c, a);
        out->received_ms = sql_i64(&c);
        out->state = sql_text(&c, a);
        out->said = sql_text(&c, a);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There are no such news.", "news %lld", (long long)id);
    return rc;
}

enum rc news_settle(struct sql *q, int64_t id, const char *state, const char *said, int64_t now_ms,
                    struct err *e)
{
    return sql_exec(q, SQL_NEWS_SETTLE,
                    SQL_ARGS(SQL_T(state), SQL_T(said), SQL_I(now_ms), SQL_I(id)), NULL, e);
}
