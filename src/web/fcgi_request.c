#include "web/fcgi_request.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

struct env {
    const char *length, *uri;
    bool twice; /* a second CONTENT_LENGTH or REQUEST_URI: somebody means to smuggle */
};

static void set_edge(struct req *r, const struct err *e)
{
    if (r->edge)
        return;
    struct err *kept = arena_alloc(r->arena, sizeof *kept);
    *kept = *e;
    r->edge = kept;
}

/* HTTP_X_MERCHANTID to "x-merchantid". */
static char *header_name(struct arena *a, const char *name, size_t n)
{
    char *out = arena_strndup(a, name, n);
    for (char *p = out; *p; p++)
        *p = *p == '_' ? '-' : *p;
    return str_lower(a, out);
}

static void add_header(struct req *r, struct web_header *headers, const char *name, size_t n,
                       const char *value)
{
    struct err e;
    if (r->n_headers >= LIMIT_HEADERS || strlen(value) > LIMIT_HEADER_BYTES) {
        (void)ERR(&e, RC_INVALID, "The request's headers are too large.", "%d headers, %zu bytes",
                  r->n_headers, strlen(value));
        set_edge(r, &e);
        return;
    }
    headers[r->n_headers].name = header_name(r->arena, name, n);
    headers[r->n_headers++].value = arena_strdup(r->arena, value);
}

static void set_once(struct env *env, const char **slot, const char *value)
{
    if (*slot)
        env->twice = true;
    *slot = value;
}

static void read_variable(struct req *r, struct env *env, struct web_header *headers,
                          const char *variable)
{
    const char *equals = strchr(variable, '=');
    if (!equals)
        return;
    size_t n = (size_t)(equals - variable);
    const char *value = equals + 1;
    if (str_starts(variable, "HTTP_"))
        add_header(r, headers, variable + 5, n - 5, value);
    else if (str_starts(variable, "CONTENT_LENGTH="))
        set_once(env, &env->length, value);
    else if (str_starts(variable, "REQUEST_URI="))
        set_once(env, &env->uri, value);
    else if (str_starts(variable, "REQUEST_METHOD="))
        r->method = arena_strdup(r->arena, value);
    else if (str_starts(variable, "CONTENT_TYPE="))
        r->content_type = arena_strdup(r->arena, value);
    else if (str_starts(variable, "REMOTE_ADDR="))
        r->address = arena_strdup(r->arena, value);
}

/* Digits only. A body over LIMIT_BODY_BYTES is not read before a route asks for it (stream_n). */
static enum rc body_length(struct req *r, const char *text, size_t *n, struct err *e)
{
    int64_t length = 0;
    if (text == NULL || *text == '\0')
        return RC_OK;
    bool digits = text[strspn(text, "0123456789")] == 0;
    if (!digits)
        return ERR(e, RC_INVALID, "The request's length cannot be read.", "CONTENT_LENGTH %.40s",
                   text);
    bool known = str_parse_i64(text, &length);
    if (known && length > LIMIT_BODY_BYTES && length <= LIMIT_UPLOAD_BYTES)
        r->stream_n = (size_t)length;
    if (!known || length > LIMIT_BODY_BYTES)
        return ERR(e, RC_TOO_LARGE, "The request is too large.", "CONTENT_LENGTH %.40s", text);
    *n = (size_t)length;
    return RC_OK;
}

void fcgi_request_read(struct req *r, struct app *app, struct arena *a, char *const *envp,
                       size_t *body_n)
{
    struct env env = {0};
    struct err e;
    struct web_header *headers = arena_array(a, LIMIT_HEADERS, sizeof *headers);
    r->app = app;
    r->arena = a;
    r->request_id = id_uuid(a);
    r->now_ms = clock_wall_ms(&app->clock);
    r->method = r->path = r->query_text = r->content_type = r->address = "";
    r->headers = headers;
    r->body = "";
    *body_n = 0;
    for (int i = 0; envp[i]; i++)
        read_variable(r, &env, headers, envp[i]);
    if (env.twice) {
        (void)ERR(&e, RC_INVALID, "The request cannot be read.", "a variable is there twice");
        set_edge(r, &e);
    }
    if (req_set_target(r, str_or(env.uri, ""), &e) != RC_OK ||
        body_length(r, env.length, body_n, &e) != RC_OK)
        set_edge(r, &e);
    if (r->edge)
        *body_n = 0;
}

void fcgi_request_broken(struct req *r, size_t got, size_t wanted)
{
    struct err e;
    (void)ERR(&e, RC_INVALID, "The request was cut off.", "%zu of %zu bytes", got, wanted);
    set_edge(r, &e);
}
