#include "core/str.h"
#include "web/csrf.h"
#include "web/faces.h"
#include "web/suites.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- finding the route ---- */

struct way {
    const char *method, *target;
    int status;
    const char *allow, *param;
};

static const struct way WAYS[] = {
    {"GET", "/things/abc", 200, NULL, "abc"},
    {"HEAD", "/things/abc", 200, NULL, "abc"},
    {"GET", "/things/abc/", 200, NULL, "abc"},
    {"GET", "/things/a%20b", 200, NULL, "a b"},
    {"DELETE", "/things/abc", 200, NULL, "abc"},
    {"POST", "/things", 200, NULL, ""},
    {"POST", "/things/", 200, NULL, ""},
    {"GET", "/", 404, NULL, ""},
    {"GET", "/thing", 404, NULL, ""},
    {"GET", "/thingsx", 404, NULL, ""},
    {"GET", "/things/a/b", 404, NULL, ""},
    {"GET", "/THINGS/a", 404, NULL, ""},
    {"GET", "/things/{id}/x", 404, NULL, ""},
    {"GET", "/things", 405, "POST", ""},
    {"get", "/things/abc", 405, "GET, HEAD, DELETE", ""},
    {"POST", "/things/abc", 405, "GET, HEAD, DELETE", ""},
    {"OPTIONS", "/things/abc", 405, "GET, HEAD, DELETE", ""},
    {"", "/things/abc", 405, "GET, HEAD, DELETE", ""},
    {"PUT", "/nothing", 404, NULL, ""},
};

START_TEST(finds_routes)
{
    const struct way *w = &WAYS[_i];
    double_key(&faces, "key", SCOPE_ALL, 0);
    struct req *r = double_request(&faces, w->method, w->target);
    double_header(r, "authorization", double_basic(&faces, "key"));
    ck_assert_int_eq(faces_run(&faces_api, r), w->status);
    ck_assert_pstr_eq(double_reply_header(&faces_reply, "Allow"), w->allow);
    ck_assert_str_eq(faces_seen, w->param);
    ck_assert_int_eq(faces_handled, w->status == 200);
}
END_TEST

START_TEST(the_first_row_that_fits_is_taken)
{
    double_user(&faces, "admin", "admin", false);
    struct req *r =
        faces_with(double_request(&faces, "GET", "/orders/new"), faces_sign_in("admin"));
    ck_assert_int_eq(faces_run(&faces_browser, r), 200);
    ck_assert_str_eq(faces_seen, "");
}
END_TEST

START_TEST(what_broke_at_the_edge_is_told)
{
    const struct {
        enum rc rc;
        const char *target;
        int status;
    } cases[] = {{RC_INVALID, "/things", 400},
                 {RC_TOO_LARGE, "/things", 413},
                 {RC_TOO_LARGE, "/nothing", 404}};
    for (int i = 0; i < COUNT(cases); i++) {
        struct err edge = {.rc = cases[i].rc, .text = "cut off", .detail = ""};
        struct req *r = double_request(&faces, "POST", cases[i].target);
        r->edge = &edge;
        ck_assert_int_eq(faces_run(&faces_api, r), cases[i].status);
    }
    ck_assert_int_eq(faces_handled, 0);
}
END_TEST

/* ---- bodies ---- */

struct body_case {
    const char *type;
    size_t bytes;
    int api, browser;
};

static const struct body_case BODIES[] = {
    {"application/x-www-form-urlencoded", 100, 200, 200},
    {"application/x-www-form-urlencoded", 101, 413, 200},
    {"application/x-www-form-urlencoded; charset=UTF-8", 10, 200, 200},
    {"APPLICATION/X-WWW-FORM-URLENCODED", 10, 200, 200},
    {"application/x-www-form-urlencoded;charset=utf-8", 10, 200, 200},
    {"application/x-www-form-urlencodedx", 10, 415, 415},
    {"application/x-www-form-urlencode", 10, 415, 415},
    {"text/plain", 10, 415, 415},
    {"multipart/form-data; boundary=x", 10, 415, 415},
    {"application/jsonp", 10, 415, 415},
    {"", 10, 200, 415}, /* a form, by its look */
    {"application/json", 10, 400, 415},
    {"APPLICATION/JSON; Charset=\"UTF-8\"", 10, 400, 415},
    {"application/x-www-form-urlencoded; charset=\"utf-8\"", 10, 200, 200},
    {"application/json, application/json", 10, 415, 415},
    {"text/plain", 101, 413, 415},
    {"text/plain", 0, 200, 403},
};

