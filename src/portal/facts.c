#include "portal/facts.h"

#include "core/clock.h"
#include <string.h>

enum { FACTS_VALUE_BYTES = 600, FACTS_GROUP_MAX = 40, FACTS_DEPTH_MAX = 3 };

struct facts_group facts_group(const struct rows_ctx *c, struct page_node *parent,
                               const char *title)
{
    return (struct facts_group){.ctx = c, .parent = parent, .title = title};
}

static const char *cut(struct arena *a, const char *value)
{
    size_t size = strlen(value);
    if (size <= FACTS_VALUE_BYTES)
        return value;
    return arena_printf(a, "%.*s… (%zu bytes in all)", (int)str_utf8_cut(value, FACTS_VALUE_BYTES),
                        value, size);
}

static struct page_node *add(struct facts_group *g, const char *label, const char *value)
{
    if (str_empty(value) || g->count > FACTS_GROUP_MAX)
        return NULL;
    if (!g->node) {
        g->node = page_add(g->parent, "groups");
        page_set(g->node, "title", g->title);
    }
    struct page_node *n = page_add(g->node, "facts");
    g->count++;
    page_set(n, "label", label);
    page_set(n, "value", cut(g->ctx->arena, value));
    return n;
}

void facts_put(struct facts_group *g, const char *label, const char *value)
{
    (void)add(g, label, value);
}

void facts_put_id(struct facts_group *g, const char *label, const char *value)
{
    struct page_node *n = add(g, label, value);
    if (n)
        page_flag(n, "id", true);
}

void facts_put_time(struct facts_group *g, const char *label, int64_t wall_ms)
{
    const struct rows_ctx *c = g->ctx;
    if (!wall_ms)
        return;
    struct page_node *n = add(g, label, format_time_full(c->arena, &c->format, wall_ms));
    if (n)
        page_set(n, "age", format_age(c->arena, wall_ms, c->now_ms));
}

void facts_put_money(struct facts_group *g, const char *label, int64_t minor, const char *currency)
{
    if (minor >= 0)
        facts_put(g, label, format_money(g->ctx->arena, &g->ctx->format, minor, currency));
}

/* ---- JSON
 * ---------------------------------------------------------------------------------------- */

static const struct {
    const char *key, *label;
} labels[] = {
    {"rrn", "Bank reference (RRN)"},
    {"auth_id_code", "Authorisation code"},
    {"resp_code", "Response code"},
    {"resp_message", "Response"},
    {"last_four_digits", "Last four digits"},
    {"card_isin", "Card BIN"},
    {"udf1", "UDF 1"},
    {"udf2", "UDF 2"},
    {"udf3", "UDF 3"},
    {"udf4", "UDF 4"},
    {"udf5", "UDF 5"},
    {"udf6", "UDF 6"},
    {"udf7", "UDF 7"},
    {"udf8", "UDF 8"},
    {"udf9", "UDF 9"},
    {"udf10", "UDF 10"},
};

const char *facts_label(struct arena *a, const char *key)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (str_eq(labels[i].key, key))
            return labels[i].label;
    if (!*key || key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
        return *key ? cut(a, key) : "(no name)";
    char *label = arena_strdup(a, key);
    for (char *c = label; *c; c++)
        if (*c == '_')
            *c = ' ';
    if (*label >= 'a' && *label <= 'z')
        *label = (char)(*label - 'a' + 'A');
    return cut(a, label);
}

static const char *element_label(struct arena *a, const char *outer, size_t i)
{
    return arena_printf(a, "%s%s%zu", outer, *outer ? " · " : "", i + 1);
}

static const char *member_label(struct arena *a, const char *outer, const char *key)
{
    const char *own = facts_label(a, key);
    return *outer ? cut(a, arena_printf(a, "%s · %s", outer, own)) : own;
}

static void put_value(struct facts_group *g, const char *label, struct json_object *value,
                      int depth);

static void put_inner(struct facts_group *g, const char *label, struct json_object *tree, int depth)
{
    struct arena *a = g->ctx->arena;
    if (json_object_is_type(tree, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(tree); i++)
            put_value(g, element_label(a, label, i), json_object_array_get_idx(tree, i), depth);
        return;
    }
    struct json_object_iterator at = json_object_iter_begin(tree), end = json_object_iter_end(tree);
    for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
        put_value(g, member_label(a, label, json_object_iter_peek_name(&at)),
                  json_object_iter_peek_value(&at), depth);
}

static void put_scalar(struct facts_group *g, const char *label, struct json_object *value)
{
    int64_t at_ms;
    if (json_object_is_type(value, json_type_boolean)) {
        facts_put(g, label, json_object_get_boolean(value) ? "Yes" : "No");
        return;
    }
    const char *text = json_object_get_string(value);
    if (json_object_is_type(value, json_type_string) && clock_parse_iso(text, &at_ms))
        facts_put_time(g, label, at_ms);
    else
        facts_put(g, label, text);
}

static void put_value(struct facts_group *g, const char *label, struct json_object *value,
                      int depth)
{
    if (!value)
        return;
    if (g->count >= FACTS_GROUP_MAX) {
        if (g->count == FACTS_GROUP_MAX)
            facts_put(g, "And more", "This is not all; the API has the whole of it.");
        return;
    }
    if (!json_object_is_type(value, json_type_object) &&
        !json_object_is_type(value, json_type_array))
        put_scalar(g, label, value);
    else if (depth < FACTS_DEPTH_MAX)
        put_inner(g, label, value, depth + 1);
    else
        facts_put(g, label, json_write(g->ctx->arena, value));
}

void facts_put_json(struct facts_group *g, struct json_object *tree)
{
    put_value(g, "", tree, 0);
}

struct json_object *facts_read(struct arena *a, const char *text)
{
    struct json_object *facts;
    struct err ignored;
    if (str_empty(text) || json_read(a, text, strlen(text), &facts, &ignored) != RC_OK ||
        !json_object_is_type(facts, json_type_object))
        return json_object_in(a);
    return facts;
}

const char *const *facts_keys(struct arena *a, struct json_object *tree, const char *prefix)
{
    size_t count = (size_t)json_object_object_length(tree), n = 0;
    const char **keys = arena_array(a, count + 1, sizeof *keys);
    struct json_object_iterator at = json_object_iter_begin(tree), end = json_object_iter_end(tree);
    for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
        const char *key = json_object_iter_peek_name(&at);
        if (str_starts(key, prefix) && !str_eq(key, prefix))
            keys[n++] = arena_strdup(a, key);
    }
    keys[n] = NULL;
    return keys;
}
