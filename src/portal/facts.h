/*
 * Labelled values in titled groups, for detail pages: what is known of a row, and JSON that was
 * only kept, with keys nobody foresaw. Everything becomes text; what is absent takes no room.
 */
#ifndef PORTAL_FACTS_H
#define PORTAL_FACTS_H

#include "core/json.h"
#include "portal/rows.h"

/* A group appears in the list `groups` of its parent with its first fact. */
struct facts_group {
    const struct rows_ctx *ctx;
    struct page_node *parent;
    const char *title; /* NULL: none */
    struct page_node *node;
    int count;
};

/* A new group; title NULL: none. */
struct facts_group facts_group(const struct rows_ctx *c, struct page_node *parent,
                               const char *title);
/* NULL and "" add nothing; values beyond FACTS_VALUE_BYTES are cut, and say so. */
void facts_put(struct facts_group *g, const char *label, const char *value);
void facts_put_id(struct facts_group *g, const char *label, const char *value); /* can be copied */
void facts_put_time(struct facts_group *g, const char *label, int64_t wall_ms); /* 0: nothing */
/* minor < 0: not told */
void facts_put_money(struct facts_group *g, const char *label, int64_t minor, const char *currency);
/* Every member of an object (or element of an array), inner ones as "Outer · inner" and from some
 * depth on as JSON text. At most FACTS_GROUP_MAX facts a group; what is beyond is counted. */
void facts_put_json(struct facts_group *g, struct json_object *tree);

/* The object that a row keeps as text; an empty one when there is none. */
struct json_object *facts_read(struct arena *a, const char *text);
/* The keys of an object that begin with `prefix` and go on, in order, ended by NULL. */
const char *const *facts_keys(struct arena *a, struct json_object *tree, const char *prefix);
/* "customer_email" -> "Customer email"; a key that is no plain name stays as it is. */
const char *facts_label(struct arena *a, const char *key);

#endif
