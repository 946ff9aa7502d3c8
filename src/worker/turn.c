#include "worker/worker.h"

#include "core/str.h"
#include "worker/crash.h"

static const struct job_kind *const job_kinds[] = {&job_send, &job_inquire, &job_charge, &job_news};

static const struct job_kind *kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof job_kinds / sizeof job_kinds[0]; i++) {
        if (str_eq(job_kinds[i]->name, name))
            return job_kinds[i];
    }
    return NULL;
}

static struct flight *flight_new(const struct job *job, const struct job_kind *kind)
{
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    struct flight *f = arena_alloc(a, sizeof *f);
    f->arena = a;
    f->kind = kind;
    f->job = *job;
    f->job.kind = kind->name;
    return f;
}

void flight_free(struct flight *f)
{
    arena_free(f->arena);
}

struct work {
    struct worker *w;
    struct turn *turn;
    int first, last; /* which of the finished: [first, last) */
    int limit;
    bool park; /* claim, but leave it to its lease: it could not be prepared */
};

static void forget_launches(struct turn *t, int keep)
{
    while (t->n_launch > keep)
        flight_free(t->launch[--t->n_launch]);
}

/* A job whose fence is not ours any more was taken over: what we know comes to it by inquiry. */
static enum rc apply_finished(struct sql *q, struct work *k, struct err *e)
{
    for (int i = k->first; i < k->last; i++) {
        struct flight *f = k->turn->finished[i];
        struct err stale;
        enum rc rc = jobs_owned(q, &f->job, &stale);
        if (rc == RC_CONFLICT) {
            log_err(&k->w->app->log, "applying an outcome", &stale);
            continue;
        }
        if (rc != RC_OK) {
            *e = stale;
            return rc;
        }
        rc = f->kind->apply(k->w, q, f, e);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc claim(struct sql *q, struct work *k, struct err *e)
{
    struct job *jobs;
    int n = 0;
    int64_t now_ms = clock_wall_ms(&k->w->app->clock);
    if (k->limit == 0)
        return RC_OK;
    enum rc rc =
        jobs_claim(q, k->w->scratch, now_ms, k->w->app->config.lease_ms, k->limit, &jobs, &n, e);
    for (int i = 0; rc == RC_OK && i < n && !k->park; i++) {
        const struct job_kind *kind = kind_find(jobs[i].kind);
        if (kind == NULL)
            continue; /* a newer program's job: its lease keeps it away from us for a while */
        struct flight *f = flight_new(&jobs[i], kind);
        rc = kind->prepare(k->w, q, f, e);
        if (rc == RC_OK && f->wants_call)
            k->turn->launch[k->turn->n_launch++] = f;
        else
            flight_free(f);
    }
    return rc;
}

static enum rc work_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *k = arg;
    int before = k->turn->n_launch;
    enum rc rc = apply_finished(q, k, e);
    if (rc == RC_OK)
        rc = claim(q, k, e);
    if (rc != RC_OK)
        forget_launches(k->turn, before);
    return rc;
}

static enum rc commit(struct work *k, const char *during)
{
    struct err e;
    int before = k->turn->n_launch;
    enum rc rc = sql_tx(k->w->app->db, work_fn, k, &e);
    if (rc != RC_OK) {
        forget_launches(k->turn, before);
        log_err(&k->w->app->log, during, &e);
    }
    return rc;
}

/* The database is busy or its disk failed: the same outcome may be written later. */
static bool is_passing(enum rc rc)
{
    return rc == RC_BUSY || rc == RC_IO;
}

/* Something in the turn could not be written: each outcome and one job by itself, so that one bad
 * row holds up nobody else. Outcomes that may be written later are kept; one that is lost is found
 * again by inquiry. */
static void one_by_one(struct worker *w, struct turn *t)
{
    for (int i = 0; i < t->n_finished; i++) {
        struct work k = {.w = w, .turn = t, .first = i, .last = i + 1};
        if (is_passing(commit(&k, "applying one outcome")))
            t->finished[t->n_kept++] = t->finished[i];
        else
            flight_free(t->finished[i]);
    }
    struct work one = {.w = w, .turn = t, .limit = t->limit > 0};
    enum rc rc = commit(&one, "preparing one job");
    if (rc != RC_OK && !is_passing(rc)) {
        one.park = true;
        (void)commit(&one, "parking one job");
    }
}

void worker_turn(struct worker *w, struct turn *t)
{
    struct work all = {.w = w, .turn = t, .last = t->n_finished, .limit = t->limit};
    t->n_launch = t->n_kept = 0;
    CRASH_POINT("before_commit");
    if (commit(&all, "a turn of the worker") != RC_OK) {
        one_by_one(w, t);
        return;
    }
    CRASH_POINT("after_commit");
    for (int i = 0; i < t->n_finished; i++)
        flight_free(t->finished[i]);
}
