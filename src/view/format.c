#include "view/format.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/str.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

enum { CACHE_SLOTS = 8, EXPONENTS = 5, NAME_MAX_UNITS = 64, TEXT_MAX_UNITS = 96 };

enum pattern {
    PATTERN_CLOCK,
    PATTERN_DAY,
    PATTERN_YEAR,
    PATTERN_FULL,
    PATTERN_ZONE,
    PATTERN_COUNT
};

static const char *const patterns[PATTERN_COUNT] = {
    [PATTERN_CLOCK] = "HH:mm",
    [PATTERN_DAY] = "d MMM HH:mm",
    [PATTERN_YEAR] = "d MMM yyyy HH:mm",
    [PATTERN_FULL] = "d MMM yyyy, HH:mm:ss",
    [PATTERN_ZONE] = "z",
};

/* What one pair of locale and zone needs, opened when first used. */
struct slot {
    char locale[NAME_MAX_UNITS];
    char zone[NAME_MAX_UNITS];
    const char *use_locale; /* locale and zone as ICU gets them: unknown ones fall back */
    const char *use_zone;
    UNumberFormat *amounts[EXPONENTS];
    UNumberFormat *counts;
    UDateFormat *times[PATTERN_COUNT];
    UCalendar *calendar;
    char zone_name[NAME_MAX_UNITS]; /* the last answer of format_zone … */
    int32_t zone_offset_ms;         /* … and the offset it was given for */
};

struct cache {
    struct slot slots[CACHE_SLOTS];
    unsigned next; /* round robin */
};

static pthread_once_t cache_once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

static void slot_release(struct slot *s)
{
    for (int i = 0; i < EXPONENTS; i++)
        unum_close(s->amounts[i]);
    unum_close(s->counts);
    for (int i = 0; i < PATTERN_COUNT; i++)
        udat_close(s->times[i]);
    if (s->calendar)
        ucal_close(s->calendar);
    memset(s, 0, sizeof *s);
}

static void cache_free(void *ptr)
{
    struct cache *c = ptr;
    for (int i = 0; i < CACHE_SLOTS; i++)
        slot_release(&c->slots[i]);
    free(c);
}

static void cache_make_key(void)
{
    CHECK(pthread_key_create(&cache_key, cache_free) == 0);
}

static struct cache *cache_mine(void)
{
    CHECK(pthread_once(&cache_once, cache_make_key) == 0);
    struct cache *c = pthread_getspecific(cache_key);
    if (!c) {
        c = calloc(1, sizeof *c);
        CHECK(c && pthread_setspecific(cache_key, c) == 0);
    }
    return c;
}

static struct slot *slot_for(const struct format *f)
{
    struct cache *c = cache_mine();
    const char *locale = str_or(f->locale, "en"), *zone = str_or(f->time_zone, "UTC");

    for (int i = 0; i < CACHE_SLOTS; i++)
        if (str_eq(c->slots[i].locale, locale) && str_eq(c->slots[i].zone, zone))
            return &c->slots[i];
    struct slot *s = &c->slots[c->next++ % CACHE_SLOTS];
    slot_release(s);
    str_copy(s->locale, sizeof s->locale, locale);
    str_copy(s->zone, sizeof s->zone, zone);
    s->use_locale = format_locale_valid(locale) ? s->locale : "en";
    s->use_zone = format_zone_valid(zone) ? s->zone : "UTC";
    return s;
}

static char *to_utf8(struct arena *a, const UChar *text, int32_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    char out[TEXT_MAX_UNITS * 3 + 1];
    int32_t out_n = 0;
    u_strToUTF8(out, (int32_t)sizeof out - 1, &out_n, text, n, &status);
    CHECK(U_SUCCESS(status));
    return arena_strndup(a, out, (size_t)out_n);
}

/* ---- names ------------------------------------------------------------------------------------
 */

bool format_zone_valid(const char *time_zone)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar name[NAME_MAX_UNITS], canonical[NAME_MAX_UNITS];
    UBool known = false;

    if (str_empty(time_zone) || strlen(time_zone) >= NAME_MAX_UNITS ||
        !str_printable_ascii(time_zone))
        return false;
    u_uastrcpy(name, time_zone);
    ucal_getCanonicalTimeZoneID(name, -1, canonical, NAME_MAX_UNITS, &known, &status);
    return U_SUCCESS(status) && known && !str_eq(time_zone, "Etc/Unknown");
}

