#include "core/str.h"
#include "notify/mail_encode.h"
#include "support/suite.h"
#include <string.h>

static const char *header(const char *text)
{
    struct buf b;
    buf_init(&b, suite_arena());
    mail_put_header(&b, "Subject", text);
    return buf_text(&b);
}

static const char *body(const char *text)
{
    struct buf b;
    buf_init(&b, suite_arena());
    mail_put_body(&b, text);
    return buf_text(&b);
}

static char *repeated(const char *piece, int times)
{
    struct buf b;
    buf_init(&b, suite_arena());
    for (int i = 0; i < times; i++)
        buf_puts(&b, piece);
    return b.data;
}

START_TEST(what_is_no_character_of_a_line_is_a_blank)
{
    static const struct {
        const char *text, *clean;
    } cases[] = {
        {"a\r\nb", "a  b"},
        {"a\tb\x01\x1f\x7f", "a b   "},
        {"a\xc2\x85"
         "b",
         "a b"}, /* NEL */
        {"a\xe2\x80\xa8"
         "b\xe2\x80\xa9"
         "c",
         "a b c"},                                         /* line and paragraph separators */
        {"\xe2\x80\xae\xe2\x81\xa6x\xe2\x81\xa9", "  x "}, /* RLO, LRI, PDI */
        {"\xd8\xa7\xd9\x84 1", "\xd8\xa7\xd9\x84 1"},      /* Arabic stays */
        {"\xe0\xa4\x95\xe2\x80\x8d", "\xe0\xa4\x95\xe2\x80\x8d"}, /* ZWJ belongs to the script */
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"\xff\xfe", "??"},
        {"\xc0\x8a", "??"},      /* an overlong line feed */
        {"\xed\xa0\x8d", "???"}, /* a surrogate */
        {"\xf0\x9f\x98", "???"}, /* cut */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(mail_clean(suite_arena(), cases[i].text), cases[i].clean);
}
END_TEST

START_TEST(short_ascii_stands_in_a_header_as_it_is)
{
    ck_assert_str_eq(header("Order O-1: 12.00 INR"), "Subject: Order O-1: 12.00 INR\r\n");
    ck_assert_str_eq(header("a = ? b"), "Subject: a = ? b\r\n");
    const char *longest = repeated("x", 60);
    ck_assert_str_eq(header(longest), arena_printf(suite_arena(), "Subject: %s\r\n", longest));
    ck_assert_ptr_nonnull(strstr(header(repeated("x", 61)), "=?UTF-8?B?"));
}
END_TEST

START_TEST(other_text_stands_in_encoded_words)
{
    ck_assert_str_eq(header("\xc3\xa9"), "Subject: =?UTF-8?B?w6k=?=\r\n");
    ck_assert_str_eq(header("a\xe2\x82\xac"), "Subject: =?UTF-8?B?YeKCrA==?=\r\n");
    /* what looks like an encoded word is none of ours */
    ck_assert_str_eq(header("=?x?="), "Subject: =?UTF-8?B?PT94Pz0=?=\r\n");
    ck_assert_str_eq(header("x\r\nBcc: y"), "Subject: x  Bcc: y\r\n");
}
END_TEST

START_TEST(encoded_words_are_folded_between_characters)
{
    for (int n = 1; n < 120; n++) {
        const char *text = header(repeated("\xf0\x9f\x98\x80", n)), *line = text;
        int words = 0;
        for (const char *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2, words++) {
            ck_assert_int_le((int)(end - line), 76);
            ck_assert(words == 0 ? str_starts(line, "Subject: =?UTF-8?B?")
                                 : str_starts(line, " =?UTF-8?B?"));
        }
        ck_assert_int_eq(words, (n + 8) / 9); /* 36 of 39 bytes: whole characters */
    }
}
END_TEST

START_TEST(a_body_is_quoted_printable)
{
    static const struct {
        const char *text, *encoded;
    } cases[] = {
        {"", ""},
        {"a", "a\r\n"},
        {"a\n\nb\n", "a\r\n\r\nb\r\n"},
        {"=\xc3\xa9", "=3D=C3=A9\r\n"},
        {"a \nb\t", "a=20\r\nb=09\r\n"},
        {"a\rb", "a=0Db\r\n"},
        {".\n..\na.", "=2E\r\n=2E.\r\na.\r\n"},
        {"From x\na From", "=46rom x\r\na From\r\n"},
        {"--=_x", "--=3D_x\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(body(cases[i].text), cases[i].encoded);
}
END_TEST

START_TEST(no_line_of_a_body_is_too_long_or_begins_badly)
{
    static const char *const pieces[] = {"x", ".", "F", "From ", "\xc3\xa9", "=", "a b. F"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        for (int n = 1; n < 400; n += 3) {
            const char *line = body(repeated(pieces[i], n));
            for (const char *end; (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
                ck_assert_int_le((int)(end - line), 76);
                ck_assert(*line != '.' && *line != 'F');
            }
            ck_assert_str_eq(line, "");
        }
    }
}
END_TEST

START_TEST(dates_are_those_of_mails)
{
    struct arena *a = suite_arena();
    ck_assert_str_eq(mail_date(a, 0), "Thu, 01 Jan 1970 00:00:00 +0000");
    ck_assert_str_eq(mail_date(a, INT64_C(1795270860999)), "Sat, 21 Nov 2026 14:21:00 +0000");
    ck_assert_str_eq(mail_date(a, INT64_C(1709164799000)), "Wed, 28 Feb 2024 23:59:59 +0000");
    ck_assert_str_eq(mail_date(a, INT64_C(1709164800000)), "Thu, 29 Feb 2024 00:00:00 +0000");
}
END_TEST

suite_fn t_mail_encode_suite;

Suite *t_mail_encode_suite(void)
{
    TCase *t;
    Suite *s = suite_of("mail_encode", &t);
    tcase_add_test(t, what_is_no_character_of_a_line_is_a_blank);
    tcase_add_test(t, short_ascii_stands_in_a_header_as_it_is);
    tcase_add_test(t, other_text_stands_in_encoded_words);
    tcase_add_test(t, encoded_words_are_folded_between_characters);
    tcase_add_test(t, a_body_is_quoted_printable);
    tcase_add_test(t, no_line_of_a_body_is_too_long_or_begins_badly);
    tcase_add_test(t, dates_are_those_of_mails);
    return s;
}
