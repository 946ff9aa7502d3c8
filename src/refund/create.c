#include "refund/create.h"

#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/apply.h"
#include "refund/occasion_facts.h"
#include "refund/validate.h"
#include "sql/sql.h"
#include "store/audit.h"
#include "store/jobs.h"

#include <string.h>

static const char *const source_names[] = {
    [SOURCE_API] = "API",
    [SOURCE_PORTAL] = "PORTAL",
    [SOURCE_BATCH] = "BATCH",
    [SOURCE_AUTO] = "AUTO",
};

struct work {
    struct app *app; /* NULL: inside the caller's transaction */
    struct arena *arena;
    const struct refund_ask *ask;
    struct refund_answer *answer;
    int64_t now_ms;
};

static void answer_facts(struct refund_answer *answer, const struct refund_facts *f)
{
    memset(answer, 0, sizeof *answer);
    answer->cause = validate_judge(f);
    answer->detail = f->ask->detail;
    answer->refundable_minor = f->refundable_minor;
    if (answer->cause == CAUSE_SPLIT_OR_BENEFICIARY) {
        answer->detail = f->terms.text;
        answer->field = f->terms.field;
        answer->missing = f->terms.missing;
    }
    if (f->has_order) {
        answer->order = f->order;
        answer->currency = f->order.currency;
    }
    if (f->has_existing) {
        answer->existing = f->existing.id;
        answer->refund = f->existing;
    }
}

static struct refund new_refund(const struct refund_facts *f)
{
    const struct refund_request *req = f->ask->req;
    enum refund_state state = req->awaits_approval ? STATE_AWAITING_APPROVAL : STATE_HELD;
    return (struct refund){
        .id = id_new(),
        .merchant = f->merchant.id,
        .order_row = f->order.id,
        .txn_row = f->txn.id,
        .unique_request_id = req->unique_request_id,
        .amount_minor = f->amount_minor,
        .currency = f->order.currency,
        .state = machine_state_name(state),
        .status = machine_status(state),
        .refund_type = f->refund_type,
        .reason = f->ask->reason,
        .note = req->note,
        .source = source_names[req->source],
        .initiated_by = req->source == SOURCE_AUTO ? "AUTO_REFUNDED" : req->actor->name,
        .gateway = str_eq(f->refund_type, "PAYOUT") ? f->payer.name : f->txn.gateway,
        .metadata = req->metadata,
        .created_ms = f->now_ms,
        .hold_until_ms = f->now_ms + f->merchant.hold_ms,
        .updated_ms = f->now_ms,
        .order_id = f->order.order_id,
        .txn_id = f->txn.txn_id,
    };
}

/* The payee and the parts are the facts' own: they live as long as the arena. */
static struct refund_view view_of(struct arena *a, const struct refund *r,
                                  const struct refund_facts *f)
{
    struct refund_view v = {.refund = *r, .parts = f->parts, .n_parts = f->n_parts};
    if (str_eq(r->refund_type, "PAYOUT")) {
        struct payee *payee = arena_alloc(a, sizeof *payee);
        *payee = f->payee;
        v.payee = payee;
    }
    return v;
}

static enum rc record(struct sql *q, struct arena *a, const struct refund_view *made,
                      struct announce_later *later, struct err *e)
{
    const struct refund *r = &made->refund;
    const struct refund_news news = {.actor = r->initiated_by, .made = made};
    const char *frozen = refund_freeze(a, r, &news);
    const struct event ev = {
        .merchant = r->merchant,
        .order_row = r->order_row,
        .refund_row = r->id,
        .name = str_eq(r->source, "AUTO") ? "AUTO_REFUND_INITIATED" : "REFUND_INITIATED",
        .actor = r->initiated_by,
        .at_ms = r->created_ms,
        .frozen = frozen,
    };
    const struct audit_entry entry = {
        .merchant = r->merchant,
        .at_ms = r->created_ms,
        .actor = r->initiated_by,
        .action = "refund.created",
        .subject = arena_printf(a, "%s/%s", r->order_id, r->unique_request_id),
        .detail = frozen,
    };
    enum rc rc =
        later != NULL ? announce_note(q, a, later, &ev, e) : announce(q, &ev, r->created_ms, e);
    return rc == RC_OK ? audit_add(q, &entry, e) : rc;
}

