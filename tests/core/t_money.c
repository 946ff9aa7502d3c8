#include "core/money.h"
#include "core/str.h"
#include "support/suite.h"
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(x) (sizeof(x) / sizeof *(x))

struct sample {
    const char *text, *currency;
    enum money_fault fault;
    int64_t minor;
};

static void expect(const struct sample *s)
{
    int64_t minor = -77;
    enum money_fault fault = money_parse(s->text, s->currency, &minor);
    ck_assert_msg(fault == s->fault, "\"%s\" %s: fault %d, not %d", s->text, s->currency, fault,
                  s->fault);
    int64_t wanted = s->fault == MONEY_OK ? s->minor : -77;
    ck_assert_msg(minor == wanted, "\"%s\" %s: %" PRId64, s->text, s->currency, minor);
}

START_TEST(reads_plain_decimals)
{
    static const struct sample SAMPLES[] = {
        {"0", "INR", MONEY_OK, 0},
        {"0.00", "INR", MONEY_OK, 0},
        {"1", "INR", MONEY_OK, 100},
        {"98.2", "INR", MONEY_OK, 9820},
        {"98.20", "INR", MONEY_OK, 9820},
        {"665.34", "INR", MONEY_OK, 66534},
        {"007", "INR", MONEY_OK, 700},
        {"000000000000000000000000000001.5", "INR", MONEY_OK, 150},
        {"5", "JPY", MONEY_OK, 5},
        {"1.234", "KWD", MONEY_OK, 1234},
        {"1.2345", "CLF", MONEY_OK, 12345},
        {"10000000000000", "INR", MONEY_OK, MONEY_MAX_MINOR},
        {"9999999999999.99", "INR", MONEY_OK, MONEY_MAX_MINOR - 1},
        {"1000000000000000", "JPY", MONEY_OK, MONEY_MAX_MINOR},
    };
    for (size_t i = 0; i < COUNT(SAMPLES); i++)
        expect(&SAMPLES[i]);
}
END_TEST

START_TEST(rejects_what_is_not_a_plain_decimal)
{
    static const char *const TEXTS[] = {
        "",      " ",   "1e3",      "1E3",   "1,000.00", "1 000", "+1",  "-0",   "-1",    ".5",
        "5.",    ".",   "0x10",     "1.",    "1..2",     "1.2.3", " 1",  "1 ",   "\t1",   "1\n",
        "NaN",   "inf", "Infinity", "one",   "1_000",    "1'000", "₹1",  "1INR", "$1",    "٣",
        "１",    "1.٣", "\xff",     "1\x80", "(1)",      "1-",    "0b1", "1/2",  "12,50", "1.5 ",
        "1.5e0", "--1", "1.0f",     "null",  "true",     "\"1\"", "1%",
    };
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        expect(&(struct sample){TEXTS[i], "INR", MONEY_NOT_DECIMAL, 0});
}
END_TEST

START_TEST(rejects_nul_inside)
{
    struct decimal d;
    ck_assert_int_eq(decimal_parse("1\0002", 3, &d), MONEY_NOT_DECIMAL);
    ck_assert_int_eq(decimal_parse("12\0", 3, &d), MONEY_NOT_DECIMAL);
    ck_assert_int_eq(decimal_parse("\0", 1, &d), MONEY_NOT_DECIMAL);
    ck_assert_int_eq(decimal_parse("", 0, &d), MONEY_NOT_DECIMAL);
}
END_TEST

START_TEST(reads_no_byte_past_the_length)
{
    struct decimal d;
    char *text = malloc(2);
    memcpy(text, "12", 2);
    ck_assert_int_eq(decimal_parse(text, 2, &d), MONEY_OK);
    ck_assert_int_eq(d.unscaled, 12);
    ck_assert_int_eq(d.scale, 0);
    ck_assert_int_eq(decimal_parse(text, 1, &d), MONEY_OK);
    ck_assert_int_eq(d.unscaled, 1);
    free(text);
}
END_TEST

