/*
 * Money, numbers and times as a person reads them: digits grouped by the merchant's locale, times
 * in the merchant's zone. ICU says how (separators, month names, offsets), once for each thread;
 * digits are always 0–9. Never for JSON or CSV.
 */
#ifndef VIEW_FORMAT_H
#define VIEW_FORMAT_H

#include "core/arena.h"
#include "core/money.h"
#include <stdint.h>

struct format {
    const char *time_zone; /* "Asia/Kolkata"; unknown zones are refused by format_zone_valid */
    const char *locale;    /* "en_IN" */
};

/* True when ICU knows the zone, or the locale. */
bool format_zone_valid(const char *time_zone);
bool format_locale_valid(const char *locale);

/* "12,00,000.00" */
char *format_amount(struct arena *a, const struct format *f, int64_t minor, const char *currency);
/* "12,00,000.00 INR" */
char *format_money(struct arena *a, const struct format *f, int64_t minor, const char *currency);
/* "1,234" */
char *format_count(struct arena *a, const struct format *f, int64_t n);

/* "21 Nov 14:31" in this year of the zone, "21 Nov 2025 14:31" in another. now_ms decides. */
char *format_time(struct arena *a, const struct format *f, int64_t wall_ms, int64_t now_ms);
/* "21 Nov 2026, 14:31:07 IST" */
char *format_time_full(struct arena *a, const struct format *f, int64_t wall_ms);
/* "14:31" today, else as format_time: for "Held until 14:32". */
char *format_clock(struct arena *a, const struct format *f, int64_t wall_ms, int64_t now_ms);
/* "IST", "UTC", "CET" or "UTC+05:45" where the zone has no common name at that time. */
char *format_zone(struct arena *a, const struct format *f, int64_t wall_ms);
/* "just now", "3 min ago", "2 h ago", "5 days ago"; "in 40 s" for the future. */
char *format_age(struct arena *a, int64_t wall_ms, int64_t now_ms);
/* Exact: "17 min 04 s", "2 h 00 min 31 s", "3 days 0 h 00 min 00.250 s"; whole minutes as "10 min".
 */
char *format_duration(struct arena *a, int64_t ms);

#endif
