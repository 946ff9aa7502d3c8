/*
 * How many threads of this process may wait for something slow: a gate has a number of places, and
 * who finds none is told RC_BUSY at once instead of queueing.
 */
#ifndef WEB_SLOW_H
#define WEB_SLOW_H

#include "core/err.h"

enum slow_gate {
    SLOW_WAIT, /* a sandbox charge, a Sync, a long export: a quarter of the threads */
    SLOW_HASH, /* Argon2id: LIMIT_HASHING_THREADS */
    SLOW_GATE_COUNT
};

/* Once at start, before the threads. Until then SLOW_WAIT has one place. */
void slow_init(int threads);

/* RC_BUSY when every place is taken. Each RC_OK is followed by one slow_leave. */
MUSTCHECK enum rc slow_enter(enum slow_gate gate, struct err *e);
void slow_leave(enum slow_gate gate);

#endif
