/*
 * All or none: before the first row of such a batch runs, every row is judged once more on what is
 * true now, and one that would be refused ends the batch with nothing made.
 */
#include "refund/batch_rows.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_map.h"
#include "sql/sql.h"

struct whole {
    struct app *app;
    struct arena *arena, *chunk;
    const struct batch *batch;
    struct actor actor;
    struct batch_map *before;
    int64_t after, now_ms;
    const char *said;
    bool more;
};

static enum rc judge_rows(struct sql *q, void *arg, struct err *e)
{
    struct whole *w = arg;
    struct batch_row *rows;
    int n;
    enum rc rc = batch_rows_page(q, w->chunk, w->batch->id, BATCH_ROWS_ALL, w->after,
                                 LIMIT_BATCH_CHUNK, &rows, &n, &w->more, e);
    for (int i = 0; rc == RC_OK && w->said == NULL && i < n; i++) {
        struct batch_row *r = &rows[i];
        const struct batch_row_ask *ask =
            batch_row_request(w->chunk, w->app, &w->actor, w->batch, r);
        rc = batch_row_judge(q, w->chunk, w->before, ask, w->now_ms, r, e);
        if (rc == RC_OK && !str_eq(r->verdict, BATCH_VERDICT_OK))
            w->said = arena_printf(w->arena, "All or none: line %lld can no longer be refunded. %s",
                                   (long long)r->line, r->verdict_said);
        w->after = r->row;
    }
    return rc;
}

enum rc batch_whole_check(struct app *app, struct arena *a, const struct batch *b,
                          const char **said, struct err *e)
{
    struct whole w = {
        .app = app,
        .arena = a,
        .batch = b,
        .actor = {.kind = ACTOR_WORKER, .merchant = b->merchant, .name = b->created_by},
        .now_ms = clock_wall_ms(&app->clock),
        .more = true};
    enum rc rc = RC_OK;
    w.chunk = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    w.before = batch_map_new();
    while (rc == RC_OK && w.more && w.said == NULL) {
        arena_clear(w.chunk);
        rc = sql_read(app->db, judge_rows, &w, e);
    }
    batch_map_free(w.before);
    arena_free(w.chunk);
    *said = w.said;
    return rc;
}
