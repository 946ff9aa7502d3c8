#include "worker/hook_runner.h"

#include "core/str.h"
#include "gateway/http.h"
#include "sql/sql.h"
#include "worker/crash.h"
#include "worker/hook_open.h"
#include "worker/hook_turn.h"
#include "worker/share.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define GRACE_MS     2000 /* for calls that are open at the stop */
#define FLIGHT_BYTES (1u << 20)
/* Between two turns, for whoever waits for the lock. */
#define REST_MS     10
#define REST_TIMES  4
#define REST_MAX_MS 200

struct hook_runner {
    struct app *app;
    const struct seal_secret *secret;
    struct arena *own, *scratch, *opened;
    struct http *http;
    pthread_t thread;
    int wake_fd;
    atomic_bool stopping;

    struct share flights; /* struct hook_flight of those that are open */
    struct hook_flight *ended[LIMIT_WORKER_FLIGHTS + LIMIT_HOOK_CLAIM]; /* to be written */
    int n_ended;
    bool unwritten;       /* the database is not well: no hurry with them */
    int64_t served;       /* the endpoint that was served last */
    int64_t look_mono_ms; /* when to look again without being woken */
    int64_t rest_mono_ms; /* no turn before */
};

/* ---- who may send -------------------------------------------------------------------------------
 */

static const struct share_rule rule = {
    .slow_ms = 1000, .part = 8, .slow_part = 8, .most = LIMIT_ENDPOINT_FLIGHTS};

static int room(void *ctx, int64_t endpoint, int claimed)
{
    const struct hook_runner *r = ctx;
    return share_room(&r->flights, &rule, (uint64_t)endpoint, claimed);
}

/* ---- one delivery -------------------------------------------------------------------------------
 */

static struct sealed copy_sealed(struct arena *a, struct sealed s)
{
    struct sealed copy = {NULL, s.n};
    if (s.bytes != NULL)
        copy.bytes = (const uint8_t *)arena_strndup(a, (const char *)s.bytes, s.n);
    return copy;
}

static struct hook_flight *flight_new(const struct endpoint *p, const struct delivery *d)
{
    struct arena *a = arena_new(FLIGHT_BYTES);
    struct hook_flight *f = arena_alloc(a, sizeof *f);
    f->arena = a;
    f->delivery = (struct delivery){.id = d->id,
                                    .merchant = d->merchant,
                                    .endpoint = d->endpoint,
                                    .webhook = d->webhook,
                                    .attempts = d->attempts,
                                    .fence = d->fence};
    f->endpoint = (struct endpoint){.id = p->id,
                                    .merchant = p->merchant,
                                    .url = arena_strdup(a, p->url),
                                    .username = arena_strdup(a, p->username),
                                    .password = copy_sealed(a, p->password),
                                    .header_values = copy_sealed(a, p->header_values),
                                    .secret = copy_sealed(a, p->secret),
                                    .old_secret = copy_sealed(a, p->old_secret),
                                    .old_until_ms = p->old_until_ms,
                                    .any_2xx = p->any_2xx};
    return f;
}

static void end(struct hook_runner *r, struct hook_flight *f, const struct http_result *result)
{
    struct webhook_to to;
    struct err ignored;
    if (hook_open(r->opened, r->secret, &f->endpoint, 0, &to, &ignored) != RC_OK)
        to = (struct webhook_to){0}; /* then nothing was sent that could come back */
    f->answered = result->end == HTTP_ANSWERED;
    f->status = result->status;
    f->took_ms = result->took_ms;
    f->said = arena_strdup(f->arena, webhook_said(r->opened, &to, result));
    arena_wipe(r->opened);
    r->ended[r->n_ended++] = f;
}

/* What cannot even be called has ended. */
static void launch(struct hook_runner *r, const struct endpoint *p, const struct delivery *d)
{
    struct hook_flight *f = flight_new(p, d);
    int64_t now_ms = clock_wall_ms(&r->app->clock);
    struct webhook_to to;
    struct http_call call;
    struct err e;
    CRASH_POINT("hook_before_call");
    enum rc rc = hook_open(r->opened, r->secret, p, now_ms, &to, &e);
    if (rc == RC_OK)
        rc = webhook_call(r->opened, &to, d->event_id, d->body, now_ms, &call, &e);
    if (rc == RC_OK)
        rc = http_start(r->http, &call, f, &e);
    arena_wipe(r->opened);
    if (rc == RC_OK) {
        share_begin(&r->flights, f, (uint64_t)p->id, clock_mono_ms());
        return;
    }
    const struct http_result not_sent = {.end = HTTP_NOT_SENT, .body = "", .detail = e.text};
    end(r, f, &not_sent);
}

