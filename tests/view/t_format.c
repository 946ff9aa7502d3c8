#include "core/clock.h"
#include "core/str.h"
#include "support/suite.h"
#include "view/format.h"
#include <pthread.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#define NOV_21_2026 INT64_C(1795251667000) /* 2026-11-21T09:01:07Z */
#define JUN_21_2026 INT64_C(1782032467000) /* 2026-06-21T09:01:07Z */

static const struct format india = {"Asia/Kolkata", "en_IN"};
static const struct format utc = {"UTC", "en_US"};

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

START_TEST(groups_by_locale_and_pads_by_currency)
{
    static const struct {
        const char *locale, *currency;
        int64_t minor;
        const char *want;
    } rows[] = {
        {"en_IN", "INR", 120000000, "12,00,000.00 INR"},
        {"en_US", "INR", 120000000, "1,200,000.00 INR"},
        {"de", "EUR", 120000050, "1.200.000,50 EUR"},
        {"en_IN", "JPY", 18000, "18,000 JPY"},
        {"en_IN", "KWD", 1234567, "1,234.567 KWD"},
        {"en_IN", "CLF", 10000, "1.0000 CLF"},
        {"en_IN", "INR", 0, "0.00 INR"},
        {"en_IN", "INR", 5, "0.05 INR"},
        {"en_US", "USD", MONEY_MAX_MINOR, "10,000,000,000,000.00 USD"},
        {"en_US", "USD", MONEY_MAX_MINOR - 1, "9,999,999,999,999.99 USD"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct format f = {"UTC", rows[i].locale};
        ck_assert_str_eq(format_money(arena, &f, rows[i].minor, rows[i].currency), rows[i].want);
    }
}
END_TEST

START_TEST(counts_are_grouped)
{
    ck_assert_str_eq(format_count(arena, &india, 1234567), "12,34,567");
    ck_assert_str_eq(format_count(arena, &utc, 1234567), "1,234,567");
    ck_assert_str_eq(format_count(arena, &utc, 0), "0");
}
END_TEST

START_TEST(times_stand_in_the_merchants_zone)
{
    ck_assert_str_eq(format_time_full(arena, &india, NOV_21_2026), "21 Nov 2026, 14:31:07 IST");
    ck_assert_str_eq(format_time_full(arena, &utc, NOV_21_2026), "21 Nov 2026, 09:01:07 UTC");
    ck_assert_str_eq(format_time(arena, &india, NOV_21_2026, NOV_21_2026), "21 Nov 14:31");
}
END_TEST

START_TEST(year_is_written_when_it_is_another_in_the_zone)
{
    int64_t ist_new_year = 0, still_2026 = 0;
    ck_assert(clock_parse_iso("2026-12-31T18:30:00Z", &ist_new_year)); /* 2027 in India */
    ck_assert(clock_parse_iso("2026-12-31T18:29:59Z", &still_2026));
    ck_assert_str_eq(format_time(arena, &india, still_2026, ist_new_year), "31 Dec 2026 23:59");
    ck_assert_str_eq(format_time(arena, &utc, still_2026, ist_new_year), "31 Dec 18:29");
}
END_TEST

START_TEST(clock_alone_today_and_with_the_day_otherwise)
{
    ck_assert_str_eq(format_clock(arena, &india, NOV_21_2026, NOV_21_2026), "14:31");
    ck_assert_str_eq(format_clock(arena, &india, NOV_21_2026, NOV_21_2026 + CLOCK_DAY_MS),
                     "21 Nov 14:31");
}
END_TEST

START_TEST(summer_time_moves_clock_and_name)
{
    struct format f = {"Europe/Paris", "en_IN"};
    ck_assert_str_eq(format_time_full(arena, &f, JUN_21_2026), "21 Jun 2026, 11:01:07 CEST");
    ck_assert_str_eq(format_time_full(arena, &f, NOV_21_2026), "21 Nov 2026, 10:01:07 CET");
    ck_assert_str_eq(format_time_full(arena, &f, JUN_21_2026), "21 Jun 2026, 11:01:07 CEST");
}
END_TEST

START_TEST(zones_have_the_names_people_use)
{
    static const struct {
        const char *zone, *winter, *summer;
    } rows[] = {
        {"Asia/Kolkata", "IST", "IST"},
        {"Asia/Calcutta", "IST", "IST"},
        {"UTC", "UTC", "UTC"},
        {"Europe/London", "GMT", "BST"},
        {"America/New_York", "EST", "EDT"},
        {"Australia/Sydney", "AEDT", "AEST"},
        {"Pacific/Auckland", "NZDT", "NZST"},
        {"Asia/Tokyo", "JST", "JST"},
        {"Asia/Singapore", "SGT", "SGT"},
        {"Asia/Dubai", "GST", "GST"},
        {"Asia/Kathmandu", "UTC+05:45", "UTC+05:45"},
        {"America/Sao_Paulo", "UTC-03:00", "UTC-03:00"},
        {"America/St_Johns", "UTC-03:30", "UTC-02:30"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct format f = {rows[i].zone, "de"};
        ck_assert_str_eq(format_zone(arena, &f, NOV_21_2026), rows[i].winter);
        ck_assert_str_eq(format_zone(arena, &f, JUN_21_2026), rows[i].summer);
    }
}
END_TEST

START_TEST(ages_in_one_unit)
{
    static const struct {
        int64_t ago_ms;
        const char *want;
    } rows[] = {
        {0, "just now"},
        {9 * CLOCK_SECOND_MS, "just now"},
        {10 * CLOCK_SECOND_MS, "10 s ago"},
        {59 * CLOCK_SECOND_MS, "59 s ago"},
        {3 * CLOCK_MINUTE_MS + 59 * CLOCK_SECOND_MS, "3 min ago"},
        {2 * CLOCK_HOUR_MS, "2 h ago"},
        {CLOCK_DAY_MS, "1 day ago"},
        {400 * CLOCK_DAY_MS, "400 days ago"},
        {-40 * CLOCK_SECOND_MS, "in 40 s"},
        {-15 * CLOCK_MINUTE_MS, "in 15 min"},
        {-1, "now"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(format_age(arena, NOV_21_2026 - rows[i].ago_ms, NOV_21_2026),
                         rows[i].want);
}
END_TEST

START_TEST(durations_are_exact)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "0 s"},
        {-1, "0 s"},
        {999, "0.999 s"},
        {59000, "59 s"},
        {60000, "1 min"},
        {60001, "1 min 00.001 s"},
        {600000, "10 min"},
        {600001, "10 min 00.001 s"},
        {1024000, "17 min 04 s"},
        {3600000, "1 h 00 min"},
        {3600000 + 31000, "1 h 00 min 31 s"},
        {CLOCK_DAY_MS, "1 day 0 h 00 min"},
        {3 * CLOCK_DAY_MS + 2 * CLOCK_HOUR_MS + 61250, "3 days 2 h 01 min 01.250 s"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(format_duration(arena, rows[i].ms), rows[i].text);
}
END_TEST

START_TEST(refuses_unknown_zones_and_locales)
{
    static const char *const zones[] = {
        "", "IST+5", "Asia/Nowhere", "GMT+5:30", "Etc/Unknown", "../etc/passwd", "Asia/Kolkata "};
    static const char *const locales[] = {"", "xx_YY", "english", "en_IN; drop"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        ck_assert_msg(!format_zone_valid(zones[i]), "%s", zones[i]);
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++)
        ck_assert_msg(!format_locale_valid(locales[i]), "%s", locales[i]);
    ck_assert(format_zone_valid("Asia/Kolkata") && format_zone_valid("UTC"));
    ck_assert(!format_zone_valid(NULL) && !format_locale_valid(NULL));
    ck_assert(format_locale_valid("en_IN") && format_locale_valid("de"));
}
END_TEST

START_TEST(unusable_names_fall_back_instead_of_failing)
{
    char longer[200];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    struct format f = {longer, longer};
    ck_assert_str_eq(format_time_full(arena, &f, NOV_21_2026), "21 Nov 2026, 09:01:07 UTC");
    ck_assert_str_eq(format_count(arena, &f, 12), "12");
}
END_TEST

START_TEST(more_pairs_than_the_cache_holds)
{
    static const char *const zones[] = {"Asia/Kolkata",     "UTC",           "Europe/Paris",
                                        "America/New_York", "Asia/Tokyo",    "Asia/Dubai",
                                        "Asia/Kathmandu",   "Europe/London", "Asia/Singapore",
                                        "Europe/Athens",    "Asia/Seoul"};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
            struct format f = {zones[i], "en_US"};
            format_time_full(arena, &f, NOV_21_2026);
        }
        ck_assert_str_eq(format_time_full(arena, &india, NOV_21_2026), "21 Nov 2026, 14:31:07 IST");
    }
}
END_TEST

/* A small generator: the same values on every run. */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 20;
}

