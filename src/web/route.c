#include "web/route.h"
#include "core/limits.h"
#include "core/str.h"
#include "web/auth_key.h"
#include "web/csrf.h"
#include "web/match.h"
#include "web/percent.h"
#include "web/session.h"
#include "web/upload.h"
#include <stdio.h>
#include <string.h>

#define LOGIN_PATH "/login"

static const int STATUS[RC_COUNT] = {
    [RC_OK] = 200,           [RC_NOT_FOUND] = 404, [RC_INVALID] = 400,   [RC_DENIED] = 403,
    [RC_UNAUTHORIZED] = 401, [RC_CONFLICT] = 409,  [RC_TOO_LARGE] = 413, [RC_UNSUPPORTED] = 415,
    [RC_LIMITED] = 429,      [RC_BUSY] = 503,      [RC_IO] = 500,        [RC_INTERNAL] = 500,
};

int web_status(enum rc rc)
{
    return (unsigned)rc < RC_COUNT && STATUS[rc] != 0 ? STATUS[rc] : 500;
}

static bool is_browser(const struct web_program *program)
{
    return program->decorate != NULL;
}

static bool is_get(const struct req *r)
{
    return str_eq(r->route->method, "GET");
}

/* ---- body
 * ---------------------------------------------------------------------------------------- */

const struct web_field web_raw_body[] = {{0}};
const struct web_field web_upload[] = {{0}};

static bool is_raw(const struct req *r)
{
    return r->route->fields == web_raw_body;
}

static bool is_upload(const struct req *r)
{
    return r->route->fields == web_upload;
}

static bool media_type_is(const char *content_type, const char *wanted)
{
    size_t n = strcspn(content_type, "; \t");
    return n == strlen(wanted) && strncasecmp(content_type, wanted, n) == 0;
}

static bool is_form(const struct req *r)
{
    return media_type_is(r->content_type, "application/x-www-form-urlencoded");
}

/* A client of the API that does not say what it sends is read by how that begins. */
static bool is_json(const struct req *r)
{
    if (*r->content_type)
        return media_type_is(r->content_type, "application/json");
    size_t space = strspn(r->body, " \t\r\n");
    return r->body[space] == '{' || r->body[space] == '[';
}

static bool is_body_of(const struct web_program *program, const struct req *r)
{
    if (is_browser(program))
        return is_form(r);
    return !*r->content_type || is_form(r) || is_json(r);
}

/* Read by the handler as it comes, or read before because it is small. */
static enum rc check_upload(struct req *r, struct err *e)
{
    size_t announced = r->stream != NULL ? r->stream_n : r->body_n;
    if ((r->edge != NULL && r->stream == NULL) || announced > r->route->body_limit)
        return ERR(e, RC_TOO_LARGE, "The file is too large.", "upload of %zu, limit %zu", announced,
                   r->route->body_limit);
    r->edge = NULL;
    return RC_OK;
}

static enum rc check_body(const struct web_program *program, struct req *r, struct err *e)
{
    if (is_upload(r))
        return check_upload(r, e);
    size_t limit = r->route->body_limit;
    if (limit == 0)
        return RC_OK;
    if (r->edge || r->body_n > limit)
        return ERR(e, RC_TOO_LARGE, "The request is too large.", "body %zu, limit %zu", r->body_n,
                   limit);
    if (r->body_n == 0 || is_raw(r) || is_body_of(program, r))
        return RC_OK;
    return ERR(e, RC_UNSUPPORTED,
               is_browser(program) ? "The body must be a form."
                                   : "The body must be a form or JSON.",
               "content type %.80s", r->content_type);
}

static enum rc read_fields(struct req *r, struct err *e)
{
    enum rc rc = form_read_urlencoded(r->arena, r->query_text, strlen(r->query_text), &r->query, e);
    if (rc != RC_OK || r->route->body_limit == 0 || is_raw(r) || is_upload(r) || r->body_n == 0)
        return rc;
    return is_json(r) ? form_read_json(r->arena, r->body, r->body_n, &r->form, e)
                      : form_read_urlencoded(r->arena, r->body, r->body_n, &r->form, e);
}

