#include "portal/api_doc.h"

#include "core/str.h"
#include "portal/api_curl.h"
#include "web/openapi.h"
#include <string.h>

#define REF          "#/"
#define SCHEMA_REF   "#/components/schemas/"
#define CALLED_BY_US "your endpoint" /* the path of a webhook */
#define FIELDS_DEEP  4               /* inner objects beyond that are only named */

struct api_doc api_doc_open(struct arena *a, const struct api_reader *reader)
{
    return (struct api_doc){a, json_built_in(a, openapi_text, openapi_bytes), *reader};
}

struct json_object *api_doc_resolve(const struct api_doc *d, struct json_object *node)
{
    const char *ref = node ? json_text(d->arena, node, "$ref") : NULL;
    if (!ref || !str_starts(ref, REF))
        return node;
    char *rest = arena_strdup(d->arena, ref + strlen(REF));
    struct json_object *at = d->root;
    const char *step;
    while (at && (step = strsep(&rest, "/")) != NULL)
        at = json_get(at, step);
    return at;
}

static struct json_object *inner(const struct api_doc *d, struct json_object *node, const char *key)
{
    return node ? api_doc_resolve(d, json_get(node, key)) : NULL;
}

static int length_of(struct json_object *array)
{
    return array && json_object_is_type(array, json_type_array)
               ? (int)json_object_array_length(array)
               : 0;
}

static struct json_object *element(const struct api_doc *d, struct json_object *array, int i)
{
    return api_doc_resolve(d, json_object_array_get_idx(array, (size_t)i));
}

static void set_text(const struct api_doc *d, struct page_node *n, const char *as,
                     struct json_object *from, const char *key)
{
    page_set(n, as, json_text(d->arena, from, key));
}

const char *api_doc_slug(struct arena *a, const char *name)
{
    char *slug = str_lower(a, name);
    for (char *c = slug; *c; c++)
        if ((*c < 'a' || *c > 'z') && (*c < '0' || *c > '9'))
            *c = '-';
    return slug;
}

/* ---- fields ------------------------------------------------------------------------------------
 */

/* Texts of an array, or the one text, as "number or string". */
static const char *joined(const struct api_doc *d, struct json_object *schema, const char *key,
                          const char *between)
{
    struct json_object *list = json_get(schema, key);
    struct buf b;
    if (!list || !json_object_is_type(list, json_type_array))
        return json_text(d->arena, schema, key);
    buf_init(&b, d->arena);
    for (int i = 0; i < length_of(list); i++)
        buf_printf(&b, "%s%s", i ? between : "",
                   json_object_get_string(json_object_array_get_idx(list, (size_t)i)));
    return buf_text(&b);
}

static void set_type(const struct api_doc *d, struct page_node *n, struct json_object *schema)
{
    const char *most = json_text(d->arena, schema, "maxLength");
    const char *values = joined(d, schema, "enum", ", ");
    const char *usual = json_text(d->arena, schema, "default");
    page_set(n, "type", joined(d, schema, "type", " or "));
    if (most)
        page_set(n, "most", arena_printf(d->arena, "at most %s", most));
    if (values)
        page_set(n, "values", arena_printf(d->arena, "one of %s", values));
    if (usual)
        page_set(n, "usual", arena_printf(d->arena, "default %s", usual));
}

static bool is_required(struct json_object *schema, const char *name)
{
    struct json_object *list = json_get(schema, "required");
    for (int i = 0; i < length_of(list); i++)
        if (str_eq(json_object_get_string(json_object_array_get_idx(list, (size_t)i)), name))
            return true;
    return false;
}

static void fill_fields(const struct api_doc *d, struct page_node *root, struct json_object *schema,
                        const char *prefix, int deep);