static const char *as_utf8(const UChar *text, int32_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    char *out = arena_alloc(arena, 400);
    u_strToUTF8(out, 399, NULL, text, n, &status);
    ck_assert(U_SUCCESS(status));
    return out;
}

START_TEST(groups_exactly_as_icu_does)
{
    static const char *const locales[] = {"en_IN", "en_US", "de",    "fr",    "es",    "pl",
                                          "pt_PT", "de_CH", "en_ZA", "hi",    "gu_IN", "ja",
                                          "ru",    "sv",    "it_CH", "de_AT", "bg",    "te"};
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        UErrorCode status = U_ZERO_ERROR;
        UNumberFormat *n = unum_open(UNUM_DECIMAL, NULL, 0, locales[i], NULL, &status);
        struct format f = {"UTC", locales[i]};
        uint64_t state = i + 1;
        arena_clear(arena);
        unum_setAttribute(n, UNUM_MIN_FRACTION_DIGITS, 3);
        unum_setAttribute(n, UNUM_MAX_FRACTION_DIGITS, 3);
        for (int round = 0; round < 300; round++) {
            UChar out[99];
            int64_t minor = (int64_t)(next_random(&state) % (UINT64_C(1) << (round % 44)));
            const char *plain = money_text(arena, minor, "KWD");
            int32_t out_n =
                unum_formatDecimal(n, plain, (int32_t)strlen(plain), out, 99, NULL, &status);
            ck_assert(U_SUCCESS(status));
            ck_assert_str_eq(format_amount(arena, &f, minor, "KWD"), as_utf8(out, out_n));
        }
        unum_close(n);
    }
}
END_TEST

