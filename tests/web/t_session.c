#include "core/limits.h"
#include "core/str.h"
#include "store/audit.h"
#include "web/csrf.h"
#include "web/login_rig.h"
#include "web/session.h"
#include "web/suites.h"
#include <string.h>

static struct req *visit(const char *token)
{
    struct req *r = double_request(&login_app, "GET", "/");
    double_header(r, "cookie", arena_printf(login_app.arena, SESSION_COOKIE "=%s", token));
    return r;
}

static enum rc load(const char *token)
{
    return session_load(visit(token), &login_err);
}

START_TEST(a_login_tells_who_it_is)
{
    struct req *r = visit(login_rig_login(NULL));
    ck_assert_int_eq(session_load(r, &login_err), RC_OK);
    ck_assert_int_eq(r->actor.kind, ACTOR_USER);
    ck_assert_int_eq(r->actor.merchant, login_app.merchant);
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
    login_rig_login(NULL);
    ck_assert_ptr_nonnull(strstr(login_reply.cookies[0], "; Path=/; HttpOnly; SameSite=Lax"));
    ck_assert_ptr_null(strstr(login_reply.cookies[0], "Secure"));
    login_app.app.config.cookie_secure = true;
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", DOUBLE_PASSWORD, NULL), RC_OK);
    ck_assert(str_starts(login_reply.cookies[0], "__Host-" SESSION_COOKIE "="));
    ck_assert_ptr_nonnull(
        strstr(login_reply.cookies[0], "; Path=/; HttpOnly; SameSite=Lax; Secure"));
    ck_assert_ptr_null(strstr(login_reply.cookies[0], "Domain"));
}
END_TEST

