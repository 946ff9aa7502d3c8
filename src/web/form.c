#include "web/form.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "web/percent.h"
#include <stdio.h>
#include <string.h>

#define UNUSABLE "The request cannot be read: "

enum { FIELDS_FIRST = 16 };

static bool has_name(const struct form *form, const char *name)
{
    return form_field(form, name) != NULL;
}

static enum rc add(struct arena *a, struct form *form, struct form_field field, struct err *e)
{
    if (form->n >= LIMIT_FIELDS)
        return ERR(e, RC_INVALID, UNUSABLE "too many fields.", "over %d fields", LIMIT_FIELDS);
    if (strlen(field.name) > LIMIT_FIELD_NAME_BYTES)
        return ERR(e, RC_INVALID, UNUSABLE "the name of a field is too long.", "name of %zu bytes",
                   strlen(field.name));
    if (field.kind != FORM_JSON && strlen(field.value) > LIMIT_FIELD_BYTES)
        return ERR(e, RC_INVALID, UNUSABLE "a field is too long.", "%s has %zu bytes", field.name,
                   strlen(field.value));
    if (has_name(form, field.name))
        return ERR(e, RC_INVALID, UNUSABLE "a field is there twice.", "%s is repeated", field.name);
    bool full = form->n == 0 || (form->n >= FIELDS_FIRST && (form->n & (form->n - 1)) == 0);
    if (full) {
        size_t now = (size_t)form->n * sizeof field;
        size_t next = form->n == 0 ? FIELDS_FIRST * sizeof field : 2 * now;
        form->fields = arena_grow(a, form->fields, now, next);
    }
    form->fields[form->n++] = field;
    return RC_OK;
}

/* ---- form bodies and query strings ------------------------------------------------------------
 */

/* "a[]": the first number whose name is free. */
static void add_next_index(struct buf *name, const struct form *form)
{
    size_t parent = name->len;
    for (int i = 0; i <= LIMIT_FIELDS; i++) {
        name->len = parent;
        buf_printf(name, ".%d", i);
        if (!has_name(form, name->data))
            return;
    }
}

static bool is_name(const char *text)
{
    int depth = 1;
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x20 || c == 0x7f)
            return false;
        if (c == '.' && (p == text || p[1] == '.' || p[1] == 0 || ++depth > LIMIT_JSON_DEPTH))
            return false;
    }
    return *text != 0;
}

/* "a[b][c]" and "a.b.c" to "a.b.c"; NULL when it is no name. */
static const char *plain_name(struct arena *a, const char *raw, const struct form *form)
{
    struct buf name;
    buf_init(&name, a);
    bool begun = false;  /* the segment has a character */
    bool closed = false; /* just after "]" */
    for (const char *p = raw; *p; p++) {
        char c = *p;
        if (c == ']')
            return NULL;
        if (c == '[') {
            const char *end = strchr(p, ']');
            if (!begun || !end || memchr(p + 1, '[', (size_t)(end - p - 1)))
                return NULL;
            if (end == p + 1) {
                add_next_index(&name, form);
            } else {
                buf_putc(&name, '.');
                buf_add(&name, p + 1, (size_t)(end - p - 1));
            }
            p = end;
            closed = true;
        } else if (c == '.') {
            if (!begun)
                return NULL;
            buf_putc(&name, '.');
            begun = closed = false;
        } else {
            if (closed)
                return NULL;
            buf_putc(&name, c);
            begun = true;
        }
    }
    return is_name(buf_text(&name)) ? buf_text(&name) : NULL;
}

static enum rc read_pair(struct arena *a, const char *pair, size_t n, struct form *form,
                         struct err *e)
{
    const char *equals = memchr(pair, '=', n);
    size_t name_n = equals ? (size_t)(equals - pair) : n;
    const char *raw = percent_decode(a, pair, name_n, PERCENT_FORM);
    const char *value = equals ? percent_decode(a, equals + 1, n - name_n - 1, PERCENT_FORM) : "";
    if (!raw || !value)
        return ERR(e, RC_INVALID,
                   UNUSABLE "it holds a broken %-escape, a zero byte or text that is not UTF-8.",
                   "field %d", form->n);
    const char *name = strlen(raw) <= LIMIT_FIELD_NAME_BYTES ? plain_name(a, raw, form) : raw;
    if (!name)
        return ERR(e, RC_INVALID, UNUSABLE "the name of a field is not a name.", "name %.80s", raw);
    return add(a, form, (struct form_field){name, value, FORM_TEXT}, e);
}

/* A name that is a value and a parent at once could be read in two ways. */
static enum rc refuse_parents(const struct form *form, int first, struct err *e)
{
    for (int i = first; i < form->n; i++) {
        const char *name = form->fields[i].name;
        for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
            char parent[LIMIT_FIELD_NAME_BYTES + 1];
            snprintf(parent, sizeof parent, "%.*s", (int)(dot - name), name);
            if (has_name(form, parent))
                return ERR(e, RC_INVALID, UNUSABLE "a field is both a value and a parent.",
                           "%s and %s", parent, name);
        }
    }
    return RC_OK;
}

enum rc form_read_urlencoded(struct arena *a, const char *text, size_t n, struct form *form,
                             struct err *e)
{
    int first = form->n;
    for (size_t at = 0; at < n;) {
        const char *end = memchr(text + at, '&', n - at);
        size_t pair_n = end ? (size_t)(end - text) - at : n - at;
        if (pair_n > 0) {
            enum rc rc = read_pair(a, text + at, pair_n, form, e);
            if (rc != RC_OK)
                return rc;
        }
        at += pair_n + 1;
    }
    return refuse_parents(form, first, e);
}