START_TEST(dates_exactly_as_icu_does)
{
    static const char *const zones[] = {"Asia/Kolkata",     "Europe/Paris",        "UTC",
                                        "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
                                        "America/St_Johns", "Pacific/Apia"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        UErrorCode status = U_ZERO_ERROR;
        UChar zone[64], pattern[64];
        struct format f = {zones[i], "en_IN"};
        uint64_t state = i + 77;
        arena_clear(arena);
        u_uastrcpy(zone, zones[i]);
        u_uastrcpy(pattern, "d MMM yyyy, HH:mm:ss");
        UDateFormat *d =
            udat_open(UDAT_PATTERN, UDAT_PATTERN, "en_IN", zone, -1, pattern, -1, &status);
        for (int round = 0; round < 500; round++) { /* 1970 to 2100 */
            UChar out[99];
            int64_t wall_ms = (int64_t)(next_random(&state) % UINT64_C(4102444800000));
            int32_t out_n = udat_format(d, (UDate)wall_ms, out, 99, NULL, &status);
            ck_assert(U_SUCCESS(status));
            const char *want = as_utf8(out, out_n);
            const char *got = format_time_full(arena, &f, wall_ms);
            ck_assert_msg(strncmp(got, want, strlen(want)) == 0, "%s instead of %s in %s", got,
                          want, zones[i]);
        }
        udat_close(d);
    }
}
END_TEST