START_TEST(a_secure_server_overlooks_cookies_without_the_prefix)
{
    const char *token = login_rig_login(NULL);
    login_app.app.config.cookie_secure = true;
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

static const char *const STRANGE[] = {"", "x", "' OR 1=1 --", "AAAA", "%00", "=", ";"};

START_TEST(a_strange_token_is_nobody)
{
    login_rig_login(NULL);
    ck_assert_int_eq(load(STRANGE[_i]), RC_UNAUTHORIZED);
    ck_assert_int_eq(session_load(double_request(&login_app, "GET", "/"), &login_err),
                     RC_UNAUTHORIZED);
}
END_TEST

START_TEST(tokens_differ_and_are_long)
{
    const char *one = login_rig_login(NULL), *two = login_rig_login(NULL);
    ck_assert_str_ne(one, two);
    ck_assert_uint_ge(strlen(one), 43); /* 256 bits in base64url */
}
END_TEST

START_TEST(an_idle_session_ends)
{
    const char *token = login_rig_login(NULL);
    double_advance(&login_app, login_app.app.config.session_idle_ms);
    ck_assert_int_eq(load(token), RC_OK);
    double_advance(&login_app, login_app.app.config.session_idle_ms + 1);
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
    double_advance(&login_app, -1);
    ck_assert_int_eq(load(token), RC_OK);
}
END_TEST

START_TEST(a_used_session_goes_on_until_its_absolute_end)
{
    const char *token = login_rig_login(NULL);
    int64_t step_ms = login_app.app.config.session_idle_ms / 2, passed_ms = 0;
    while (passed_ms + step_ms <= login_app.app.config.session_absolute_ms) {
        double_advance(&login_app, step_ms);
        passed_ms += step_ms;
        ck_assert_int_eq(load(token), RC_OK);
    }
    double_advance(&login_app, login_app.app.config.session_absolute_ms - passed_ms + 1);
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
    enum rc rc = sessions_get(q, login_app.arena, s->hash, 0, 0, &session, err);
    s->seen_ms = session.seen_ms;
    return rc;
}

static int64_t seen_ms(const char *token)
{
    struct seen s;
    digest_sha256(token, strlen(token), s.hash);
    double_read(&login_app, read_seen, &s);
    return s.seen_ms;
}

START_TEST(last_seen_is_written_once_a_minute)
{
    const char *token = login_rig_login(NULL);
    double_advance(&login_app, 59999);
    ck_assert_int_eq(load(token), RC_OK);
    ck_assert_int_eq(seen_ms(token), DOUBLE_NOW_MS);
    double_advance(&login_app, 1);
    ck_assert_int_eq(load(token), RC_OK);
    ck_assert_int_eq(seen_ms(token), DOUBLE_NOW_MS + 60000);
}
END_TEST

START_TEST(a_page_that_asks_by_itself_keeps_no_session_alive)
{
    const char *token = login_rig_login(NULL);
    double_advance(&login_app, 60000);
    struct req *r = visit(token);
    double_header(r, "hx-request", "true");
    double_header(r, "hx-trigger", "live");
    ck_assert_int_eq(session_load(r, &login_err), RC_OK);
    ck_assert_int_eq(seen_ms(token), DOUBLE_NOW_MS);
}
END_TEST

START_TEST(a_login_ends_the_session_before_it)
{
    const char *old = login_rig_login(NULL);
    const char *fresh = login_rig_login(old);
    ck_assert_str_ne(old, fresh);
    ck_assert_int_eq(load(old), RC_UNAUTHORIZED);
    ck_assert_int_eq(load(fresh), RC_OK);
}
END_TEST

START_TEST(a_planted_token_is_not_taken_over)
{
    const char *planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const char *token = login_rig_login(planted);
    ck_assert_str_ne(token, planted);
    ck_assert_int_eq(load(planted), RC_UNAUTHORIZED);
}
END_TEST

START_TEST(a_logout_ends_the_session)
{
    const char *token = login_rig_login(NULL);
    struct req *r = visit(token);
    ck_assert_int_eq(session_load(r, &login_err), RC_OK);
    memset(&login_reply, 0, sizeof login_reply);
    ck_assert_int_eq(session_logout(r, &login_reply, &login_err), RC_OK);
    ck_assert_str_eq(double_cookie_set(&login_app, &login_reply, SESSION_COOKIE), "");
    ck_assert_ptr_nonnull(strstr(login_reply.cookies[0], "Max-Age=0"));
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

static enum rc disable(struct sql *q, void *arg, struct err *err)
{
    return users_disable(q, (int64_t)(intptr_t)arg, err);
}

START_TEST(a_disabled_user_is_out_at_once)
{
    struct req *r = visit(login_rig_login(NULL));
    ck_assert_int_eq(session_load(r, &login_err), RC_OK);
    const char *token = req_cookie(r, SESSION_COOKIE);
    double_tx(&login_app, disable, (void *)(intptr_t)r->actor.user);
    ck_assert_int_eq(load(token), RC_UNAUTHORIZED);
}
END_TEST

struct chain {
    int64_t entries, broken;
};

static enum rc read_audit(struct sql *q, void *arg, struct err *err)
{
    struct chain *c = arg;
    return audit_verify(q, login_app.arena, login_app.merchant, &c->entries, &c->broken, err);
}

START_TEST(logins_and_logouts_are_in_the_audit_log)
{
    struct chain c;
    struct req *r = visit(login_rig_login(NULL));
    memset(&login_reply, 0, sizeof login_reply);
    ck_assert_int_eq(session_load(r, &login_err), RC_OK);
    ck_assert_int_eq(session_logout(r, &login_reply, &login_err), RC_OK);
    ck_assert_int_eq(login_rig_from("192.0.2.1", "maker", "wrong", NULL), RC_UNAUTHORIZED);
    double_read(&login_app, read_audit, &c);
    ck_assert_int_eq(c.entries, 2);
    ck_assert_int_eq(c.broken, 0);
}
END_TEST

Suite *t_session_suite(void)
{
    TCase *t;
    Suite *s = suite_of("session", &t);
    tcase_add_checked_fixture(t, login_rig_open, login_rig_close);
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
    tcase_add_test(t, logins_and_logouts_are_in_the_audit_log);
    return s;
}
