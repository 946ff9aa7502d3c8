/*
 * A curl line for a route: the reader's own merchant, base URL and order, never a real key.
 */
#ifndef PORTAL_API_CURL_H
#define PORTAL_API_CURL_H

#include "portal/api_doc.h"

struct api_call {
    const char *method, *path;
    struct json_object *parameters; /* of the path and others; may be NULL */
    struct json_object *body;       /* schema; NULL: nothing is sent */
    struct json_object *example;    /* a whole body; NULL: made of the schema's */
    bool as_form;                   /* else as JSON */
    bool open;                      /* needs no key */
};

/* Lines joined by backslashes, safe to paste into a shell. */
const char *api_curl_line(const struct api_doc *d, const struct api_call *call);

#endif