static void collect(struct hook_runner *r)
{
    struct http_result result;
    void *tag;
    while (r->n_ended < LIMIT_WORKER_FLIGHTS && http_finished(r->http, r->scratch, &result, &tag)) {
        CRASH_POINT("hook_answered");
        share_end(&r->flights, &rule, tag, result.took_ms);
        end(r, tag, &result);
        arena_clear(r->scratch);
    }
}

/* ---- a turn -------------------------------------------------------------------------------------
 */

static struct hook_turn turn_of(struct hook_runner *r, int limit)
{
    return (struct hook_turn){.app = r->app,
                              .arena = r->scratch,
                              .room = room,
                              .ctx = r,
                              .after = r->served,
                              .limit = limit};
}

static void plan(struct hook_runner *r, const struct hook_turn *t)
{
    int64_t poll_ms = r->app->config.poll_ms;
    int64_t wait_ms =
        t->next_due_ms == INT64_MAX ? poll_ms : t->next_due_ms - clock_wall_ms(&r->app->clock);
    if (t->n_claims > 0 || wait_ms < 0)
        wait_ms = 0;
    r->look_mono_ms = clock_mono_ms() + (wait_ms < poll_ms ? wait_ms : poll_ms);
}

static bool is_passing(enum rc rc)
{
    return rc == RC_BUSY || rc == RC_IO;
}

/* The turn could not be written: each outcome by itself. One that never can be is left to its
 * lease, and is sent again then. */
static void one_by_one(struct hook_runner *r)
{
    int kept = 0;
    for (int i = 0; i < r->n_ended; i++) {
        struct hook_turn t = turn_of(r, 0);
        struct err e;
        t.ended = &r->ended[i];
        t.n_ended = 1;
        enum rc rc = sql_tx(r->app->db, hook_turn_fn, &t, &e);
        if (rc != RC_OK)
            log_err(&r->app->log, "noting how a webhook went", &e);
        if (is_passing(rc))
            r->ended[kept++] = r->ended[i];
        else
            arena_free(r->ended[i]->arena);
        arena_clear(r->scratch);
    }
    r->n_ended = kept;
    r->unwritten = true;
    r->look_mono_ms = clock_mono_ms() + r->app->config.poll_ms;
}

static void turn(struct hook_runner *r, bool claim)
{
    struct hook_turn t = turn_of(r, claim ? LIMIT_HOOK_CLAIM : 0);
    struct err e;
    int64_t began_ms = clock_mono_ms();
    t.ended = r->ended;
    t.n_ended = r->n_ended;
    enum rc rc = sql_tx(r->app->db, hook_turn_fn, &t, &e);
    int64_t rest_ms = REST_TIMES * (clock_mono_ms() - began_ms);
    rest_ms = rest_ms < REST_MS ? REST_MS : rest_ms > REST_MAX_MS ? REST_MAX_MS : rest_ms;
    if (rc != RC_OK) {
        log_err(&r->app->log, "a turn of the webhooks", &e);
        one_by_one(r);
    } else {
        CRASH_POINT("hook_claimed");
        for (int i = 0; i < r->n_ended; i++)
            arena_free(r->ended[i]->arena);
        r->n_ended = 0;
        r->unwritten = false;
        r->served = t.served;
        plan(r, &t);
        for (int i = 0; i < t.n_claims; i++) {
            for (int k = 0; k < t.claims[i].n; k++)
                launch(r, &t.claims[i].endpoint, &t.claims[i].deliveries[k]);
        }
    }
    arena_clear(r->scratch);
    r->rest_mono_ms = clock_mono_ms() + rest_ms;
}

/* Whether something could be claimed; without taking the lock. */
static bool look(struct hook_runner *r)
{
    struct hook_turn t = turn_of(r, 0);
    struct err e;
    bool well = sql_read(r->app->db, hook_turn_look_fn, &t, &e) == RC_OK;
    if (!well) {
        log_err(&r->app->log, "looking for webhooks", &e);
        t.next_due_ms = INT64_MAX;
    }
    plan(r, &t);
    arena_clear(r->scratch);
    return well && t.more;
}

/* ---- the loop -----------------------------------------------------------------------------------
 */

static void drain(int fd)
{
    uint64_t count;
    while (read(fd, &count, sizeof count) > 0)
        continue;
}

