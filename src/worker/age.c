#include "refund/apply.h"
#include "refund/batch.h"
#include "refund/occasion_facts.h"
#include "worker/worker.h"

#include "core/limits.h"
#include "core/str.h"
#include "store/users.h"
#include "store/webhooks.h"

#define SWEEPS 20 /* of webhooks, in one look: 2,000 a minute */

typedef enum rc find_fn(struct sql *q, int64_t before_ms, int64_t *ids, int limit, int *count,
                        struct err *e);

/* What becomes of refunds that are older than `before_ms` in a state that find() looks for. */
struct ageing {
    find_fn *find;
    enum refund_event event;
    struct refund_news news;
    struct arena *arena;
    int64_t now_ms;
    int64_t before_ms;
    int moved;
};

static enum rc age_fn(struct sql *q, void *arg, struct err *e)
{
    struct ageing *g = arg;
    int64_t ids[LIMIT_WORKER_CLAIM];
    int n = 0;
    g->moved = 0;
    enum rc rc = g->find(q, g->before_ms, ids, LIMIT_WORKER_CLAIM, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        struct machine_step step;
        rc = refund_apply(q, g->arena, ids[i], g->event, &g->news, g->now_ms, &step, e);
        g->moved += rc == RC_OK && step.verdict == VERDICT_MOVE;
    }
    return rc;
}

static void age(struct worker *w, struct ageing *g, const char *doing)
{
    do {
        struct err e;
        if (sql_tx(w->app->db, age_fn, g, &e) != RC_OK) {
            log_err(&w->app->log, doing, &e);
            return;
        }
    } while (g->moved == LIMIT_WORKER_CLAIM);
}

static void age_refunds(struct worker *w, struct arena *a)
{
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    struct ageing unapproved = {
        .find = refunds_unapproved,
        .event = EVENT_EXPIRE,
        .news = {.actor = "worker",
                 .error_code = "EXPIRED",
                 .error_message = "Nobody approved it in time"},
        .arena = a,
        .now_ms = now_ms,
        .before_ms = now_ms - w->app->config.approval_expires_ms,
    };
    struct ageing pending = {
        .find = refunds_aged,
        .event = EVENT_AGE,
        .news = {.actor = "worker"},
        .arena = a,
        .now_ms = now_ms,
        .before_ms = now_ms - w->app->config.review_after_ms,
    };
    age(w, &unapproved, "expiring approvals");
    age(w, &pending, "ageing refunds");
}

/* ---- the mail three days before ----------------------------------------------------------------
 */

struct warning {
    struct arena *arena;
    int64_t now_ms, before_ms, review_after_ms;
    struct refunds_mark from, mark;
    int64_t ids[LIMIT_WORKER_CLAIM];
    int n;
};

static enum rc find_old(struct sql *q, void *arg, struct err *e)
{
    struct warning *x = arg;
    x->mark = x->from;
    return refunds_pending_after(q, &x->mark, x->before_ms, x->ids, LIMIT_WORKER_CLAIM, &x->n, e);
}

static enum rc warn_fn(struct sql *q, void *arg, struct err *e)
{
    struct warning *x = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < x->n; i++) {
        struct refund r;
        rc = refunds_get(q, x->arena, x->ids[i], &r, e);
        if (rc == RC_OK && str_eq(r.status, "PENDING"))
            rc = occasion_of_old_refund(q, x->arena, &r, r.created_ms + x->review_after_ms,
                                        x->now_ms, e);
    }
    return rc;
}

/* Each is looked at once in the life of a worker; one that starts anew looks at those between seven
 * and ten days once more, and their mails are there already. */
static void warn_of_refunds(struct worker *w)
{
    const struct config *c = &w->app->config;
    struct warning x = {.now_ms = clock_wall_ms(&w->app->clock), .from = w->warned};
    struct err e;
    enum rc rc = RC_OK;
    x.before_ms = x.now_ms - c->warn_after_ms;
    x.review_after_ms = c->review_after_ms;
    do {
        x.arena = arena_new(LIMIT_ARENA_JOB_BYTES);
        rc = sql_read(w->app->db, find_old, &x, &e);
        if (rc == RC_OK && x.n > 0)
            rc = sql_tx(w->app->db, warn_fn, &x, &e);
        arena_free(x.arena);
        if (rc == RC_OK)
            w->warned = x.from = x.mark;
    } while (rc == RC_OK && x.n == LIMIT_WORKER_CLAIM);
    if (rc != RC_OK)
        log_err(&w->app->log, "warning of refunds that stay pending", &e);
}

static enum rc sweep_fn(struct sql *q, void *arg, struct err *e)
{
    const struct worker *w = arg;
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    return sessions_sweep(q, now_ms - w->app->config.session_idle_ms,
                          now_ms - w->app->config.session_absolute_ms, e);
}

/* ---- webhooks -----------------------------------------------------------------------------------
 */

struct forgetting {
    int64_t before_ms;
    int gone;
};

static enum rc forget_fn(struct sql *q, void *arg, struct err *e)
{
    struct forgetting *g = arg;
    return webhooks_sweep(q, g->before_ms, LIMIT_WEBHOOKS_SWEPT, &g->gone, e);
}

/* A hundred at a time, and no more than SWEEPS of them: many that have grown old together shall not
 * hold up refunds. */
static void sweep_webhooks(struct worker *w)
{
    struct forgetting g = {.before_ms =
                               clock_wall_ms(&w->app->clock) - w->app->config.webhook_kept_ms};
    for (int i = 0; i < SWEEPS; i++) {
        struct err e;
        if (sql_tx(w->app->db, forget_fn, &g, &e) != RC_OK) {
            log_err(&w->app->log, "sweeping old webhooks", &e);
            return;
        }
        if (g.gone < LIMIT_WEBHOOKS_SWEPT)
            return;
    }
}

void worker_age(struct worker *w)
{
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    struct err e;
    age_refunds(w, a);
    if (w->app->config.warn_after_ms < w->app->config.review_after_ms)
        warn_of_refunds(w);
    if (sql_tx(w->app->db, sweep_fn, w, &e) != RC_OK)
        log_err(&w->app->log, "sweeping sessions", &e);
    sweep_webhooks(w);
    if (batch_sweep(w->app, &e) != RC_OK)
        log_err(&w->app->log, "sweeping files whose reader is gone", &e);
    arena_free(a);
}
