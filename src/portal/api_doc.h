/*
 * The description of the HTTP API (web/openapi.h) as pages show it: groups, routes, fields, answers
 * and curl lines. The document is part of the program, so what it lacks is only left out.
 */
#ifndef PORTAL_API_DOC_H
#define PORTAL_API_DOC_H

#include "core/json.h"
#include "view/template.h"

/* What the examples are made with. */
struct api_reader {
    const char *base_url;    /* "http://127.0.0.1:8081" */
    const char *merchant_id; /* of the reader */
    const char *order_id;    /* an order that exists, … */
    const char *txn_id;      /* … and what paid it */
};

struct api_doc {
    struct arena *arena;
    struct json_object *root;
    struct api_reader reader;
};

/* The whole document, read into the arena. */
struct api_doc api_doc_open(struct arena *a, const struct api_reader *reader);

/* The node that a local reference ("$ref") stands for; others are themselves. */
struct json_object *api_doc_resolve(const struct api_doc *d, struct json_object *node);
/* "Split payments" -> "split-payments": a group's place in addresses. */
const char *api_doc_slug(struct arena *a, const char *name);
/* The group with that slug; NULL: none. */
struct json_object *api_doc_group(const struct api_doc *d, const char *slug);

/* The list `groups` of all groups, each with its list `routes`. */
void api_doc_fill_groups(const struct api_doc *d, struct page_node *root);
/* The list `routes` of one group, whole: parameters, fields, answers, curl line. */
void api_doc_fill_routes(const struct api_doc *d, struct json_object *group,
                         struct page_node *root);
/* The list `fields` of a schema by its name; false: there is none. */
bool api_doc_fill_schema(const struct api_doc *d, const char *name, struct page_node *root);

#endif
