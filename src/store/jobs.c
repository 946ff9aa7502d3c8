#include "store/jobs.h"

#include "core/id.h"
#include "core/limits.h"
#include "sql/queries.h"

#include <string.h>

#define FEW_LANES 16

enum rc jobs_put(struct sql *q, const char *kind, int64_t merchant, int64_t subject,
                 const char *lane, int64_t due_ms, int64_t attempt, struct err *e)
{
    return sql_exec(q, SQL_JOB_PUT,
                    SQL_ARGS(SQL_I(id_new()), SQL_T(kind), SQL_I(merchant), SQL_I(subject),
                             SQL_T(lane), SQL_I(due_ms), SQL_I(attempt)),
                    NULL, e);
}

enum rc jobs_hurry(struct sql *q, const char *kind, int64_t merchant, int64_t subject,
                   const char *lane, int64_t due_ms, struct err *e)
{
    return sql_exec(q, SQL_JOB_HURRY,
                    SQL_ARGS(SQL_I(id_new()), SQL_T(kind), SQL_I(merchant), SQL_I(subject),
                             SQL_T(lane), SQL_I(due_ms)),
                    NULL, e);
}

enum rc jobs_waiting(struct sql *q, const char *kind, int64_t subject, int64_t due_ms, bool *waits,
                     struct err *e)
{
    struct sql_cur c;
    *waits = false;
    sql_begin(q, &c, SQL_JOB_WAITING, SQL_ARGS(SQL_T(kind), SQL_I(subject), SQL_I(due_ms)));
    while (sql_next(&c))
        *waits = true;
    return sql_end(&c, e);
}

enum rc jobs_drop(struct sql *q, const char *kind, int64_t subject, struct err *e)
{
    return sql_exec(q, SQL_JOB_DROP, SQL_ARGS(SQL_T(kind), SQL_I(subject)), NULL, e);
}

enum rc jobs_lanes(struct sql *q, struct arena *a, struct job_lane **out, int *count, struct err *e)
{
    struct job_lane *rows = NULL;
    struct sql_cur c;
    int n = 0, room = 0;
    sql_begin(q, &c, SQL_JOBS_LANES, SQL_NO_ARGS);
    while (sql_next(&c)) {
        if (n == room) {
            struct job_lane *more =
                arena_array(a, (size_t)(room += room + FEW_LANES), sizeof *more);
            if (n > 0)
                memcpy(more, rows, (size_t)n * sizeof *more);
            rows = more;
        }
        rows[n].lane = sql_text(&c, a);
        rows[n++].due_ms = sql_i64(&c);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}

static enum rc read_due(struct sql *q, struct arena *a, const char *lane, int64_t now_ms, int limit,
                        struct job *rows, int *count, struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_JOBS_DUE, SQL_ARGS(SQL_T(lane), SQL_I(now_ms), SQL_I(limit)));
    while (sql_next(&c)) {
        struct job *j = &rows[(*count)++];
        j->id = sql_i64(&c);
        j->kind = sql_text(&c, a);
        j->merchant = sql_i64(&c);
        j->subject = sql_i64(&c);
        j->due_ms = sql_i64(&c);
        j->attempt = sql_i64(&c);
        j->leased = sql_i64(&c) != 0;
        j->fence = sql_i64(&c);
    }
    return sql_end(&c, e);
}

enum rc jobs_claim(struct sql *q, struct arena *a, const char *lane, int64_t now_ms,
                   int64_t lease_ms, int limit, struct job **out, int *count, struct err *e)
{
    CHECK(limit >= 1 && limit <= LIMIT_WORKER_FLIGHTS);
    struct job *rows = arena_array(a, (size_t)limit, sizeof *rows);
    enum rc rc = read_due(q, a, lane, now_ms, limit, rows, count, e);
    for (int i = 0; rc == RC_OK && i < *count; i++) {
        struct job *j = &rows[i];
        int64_t changed = 0;
        rc = sql_exec(q, SQL_JOB_CLAIM,
                      SQL_ARGS(SQL_I(now_ms + lease_ms), SQL_I(j->id), SQL_I(j->fence)), &changed,
                      e);
        CHECK(rc != RC_OK || changed == 1);
        j->fence++;
        j->due_ms = now_ms + lease_ms;
    }
    *out = rows;
    return rc;
}

static enum rc fenced(enum rc rc, int64_t changed, const struct job *j, struct err *e)
{
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "Another worker took this over.",
                   "job %lld: fence %lld is stale", (long long)j->id, (long long)j->fence);
    return rc;
}

enum rc jobs_owned(struct sql *q, const struct job *j, struct err *e)
{
    struct sql_cur c;
    int64_t found = 0;
    sql_begin(q, &c, SQL_JOB_OWNED, SQL_ARGS(SQL_I(j->id), SQL_I(j->fence)));
    while (sql_next(&c))
        found = 1;
    return fenced(sql_end(&c, e), found, j, e);
}

enum rc jobs_finish(struct sql *q, const struct job *j, struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_JOB_FINISH, SQL_ARGS(SQL_I(j->id), SQL_I(j->fence)), &changed, e);
    return fenced(rc, changed, j, e);
}

enum rc jobs_again(struct sql *q, const struct job *j, int64_t due_ms, int64_t attempt,
                   struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_JOB_AGAIN,
                          SQL_ARGS(SQL_I(due_ms), SQL_I(attempt), SQL_I(j->id), SQL_I(j->fence)),
                          &changed, e);
    return fenced(rc, changed, j, e);
}