static enum rc check_fields(const struct req *r, struct err *e)
{
    for (const struct web_field *f = r->route->fields; f && f->name; f++) {
        const char *value = req_value(r, f->name);
        char text[160];
        if (str_empty(value) && (f->flags & FIELD_REQUIRED)) {
            snprintf(text, sizeof text, "The field \"%s\" is missing.", f->name);
            return ERR(e, RC_INVALID, text, "%s is missing", f->name);
        }
        if (value && strlen(value) > f->max_bytes) {
            snprintf(text, sizeof text, "The field \"%s\" is longer than %zu bytes.", f->name,
                     f->max_bytes);
            return ERR(e, RC_INVALID, text, "%s has %zu bytes", f->name, strlen(value));
        }
    }
    return RC_OK;
}

/* ---- who
 * ------------------------------------------------------------------------------------------ */

/* The page to come back to: what the browser shows when a fragment was asked for. */
static const char *page_shown(const struct req *r)
{
    if (!req_is_partial(r))
        return *r->query_text ? arena_printf(r->arena, "%s?%s",
                                             percent_encode_path(r->arena, r->path), r->query_text)
                              : percent_encode_path(r->arena, r->path);
    const char *url = req_header(r, "hx-current-url");
    const char *host = url ? strstr(url, "://") : NULL;
    return str_or(host ? strchr(host + 3, '/') : NULL, "/");
}

static void ask_for_login(const struct req *r, struct reply *p)
{
    const char *location = LOGIN_PATH;
    const char *next = is_get(r) ? page_shown(r) : NULL;
    if (next && !str_eq(next, "/") && web_path_is_local(next))
        location = arena_printf(r->arena, LOGIN_PATH "?next=%s", percent_encode(r->arena, next));
    if (!req_is_partial(r)) {
        reply_redirect(p, location);
        return;
    }
    reply_text(p, 401, "text/html; charset=utf-8", "");
    reply_header(p, "HX-Redirect", location);
}

static enum rc check_right(const struct req *r, struct err *e)
{
    const struct route *route = r->route;
    if (route->auth == AUTH_KEY && (r->actor.scopes & route->scope) != route->scope)
        return ERR(e, RC_DENIED, "This API key does not have the scope for it.",
                   "has scopes %d, needs %d", r->actor.scopes, route->scope);
    if (route->auth == AUTH_SESSION && route->module != MODULE_NONE &&
        r->actor.rights[route->module] < route->right)
        return ERR(e, RC_DENIED, "You do not have the right for it.", "module %d: has %d, needs %d",
                   (int)route->module, (int)r->actor.rights[route->module], (int)route->right);
    return RC_OK;
}

/* *done: *p holds the answer already. */
static enum rc check_who(struct req *r, struct reply *p, bool *done, struct err *e)
{
    enum rc rc = RC_OK;
    if (r->route->auth == AUTH_KEY)
        rc = auth_key_load(r, e);
    if (r->route->auth == AUTH_SESSION)
        rc = session_load(r, e);
    if (rc == RC_UNAUTHORIZED && r->route->auth == AUTH_SESSION) {
        ask_for_login(r, p);
        *done = true;
        return RC_OK;
    }
    return rc == RC_OK ? check_right(r, e) : rc;
}

/* ---- the whole
 * -------------------------------------------------------------------------------------- */

static enum rc find_route(const struct web_program *program, struct req *r, const char **allow,
                          struct err *e)
{
    if (r->edge && r->edge->rc != RC_TOO_LARGE) {
        *e = *r->edge;
        return e->rc;
    }
    if (match_route(program, r, allow))
        return RC_OK;
    if (*allow)
        return ERR(e, RC_UNSUPPORTED, "This address does not take that method.", "%s %.200s",
                   r->method, r->path);
    return ERR(e, RC_NOT_FOUND, "There is nothing at this address.", "%s %.200s", r->method,
               r->path);
}

