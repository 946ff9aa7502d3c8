#include "api/refund_fields.h"
#include "api/fields.h"
#include "core/json.h"
#include "core/str.h"
#include <string.h>

/* Absent, null and text are three things to the validation core: absent means "all that is left".
 * What is neither text nor number (true, {}) goes on as it stands and is refused as an amount. */
static enum given amount_given(const struct req *r, const char **amount)
{
    const struct form_field *f = form_field(&r->form, "amount");
    if (!f)
        f = form_field(&r->query, "amount");
    *amount = f ? f->value : NULL;
    if (!f)
        return GIVEN_ABSENT;
    return f->kind == FORM_NULL ? GIVEN_NULL : GIVEN_TEXT;
}

/* A JSON object as text, or NULL: nothing was told, or it is none (a fault then). */
static const char *object_of(const struct req *r, const char *name, struct api_faults *faults)
{
    const char *text = form_object(r->arena, &r->form, name);
    struct json_object *tree = NULL;
    struct err e;
    if (str_empty(text))
        return NULL;
    if (json_read(r->arena, text, strlen(text), &tree, &e) != RC_OK)
        errors_fault(faults, name, arena_strdup(r->arena, e.text));
    else if (!json_object_is_type(tree, json_type_object))
        errors_fault(faults, name, "must be a JSON object");
    else
        return text;
    return NULL;
}

/* The order may be named in path, body and query at once: the same one. */
static const char *order_of(const struct req *r, struct api_faults *faults)
{
    const char *order_id = r->params[0];
    const struct form *const told[] = {&r->form, &r->query};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        const char *other = fields_text_in(told[i], "order_id", faults);
        if (!order_id)
            order_id = other;
        else if (other && !str_ieq(other, order_id))
            errors_fault(faults, "order_id", "is told twice, and differs");
    }
    return order_id;
}

struct refund_request *refund_fields_read(const struct req *r, struct api_faults *faults)
{
    struct refund_request *in = arena_alloc(r->arena, sizeof *in);
    *in = (struct refund_request){
        .actor = &r->actor,
        .source = SOURCE_API,
        .order_id = order_of(r, faults),
        .txn_id = fields_text(r, "txn_id", faults),
        .unique_request_id = fields_text(r, "unique_request_id", faults),
        .refund_type = fields_text(r, "refund_type", faults),
        .reason = fields_text(r, "refund_reason", faults),
        .metadata = object_of(r, "metadata", faults),
    };
    in->amount_given = amount_given(r, &in->amount);
    in->fault = faults->of[0].field;
    return in;
}
