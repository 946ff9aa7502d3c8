#include "worker/worker.h"

#include "core/str.h"
#include "worker/crash.h"

static const struct job_kind *const job_kinds[] = {&job_send, &job_inquire, &job_charge, &job_news};

/* A gateway takes a second or two as a rule; its lane is no slow one for that. */
const struct share_rule worker_share = {
    .slow_ms = 5000, .part = 1, .slow_part = 8, .most = LIMIT_WORKER_FLIGHTS / 2};

static const struct job_kind *kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof job_kinds / sizeof job_kinds[0]; i++) {
        if (str_eq(job_kinds[i]->name, name))
            return job_kinds[i];
    }
    return NULL;
}

static struct flight *flight_new(const struct job *job, const struct job_kind *kind, uint64_t lane)
{
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    struct flight *f = arena_alloc(a, sizeof *f);
    f->arena = a;
    f->kind = kind;
    f->job = *job;
    f->job.kind = kind->name;
    f->lane = lane;
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
    uint64_t served; /* the lane of the last claim */
    bool park;       /* claim, but leave it to its lease: it could not be prepared */
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

/* ---- what is claimed next -----------------------------------------------------------------------
 */

static uint64_t key_of(const char *lane)
{
    uint64_t key = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *lane != '\0'; lane++)
        key = (key ^ (unsigned char)*lane) * UINT64_C(1099511628211);
    return key;
}

/* The index after the lane that was served last. */
static int first_of(const struct job_lane *lanes, int n, uint64_t served)
{
    for (int i = 0; i < n; i++) {
        if (key_of(lanes[i].lane) == served)
            return (i + 1) % n;
    }
    return 0;
}

/* Those that are not due yet are left out. */
static int keep_due(struct job_lane *lanes, int n, int64_t now_ms)
{
    int due = 0;
    for (int i = 0; i < n; i++) {
        if (lanes[i].due_ms <= now_ms)
            lanes[due++] = lanes[i];
    }
    return due;
}

static enum rc claim_lane(struct sql *q, struct work *k, const char *lane, int limit,
                          int64_t now_ms, int *claimed, struct err *e)
{
    struct job *jobs;
    int n = 0;
    enum rc rc =
        jobs_claim(q, k->w->scratch, lane, now_ms, k->w->app->config.lease_ms, limit, &jobs, &n, e);
    for (int i = 0; rc == RC_OK && i < n && !k->park; i++) {
        const struct job_kind *kind = kind_find(jobs[i].kind);
        if (kind == NULL)
            continue; /* a newer program's job: its lease keeps it away from us for a while */
        struct flight *f = flight_new(&jobs[i], kind, key_of(lane));
        rc = kind->prepare(k->w, q, f, e);
        if (rc == RC_OK && f->wants_call)
            k->turn->launch[k->turn->n_launch++] = f;
        else
            flight_free(f);
    }
    *claimed += n;
    return rc;
}

/* Each lane that is due has its part of the turn, so that the others come by too. */
static enum rc claim(struct sql *q, struct work *k, struct err *e)
{
    struct job_lane *lanes;
    int n = 0, claimed = 0;
    int64_t now_ms = clock_wall_ms(&k->w->app->clock);
    if (k->limit == 0)
        return RC_OK;
    enum rc rc = jobs_lanes(q, k->w->scratch, &lanes, &n, e);
    n = rc == RC_OK ? keep_due(lanes, n, now_ms) : 0;
    int first = first_of(lanes, n, k->w->served);
    for (int i = 0; rc == RC_OK && i < n && claimed < k->limit; i++) {
        const struct job_lane *l = &lanes[(first + i) % n];
        int part = (k->limit - claimed + n - i - 1) / (n - i);
        int room = share_room(&k->w->calls, &worker_share, key_of(l->lane), claimed);
        if (room == 0)
            continue;
        rc = claim_lane(q, k, l->lane, room < part ? room : part, now_ms, &claimed, e);
        k->served = key_of(l->lane);
    }
    return rc;
}

struct look {
    struct worker *w;
    struct arena *arena;
    int64_t due_ms;
};

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    struct job_lane *lanes;
    int n = 0;
    l->due_ms = INT64_MAX;
    enum rc rc = jobs_lanes(q, l->arena, &lanes, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        if (lanes[i].due_ms < l->due_ms &&
            share_room(&l->w->calls, &worker_share, key_of(lanes[i].lane), 0) > 0)
            l->due_ms = lanes[i].due_ms;
    }
    return rc;
}

enum rc worker_next_due(struct worker *w, struct arena *a, int64_t *due_ms, struct err *e)
{
    struct look l = {.w = w, .arena = a};
    enum rc rc = sql_read(w->app->db, look_fn, &l, e);
    if (rc == RC_OK)
        *due_ms = l.due_ms;
    return rc;
}

/* ---- the turn -----------------------------------------------------------------------------------
 */

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
    } else if (k->served != 0) {
        k->w->served = k->served;
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
