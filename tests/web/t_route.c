#include "core/limits.h"
#include "core/str.h"
#include "web/csrf.h"
#include "web/double.h"
#include "web/session.h"
#include "web/suites.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct double_app d;
static struct reply p;
static int handled;
static char seen[300];

/* ---- two programs ---- */

static enum rc echo(struct req *r, struct reply *reply, struct err *e)
{
    (void)e;
    handled++;
    (void)str_copy(seen, sizeof seen, str_or(r->params[0], ""));
    reply_text(reply, 0, "text/plain", str_or(r->csrf_token, "-"));
    return RC_OK;
}

static enum rc fails(struct req *r, struct reply *reply, struct err *e)
{
    handled++;
    reply_text(reply, 200, "text/plain", "half an answer");
    int64_t rc = RC_INTERNAL;
    (void)str_parse_i64(str_or(r->params[0], ""), &rc);
    return ERR(e, (enum rc)rc, "It failed.", "on purpose");
}

static enum rc shows_page(struct req *r, struct reply *reply, struct err *e)
{
    (void)e;
    struct page *page = page_new(r->arena, r->params[0]);
    page_set(page_root(page), "text", "<b>");
    reply_page(reply, 200, page);
    return RC_OK;
}

static void error_face(struct req *r, struct reply *reply, int status, const struct err *e)
{
    reply_text(reply, status, "text/plain",
               arena_printf(r->arena, "%s|%s", e->text, r->session ? "known" : "unknown"));
}

static enum rc decorate(struct req *r, struct page *page, struct err *e)
{
    (void)e;
    page_set(page_root(page), "csrf", r->csrf_token);
    return RC_OK;
}

static const struct web_field FIELDS[] = {
    {"name", 10, FIELD_REQUIRED}, {"note", 20, 0}, {NULL, 0, 0}};

static const struct route BROWSER_ROUTES[] = {
    {.method = "GET", .path = "/", .auth = AUTH_SESSION, .handler = echo},
    {.method = "GET", .path = "/login", .handler = echo},
    {.method = "POST", .path = "/login", .body_limit = 4096, .handler = echo},
    {.method = "GET", .path = "/orders/new", .auth = AUTH_SESSION, .handler = echo},
    {.method = "GET",
     .path = "/orders/{id}",
     .auth = AUTH_SESSION,
     .module = MODULE_ORDERS,
     .right = RIGHT_READ,
     .handler = echo},
    {.method = "POST",
     .path = "/orders/{id}/refund",
     .auth = AUTH_SESSION,
     .module = MODULE_REFUNDS,
     .right = RIGHT_WRITE,
     .body_limit = 200,
     .fields = FIELDS,
     .handler = echo},
    {.method = "GET", .path = "/fails/{rc}", .handler = fails},
    {.method = "GET", .path = "/page/{name}", .handler = shows_page},
};

static const struct web_program BROWSER = {.name = "browser",
                                           .routes = BROWSER_ROUTES,
                                           .n_routes = COUNT(BROWSER_ROUTES),
                                           .error = error_face,
                                           .decorate = decorate};

static const struct route API_ROUTES[] = {
    {.method = "GET",
     .path = "/things/{id}",
     .auth = AUTH_KEY,
     .scope = SCOPE_READ,
     .handler = echo},
    {.method = "POST",
     .path = "/things",
     .auth = AUTH_KEY,
     .scope = SCOPE_INTAKE,
     .body_limit = 100,
     .handler = echo},
    {.method = "DELETE",
     .path = "/things/{id}",
     .auth = AUTH_KEY,
     .scope = SCOPE_ALL,
     .handler = echo},
};

static const struct web_program API = {
    .name = "api", .routes = API_ROUTES, .n_routes = COUNT(API_ROUTES), .error = error_face};

static void setup(void)
{
    double_open(&d);
    handled = 0;
    seen[0] = 0;
}

static void teardown(void)
{
    double_close(&d);
}

