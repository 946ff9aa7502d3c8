/*
 * Who may: sessions and keys, rights and scopes, CSRF, declared fields.
 */
#include "core/str.h"
#include "web/csrf.h"
#include "web/faces.h"
#include "web/suites.h"
#include <string.h>

/* ---- who, and with which right ---- */

START_TEST(a_visitor_is_sent_to_the_login_and_back)
{
    ck_assert_int_eq(
        faces_run(&faces_browser, double_request(&faces, "GET", "/orders/a%20b?x=1&y=%26")), 303);
    ck_assert_str_eq(faces_reply.location, "/login?next=%2Forders%2Fa%2520b%3Fx%3D1%26y%3D%2526");
    ck_assert_int_eq(faces_run(&faces_browser, double_request(&faces, "GET", "/")), 303);
    ck_assert_str_eq(faces_reply.location, "/login");
    struct req *r = double_request(&faces, "POST", "/orders/1/refund");
    double_body(r, DOUBLE_FORM, "name=x");
    ck_assert_int_eq(faces_run(&faces_browser, r), 303);
    ck_assert_str_eq(faces_reply.location, "/login");
    ck_assert_int_eq(faces_handled, 0);
}
END_TEST

START_TEST(a_fragment_without_session_moves_the_whole_page)
{
    static const char *const CASES[][2] = {
        {"https://desk.example/orders?page=2", "/login?next=%2Forders%3Fpage%3D2"},
        {"https://desk.example", "/login"},
        {"https://desk.example//evil.example/", "/login"},
        {"nonsense", "/login"},
        {NULL, "/login"},
    };
    for (int i = 0; i < COUNT(CASES); i++) {
        struct req *r = double_request(&faces, "GET", "/orders/1");
        double_header(r, "hx-request", "true");
        if (CASES[i][0])
            double_header(r, "hx-current-url", CASES[i][0]);
        ck_assert_int_eq(faces_run(&faces_browser, r), 401);
        ck_assert_str_eq(double_reply_header(&faces_reply, "HX-Redirect"), CASES[i][1]);
    }
}
END_TEST

START_TEST(rights_are_checked_by_the_table)
{
    double_user(&faces, "viewer", "viewer", false);
    double_user(&faces, "maker", "maker", false);
    const char *viewer = faces_sign_in("viewer"), *maker = faces_sign_in("maker");
    ck_assert_int_eq(
        faces_run(&faces_browser, faces_with(double_request(&faces, "GET", "/orders/1"), viewer)),
        200);
    const char *tokens[] = {viewer, maker};
    const int wanted[] = {403, 200};
    for (int i = 0; i < 2; i++) {
        struct req *r = double_request(&faces, "POST", "/orders/1/refund");
        double_body(r, DOUBLE_FORM,
                    arena_printf(faces.arena, "name=x&csrf=%s", faces_form_token(tokens[i])));
        ck_assert_int_eq(faces_run(&faces_browser, faces_with(r, tokens[i])), wanted[i]);
    }
}
END_TEST

START_TEST(a_key_needs_the_scope)
{
    double_key(&faces, "reader", SCOPE_READ, 0);
    double_key(&faces, "feeder", SCOPE_INTAKE, 0);
    static const struct {
        const char *key, *method, *target;
        int status;
    } CASES[] = {{"reader", "GET", "/things/1", 200},    {"reader", "POST", "/things", 403},
                 {"feeder", "POST", "/things", 200},     {"feeder", "GET", "/things/1", 403},
                 {"reader", "DELETE", "/things/1", 403}, {"nobody", "GET", "/things/1", 401}};
    for (int i = 0; i < COUNT(CASES); i++) {
        struct req *r = double_request(&faces, CASES[i].method, CASES[i].target);
        double_header(r, "authorization", double_basic(&faces, CASES[i].key));
        ck_assert_int_eq(faces_run(&faces_api, r), CASES[i].status);
        ck_assert_int_eq(double_reply_header(&faces_reply, "WWW-Authenticate") != NULL,
                         CASES[i].status == 401);
    }
}
END_TEST

/* ---- CSRF ---- */

struct origin {
    const char *header, *value;
    int status;
};

static const struct origin ORIGINS[] = {
    {"origin", "https://desk.example", 200},
    {"origin", "http://DESK.example", 200},
    {"origin", "https://evil.example", 403},
    {"origin", "null", 403},
    {"origin", "", 403},
    {"origin", "https://desk.example:444", 403},
    {"origin", "https://desk.example.evil", 403},
    {"origin", "https://desk.example/", 403},
    {"sec-fetch-site", "same-origin", 200},
    {"sec-fetch-site", "cross-site", 403},
    {"sec-fetch-site", "same-site", 403},
    {"sec-fetch-site", "none", 403},
    {"x-nothing", "", 200},
};

START_TEST(a_post_comes_from_our_own_pages)
{
    double_user(&faces, "maker", "maker", false);
    const char *session = faces_sign_in("maker");
    struct req *r = faces_with(double_request(&faces, "POST", "/orders/1/refund"), session);
    double_body(r, DOUBLE_FORM,
                arena_printf(faces.arena, "name=x&csrf=%s", faces_form_token(session)));
    double_header(r, ORIGINS[_i].header, ORIGINS[_i].value);
    ck_assert_int_eq(faces_run(&faces_browser, r), ORIGINS[_i].status);
}
END_TEST

