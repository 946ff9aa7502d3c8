#include "worker/hook_turn.h"

#include "core/digest.h"
#include "core/str.h"
#include "refund/endpoint_gone.h"

#define GONE 410

/* ---- when to try again --------------------------------------------------------------------------
 */

/* 16 retries in 24 hours. */
static const struct {
    int times;
    int64_t units;
} schedule[] = {{1, 1}, {2, 5}, {5, 10}, {5, 60}, {3, 360}};

int64_t hook_retry_ms(int64_t attempts, int64_t unit_ms, int parts)
{
    CHECK(attempts >= 1 && parts >= 0 && parts <= 200);
    for (size_t i = 0; i < sizeof schedule / sizeof schedule[0]; i++) {
        if (attempts <= schedule[i].times)
            return schedule[i].units * unit_ms * (900 + parts) / 1000;
        attempts -= schedule[i].times;
    }
    return 0;
}

/* ---- how attempts ended -------------------------------------------------------------------------
 */

static bool is_delivered(const struct hook_flight *f)
{
    if (!f->answered)
        return false;
    return f->status == 200 || (f->endpoint.any_2xx && f->status >= 200 && f->status <= 299);
}

static bool is_gone(const struct hook_flight *f)
{
    return f->answered && f->status == GONE;
}

static int spread(void)
{
    uint16_t number;
    digest_random(&number, sizeof number);
    return number % 201;
}

static bool lives(const struct endpoint *p)
{
    return str_eq(p->state, "ACTIVE") || str_eq(p->state, "PAUSED");
}

/* As it is after this attempt; p: its endpoint as it is now. */
static struct delivery ended(const struct hook_flight *f, const struct endpoint *p,
                             int64_t retry_unit_ms, int64_t now_ms)
{
    struct delivery d = f->delivery;
    d.attempts++;
    d.tried_ms = now_ms;
    d.status = f->answered ? f->status : 0;
    d.took_ms = f->took_ms;
    d.said = f->said;
    int64_t again_ms = hook_retry_ms(d.attempts, retry_unit_ms, spread());
    bool again = again_ms > 0 && lives(p) && !is_gone(f);
    d.state = is_delivered(f) ? "DELIVERED" : again ? "WAITING" : "FAILED";
    d.due_ms = now_ms + again_ms;
    return d;
}

/* A delivery whose fence is not ours any more was taken over, or sent again by hand. */
static enum rc end_one(struct sql *q, struct hook_turn *t, const struct hook_flight *f,
                       int64_t now_ms, struct err *e)
{
    struct endpoint p;
    struct err stale;
    enum rc rc = endpoints_any(q, t->arena, f->delivery.endpoint, &p, e);
    if (rc != RC_OK)
        return rc;
    struct delivery d = ended(f, &p, t->app->config.webhook_retry_unit_ms, now_ms);
    rc = deliveries_tried(q, &d, &stale);
    if (rc == RC_CONFLICT) {
        log_err(&t->app->log, "noting how a webhook went", &stale);
        rc = RC_OK;
    } else if (rc != RC_OK) {
        *e = stale;
    }
    if (rc == RC_OK && is_gone(f))
        rc = endpoint_gone(t->app, q, t->arena, &p, "It answered 410 Gone.", now_ms, e);
    return rc;
}

/* ---- what is claimed next -----------------------------------------------------------------------
 */

static enum rc claim(struct sql *q, struct hook_turn *t, int64_t endpoint, int n, int64_t now_ms,
                     struct err *e)
{
    struct hook_claim *c = &t->claims[t->n_claims];
    enum rc rc = endpoints_any(q, t->arena, endpoint, &c->endpoint, e);
    if (rc == RC_OK)
        rc = deliveries_claim(q, t->arena, endpoint, now_ms, t->app->config.webhook_lease_ms, n,
                              &c->deliveries, &c->n, e);
    if (rc == RC_OK && c->n > 0) {
        t->n_claims++;
        t->n_claimed += c->n;
        t->served = endpoint;
    }
    return rc;
}

/* The index after the endpoint that was served last; they come in the order of their ids. */
static int first_of(const struct endpoint_due *due, int n, int64_t after)
{
    for (int i = 0; i < n; i++) {
        if (due[i].endpoint > after)
            return i;
    }
    return 0;
}

static int count_due(const struct endpoint_due *due, int n, int64_t now_ms)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += due[i].due_ms <= now_ms;
    return count;
}

/* What one endpoint may take of this turn, so that the others come by too. */
static int portion(const struct hook_turn *t, int n_due)
{
    int part = t->limit / (n_due > 0 ? n_due : 1);
    int least = 2, left = t->limit - t->n_claimed;
    if (part < least)
        part = least;
    return part < left ? part : left;
}

static enum rc go_round(struct sql *q, struct hook_turn *t, int64_t now_ms, struct err *e)
{
    struct endpoint_due *due;
    int n;
    enum rc rc = deliveries_next(q, t->arena, &due, &n, e);
    int first = rc == RC_OK ? first_of(due, n, t->after) : 0;
    int n_due = rc == RC_OK ? count_due(due, n, now_ms) : 0;
    for (int i = 0; rc == RC_OK && i < n; i++) {
        const struct endpoint_due *d = &due[(first + i) % n];
        if (d->due_ms > now_ms) {
            t->next_due_ms = d->due_ms < t->next_due_ms ? d->due_ms : t->next_due_ms;
            continue;
        }
        int room = t->room(t->ctx, d->endpoint, t->n_claimed), part = portion(t, n_due);
        t->more = t->more || room > 0;
        if (room > 0 && part > 0)
            rc = claim(q, t, d->endpoint, room < part ? room : part, now_ms, e);
    }
    return rc;
}

/* ---- both ---------------------------------------------------------------------------------------
 */

static void reset(struct hook_turn *t)
{
    t->claims = arena_array(t->arena, LIMIT_HOOK_CLAIM, sizeof *t->claims);
    t->n_claims = t->n_claimed = 0;
    t->served = t->after;
    t->more = false;
    t->next_due_ms = INT64_MAX;
}

enum rc hook_turn_fn(struct sql *q, void *turn, struct err *e)
{
    struct hook_turn *t = turn;
    int64_t now_ms = clock_wall_ms(&t->app->clock);
    enum rc rc = RC_OK;
    reset(t);
    for (int i = 0; rc == RC_OK && i < t->n_ended; i++)
        rc = end_one(q, t, t->ended[i], now_ms, e);
    return rc == RC_OK ? go_round(q, t, now_ms, e) : rc;
}

enum rc hook_turn_look_fn(struct sql *q, void *turn, struct err *e)
{
    struct hook_turn *t = turn;
    CHECK(t->limit == 0);
    reset(t);
    return go_round(q, t, clock_wall_ms(&t->app->clock), e);
}
