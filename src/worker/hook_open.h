/*
 * An endpoint with its secrets opened by the worker's key.
 */
#ifndef WORKER_HOOK_OPEN_H
#define WORKER_HOOK_OPEN_H

#include "core/secret.h"
#include "notify/webhook.h"
#include "store/webhooks.h"

/* Into the arena, which the caller wipes. The old secret only until its time is over. RC_INVALID:
 * one was sealed to another key or was altered; e says nothing of it. */
MUSTCHECK enum rc hook_open(struct arena *a, const struct seal_secret *with,
                            const struct endpoint *p, int64_t now_ms, struct webhook_to *out,
                            struct err *e);

#endif
