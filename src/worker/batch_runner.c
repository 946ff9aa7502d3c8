#include "worker/batch_runner.h"

#include "core/limits.h"
#include "refund/batch.h"
#include "sql/sql.h"
#include "worker/crash.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

/* A transaction of at most 10 ms: the rows, and what its commit takes. */
#define STEP_MS 7
/* Between two of them a quarter of what the last one took, for whoever waits for the lock. */
#define REST_PART 4

struct batch_runner {
    struct app *app;
    struct arena *own, *scratch;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    bool woken, stopping; /* under the mutex */
};

struct look {
    int64_t after, id;
};

static enum rc next_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    return batches_next_processing(q, l->after, &l->id, e);
}

static bool is_stopping(struct batch_runner *r)
{
    pthread_mutex_lock(&r->mutex);
    bool stopping = r->stopping;
    pthread_mutex_unlock(&r->mutex);
    return stopping;
}

/* Until news come, at most ms. */
static void wait_for_news(struct batch_runner *r, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&r->mutex);
    while (!r->woken && !r->stopping && pthread_cond_timedwait(&r->news, &r->mutex, &until) == 0)
        continue;
    r->woken = false;
    pthread_mutex_unlock(&r->mutex);
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
    while (!is_stopping(r)) {
        struct err e;
        bool well = sql_read(r->app->db, next_fn, &l, &e) == RC_OK;
        if (!well)
            log_err(&r->app->log, "looking for batches", &e);
        else if (l.id != 0)
            well = step(r, l.id);
        if (!well || (l.id == 0 && l.after == 0))
            wait_for_news(r, r->app->config.poll_ms);
        l.after = well ? l.id : 0;
    }
    return NULL;
}

enum rc batch_runner_start(struct app *app, struct batch_runner **out, struct err *e)
{
    struct arena *own = arena_new(sizeof(struct batch_runner) * 2);
    struct batch_runner *r = arena_alloc(own, sizeof *r);
    pthread_condattr_t by_monotonic;
    sigset_t all, before;
    *r = (struct batch_runner){.app = app, .own = own, .scratch = arena_new(LIMIT_ARENA_JOB_BYTES)};
    CHECK(pthread_mutex_init(&r->mutex, NULL) == 0 && pthread_condattr_init(&by_monotonic) == 0 &&
          pthread_condattr_setclock(&by_monotonic, CLOCK_MONOTONIC) == 0 &&
          pthread_cond_init(&r->news, &by_monotonic) == 0);
    pthread_condattr_destroy(&by_monotonic);
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_BLOCK, &all, &before) == 0);
    int failed = pthread_create(&r->thread, NULL, run, r);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    if (failed) {
        arena_free(r->scratch);
        arena_free(own);
        return ERR(e, RC_IO, "The thread that runs batches cannot be started.", "error %d", failed);
    }
    *out = r;
    return RC_OK;
}

void batch_runner_wake(struct batch_runner *r)
{
    pthread_mutex_lock(&r->mutex);
    r->woken = true;
    pthread_cond_signal(&r->news);
    pthread_mutex_unlock(&r->mutex);
}

void batch_runner_stop(struct batch_runner *r)
{
    if (r == NULL)
        return;
    pthread_mutex_lock(&r->mutex);
    r->stopping = true;
    pthread_cond_signal(&r->news);
    pthread_mutex_unlock(&r->mutex);
    pthread_join(r->thread, NULL);
    pthread_cond_destroy(&r->news);
    pthread_mutex_destroy(&r->mutex);
    arena_free(r->scratch);
    arena_free(r->own);
}
