#include "core/json.h"
#include "core/money.h"
#include "core/str.h"
#include <string.h>

/* Marks the containers that an arena owns; see json_put. */
static char owned_mark;

static void release(void *tree)
{
    json_object_put(tree);
}

static bool is_container(struct json_object *o)
{
    return json_object_is_type(o, json_type_object) || json_object_is_type(o, json_type_array);
}

struct json_object *json_keep(struct arena *a, struct json_object *tree)
{
    if (!tree)
        return NULL;
    if (is_container(tree))
        json_object_set_userdata(tree, &owned_mark, NULL);
    arena_defer(a, release, tree);
    return tree;
}

struct json_object *json_object_in(struct arena *a)
{
    struct json_object *o = json_object_new_object();
    CHECK(o != NULL);
    return json_keep(a, o);
}

struct json_object *json_array_in(struct arena *a)
{
    struct json_object *o = json_object_new_array();
    CHECK(o != NULL);
    return json_keep(a, o);
}

bool json_has(struct json_object *obj, const char *key)
{
    return json_object_is_type(obj, json_type_object) && json_object_object_get_ex(obj, key, NULL);
}

struct json_object *json_get(struct json_object *obj, const char *key)
{
    struct json_object *value = NULL;
    if (json_object_is_type(obj, json_type_object))
        json_object_object_get_ex(obj, key, &value);
    return value;
}

const char *json_text(struct arena *a, struct json_object *obj, const char *key)
{
    struct json_object *value = json_get(obj, key);
    if (!value || is_container(value))
        return NULL;
    return arena_strdup(a, json_object_get_string(value));
}

/* The reference that a container takes: shared with the arena or the caller's own. */
static struct json_object *to_give(struct json_object *value)
{
    if (value && is_container(value) && json_object_get_userdata(value) == &owned_mark)
        return json_object_get(value);
    return value;
}

void json_put(struct json_object *obj, const char *key, struct json_object *value)
{
    CHECK(json_object_object_add(obj, key, to_give(value)) == 0);
}

void json_add(struct json_object *array, struct json_object *value)
{
    CHECK(json_object_array_add(array, to_give(value)) == 0);
}

static void put_new(struct json_object *obj, const char *key, struct json_object *value)
{
    CHECK(value != NULL);
    json_put(obj, key, value);
}

void json_put_text(struct json_object *obj, const char *key, const char *text)
{
    if (text)
        put_new(obj, key, json_object_new_string(text));
    else
        json_put_null(obj, key);
}

void json_put_int(struct json_object *obj, const char *key, int64_t value)
{
    put_new(obj, key, json_object_new_int64(value));
}

void json_put_bool(struct json_object *obj, const char *key, bool value)
{
    put_new(obj, key, json_object_new_boolean(value));
}

void json_put_null(struct json_object *obj, const char *key)
{
    json_put(obj, key, NULL);
}

void json_put_money(struct arena *a, struct json_object *obj, const char *key, int64_t minor,
                    const char *currency)
{
    const char *text = money_json(a, minor, currency);
    put_new(obj, key, json_object_new_double_s(0, text));
}

static const char *write_as(struct arena *a, struct json_object *obj, int how)
{
    size_t n;
    const char *text =
        json_object_to_json_string_length(obj, how | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
    CHECK(text != NULL);
    return arena_strndup(a, text, n);
}

const char *json_write(struct arena *a, struct json_object *obj)
{
    return write_as(a, obj, JSON_C_TO_STRING_PLAIN);
}

const char *json_write_readable(struct arena *a, struct json_object *obj)
{
    return write_as(a, obj, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}
