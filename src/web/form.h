/*
 * What a client sent, as one list of fields: a query string, a form body or a JSON object.
 * Nested form keys `a[b]` and `a.b` and nested JSON objects all read as "a.b".
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "core/arena.h"
#include "core/err.h"
#include <stdbool.h>
#include <stddef.h>

enum form_kind {
    FORM_TEXT,
    FORM_NUMBER, /* a JSON number, as json.h keeps its source text */
    FORM_BOOL,
    FORM_NULL,
    FORM_JSON /* an object or array, as JSON text */
};

struct form_field {
    const char *name;
    const char *value; /* "" for FORM_NULL */
    enum form_kind kind;
};
struct form {
    struct form_field *fields;
    int n;
};

/* application/x-www-form-urlencoded (also a query string). Refuses with RC_INVALID, naming what:
 * a broken %xx, NUL, bad UTF-8, a repeated name, a name that is both a value and a parent
 * (`a` and `a[b]`), a name that is no name (`[`, `a[b`, `a..b`), over LIMIT_FIELDS. `a[]` takes
 * the next free number. Adds to *form, which starts zeroed. */
MUSTCHECK enum rc form_read_urlencoded(struct arena *a, const char *text, size_t n,
                                       struct form *form, struct err *e);
/* A JSON object; nested objects appear both as FORM_JSON under their name and flattened. */
MUSTCHECK enum rc form_read_json(struct arena *a, const char *text, size_t n, struct form *form,
                                 struct err *e);

const struct form_field *form_field(const struct form *form, const char *name); /* NULL: absent */
/* The value, NULL when absent or null. */
const char *form_get(const struct form *form, const char *name);
/* A field that is an object, as JSON text: what JSON has under `name`, else the text of the form
 * field `name`, else an object made of the nested keys `name[…]`, whose members 0, 1, 2 … make an
 * array; NULL when there is none. Only the first and the last are known to be JSON. */
const char *form_object(struct arena *a, const struct form *form, const char *name);

#endif
