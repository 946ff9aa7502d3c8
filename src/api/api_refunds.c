#include "api/api.h"
#include "api/errors.h"
#include "api/fields.h"
#include "api/once.h"
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
static const char *metadata_of(const struct req *r, struct api_faults *faults)
{
    const char *text = form_object(r->arena, &r->form, "metadata");
    struct json_object *tree = NULL;
    struct err e;
    if (str_empty(text))
        return NULL;
    bool usable = json_read(r->arena, text, strlen(text), &tree, &e) == RC_OK &&
                  json_object_is_type(tree, json_type_object);
    if (!usable)
        errors_fault(faults, "metadata", "must be a JSON object");
    return usable ? text : NULL;
}

/* The order may be named in the path and in the body: the same one. */
static void check_order_id(const struct req *r, struct api_faults *faults)
{
    const char *other = fields_text(r, "order_id", faults);
    if (other && !str_ieq(other, r->params[0]))
        errors_fault(faults, "order_id", "differs from the order_id of the path");
}

static struct refund_request refund_asked(const struct req *r, struct api_faults *faults)
{
    struct refund_request in = {
        .actor = &r->actor,
        .source = SOURCE_API,
        .order_id = r->params[0],
        .unique_request_id = fields_text(r, "unique_request_id", faults),
        .refund_type = fields_text(r, "refund_type", faults),
        .reason = fields_text(r, "refund_reason", faults),
        .metadata = metadata_of(r, faults),
        .wants_view = true,
    };
    in.amount_given = amount_given(r, &in.amount);
    check_order_id(r, faults);
    in.fault = faults->of[0].field;
    return in;
}

/* What we found ourselves stands first; else the field that the core names. */
static void add_fault(struct api_faults *faults, const struct refund_answer *answer)
{
    const struct cause_row *row = cause_row(answer->cause);
    if (answer->cause == CAUSE_MISSING_FIELD)
        errors_fault(faults, answer->detail, "is missing");
    else if (answer->cause == CAUSE_BAD_REQUEST)
        errors_fault(faults, answer->detail, "cannot be used");
    else
        errors_fault(faults, row->field, row->plain);
}

struct refund_work {
    struct refund_answer answer;
    struct api_faults faults;
    const char *order_id;
};

static enum rc say_order(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e)
{
    struct refund_work *w = ctx;
    (void)q;
    (void)e;
    if (w->answer.cause == CAUSE_NONE) {
        reply_json(p, 200, json_write(r->arena, order_body(r->arena, &w->answer.view)));
        return RC_OK;
    }
    add_fault(&w->faults, &w->answer);
    errors_cause(r, p, errors_family(r), w->answer.cause, &w->faults, w->order_id);
    return RC_OK;
}

enum rc api_refund_create(struct req *r, struct reply *p, struct err *e)
{
    struct refund_work *w = arena_alloc(r->arena, sizeof *w);
    struct once once;
    struct refund_request in = refund_asked(r, &w->faults);
    w->order_id = in.order_id;
    if (!once_begin(&once, r, p, say_order, w))
        return RC_OK;
    in.decision = &once.decision;
    return once_end(&once, refund_create(r->app, r->arena, &in, &w->answer, e), e);
}