bool format_locale_valid(const char *locale)
{
    if (str_empty(locale))
        return false;
    for (int32_t i = 0; i < uloc_countAvailable(); i++)
        if (str_eq(uloc_getAvailable(i), locale))
            return true;
    return false;
}

/* ---- numbers ----------------------------------------------------------------------------------
 */

static UNumberFormat *number_open(const char *locale, int decimals)
{
    UErrorCode status = U_ZERO_ERROR;
    UNumberFormat *n = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &status);
    CHECK(U_SUCCESS(status));
    unum_setAttribute(n, UNUM_MIN_FRACTION_DIGITS, decimals);
    unum_setAttribute(n, UNUM_MAX_FRACTION_DIGITS, decimals);
    return n;
}

char *format_amount(struct arena *a, const struct format *f, int64_t minor, const char *currency)
{
    struct slot *s = slot_for(f);
    UErrorCode status = U_ZERO_ERROR;
    UChar out[TEXT_MAX_UNITS];
    int exponent = money_exponent(currency);

    CHECK(exponent >= 0 && exponent < EXPONENTS);
    if (!s->amounts[exponent])
        s->amounts[exponent] = number_open(s->use_locale, exponent);
    char *plain = money_text(a, minor, currency);
    int32_t n = unum_formatDecimal(s->amounts[exponent], plain, (int32_t)strlen(plain), out,
                                   TEXT_MAX_UNITS, NULL, &status);
    CHECK(U_SUCCESS(status));
    return to_utf8(a, out, n);
}

char *format_money(struct arena *a, const struct format *f, int64_t minor, const char *currency)
{
    return arena_printf(a, "%s %s", format_amount(a, f, minor, currency), currency);
}

char *format_count(struct arena *a, const struct format *f, int64_t n)
{
    struct slot *s = slot_for(f);
    UErrorCode status = U_ZERO_ERROR;
    UChar out[TEXT_MAX_UNITS];

    if (!s->counts)
        s->counts = number_open(s->use_locale, 0);
    int32_t out_n = unum_formatInt64(s->counts, n, out, TEXT_MAX_UNITS, NULL, &status);
    CHECK(U_SUCCESS(status));
    return to_utf8(a, out, out_n);
}

/* ---- times ------------------------------------------------------------------------------------
 */

static UDateFormat *times_open(const char *locale, const char *zone, const char *pattern)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone_u[NAME_MAX_UNITS], pattern_u[NAME_MAX_UNITS];

    u_uastrcpy(zone_u, zone);
    u_uastrcpy(pattern_u, pattern);
    UDateFormat *d =
        udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone_u, -1, pattern_u, -1, &status);
    CHECK(U_SUCCESS(status));
    return d;
}

static char *times_text(struct arena *a, UDateFormat *d, int64_t wall_ms)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar out[TEXT_MAX_UNITS];
    int32_t n = udat_format(d, (UDate)wall_ms, out, TEXT_MAX_UNITS, NULL, &status);
    CHECK(U_SUCCESS(status));
    return to_utf8(a, out, n);
}

static char *by_pattern(struct arena *a, const struct format *f, enum pattern p, int64_t wall_ms)
{
    struct slot *s = slot_for(f);
    if (!s->times[p])
        s->times[p] = times_open(s->use_locale, s->use_zone, patterns[p]);
    return times_text(a, s->times[p], wall_ms);
}

struct day {
    int32_t year, day_of_year, offset_ms;
};

static struct day day_of(struct slot *s, int64_t wall_ms)
{
    UErrorCode status = U_ZERO_ERROR;
    struct day d;

