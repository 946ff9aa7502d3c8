#include "api/api.h"
#include "api/once.h"
#include "api/refund_fields.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/order_body.h"
#include "refund/refund_body.h"

struct refund_work {
    struct refund_answer answer;
    const struct refund_request *asked;
    struct api_faults found; /* by reading it */
};

static const char *reason_of(enum cause cause)
{
    static const char *const REASONS[] = {
        [CAUSE_MISSING_FIELD] = "is missing", [CAUSE_BAD_REQUEST] = "cannot be used"};
    return cause <= CAUSE_BAD_REQUEST ? REASONS[cause] : cause_row(cause)->plain;
}

/* What reading found, in its own words; else NULL. */
static const char *said_of(const struct api_faults *found, const char *field)
{
    for (int i = 0; i < found->n; i++) {
        if (str_eq(found->of[i].field, field))
            return found->of[i].reason;
    }
    return NULL;
}

/* All that the request alone shows, in the order of the causes, or what the core names. */
static struct api_faults faults_of(const struct refund_work *w)
{
    const struct refund_answer *answer = &w->answer;
    struct api_faults faults = {.missing = answer->missing};
    struct request_fault shown[REQUEST_MAX_FAULTS];
    int n = refund_request_faults(w->asked, shown);
    for (int i = 0; i < n; i++) {
        const char *said = said_of(&w->found, shown[i].field);
        errors_fault(&faults, shown[i].field, said ? said : reason_of(shown[i].cause));
    }
    for (int i = 0; i < w->found.n; i++)
        errors_fault(&faults, w->found.of[i].field, w->found.of[i].reason);
    if (answer->cause == CAUSE_SPLIT_OR_BENEFICIARY)
        errors_fault(&faults, answer->field, answer->detail);
    else if (n == 0)
        errors_fault(&faults, cause_row(answer->cause)->field, reason_of(answer->cause));
    return faults;
}

static void refuse(struct req *r, struct reply *p, const struct refund_work *w)
{
    const struct api_faults faults = faults_of(w);
    errors_cause(r, p, errors_family(r), w->answer.cause, &faults, w->asked->order_id);
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
    (void)q;
    (void)e;
    if (w->answer.cause == CAUSE_NONE)
        reply_json(p, 200, json_write(r->arena, refund_flat_body(r->arena, &w->answer.flat)));
    else
        refuse(r, p, w);
    return RC_OK;
}

static enum rc create(struct req *r, struct reply *p, once_say *say, struct err *e)
{
    struct refund_work *w = arena_alloc(r->arena, sizeof *w);
    struct refund_request *in = refund_fields_read(r, &w->found);
    struct once once;
    w->asked = in;
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