/* ---- JSON bodies ------------------------------------------------------------------------------
 */

static enum form_kind kind_of(struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_null:
        return FORM_NULL;
    case json_type_boolean:
        return FORM_BOOL;
    case json_type_int:
    case json_type_double:
        return FORM_NUMBER;
    case json_type_string:
        return FORM_TEXT;
    default:
        return FORM_JSON;
    }
}

/* Depth is bounded by json_read (LIMIT_JSON_DEPTH). */
static enum rc flatten(struct arena *a, struct json_object *obj, const char *prefix,
                       struct form *form, struct err *e)
{
    json_object_object_foreach(obj, key, value)
    {
        enum form_kind kind = kind_of(value);
        const char *name = *prefix ? arena_printf(a, "%s.%s", prefix, key) : arena_strdup(a, key);
        const char *text = "";
        if (kind == FORM_JSON)
            text = json_write(a, value);
        else if (kind != FORM_NULL)
            text = arena_strdup(a, json_object_get_string(value));
        enum rc rc = add(a, form, (struct form_field){name, text, kind}, e);
        if (rc == RC_OK && json_object_is_type(value, json_type_object))
            rc = flatten(a, value, name, form, e);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc form_read_json(struct arena *a, const char *text, size_t n, struct form *form,
                       struct err *e)
{
    struct json_object *body = NULL;
    enum rc rc = json_read(a, text, n, &body, e);
    if (rc == RC_TOO_LARGE) /* too deep or too many: not the request's length, which fits */
        rc = e->rc = RC_INVALID;
    if (rc != RC_OK)
        return rc;
    if (!json_object_is_type(body, json_type_object))
        return ERR(e, RC_INVALID, UNUSABLE "the JSON body is not an object.", "type %s",
                   json_type_to_name(json_object_get_type(body)));
    return flatten(a, body, "", form, e);
}

/* ---- looking up --------------------------------------------------------------------------------
 */

const struct form_field *form_field(const struct form *form, const char *name)
{
    for (int i = 0; i < form->n; i++) {
        if (strcmp(form->fields[i].name, name) == 0)
            return &form->fields[i];
    }
    return NULL;
}

const char *form_get(const struct form *form, const char *name)
{
    const struct form_field *f = form_field(form, name);
    return f && f->kind != FORM_NULL ? f->value : NULL;
}

/* Flattened out of a JSON value that is a field itself. */
static bool is_flattened(struct arena *a, const struct form *form, const struct form_field *f)
{
    const char *dot = strrchr(f->name, '.');
    const struct form_field *parent =
        dot ? form_field(form, arena_strndup(a, f->name, (size_t)(dot - f->name))) : NULL;
    return parent && parent->kind == FORM_JSON;
}

static void put_value(struct arena *a, struct json_object *obj, const char *key,
                      const struct form_field *f)
{
    struct json_object *tree;
    struct err bad;
    if (f->kind == FORM_JSON && json_read(a, f->value, strlen(f->value), &tree, &bad) == RC_OK)
        json_put(obj, key, tree);
    else
        json_put_text(obj, key, f->value);
}

/* JSON may have both "a" and "a.b" in it: the one that comes first stands. */
static void put_nested(struct arena *a, struct json_object *obj, const char *path,
                       const struct form_field *f)
{
    const char *dot;
    for (int depth = 1; depth < LIMIT_JSON_DEPTH && (dot = strchr(path, '.')) != NULL; depth++) {
        const char *key = arena_strndup(a, path, (size_t)(dot - path));
        struct json_object *child = json_get(obj, key);
        if (!child) {
            child = json_object_in(a);
            json_put(obj, key, child);
        }
        if (!json_object_is_type(child, json_type_object))
            return;
        obj = child;
        path = dot + 1;
    }
    put_value(a, obj, path, f);
}

/* The members are 0, 1, 2 …: `split[0][a]`, `split[1][a]` make a list. */
static bool is_list(struct json_object *obj)
{
    int n = 0;
    json_object_object_foreach(obj, key, value)
    {
        char number[16];
        (void)value;
        snprintf(number, sizeof number, "%d", n++);
        if (strcmp(key, number) != 0)
            return false;
    }
    return n > 0;
}

/* The same tree with its lists as arrays, itself excepted; as deep as put_nested() makes it. */
static struct json_object *with_lists(struct arena *a, struct json_object *obj, bool list)
{
    struct json_object *out = list ? json_array_in(a) : json_object_in(a);
    json_object_object_foreach(obj, key, value)
    {
        struct json_object *member = json_object_is_type(value, json_type_object)
                                         ? with_lists(a, value, is_list(value))
                                         : json_object_get(value);
        if (list)
            json_add(out, member);
        else
            json_put(out, key, member);
    }
    return out;
}

const char *form_object(struct arena *a, const struct form *form, const char *name)
{
    const struct form_field *whole = form_field(form, name);
    if (whole)
        return whole->kind == FORM_NULL ? NULL : whole->value;
    const char *prefix = arena_printf(a, "%s.", name);
    struct json_object *obj = NULL;
    for (int i = 0; i < form->n; i++) {
        const struct form_field *f = &form->fields[i];
        if (!str_starts(f->name, prefix) || is_flattened(a, form, f))
            continue;
        if (!obj)
            obj = json_object_in(a);
        put_nested(a, obj, f->name + strlen(prefix), f);
    }
    return obj ? json_write(a, with_lists(a, obj, false)) : NULL;
}
