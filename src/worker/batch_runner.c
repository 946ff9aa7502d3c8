#include "worker/batch_runner.h"

#include "core/limits.h"
#include "refund/batch.h"
#include "sql/sql.h"
#include "worker/crash.h"
#include "worker/thread.h"

/* A transaction of at most 10 ms: the rows, and what its commit takes. */
#define STEP_MS 7
/* Between two of them a quarter of what the last one took, for whoever waits for the lock. */
#define REST_PART 4

struct batch_runner {
    struct app *app;
    struct arena *own, *scratch;
    struct worker_thread thread;
};

struct look {
    int64_t after, id;
};

static enum rc next_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    return batches_next_processing(q, l->after, &l->id, e);
}

/* One step of one batch. False when the database is not well: no hurry then. */
static bool step(struct batch_runner *r, int64_t batch)
{
    struct err e;
    bool more = false;
    int64_t began_ms = clock_mono_ms();
    CRASH_POINT("before_batch_step");
    enum rc rc = batch_run_step(r->app, r->scratch, batch, STEP_MS, &more, &e);
    CRASH_POINT("after_batch_step");
    arena_clear(r->scratch);
    if (rc != RC_OK) {
        log_err(&r->app->log, "running a batch", &e);
        return false;
    }
    clock_sleep_ms((clock_mono_ms() - began_ms) / REST_PART);
    return true;
}

/* Batches take turns, so that a large one does not hold up a small one. */
static void *run(void *arg)
{
    struct batch_runner *r = arg;
    struct look l = {0};
    while (!worker_thread_stopping(&r->thread)) {
        struct err e;
        bool well = sql_read(r->app->db, next_fn, &l, &e) == RC_OK;
        if (!well)
            log_err(&r->app->log, "looking for batches", &e);
        else if (l.id != 0)
            well = step(r, l.id);
        if (!well || (l.id == 0 && l.after == 0))
            worker_thread_wait(&r->thread, r->app->config.poll_ms);
        l.after = well ? l.id : 0;
    }
    return NULL;
}

enum rc batch_runner_start(struct app *app, struct batch_runner **out, struct err *e)
{
    struct arena *own = arena_new(sizeof(struct batch_runner) * 2);
    struct batch_runner *r = arena_alloc(own, sizeof *r);
    *r = (struct batch_runner){.app = app, .own = own, .scratch = arena_new(LIMIT_ARENA_JOB_BYTES)};
    enum rc rc = worker_thread_start(&r->thread, run, r, "that runs batches", e);
    if (rc == RC_OK) {
        *out = r;
        return RC_OK;
    }
    arena_free(r->scratch);
    arena_free(own);
    return rc;
}

void batch_runner_wake(struct batch_runner *r)
{
    worker_thread_wake(&r->thread);
}

void batch_runner_stop(struct batch_runner *r)
{
    if (r == NULL)
        return;
    worker_thread_stop(&r->thread);
    arena_free(r->scratch);
    arena_free(r->own);
}
