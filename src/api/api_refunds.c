#include "api/api.h"
#include "api/once.h"
#include "api/refund_fields.h"
#include "core/json.h"
#include "refund/order_body.h"
#include "refund/refund_body.h"

struct refund_work {
    struct refund_answer answer;
    struct api_faults faults;
    const char *order_id; /* as the client asked */
};

/* What the request itself showed stands first; then what the core names. */
static void add_fault(struct api_faults *faults, const struct refund_answer *answer)
{
    const struct cause_row *row = cause_row(answer->cause);
    if (answer->cause == CAUSE_MISSING_FIELD)
        errors_fault(faults, answer->detail, "is missing");
    else if (answer->cause == CAUSE_BAD_REQUEST)
        errors_fault(faults, answer->detail, "cannot be used");
    else if (answer->cause == CAUSE_SPLIT_OR_BENEFICIARY)
        errors_fault(faults, answer->field, answer->detail);
    else
        errors_fault(faults, row->field, row->plain);
}

static void refuse(struct req *r, struct reply *p, struct refund_work *w)
{
    struct api_faults *faults = arena_alloc(r->arena, sizeof *faults);
    *faults = w->faults;
    add_fault(faults, &w->answer);
    errors_cause(r, p, errors_family(r), w->answer.cause, faults, w->order_id);
}

static enum rc say_order(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e)
{
    struct refund_work *w = ctx;
    (void)q;
    (void)e;
    if (w->answer.cause == CAUSE_NONE)
        reply_json(p, 200, json_write(r->arena, order_body(r->arena, &w->answer.view)));
    else
        refuse(r, p, w);
    return RC_OK;
}

static enum rc say_refund(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e)
{
    struct refund_work *w = ctx;
    const struct refund_view made = {.refund = w->answer.refund};
    (void)q;
    (void)e;
    if (w->answer.cause == CAUSE_NONE)
        reply_json(p, 200, json_write(r->arena, refund_flat_body(r->arena, &made)));
    else
        refuse(r, p, w);
    return RC_OK;
}

static enum rc create(struct req *r, struct reply *p, once_say *say, struct err *e)
{
    struct refund_work *w = arena_alloc(r->arena, sizeof *w);
    struct refund_request *in = refund_fields_read(r, &w->faults);
    struct once once;
    w->order_id = in->order_id;
    in->wants_view = say == say_order;
    if (!once_begin(&once, r, p, say, w))
        return RC_OK;
    in->decision = &once.decision;
    return once_end(&once, refund_create(r->app, r->arena, in, &w->answer, e), e);
}

enum rc api_order_refund(struct req *r, struct reply *p, struct err *e)
{
    return create(r, p, say_order, e);
}

enum rc api_refund_create(struct req *r, struct reply *p, struct err *e)
{
    return create(r, p, say_refund, e);
}
