/*
 * Who may what, by the portal's own table: every route with every user, with and without the token.
 */
#include "core/str.h"
#include "portal/portal.h"
#include "rig.h"
#include "support/suite.h"
#include <string.h>

/* The path with something for each {…}. */
static const char *target_of(const struct route *route)
{
    struct buf b;
    buf_init(&b, desk.arena);
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

static bool is_post(const struct route *route)
{
    return !str_eq(route->method, "GET");
}

/* Uploads come in parts, with their own token: see t_batch. */
static bool is_upload(const struct route *route)
{
    return route->fields == web_upload;
}

START_TEST(a_route_is_for_those_who_have_its_right)
{
    for (int i = 0; i < portal_program.n_routes; i++) {
        const struct route *route = &portal_program.routes[i];
        bool of_the_session = route->auth == AUTH_NONE || str_eq(route->path, "/logout");
        for (int u = RIG_NOBODY + 1; u < RIG_USERS && !of_the_session; u++) {
            int has = rig_rights((enum rig_user)u)[route->module];
            bool lacks = route->module != MODULE_NONE && has < (int)route->right;
            struct reply p =
                rig_ask((enum rig_user)u, target_of(route), is_post(route) ? "" : NULL);
            ck_assert_msg((p.status == 403) == lacks || (is_upload(route) && !lacks),
                          "%s %s by user %d: %d", route->method, route->path, u, p.status);
        }
    }
}
END_TEST

START_TEST(a_route_needs_a_login)
{
    for (int i = 0; i < portal_program.n_routes; i++) {
        const struct route *route = &portal_program.routes[i];
        if (route->auth == AUTH_NONE) {
            ck_assert_str_eq(route->path, "/login");
            continue;
        }
        struct reply p = rig_ask(RIG_NOBODY, target_of(route), is_post(route) ? "" : NULL);
        ck_assert_msg(p.status == 303 && str_starts(p.location, "/login"), "%s %s: %d",
                      route->method, route->path, p.status);
    }
}
END_TEST

START_TEST(a_post_needs_the_token)
{
    for (int i = 0; i < portal_program.n_routes; i++) {
        const struct route *route = &portal_program.routes[i];
        if (!is_post(route) || is_upload(route))
            continue;
        struct reply p = rig_ask(RIG_ADMIN, target_of(route), "csrf=x");
        rig_expect(p, 403, "out of date");
    }
    rig_expect(rig_ask(RIG_ADMIN, "/orders", NULL), 200, NULL);
}
END_TEST

Suite *t_access_suite(void); /* main.c */

Suite *t_access_suite(void)
{
    TCase *t;
    Suite *s = suite_of("access", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, a_route_is_for_those_who_have_its_right);
    tcase_add_test(t, a_route_needs_a_login);
    tcase_add_test(t, a_post_needs_the_token);
    return s;
}
