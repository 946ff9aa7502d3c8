#include "refund/order_facts.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

#define ADDRESS(kind)                                                  \
    {kind "_address_first_name", LIMIT_ADDRESS, FACT_TEXT, true},      \
        {kind "_address_last_name", LIMIT_ADDRESS, FACT_TEXT, true},   \
        {kind "_address_line1", LIMIT_ADDRESS, FACT_TEXT, true},       \
        {kind "_address_line2", LIMIT_ADDRESS, FACT_TEXT, true},       \
        {kind "_address_line3", LIMIT_ADDRESS, FACT_TEXT, true},       \
        {kind "_address_city", LIMIT_ADDRESS, FACT_TEXT, true},        \
        {kind "_address_state", LIMIT_ADDRESS, FACT_TEXT, true},       \
        {kind "_address_country", LIMIT_ADDRESS, FACT_TEXT, true},     \
        {kind "_address_postal_code", LIMIT_ADDRESS, FACT_TEXT, true}, \
        {kind "_address_phone", LIMIT_ADDRESS, FACT_TEXT, true},       \
        {kind "_address_country_code_iso", LIMIT_ADDRESS, FACT_TEXT, true},

/* The vendor's order API, "Create Order", and what its libraries send. */
static const struct order_fact facts[] = {
    ADDRESS("billing") ADDRESS("shipping"){"order_type", LIMIT_ORDER_TYPE, FACT_TEXT, false},
    {"offers", LIMIT_METADATA_BYTES, FACT_ARRAY, false},
    {"payment_links", LIMIT_METADATA_BYTES, FACT_OBJECT, false},
};
_Static_assert(sizeof facts / sizeof facts[0] == INTAKE_FACTS, "intake_order.facts has other room");

const struct order_fact *order_facts(void)
{
    return facts;
}

const char *order_facts_udf_name(int i)
{
    static const char *const names[LIMIT_UDF_COUNT] = {"udf1", "udf2", "udf3", "udf4", "udf5",
                                                       "udf6", "udf7", "udf8", "udf9", "udf10"};
    CHECK(i >= 0 && i < LIMIT_UDF_COUNT);
    return names[i];
}

static bool too_long(struct arena *a, const char *name, const char *value, size_t most_bytes,
                     struct intake_answer *out)
{
    if (strlen(value) <= most_bytes)
        return false;
    intake_fault_add(out, name, arena_printf(a, "is longer than %zu bytes", most_bytes));
    return true;
}

static void put_text(struct arena *a, struct json_object *into, const char *name, const char *value,
                     size_t most_bytes, struct intake_answer *out)
{
    if (value != NULL && !too_long(a, name, value, most_bytes, out))
        json_put_text(into, name, value);
}

static void put_tree(struct arena *a, struct json_object *into, const char *name, const char *value,
                     size_t most_bytes, enum json_type type, struct intake_answer *out)
{
    struct json_object *tree;
    struct err bad;
    if (str_empty(value) || too_long(a, name, value, most_bytes, out))
        return;
    if (json_read(a, value, strlen(value), &tree, &bad) == RC_OK && json_object_is_type(tree, type))
        json_put(into, name, tree);
    else
        intake_fault_add(out, name,
                         type == json_type_array ? "is not a JSON array" : "is not a JSON object");
}

static struct json_object *read_stored(struct arena *a, const char *stored)
{
    struct json_object *tree;
    struct err bad;
    if (stored == NULL || json_read(a, stored, strlen(stored), &tree, &bad) != RC_OK)
        return json_object_in(a);
    return tree;
}

const char *order_facts_merge(struct arena *a, const char *stored, const struct intake_order *in,
                              struct intake_answer *out)
{
    struct json_object *all = read_stored(a, stored);
    for (int i = 0; i < LIMIT_UDF_COUNT; i++)
        put_text(a, all, order_facts_udf_name(i), in->udf[i], LIMIT_UDF, out);
    put_tree(a, all, "metadata", in->metadata, LIMIT_ORDER_METADATA_BYTES, json_type_object, out);
    for (int i = 0; i < INTAKE_FACTS; i++) {
        const struct order_fact *f = &facts[i];
        if (f->kind == FACT_TEXT)
            put_text(a, all, f->name, in->facts[i], f->most_bytes, out);
        else
            put_tree(a, all, f->name, in->facts[i], f->most_bytes,
                     f->kind == FACT_ARRAY ? json_type_array : json_type_object, out);
    }
    return json_write(a, all);
}

const char *const *order_facts_udf(struct arena *a, const char *stored)
{
    const char **udf = arena_array(a, LIMIT_UDF_COUNT, sizeof *udf);
    struct json_object *all = read_stored(a, stored);
    for (int i = 0; i < LIMIT_UDF_COUNT; i++)
        udf[i] = json_text(a, all, order_facts_udf_name(i));
    return udf;
}
