/*
 * What every route says when something is wrong before its handler is reached: read from the
 * program's own table, so that a new route is tested as soon as it is there.
 */
#include "api/errors.h"
#include "api/rig.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/merchants.h"
#include <string.h>

#define N_ROUTES (api_program.n_routes)

static const struct route *route_of(int i)
{
    return &api_program.routes[i];
}

static bool has_key(const struct route *route)
{
    return route->auth == AUTH_KEY;
}

/* An address of the route: {…} is "x". */
static const char *target_of(const struct route *route)
{
    struct buf b;
    buf_init(&b, rig.arena);
    for (const char *p = route->path; *p; p++) {
        if (*p == '{')
            p = strchr(p, '}');
        buf_putc(&b, *p == '}' ? 'x' : *p);
    }
    return buf_text(&b);
}

static void expect(const struct rig_answer *a, const struct route *route, int status,
                   const char *code)
{
    ck_assert_msg(a->status == status, "%s %s: %d %s", route->method, route->path, a->status,
                  a->body);
    ck_assert_str_eq(rig_member(a, "error_code"), code);
    ck_assert(!str_empty(rig_member(a, "error_message")));
    ck_assert(!str_empty(rig_member(a, "status")));
}

START_TEST(each_route_asks_for_its_key)
{
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        if (!has_key(route))
            continue;
        struct req *r = double_request(&rig, route->method, target_of(route));
        double_header(r, "authorization", double_basic(&rig, "another:"));
        struct rig_answer a = rig_send(r);
        expect(&a, route, 401, "access_denied");
        ck_assert_str_eq(rig_member(&a, "status"), "error");
    }
}
END_TEST

START_TEST(each_route_asks_for_its_scope)
{
    static const char *const WITHOUT[] = {
        [SCOPE_READ] = "no read", [SCOPE_REFUND] = "no refund", [SCOPE_INTAKE] = "no intake"};
    double_key(&rig, WITHOUT[SCOPE_READ], SCOPE_ALL & ~SCOPE_READ, 0);
    double_key(&rig, WITHOUT[SCOPE_REFUND], SCOPE_ALL & ~SCOPE_REFUND, 0);
    double_key(&rig, WITHOUT[SCOPE_INTAKE], SCOPE_ALL & ~SCOPE_INTAKE, 0);
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        if (!has_key(route))
            continue;
        struct req *r = double_request(&rig, route->method, target_of(route));
        double_header(r, "authorization", double_basic(&rig, WITHOUT[route->scope]));
        struct rig_answer a = rig_send(r);
        expect(&a, route, 403, "ACCESS_DENIED");
    }
}
END_TEST

START_TEST(each_address_names_its_methods)
{
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        struct rig_answer a = rig_call("PATCH", target_of(route), NULL, NULL, NULL);
        expect(&a, route, 405, "METHOD_NOT_ALLOWED");
        ck_assert_ptr_nonnull(strstr(double_reply_header(&a.reply, "Allow"), route->method));
    }
}
END_TEST

static ssize_t read_nothing(void *ctx, char *to, size_t room)
{
    (void)ctx, (void)to, (void)room;
    return -1;
}

/* A file is refused by the length it says it has, before a byte of it is read. */
static struct rig_answer send_too_large_file(const struct route *route)
{
    static const struct web_source source = {read_nothing, NULL};
    struct req *r = double_request(&rig, route->method, target_of(route));
    r->content_type = "text/csv";
    r->stream = &source;
    r->stream_n = route->body_limit + 1;
    return rig_send(r);
}

START_TEST(each_body_has_its_limit)
{
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        if (route->body_limit == 0)
            continue;
        if (route->fields == web_upload) {
            struct rig_answer refused = send_too_large_file(route);
            expect(&refused, route, 413, "PAYLOAD_TOO_LARGE");
            continue;
        }
        char *body = arena_alloc(rig.arena, route->body_limit + 2);
        memset(body, 'a', route->body_limit + 1);
        struct rig_answer a = rig_call(route->method, target_of(route), NULL, DOUBLE_FORM, body);
        expect(&a, route, 413, "PAYLOAD_TOO_LARGE");
    }
}
END_TEST

START_TEST(each_body_is_a_form_or_json)
{
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        if (route->body_limit == 0 || !has_key(route) || route->fields == web_raw_body)
            continue;
        struct rig_answer a = rig_call(route->method, target_of(route), NULL, "text/xml", "<a/>");
        expect(&a, route, 415, "UNSUPPORTED_MEDIA_TYPE");
    }
}
END_TEST

/* What a route says of a body that cannot be read, by its face. */
static const struct {
    const char *status, *code;
} BAD[] = {
    [FACE_PLAIN] = {"ERROR", "INVALID_REQUEST"},
    [FACE_ORDER] = {"Bad Request", "INVALID_REQUEST"},
    [FACE_REFUND] = {"ERROR", "INVALID"},
    [FACE_PAYOUT] = {"ERROR", "INVALID"},
};

START_TEST(each_unreadable_request_has_the_face_of_its_route)
{
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        if (!has_key(route))
            continue;
        enum api_face face = errors_face(route);
        const char *target = arena_printf(rig.arena, "%s?a=1&a=2", target_of(route));
        struct rig_answer a = rig_call(route->method, target, NULL, NULL, NULL);
        expect(&a, route, 400, BAD[face].code);
        ck_assert_str_eq(rig_member(&a, "status"), BAD[face].status);
    }
}
END_TEST

static enum rc limit_rate(struct sql *q, void *arg, struct err *e)
{
    struct merchant m;
    enum rc rc = merchants_get(q, rig.arena, rig.merchant, &m, e);
    m.rate_per_s = 1;
    (void)arg;
    return rc == RC_OK ? merchants_update(q, &m, e) : rc;
}

START_TEST(each_route_keeps_the_rate)
{
    double_tx(&rig, limit_rate, NULL);
    for (int i = 0; i < N_ROUTES; i++) {
        const struct route *route = route_of(i);
        if (!has_key(route))
            continue;
        rig.app.clock.fixed_ms += 5000; /* no key is remembered, and there is a token */
        ck_assert_int_ne(rig_get("/orders/x").status, 429);
        struct rig_answer a = rig_call(route->method, target_of(route), NULL, NULL, NULL);
        expect(&a, route, 429, "TOO_MANY_REQUESTS");
        ck_assert_str_eq(double_reply_header(&a.reply, "Retry-After"), "1");
    }
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(rig_get("/healthz").status, 200);
}
END_TEST

Suite *t_faces_suite(void)
{
    TCase *t;
    Suite *s = suite_of("faces", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, each_route_asks_for_its_key);
    tcase_add_test(t, each_route_asks_for_its_scope);
    tcase_add_test(t, each_address_names_its_methods);
    tcase_add_test(t, each_body_has_its_limit);
    tcase_add_test(t, each_body_is_a_form_or_json);
    tcase_add_test(t, each_unreadable_request_has_the_face_of_its_route);
    tcase_add_test(t, each_route_keeps_the_rate);
    return s;
}
