#include "api/api.h"
#include "api/errors.h"
#include "api/fields.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/create.h"
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

/* A JSON object, or nothing at all. */
static const char *metadata_of(const struct req *r, struct api_fault *fault)
{
    const char *text = form_object(r->arena, &r->form, "metadata");
    struct json_object *tree = NULL;
    struct err e;
    if (str_empty(text))
        return NULL;
    bool usable = json_read(r->arena, text, strlen(text), &tree, &e) == RC_OK &&
                  json_object_is_type(tree, json_type_object);
    if (!usable && !fault->field)
        *fault = (struct api_fault){"metadata", "must be a JSON object"};
    return usable ? text : NULL;
}

/* The order may be named in the path and in the body: the same one. */
static void check_order_id(const struct req *r, struct api_fault *fault)
{
    const char *other = fields_text(r, "order_id", fault);
    if (other && !str_ieq(other, r->params[0]) && !fault->field)
        *fault = (struct api_fault){"order_id", "differs from the order_id of the path"};
}

static struct refund_request refund_asked(const struct req *r, struct api_fault *fault)
{
    struct refund_request in = {
        .actor = &r->actor,
        .source = SOURCE_API,
        .order_id = r->params[0],
        .unique_request_id = fields_text(r, "unique_request_id", fault),
        .refund_type = fields_text(r, "refund_type", fault),
        .reason = fields_text(r, "refund_reason", fault),
        .metadata = metadata_of(r, fault),
        .wants_view = true,
    };
    in.amount_given = amount_given(r, &in.amount);
    check_order_id(r, fault);
    in.fault = fault->field;
    return in;
}

/* Which field the refusal is about: what we found ourselves, else what the core names. */
static struct api_fault fault_of(const struct refund_answer *answer, const struct api_fault *ours)
{
    const struct cause_row *row = cause_row(answer->cause);
    bool of_request = answer->cause == CAUSE_MISSING_FIELD || answer->cause == CAUSE_BAD_REQUEST;
    if (of_request && ours->field)
        return *ours;
    if (of_request)
        return (struct api_fault){
            answer->detail, answer->cause == CAUSE_MISSING_FIELD ? "is missing" : "cannot be used"};
    return (struct api_fault){row->field, row->plain};
}

enum rc api_refund_create(struct req *r, struct reply *p, struct err *e)
{
    struct api_fault ours = {0};
    struct refund_request in = refund_asked(r, &ours);
    struct refund_answer *answer = arena_alloc(r->arena, sizeof *answer);
    enum rc rc = refund_create(r->app, r->arena, &in, answer, e);
    if (rc != RC_OK)
        return rc;
    if (answer->cause == CAUSE_NONE) {
        reply_json(p, 200, json_write(r->arena, order_body(r->arena, &answer->view)));
        return RC_OK;
    }
    struct api_fault fault = fault_of(answer, &ours);
    errors_cause(r, p, errors_family(r), answer->cause, &fault, r->params[0]);
    return RC_OK;
}
