#include "core/clock.h"
#include <errno.h>
#include <string.h>
#include <time.h>

static int64_t now_ns(clockid_t which)
{
    struct timespec t;
    CHECK(clock_gettime(which, &t) == 0);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_wall_ms(const struct clock *c)
{
    return c && c->fixed_ms ? c->fixed_ms : now_ns(CLOCK_REALTIME) / 1000000;
}

int64_t clock_mono_ms(void)
{
    return now_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t clock_mono_us(void)
{
    return now_ns(CLOCK_MONOTONIC) / 1000;
}

void clock_sleep_ms(int64_t ms)
{
    if (ms <= 0)
        return;
    int64_t until_ns = now_ns(CLOCK_MONOTONIC) + ms * 1000000;
    struct timespec t = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        continue;
}

static void put_digits(char *to, int digits, int value)
{
    while (digits-- > 0) {
        to[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* Every answer has several: digits are put in place, printf costs ten times as much. */
char *clock_iso(struct arena *a, int64_t wall_ms)
{
    int64_t second = wall_ms / CLOCK_SECOND_MS - (wall_ms % CLOCK_SECOND_MS < 0);
    time_t t = (time_t)second;
    struct tm tm;
    CHECK(gmtime_r(&t, &tm) != NULL);
    int year = tm.tm_year + 1900;
    if (year < 0 || year > 9999)
        return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, tm.tm_mon + 1, tm.tm_mday,
                            tm.tm_hour, tm.tm_min, tm.tm_sec);
    char *text = arena_strdup(a, "0000-00-00T00:00:00Z");
    put_digits(text, 4, year);
    put_digits(text + 5, 2, tm.tm_mon + 1);
    put_digits(text + 8, 2, tm.tm_mday);
    put_digits(text + 11, 2, tm.tm_hour);
    put_digits(text + 14, 2, tm.tm_min);
    put_digits(text + 17, 2, tm.tm_sec);
    return text;
}

/* Exactly `digits` digits; the cursor moves past them. */
static bool read_digits(const char **at, int digits, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += digits;
    *out = value;
    return true;
}

static bool read_mark(const char **at, char mark)
{
    if (**at != mark)
        return false;
    (*at)++;
    return true;
}

static int month_days(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

static bool read_date(const char **at, int64_t *days)
{
    int year, month, day;
    if (!read_digits(at, 4, &year) || !read_mark(at, '-') || !read_digits(at, 2, &month) ||
        !read_mark(at, '-') || !read_digits(at, 2, &day))
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
        return false;
    int64_t before = year - 1;
    int64_t count = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (int m = 1; m < month; m++)
        count += month_days(year, m);
    *days = count + day - 1;
    return true;
}

static bool read_time(const char **at, int64_t *ms)
{
    int hour, minute, second;
    if (!read_digits(at, 2, &hour) || !read_mark(at, ':') || !read_digits(at, 2, &minute) ||
        !read_mark(at, ':') || !read_digits(at, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    int fraction = 0, digit, digits = 0;
    if (read_mark(at, '.')) {
        for (; digits < 9 && read_digits(at, 1, &digit); digits++) {
            if (digits < 3)
                fraction = fraction * 10 + digit;
        }
        if (digits == 0)
            return false;
        for (; digits < 3; digits++)
            fraction *= 10;
    }
    *ms = hour * CLOCK_HOUR_MS + minute * CLOCK_MINUTE_MS + second * CLOCK_SECOND_MS + fraction;
    return true;
}

static bool read_zone(const char **at, int64_t *offset_ms)
{
    *offset_ms = 0;
    if (read_mark(at, 'Z'))
        return true;
    int sign = **at == '-' ? -1 : 1, hour, minute;
    if (!read_mark(at, '+') && !read_mark(at, '-'))
        return false;
    if (!read_digits(at, 2, &hour) || !read_mark(at, ':') || !read_digits(at, 2, &minute))
        return false;
    if (hour > 14 || minute > 59)
        return false;
    *offset_ms = sign * (hour * CLOCK_HOUR_MS + minute * CLOCK_MINUTE_MS);
    return true;
}

bool clock_parse_iso(const char *text, int64_t *wall_ms)
{
    int64_t days, ms, offset_ms;
    if (!text || !read_date(&text, &days) || !read_mark(&text, 'T') || !read_time(&text, &ms) ||
        !read_zone(&text, &offset_ms) || *text)
        return false;
    int64_t at_ms = days * CLOCK_DAY_MS + ms - offset_ms;
    if (at_ms < 0 || at_ms >= CLOCK_END_MS)
        return false; /* the zone leads out of the years that can be written */
    *wall_ms = at_ms;
    return true;
}
