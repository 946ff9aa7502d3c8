#include "web/faces.h"
#include "core/str.h"
#include "web/session.h"
#include "web/suites.h"

struct double_app faces;
struct reply faces_reply;
int faces_handled;
char faces_seen[300];

enum rc faces_echo(struct req *r, struct reply *reply, struct err *e)
{
    (void)e;
    faces_handled++;
    (void)str_copy(faces_seen, sizeof faces_seen, str_or(r->params[0], ""));
    reply_text(reply, 0, "text/plain", str_or(r->csrf_token, "-"));
    return RC_OK;
}

static enum rc fails(struct req *r, struct reply *reply, struct err *e)
{
    faces_handled++;
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

void faces_error(struct req *r, struct reply *reply, int status, const struct err *e)
{
    reply_text(reply, status, "text/plain",
               arena_printf(r->arena, "%s|%s", e->text, r->session ? "known" : "unknown"));
}

enum rc faces_decorate(struct req *r, struct page *page, struct err *e)
{
    (void)e;
    page_set(page_root(page), "csrf", r->csrf_token);
    return RC_OK;
}

static const struct web_field FIELDS[] = {
    {"name", 10, FIELD_REQUIRED}, {"note", 20, 0}, {NULL, 0, 0}};

static const struct route BROWSER_ROUTES[] = {
    {.method = "GET", .path = "/", .auth = AUTH_SESSION, .handler = faces_echo},
    {.method = "GET", .path = "/login", .handler = faces_echo},
    {.method = "POST", .path = "/login", .body_limit = 4096, .handler = faces_echo},
    {.method = "GET", .path = "/orders/new", .auth = AUTH_SESSION, .handler = faces_echo},
    {.method = "GET",
     .path = "/orders/{id}",
     .auth = AUTH_SESSION,
     .module = MODULE_ORDERS,
     .right = RIGHT_READ,
     .handler = faces_echo},
    {.method = "POST",
     .path = "/orders/{id}/refund",
     .auth = AUTH_SESSION,
     .module = MODULE_REFUNDS,
     .right = RIGHT_WRITE,
     .body_limit = 200,
     .fields = FIELDS,
     .handler = faces_echo},
    {.method = "GET", .path = "/fails/{rc}", .handler = fails},
    {.method = "GET", .path = "/page/{name}", .handler = shows_page},
};

const struct web_program faces_browser = {.name = "browser",
                                          .routes = BROWSER_ROUTES,
                                          .n_routes = COUNT(BROWSER_ROUTES),
                                          .error = faces_error,
                                          .decorate = faces_decorate};

static const struct route API_ROUTES[] = {
    {.method = "GET",
     .path = "/things/{id}",
     .auth = AUTH_KEY,
     .scope = SCOPE_READ,
     .handler = faces_echo},
    {.method = "POST",
     .path = "/things",
     .auth = AUTH_KEY,
     .scope = SCOPE_INTAKE,
     .body_limit = 100,
     .handler = faces_echo},
    {.method = "DELETE",
     .path = "/things/{id}",
     .auth = AUTH_KEY,
     .scope = SCOPE_ALL,
     .handler = faces_echo},
};

const struct web_program faces_api = {
    .name = "api", .routes = API_ROUTES, .n_routes = COUNT(API_ROUTES), .error = faces_error};

void faces_open(void)
{
    double_open(&faces);
    faces_handled = 0;
    faces_seen[0] = 0;
}

void faces_close(void)
{
    double_close(&faces);
}

int faces_run(const struct web_program *program, struct req *r)
{
    web_dispatch(program, NULL, r, &faces_reply);
    return faces_reply.status;
}

const char *faces_sign_in(const char *name)
{
    struct req *r = double_request(&faces, "POST", "/login");
    struct reply reply = {0};
    struct err e;
    ck_assert_int_eq(session_login(r, &reply, name, DOUBLE_PASSWORD, &e), RC_OK);
    return double_cookie_set(&faces, &reply, SESSION_COOKIE);
}

struct req *faces_with(struct req *r, const char *token)
{
    double_header(r, "cookie", arena_printf(faces.arena, SESSION_COOKIE "=%s", token));
    return r;
}

const char *faces_form_token(const char *session)
{
    ck_assert_int_eq(
        faces_run(&faces_browser, faces_with(double_request(&faces, "GET", "/"), session)), 200);
    return faces_reply.body;
}