START_TEST(judges_bodies)
{
    const struct body_case *c = &BODIES[_i];
    double_key(&faces, "key", SCOPE_ALL, 0);
    char *text = arena_alloc(faces.arena, c->bytes + 1);
    memset(text, 'x', c->bytes);
    struct req *r = double_request(&faces, "POST", "/things");
    double_header(r, "authorization", double_basic(&faces, "key"));
    double_body(r, c->type, text);
    ck_assert_int_eq(faces_run(&faces_api, r), c->api);

    ck_assert_int_eq(faces_run(&faces_browser, double_request(&faces, "GET", "/login")), 200);
    const char *token = faces_reply.body,
               *cookie = double_cookie_set(&faces, &faces_reply, CSRF_COOKIE);
    r = double_request(&faces, "POST", "/login");
    double_header(r, "cookie", arena_printf(faces.arena, CSRF_COOKIE "=%s", cookie));
    double_body(r, c->type, c->bytes ? arena_printf(faces.arena, "csrf=%s&a=%s", token, text) : "");
    ck_assert_int_eq(faces_run(&faces_browser, r), c->browser);
}
END_TEST

START_TEST(only_the_api_takes_json)
{
    double_key(&faces, "key", SCOPE_ALL, 0);
    struct req *r = double_request(&faces, "POST", "/things");
    double_header(r, "authorization", double_basic(&faces, "key"));
    double_body(r, "application/json; charset=utf-8", "{\"a\":1}");
    ck_assert_int_eq(faces_run(&faces_api, r), 200);
    r = double_request(&faces, "POST", "/login");
    double_body(r, DOUBLE_JSON, "{\"a\":1}");
    ck_assert_int_eq(faces_run(&faces_browser, r), 415);
}
END_TEST

START_TEST(broken_fields_are_refused_before_the_handler)
{
    double_key(&faces, "key", SCOPE_ALL, 0);
    static const char *const CASES[][2] = {
        {DOUBLE_FORM, "a=%"}, {DOUBLE_FORM, "a=1&a=2"}, {DOUBLE_JSON, "{"}, {DOUBLE_JSON, "[]"}};
    for (int i = 0; i < COUNT(CASES); i++) {
        struct req *r = double_request(&faces, "POST", "/things");
        double_header(r, "authorization", double_basic(&faces, "key"));
        double_body(r, CASES[i][0], CASES[i][1]);
        ck_assert_int_eq(faces_run(&faces_api, r), 400);
    }
    struct req *r = double_request(&faces, "GET", "/things/a?x=%zz");
    double_header(r, "authorization", double_basic(&faces, "key"));
    ck_assert_int_eq(faces_run(&faces_api, r), 400);
    ck_assert_int_eq(faces_handled, 0);
}
END_TEST

/* ---- faces of errors ---- */

struct code {
    enum rc rc;
    int status;
};

static const struct code CODES[] = {
    {RC_NOT_FOUND, 404}, {RC_INVALID, 400},   {RC_DENIED, 403},      {RC_UNAUTHORIZED, 401},
    {RC_CONFLICT, 409},  {RC_TOO_LARGE, 413}, {RC_UNSUPPORTED, 415}, {RC_LIMITED, 429},
    {RC_BUSY, 503},      {RC_IO, 500},        {RC_INTERNAL, 500},
};

START_TEST(every_code_has_its_status)
{
    faces.app.log.fd = -1;
    const char *target = arena_printf(faces.arena, "/fails/%d", (int)CODES[_i].rc);
    ck_assert_int_eq(faces_run(&faces_browser, double_request(&faces, "GET", target)),
                     CODES[_i].status);
    ck_assert_str_eq(faces_reply.body, "It failed.|unknown");
    ck_assert_int_eq(double_reply_header(&faces_reply, "Retry-After") != NULL,
                     CODES[_i].status == 503);
    ck_assert_int_eq((int)CODES[_i].rc, _i + 1); /* none is left out */
    ck_assert_int_eq(COUNT(CODES), RC_COUNT - 1);
}
END_TEST

