#include "core/limits.h"
#include "core/str.h"
#include "store/audit.h"
#include "web/csrf.h"
#include "web/double.h"
#include "web/session.h"
#include "web/slow.h"
#include "web/suites.h"
#include <string.h>

static struct double_app d;
static struct reply p;
static struct err e;

static void setup(void)
{
    double_open(&d);
    double_user(&d, "maker", "maker", false);
    double_user(&d, "gone", "maker", true);
    d.app.log.fd = -1; /* failed logins are logged */
}

static void teardown(void)
{
    double_close(&d);
}

static enum rc login_from(const char *address, const char *name, const char *password,
                          const char *old_token)
{
    struct req *r = double_request(&d, "POST", "/login");
    r->address = address;
    if (old_token)
        double_header(r, "cookie", arena_printf(d.arena, SESSION_COOKIE "=%s", old_token));
    memset(&p, 0, sizeof p);
    memset(&e, 0, sizeof e);
    return session_login(r, &p, name, password, &e);
}

static const char *login(const char *old_token)
{
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, old_token), RC_OK);
    return double_cookie_set(&d, &p, SESSION_COOKIE);
}

static struct req *visit(const char *token)
{
    struct req *r = double_request(&d, "GET", "/");
    double_header(r, "cookie", arena_printf(d.arena, SESSION_COOKIE "=%s", token));
    return r;
}

static enum rc load(const char *token)
{
    return session_load(visit(token), &e);
}

START_TEST(a_login_tells_who_it_is)
{
    struct req *r = visit(login(NULL));
    ck_assert_int_eq(session_load(r, &e), RC_OK);
    ck_assert_int_eq(r->actor.kind, ACTOR_USER);
    ck_assert_int_eq(r->actor.merchant, d.merchant);
    ck_assert_str_eq(r->actor.merchant_id, "acme");
    ck_assert_str_eq(r->actor.name, "maker");
    ck_assert_int_eq(r->actor.rights[MODULE_REFUNDS], RIGHT_WRITE);
    ck_assert_int_eq(r->actor.rights[MODULE_ORDERS], RIGHT_READ);
    ck_assert_int_eq(r->actor.rights[MODULE_SETTINGS], RIGHT_NONE);
    ck_assert_int_eq(r->actor.scopes, 0);
    ck_assert_ptr_nonnull(r->session);
    ck_assert_ptr_nonnull(r->csrf_token);
}
END_TEST

struct role_case {
    const char *role;
    unsigned char rights[MODULE_COUNT]; /* orders refunds approvals settings users audit */
};

static const struct role_case ROLES[] = {
    {"admin", {0, 2, 2, 2, 2, 2, 2}},
    {"maker", {0, 1, 2, 0, 0, 0, 0}},
    {"checker", {0, 1, 1, 2, 0, 0, 0}},
    {"viewer", {0, 1, 1, 0, 0, 0, 0}},
};

START_TEST(roles_have_their_rights)
{
    unsigned char rights[MODULE_COUNT];
    ck_assert(users_role_rights(ROLES[_i].role, rights));
    ck_assert_mem_eq(rights, ROLES[_i].rights, sizeof rights);
    ck_assert(!users_role_rights("Admin", rights));
    ck_assert(!users_role_rights("", rights));
}
END_TEST

START_TEST(a_cookie_is_for_this_server_alone)
{
    login(NULL);
    ck_assert_ptr_nonnull(strstr(p.cookies[0], "; Path=/; HttpOnly; SameSite=Lax"));
    ck_assert_ptr_null(strstr(p.cookies[0], "Secure"));
    d.app.config.cookie_secure = true;
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_OK);
    ck_assert(str_starts(p.cookies[0], "__Host-" SESSION_COOKIE "="));
    ck_assert_ptr_nonnull(strstr(p.cookies[0], "; Path=/; HttpOnly; SameSite=Lax; Secure"));
    ck_assert_ptr_null(strstr(p.cookies[0], "Domain"));
}
END_TEST

