/*
 * src/api/openapi.json against the table of routes: every route is described, nothing else is, and
 * what is said of paths, keys and scopes is what the table has. Fields, codes and answers are
 * compared by check_openapi.py and tests/e2e/check_orders_api.py.
 */
#include "api/rig.h"
#include "core/json.h"
#include "core/str.h"
#include "web/openapi.h"
#include <string.h>

static struct json_object *read_description(void)
{
    ck_assert_uint_eq(strlen(openapi_text), openapi_bytes);
    return json_built_in(rig.arena, openapi_text, openapi_bytes);
}

static struct json_object *operation_of(struct json_object *doc, const struct route *route)
{
    struct json_object *path = json_get(json_get(doc, "paths"), route->path);
    return json_get(path, str_lower(rig.arena, route->method));
}

START_TEST(every_route_is_described)
{
    struct json_object *doc = read_description();
    for (int i = 0; i < api_program.n_routes; i++) {
        const struct route *route = &api_program.routes[i];
        ck_assert_msg(operation_of(doc, route) != NULL, "%s %s is not described", route->method,
                      route->path);
    }
}
END_TEST

static bool is_route(const char *method, const char *path)
{
    for (int i = 0; i < api_program.n_routes; i++) {
        if (str_ieq(api_program.routes[i].method, method) &&
            str_eq(api_program.routes[i].path, path))
            return true;
    }
    return false;
}

START_TEST(nothing_else_is_described)
{
    json_object_object_foreach(json_get(read_description(), "paths"), path, operations)
    {
        json_object_object_foreach(operations, method, operation)
        {
            ck_assert_ptr_nonnull(operation);
            ck_assert_msg(is_route(method, path), "%s %s is no route", method, path);
        }
    }
}
END_TEST

START_TEST(keys_and_scopes_are_the_tables)
{
    static const struct {
        int scope;
        const char *name;
    } SCOPES[] = {{SCOPE_READ, "read"}, {SCOPE_REFUND, "refund"}, {SCOPE_INTAKE, "intake"}};
    struct json_object *doc = read_description();
    for (int i = 0; i < api_program.n_routes; i++) {
        const struct route *route = &api_program.routes[i];
        struct json_object *operation = operation_of(doc, route);
        const char *wanted = NULL;
        for (int k = 0; k < COUNT(SCOPES); k++) {
            if (route->auth == AUTH_KEY && route->scope == SCOPES[k].scope)
                wanted = SCOPES[k].name;
        }
        ck_assert_msg(str_eq(json_text(rig.arena, operation, "x-scope"), wanted), "%s %s",
                      route->method, route->path);
        ck_assert_msg(json_has(operation, "security") == (route->auth == AUTH_NONE), "%s %s",
                      route->method, route->path);
        ck_assert_msg(json_has(operation, "requestBody") ==
                          (route->body_limit > 0 && str_eq(route->method, "POST")),
                      "%s %s", route->method, route->path);
    }
}
END_TEST

/* The parameters of an operation that stand in the path, by name. */
static bool has_path_parameter(struct json_object *doc, struct json_object *operation,
                               const char *name)
{
    static const char REF[] = "#/components/parameters/";
    struct json_object *list = json_get(operation, "parameters");
    struct json_object *all = json_get(json_get(doc, "components"), "parameters");
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *p = json_object_array_get_idx(list, i);
        const char *ref = json_text(rig.arena, p, "$ref");
        if (ref) {
            ck_assert(str_starts(ref, REF));
            p = json_get(all, ref + strlen(REF));
        }
        if (str_eq(json_text(rig.arena, p, "in"), "path") &&
            str_eq(json_text(rig.arena, p, "name"), name))
            return true;
    }
    return false;
}

START_TEST(what_stands_in_a_path_is_a_parameter)
{
    struct json_object *doc = read_description();
    for (int i = 0; i < api_program.n_routes; i++) {
        const struct route *route = &api_program.routes[i];
        for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{')) {
            const char *name = arena_strndup(rig.arena, at + 1, strcspn(at + 1, "}"));
            ck_assert_msg(has_path_parameter(doc, operation_of(doc, route), name), "%s %s: %s",
                          route->method, route->path, name);
        }
    }
}
END_TEST

START_TEST(anybody_may_read_it)
{
    struct reply p;
    struct req *r = double_request(&rig, "GET", "/openapi.json");
    web_dispatch(&api_program, NULL, r, &p);
    ck_assert_int_eq(p.status, 200);
    ck_assert_str_eq(p.content_type, "application/json");
    ck_assert_uint_eq(p.body_n, openapi_bytes);
}
END_TEST

Suite *t_openapi_suite(void)
{
    TCase *t;
    Suite *s = suite_of("openapi", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, every_route_is_described);
    tcase_add_test(t, nothing_else_is_described);
    tcase_add_test(t, keys_and_scopes_are_the_tables);
    tcase_add_test(t, what_stands_in_a_path_is_a_parameter);
    tcase_add_test(t, anybody_may_read_it);
    return s;
}
