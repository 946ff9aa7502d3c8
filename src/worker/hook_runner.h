/*
 * Webhooks go out from a thread of their own with a transport of its own, so that endpoints that
 * hang never hold up refunds. Each endpoint has a queue of its own: at most LIMIT_ENDPOINT_FLIGHTS
 * at once and a fair share of what is free; those that answer slowly share half of the transport,
 * the other half is for the rest (share.h).
 *
 * A delivery is claimed with a lease and a fence; one whose worker is killed is sent again when the
 * lease ends, with the same id and bytes. What a turn writes (outcomes, claims) is one commit.
 */
#ifndef WORKER_HOOK_RUNNER_H
#define WORKER_HOOK_RUNNER_H

#include "core/app.h"

struct hook_runner;

/* Starts the thread; signals are left to the caller's. *secret must live until the stop. */
MUSTCHECK enum rc hook_runner_start(struct app *app, const struct seal_secret *secret,
                                    struct hook_runner **out, struct err *e);
/* Something may wait to be delivered: it looks at once. Never blocks. */
void hook_runner_wake(struct hook_runner *r);
/* Waits a moment for calls that are open, ends the thread and frees it; NULL: nothing. What was not
 * answered by then is sent again after its lease. */
void hook_runner_stop(struct hook_runner *r);

#endif
