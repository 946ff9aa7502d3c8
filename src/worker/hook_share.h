/*
 * Who may have how many calls open, and when a failed delivery is tried again. Pure.
 */
#ifndef WORKER_HOOK_SHARE_H
#define WORKER_HOOK_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#define HOOK_SLOW_MS 1000 /* an answer that takes longer */

/* How many more calls an endpoint may open when it has `open` of them, while `all` are open in all,
 * `slow` of them to endpoints that are slow: an eighth of what is free, at least one, at most
 * LIMIT_ENDPOINT_FLIGHTS in all. */
int hook_share(bool is_slow, int open, int all, int slow);

/* When to try again after so many attempts (at least 1), in ms from now: the schedule of DOMAIN
 * "webhooks out" in units of unit_ms, `parts` (0…200) spreading it from -10 % to +10 %. 0: never.
 */
int64_t hook_retry_ms(int64_t attempts, int64_t unit_ms, int parts);

#endif