/* A field, and what is in it: "refunds[].amount". */
static void fill_field(const struct api_doc *d, struct page_node *root, struct json_object *schema,
                       const char *path, bool required, int deep)
{
    struct page_node *n = page_add(root, "fields");
    struct json_object *items = inner(d, schema, "items");
    page_set(n, "name", path);
    page_flag(n, "required", required);
    set_type(d, n, schema);
    set_text(d, n, "description", schema, "description");
    if (deep == 0)
        return;
    fill_fields(d, root, items ? items : schema,
                arena_printf(d->arena, items ? "%s[]." : "%s.", path), deep - 1);
}

static void fill_fields(const struct api_doc *d, struct page_node *root, struct json_object *schema,
                        const char *prefix, int deep)
{
    struct json_object *properties = inner(d, schema, "properties");
    struct json_object *all = json_get(schema, "allOf");
    for (int i = 0; i < length_of(all); i++)
        fill_fields(d, root, element(d, all, i), prefix, deep);
    if (!properties)
        return;
    json_object_object_foreach(properties, name, value)
    {
        struct json_object *field = api_doc_resolve(d, value);
        if (field)
            fill_field(d, root, field, arena_printf(d->arena, "%s%s", prefix, name),
                       is_required(schema, name), deep);
    }
}

bool api_doc_fill_schema(const struct api_doc *d, const char *name, struct page_node *root)
{
    struct json_object *schemas = json_get(json_get(d->root, "components"), "schemas");
    struct json_object *schema = schemas ? inner(d, schemas, name) : NULL;
    if (!schema)
        return false;
    set_text(d, root, "about", schema, "description");
    fill_fields(d, root, schema, "", FIELDS_DEEP);
    return true;
}

/* ---- routes ------------------------------------------------------------------------------------
 */

static void fill_parameters(const struct api_doc *d, struct page_node *n, struct json_object *list)
{
    for (int i = 0; i < length_of(list); i++) {
        struct json_object *p = element(d, list, i), *schema = inner(d, p, "schema");
        struct page_node *row = page_add(n, "parameters");
        set_text(d, row, "name", p, "name");
        set_text(d, row, "in", p, "in");
        set_text(d, row, "description", p, "description");
        page_flag(row, "required", str_eq(json_text(d->arena, p, "required"), "true"));
        if (schema)
            set_type(d, row, schema);
    }
}

/* What a client sends: the form, else what else there is. */
static void read_body(const struct api_doc *d, struct json_object *operation, struct page_node *n,
                      struct api_call *call)
{
    struct json_object *sent = inner(d, operation, "requestBody");
    struct json_object *content = sent ? json_get(sent, "content") : NULL;
    struct buf types;
    buf_init(&types, d->arena);
    if (!content)
        return;
    json_object_object_foreach(content, type, value)
    {
        bool form = str_eq(type, "application/x-www-form-urlencoded");
        buf_printf(&types, "%s%s", types.len ? " or " : "", type);
        if (call->body && !form)
            continue;
        call->body = inner(d, value, "schema");
        call->example = json_get(value, "example");
        call->as_form = form;
    }
    page_set(n, "sends", buf_text(&types));
}

/* The name of what an answer holds, so that its page can be linked. */
static const char *answer_name(const struct api_doc *d, struct json_object *answer)
{
    struct json_object *content = json_get(answer, "content");
    struct json_object *json = content ? json_get(content, "application/json") : NULL;
    struct json_object *schema = json ? json_get(json, "schema") : NULL;
    const char *ref = schema ? json_text(d->arena, schema, "$ref") : NULL;
    return ref && str_starts(ref, SCHEMA_REF) ? ref + strlen(SCHEMA_REF) : NULL;
}

static void fill_answers(const struct api_doc *d, struct page_node *n, struct json_object *answers)
{
    if (!answers)
        return;
    json_object_object_foreach(answers, status, value)
    {
        struct json_object *answer = api_doc_resolve(d, value);
        struct page_node *row = page_add(n, "answers");
        page_set(row, "status", status);
        if (!answer)
            continue;
        const char *name = answer_name(d, answer);
        set_text(d, row, "description", answer, "description");
        if (name) {
            page_set(row, "fields", name);
            page_set(row, "href", arena_printf(d->arena, "/api-docs/fields-%s", name));
        }
    }
}

