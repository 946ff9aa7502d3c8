/*
 * Wrong logins: what they tell, and how many of them there may be.
 */
#include "core/limits.h"
#include "core/str.h"
#include "web/login_rig.h"
#include "web/slow.h"
#include "web/suites.h"
#include <string.h>

START_TEST(nobody_learns_which_names_exist)
{
    static const char *const PAIRS[][2] = {{"maker", "wrong"},
                                           {"maker", ""},
                                           {"nobody", DOUBLE_PASSWORD},
                                           {"gone", DOUBLE_PASSWORD},
                                           {"gone", "wrong"},
                                           {"MAKER", DOUBLE_PASSWORD},
                                           {"", ""}};
    char text[sizeof login_err.text] = "";
    for (int i = 0; i < COUNT(PAIRS); i++) {
        ck_assert_int_eq(login_rig_from("192.0.2.1", PAIRS[i][0], PAIRS[i][1], NULL),
                         RC_UNAUTHORIZED);
        ck_assert_ptr_null(login_reply.cookies[0]);
        if (i == 0)
            memcpy(text, login_err.text, sizeof text);
        ck_assert_str_eq(login_err.text, text);
    }
}
END_TEST

START_TEST(too_long_a_name_or_password_is_wrong)
{
    char long_text[LIMIT_PASSWORD_BYTES + 2];
    memset(long_text, 'x', sizeof long_text);
    long_text[LIMIT_PASSWORD_BYTES + 1] = 0;
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", long_text, NULL), RC_UNAUTHORIZED);
    long_text[LIMIT_USER_NAME + 1] = 0;
    ck_assert_int_eq(login_rig_from("192.0.2.1", long_text, "x", NULL), RC_UNAUTHORIZED);
}
END_TEST

/* Attempts whose hash would take its full time are counted without it. */
static enum rc fail_fast(struct sql *q, void *arg, struct err *err)
{
    return logins_add_failure(
        q, arg, clock_wall_ms(&login_app.app.clock),
        clock_wall_ms(&login_app.app.clock) - login_app.app.config.login_window_ms, err);
}

static void fail_times(const char *subject, int n)
{
    for (int i = 0; i < n; i++)
        double_tx(&login_app, fail_fast, arena_strdup(login_app.arena, subject));
}

START_TEST(an_account_is_throttled)
{
    fail_times("a:maker", LIMIT_LOGIN_ACCOUNT - 1);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", "wrong", NULL), RC_UNAUTHORIZED);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    ck_assert_int_eq(login_rig_from("192.0.2.99", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    double_advance(&login_app, login_app.app.config.login_window_ms);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    double_advance(&login_app, 1);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_OK);
}
END_TEST

START_TEST(an_unknown_account_is_throttled_alike)
{
    fail_times("a:nobody", LIMIT_LOGIN_ACCOUNT);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "nobody", "x", NULL), RC_LIMITED);
}
END_TEST

START_TEST(an_address_is_throttled)
{
    fail_times("i:192.0.2.1", LIMIT_LOGIN_ADDRESS - 1);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", "wrong", NULL), RC_UNAUTHORIZED);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    ck_assert_int_eq(login_rig_from("192.0.2.2", "maker", DOUBLE_PASSWORD, NULL), RC_OK);
}
END_TEST

struct counts {
    int64_t account, address;
};

static enum rc read_counts(struct sql *q, void *arg, struct err *err)
{
    struct counts *c = arg;
    enum rc rc = logins_failures(q, "a:maker", 0, &c->account, err);
    return rc == RC_OK ? logins_failures(q, "i:192.0.2.1", 0, &c->address, err) : rc;
}

START_TEST(a_right_password_counts_no_failure)
{
    struct counts c;
    fail_times("a:maker", 3);
    fail_times("i:192.0.2.1", 7);
    login_rig_login(NULL);
    double_read(&login_app, read_counts, &c);
    ck_assert_int_eq(c.account, 0);
    ck_assert_int_eq(c.address, 7);
}
END_TEST

START_TEST(a_third_hash_at_once_is_busy_and_counts_nothing)
{
    struct counts c;
    ck_assert_int_eq(slow_enter(SLOW_HASH, &login_err), RC_OK);
    ck_assert_int_eq(slow_enter(SLOW_HASH, &login_err), RC_OK);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_BUSY);
    double_read(&login_app, read_counts, &c);
    ck_assert_int_eq(c.account, 0);
    ck_assert_int_eq(c.address, 0);
    slow_leave(SLOW_HASH);
    login_rig_login(NULL);
    slow_leave(SLOW_HASH);
}
END_TEST

Suite *t_login_suite(void)
{
    TCase *t;
    Suite *s = suite_of("login", &t);
    tcase_add_checked_fixture(t, login_rig_open, login_rig_close);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, nobody_learns_which_names_exist);
    tcase_add_test(t, too_long_a_name_or_password_is_wrong);
    tcase_add_test(t, an_account_is_throttled);
    tcase_add_test(t, an_unknown_account_is_throttled_alike);
    tcase_add_test(t, an_address_is_throttled);
    tcase_add_test(t, a_right_password_counts_no_failure);
    tcase_add_test(t, a_third_hash_at_once_is_busy_and_counts_nothing);
    return s;
}