static enum rc insert(struct sql *q, struct arena *a, const struct refund_view *made,
                      struct announce_later *later, struct err *e)
{
    const struct refund *r = &made->refund;
    bool awaits = str_eq(r->state, machine_state_name(STATE_AWAITING_APPROVAL));
    enum rc rc = txns_hold(q, r->txn_row, r->amount_minor, 0, e);
    if (rc == RC_OK)
        rc = refunds_insert(q, r, e);
    if (rc == RC_OK)
        rc = split_insert_refund(q, r->id, made->parts, made->n_parts, e);
    if (rc == RC_OK && made->payee != NULL)
        rc = payouts_insert(q, r->id, made->payee, e);
    if (rc == RC_OK && !awaits)
        rc = jobs_put(q, JOB_SEND, r->merchant, r->id, refund_lane(a, r), r->hold_until_ms, 0, e);
    if (rc == RC_OK)
        rc = record(q, a, made, later, e);
    if (rc == RC_OK && awaits)
        rc = occasion_of_refund(q, a, OCCASION_APPROVAL_REQUESTED, r, r->state, r->created_ms, e);
    return rc;
}

static enum rc judge_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct refund_facts facts;
    enum rc rc = validate_gather(q, w->arena, w->ask, clock_wall_ms(&w->app->clock), &facts, e);
    if (rc == RC_OK)
        answer_facts(w->answer, &facts);
    return rc;
}

static enum rc judge_and_insert(struct sql *q, struct work *w, struct err *e)
{
    struct refund_facts facts;
    enum rc rc = validate_gather(q, w->arena, w->ask, w->now_ms, &facts, e);
    if (rc != RC_OK)
        return rc;
    answer_facts(w->answer, &facts);
    if (w->answer->cause != CAUSE_NONE)
        return RC_OK;
    w->answer->refund = new_refund(&facts);
    w->answer->flat = view_of(w->arena, &w->answer->refund, &facts);
    rc = insert(q, w->arena, &w->answer->flat, w->ask->req->later, e);
    if (rc == RC_OK && w->ask->req->wants_view)
        rc = order_view_of(q, w->arena, facts.merchant.merchant_id, &facts.order, &w->answer->view,
                           e);
    w->answer->view.now_ms = facts.now_ms;
    return rc;
}

enum rc refund_create_in(struct sql *q, struct arena *arena, const struct refund_ask *ask,
                         int64_t now_ms, struct refund_answer *answer, struct err *e)
{
    struct work w = {.arena = arena, .ask = ask, .answer = answer, .now_ms = now_ms};
    return judge_and_insert(q, &w, e);
}

static enum rc create_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct decision *d = w->ask->req->decision;
    enum rc rc = decision_before(d, q, e);
    if (rc != RC_OK || (d != NULL && d->settled))
        return rc;
    w->now_ms = clock_wall_ms(&w->app->clock);
    rc = judge_and_insert(q, w, e);
    return rc == RC_OK ? decision_after(d, q, e) : rc;
}

/* A request that is refused for itself needs no transaction. */
static bool refused_early(const struct refund_ask *ask, struct refund_answer *answer)
{
    if (ask->early == CAUSE_NONE)
        return false;
    *answer =
        (struct refund_answer){.cause = ask->early, .detail = ask->detail, .refundable_minor = -1};
    return true;
}

enum rc refund_create(struct app *app, struct arena *arena, const struct refund_request *req,
                      struct refund_answer *answer, struct err *e)
{
    struct work w = {app, arena, validate_ask(arena, req, &app->worker_key), answer, 0};
    if (refused_early(w.ask, answer))
        return RC_OK;
    enum rc rc = sql_tx(app->db, create_fn, &w, e);
    if (rc == RC_OK && answer->cause == CAUSE_NONE && !(req->decision && req->decision->settled))
        app_wake_worker(app);
    return rc;
}

enum rc refund_judge_only(struct app *app, struct arena *arena, const struct refund_request *req,
                          struct refund_answer *answer, struct err *e)
{
    struct work w = {app, arena, validate_ask(arena, req, &app->worker_key), answer, 0};
    if (refused_early(w.ask, answer))
        return RC_OK;
    return sql_read(app->db, judge_fn, &w, e);
}
