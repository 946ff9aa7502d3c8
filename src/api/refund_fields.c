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

/* The reason lives as long as the request. */
static void fault_said(const struct req *r, struct api_faults *faults, const char *field,
                       const struct err *e)
{
    errors_fault(faults, field, arena_strdup(r->arena, e->text));
}

/* A JSON object, or NULL: nothing was told, or it is none (a fault then). */
static struct json_object *object_of(const struct req *r, const char *name,
                                     struct api_faults *faults)
{
    const char *text = form_object(r->arena, &r->form, name);
    struct json_object *tree = NULL;
    struct err e;
    if (str_empty(text))
        return NULL;
    if (json_read(r->arena, text, strlen(text), &tree, &e) != RC_OK)
        fault_said(r, faults, name, &e);
    else if (!json_object_is_type(tree, json_type_object))
        errors_fault(faults, name, "must be a JSON object");
    else
        return tree;
    return NULL;
}

#define SPLIT "split_settlement_details"

/* Takes the split out of the metadata, where it may also stand as JSON text: it is kept as parts of
 * the refund. */
static const struct split_ask *split_of(const struct req *r, struct json_object *metadata,
                                        struct api_faults *faults)
{
    struct json_object *told = json_get(metadata, SPLIT);
    if (!told)
        return NULL;
    struct split_ask *split = arena_alloc(r->arena, sizeof *split);
    const char *text = json_object_is_type(told, json_type_string)
                           ? json_text(r->arena, metadata, SPLIT)
                           : json_write(r->arena, told);
    struct err e;
    if (split_read(r->arena, text, split, &e) != RC_OK)
        fault_said(r, faults, "metadata." SPLIT, &e);
    json_object_object_del(metadata, SPLIT);
    return split;
}

static void read_payee(const struct req *r, struct payout_ask *to, struct api_faults *faults)
{
    const char *details = form_object(r->arena, &r->form, "beneficiary_details");
    const char *gateway = form_object(r->arena, &r->form, "preferred_gateway");
    struct err e;
    if (!str_empty(details) && payout_read(r->arena, details, to, &e) != RC_OK)
        fault_said(r, faults, "beneficiary_details", &e);
    if (!str_empty(gateway) && payout_read_gateway(r->arena, gateway, to, &e) != RC_OK)
        fault_said(r, faults, "preferred_gateway", &e);
    const char *transfer_type = fields_text(r, "transfer_type", faults);
    const char *payout_mode = fields_text(r, "payout_mode", faults);
    to->beneficiary_id = fields_text(r, "beneficiary_id", faults);
    to->transfer_type = to->transfer_type ? to->transfer_type : transfer_type;
    to->payout_mode = to->payout_mode ? to->payout_mode : payout_mode;
}

/* What other types of refund do not need is not looked at. */
static const struct payout_ask *payout_of(const struct req *r, const char *refund_type,
                                          struct api_faults *faults)
{
    if (!str_eq(refund_type, "PAYOUT"))
        return NULL;
    struct payout_ask *to = arena_alloc(r->arena, sizeof *to);
    read_payee(r, to, faults);
    return to;
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
    };
    struct json_object *metadata = object_of(r, "metadata", faults);
    in->split = split_of(r, metadata, faults);
    if (metadata && json_object_object_length(metadata) > 0)
        in->metadata = json_write(r->arena, metadata);
    in->payout = payout_of(r, in->refund_type, faults);
    in->amount_given = amount_given(r, &in->amount);
    in->fault = faults->of[0].field;
    return in;
}
