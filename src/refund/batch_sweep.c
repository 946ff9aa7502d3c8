/*
 * Files that were refused, or whose reader died: their rows go away some at a time.
 */
#include "core/limits.h"
#include "refund/batch_rows.h"
#include "sql/sql.h"

struct forgetting {
    int64_t batch;
    bool gone;
};

static enum rc forget_fn(struct sql *q, void *arg, struct err *e)
{
    struct forgetting *f = arg;
    return batches_forget(q, f->batch, LIMIT_BATCH_CHUNK, &f->gone, e);
}

enum rc batch_forget(struct app *app, int64_t batch, struct err *e)
{
    struct forgetting f = {.batch = batch};
    enum rc rc = RC_OK;
    while (rc == RC_OK && !f.gone)
        rc = sql_tx(app->db, forget_fn, &f, e);
    return rc;
}

struct sweep {
    int64_t before_ms;
    int64_t ids[LIMIT_BATCH_CHUNK];
    int n;
};

static enum rc find_abandoned(struct sql *q, void *arg, struct err *e)
{
    struct sweep *s = arg;
    return batches_abandoned(q, s->before_ms, s->ids, LIMIT_BATCH_CHUNK, &s->n, e);
}

enum rc batch_sweep(struct app *app, struct err *e)
{
    struct sweep s = {.before_ms = clock_wall_ms(&app->clock) - LIMIT_BATCH_KEPT_MS};
    enum rc rc = sql_read(app->db, find_abandoned, &s, e);
    for (int i = 0; rc == RC_OK && i < s.n; i++)
        rc = batch_forget(app, s.ids[i], e);
    return rc;
}
