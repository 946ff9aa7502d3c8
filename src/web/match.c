#include "web/match.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

/* A last slash of the request's path is overlooked. Params are copied into the arena only for the
 * row that is taken. */
struct params {
    const char *at[LIMIT_ROUTE_PARAMS];
    size_t n[LIMIT_ROUTE_PARAMS];
    int count;
};

static bool segment_fits(const char *pattern, size_t pattern_n, const char *segment, size_t n,
                         struct params *params)
{
    if (pattern_n > 0 && pattern[0] == '{') {
        params->at[params->count] = segment;
        params->n[params->count++] = n;
        return n > 0;
    }
    return pattern_n == n && memcmp(pattern, segment, n) == 0;
}

static bool path_fits(const char *pattern, const char *path, struct params *params)
{
    params->count = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t pattern_n = strcspn(pattern, "/"), n = strcspn(path, "/");
        if (!segment_fits(pattern, pattern_n, path, n, params))
            return false;
        pattern += pattern_n;
        path += n;
    }
    return *pattern == 0 && (*path == 0 || str_eq(path, "/"));
}

static bool method_fits(const char *wanted, const char *method)
{
    return str_eq(wanted, method) || (str_eq(wanted, "GET") && str_eq(method, "HEAD"));
}

static void allow_add(struct arena *a, const char **allow, const char *method)
{
    const char *more = str_eq(method, "GET") ? "GET, HEAD" : method;
    if (!*allow)
        *allow = more;
    else if (!strstr(*allow, method))
        *allow = arena_printf(a, "%s, %s", *allow, more);
}

bool match_route(const struct web_program *program, struct req *r, const char **allow)
{
    struct params params;
    *allow = NULL;
    for (int i = 0; i < program->n_routes; i++) {
        const struct route *route = &program->routes[i];
        if (!path_fits(route->path, r->path, &params))
            continue;
        if (!method_fits(route->method, r->method)) {
            allow_add(r->arena, allow, route->method);
            continue;
        }
        *allow = NULL;
        r->route = route;
        for (int k = 0; k < params.count; k++)
            r->params[k] = arena_strndup(r->arena, params.at[k], params.n[k]);
        return true;
    }
    return false;
}

static int count_params(const char *path)
{
    int n = 0;
    for (const char *p = path; *p; p++)
        n += *p == '{';
    return n;
}

static void check_browser_route(const struct route *route)
{
    if (str_eq(route->method, "GET"))
        return;
    CHECK(route->body_limit > 0); /* the CSRF token is in the body */
    CHECK(route->auth == AUTH_SESSION || str_eq(route->path, "/login"));
}

void web_check(const struct web_program *program)
{
    CHECK(program->name && program->error && program->n_routes > 0);
    for (int i = 0; i < program->n_routes; i++) {
        const struct route *route = &program->routes[i];
        CHECK(route->handler && route->path[0] == '/');
        CHECK(!strstr(route->path, "//") && count_params(route->path) <= LIMIT_ROUTE_PARAMS);
        CHECK(str_eq(route->method, "GET") || str_eq(route->method, "POST") ||
              str_eq(route->method, "DELETE"));
        CHECK(route->auth != AUTH_KEY || route->scope != 0);
        CHECK(route->module == MODULE_NONE || route->right != RIGHT_NONE);
        if (program->decorate)
            check_browser_route(route);
    }
}
