#include "api/errors.h"
#include "api/rig.h"
#include "core/str.h"
#include <string.h>

START_TEST(the_table_is_whole)
{
    web_check(&api_program);
    errors_check(&api_program);
}
END_TEST

struct way {
    const char *method, *target, *type, *body;
    int status;
    const char *code, *allow;
};

static const struct way WAYS[] = {
    {"GET", "/", NULL, NULL, 404, "NOT_FOUND", NULL},
    {"GET", "/nothing", NULL, NULL, 404, "NOT_FOUND", NULL},
    {"DELETE", "/orders", NULL, NULL, 405, "METHOD_NOT_ALLOWED", "POST, GET, HEAD"},
    {"DELETE", "/orders/1", NULL, NULL, 405, "METHOD_NOT_ALLOWED", "GET, HEAD, POST"},
    {"GET", "/orders/1/refunds", NULL, NULL, 405, "METHOD_NOT_ALLOWED", "POST"},
    {"POST", "/healthz", DOUBLE_FORM, "", 405, "METHOD_NOT_ALLOWED", "GET, HEAD"},
    {"POST", "/orders", "text/xml", "<a/>", 415, "UNSUPPORTED_MEDIA_TYPE", NULL},
    {"POST", "/orders/1/refunds", "text/plain", "a=1", 415, "UNSUPPORTED_MEDIA_TYPE", NULL},
    {"POST", "/orders", DOUBLE_FORM, "a=1&a=2", 400, "INVALID_REQUEST", NULL},
    {"POST", "/orders", DOUBLE_JSON, "{\"a\":", 400, "INVALID_REQUEST", NULL},
    {"POST", "/orders/1/refunds", DOUBLE_FORM, "a=%zz", 400, "INVALID", NULL},
    {"POST", "/orders/1/refunds", DOUBLE_JSON, "[]", 400, "INVALID", NULL},
    {"GET", "/orders/1?a=%", NULL, NULL, 400, "INVALID_REQUEST", NULL},
};

START_TEST(every_refusal_is_json)
{
    const struct way *w = &WAYS[_i];
    struct rig_answer answer = rig_call(w->method, w->target, NULL, w->type, w->body);
    ck_assert_int_eq(answer.status, w->status);
    ck_assert_str_eq(rig_member(&answer, "error_code"), w->code);
    ck_assert_pstr_eq(double_reply_header(&answer.reply, "Allow"), w->allow);
}
END_TEST

static struct reply call_with(const char *authorization, const char *method, const char *target)
{
    struct reply p;
    struct req *r = double_request(&rig, method, target);
    if (authorization)
        double_header(r, "authorization", authorization);
    web_dispatch(&api_program, NULL, r, &p);
    return p;
}

START_TEST(without_a_key_access_is_denied)
{
    const char *const headers[] = {NULL, "Basic x", "Bearer x", double_basic(&rig, "wrong:")};
    for (int i = 0; i < COUNT(headers); i++) {
        struct reply p = call_with(headers[i], "GET", "/orders/1");
        ck_assert_int_eq(p.status, 401);
        ck_assert_str_eq(p.body, "{\"status\":\"error\",\"error_code\":\"access_denied\","
                                 "\"error_message\":\"The API key is missing or not valid.\"}");
    }
}
END_TEST

/* The path with something for each {…}. */
static const char *target_of(const struct route *route)
{
    struct buf b;
    buf_init(&b, rig.arena);
    for (const char *p = route->path; *p; p++) {
        if (*p == '{') {
            buf_putc(&b, '1');
            p = strchr(p, '}');
        } else {
            buf_putc(&b, *p);
        }
    }
    return buf_text(&b);
}

START_TEST(each_route_needs_its_scope)
{
    static const int SCOPES[] = {SCOPE_READ,
                                 SCOPE_REFUND,
                                 SCOPE_INTAKE,
                                 SCOPE_READ | SCOPE_REFUND,
                                 SCOPE_READ | SCOPE_INTAKE,
                                 SCOPE_REFUND | SCOPE_INTAKE};
    for (int k = 0; k < COUNT(SCOPES); k++) {
        const char *key = arena_printf(rig.arena, "key-%d", k);
        double_key(&rig, key, SCOPES[k], 0);
        for (int i = 0; i < api_program.n_routes; i++) {
            const struct route *route = &api_program.routes[i];
            struct reply p = call_with(double_basic(&rig, key), route->method, target_of(route));
            bool lacks = route->auth == AUTH_KEY && (SCOPES[k] & route->scope) == 0;
            ck_assert_msg((p.status == 403) == lacks, "%s %s with scope %d: %d", route->method,
                          route->path, SCOPES[k], p.status);
            if (p.status == 403)
                ck_assert_ptr_nonnull(strstr(p.body, "\"error_code\":\"ACCESS_DENIED\""));
        }
    }
}
END_TEST

START_TEST(what_needs_no_key_is_told_by_name)
{
    static const char *const OPEN[] = {"/healthz", "/openapi.json"};
    static const char *const SIGNED[] = {"/webhooks/razorpay", "/webhooks/stripe"};
    int open = 0;
    for (int i = 0; i < api_program.n_routes; i++) {
        const struct route *route = &api_program.routes[i];
        struct reply p = call_with(NULL, route->method, target_of(route));
        bool is_open = str_eq(route->path, OPEN[0]) || str_eq(route->path, OPEN[1]);
        bool is_signed = str_eq(route->path, SIGNED[0]) || str_eq(route->path, SIGNED[1]);
        ck_assert_msg(p.status == (is_open ? 200 : 401), "%s %s: %d", route->method, route->path,
                      p.status);
        ck_assert_int_eq(route->auth == AUTH_NONE, is_open || is_signed);
        open += route->auth == AUTH_NONE;
    }
    ck_assert_int_eq(open, COUNT(OPEN) + COUNT(SIGNED));
}
END_TEST

START_TEST(health_needs_no_key)
{
    struct reply p = call_with(NULL, "GET", "/healthz");
    ck_assert_int_eq(p.status, 200);
    ck_assert_str_eq(p.body, "{\"status\":\"ok\"}");
}
END_TEST

Suite *t_routes_suite(void)
{
    TCase *t;
    Suite *s = suite_of("routes", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, the_table_is_whole);
    tcase_add_loop_test(t, every_refusal_is_json, 0, COUNT(WAYS));
    tcase_add_test(t, without_a_key_access_is_denied);
    tcase_add_test(t, each_route_needs_its_scope);
    tcase_add_test(t, what_needs_no_key_is_told_by_name);
    tcase_add_test(t, health_needs_no_key);
    return s;
}