START_TEST(a_post_carries_the_token_of_its_own_session)
{
    double_user(&faces, "maker", "maker", false);
    double_user(&faces, "other", "maker", false);
    const char *session = faces_sign_in("maker");
    const char *token = faces_form_token(session),
               *others = faces_form_token(faces_sign_in("other"));
    ck_assert_str_ne(token, others);
    const char *bodies[] = {"name=x",
                            "name=x&csrf=",
                            "name=x&csrf=wrong",
                            arena_printf(faces.arena, "name=x&csrf=%s", others),
                            arena_printf(faces.arena, "name=x&csrf=%sx", token),
                            arena_printf(faces.arena, "name=x&csrf[a]=%s", token)};
    faces_handled = 0;
    for (int i = 0; i < COUNT(bodies); i++) {
        struct req *r = faces_with(double_request(&faces, "POST", "/orders/1/refund"), session);
        double_body(r, DOUBLE_FORM, bodies[i]);
        ck_assert_msg(faces_run(&faces_browser, r) == 403, "taken: %s", bodies[i]);
    }
    struct req *r =
        faces_with(double_request(&faces, "POST",
                                  arena_printf(faces.arena, "/orders/1/refund?csrf=%s", token)),
                   session);
    double_body(r, DOUBLE_FORM, "name=x");
    ck_assert_int_eq(faces_run(&faces_browser, r), 403);
    ck_assert_int_eq(faces_handled, 0);
}
END_TEST

START_TEST(the_login_form_has_a_token_of_its_own_cookie)
{
    ck_assert_int_eq(faces_run(&faces_browser, double_request(&faces, "GET", "/login")), 200);
    const char *token = faces_reply.body,
               *cookie = double_cookie_set(&faces, &faces_reply, CSRF_COOKIE);
    ck_assert_ptr_nonnull(cookie);
    const char *cookies[] = {cookie, "00000000000000000000000000000000000", "", NULL};
    const int wanted[] = {200, 403, 403, 403};
    for (int i = 0; i < COUNT(cookies); i++) {
        struct req *r = double_request(&faces, "POST", "/login");
        if (cookies[i])
            double_header(r, "cookie", arena_printf(faces.arena, CSRF_COOKIE "=%s", cookies[i]));
        double_body(r, DOUBLE_FORM, arena_printf(faces.arena, "csrf=%s", token));
        ck_assert_int_eq(faces_run(&faces_browser, r), wanted[i]);
    }
    struct req *again = double_request(&faces, "GET", "/login");
    double_header(again, "cookie", arena_printf(faces.arena, CSRF_COOKIE "=%s", cookie));
    ck_assert_int_eq(faces_run(&faces_browser, again), 200);
    ck_assert_str_eq(faces_reply.body, token);
    ck_assert_ptr_null(double_cookie_set(&faces, &faces_reply, CSRF_COOKIE));
}
END_TEST

/* ---- declared fields ---- */

struct field_case {
    const char *body;
    int status;
};

static const struct field_case FIELD_CASES[] = {
    {"name=0123456789", 200},
    {"name=01234567890", 400},
    {"name=", 400},
    {"note=x", 400},
    {"name=x&note=01234567890123456789", 200},
    {"name=x&note=012345678901234567890", 400},
    {"name=x&note=", 200},
    {"name=x&unknown=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 200},
    {"name=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", 200},
    {"name=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9x", 400},
};

START_TEST(declared_fields_are_measured_in_bytes)
{
    double_user(&faces, "maker", "maker", false);
    const char *session = faces_sign_in("maker");
    struct req *r = faces_with(double_request(&faces, "POST", "/orders/1/refund"), session);
    double_body(
        r, DOUBLE_FORM,
        arena_printf(faces.arena, "%s&csrf=%s", FIELD_CASES[_i].body, faces_form_token(session)));
    ck_assert_int_eq(faces_run(&faces_browser, r), FIELD_CASES[_i].status);
}
END_TEST

Suite *t_guard_suite(void)
{
    TCase *t;
    Suite *s = suite_of("guard", &t);
    tcase_add_checked_fixture(t, faces_open, faces_close);
    tcase_add_test(t, a_visitor_is_sent_to_the_login_and_back);
    tcase_add_test(t, a_fragment_without_session_moves_the_whole_page);
    tcase_add_test(t, rights_are_checked_by_the_table);
    tcase_add_test(t, a_key_needs_the_scope);
    tcase_add_loop_test(t, a_post_comes_from_our_own_pages, 0, COUNT(ORIGINS));
    tcase_add_test(t, a_post_carries_the_token_of_its_own_session);
    tcase_add_test(t, the_login_form_has_a_token_of_its_own_cookie);
    tcase_add_loop_test(t, declared_fields_are_measured_in_bytes, 0, COUNT(FIELD_CASES));
    return s;
}
