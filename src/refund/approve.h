/*
 * Refunds that a person must approve before anything is sent: approving one begins its hold,
 * rejecting it frees its amount. Whoever asked for it never decides about it (the schema's second
 * lock says so too).
 */
#ifndef REFUND_APPROVE_H
#define REFUND_APPROVE_H

#include "core/app.h"
#include "store/actor.h"

/* Wakes the worker. RC_NOT_FOUND; RC_CONFLICT when it does not wait for approval any more;
 * RC_DENIED for the one who asked for it. */
MUSTCHECK enum rc refund_approve(struct app *app, struct arena *arena, const struct actor *actor,
                                 int64_t refund, struct err *e);
/* Likewise; `reason` is kept and shown, RC_INVALID when it is empty or longer than
 * LIMIT_NOTE. */
MUSTCHECK enum rc refund_reject(struct app *app, struct arena *arena, const struct actor *actor,
                                int64_t refund, const char *reason, struct err *e);

#endif