START_TEST(rejects_more_decimals_than_the_currency)
{
    static const struct sample SAMPLES[] = {
        {"1.005", "INR", MONEY_TOO_MANY_DECIMALS, 0},
        {"1.000", "INR", MONEY_TOO_MANY_DECIMALS, 0},
        {"1.0", "JPY", MONEY_TOO_MANY_DECIMALS, 0},
        {"1.00", "JPY", MONEY_TOO_MANY_DECIMALS, 0},
        {"1.2345", "KWD", MONEY_TOO_MANY_DECIMALS, 0},
        {"1.23456", "UYW", MONEY_TOO_MANY_DECIMALS, 0},
        {"0.000", "USD", MONEY_TOO_MANY_DECIMALS, 0},
    };
    for (size_t i = 0; i < COUNT(SAMPLES); i++)
        expect(&SAMPLES[i]);
}
END_TEST

START_TEST(rejects_just_above_the_maximum)
{
    static const struct sample SAMPLES[] = {
        {"10000000000000.01", "INR", MONEY_TOO_LARGE, 0},
        {"1000000000000001", "JPY", MONEY_TOO_LARGE, 0},
        {"1000000000000000.1", "JPY", MONEY_TOO_MANY_DECIMALS, 0},
        {"100000000000.0001", "CLF", MONEY_TOO_LARGE, 0},
        {"999999999999999999", "INR", MONEY_TOO_LARGE, 0},
        {"999999999999999999", "CLF", MONEY_TOO_LARGE, 0}, /* overflows int64 when scaled */
    };
    for (size_t i = 0; i < COUNT(SAMPLES); i++)
        expect(&SAMPLES[i]);
}
END_TEST

START_TEST(counts_eighteen_significant_digits)
{
    struct decimal d;
    ck_assert_int_eq(decimal_parse("999999999999999999", 18, &d), MONEY_OK);
    ck_assert_int_eq(d.unscaled, INT64_C(999999999999999999));
    ck_assert_int_eq(decimal_parse("0.123456789012345678", 20, &d), MONEY_OK);
    ck_assert_int_eq(d.scale, 18);
    ck_assert_int_eq(decimal_parse("1234567890123456789", 19, &d), MONEY_NOT_DECIMAL);
    ck_assert_int_eq(decimal_parse("0.1234567890123456789", 21, &d), MONEY_NOT_DECIMAL);
    ck_assert_int_eq(decimal_parse("1.000000000000000000", 20, &d), MONEY_NOT_DECIMAL);
    ck_assert_int_eq(decimal_parse("9223372036854775808", 19, &d), MONEY_NOT_DECIMAL);
}
END_TEST

START_TEST(writes_padded_and_shortest)
{
    static const struct {
        int64_t minor;
        const char *currency, *text, *json;
    } SAMPLES[] = {
        {800, "INR", "8.00", "8"},
        {9820, "INR", "98.20", "98.2"},
        {66534, "INR", "665.34", "665.34"},
        {0, "INR", "0.00", "0"},
        {1, "INR", "0.01", "0.01"},
        {10, "INR", "0.10", "0.1"},
        {100000, "INR", "1000.00", "1000"},
        {5, "JPY", "5", "5"},
        {1000, "JPY", "1000", "1000"},
        {1500, "KWD", "1.500", "1.5"},
        {12345, "CLF", "1.2345", "1.2345"},
        {-9820, "INR", "-98.20", "-98.2"},
        {-5, "INR", "-0.05", "-0.05"},
        {MONEY_MAX_MINOR, "INR", "10000000000000.00", "10000000000000"},
        {INT64_MIN, "JPY", "-9223372036854775808", "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT(SAMPLES); i++) {
        ck_assert_str_eq(money_text(suite_arena(), SAMPLES[i].minor, SAMPLES[i].currency),
                         SAMPLES[i].text);
        ck_assert_str_eq(money_json(suite_arena(), SAMPLES[i].minor, SAMPLES[i].currency),
                         SAMPLES[i].json);
    }
}
END_TEST

START_TEST(knows_the_exponents)
{
    static const struct {
        const char *code;
        int exponent;
    } SAMPLES[] = {
        {"INR", 2},  {"USD", 2},  {"EUR", 2},  {"JPY", 0}, {"KRW", 0},   {"VND", 0}, {"CLP", 0},
        {"ISK", 0},  {"UGX", 0},  {"XOF", 0},  {"XAF", 0}, {"XPF", 0},   {"PYG", 0}, {"BHD", 3},
        {"IQD", 3},  {"JOD", 3},  {"KWD", 3},  {"LYD", 3}, {"OMR", 3},   {"TND", 3}, {"CLF", 4},
        {"UYW", 4},  {"UYI", 0},  {"AED", 2},  {"ZWG", 2}, {"HUF", 2},   {"IDR", 2}, {"TWD", 2},
        {"XXX", -1}, {"XAU", -1}, {"inr", -1}, {"IN", -1}, {"INRX", -1}, {"", -1},
    };
    for (size_t i = 0; i < COUNT(SAMPLES); i++)
        ck_assert_msg(money_exponent(SAMPLES[i].code) == SAMPLES[i].exponent, "%s",
                      SAMPLES[i].code);
    ck_assert_int_eq(money_exponent(NULL), -1);
}
END_TEST

START_TEST(finds_every_code_of_the_sorted_table)
{
    size_t count;
    const char *const *codes = money_currencies(&count);
    ck_assert_uint_gt(count, 150);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(strlen(codes[i]), 3);
        ck_assert_int_ge(money_exponent(codes[i]), 0);
        if (i > 0)
            ck_assert_str_lt(codes[i - 1], codes[i]);
    }
}
END_TEST