START_TEST(a_secure_server_overlooks_cookies_without_the_prefix)
{
    const char *token = login(NULL);
    d.app.config.cookie_secure = true;
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

static const char *const STRANGE[] = {"", "x", "' OR 1=1 --", "AAAA", "%00", "=", ";"};

START_TEST(a_strange_token_is_nobody)
{
    login(NULL);
    ck_assert_int_eq(load(STRANGE[_i]), RC_UNAUTHORIZED);
    ck_assert_int_eq(session_load(double_request(&d, "GET", "/"), &e), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(tokens_differ_and_are_long)
{
    const char *one = login(NULL), *two = login(NULL);
    ck_assert_str_ne(one, two);
    ck_assert_uint_ge(strlen(one), 43); /* 256 bits in base64url */
}
END_TEST

START_TEST(an_idle_session_ends)
{
    const char *token = login(NULL);
    double_advance(&d, d.app.config.session_idle_ms);
    ck_assert_int_eq(load(token), RC_OK);
    double_advance(&d, d.app.config.session_idle_ms + 1);
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
    double_advance(&d, -1);
    ck_assert_int_eq(load(token), RC_OK);
}
END_TEST

START_TEST(a_used_session_goes_on_until_its_absolute_end)
{
    const char *token = login(NULL);
    int64_t step_ms = d.app.config.session_idle_ms / 2, passed_ms = 0;
    while (passed_ms + step_ms <= d.app.config.session_absolute_ms) {
        double_advance(&d, step_ms);
        passed_ms += step_ms;
        ck_assert_int_eq(load(token), RC_OK);
    }
    double_advance(&d, d.app.config.session_absolute_ms - passed_ms + 1);
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

struct seen {
    int64_t seen_ms;
    uint8_t hash[DIGEST_BYTES];
};

static enum rc read_seen(struct sql *q, void *arg, struct err *err)
{
    struct seen *s = arg;
    struct session session;
    enum rc rc = sessions_get(q, d.arena, s->hash, 0, 0, &session, err);
    s->seen_ms = session.seen_ms;
    return rc;
}

static int64_t seen_ms(const char *token)
{
    struct seen s;
    digest_sha256(token, strlen(token), s.hash);
    double_read(&d, read_seen, &s);
    return s.seen_ms;
}

START_TEST(last_seen_is_written_once_a_minute)
{
    const char *token = login(NULL);
    double_advance(&d, 59999);
    ck_assert_int_eq(load(token), RC_OK);
    ck_assert_int_eq(seen_ms(token), DOUBLE_NOW_MS);
    double_advance(&d, 1);
    ck_assert_int_eq(load(token), RC_OK);
    ck_assert_int_eq(seen_ms(token), DOUBLE_NOW_MS + 60000);
}
END_TEST

START_TEST(a_page_that_asks_by_itself_keeps_no_session_alive)
{
    const char *token = login(NULL);
    double_advance(&d, 60000);
    struct req *r = visit(token);
    double_header(r, "hx-request", "true");
    double_header(r, "hx-trigger", "live");
    ck_assert_int_eq(session_load(r, &e), RC_OK);
    ck_assert_int_eq(seen_ms(token), DOUBLE_NOW_MS);
}
END_TEST

START_TEST(a_login_ends_the_session_before_it)
{
    const char *old = login(NULL);
    const char *fresh = login(old);
    ck_assert_str_ne(old, fresh);
    ck_assert_int_eq(load(old), RC_UNAUTHORIZED);
    ck_assert_int_eq(load(fresh), RC_OK);
}
END_TEST

START_TEST(a_planted_token_is_not_taken_over)
{
    const char *planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const char *token = login(planted);
    ck_assert_str_ne(token, planted);
    ck_assert_int_eq(load(planted), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_logout_ends_the_session)
{
    const char *token = login(NULL);
    struct req *r = visit(token);
    ck_assert_int_eq(session_load(r, &e), RC_OK);
    memset(&p, 0, sizeof p);
    ck_assert_int_eq(session_logout(r, &p, &e), RC_OK);
    ck_assert_str_eq(double_cookie_set(&d, &p, SESSION_COOKIE), "");
    ck_assert_ptr_nonnull(strstr(p.cookies[0], "Max-Age=0"));
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

static enum rc disable(struct sql *q, void *arg, struct err *err)
{
    return users_disable(q, (int64_t)(intptr_t)arg, err);
}

START_TEST(a_disabled_user_is_out_at_once)
{
    struct req *r = visit(login(NULL));
    ck_assert_int_eq(session_load(r, &e), RC_OK);
    const char *token = req_cookie(r, SESSION_COOKIE);
    double_tx(&d, disable, (void *)(intptr_t)r->actor.user);
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(nobody_learns_which_names_exist)
{
    static const char *const PAIRS[][2] = {{"maker", "wrong"},
                                           {"maker", ""},
                                           {"nobody", DOUBLE_PASSWORD},
                                           {"gone", DOUBLE_PASSWORD},
                                           {"gone", "wrong"},
                                           {"MAKER", DOUBLE_PASSWORD},
                                           {"", ""}};
    char text[sizeof e.text] = "";
    for (int i = 0; i < COUNT(PAIRS); i++) {
        ck_assert_int_eq(login_from("192.0.2.1", PAIRS[i][0], PAIRS[i][1], NULL), RC_UNAUTHORIZED);
        ck_assert_ptr_null(p.cookies[0]);
        if (i == 0)
            memcpy(text, e.text, sizeof text);
        ck_assert_str_eq(e.text, text);
    }
}
END_TEST

START_TEST(too_long_a_name_or_password_is_wrong)
{
    char long_text[LIMIT_PASSWORD_BYTES + 2];
    memset(long_text, 'x', sizeof long_text);
    long_text[LIMIT_PASSWORD_BYTES + 1] = 0;
    ck_assert_int_eq(login_from("192.0.2.1", "maker", long_text, NULL), RC_UNAUTHORIZED);
    long_text[LIMIT_USER_NAME + 1] = 0;
    ck_assert_int_eq(login_from("192.0.2.1", long_text, "x", NULL), RC_UNAUTHORIZED);
}
END_TEST

/* Attempts whose hash would take its full time are counted without it. */
static enum rc fail_fast(struct sql *q, void *arg, struct err *err)
{
    return logins_add_failure(q, arg, clock_wall_ms(&d.app.clock),
                              clock_wall_ms(&d.app.clock) - d.app.config.login_window_ms, err);
}

static void fail_times(const char *subject, int n)
{
    for (int i = 0; i < n; i++)
        double_tx(&d, fail_fast, arena_strdup(d.arena, subject));
}

START_TEST(an_account_is_throttled)
{
    fail_times("a:maker", LIMIT_LOGIN_ACCOUNT - 1);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", "wrong", NULL), RC_UNAUTHORIZED);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    ck_assert_int_eq(login_from("192.0.2.99", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    double_advance(&d, d.app.config.login_window_ms);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    double_advance(&d, 1);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_OK);
}
END_TEST

START_TEST(an_unknown_account_is_throttled_alike)
{
    fail_times("a:nobody", LIMIT_LOGIN_ACCOUNT);
    ck_assert_int_eq(login_from("192.0.2.1", "nobody", "x", NULL), RC_LIMITED);
}
END_TEST

START_TEST(an_address_is_throttled)
{
    fail_times("i:192.0.2.1", LIMIT_LOGIN_ADDRESS - 1);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", "wrong", NULL), RC_UNAUTHORIZED);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_LIMITED);
    ck_assert_int_eq(login_from("192.0.2.2", "maker", DOUBLE_PASSWORD, NULL), RC_OK);
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
    login(NULL);
    double_read(&d, read_counts, &c);
    ck_assert_int_eq(c.account, 0);
    ck_assert_int_eq(c.address, 7);
}
END_TEST

START_TEST(a_third_hash_at_once_is_busy_and_counts_nothing)
{
    struct counts c;
    ck_assert_int_eq(slow_enter(SLOW_HASH, &e), RC_OK);
    ck_assert_int_eq(slow_enter(SLOW_HASH, &e), RC_OK);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_BUSY);
    double_read(&d, read_counts, &c);
    ck_assert_int_eq(c.account, 0);
    ck_assert_int_eq(c.address, 0);
    slow_leave(SLOW_HASH);
    login(NULL);
    slow_leave(SLOW_HASH);
}
END_TEST

struct chain {
    int64_t entries, broken;
};

static enum rc read_audit(struct sql *q, void *arg, struct err *err)
{
    struct chain *c = arg;
    return audit_verify(q, d.arena, d.merchant, &c->entries, &c->broken, err);
}

START_TEST(logins_and_logouts_are_in_the_audit_log)
{
    struct chain c;
    struct req *r = visit(login(NULL));
    memset(&p, 0, sizeof p);
    ck_assert_int_eq(session_load(r, &e), RC_OK);
    ck_assert_int_eq(session_logout(r, &p, &e), RC_OK);
    ck_assert_int_eq(login_from("192.0.2.1", "maker", "wrong", NULL), RC_UNAUTHORIZED);
    double_read(&d, read_audit, &c);
    ck_assert_int_eq(c.entries, 2);
    ck_assert_int_eq(c.broken, 0);
}
END_TEST

Suite *t_session_suite(void)
{
    TCase *t;
    Suite *s = suite_of("session", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_login_tells_who_it_is);
    tcase_add_loop_test(t, roles_have_their_rights, 0, COUNT(ROLES));
    tcase_add_test(t, a_cookie_is_for_this_server_alone);
    tcase_add_test(t, a_secure_server_overlooks_cookies_without_the_prefix);
    tcase_add_loop_test(t, a_strange_token_is_nobody, 0, COUNT(STRANGE));
    tcase_add_test(t, tokens_differ_and_are_long);
    tcase_add_test(t, an_idle_session_ends);
    tcase_add_test(t, a_used_session_goes_on_until_its_absolute_end);
    tcase_add_test(t, last_seen_is_written_once_a_minute);
    tcase_add_test(t, a_page_that_asks_by_itself_keeps_no_session_alive);
    tcase_add_test(t, a_login_ends_the_session_before_it);
    tcase_add_test(t, a_planted_token_is_not_taken_over);
    tcase_add_test(t, a_logout_ends_the_session);
    tcase_add_test(t, a_disabled_user_is_out_at_once);
    tcase_add_test(t, nobody_learns_which_names_exist);
    tcase_add_test(t, too_long_a_name_or_password_is_wrong);
    tcase_add_test(t, an_account_is_throttled);
    tcase_add_test(t, an_unknown_account_is_throttled_alike);
    tcase_add_test(t, an_address_is_throttled);
    tcase_add_test(t, a_right_password_counts_no_failure);
    tcase_add_test(t, a_third_hash_at_once_is_busy_and_counts_nothing);
    tcase_add_test(t, logins_and_logouts_are_in_the_audit_log);
    return s;
}
