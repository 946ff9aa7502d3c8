#include "web/request.h"
#include "core/limits.h"
#include "core/str.h"
#include "web/percent.h"
#include <string.h>

static bool has_bad_segment(const char *path)
{
    for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
        const char *segment = slash + 1;
        size_t n = strcspn(segment, "/");
        bool last = segment[n] == 0;
        if ((n == 0 && !last) || (n == 1 && segment[0] == '.') ||
            (n == 2 && segment[0] == '.' && segment[1] == '.'))
            return true;
    }
    return false;
}

enum rc req_set_target(struct req *r, const char *target, struct err *e)
{
    size_t path_n = strcspn(target, "?#");
    size_t query_n = target[path_n] == '?' ? strcspn(target + path_n + 1, "#") : 0;
    if (path_n > LIMIT_PATH_BYTES || query_n > LIMIT_QUERY_BYTES)
        return ERR(e, RC_INVALID, "The address is too long.", "path %zu, query %zu bytes", path_n,
                   query_n);
    const char *path = percent_decode(r->arena, target, path_n, PERCENT_PATH);
    if (!path || path[0] != '/' || has_bad_segment(path))
        return ERR(e, RC_INVALID, "The address cannot be read.", "target %.200s", target);
    r->path = path;
    r->query_text = arena_strndup(r->arena, target + path_n + (query_n > 0), query_n);
    return RC_OK;
}

const char *req_header(const struct req *r, const char *name)
{
    for (int i = 0; i < r->n_headers; i++) {
        if (strcmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    }
    return NULL;
}

const char *req_value(const struct req *r, const char *name)
{
    const struct form_field *f = form_field(&r->form, name);
    return f ? form_get(&r->form, name) : form_get(&r->query, name);
}

const char *req_cookie(const struct req *r, const char *name)
{
    const char *at = req_header(r, "cookie");
    size_t name_n = strlen(name);
    while (at && *at) {
        at += strspn(at, "; \t");
        size_t n = strcspn(at, ";");
        if (n > name_n && at[name_n] == '=' && strncmp(at, name, name_n) == 0)
            return arena_strndup(r->arena, at + name_n + 1, n - name_n - 1);
        at += n;
    }
    return NULL;
}

bool req_is_partial(const struct req *r)
{
    return str_eq(req_header(r, "hx-request"), "true");
}

bool req_is_poll(const struct req *r)
{
    return req_is_partial(r) && str_eq(req_header(r, "hx-trigger"), "live");
}

char *web_path(struct arena *a, const char *before, const char *segment, const char *after)
{
    return arena_printf(a, "%s%s%s", before, percent_encode(a, segment), after);
}

bool web_path_is_local(const char *path)
{
    if (!path || path[0] != '/' || path[1] == '/')
        return false;
    for (const char *p = path; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c <= 0x20 || c >= 0x7f || c == '\\')
            return false;
    }
    return strlen(path) <= LIMIT_PATH_BYTES;
}
