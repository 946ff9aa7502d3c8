#include "view/format_slot.h"

#include "core/err.h"
#include "core/str.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

enum { SLOTS = 8, TEXT_UNITS = 64 };

struct cache {
    struct slot slots[SLOTS];
    unsigned next; /* round robin */
};

static pthread_once_t cache_once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

/* ---- lines ------------------------------------------------------------------------------------
 */

void line_char(struct line *l, char c)
{
    CHECK(l->n < sizeof l->text);
    l->text[l->n++] = c;
}

void line_add(struct line *l, const char *text)
{
    while (*text)
        line_char(l, *text++);
}

char *line_end(struct arena *a, const struct line *l)
{
    return arena_strndup(a, l->text, l->n);
}

/* ---- names ------------------------------------------------------------------------------------
 */

bool format_zone_valid(const char *time_zone)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar name[SLOT_NAME_BYTES], canonical[SLOT_NAME_BYTES];
    UBool known = false;

    if (str_empty(time_zone) || strlen(time_zone) >= SLOT_NAME_BYTES ||
        !str_printable_ascii(time_zone))
        return false;
    u_uastrcpy(name, time_zone);
    ucal_getCanonicalTimeZoneID(name, -1, canonical, SLOT_NAME_BYTES, &known, &status);
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

/* Leaves out[] empty when it does not fit. */
static void to_utf8(const UChar *text, int32_t n, char *out, int32_t size)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t out_n = 0;
    u_strToUTF8(out, size - 1, &out_n, text, n, &status);
    out[U_SUCCESS(status) ? out_n : 0] = '\0';
}

/* ---- filling a slot ----------------------------------------------------------------------------
 */

static void read_sign(const UNumberFormat *n, UNumberFormatSymbol symbol, char *out)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_UNITS];
    int32_t text_n = unum_getSymbol(n, symbol, text, TEXT_UNITS, &status);
    CHECK(U_SUCCESS(status));
    to_utf8(text, text_n, out, SLOT_SIGN_BYTES);
}

static void read_numbers(struct slot *s)
{
    UErrorCode status = U_ZERO_ERROR;
    UNumberFormat *n = unum_open(UNUM_DECIMAL, NULL, 0, s->use_locale, NULL, &status);
    CHECK(U_SUCCESS(status));
    read_sign(n, UNUM_GROUPING_SEPARATOR_SYMBOL, s->group);
    read_sign(n, UNUM_DECIMAL_SEPARATOR_SYMBOL, s->point);
    s->first_group = unum_getAttribute(n, UNUM_GROUPING_SIZE);
    s->other_groups = unum_getAttribute(n, UNUM_SECONDARY_GROUPING_SIZE);
    if (s->other_groups <= 0)
        s->other_groups = s->first_group;
    unum_close(n);
}

static UDateFormat *dates_open(const char *locale, const char *zone, const char *pattern)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone_u[SLOT_NAME_BYTES], pattern_u[TEXT_UNITS];
    u_uastrcpy(zone_u, zone);
    u_uastrcpy(pattern_u, pattern);
    UDateFormat *d =
        udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone_u, -1, pattern_u, -1, &status);
    CHECK(U_SUCCESS(status));
    return d;
}

static void read_months(struct slot *s)
{
    UDateFormat *d = dates_open(s->use_locale, s->use_zone, "MMM");
    for (int i = 0; i < SLOT_MONTHS; i++) {
        UErrorCode status = U_ZERO_ERROR;
        UChar text[TEXT_UNITS];
        int32_t n = udat_getSymbols(d, UDAT_SHORT_MONTHS, i, text, TEXT_UNITS, &status);
        CHECK(U_SUCCESS(status));
        to_utf8(text, n, s->months[i], SLOT_MONTH_BYTES);
    }
    udat_close(d);
}

static void open_calendar(struct slot *s)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone[SLOT_NAME_BYTES];
    u_uastrcpy(zone, s->use_zone);
    s->calendar = ucal_open(zone, -1, "en", UCAL_GREGORIAN, &status);
    CHECK(U_SUCCESS(status));
}

/* ---- the cache ---------------------------------------------------------------------------------
 */

static void slot_release(struct slot *s)
{
    if (s->calendar)
        ucal_close(s->calendar);
    memset(s, 0, sizeof *s);
}

static void cache_free(void *ptr)
{
    struct cache *c = ptr;
    for (int i = 0; i < SLOTS; i++)
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

struct slot *slot_for(const struct format *f)
{
    struct cache *c = cache_mine();
    const char *locale = str_or(f->locale, "en"), *zone = str_or(f->time_zone, "UTC");

    for (int i = 0; i < SLOTS; i++)
        if (str_eq(c->slots[i].locale, locale) && str_eq(c->slots[i].zone, zone))
            return &c->slots[i];
    struct slot *s = &c->slots[c->next++ % SLOTS];
    slot_release(s);
    str_copy(s->locale, sizeof s->locale, locale);
    str_copy(s->zone, sizeof s->zone, zone);
    s->use_locale = format_locale_valid(locale) ? s->locale : "en";
    s->use_zone = format_zone_valid(zone) ? s->zone : "UTC";
    read_numbers(s);
    read_months(s);
    open_calendar(s);
    return s;
}

/* ---- zones -------------------------------------------------------------------------------------
 */

/* When the offset changes next, or changed last; `otherwise` where it never does. */
static int64_t transition(struct slot *s, UTimeZoneTransitionType type, int64_t otherwise)
{
    UErrorCode status = U_ZERO_ERROR;
    UDate at = 0;
    bool found = ucal_getTimeZoneTransitionDate(s->calendar, type, &at, &status);
    return found && U_SUCCESS(status) ? (int64_t)at : otherwise;
}

int32_t slot_offset(struct slot *s, int64_t wall_ms)
{
    UErrorCode status = U_ZERO_ERROR;
    if (wall_ms >= s->valid_from_ms && wall_ms < s->valid_to_ms)
        return s->offset_ms;
    ucal_setMillis(s->calendar, (UDate)wall_ms, &status);
    s->offset_ms = ucal_get(s->calendar, UCAL_ZONE_OFFSET, &status) +
                   ucal_get(s->calendar, UCAL_DST_OFFSET, &status);
    CHECK(U_SUCCESS(status));
    s->valid_from_ms = transition(s, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, INT64_MIN);
    s->valid_to_ms = transition(s, UCAL_TZ_TRANSITION_NEXT, INT64_MAX);
    return s->offset_ms;
}

void slot_zone_name(const struct slot *s, const char *locale, int64_t wall_ms,
                    char out[SLOT_NAME_BYTES])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_UNITS];
    UDateFormat *d = dates_open(locale, s->use_zone, "z");
    int32_t n = udat_format(d, (UDate)wall_ms, text, TEXT_UNITS, NULL, &status);
    udat_close(d);
    CHECK(U_SUCCESS(status));
    to_utf8(text, n, out, SLOT_NAME_BYTES);
}
