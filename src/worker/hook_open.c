#include "worker/hook_open.h"

#include "core/json.h"

#include <string.h>

static bool open_text(struct arena *a, const struct seal_secret *with, struct sealed s,
                      const char **out)
{
    size_t n;
    if (s.bytes == NULL)
        return true;
    *out = secret_open(a, with, s.bytes, s.n, &n);
    return *out != NULL && strlen(*out) == n;
}

static bool open_headers(struct arena *a, const struct seal_secret *with, const struct endpoint *p,
                         struct webhook_to *out)
{
    const char *text = NULL;
    struct json_object *values = NULL;
    struct err ignored;
    if (!open_text(a, with, p->header_values, &text))
        return false;
    if (text == NULL)
        return true;
    if (json_read(a, text, strlen(text), &values, &ignored) != RC_OK || values == NULL ||
        json_object_object_length(values) > LIMIT_ENDPOINT_HEADERS)
        return false;
    json_object_object_foreach(values, name, value)
    {
        out->names[out->n_headers] = arena_strdup(a, name);
        out->values[out->n_headers++] = arena_strdup(a, json_object_get_string(value));
    }
    return true;
}

enum rc hook_open(struct arena *a, const struct seal_secret *with, const struct endpoint *p,
                  int64_t now_ms, struct webhook_to *out, struct err *e)
{
    *out = (struct webhook_to){.url = p->url, .username = p->username};
    bool opened = open_text(a, with, p->secret, &out->secret);
    if (p->old_until_ms > now_ms)
        opened = open_text(a, with, p->old_secret, &out->old_secret) && opened;
    opened = open_text(a, with, p->password, &out->password) && opened;
    opened = open_headers(a, with, p, out) && opened;
    if (!opened || out->secret == NULL)
        return ERR(e, RC_INVALID,
                   "The endpoint's credentials cannot be opened by this worker's key: write them "
                   "anew.",
                   "endpoint %lld: sealed to another key", (long long)p->id);
    return RC_OK;
}