static int run(const struct web_program *program, struct req *r)
{
    web_dispatch(program, NULL, r, &p);
    return p.status;
}

static const char *sign_in(const char *name)
{
    struct req *r = double_request(&d, "POST", "/login");
    struct reply reply = {0};
    struct err e;
    ck_assert_int_eq(session_login(r, &reply, name, DOUBLE_PASSWORD, &e), RC_OK);
    return double_cookie_set(&d, &reply, SESSION_COOKIE);
}

static struct req *with_session(struct req *r, const char *token)
{
    double_header(r, "cookie", arena_printf(d.arena, SESSION_COOKIE "=%s", token));
    return r;
}

/* The token that forms of this session carry. */
static const char *form_token(const char *session)
{
    ck_assert_int_eq(run(&BROWSER, with_session(double_request(&d, "GET", "/"), session)), 200);
    return p.body;
}

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
    double_key(&d, "key", SCOPE_ALL, 0);
    struct req *r = double_request(&d, w->method, w->target);
    double_header(r, "authorization", double_basic(&d, "key"));
    ck_assert_int_eq(run(&API, r), w->status);
    ck_assert_pstr_eq(double_reply_header(&p, "Allow"), w->allow);
    ck_assert_str_eq(seen, w->param);
    ck_assert_int_eq(handled, w->status == 200);
}
END_TEST

START_TEST(the_first_row_that_fits_is_taken)
{
    double_user(&d, "admin", "admin", false);
    struct req *r = with_session(double_request(&d, "GET", "/orders/new"), sign_in("admin"));
    ck_assert_int_eq(run(&BROWSER, r), 200);
    ck_assert_str_eq(seen, "");
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
        struct req *r = double_request(&d, "POST", cases[i].target);
        r->edge = &edge;
        ck_assert_int_eq(run(&API, r), cases[i].status);
    }
    ck_assert_int_eq(handled, 0);
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
    {"", 10, 415, 415},
    {"text/plain", 101, 413, 415},
    {"text/plain", 0, 200, 403},
};

START_TEST(judges_bodies)
{
    const struct body_case *c = &BODIES[_i];
    double_key(&d, "key", SCOPE_ALL, 0);
    char *text = arena_alloc(d.arena, c->bytes + 1);
    memset(text, 'x', c->bytes);
    struct req *r = double_request(&d, "POST", "/things");
    double_header(r, "authorization", double_basic(&d, "key"));
    double_body(r, c->type, text);
    ck_assert_int_eq(run(&API, r), c->api);

    ck_assert_int_eq(run(&BROWSER, double_request(&d, "GET", "/login")), 200);
    const char *token = p.body, *cookie = double_cookie_set(&d, &p, CSRF_COOKIE);
    r = double_request(&d, "POST", "/login");
    double_header(r, "cookie", arena_printf(d.arena, CSRF_COOKIE "=%s", cookie));
    double_body(r, c->type, c->bytes ? arena_printf(d.arena, "csrf=%s&a=%s", token, text) : "");
    ck_assert_int_eq(run(&BROWSER, r), c->browser);
}
END_TEST

START_TEST(only_the_api_takes_json)
{
    double_key(&d, "key", SCOPE_ALL, 0);
    struct req *r = double_request(&d, "POST", "/things");
    double_header(r, "authorization", double_basic(&d, "key"));
    double_body(r, "application/json; charset=utf-8", "{\"a\":1}");
    ck_assert_int_eq(run(&API, r), 200);
    r = double_request(&d, "POST", "/login");
    double_body(r, DOUBLE_JSON, "{\"a\":1}");
    ck_assert_int_eq(run(&BROWSER, r), 415);
}
END_TEST