static enum rc run(const struct web_program *program, struct req *r, struct reply *p,
                   const char **allow, struct err *e)
{
    bool done = false;
    enum rc rc = find_route(program, r, allow, e);
    if (rc == RC_OK)
        rc = check_body(program, r, e);
    if (rc == RC_OK)
        rc = check_who(r, p, &done, e);
    if (rc != RC_OK || done)
        return rc;
    rc = read_fields(r, e);
    if (rc == RC_OK && is_upload(r))
        rc = upload_begin(r, is_browser(program), e);
    if (rc == RC_OK && is_browser(program)) {
        rc = is_get(r) ? RC_OK : csrf_check(r, e);
        csrf_prepare(r, p);
    }
    if (rc == RC_OK)
        rc = check_fields(r, e);
    return rc == RC_OK ? r->route->handler(r, p, e) : rc;
}

static void log_failure(const struct req *r, int status, const struct err *e)
{
    char code[16];
    snprintf(code, sizeof code, "%d", status);
    enum log_level level = status >= 500 && e->rc != RC_BUSY ? LOG_ERROR : LOG_DEBUG;
    log_event(&r->app->log, level, "request_failed", "request_id", r->request_id, "method",
              r->method, "path", r->path, "status", code, "rc", rc_name(e->rc), "detail", e->detail,
              NULL);
}

/* The error's face keeps the cookies that were set, and nothing else of what the handler did. */
static void fail(const struct web_program *program, struct req *r, struct reply *p, int status,
                 const struct err *e)
{
    struct reply fresh = {.cookies = {p->cookies[0], p->cookies[1]}};
    *p = fresh;
    log_failure(r, status, e);
    program->error(r, p, status, e);
    if (p->status == 0)
        p->status = status;
    if (status == 503 || (status == 429 && !is_browser(program)))
        reply_header(p, "Retry-After", "1");
    if (status == 401 && !is_browser(program))
        reply_header(p, "WWW-Authenticate", "Basic realm=\"refunddesk\"");
}

static enum rc render(const struct web_program *program, struct templates *templates, struct req *r,
                      struct reply *p, struct err *e)
{
    if (!p->page)
        return RC_OK;
    CHECK(templates != NULL);
    enum rc rc = program->decorate ? program->decorate(r, p->page, e) : RC_OK;
    if (rc != RC_OK)
        return rc;
    struct buf out;
    buf_init(&out, r->arena);
    rc = template_render(templates, p->page, &out, e);
    if (rc == RC_OK) {
        p->body = buf_text(&out);
        p->body_n = out.len;
    }
    return rc;
}

/* Pages of errors show who is signed in, also where no route asked for it. */
static void know_who(const struct web_program *program, struct req *r, struct reply *p)
{
    struct err ignored;
    if (!is_browser(program) || r->edge)
        return;
    if (!r->session && session_load(r, &ignored) != RC_OK)
        return;
    if (!r->csrf_token)
        csrf_prepare(r, p);
}

void web_dispatch(const struct web_program *program, struct templates *templates, struct req *r,
                  struct reply *p)
{
    struct err e;
    const char *allow = NULL;
    *p = (struct reply){0};
    enum rc rc = run(program, r, p, &allow, &e);
    if (rc == RC_OK)
        rc = render(program, templates, r, p, &e);
    if (rc != RC_OK) {
        int status = allow ? 405 : web_status(rc);
        if (status < 500)
            know_who(program, r, p);
        fail(program, r, p, status, &e);
        if (allow)
            reply_header(p, "Allow", allow);
        rc = render(program, templates, r, p, &e);
    }
    if (rc != RC_OK) {
        log_failure(r, 500, &e);
        reply_text(p, 500, "text/plain; charset=utf-8", "The page cannot be shown just now.\n");
    }
    if (p->status == 0)
        p->status = 200;
}