    if (!s->calendar) {
        UChar zone[NAME_MAX_UNITS];
        u_uastrcpy(zone, s->use_zone);
        s->calendar = ucal_open(zone, -1, "en", UCAL_GREGORIAN, &status);
    }
    ucal_setMillis(s->calendar, (UDate)wall_ms, &status);
    d.year = ucal_get(s->calendar, UCAL_YEAR, &status);
    d.day_of_year = ucal_get(s->calendar, UCAL_DAY_OF_YEAR, &status);
    d.offset_ms = ucal_get(s->calendar, UCAL_ZONE_OFFSET, &status) +
                  ucal_get(s->calendar, UCAL_DST_OFFSET, &status);
    CHECK(U_SUCCESS(status));
    return d;
}

char *format_time(struct arena *a, const struct format *f, int64_t wall_ms, int64_t now_ms)
{
    struct slot *s = slot_for(f);
    bool this_year = day_of(s, wall_ms).year == day_of(s, now_ms).year;
    return by_pattern(a, f, this_year ? PATTERN_DAY : PATTERN_YEAR, wall_ms);
}

char *format_time_full(struct arena *a, const struct format *f, int64_t wall_ms)
{
    return arena_printf(a, "%s %s", by_pattern(a, f, PATTERN_FULL, wall_ms),
                        format_zone(a, f, wall_ms));
}

char *format_clock(struct arena *a, const struct format *f, int64_t wall_ms, int64_t now_ms)
{
    struct slot *s = slot_for(f);
    struct day then = day_of(s, wall_ms), now = day_of(s, now_ms);
    if (then.year == now.year && then.day_of_year == now.day_of_year)
        return by_pattern(a, f, PATTERN_CLOCK, wall_ms);
    return format_time(a, f, wall_ms, now_ms);
}

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
static bool is_offset(const char *name)
{
    return str_starts(name, "GMT") && name[3] != '\0';
}

static const char *zone_name(struct arena *a, const struct slot *s, int64_t wall_ms, int32_t offset)
{
    for (size_t i = 0; i < sizeof zone_locales / sizeof zone_locales[0]; i++) {
        UDateFormat *d = times_open(zone_locales[i], s->use_zone, patterns[PATTERN_ZONE]);
        const char *name = times_text(a, d, wall_ms);
        udat_close(d);
        if (!is_offset(name))
            return name;
    }
    for (size_t i = 0; i < sizeof zone_names / sizeof zone_names[0]; i++)
        if (str_eq(s->zone, zone_names[i].zone))
            return zone_names[i].name;
    int32_t minutes = (offset < 0 ? -offset : offset) / (int32_t)CLOCK_MINUTE_MS;
    return arena_printf(a, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

char *format_zone(struct arena *a, const struct format *f, int64_t wall_ms)
{
    struct slot *s = slot_for(f);
    int32_t offset = day_of(s, wall_ms).offset_ms;

    if (s->zone_name[0] == '\0' || s->zone_offset_ms != offset) {
        str_copy(s->zone_name, sizeof s->zone_name, zone_name(a, s, wall_ms, offset));
        s->zone_offset_ms = offset;
    }
    return arena_strdup(a, s->zone_name);
}

/* ---- ages -------------------------------------------------------------------------------------
 */

/* The largest unit that fits once; days never become weeks, so that "10 days" can be read off. */
static const struct {
    int64_t ms;
    const char *one, *many;
} age_units[] = {
    {CLOCK_DAY_MS, "day", "days"},
    {CLOCK_HOUR_MS, "h", "h"},
    {CLOCK_MINUTE_MS, "min", "min"},
    {CLOCK_SECOND_MS, "s", "s"},
};

#define JUST_NOW_MS (10 * CLOCK_SECOND_MS)

char *format_age(struct arena *a, int64_t wall_ms, int64_t now_ms)
{
    bool future = wall_ms > now_ms;
    int64_t span = future ? wall_ms - now_ms : now_ms - wall_ms;

    if (!future && span < JUST_NOW_MS)
        return arena_strdup(a, "just now");
    for (size_t i = 0; i < sizeof age_units / sizeof age_units[0]; i++) {
        int64_t n = span / age_units[i].ms;
        if (n == 0)
            continue;
        const char *unit = n == 1 ? age_units[i].one : age_units[i].many;
        return future ? arena_printf(a, "in %lld %s", (long long)n, unit)
                      : arena_printf(a, "%lld %s ago", (long long)n, unit);
    }
    return arena_strdup(a, "now");
}