START_TEST(error_pages_know_who_is_signed_in)
{
    double_user(&faces, "admin", "admin", false);
    const char *session = faces_sign_in("admin");
    ck_assert_int_eq(
        faces_run(&faces_browser, faces_with(double_request(&faces, "GET", "/nowhere"), session)),
        404);
    ck_assert_str_eq(faces_reply.body, "There is nothing at this address.|known");
    ck_assert_int_eq(faces_run(&faces_browser, double_request(&faces, "GET", "/nowhere")), 404);
    ck_assert_str_eq(faces_reply.body, "There is nothing at this address.|unknown");
}
END_TEST

static struct templates *two_templates(void)
{
    char *dir = suite_tmpdir();
    struct templates *set = NULL;
    struct err e;
    const char *const files[][2] = {{"good", "<p><?cs var:text ?>"},
                                    {"bad", "start <?cs include:\"missing.cs\" ?>"}};
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(arena_printf(faces.arena, "%s/%s.cs", dir, files[i][0]), "w");
        ck_assert_ptr_nonnull(f);
        fputs(files[i][1], f);
        fclose(f);
        if (i == 0)
            ck_assert_int_eq(templates_load(&set, dir, &e), RC_OK);
    }
    free(dir);
    return set;
}

START_TEST(pages_are_rendered_to_memory_or_not_at_all)
{
    struct templates *set = two_templates();
    web_dispatch(&faces_browser, set, double_request(&faces, "GET", "/page/good"), &faces_reply);
    ck_assert_int_eq(faces_reply.status, 200);
    ck_assert_str_eq(faces_reply.body, "<p>&lt;b&gt;");
    ck_assert_uint_eq(faces_reply.body_n, strlen(faces_reply.body));
    faces.app.log.fd = -1;
    web_dispatch(&faces_browser, set, double_request(&faces, "GET", "/page/bad"), &faces_reply);
    ck_assert_int_eq(faces_reply.status, 500);
    ck_assert_ptr_null(strstr(faces_reply.body, "start"));
    templates_free(set);
}
END_TEST

START_TEST(tables_are_checked_at_start)
{
    web_check(&faces_browser);
    web_check(&faces_api);
}
END_TEST

static const struct route BAD_ROUTES[] = {
    {.method = "GET", .path = "/x"},
    {.method = "GET", .path = "x", .handler = faces_echo},
    {.method = "PUT", .path = "/x", .handler = faces_echo},
    {.method = "POST", .path = "/x", .body_limit = 10, .handler = faces_echo},
    {.method = "POST", .path = "/x", .auth = AUTH_SESSION, .handler = faces_echo},
    {.method = "GET", .path = "/x", .auth = AUTH_KEY, .handler = faces_echo},
    {.method = "GET",
     .path = "/x",
     .auth = AUTH_SESSION,
     .module = MODULE_ORDERS,
     .handler = faces_echo},
    {.method = "GET", .path = "/{a}/{b}/{c}/{d}", .handler = faces_echo},
};

START_TEST(a_wrong_table_does_not_start)
{
    const struct web_program program = {.name = "bad",
                                        .routes = &BAD_ROUTES[_i],
                                        .n_routes = 1,
                                        .error = faces_error,
                                        .decorate = faces_decorate};
    web_check(&program);
}
END_TEST

Suite *t_route_suite(void)
{
    TCase *t;
    Suite *s = suite_of("route", &t);
    tcase_add_checked_fixture(t, faces_open, faces_close);
    tcase_add_loop_test(t, finds_routes, 0, COUNT(WAYS));
    tcase_add_test(t, the_first_row_that_fits_is_taken);
    tcase_add_test(t, what_broke_at_the_edge_is_told);
    tcase_add_loop_test(t, judges_bodies, 0, COUNT(BODIES));
    tcase_add_test(t, only_the_api_takes_json);
    tcase_add_test(t, broken_fields_are_refused_before_the_handler);
    tcase_add_loop_test(t, every_code_has_its_status, 0, COUNT(CODES));
    tcase_add_test(t, error_pages_know_who_is_signed_in);
    tcase_add_test(t, pages_are_rendered_to_memory_or_not_at_all);
    tcase_add_test(t, tables_are_checked_at_start);
    tcase_add_loop_test_raise_signal(t, a_wrong_table_does_not_start, 6, 0, COUNT(BAD_ROUTES));
    return s;
}