static const char *anchor_of(const struct api_doc *d, const char *method, const char *path)
{
    return api_doc_slug(d->arena, arena_printf(d->arena, "%s%s", method, path));
}

static void fill_name(const struct api_doc *d, struct page_node *n, const char *method,
                      const char *path, struct json_object *operation)
{
    char *upper = arena_strdup(d->arena, method);
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    page_set(n, "method", upper);
    page_set(n, "path", path);
    page_set(n, "anchor", anchor_of(d, method, path));
    set_text(d, n, "summary", operation, "summary");
}

static void fill_route(const struct api_doc *d, struct page_node *n, const char *method,
                       const char *path, struct json_object *operation)
{
    struct json_object *security = json_get(operation, "security");
    struct api_call call = {.method = method,
                            .path = path,
                            .parameters = json_get(operation, "parameters"),
                            .open = security && length_of(security) == 0};
    read_body(d, operation, n, &call);
    fill_name(d, n, method, path, operation);
    set_text(d, n, "description", operation, "description");
    set_text(d, n, "scope", operation, "x-scope");
    fill_parameters(d, n, call.parameters);
    if (call.body)
        fill_fields(d, n, call.body, "", FIELDS_DEEP);
    fill_answers(d, n, json_get(operation, "responses"));
    page_set(n, "curl",
             str_eq(path, CALLED_BY_US) ? json_write_readable(d->arena, call.example)
                                        : api_curl_line(d, &call));
}

static bool is_tagged(struct json_object *operation, const char *tag)
{
    struct json_object *tags = json_get(operation, "tags");
    for (int i = 0; i < length_of(tags); i++)
        if (str_eq(json_object_get_string(json_object_array_get_idx(tags, (size_t)i)), tag))
            return true;
    return false;
}

typedef void fill_one(const struct api_doc *d, struct page_node *n, const char *method,
                      const char *path, struct json_object *operation);

static void each_of(const struct api_doc *d, const char *member, const char *tag,
                    struct page_node *root, fill_one *fill)
{
    bool is_ours = str_eq(member, "paths");
    json_object_object_foreach(json_get(d->root, member), path, methods)
    {
        json_object_object_foreach(methods, method, operation)
        {
            if (json_object_is_type(operation, json_type_object) && is_tagged(operation, tag))
                fill(d, page_add(root, "routes"), method, is_ours ? path : CALLED_BY_US, operation);
        }
    }
}

/* Every operation of the group, in the order of the document. */
static void each_route(const struct api_doc *d, const char *tag, struct page_node *root,
                       fill_one *fill)
{
    each_of(d, "paths", tag, root, fill);
    each_of(d, "webhooks", tag, root, fill);
}

struct json_object *api_doc_group(const struct api_doc *d, const char *slug)
{
    struct json_object *tags = json_get(d->root, "tags");
    for (int i = 0; i < length_of(tags); i++) {
        struct json_object *tag = json_object_array_get_idx(tags, (size_t)i);
        if (str_eq(api_doc_slug(d->arena, json_text(d->arena, tag, "name")), slug))
            return tag;
    }
    return NULL;
}

void api_doc_fill_groups(const struct api_doc *d, struct page_node *root)
{
    struct json_object *tags = json_get(d->root, "tags");
    for (int i = 0; i < length_of(tags); i++) {
        struct json_object *tag = json_object_array_get_idx(tags, (size_t)i);
        const char *name = json_text(d->arena, tag, "name");
        struct page_node *n = page_add(root, "groups");
        page_set(n, "name", name);
        page_set(n, "href", arena_printf(d->arena, "/api-docs/%s", api_doc_slug(d->arena, name)));
        set_text(d, n, "about", tag, "description");
        each_route(d, name, n, fill_name);
    }
}

void api_doc_fill_routes(const struct api_doc *d, struct json_object *group, struct page_node *root)
{
    set_text(d, root, "about", group, "description");
    each_route(d, json_text(d->arena, group, "name"), root, fill_route);
}
