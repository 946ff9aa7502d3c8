/*
 * JSON by json-c. Numbers keep their source text, so money never passes through a double.
 * json_read() scans the bytes first, because json-c (even strict) takes NaN, single quotes, "5.",
 * raw control bytes, \u0000 and bad UTF-8, and keeps the last of duplicate keys silently.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/arena.h"
#include "core/err.h"
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* RFC 8259, duplicate keys refused, depth and element count limited (core/limits.h). The tree is
 * released with the arena. e->text names what is wrong and the byte offset. */
MUSTCHECK enum rc json_read(struct arena *a, const char *text, size_t n, struct json_object **out,
                            struct err *e);

/* Text of a member: strings as they are, numbers by their source text, booleans "true"/"false".
 * NULL when absent, null, or an object or array (json_kind tells which). */
const char *json_text(struct arena *a, struct json_object *obj, const char *key);
bool json_has(struct json_object *obj, const char *key);                /* present, null included */
struct json_object *json_get(struct json_object *obj, const char *key); /* NULL: absent or null */

/* New trees, released with the arena. */
struct json_object *json_object_in(struct arena *a);
struct json_object *json_array_in(struct arena *a);

/* text NULL puts null. */
void json_put_text(struct json_object *obj, const char *key, const char *text);
void json_put_int(struct json_object *obj, const char *key, int64_t value);
void json_put_bool(struct json_object *obj, const char *key, bool value);
void json_put_null(struct json_object *obj, const char *key);
/* A number in shortest form (money_json). */
void json_put_money(struct arena *a, struct json_object *obj, const char *key, int64_t minor,
                    const char *currency);
/* Takes over one reference. NULL puts null. */
void json_put(struct json_object *obj, const char *key, struct json_object *value);

/* Plain, no spaces, slashes unescaped; text in the arena. */
const char *json_write(struct arena *a, struct json_object *obj);

#endif
