#include "view/format_slot.h"

#include "core/clock.h"
#include "core/err.h"
#include "core/str.h"
#include <inttypes.h>
#include <string.h>

/* ---- numbers ----------------------------------------------------------------------------------
 */

enum { DIGITS_MAX = 20 };

/* Decimal digits without sign, at least `least` of them. Returns how many. */
static int digits_of(uint64_t n, int least, char out[DIGITS_MAX])
{
    char reversed[DIGITS_MAX];
    int count = 0;
    while (n > 0 || count < least || count == 0) {
        reversed[count++] = (char)('0' + n % 10);
        n /= 10;
    }
    for (int i = 0; i < count; i++)
        out[i] = reversed[count - 1 - i];
    return count;
}

/* Does a separator stand before the last `rest` digits of the whole part? */
static bool starts_group(const struct slot *s, int rest)
{
    if (s->first_group <= 0 || rest < s->first_group)
        return false;
    return (rest - s->first_group) % s->other_groups == 0;
}

static void add_grouped(struct line *out, const struct slot *s, int64_t n, int decimals)
{
    char digits[DIGITS_MAX];
    uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    int count = digits_of(size, decimals + 1, digits), whole = count - decimals;

    if (n < 0)
        line_char(out, '-');
    for (int i = 0; i < whole; i++) {
        if (i > 0 && starts_group(s, whole - i))
            line_add(out, s->group);
        line_char(out, digits[i]);
    }
    if (decimals > 0) {
        line_add(out, s->point);
        for (int i = whole; i < count; i++)
            line_char(out, digits[i]);
    }
}

static void add_amount(struct line *out, const struct format *f, int64_t minor,
                       const char *currency)
{
    int decimals = money_exponent(currency);
    CHECK(decimals >= 0 && decimals < DIGITS_MAX - 1);
    add_grouped(out, slot_for(f), minor, decimals);
}

char *format_amount(struct arena *a, const struct format *f, int64_t minor, const char *currency)
{
    struct line out;
    out.n = 0;
    add_amount(&out, f, minor, currency);
    return line_end(a, &out);
}

char *format_money(struct arena *a, const struct format *f, int64_t minor, const char *currency)
{
    struct line out;
    out.n = 0;
    add_amount(&out, f, minor, currency);
    line_char(&out, ' ');
    line_add(&out, currency);
    return line_end(a, &out);
}

char *format_count(struct arena *a, const struct format *f, int64_t n)
{
    struct line out;
    out.n = 0;
    add_grouped(&out, slot_for(f), n, 0);
    return line_end(a, &out);
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

char *format_duration(struct arena *a, int64_t ms)
{
    struct buf b;
    ms = ms < 0 ? 0 : ms;
    int64_t days = ms / CLOCK_DAY_MS, hours = ms / CLOCK_HOUR_MS % 24;
    int64_t minutes = ms / CLOCK_MINUTE_MS % 60, seconds = ms / CLOCK_SECOND_MS % 60;
    int64_t rest_ms = ms % CLOCK_SECOND_MS;

    buf_init(&b, a);
    if (days > 0)
        buf_printf(&b, "%" PRId64 " %s ", days, days == 1 ? "day" : "days");
    if (ms >= CLOCK_HOUR_MS)
        buf_printf(&b, "%" PRId64 " h ", hours);
    if (ms >= CLOCK_MINUTE_MS)
        buf_printf(&b, ms >= CLOCK_HOUR_MS ? "%02" PRId64 " min" : "%" PRId64 " min", minutes);
    if (seconds == 0 && rest_ms == 0 && ms > 0 && ms % CLOCK_MINUTE_MS == 0)
        return arena_strdup(a, buf_text(&b));
    buf_printf(&b, ms >= CLOCK_MINUTE_MS ? " %02" PRId64 : "%" PRId64, seconds);
    if (rest_ms > 0)
        buf_printf(&b, ".%03" PRId64, rest_ms);
    buf_puts(&b, " s");
    return arena_strdup(a, buf_text(&b));
}
