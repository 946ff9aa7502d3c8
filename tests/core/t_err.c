#include "core/err.h"
#include "core/str.h"
#include "support/suite.h"
#include <signal.h>
#include <string.h>

START_TEST(fills_every_member)
{
    struct err e;
    enum rc rc = ERR(&e, RC_IO, "The disk is full.", "write %s: %d", "a.db", 28);
    ck_assert_int_eq(rc, RC_IO);
    ck_assert_int_eq(e.rc, RC_IO);
    ck_assert_str_eq(e.text, "The disk is full.");
    ck_assert_str_eq(e.detail, "write a.db: 28");
    ck_assert(str_ends(e.file, "t_err.c"));
    ck_assert_int_gt(e.line, 0);
}
END_TEST

START_TEST(cuts_long_texts_at_a_character)
{
    struct err e;
    char text[400] = "";
    for (int i = 0; i < 130; i++)
        strcat(text, "€");
    ck_assert_int_eq(ERR(&e, RC_INVALID, text, "%s%s", text, text), RC_INVALID);
    ck_assert_uint_eq(strlen(e.text), 237); /* 79 of three bytes; 240 with the terminator */
    ck_assert(str_utf8_valid(e.text, strlen(e.text)));
    ck_assert_uint_eq(strlen(e.detail), 477);
    ck_assert(str_utf8_valid(e.detail, strlen(e.detail)));
}
END_TEST

START_TEST(keeps_a_text_that_just_fits)
{
    struct err e;
    char text[241];
    memset(text, 'x', 240);
    text[239] = '\0';
    ck_assert_int_eq(ERR(&e, RC_INVALID, text, "d"), RC_INVALID);
    ck_assert_str_eq(e.text, text);
    text[239] = 'x';
    text[240] = '\0';
    ck_assert_int_eq(ERR(&e, RC_INVALID, text, "d"), RC_INVALID);
    ck_assert_uint_eq(strlen(e.text), 239);
}
END_TEST

START_TEST(tells_an_error_again_with_more_detail)
{
    struct err e;
    ck_assert_int_eq(ERR(&e, RC_IO, "First.", "inner"), RC_IO);
    ck_assert_int_eq(ERR(&e, RC_BUSY, e.text, "outer: %s", e.detail), RC_BUSY);
    ck_assert_str_eq(e.text, "First.");
    ck_assert_str_eq(e.detail, "outer: inner");
}
END_TEST

START_TEST(names_every_code)
{
    for (int rc = 0; rc < RC_COUNT; rc++)
        ck_assert_ptr_nonnull(rc_name((enum rc)rc));
    ck_assert_str_eq(rc_name(RC_NOT_FOUND), "NOT_FOUND");
}
END_TEST

START_TEST(aborts_on_a_bug)
{
    CHECK(1 + 1 == 3);
}
END_TEST

START_TEST(passes_what_holds)
{
    CHECK(1 + 1 == 2);
}
END_TEST

suite_fn t_err_suite;

Suite *t_err_suite(void)
{
    TCase *t;
    Suite *s = suite_of("err", &t);
    tcase_add_test(t, fills_every_member);
    tcase_add_test(t, cuts_long_texts_at_a_character);
    tcase_add_test(t, keeps_a_text_that_just_fits);
    tcase_add_test(t, tells_an_error_again_with_more_detail);
    tcase_add_test(t, names_every_code);
    tcase_add_test_raise_signal(t, aborts_on_a_bug, SIGABRT);
    tcase_add_test(t, passes_what_holds);
    return s;
}
