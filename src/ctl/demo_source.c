#include "core/money.h"
#include "core/str.h"
#include "ctl/demo.h"

enum { FILE_MAX_BYTES = 256 << 10 };

static enum rc load(struct ctl *c, const char *folder, const char *name, enum json_type type,
                    struct json_object **out, struct err *e)
{
    const char *path = arena_printf(c->arena, "%s/%s", folder, name);
    char *text;
    size_t n;
    enum rc rc = ctl_read_file(c, path, FILE_MAX_BYTES, &text, &n, e);
    if (rc != RC_OK)
        return rc;
    struct err why;
    if (json_read(c->arena, text, n, out, &why) != RC_OK)
        return ERR(e, RC_INVALID, arena_printf(c->arena, "%.100s: %.120s", path, why.text), "%s",
                   why.detail);
    if (!json_object_is_type(*out, type))
        return ERR(e, RC_INVALID,
                   arena_printf(c->arena, "%.160s does not begin as it should.", path), "%s", path);
    return RC_OK;
}

enum rc demo_load(struct ctl *c, const char *folder, struct demo_source *out, struct err *e)
{
    const struct {
        const char *name;
        enum json_type type;
        struct json_object **out;
    } files[] = {
        {"merchant.json", json_type_object, &out->merchant},
        {"customers.json", json_type_array, &out->customers},
        {"products.json", json_type_array, &out->products},
        {"methods.json", json_type_array, &out->methods},
        {"refusals.json", json_type_array, &out->refusals},
        {"declines.json", json_type_object, &out->declines},
        {"orders.json", json_type_array, &out->orders},
        {"batches.json", json_type_array, &out->batches},
    };
    enum rc rc = RC_OK;
    for (size_t k = 0; rc == RC_OK && k < sizeof files / sizeof *files; k++)
        rc = load(c, folder, files[k].name, files[k].type, files[k].out, e);
    return rc;
}

int64_t demo_int(struct json_object *obj, const char *key, int64_t preset)
{
    struct json_object *value = json_get(obj, key);
    return value ? json_object_get_int64(value) : preset;
}

bool demo_flag(struct json_object *obj, const char *key)
{
    return json_object_get_boolean(json_get(obj, key));
}

size_t demo_count(struct json_object *array)
{
    return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

struct json_object *demo_item(struct json_object *array, size_t k)
{
    return json_object_array_get_idx(array, k);
}

struct json_object *demo_pick(struct demo_random *r, struct json_object *array)
{
    return demo_item(array, (size_t)demo_below(r, (int64_t)demo_count(array)));
}

struct json_object *demo_find(struct arena *a, struct json_object *array, const char *key,
                              const char *value)
{
    for (size_t k = 0; k < demo_count(array); k++)
        if (str_eq(json_text(a, demo_item(array, k), key), value))
            return demo_item(array, k);
    CHECK(!"the recipes name something that is not in their lists");
    return NULL;
}

struct json_object *demo_gateway(struct demo *d, const char *name)
{
    return demo_find(d->arena, json_get(d->source.merchant, "gateways"), "name", name);
}

int64_t demo_minor(const char *decimal, const char *currency)
{
    int64_t minor = 0;
    CHECK(decimal && money_parse(decimal, currency, &minor) == MONEY_OK);
    return minor;
}
