/*
 * Build-time crash points: with -DREFUNDDESK_CRASH_POINTS the process kills itself (SIGKILL) at the
 * point named by $REFUNDDESK_CRASH, "answered", or the third time it comes by: "answered:3". The
 * worker that is installed has none of this.
 */
#ifndef WORKER_CRASH_H
#define WORKER_CRASH_H

#ifdef REFUNDDESK_CRASH_POINTS
#include "core/str.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static inline void crash_point(const char *name, int64_t *passes)
{
    const char *at = getenv("REFUNDDESK_CRASH");
    size_t n = strlen(name);
    int64_t pass = 1;
    if (!at || strncmp(at, name, n) != 0)
        return;
    CHECK(at[n] == '\0' || (at[n] == ':' && str_parse_i64(at + n + 1, &pass)));
    if (++*passes == pass)
        raise(SIGKILL);
}
#define CRASH_POINT(name)                 \
    do {                                  \
        static int64_t crash_passes;      \
        crash_point(name, &crash_passes); \
    } while (0)
#else
#define CRASH_POINT(name) ((void)0)
#endif

#endif
