/*
 * The only clock. Wall time for records (ms since 1970 UTC), monotonic time for durations.
 * A test passes a struct clock with `fixed_ms` set; everything else uses a zeroed one.
 */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include "core/arena.h"
#include <stdbool.h>
#include <stdint.h>

struct clock {
    int64_t fixed_ms; /* 0: the real time */
};

#define CLOCK_SECOND_MS INT64_C(1000)
#define CLOCK_MINUTE_MS (60 * CLOCK_SECOND_MS)
#define CLOCK_HOUR_MS   (60 * CLOCK_MINUTE_MS)
#define CLOCK_DAY_MS    (24 * CLOCK_HOUR_MS)
#define CLOCK_END_MS    INT64_C(253402300800000) /* the year 10000, which ISO 8601 cannot write */

int64_t clock_wall_ms(const struct clock *c); /* c may be NULL: the real time */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);
void clock_sleep_ms(int64_t ms);

/* "2021-11-09T16:20:52Z" (seconds; the shape of seed 002). */
char *clock_iso(struct arena *a, int64_t wall_ms);
/* Reads "YYYY-MM-DDTHH:MM:SS[.fff](Z|±HH:MM)", years 1970 to 9999, one to nine digits of a second
 * (cut to ms); false, and *wall_ms untouched, when it is anything else. */
bool clock_parse_iso(const char *text, int64_t *wall_ms);

#endif
