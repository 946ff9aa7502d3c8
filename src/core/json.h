/*
 * JSON: json-c holds and writes the tree, we read the bytes, because json-c's tokener (even strict)
 * takes NaN, single quotes, "5.", raw control bytes, \u0000 and bad UTF-8, keeps the last of
 * duplicate keys silently and clamps integers beyond 64 bits. Numbers keep their source text, so
 * money never passes through a double: what is not a plain int64 is read by json_text() alone (the
 * double that json-c has beside the text is 0).
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/arena.h"
#include "core/err.h"
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* RFC 8259, duplicate keys refused (RC_INVALID), depth and count of elements and members limited
 * (core/limits.h, RC_TOO_LARGE). The tree is released with the arena; *out is NULL for the text
 * "null". e->text names what is wrong and the byte offset, counted from 0. */
MUSTCHECK enum rc json_read(struct arena *a, const char *text, size_t n, struct json_object **out,
                            struct err *e);

/* The same of a text that is part of the program: of any size, and CHECKed. */
struct json_object *json_built_in(struct arena *a, const char *text, size_t n);

/* Text of a member: strings as they are, numbers by their source text, booleans "true"/"false".
 * NULL when absent, null, or an object or array (json_object_get_type of json_get tells which). */
const char *json_text(struct arena *a, struct json_object *obj, const char *key);
bool json_has(struct json_object *obj, const char *key);                /* present, null included */
struct json_object *json_get(struct json_object *obj, const char *key); /* NULL: absent or null */

/* Gives a tree of one's own reference to the arena; NULL stays NULL. */
struct json_object *json_keep(struct arena *a, struct json_object *tree);
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
/* Puts a tree into another; NULL puts null. What an arena owns (json_object_in, json_array_in, the
 * root of json_read) is shared with it; of anything else one reference is taken over, so what
 * json_get lent goes in as json_object_get(value). */
void json_put(struct json_object *obj, const char *key, struct json_object *value);
/* The same at the end of an array. */
void json_add(struct json_object *array, struct json_object *value);

/* Plain, no spaces, slashes unescaped; text in the arena. */
const char *json_write(struct arena *a, struct json_object *obj);
/* The same for people: a member a line. */
const char *json_write_readable(struct arena *a, struct json_object *obj);

#endif