START_TEST(offsets_change_at_the_very_second)
{
    static const struct {
        const char *iso, *want;
    } rows[] = {
        {"2026-03-29T00:59:59Z", "29 Mar 2026, 01:59:59 CET"},
        {"2026-03-29T01:00:00Z", "29 Mar 2026, 03:00:00 CEST"},
        {"2026-10-25T00:59:59Z", "25 Oct 2026, 02:59:59 CEST"},
        {"2026-10-25T01:00:00Z", "25 Oct 2026, 02:00:00 CET"},
        {"2026-03-29T00:59:59Z", "29 Mar 2026, 01:59:59 CET"},
    };
    struct format f = {"Europe/Paris", "en_IN"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t wall_ms;
        ck_assert(clock_parse_iso(rows[i].iso, &wall_ms));
        ck_assert_str_eq(format_time_full(arena, &f, wall_ms), rows[i].want);
    }
}
END_TEST

START_TEST(negative_amounts_keep_their_sign)
{
    ck_assert_str_eq(format_amount(arena, &india, -120000050, "INR"), "-12,00,000.50");
    ck_assert_str_eq(format_count(arena, &india, INT64_MIN), "-92,23,37,20,36,85,47,75,808");
}
END_TEST

static void *format_in_thread(void *zone)
{
    struct arena *a = arena_new(1 << 20);
    struct format f = {zone, "en_IN"};
    const char *want =
        str_eq(zone, "UTC") ? "21 Nov 2026, 09:01:07 UTC" : "21 Nov 2026, 14:31:07 IST";
    long wrong = 0;
    for (int i = 0; i < 2000; i++) {
        wrong += !str_eq(format_time_full(a, &f, NOV_21_2026), want);
        wrong += !str_eq(format_amount(a, &f, 120000000, "INR"), "12,00,000.00");
        if (i % 100 == 0)
            arena_clear(a);
    }
    arena_free(a);
    return (void *)wrong;
}

START_TEST(threads_have_their_own_formatters)
{
    static char kolkata[] = "Asia/Kolkata", universal[] = "UTC";
    pthread_t one, two;
    void *wrong_one, *wrong_two;
    ck_assert_int_eq(pthread_create(&one, NULL, format_in_thread, kolkata), 0);
    ck_assert_int_eq(pthread_create(&two, NULL, format_in_thread, universal), 0);
    pthread_join(one, &wrong_one);
    pthread_join(two, &wrong_two);
    ck_assert_ptr_null(wrong_one);
    ck_assert_ptr_null(wrong_two);
}
END_TEST

Suite *t_format_suite(void); /* main.c */

Suite *t_format_suite(void)
{
    TCase *t;
    Suite *s = suite_of("format", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, groups_by_locale_and_pads_by_currency);
    tcase_add_test(t, counts_are_grouped);
    tcase_add_test(t, times_stand_in_the_merchants_zone);
    tcase_add_test(t, year_is_written_when_it_is_another_in_the_zone);
    tcase_add_test(t, clock_alone_today_and_with_the_day_otherwise);
    tcase_add_test(t, summer_time_moves_clock_and_name);
    tcase_add_test(t, zones_have_the_names_people_use);
    tcase_add_test(t, ages_in_one_unit);
    tcase_add_test(t, durations_are_exact);
    tcase_add_test(t, refuses_unknown_zones_and_locales);
    tcase_add_test(t, unusable_names_fall_back_instead_of_failing);
    tcase_add_test(t, more_pairs_than_the_cache_holds);
    tcase_add_test(t, groups_exactly_as_icu_does);
    tcase_add_test(t, dates_exactly_as_icu_does);
    tcase_add_test(t, offsets_change_at_the_very_second);
    tcase_add_test(t, negative_amounts_keep_their_sign);
    tcase_add_test(t, threads_have_their_own_formatters);
    return s;
}
