#include "refund/batch_sync.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/sync.h"
#include "sql/queries.h"
#include "store/audit.h"

/* Refunds that had ended are not noted. */
static const char *const verdicts[SYNC_VERDICT_COUNT] = {
    [SYNC_ASKED] = "ASKED",
    [SYNC_NEVER_SENT] = "NOT_SENT",
    [SYNC_SENDING] = "SENDING",
    [SYNC_COOLING] = "COOLING",
};

struct sync {
    struct app *app;
    struct arena *arena, *chunk; /* of the caller; cleared for each chunk */
    const struct actor *actor;
    struct batch batch;
    int64_t after, next; /* rows up to `after` are done; `next` once this chunk is kept */
    int64_t now_ms;
    int64_t asked, asked_now; /* before this chunk, and in it */
    bool more;
};

static enum rc ask_row(struct sql *q, struct sync *s, const struct batch_row *r, struct err *e)
{
    struct sync_answer answer;
    enum rc rc = refund_sync_request(q, s->chunk, r->refund, LANE_SYNC_BATCH,
                                     s->app->config.sync_cool_ms, s->now_ms, &answer, e);
    if (rc != RC_OK || verdicts[answer.verdict] == NULL)
        return rc;
    s->asked_now += answer.verdict == SYNC_ASKED;
    return sql_exec(q, SQL_BATCH_SYNC_PUT,
                    SQL_ARGS(SQL_I(s->batch.id), SQL_I(r->refund), SQL_I(s->now_ms),
                             SQL_T(verdicts[answer.verdict]), SQL_T(answer.refund.status)),
                    NULL, e);
}

static enum rc chunk_fn(struct sql *q, void *arg, struct err *e)
{
    struct sync *s = arg;
    struct batch_row *rows;
    int n;
    s->asked_now = 0;
    s->next = s->after;
    enum rc rc = batch_rows_page(q, s->chunk, s->batch.id, BATCH_ROWS_ACCEPTED, s->after,
                                 LIMIT_BATCH_CHUNK, &rows, &n, &s->more, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        rc = ask_row(q, s, &rows[i], e);
        s->next = rows[i].row;
    }
    return rc;
}

static enum rc find_fn(struct sql *q, void *arg, struct err *e)
{
    struct sync *s = arg;
    return batches_get(q, s->arena, s->actor->merchant, s->batch.id, &s->batch, e);
}

static enum rc audit_fn(struct sql *q, void *arg, struct err *e)
{
    const struct sync *s = arg;
    struct json_object *detail = json_object_in(s->arena);
    json_put_text(detail, "file_name", s->batch.file_name);
    json_put_int(detail, "asked", s->asked);
    const struct audit_entry entry = {.merchant = s->batch.merchant,
                                      .at_ms = s->now_ms,
                                      .actor = s->actor->name,
                                      .action = "batch.synced",
                                      .subject = id_text(s->arena, s->batch.id),
                                      .detail = json_write(s->arena, detail)};
    return audit_add(q, &entry, e);
}

enum rc batch_sync(struct app *app, struct arena *a, const struct actor *actor, int64_t batch,
                   struct err *e)
{
    struct sync s = {.app = app,
                     .arena = a,
                     .actor = actor,
                     .batch.id = batch,
                     .now_ms = clock_wall_ms(&app->clock)};
    enum rc rc = sql_read(app->db, find_fn, &s, e);
    if (rc != RC_OK)
        return rc;
    s.chunk = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    do {
        arena_clear(s.chunk);
        rc = sql_tx(app->db, chunk_fn, &s, e);
        s.after = s.next;
        s.asked += s.asked_now;
    } while (rc == RC_OK && s.more);
    arena_free(s.chunk);
    if (rc == RC_OK)
        rc = sql_tx(app->db, audit_fn, &s, e);
    if (s.asked > 0)
        app_wake_worker(app);
    return rc;
}

enum rc batch_sync_report(struct sql *q, struct arena *a, int64_t batch,
                          struct batch_sync_count **out, int *count, struct err *e)
{
    enum { KINDS = 64 }; /* verdicts by statuses by statuses */
    struct batch_sync_count *rows = arena_array(a, KINDS, sizeof *rows);
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_BATCH_SYNC_REPORT, SQL_ARGS(SQL_I(batch), SQL_I(batch)));
    while (*count < KINDS && sql_next(&c)) {
        struct batch_sync_count *row = &rows[(*count)++];
        row->asked_ms = sql_i64(&c);
        row->verdict = sql_text(&c, a);
        row->before = sql_text(&c, a);
        row->now = sql_text(&c, a);
        row->refunds = sql_i64(&c);
    }
    *out = rows;
    return sql_end(&c, e);
}
