/*
 * Wrong logins: what they tell, and how many of them there may be.
 */
#include "core/limits.h"
#include "core/str.h"
#include "web/login_rig.h"
#include "web/session.h"
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

struct changing {
    struct reply reply;
    struct err err;
};

/* The user "maker" of a session with that token asks for another password. */
static enum rc change_to(const char *token, const char *old, const char *password,
                         struct changing *c)
{
    struct req *r = double_request(&login_app, "POST", "/profile/password");
    memset(c, 0, sizeof *c);
    r->address = "192.0.2.1";
    double_header(r, "cookie", arena_printf(login_app.arena, SESSION_COOKIE "=%s", token));
    ck_assert_int_eq(session_load(r, &c->err), RC_OK);
    return session_set_password(r, &c->reply, old, password, &c->err);
}

static enum rc load_session(const char *token)
{
    struct req *r = double_request(&login_app, "GET", "/");
    struct err e;
    double_header(r, "cookie", arena_printf(login_app.arena, SESSION_COOKIE "=%s", token));
    return session_load(r, &e);
}

START_TEST(another_password_ends_all_sessions_but_a_new_one)
{
    struct changing c;
    const char *here = login_rig_login(NULL), *elsewhere = login_rig_login(NULL);
    ck_assert_int_eq(change_to(here, "wrong", "battery staple", &c), RC_UNAUTHORIZED);
    ck_assert_ptr_null(c.reply.cookies[0]);
    ck_assert_int_eq(load_session(elsewhere), RC_OK);
    ck_assert_int_eq(change_to(here, DOUBLE_PASSWORD, "battery staple", &c), RC_OK);
    const char *now = double_cookie_set(&login_app, &c.reply, SESSION_COOKIE);
    ck_assert_int_eq(load_session(now), RC_OK);
    ck_assert_int_eq(load_session(here), RC_UNAUTHORIZED);
    ck_assert_int_eq(load_session(elsewhere), RC_UNAUTHORIZED);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_UNAUTHORIZED);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", "battery staple", NULL), RC_OK);
}
END_TEST

START_TEST(guessing_the_old_password_is_throttled)
{
    struct changing c;
    const char *token = login_rig_login(NULL);
    fail_times("a:maker", LIMIT_LOGIN_ACCOUNT);
    ck_assert_int_eq(change_to(token, DOUBLE_PASSWORD, "battery staple", &c), RC_LIMITED);
    char long_text[LIMIT_PASSWORD_BYTES + 2];
    memset(long_text, 'x', sizeof long_text);
    long_text[LIMIT_PASSWORD_BYTES + 1] = 0;
    ck_assert_int_eq(change_to(token, long_text, "battery staple", &c), RC_UNAUTHORIZED);
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
    tcase_add_test(t, nobody_learns_which_names_exist);
    tcase_add_test(t, too_long_a_name_or_password_is_wrong);
    tcase_add_test(t, an_account_is_throttled);
    tcase_add_test(t, an_unknown_account_is_throttled_alike);
    tcase_add_test(t, an_address_is_throttled);
    tcase_add_test(t, a_right_password_counts_no_failure);
    tcase_add_test(t, another_password_ends_all_sessions_but_a_new_one);
    tcase_add_test(t, guessing_the_old_password_is_throttled);
    tcase_add_test(t, a_third_hash_at_once_is_busy_and_counts_nothing);
    return s;
}
