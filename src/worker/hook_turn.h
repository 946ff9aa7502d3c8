/*
 * One turn of the webhooks' thread: how attempts ended, and what is claimed next.
 */
#ifndef WORKER_HOOK_TURN_H
#define WORKER_HOOK_TURN_H

#include "core/app.h"
#include "core/limits.h"
#include "notify/webhook.h"
#include "store/webhooks.h"

/* A delivery on its way; owns its arena. */
struct hook_flight {
    struct arena *arena;
    struct delivery delivery; /* as it was claimed, without its body */
    struct endpoint endpoint;
    /* once it ended */
    bool answered;
    int64_t status, took_ms;
    const char *said;
};

struct hook_claim {
    struct endpoint endpoint;
    struct delivery *deliveries;
    int n;
};

/* How many of an endpoint's deliveries may be claimed now, `claimed` of others in this turn. */
typedef int hook_room_fn(void *ctx, int64_t endpoint, int claimed);

struct hook_turn {
    struct app *app;
    struct arena *arena; /* what is claimed lives here */
    hook_room_fn *room;
    void *ctx;
    int64_t after; /* endpoints take turns: the one that was served last */
    struct hook_flight **ended;
    int n_ended;
    int limit; /* deliveries to claim, at most LIMIT_HOOK_CLAIM; 0: only look */
    /* what came of it */
    struct hook_claim *claims;
    int n_claims, n_claimed;
    int64_t served;      /* the endpoint of the last claim; else `after` */
    bool more;           /* something is due and has room */
    int64_t next_due_ms; /* of what is not due yet; INT64_MAX: nothing */
};

/* When to try again after so many attempts (at least 1), in ms from now: the schedule of DOMAIN
 * "webhooks out" in units of unit_ms, `parts` (0…200) spreading it from -10 % to +10 %. 0: never.
 */
int64_t hook_retry_ms(int64_t attempts, int64_t unit_ms, int parts);

/* For sql_tx. */
enum rc hook_turn_fn(struct sql *q, void *turn, struct err *e);
/* For sql_read: sets more and next_due_ms alone. */
enum rc hook_turn_look_fn(struct sql *q, void *turn, struct err *e);

#endif
