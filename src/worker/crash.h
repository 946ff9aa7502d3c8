/*
 * Build-time crash points: with -DREFUNDDESK_CRASH_POINTS the process kills itself (SIGKILL) at the
 * point named by $REFUNDDESK_CRASH. The worker that is installed has none of this.
 */
#ifndef WORKER_CRASH_H
#define WORKER_CRASH_H

#ifdef REFUNDDESK_CRASH_POINTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#define CRASH_POINT(name)                                      \
    do {                                                       \
        const char *crash_at = getenv("REFUNDDESK_CRASH");     \
        if (crash_at != NULL && strcmp(crash_at, (name)) == 0) \
            raise(SIGKILL);                                    \
    } while (0)
#else
#define CRASH_POINT(name) ((void)0)
#endif

#endif