START_TEST(broken_fields_are_refused_before_the_handler)
{
    double_key(&d, "key", SCOPE_ALL, 0);
    static const char *const CASES[][2] = {
        {DOUBLE_FORM, "a=%"}, {DOUBLE_FORM, "a=1&a=2"}, {DOUBLE_JSON, "{"}, {DOUBLE_JSON, "[]"}};
    for (int i = 0; i < COUNT(CASES); i++) {
        struct req *r = double_request(&d, "POST", "/things");
        double_header(r, "authorization", double_basic(&d, "key"));
        double_body(r, CASES[i][0], CASES[i][1]);
        ck_assert_int_eq(run(&API, r), 400);
    }
    struct req *r = double_request(&d, "GET", "/things/a?x=%zz");
    double_header(r, "authorization", double_basic(&d, "key"));
    ck_assert_int_eq(run(&API, r), 400);
    ck_assert_int_eq(handled, 0);
}
END_TEST

/* ---- who, and with which right ---- */

START_TEST(a_visitor_is_sent_to_the_login_and_back)
{
    ck_assert_int_eq(run(&BROWSER, double_request(&d, "GET", "/orders/a%20b?x=1&y=%26")), 303);
    ck_assert_str_eq(p.location, "/login?next=%2Forders%2Fa%2520b%3Fx%3D1%26y%3D%2526");
    ck_assert_int_eq(run(&BROWSER, double_request(&d, "GET", "/")), 303);
    ck_assert_str_eq(p.location, "/login");
    struct req *r = double_request(&d, "POST", "/orders/1/refund");
    double_body(r, DOUBLE_FORM, "name=x");
    ck_assert_int_eq(run(&BROWSER, r), 303);
    ck_assert_str_eq(p.location, "/login");
    ck_assert_int_eq(handled, 0);
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
        struct req *r = double_request(&d, "GET", "/orders/1");
        double_header(r, "hx-request", "true");
        if (CASES[i][0])
            double_header(r, "hx-current-url", CASES[i][0]);
        ck_assert_int_eq(run(&BROWSER, r), 401);
        ck_assert_str_eq(double_reply_header(&p, "HX-Redirect"), CASES[i][1]);
    }
}
END_TEST

START_TEST(rights_are_checked_by_the_table)
{
    double_user(&d, "viewer", "viewer", false);
    double_user(&d, "maker", "maker", false);
    const char *viewer = sign_in("viewer"), *maker = sign_in("maker");
    ck_assert_int_eq(run(&BROWSER, with_session(double_request(&d, "GET", "/orders/1"), viewer)),
                     200);
    const char *tokens[] = {viewer, maker};
    const int wanted[] = {403, 200};
    for (int i = 0; i < 2; i++) {
        struct req *r = double_request(&d, "POST", "/orders/1/refund");
        double_body(r, DOUBLE_FORM, arena_printf(d.arena, "name=x&csrf=%s", form_token(tokens[i])));
        ck_assert_int_eq(run(&BROWSER, with_session(r, tokens[i])), wanted[i]);
    }
}
END_TEST

