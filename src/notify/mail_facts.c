#include "notify/mail_text.h"

#include "notify/mail_encode.h"

#include <curl/curl.h>
#include <string.h>

struct filling {
    struct arena *arena;
    const struct mail_desk *desk;
};

static enum rc put_node(const struct filling *f, struct page_node *node,
                        struct json_object *members, struct err *e);

static enum rc wrong(const char *key, struct err *e)
{
    return ERR(e, RC_INVALID, "This mail cannot be written: one of its facts has no known shape.",
               "fact %.60s", key);
}

static bool is_name(const char *key)
{
    return *key && key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* An integer of JSON; false for anything else. */
static bool read_int(struct json_object *members, const char *key, int64_t *out)
{
    struct json_object *value = json_get(members, key);
    if (!json_object_is_type(value, json_type_int))
        return false;
    *out = json_object_get_int64(value);
    return true;
}

const char *mail_portal(struct arena *a, const char *portal_url, const char *path)
{
    size_t n = strlen(portal_url);
    while (n > 0 && portal_url[n - 1] == '/')
        n--;
    return arena_printf(a, "%.*s%s", (int)n, portal_url, path);
}

/* NULL when it is no list of texts. */
static const char *read_path(const struct filling *f, struct json_object *segments)
{
    struct buf path;
    buf_init(&path, f->arena);
    if (!json_object_is_type(segments, json_type_array))
        return NULL;
    for (size_t i = 0; i < json_object_array_length(segments); i++) {
        struct json_object *segment = json_object_array_get_idx(segments, i);
        if (!json_object_is_type(segment, json_type_string))
            return NULL;
        char *escaped = curl_easy_escape(NULL, json_object_get_string(segment), 0);
        CHECK(escaped != NULL);
        buf_printf(&path, "/%s", escaped);
        curl_free(escaped);
    }
    return mail_portal(f->arena, f->desk->portal_url, buf_text(&path));
}

/* What an object with a name of its own says; NULL: it is a node. */
static const char *read_special(const struct filling *f, struct json_object *o)
{
    const struct format *format = &f->desk->format;
    int64_t n;
    const char *currency = json_text(f->arena, o, "currency");
    if (json_has(o, "path"))
        return read_path(f, json_get(o, "path"));
    if (read_int(o, "at_ms", &n))
        return format_time_full(f->arena, format, n);
    if (read_int(o, "minor", &n) && currency != NULL && money_exponent(currency) >= 0)
        return format_money(f->arena, format, n, currency);
    return NULL;
}

static enum rc put_list(const struct filling *f, struct page_node *node, const char *key,
                        struct json_object *list, struct err *e)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        rc = json_object_is_type(item, json_type_object) ? put_node(f, page_add(node, key), item, e)
                                                         : wrong(key, e);
    }
    return rc;
}

static enum rc put_object(const struct filling *f, struct page_node *node, const char *key,
                          struct json_object *o, struct err *e)
{
    const char *text = read_special(f, o);
    if (text == NULL && (json_has(o, "path") || json_has(o, "at_ms") || json_has(o, "minor")))
        return wrong(key, e);
    if (text == NULL)
        return put_node(f, page_child(node, key), o, e);
    page_set(node, key, text);
    return RC_OK;
}

static enum rc put_fact(const struct filling *f, struct page_node *node, const char *key,
                        struct json_object *value, struct err *e)
{
    if (!is_name(key))
        return wrong(key, e);
    switch (json_object_get_type(value)) {
    case json_type_null:
        return RC_OK;
    case json_type_boolean:
        page_flag(node, key, json_object_get_boolean(value));
        return RC_OK;
    case json_type_int:
        page_set(node, key, format_count(f->arena, &f->desk->format, json_object_get_int64(value)));
        return RC_OK;
    case json_type_string:
        page_set(node, key, mail_clean(f->arena, json_object_get_string(value)));
        return RC_OK;
    case json_type_array:
        return put_list(f, node, key, value, e);
    case json_type_object:
        return put_object(f, node, key, value, e);
    default:
        return wrong(key, e);
    }
}

static enum rc put_node(const struct filling *f, struct page_node *node,
                        struct json_object *members, struct err *e)
{
    enum rc rc = RC_OK;
    json_object_object_foreach(members, key, value)
    {
        if (rc == RC_OK)
            rc = put_fact(f, node, key, value, e);
    }
    return rc;
}

enum rc mail_facts_put(struct arena *a, const struct mail_desk *desk, struct page_node *node,
                       struct json_object *facts, struct err *e)
{
    const struct filling f = {a, desk};
    return put_node(&f, node, facts, e);
}
