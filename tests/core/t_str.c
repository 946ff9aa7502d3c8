#include "core/str.h"
#include "support/suite.h"
#include <string.h>

#define COUNT(x) (sizeof(x) / sizeof *(x))

START_TEST(builds_text_of_any_length)
{
    struct buf b;
    buf_init(&b, suite_arena());
    ck_assert_str_eq(buf_text(&b), "");
    for (int i = 0; i < 10000; i++) {
        buf_puts(&b, "ab");
        buf_putc(&b, 'c');
        buf_printf(&b, "%d;", i % 10);
        ck_assert_uint_eq(strlen(buf_text(&b)), b.len);
    }
    ck_assert_uint_eq(b.len, 50000);
    ck_assert_int_eq(memcmp(b.data + 49995, "abc9;", 6), 0);
    buf_add(&b, "\0x", 2);
    ck_assert_uint_eq(b.len, 50002);
    ck_assert_int_eq(b.data[50002], 0);
}
END_TEST

START_TEST(terminates_after_adding_nothing)
{
    struct buf b;
    buf_init(&b, suite_arena());
    buf_add(&b, NULL, 0);
    ck_assert_ptr_nonnull(b.data);
    ck_assert_str_eq(b.data, "");
}
END_TEST

START_TEST(compares_with_null)
{
    ck_assert(str_eq(NULL, NULL));
    ck_assert(!str_eq(NULL, ""));
    ck_assert(!str_eq("", NULL));
    ck_assert(str_eq("a", "a"));
    ck_assert(!str_eq("a", "A"));
    ck_assert(str_ieq("Content-TYPE", "content-type"));
    ck_assert(!str_ieq("abc", "ab"));
    ck_assert(!str_ieq("ab", "abc"));
    ck_assert(!str_ieq("@", "`")); /* 0x40 and 0x60: not letters */
    ck_assert(!str_ieq("É", "é"));
    ck_assert(str_ieq(NULL, NULL));
    ck_assert(!str_ieq(NULL, ""));
    ck_assert(str_empty(NULL) && str_empty("") && !str_empty(" "));
    ck_assert_str_eq(str_or(NULL, "x"), "x");
    ck_assert_str_eq(str_or("", "x"), "");
}
END_TEST

START_TEST(looks_at_both_ends)
{
    ck_assert(str_starts("sqlite:x", "sqlite:"));
    ck_assert(!str_starts("sqlit", "sqlite:"));
    ck_assert(!str_starts(NULL, "x"));
    ck_assert(str_ends("a.csv", ".csv"));
    ck_assert(!str_ends("csv", ".csv"));
    ck_assert(!str_ends(NULL, "x"));
    ck_assert(str_starts("x", "") && str_ends("x", ""));
}
END_TEST

START_TEST(copies_at_most_the_size)
{
    char to[4];
    ck_assert(str_copy(to, sizeof to, "abc"));
    ck_assert_str_eq(to, "abc");
    ck_assert(!str_copy(to, sizeof to, "abcd"));
    ck_assert_str_eq(to, "abc");
    ck_assert(!str_copy(to, 1, "a"));
    ck_assert_str_eq(to, "");
    ck_assert(str_copy(to, 1, ""));
}
END_TEST

START_TEST(folds_and_trims_ascii)
{
    struct arena *a = suite_arena();
    ck_assert_str_eq(str_lower(a, "AbZ@[É"), "abz@[É");
    ck_assert_ptr_null(str_lower(a, NULL));
    ck_assert_str_eq(str_trim(a, " \t\r\n a b \v\f"), "a b");
    ck_assert_str_eq(str_trim(a, "   "), "");
    ck_assert_str_eq(str_trim(a, ""), "");
    ck_assert_str_eq(str_trim(a, "\xc2\xa0x"), "\xc2\xa0x");
    ck_assert_ptr_null(str_trim(a, NULL));
}
END_TEST

START_TEST(accepts_utf8)
{
    static const char *const TEXTS[] = {
        "",
        "plain",
        "\x01\x7f",
        "é",
        "₹",
        "日本語",
        "😀",
        "\xc2\x80",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
    };
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        ck_assert_msg(str_utf8_valid(TEXTS[i], strlen(TEXTS[i])), "%zu", i);
}
END_TEST

START_TEST(rejects_what_is_not_utf8)
{
    static const char *const TEXTS[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x41",
        "\xc2\xc2",
        "\xe0\x9f\xbf",
        "\xe0\xa0",
        "\xe2\x82",
        "\xe2\x28\xa1",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xf0\x90\x80",
        "\xf0\x90\x80\x41",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xfe",
        "\xff",
        "ok\xff",
        "\xe9t\xe9",
    };
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        ck_assert_msg(!str_utf8_valid(TEXTS[i], strlen(TEXTS[i])), "%zu", i);
    ck_assert(!str_utf8_valid("a\0b", 3));
    ck_assert(!str_utf8_valid("é", 1));
}
END_TEST

START_TEST(cuts_between_characters)
{
    ck_assert_uint_eq(str_utf8_cut("abc", 5), 3);
    ck_assert_uint_eq(str_utf8_cut("abc", 3), 3);
    ck_assert_uint_eq(str_utf8_cut("abc", 2), 2);
    ck_assert_uint_eq(str_utf8_cut("a₹b", 3), 1);
    ck_assert_uint_eq(str_utf8_cut("a₹b", 4), 4);
    ck_assert_uint_eq(str_utf8_cut("₹", 2), 0);
    ck_assert_uint_eq(str_utf8_cut("", 0), 0);
}
END_TEST

START_TEST(knows_printable_ascii)
{
    ck_assert(str_printable_ascii(" !~"));
    ck_assert(str_printable_ascii(""));
    ck_assert(!str_printable_ascii("\x7f"));
    ck_assert(!str_printable_ascii("a\tb"));
    ck_assert(!str_printable_ascii("é"));
}
END_TEST

START_TEST(parses_whole_numbers)
{
    int64_t n = -7;
    ck_assert(str_parse_i64("0", &n) && n == 0);
    ck_assert(str_parse_i64("007", &n) && n == 7);
    ck_assert(str_parse_i64("9223372036854775807", &n) && n == INT64_MAX);
    static const char *const BAD[] = {"",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "9223372036854775808",
                                      "99999999999999999999",
                                      "٣"};
    n = -7;
    for (size_t i = 0; i < COUNT(BAD); i++)
        ck_assert_msg(!str_parse_i64(BAD[i], &n), "%s", BAD[i]);
    ck_assert(!str_parse_i64(NULL, &n));
    ck_assert_int_eq(n, -7);
}
END_TEST

suite_fn t_str_suite;

Suite *t_str_suite(void)
{
    TCase *t;
    Suite *s = suite_of("str", &t);
    tcase_add_test(t, builds_text_of_any_length);
    tcase_add_test(t, terminates_after_adding_nothing);
    tcase_add_test(t, compares_with_null);
    tcase_add_test(t, looks_at_both_ends);
    tcase_add_test(t, copies_at_most_the_size);
    tcase_add_test(t, folds_and_trims_ascii);
    tcase_add_test(t, accepts_utf8);
    tcase_add_test(t, rejects_what_is_not_utf8);
    tcase_add_test(t, cuts_between_characters);
    tcase_add_test(t, knows_printable_ascii);
    tcase_add_test(t, parses_whole_numbers);
    return s;
}
