#include "view/day.h"

#include "core/clock.h"
#include "core/str.h"
#include "view/format_slot.h"

#include <string.h>

struct civil {
    int64_t year;
    int month, day; /* from 1 */
};

/* Days since 1970-01-01 of the proleptic Gregorian calendar, and back (eras of 400 years that begin
 * in March, so that the leap day is the last). */
static int64_t days_of(struct civil c)
{
    int64_t y = c.month <= 2 ? c.year - 1 : c.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct civil civil_of(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct civil c = {.day = (int)(of_year - (153 * month + 2) / 5 + 1),
                      .month = (int)(month < 10 ? month + 3 : month - 9)};
    c.year = year + era * 400 + (c.month <= 2);
    return c;
}

static int64_t day_of(const struct format *f, int64_t wall_ms)
{
    int64_t local_ms = wall_ms + slot_offset(slot_for(f), wall_ms);
    int64_t rest_ms = local_ms % CLOCK_DAY_MS;
    return (local_ms - (rest_ms < 0 ? rest_ms + CLOCK_DAY_MS : rest_ms)) / CLOCK_DAY_MS;
}

/* Where local midnight is: with the offset that holds there; where the clock jumps over midnight,
 * the first moment after the jump. */
static int64_t moment_of(const struct format *f, int64_t day)
{
    struct slot *s = slot_for(f);
    int64_t local_ms = day * CLOCK_DAY_MS;
    int64_t before_ms = local_ms - slot_offset(s, local_ms - CLOCK_DAY_MS);
    int64_t after_ms = local_ms - slot_offset(s, local_ms + CLOCK_DAY_MS);
    if (day_of(f, before_ms) == day && day_of(f, before_ms - 1) < day)
        return before_ms;
    return day_of(f, after_ms) == day && day_of(f, after_ms - 1) < day ? after_ms : before_ms;
}

int64_t day_start(const struct format *f, int64_t wall_ms, int days)
{
    return moment_of(f, day_of(f, wall_ms) + days);
}

int64_t day_month_start(const struct format *f, int64_t wall_ms)
{
    struct civil c = civil_of(day_of(f, wall_ms));
    c.day = 1;
    return moment_of(f, days_of(c));
}

static bool digits(const char *text, int count, int64_t *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool day_parse(const struct format *f, const char *text, int64_t *start_ms)
{
    int64_t year, month, day;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &year) ||
        !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day) || year < 1970)
        return false;
    struct civil asked = {year, (int)month, (int)day};
    if (month < 1 || month > 12 || day < 1)
        return false;
    int64_t days = days_of(asked);
    struct civil got = civil_of(days);
    if (got.month != asked.month || got.day != asked.day)
        return false;
    *start_ms = moment_of(f, days);
    return true;
}

char *day_text(struct arena *a, const struct format *f, int64_t wall_ms)
{
    struct civil c = civil_of(day_of(f, wall_ms));
    return arena_printf(a, "%04lld-%02d-%02d", (long long)c.year, c.month, c.day);
}
