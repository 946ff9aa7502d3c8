#include "core/clock.h"
#include "support/suite.h"
#include <inttypes.h>

#define COUNT(x) (sizeof(x) / sizeof *(x))

static const struct {
    int64_t ms;
    const char *text;
} TIMES[] = {
    {0, "1970-01-01T00:00:00Z"},
    {1636474852000, "2021-11-09T16:20:52Z"},
    {1582934400000, "2020-02-29T00:00:00Z"},
    {951782399000, "2000-02-28T23:59:59Z"},
    {4107542400000, "2100-03-01T00:00:00Z"},
    {253402300799000, "9999-12-31T23:59:59Z"},
};

START_TEST(writes_and_reads_iso)
{
    for (size_t i = 0; i < COUNT(TIMES); i++) {
        int64_t ms = -1;
        ck_assert_str_eq(clock_iso(suite_arena(), TIMES[i].ms), TIMES[i].text);
        ck_assert_str_eq(clock_iso(suite_arena(), TIMES[i].ms + 999), TIMES[i].text);
        ck_assert(clock_parse_iso(TIMES[i].text, &ms));
        ck_assert_msg(ms == TIMES[i].ms, "%s: %" PRId64, TIMES[i].text, ms);
    }
    ck_assert_str_eq(clock_iso(suite_arena(), -1), "1969-12-31T23:59:59Z");
}
END_TEST

START_TEST(reads_every_day_of_400_years)
{
    for (int64_t day = 0; day < 146097; day++) {
        int64_t ms = -1;
        bool ok = clock_parse_iso(clock_iso(suite_arena(), day * CLOCK_DAY_MS), &ms);
        if (!ok || ms != day * CLOCK_DAY_MS)
            ck_abort_msg("day %" PRId64 " became %" PRId64, day, ms);
        if (day % 1000 == 0)
            arena_clear(suite_arena());
    }
}
END_TEST

START_TEST(reads_fractions_and_zones)
{
    static const struct {
        const char *text;
        int64_t ms;
    } SAMPLES[] = {
        {"1970-01-01T00:00:01.5Z", 1500},         {"1970-01-01T00:00:01.050Z", 1050},
        {"1970-01-01T00:00:01.123456789Z", 1123}, {"1970-01-01T05:30:00+05:30", 0},
        {"1970-01-01T00:00:00-01:30", 5400000},   {"1970-01-01T00:00:00.000+00:00", 0},
    };
    for (size_t i = 0; i < COUNT(SAMPLES); i++) {
        int64_t ms = -1;
        ck_assert_msg(clock_parse_iso(SAMPLES[i].text, &ms), "%s", SAMPLES[i].text);
        ck_assert_int_eq(ms, SAMPLES[i].ms);
    }
}
END_TEST

START_TEST(rejects_other_shapes)
{
    static const char *const TEXTS[] = {
        "",
        "now",
        "2021-11-09",
        "2021-11-09T16:20:52",
        "2021-11-09 16:20:52Z",
        "2021-11-09T16:20:52z",
        "2021-11-09T16:20Z",
        "2021-11-09T16:20:52ZZ",
        "2021-11-09T16:20:52Z ",
        " 2021-11-09T16:20:52Z",
        "2021-13-09T16:20:52Z",
        "2021-00-09T16:20:52Z",
        "2021-11-31T16:20:52Z",
        "2021-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2021-11-00T16:20:52Z",
        "2021-11-09T24:00:00Z",
        "2021-11-09T16:60:52Z",
        "2021-11-09T23:59:60Z",
        "2021-11-09T16:20:52.Z",
        "2021-11-09T16:20:52.1234567890Z",
        "2021-11-09T16:20:52+0530",
        "2021-11-09T16:20:52+05",
        "2021-11-09T16:20:52+05:60",
        "2021-11-09T16:20:52+15:00",
        "+2021-11-09T16:20:52Z",
        "21-11-09T16:20:52Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "-021-11-09T16:20:52Z",
        "٢٠٢١-11-09T16:20:52Z",
    };
    int64_t ms = -7;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        ck_assert_msg(!clock_parse_iso(TEXTS[i], &ms), "%s", TEXTS[i]);
    ck_assert(!clock_parse_iso(NULL, &ms));
    ck_assert_int_eq(ms, -7);
}
END_TEST

START_TEST(stands_still_when_fixed)
{
    struct clock fixed = {.fixed_ms = 1234567890123}, real = {0};
    ck_assert_int_eq(clock_wall_ms(&fixed), 1234567890123);
    ck_assert_int_gt(clock_wall_ms(&real), 1700000000000);
    ck_assert_int_ge(clock_wall_ms(NULL), clock_wall_ms(&real));
}
END_TEST

START_TEST(sleeps_at_least_so_long)
{
    int64_t before_us = clock_mono_us();
    clock_sleep_ms(20);
    ck_assert_int_ge(clock_mono_us() - before_us, 20000);
    clock_sleep_ms(0);
    clock_sleep_ms(-5);
    ck_assert_int_ge(clock_mono_ms(), before_us / 1000);
}
END_TEST

suite_fn t_clock_suite;

Suite *t_clock_suite(void)
{
    TCase *t;
    Suite *s = suite_of("clock", &t);
    tcase_add_test(t, writes_and_reads_iso);
    tcase_add_test(t, reads_every_day_of_400_years);
    tcase_add_test(t, reads_fractions_and_zones);
    tcase_add_test(t, rejects_other_shapes);
    tcase_add_test(t, stands_still_when_fixed);
    tcase_add_test(t, sleeps_at_least_so_long);
    return s;
}
