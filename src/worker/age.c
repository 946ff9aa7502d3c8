#include "refund/apply.h"
#include "refund/batch.h"
#include "worker/worker.h"

#include "core/limits.h"
#include "store/users.h"

struct ageing {
    struct arena *arena;
    int64_t now_ms;
    int64_t before_ms;
    int moved;
};

static enum rc age_fn(struct sql *q, void *arg, struct err *e)
{
    struct ageing *g = arg;
    const struct refund_news news = {.actor = "worker"};
    int64_t ids[LIMIT_WORKER_CLAIM];
    int n = 0;
    g->moved = 0;
    enum rc rc = refunds_aged(q, g->before_ms, ids, LIMIT_WORKER_CLAIM, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        struct machine_step step;
        rc = refund_apply(q, g->arena, ids[i], EVENT_AGE, &news, g->now_ms, &step, e);
        g->moved += rc == RC_OK && step.verdict == VERDICT_MOVE;
    }
    return rc;
}

static void age_refunds(struct worker *w, struct arena *a)
{
    struct ageing g = {.arena = a, .now_ms = clock_wall_ms(&w->app->clock)};
    g.before_ms = g.now_ms - w->app->config.review_after_ms;
    do {
        struct err e;
        if (sql_tx(w->app->db, age_fn, &g, &e) != RC_OK) {
            log_err(&w->app->log, "ageing refunds", &e);
            return;
        }
    } while (g.moved == LIMIT_WORKER_CLAIM);
}

static enum rc sweep_fn(struct sql *q, void *arg, struct err *e)
{
    const struct worker *w = arg;
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    return sessions_sweep(q, now_ms - w->app->config.session_idle_ms,
                          now_ms - w->app->config.session_absolute_ms, e);
}

void worker_age(struct worker *w)
{
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    struct err e;
    age_refunds(w, a);
    if (sql_tx(w->app->db, sweep_fn, w, &e) != RC_OK)
        log_err(&w->app->log, "sweeping sessions", &e);
    if (batch_sweep(w->app, &e) != RC_OK)
        log_err(&w->app->log, "sweeping files whose reader is gone", &e);
    arena_free(a);
}