START_TEST(a_key_needs_the_scope)
{
    double_key(&d, "reader", SCOPE_READ, 0);
    double_key(&d, "feeder", SCOPE_INTAKE, 0);
    static const struct {
        const char *key, *method, *target;
        int status;
    } CASES[] = {{"reader", "GET", "/things/1", 200},    {"reader", "POST", "/things", 403},
                 {"feeder", "POST", "/things", 200},     {"feeder", "GET", "/things/1", 403},
                 {"reader", "DELETE", "/things/1", 403}, {"nobody", "GET", "/things/1", 401}};
    for (int i = 0; i < COUNT(CASES); i++) {
        struct req *r = double_request(&d, CASES[i].method, CASES[i].target);
        double_header(r, "authorization", double_basic(&d, CASES[i].key));
        ck_assert_int_eq(run(&API, r), CASES[i].status);
        ck_assert_int_eq(double_reply_header(&p, "WWW-Authenticate") != NULL,
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
    double_user(&d, "maker", "maker", false);
    const char *session = sign_in("maker");
    struct req *r = with_session(double_request(&d, "POST", "/orders/1/refund"), session);
    double_body(r, DOUBLE_FORM, arena_printf(d.arena, "name=x&csrf=%s", form_token(session)));
    double_header(r, ORIGINS[_i].header, ORIGINS[_i].value);
    ck_assert_int_eq(run(&BROWSER, r), ORIGINS[_i].status);
}
END_TEST

START_TEST(a_post_carries_the_token_of_its_own_session)
{
    double_user(&d, "maker", "maker", false);
    double_user(&d, "other", "maker", false);
    const char *session = sign_in("maker");
    const char *token = form_token(session), *others = form_token(sign_in("other"));
    ck_assert_str_ne(token, others);
    const char *bodies[] = {"name=x",
                            "name=x&csrf=",
                            "name=x&csrf=wrong",
                            arena_printf(d.arena, "name=x&csrf=%s", others),
                            arena_printf(d.arena, "name=x&csrf=%sx", token),
                            arena_printf(d.arena, "name=x&csrf[a]=%s", token)};
    handled = 0;
    for (int i = 0; i < COUNT(bodies); i++) {
        struct req *r = with_session(double_request(&d, "POST", "/orders/1/refund"), session);
        double_body(r, DOUBLE_FORM, bodies[i]);
        ck_assert_msg(run(&BROWSER, r) == 403, "taken: %s", bodies[i]);
    }
    struct req *r = with_session(
        double_request(&d, "POST", arena_printf(d.arena, "/orders/1/refund?csrf=%s", token)),
        session);
    double_body(r, DOUBLE_FORM, "name=x");
    ck_assert_int_eq(run(&BROWSER, r), 403);
    ck_assert_int_eq(handled, 0);
}
END_TEST

START_TEST(the_login_form_has_a_token_of_its_own_cookie)
{
    ck_assert_int_eq(run(&BROWSER, double_request(&d, "GET", "/login")), 200);
    const char *token = p.body, *cookie = double_cookie_set(&d, &p, CSRF_COOKIE);
    ck_assert_ptr_nonnull(cookie);
    const char *cookies[] = {cookie, "00000000000000000000000000000000000", "", NULL};
    const int wanted[] = {200, 403, 403, 403};
    for (int i = 0; i < COUNT(cookies); i++) {
        struct req *r = double_request(&d, "POST", "/login");
        if (cookies[i])
            double_header(r, "cookie", arena_printf(d.arena, CSRF_COOKIE "=%s", cookies[i]));
        double_body(r, DOUBLE_FORM, arena_printf(d.arena, "csrf=%s", token));
        ck_assert_int_eq(run(&BROWSER, r), wanted[i]);
    }
    struct req *again = double_request(&d, "GET", "/login");
    double_header(again, "cookie", arena_printf(d.arena, CSRF_COOKIE "=%s", cookie));
    ck_assert_int_eq(run(&BROWSER, again), 200);
    ck_assert_str_eq(p.body, token);
    ck_assert_ptr_null(double_cookie_set(&d, &p, CSRF_COOKIE));
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
    double_user(&d, "maker", "maker", false);
    const char *session = sign_in("maker");
    struct req *r = with_session(double_request(&d, "POST", "/orders/1/refund"), session);
    double_body(r, DOUBLE_FORM,
                arena_printf(d.arena, "%s&csrf=%s", FIELD_CASES[_i].body, form_token(session)));
    ck_assert_int_eq(run(&BROWSER, r), FIELD_CASES[_i].status);
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
    d.app.log.fd = -1;
    const char *target = arena_printf(d.arena, "/fails/%d", (int)CODES[_i].rc);
    ck_assert_int_eq(run(&BROWSER, double_request(&d, "GET", target)), CODES[_i].status);
    ck_assert_str_eq(p.body, "It failed.|unknown");
    ck_assert_int_eq(double_reply_header(&p, "Retry-After") != NULL, CODES[_i].status == 503);
    ck_assert_int_eq((int)CODES[_i].rc, _i + 1); /* none is left out */
    ck_assert_int_eq(COUNT(CODES), RC_COUNT - 1);
}
END_TEST

START_TEST(error_pages_know_who_is_signed_in)
{
    double_user(&d, "admin", "admin", false);
    const char *session = sign_in("admin");
    ck_assert_int_eq(run(&BROWSER, with_session(double_request(&d, "GET", "/nowhere"), session)),
                     404);
    ck_assert_str_eq(p.body, "There is nothing at this address.|known");
    ck_assert_int_eq(run(&BROWSER, double_request(&d, "GET", "/nowhere")), 404);
    ck_assert_str_eq(p.body, "There is nothing at this address.|unknown");
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
        FILE *f = fopen(arena_printf(d.arena, "%s/%s.cs", dir, files[i][0]), "w");
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
    web_dispatch(&BROWSER, set, double_request(&d, "GET", "/page/good"), &p);
    ck_assert_int_eq(p.status, 200);
    ck_assert_str_eq(p.body, "<p>&lt;b&gt;");
    ck_assert_uint_eq(p.body_n, strlen(p.body));
    d.app.log.fd = -1;
    web_dispatch(&BROWSER, set, double_request(&d, "GET", "/page/bad"), &p);
    ck_assert_int_eq(p.status, 500);
    ck_assert_ptr_null(strstr(p.body, "start"));
    templates_free(set);
}
END_TEST

START_TEST(tables_are_checked_at_start)
{
    web_check(&BROWSER);
    web_check(&API);
}
END_TEST

static const struct route BAD_ROUTES[] = {
    {.method = "GET", .path = "/x"},
    {.method = "GET", .path = "x", .handler = echo},
    {.method = "PUT", .path = "/x", .handler = echo},
    {.method = "POST", .path = "/x", .body_limit = 10, .handler = echo},
    {.method = "POST", .path = "/x", .auth = AUTH_SESSION, .handler = echo},
    {.method = "GET", .path = "/x", .auth = AUTH_KEY, .handler = echo},
    {.method = "GET", .path = "/x", .auth = AUTH_SESSION, .module = MODULE_ORDERS, .handler = echo},
    {.method = "GET", .path = "/{a}/{b}/{c}/{d}", .handler = echo},
};

START_TEST(a_wrong_table_does_not_start)
{
    const struct web_program program = {.name = "bad",
                                        .routes = &BAD_ROUTES[_i],
                                        .n_routes = 1,
                                        .error = error_face,
                                        .decorate = decorate};
    web_check(&program);
}
END_TEST

Suite *t_route_suite(void)
{
    TCase *t;
    Suite *s = suite_of("route", &t);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, finds_routes, 0, COUNT(WAYS));
    tcase_add_test(t, the_first_row_that_fits_is_taken);
    tcase_add_test(t, what_broke_at_the_edge_is_told);
    tcase_add_loop_test(t, judges_bodies, 0, COUNT(BODIES));
    tcase_add_test(t, only_the_api_takes_json);
    tcase_add_test(t, broken_fields_are_refused_before_the_handler);
    tcase_add_test(t, a_visitor_is_sent_to_the_login_and_back);
    tcase_add_test(t, a_fragment_without_session_moves_the_whole_page);
    tcase_add_test(t, rights_are_checked_by_the_table);
    tcase_add_test(t, a_key_needs_the_scope);
    tcase_add_loop_test(t, a_post_comes_from_our_own_pages, 0, COUNT(ORIGINS));
    tcase_add_test(t, a_post_carries_the_token_of_its_own_session);
    tcase_add_test(t, the_login_form_has_a_token_of_its_own_cookie);
    tcase_add_loop_test(t, declared_fields_are_measured_in_bytes, 0, COUNT(FIELD_CASES));
    tcase_add_loop_test(t, every_code_has_its_status, 0, COUNT(CODES));
    tcase_add_test(t, error_pages_know_who_is_signed_in);
    tcase_add_test(t, pages_are_rendered_to_memory_or_not_at_all);
    tcase_add_test(t, tables_are_checked_at_start);
    tcase_add_loop_test_raise_signal(t, a_wrong_table_does_not_start, 6, 0, COUNT(BAD_ROUTES));
    return s;
}