/* A fixed seed: the same amounts every time. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void expect_back(const char *text, const char *currency, int64_t minor)
{
    int64_t back = -1;
    if (money_parse(text, currency, &back) != MONEY_OK || back != minor)
        ck_abort_msg("%" PRId64 " %s: \"%s\" became %" PRId64, minor, currency, text, back);
}

START_TEST(comes_back_from_text_and_json_unchanged)
{
    size_t count;
    const char *const *codes = money_currencies(&count);
    uint64_t state = 20250704;
    for (int i = 0; i < 100000; i++) {
        const char *currency = codes[next_random(&state) % count];
        uint64_t range = (uint64_t)MONEY_MAX_MINOR + 1;
        for (uint64_t cut = next_random(&state) % 16; cut > 0; cut--)
            range = range / 10 + 1;
        int64_t minor = (int64_t)(next_random(&state) % range);
        expect_back(money_text(suite_arena(), minor, currency), currency, minor);
        const char *shortest = money_json(suite_arena(), minor, currency);
        expect_back(shortest, currency, minor);
        if (strchr(shortest, '.') && str_ends(shortest, "0"))
            ck_abort_msg("%s has zeros to spare", shortest);
        if (i % 1000 == 0)
            arena_clear(suite_arena());
    }
}
END_TEST

START_TEST(adds_without_overflow)
{
    int64_t sum = 7;
    ck_assert(money_add(INT64_MAX - 1, 1, &sum));
    ck_assert_int_eq(sum, INT64_MAX);
    sum = 7;
    ck_assert(!money_add(INT64_MAX, 1, &sum));
    ck_assert(!money_add(INT64_MIN, -1, &sum));
    ck_assert_int_eq(sum, 7);
}
END_TEST

START_TEST(aborts_on_an_unknown_currency)
{
    (void)money_text(suite_arena(), 1, "XXX");
}
END_TEST

suite_fn t_money_suite;

Suite *t_money_suite(void)
{
    TCase *t;
    Suite *s = suite_of("money", &t);
    tcase_add_test(t, reads_plain_decimals);
    tcase_add_test(t, rejects_what_is_not_a_plain_decimal);
    tcase_add_test(t, rejects_nul_inside);
    tcase_add_test(t, reads_no_byte_past_the_length);
    tcase_add_test(t, rejects_more_decimals_than_the_currency);
    tcase_add_test(t, rejects_just_above_the_maximum);
    tcase_add_test(t, counts_eighteen_significant_digits);
    tcase_add_test(t, writes_padded_and_shortest);
    tcase_add_test(t, knows_the_exponents);
    tcase_add_test(t, finds_every_code_of_the_sorted_table);
    tcase_add_test(t, comes_back_from_text_and_json_unchanged);
    tcase_add_test(t, adds_without_overflow);
    tcase_add_test_raise_signal(t, aborts_on_an_unknown_currency, SIGABRT);
    return s;
}
