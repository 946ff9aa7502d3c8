/* Clock and calendar of the merchant's zone: the offset and the names are ICU's, the Gregorian
 * arithmetic is done here, because a list asks for it on every row. */
#include "view/format_slot.h"

#include "core/clock.h"
#include "core/str.h"

struct moment {
    int64_t day; /* days since 1970-01-01 in the zone */
    int year, month, day_of_month;
    int hour, minute, second;
};

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

/* Days since 1970 to a date: eras of 400 years that begin on 1 March, so that the leap day is the
 * last day of a year. */
static void date_of(int64_t day, struct moment *m)
{
    enum { ERA_DAYS = 146097, EPOCH_DAYS = 719468 };
    int64_t shifted = day + EPOCH_DAYS;
    int64_t era = floor_div(shifted, ERA_DAYS);
    int64_t in_era = shifted - era * ERA_DAYS;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t march_month = (5 * in_year + 2) / 153;
    m->day_of_month = (int)(in_year - (153 * march_month + 2) / 5 + 1);
    m->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    m->year = (int)(year + era * 400 + (m->month <= 2));
}

static struct moment moment_of(struct slot *s, int64_t wall_ms)
{
    struct moment m;
    int64_t local_ms = wall_ms + slot_offset(s, wall_ms);
    m.day = floor_div(local_ms, CLOCK_DAY_MS);
    int second_of_day = (int)((local_ms - m.day * CLOCK_DAY_MS) / CLOCK_SECOND_MS);
    m.hour = second_of_day / 3600;
    m.minute = second_of_day / 60 % 60;
    m.second = second_of_day % 60;
    date_of(m.day, &m);
    return m;
}

static void add_number(struct line *out, int n, int least)
{
    char digits[12];
    int count = 0;
    while (n > 0 || count < least) {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    }
    while (count > 0)
        line_char(out, digits[--count]);
}

static void add_clock(struct line *out, const struct moment *m)
{
    add_number(out, m->hour, 2);
    line_char(out, ':');
    add_number(out, m->minute, 2);
}

static void add_date(struct line *out, const struct slot *s, const struct moment *m, bool year)
{
    add_number(out, m->day_of_month, 1);
    line_char(out, ' ');
    line_add(out, s->months[m->month - 1]);
    if (year) {
        line_char(out, ' ');
        add_number(out, m->year, 4);
    }
}

char *format_time(struct arena *a, const struct format *f, int64_t wall_ms, int64_t now_ms)
{
    struct slot *s = slot_for(f);
    struct moment now = moment_of(s, now_ms), m = moment_of(s, wall_ms);
    struct line out;
    out.n = 0;
    add_date(&out, s, &m, m.year != now.year);
    line_char(&out, ' ');
    add_clock(&out, &m);
    return line_end(a, &out);
}

char *format_time_full(struct arena *a, const struct format *f, int64_t wall_ms)
{
    struct slot *s = slot_for(f);
    struct moment m = moment_of(s, wall_ms);
    struct line out;
    out.n = 0;
    add_date(&out, s, &m, true);
    line_add(&out, ", ");
    add_clock(&out, &m);
    line_char(&out, ':');
    add_number(&out, m.second, 2);
    line_char(&out, ' ');
    line_add(&out, format_zone(a, f, wall_ms));
    return line_end(a, &out);
}

char *format_clock(struct arena *a, const struct format *f, int64_t wall_ms, int64_t now_ms)
{
    struct slot *s = slot_for(f);
    struct moment m = moment_of(s, wall_ms);
    struct line out;
    if (m.day != moment_of(s, now_ms).day)
        return format_time(a, f, wall_ms, now_ms);
    out.n = 0;
    add_clock(&out, &m);
    return line_end(a, &out);
}

/* ---- the zone's name ----------------------------------------------------------------------------
 */

/* CLDR keeps a short zone name only in the locales where people use it: ask each of them. */
static const char *const zone_locales[] = {"en_IN", "en_US", "en_GB", "en_AU",
                                           "en_NZ", "en_ZA", "en_SG"};

/* In common use, in no English locale of CLDR; zones without summer time only. */
static const struct {
    const char *zone, *name;
} zone_names[] = {
    {"Asia/Tokyo", "JST"},        {"Asia/Seoul", "KST"},   {"Asia/Hong_Kong", "HKT"},
    {"Asia/Manila", "PHT"},       {"Asia/Jakarta", "WIB"}, {"Asia/Karachi", "PKT"},
    {"Asia/Kuala_Lumpur", "MYT"},
};

/* "GMT" is a name, "GMT+1" is an offset in disguise. */
static bool is_name(const char *name)
{
    return *name && !(str_starts(name, "GMT") && name[3] != '\0');
}

static void find_zone_name(struct arena *a, struct slot *s, int64_t wall_ms, int32_t offset_ms)
{
    for (size_t i = 0; i < sizeof zone_locales / sizeof zone_locales[0]; i++) {
        slot_zone_name(s, zone_locales[i], wall_ms, s->zone_name);
        if (is_name(s->zone_name))
            return;
    }
    for (size_t i = 0; i < sizeof zone_names / sizeof zone_names[0]; i++) {
        if (str_eq(s->zone, zone_names[i].zone)) {
            str_copy(s->zone_name, sizeof s->zone_name, zone_names[i].name);
            return;
        }
    }
    int32_t minutes = (offset_ms < 0 ? -offset_ms : offset_ms) / (int32_t)CLOCK_MINUTE_MS;
    str_copy(
        s->zone_name, sizeof s->zone_name,
        arena_printf(a, "UTC%c%02d:%02d", offset_ms < 0 ? '-' : '+', minutes / 60, minutes % 60));
}

char *format_zone(struct arena *a, const struct format *f, int64_t wall_ms)
{
    struct slot *s = slot_for(f);
    int32_t offset_ms = slot_offset(s, wall_ms);

    if (s->zone_name[0] == '\0' || s->zone_name_offset_ms != offset_ms) {
        find_zone_name(a, s, wall_ms, offset_ms);
        s->zone_name_offset_ms = offset_ms;
    }
    return arena_strdup(a, s->zone_name);
}
