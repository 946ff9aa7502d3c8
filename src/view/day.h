/*
 * The days of a merchant's calendar, as moments: where a day or a month of the zone begins.
 */
#ifndef VIEW_DAY_H
#define VIEW_DAY_H

#include "view/format.h"

/* The first moment of the day of wall_ms, shifted by whole days (0 today, -1 yesterday, 1
 * tomorrow).
 */
int64_t day_start(const struct format *f, int64_t wall_ms, int days);
/* The first moment of the month of wall_ms. */
int64_t day_month_start(const struct format *f, int64_t wall_ms);
/* "2026-11-21", a day that exists: its first moment. False otherwise. */
bool day_parse(const struct format *f, const char *text, int64_t *start_ms);
/* "2026-11-21" */
char *day_text(struct arena *a, const struct format *f, int64_t wall_ms);

#endif
