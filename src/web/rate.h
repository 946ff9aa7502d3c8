/*
 * Requests a second of one API key: a token bucket for each, in this process.
 */
#ifndef WEB_RATE_H
#define WEB_RATE_H

#include "core/err.h"
#include <stdint.h>

/* Takes one of the key's tokens: per_s come each second, at most one second's worth is kept.
 * RC_LIMITED when there is none: the next comes within a second. per_s 0: no limit. RC_BUSY when
 * LIMIT_RATE_BUCKETS keys were used within the last second. */
MUSTCHECK enum rc rate_take(int64_t key, int64_t per_s, int64_t now_ms, struct err *e);

#endif