/* False after a wait that only let time pass for others. */
static bool wait_for_news(struct hook_runner *r)
{
    int64_t now_ms = clock_mono_ms();
    bool woken = false, resting = r->rest_mono_ms > now_ms;
    int64_t until_ms = resting ? r->rest_mono_ms : r->look_mono_ms;
    if (r->n_ended > 0 && !r->unwritten && !resting)
        until_ms = now_ms;
    http_poll(r->http, resting ? -1 : r->wake_fd, until_ms > now_ms ? until_ms - now_ms : 0,
              &woken);
    if (woken) {
        drain(r->wake_fd);
        r->look_mono_ms = 0;
    }
    return !resting;
}

static void step(struct hook_runner *r, bool stopping)
{
    bool may_turn = wait_for_news(r);
    collect(r);
    share_look(&r->flights, &rule, clock_mono_ms());
    if (!may_turn)
        return;
    bool due = clock_mono_ms() >= r->look_mono_ms;
    if ((r->n_ended > 0 && (!r->unwritten || due)) || (due && !stopping && look(r)))
        turn(r, !stopping);
}

static void *run(void *arg)
{
    struct hook_runner *r = arg;
    while (!atomic_load(&r->stopping))
        step(r, false);
    int64_t until_ms = clock_mono_ms() + GRACE_MS;
    while ((r->flights.n_open > 0 || r->n_ended > 0) && clock_mono_ms() < until_ms)
        step(r, true);
    return NULL;
}

/* ---- opening and closing ------------------------------------------------------------------------
 */

static void close_all(struct hook_runner *r)
{
    for (int i = 0; i < r->flights.n_open; i++) {
        struct hook_flight *f = r->flights.open[i].tag;
        arena_free(f->arena);
    }
    for (int i = 0; i < r->n_ended; i++)
        arena_free(r->ended[i]->arena);
    http_close(r->http);
    if (r->wake_fd >= 0)
        close(r->wake_fd);
    arena_free(r->scratch);
    arena_free(r->opened);
    arena_free(r->own);
}

static enum rc open_transport(struct hook_runner *r, struct err *e)
{
    const struct config *c = &r->app->config;
    const struct http_options options = {
        .connect_timeout_ms = c->webhook_timeout_ms,
        .request_timeout_ms = c->webhook_timeout_ms,
        .allow_http = c->webhook_allow_private,
        .internet_only = !c->webhook_allow_private,
        .keep_bytes = LIMIT_DELIVERY_SAID + LIMIT_HEADER_BYTES, /* what repeats a secret is whole */
        .request_limit_bytes = LIMIT_WEBHOOK_BYTES,
        .ca_file = c->webhook_ca_file != NULL ? config_path(r->own, c, c->webhook_ca_file) : NULL,
    };
    return http_open(&r->http, &options, e);
}

static int start_thread(struct hook_runner *r)
{
    sigset_t all, before;
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_BLOCK, &all, &before) == 0);
    int failed = pthread_create(&r->thread, NULL, run, r);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return failed;
}

enum rc hook_runner_start(struct app *app, const struct seal_secret *secret,
                          struct hook_runner **out, struct err *e)
{
    struct arena *own = arena_new(sizeof(struct hook_runner) + (64u << 10));
    struct hook_runner *r = arena_alloc(own, sizeof *r);
    *r = (struct hook_runner){.app = app,
                              .secret = secret,
                              .own = own,
                              .scratch = arena_new(LIMIT_ARENA_HOOKS_BYTES),
                              .opened = arena_new(LIMIT_ARENA_JOB_BYTES),
                              .wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    enum rc rc = RC_OK;
    int failed = 0;
    if (r->wake_fd < 0)
        rc = ERR(e, RC_IO, "The thread that sends webhooks cannot be started.", "eventfd: %s",
                 strerror(errno));
    if (rc == RC_OK)
        rc = open_transport(r, e);
    if (rc == RC_OK && (failed = start_thread(r)) != 0)
        rc = ERR(e, RC_IO, "The thread that sends webhooks cannot be started.", "error %d", failed);
    if (rc != RC_OK) {
        close_all(r);
        return rc;
    }
    *out = r;
    return RC_OK;
}

void hook_runner_wake(struct hook_runner *r)
{
    const uint64_t one = 1;
    if (write(r->wake_fd, &one, sizeof one) < 0)
        CHECK(errno == EAGAIN || errno == EINTR); /* it is awake already */
}

void hook_runner_stop(struct hook_runner *r)
{
    if (r == NULL)
        return;
    atomic_store(&r->stopping, true);
    hook_runner_wake(r);
    pthread_join(r->thread, NULL);
    close_all(r);
}
