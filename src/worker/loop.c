#include "worker/worker.h"

#include "core/str.h"
#include "worker/batch_runner.h"
#include "worker/crash.h"
#include "worker/hook_runner.h"
#include "worker/mail_runner.h"

#include <sys/socket.h>
#include <unistd.h>

#define GRACE_MS   10000 /* for calls in flight when the worker is told to stop */
#define AGE_MAX_MS 60000 /* ageing is looked at this often, more often when ten days are short */
#define AGE_MIN_MS 1000
/* Between two turns: at least this, so that what comes in meanwhile shares a commit, and so many
 * times what the turn took, because clients of portal and API wait for the lock that a turn holds.
 */
#define REST_MS     20
#define REST_TIMES  6
#define REST_MAX_MS 200

struct loop {
    struct worker *w;
    struct arena *look;
    struct flight *finished[LIMIT_WORKER_FLIGHTS + LIMIT_WORKER_CLAIM];
    int n_finished; /* the first n_kept of them are here for another time */
    int n_kept;
    int64_t aged_mono_ms, turned_mono_ms, rest_ms;
};

static void drain(int fd)
{
    char byte[16];
    while (recv(fd, byte, sizeof byte, MSG_DONTWAIT) >= 0)
        continue;
}

static int64_t due_in_ms(const struct loop *l)
{
    struct worker *w = l->w;
    struct err e;
    int64_t due_ms = INT64_MAX;
    enum rc rc = worker_next_due(w, l->look, &due_ms, &e);
    arena_clear(l->look);
    if (rc != RC_OK) {
        log_err(&w->app->log, "looking for due jobs", &e);
        return w->app->config.poll_ms;
    }
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    return due_ms <= now_ms ? 0 : due_ms - now_ms;
}

static int collect(struct worker *w, struct flight **finished)
{
    struct http_result result;
    void *tag;
    int n = 0;
    while (n < LIMIT_WORKER_FLIGHTS && http_finished(w->http, w->scratch, &result, &tag)) {
        struct flight *f = tag;
        CRASH_POINT("answered");
        share_end(&w->calls, &worker_share, f, result.took_ms);
        f->kind->parse(f, &result);
        f->detail = arena_strdup(f->arena, f->detail);
        finished[n++] = f;
    }
    return n;
}

/* A call that cannot even be started was not sent: it is an outcome like any other. */
static bool is_under_way(struct worker *w, struct flight *f)
{
    struct http_call call = f->kind->call(f);
    struct err e;
    CRASH_POINT("before_call");
    if (http_start(w->http, &call, f, &e) == RC_OK) {
        share_begin(&w->calls, f, f->lane, clock_mono_ms());
        return true;
    }
    log_err(&w->app->log, "starting a call", &e);
    const struct http_result not_sent = {
        .end = HTTP_NOT_SENT, .body = "", .detail = arena_strdup(f->arena, e.text)};
    f->kind->parse(f, &not_sent);
    return false;
}

static int launch(struct worker *w, struct turn *t, struct flight **finished)
{
    int n = 0;
    for (int i = 0; i < t->n_launch; i++) {
        struct flight *f = t->launch[i];
        if (f->kind->call == NULL)
            f->kind->parse(f, NULL);
        else if (is_under_way(w, f))
            continue;
        finished[n++] = f;
    }
    return n;
}

static int64_t age_interval_ms(const struct config *c)
{
    bool sooner = c->approval_expires_ms < c->review_after_ms;
    int64_t ms = (sooner ? c->approval_expires_ms : c->review_after_ms) / 10;
    return ms > AGE_MAX_MS ? AGE_MAX_MS : ms < AGE_MIN_MS ? AGE_MIN_MS : ms;
}

static int64_t rest_after(int64_t took_ms)
{
    int64_t ms = REST_TIMES * took_ms;
    return ms < REST_MS ? REST_MS : ms > REST_MAX_MS ? REST_MAX_MS : ms;
}

static void wake_hooks(struct worker *w)
{
    if (w->hooks != NULL)
        hook_runner_wake(w->hooks);
}

static void turn(struct loop *l, bool claim)
{
    struct worker *w = l->w;
    int64_t began_ms = clock_mono_ms();
    int room = LIMIT_WORKER_FLIGHTS - http_in_flight(w->http) - l->n_kept;
    struct turn t = {.finished = l->finished, .n_finished = l->n_finished};
    if (claim)
        t.limit = room < LIMIT_WORKER_CLAIM ? room : LIMIT_WORKER_CLAIM;
    worker_turn(w, &t);
    wake_hooks(w);
    l->n_kept = t.n_kept;
    l->n_finished = t.n_kept + launch(w, &t, l->finished + t.n_kept);
    arena_clear(w->scratch);
    l->turned_mono_ms = clock_mono_ms();
    l->rest_ms = rest_after(l->turned_mono_ms - began_ms);
}

static int64_t rest_ms(const struct loop *l)
{
    int64_t since_ms = clock_mono_ms() - l->turned_mono_ms;
    return since_ms < l->rest_ms ? l->rest_ms - since_ms : 0;
}

/* How long nothing needs to be done unless something arrives. */
static int64_t wait_ms(const struct loop *l, bool may_claim)
{
    int64_t poll_ms = l->w->app->config.poll_ms;
    if (l->n_kept > 0)
        return poll_ms; /* the database is not well: no hurry */
    if (l->n_finished > 0)
        return 0;
    int64_t due_ms = may_claim ? due_in_ms(l) : poll_ms;
    return due_ms < poll_ms ? due_ms : poll_ms;
}

static void step(struct loop *l, bool stopping)
{
    struct worker *w = l->w;
    bool woken = false;
    bool full = http_in_flight(w->http) + l->n_kept >= LIMIT_WORKER_FLIGHTS;
    bool may_claim = !stopping && !full;
    int64_t rest = rest_ms(l);
    if (rest > 0)
        http_poll(w->http, -1, rest, &woken);
    else
        http_poll(w->http, w->wake_fd, wait_ms(l, may_claim), &woken);
    CRASH_POINT("in_flight");
    if (woken) {
        drain(w->wake_fd);
        if (w->batches != NULL)
            batch_runner_wake(w->batches);
        if (w->mails != NULL)
            mail_runner_wake(w->mails);
        wake_hooks(w);
    }
    share_look(&w->calls, &worker_share, clock_mono_ms());
    l->n_finished += collect(w, l->finished + l->n_finished);
    if (rest == 0) {
        bool claim = may_claim && due_in_ms(l) == 0;
        if (claim || l->n_finished > 0)
            turn(l, claim);
    }
    if (!stopping && clock_mono_ms() - l->aged_mono_ms >= age_interval_ms(&w->app->config)) {
        worker_age(w);
        wake_hooks(w);
        l->aged_mono_ms = clock_mono_ms();
    }
}

void worker_run(struct worker *w, const volatile int *stop)
{
    struct loop l = {
        .w = w, .aged_mono_ms = -AGE_MAX_MS, .turned_mono_ms = -REST_MS, .rest_ms = REST_MS};
    w->scratch = arena_new(LIMIT_ARENA_JOB_BYTES);
    l.look = arena_new(LIMIT_ARENA_JOB_BYTES);
    while (!*stop)
        step(&l, false);
    int64_t until_ms = clock_mono_ms() + GRACE_MS;
    while ((http_in_flight(w->http) > 0 || l.n_finished > 0) && clock_mono_ms() < until_ms)
        step(&l, true);
    arena_free(l.look);
    arena_free(w->scratch);
}
