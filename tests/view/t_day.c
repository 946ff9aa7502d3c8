#include "core/clock.h"
#include "support/suite.h"
#include "view/day.h"
#include <string.h>

static int64_t at(const char *iso)
{
    int64_t ms;
    ck_assert_msg(clock_parse_iso(iso, &ms), "%s", iso);
    return ms;
}

static void is(const char *what, int64_t got, const char *want)
{
    const char *text = clock_iso(suite_arena(), got);
    ck_assert_msg(got == at(want), "%s: %s, not %s", what, text, want);
}

static struct format in(const char *zone)
{
    return (struct format){.time_zone = zone, .locale = "en_IN"};
}

/* Where the days of a zone begin, as moments. */
static const struct {
    const char *zone, *day, *start, *next;
} days[] = {
    {"UTC", "2026-11-21", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"},
    {"Asia/Kolkata", "2026-11-21", "2026-11-20T18:30:00Z", "2026-11-21T18:30:00Z"},
    {"Asia/Kathmandu", "2026-11-21", "2026-11-20T18:15:00Z", "2026-11-21T18:15:00Z"},
    {"Pacific/Kiritimati", "2026-11-21", "2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z"},
    {"Pacific/Pago_Pago", "2026-11-21", "2026-11-21T11:00:00Z", "2026-11-22T11:00:00Z"},
    /* a day of 23 hours and one of 25 */
    {"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
    {"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
    {"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"},
    {"America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},
    {"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
    /* half an hour of summer time */
    {"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"},
    /* the clock jumps from midnight to one: the day begins at one */
    {"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
    /* and from midnight back to eleven: it begins at the second midnight */
    {"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z", "2018-02-19T03:00:00Z"},
    {"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"},
    /* from one back to midnight: it begins at the first midnight */
    {"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
    /* leap days */
    {"Asia/Kolkata", "2028-02-29", "2028-02-28T18:30:00Z", "2028-02-29T18:30:00Z"},
    {"UTC", "2000-02-29", "2000-02-29T00:00:00Z", "2000-03-01T00:00:00Z"},
    {"UTC", "2027-02-28", "2027-02-28T00:00:00Z", "2027-03-01T00:00:00Z"},
    {"UTC", "1970-01-01", "1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z"},
};
#define N_DAYS (sizeof days / sizeof days[0])

START_TEST(days_begin_where_the_zone_has_midnight)
{
    for (size_t i = 0; i < N_DAYS; i++) {
        const struct format f = in(days[i].zone);
        int64_t start = -1, next = at(days[i].next);
        const char *what = arena_printf(suite_arena(), "%s %s", days[i].zone, days[i].day);
        ck_assert_msg(day_parse(&f, days[i].day, &start), "%s", what);
        is(what, start, days[i].start);
        is(what, day_start(&f, start, 1), days[i].next);
        is(what, day_start(&f, next, -1), days[i].start);
    }
}
END_TEST

START_TEST(every_moment_of_a_day_knows_it)
{
    for (size_t i = 0; i < N_DAYS; i++) {
        const struct format f = in(days[i].zone);
        int64_t start = at(days[i].start), next = at(days[i].next);
        for (int64_t ms = start; ms < next; ms += 10 * CLOCK_MINUTE_MS) {
            ck_assert_str_eq(day_text(suite_arena(), &f, ms), days[i].day);
            is(days[i].day, day_start(&f, ms, 0), days[i].start);
        }
        ck_assert_str_eq(day_text(suite_arena(), &f, next - 1), days[i].day);
        ck_assert_str_ne(day_text(suite_arena(), &f, start - 1), days[i].day);
        ck_assert_str_ne(day_text(suite_arena(), &f, next), days[i].day);
    }
}
END_TEST

/* No moment is in two days or in none: each day begins where the one before ends. */
START_TEST(days_of_years_follow_each_other)
{
    static const char *const zones[] = {"UTC",
                                        "Asia/Kolkata",
                                        "Europe/Berlin",
                                        "America/Sao_Paulo",
                                        "America/Havana",
                                        "Australia/Lord_Howe",
                                        "Asia/Tehran"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        const struct format f = in(zones[i]);
        int64_t ms = day_start(&f, at("2016-12-31T12:00:00Z"), 0);
        for (int day = 0; day < 1200; day++) {
            int64_t next = day_start(&f, ms, 1), parsed;
            ck_assert_int_ge(next - ms, 23 * CLOCK_HOUR_MS);
            ck_assert_int_le(next - ms, 25 * CLOCK_HOUR_MS);
            ck_assert_int_eq(day_start(&f, next - 1, 0), ms);
            ck_assert_int_eq(day_start(&f, next, -1), ms);
            ck_assert(day_parse(&f, day_text(suite_arena(), &f, next), &parsed));
            ck_assert_int_eq(parsed, next);
            ms = next;
        }
        arena_clear(suite_arena());
    }
}
END_TEST

START_TEST(months_begin_at_their_first_midnight)
{
    static const struct {
        const char *zone, *moment, *start;
    } rows[] = {
        {"UTC", "2026-11-21T09:01:07Z", "2026-11-01T00:00:00Z"},
        {"UTC", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"},
        {"UTC", "2028-02-29T23:59:59Z", "2028-02-01T00:00:00Z"},
        {"Asia/Kolkata", "2026-10-31T18:29:59Z", "2026-09-30T18:30:00Z"},
        {"Asia/Kolkata", "2026-10-31T18:30:00Z", "2026-10-31T18:30:00Z"},
        {"Asia/Kolkata", "2026-12-31T18:30:00Z", "2026-12-31T18:30:00Z"},
        /* summer time ends within the month: its first midnight had the other offset */
        {"America/New_York", "2026-11-21T12:00:00Z", "2026-11-01T04:00:00Z"},
        {"Europe/Berlin", "2026-03-31T12:00:00Z", "2026-02-28T23:00:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct format f = in(rows[i].zone);
        is(rows[i].moment, day_month_start(&f, at(rows[i].moment)), rows[i].start);
    }
}
END_TEST

START_TEST(days_that_are_none_are_refused)
{
    static const char *const texts[] = {"",
                                        "2026",
                                        "2026-11",
                                        "2026-11-31",
                                        "2027-02-29",
                                        "2100-02-29",
                                        "2026-00-10",
                                        "2026-13-01",
                                        "2026-01-00",
                                        "2026-01-32",
                                        "1969-12-31",
                                        "26-11-21",
                                        "2026-1-1",
                                        "2026-11-211",
                                        "2026/11/21",
                                        "2026-11-2a",
                                        " 2026-11-21",
                                        "2026-11-21 ",
                                        "-026-11-21",
                                        "2026-+1-21",
                                        "20260-11-1",
                                        "2026-11-21T00:00:00Z",
                                        "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6-11",
                                        "0000-00-00",
                                        "today"};
    const struct format f = in("UTC");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t ms = 42;
        ck_assert_msg(!day_parse(&f, texts[i], &ms), "\"%s\" is taken", texts[i]);
        ck_assert_int_eq(ms, 42);
    }
    int64_t ms;
    ck_assert(day_parse(&f, "9999-12-31", &ms));
    ck_assert_str_eq(day_text(suite_arena(), &f, ms), "9999-12-31");
}
END_TEST

Suite *t_day_suite(void); /* main.c */

Suite *t_day_suite(void)
{
    TCase *t;
    Suite *s = suite_of("day", &t);
    tcase_add_test(t, days_begin_where_the_zone_has_midnight);
    tcase_add_test(t, every_moment_of_a_day_knows_it);
    tcase_add_test(t, days_of_years_follow_each_other);
    tcase_add_test(t, months_begin_at_their_first_midnight);
    tcase_add_test(t, days_that_are_none_are_refused);
    return s;
}
