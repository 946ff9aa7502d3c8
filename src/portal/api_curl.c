#include "portal/api_curl.h"

#include "core/str.h"
#include "web/request.h"
#include <string.h>

#define NEXT " \\\n  "

/* 'it'\''s' */
static void put_quoted(struct buf *b, const char *text)
{
    buf_putc(b, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_puts(b, "'\\''");
        else
            buf_putc(b, *text);
    }
    buf_putc(b, '\'');
}

/* An order that does not exist yet is made under the document's own name. */
static bool makes_order(const struct api_call *call)
{
    return str_eq(call->path, "/orders") || str_eq(call->path, "/order/create");
}

/* What the reader has of this name, else the document's example, else the name itself. */
static const char *value_of(const struct api_doc *d, const struct api_call *call, const char *name,
                            const char *example)
{
    if (str_eq(name, "order_id") && !makes_order(call))
        return d->reader.order_id;
    if (str_eq(name, "txn_id") && !makes_order(call))
        return d->reader.txn_id;
    return example ? example : name;
}

static const char *parameter_example(const struct api_doc *d, const struct api_call *call,
                                     const char *name)
{
    size_t n = call->parameters ? json_object_array_length(call->parameters) : 0;
    for (size_t i = 0; i < n; i++) {
        struct json_object *p = api_doc_resolve(d, json_object_array_get_idx(call->parameters, i));
        if (p && str_eq(json_text(d->arena, p, "name"), name))
            return json_text(d->arena, p, "example");
    }
    return NULL;
}

/* The path with its {…} filled in. */
static const char *filled_path(const struct api_doc *d, const struct api_call *call)
{
    const char *rest = call->path;
    struct buf b;
    buf_init(&b, d->arena);
    while (*rest) {
        size_t plain = strcspn(rest, "{");
        buf_add(&b, rest, plain);
        rest += plain;
        if (!*rest)
            break;
        size_t n = strcspn(rest, "}");
        const char *name = arena_strndup(d->arena, rest + 1, n - 1);
        buf_puts(&b, web_path(d->arena, "",
                              value_of(d, call, name, parameter_example(d, call, name)), ""));
        rest += n + (rest[n] == '}');
    }
    return buf_text(&b);
}

/* Fields that must be sent, and those the document has an example for. */
static bool is_shown(struct json_object *schema, const char *name, struct json_object *field)
{
    struct json_object *required = json_get(schema, "required");
    size_t n = required ? json_object_array_length(required) : 0;
    for (size_t i = 0; i < n; i++)
        if (str_eq(json_object_get_string(json_object_array_get_idx(required, i)), name))
            return true;
    return json_has(field, "example");
}

/* A body: the document's own, else what its schema asks for. */
static struct json_object *body_of(const struct api_doc *d, const struct api_call *call)
{
    struct json_object *body = json_object_in(d->arena);
    struct json_object *properties = json_get(call->body, "properties");
    struct json_object *from = call->example ? call->example : properties;
    if (!from || !json_object_is_type(from, json_type_object))
        return body;
    json_object_object_foreach(from, name, member)
    {
        struct json_object *example = call->example ? member : json_get(member, "example");
        if (!call->example && !is_shown(call->body, name, member))
            continue;
        if (example && !str_eq(name, "order_id") && !str_eq(name, "txn_id"))
            json_put(body, name, json_object_get(example));
        else
            json_put_text(body, name,
                          value_of(d, call, name,
                                   json_text(d->arena, call->example ? call->example : member,
                                             call->example ? name : "example")));
    }
    return body;
}

static void put_form(const struct api_doc *d, struct json_object *body, struct buf *b)
{
    json_object_object_foreach(body, name, member)
    {
        const char *text = json_text(d->arena, body, name);
        buf_puts(b, NEXT "--data-urlencode ");
        put_quoted(
            b, arena_printf(d->arena, "%s=%s", name, text ? text : json_write(d->arena, member)));
    }
}

static void put_json(const struct api_doc *d, struct json_object *body, struct buf *b)
{
    buf_puts(b, NEXT "-H 'Content-Type: application/json'" NEXT "-d ");
    put_quoted(b, json_write(d->arena, body));
}

/* What must stand in the query. */
static void put_query(const struct api_doc *d, const struct api_call *call, struct buf *b)
{
    size_t n = call->parameters ? json_object_array_length(call->parameters) : 0;
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        struct json_object *p = api_doc_resolve(d, json_object_array_get_idx(call->parameters, i));
        const char *name = p ? json_text(d->arena, p, "name") : NULL;
        if (!name || !str_eq(json_text(d->arena, p, "in"), "query") ||
            !str_eq(json_text(d->arena, p, "required"), "true"))
            continue;
        const char *value = value_of(d, call, name, json_text(d->arena, p, "example"));
        buf_puts(b, first ? NEXT "-G --data-urlencode " : NEXT "--data-urlencode ");
        put_quoted(b, arena_printf(d->arena, "%s=%s", name, value));
        first = false;
    }
}

const char *api_curl_line(const struct api_doc *d, const struct api_call *call)
{
    struct buf b;
    buf_init(&b, d->arena);
    buf_puts(&b, "curl ");
    if (!call->open) {
        buf_puts(&b, "-u \"$API_KEY:\"" NEXT "-H ");
        put_quoted(&b, arena_printf(d->arena, "x-merchantid: %s", d->reader.merchant_id));
        buf_puts(&b, NEXT);
    }
    put_quoted(&b, arena_printf(d->arena, "%s%s", d->reader.base_url, filled_path(d, call)));
    put_query(d, call, &b);
    if (call->body && call->as_form)
        put_form(d, body_of(d, call), &b);
    else if (call->body)
        put_json(d, body_of(d, call), &b);
    else if (str_eq(call->method, "post"))
        buf_puts(&b, NEXT "-X POST");
    return buf_text(&b);
}
