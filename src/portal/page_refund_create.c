/* Create Refund: a page, or the content of the popup. GET shows the form; POST step=confirm judges
 * and asks again in words; step=initiate does it, step=rest asks again for all that is left,
 * step=edit goes back. From the currency's threshold on the amount is typed once more to initiate.
 * The form's one-time id is the refund's unique_request_id, so that the same form never makes two.
 * A payout to another account has a page of its own, by the same steps.
 */
#include "portal/portal.h"
#include "portal/refund_form.h"
#include "portal/rows.h"
#include "portal/shell.h"

#include "core/id.h"
#include "refund/validate.h"
#include "store/gateways.h"
#include <string.h>

#define ONE_TIME_ID_PREFIX "erf_"
enum { ONE_TIME_ID_DIGITS = 16 };

static bool is_one_time_id(const char *text)
{
    size_t prefix = strlen(ONE_TIME_ID_PREFIX);
    return text && str_starts(text, ONE_TIME_ID_PREFIX) &&
           strlen(text) == prefix + ONE_TIME_ID_DIGITS &&
           strspn(text + prefix, "0123456789abcdef") == ONE_TIME_ID_DIGITS;
}

static char *new_one_time_id(struct arena *a)
{
    return id_random_hex(a, ONE_TIME_ID_PREFIX, ONE_TIME_ID_DIGITS);
}

/* The transaction named in the address or form, else the one the order shows. */
static const struct txn *chosen_txn(const struct order_view *v, const char *txn_id)
{
    if (str_empty(txn_id))
        return v->order.is_split_payment ? NULL : v->shown;
    for (int i = 0; i < v->n_txns; i++)
        if (str_eq(v->txns[i].txn_id, txn_id))
            return &v->txns[i];
    return NULL;
}

/* What the payment's gateway can do, and who got how much of the order. */
static enum rc read_choices(struct sql *q, struct refund_form *form, struct err *e)
{
    struct arena *a = form->req->arena;
    const struct order *o = &form->view.order;
    struct party *parties;
    struct gateway_row gateway;
    struct err none;
    if (!form->txn)
        return RC_OK;
    enum rc rc =
        gateways_by_name(q, a, o->merchant, str_or(form->txn->gateway, ""), &gateway, &none);
    if (rc != RC_OK && rc != RC_NOT_FOUND) {
        *e = none;
        return rc;
    }
    form->can_instant =
        rc == RC_OK && gateway.can_instant && validate_can_call(&form->merchant, &gateway);
    rc = payout_form_read(q, a, &form->merchant, form->is_payout, &form->payout, e);
    if (rc != RC_OK || !o->is_split_settled)
        return rc;
    rc = split_of_order(q, a, o->id, form->txn->id, &parties, &form->split.n, e);
    form->split.parties = parties;
    return rc;
}

static enum rc read_form(struct sql *q, void *arg, struct err *e)
{
    struct refund_form *form = arg;
    struct req *r = form->req;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &form->merchant, e);
    if (rc == RC_OK)
        rc = order_view_read(q, r->arena, r->actor.merchant, r->actor.merchant_id, r->params[0],
                             &form->view, e);
    if (rc == RC_OK)
        rc =
            merchants_currency(q, r->actor.merchant, form->view.order.currency, &form->currency, e);
    if (rc != RC_OK)
        return rc;
    form->txn = chosen_txn(&form->view, req_value(r, "txn"));
    return read_choices(q, form, e);
}

static enum rc load(struct req *r, bool is_payout, struct refund_form *form, struct err *e)
{
    *form = (struct refund_form){.req = r, .is_payout = is_payout};
    enum rc rc = sql_read(r->app->db, read_form, form, e);
    if (rc != RC_OK)
        return rc;
    const char *txn_id = req_value(r, "txn");
    if (!str_empty(txn_id) && !form->txn)
        return ERR(e, RC_NOT_FOUND, "The order has no such transaction.", "txn %s", txn_id);
    payout_form_choose(&form->payout, req_value(r, "to"));
    form->ctx = (struct rows_ctx){r->arena, shell_format(&form->merchant), r->now_ms, true};
    return RC_OK;
}

static struct refund_request request_of(const struct refund_form *form)
{
    bool asked = form->amount != NULL;
    return (struct refund_request){
        .actor = &form->req->actor,
        .source = SOURCE_PORTAL,
        .order_id = form->view.order.order_id,
        .txn_id = form->txn ? form->txn->txn_id : NULL,
        .unique_request_id = form->id,
        .amount_given = !asked          ? GIVEN_ABSENT
                        : *form->amount ? GIVEN_TEXT
                                        : GIVEN_NULL,
        .amount = form->amount,
        .refund_type = form->is_payout         ? "PAYOUT"
                       : str_empty(form->type) ? NULL
                                               : form->type,
        .payout = form->is_payout ? &form->payout.ask : NULL,
        .split = form->split.typed ? &form->split.ask : NULL,
        .reason = form->reason,
        .note = str_empty(form->note) ? NULL : form->note,
    };
}

/* A refusal that no other amount or reason can mend: the popup only says why. */
static bool is_final(const struct refund_answer *answer)
{
    switch (answer->cause) {
    case CAUSE_NONE:
    case CAUSE_MISSING_FIELD:
    case CAUSE_BAD_REQUEST:
    case CAUSE_AMOUNT_INVALID:
    case CAUSE_TOO_MANY_DECIMALS:
    case CAUSE_BELOW_MINIMUM:
    case CAUSE_TWIN:
    case CAUSE_SPLIT_OR_BENEFICIARY:
        return false;
    case CAUSE_EXCEEDS:
        return answer->refundable_minor <= 0;
    default:
        return true;
    }
}

static enum rc show(const struct refund_form *form, struct reply *p, struct err *e)
{
    struct page *page;
    enum rc rc = refund_form_page(form, &page, e);
    if (rc == RC_OK)
        reply_page(p, 200, page);
    return rc;
}

static enum rc open_form(struct req *r, struct reply *p, bool is_payout, struct err *e)
{
    struct refund_form form;
    struct refund_answer answer = {.cause = CAUSE_NONE};
    enum rc rc = load(r, is_payout, &form, e);
    if (rc != RC_OK)
        return rc;
    form.id = new_one_time_id(r->arena);
    form.amount = form_get(&r->query, "amount"); /* a retry begins with what was asked before */
    form.reason = form_get(&r->query, "reason");
    form.type = form_get(&r->query, "type");
    struct refund_request req = request_of(&form);
    req.refund_type = is_payout ? "PAYOUT" : NULL; /* what the order allows, not what is asked */
    rc = refund_judge_only(r->app, r->arena, &req, &answer, e);
    if (rc != RC_OK)
        return rc;
    form.closed = is_final(&answer) || (is_payout && form.payout.n_gateways == 0);
    form.answer = form.closed ? &answer : NULL;
    if (form.split.n > 0 && form_get(&r->query, "amount"))
        split_form_take(&form.split, &form.ctx, form.view.order.currency, &r->query);
    if (is_payout && !form.closed)
        payout_form_take(&form.payout, r->arena, &r->query);
    return show(&form, p, e);
}

enum rc page_refund_create(struct req *r, struct reply *p, struct err *e)
{
    return open_form(r, p, false, e);
}

enum rc page_payout_create(struct req *r, struct reply *p, struct err *e)
{
    return open_form(r, p, true, e);
}

/* ---- POST
 * ---------------------------------------------------------------------------------------- */

/* The amount of a split order is the sum of what its parties give back. */
static void read_parts(struct refund_form *form, bool rest)
{
    const char *currency = form->view.order.currency;
    if (form->split.n == 0)
        return;
    if (rest)
        split_form_rest(&form->split, &form->ctx, currency);
    else
        split_form_take(&form->split, &form->ctx, currency, &form->req->form);
    form->amount = money_text(form->req->arena, form->split.sum_minor, currency);
}

static void read_values(struct req *r, struct refund_form *form, bool rest)
{
    form->id = form_get(&r->form, "id");
    form->amount = rest && form->txn ? refund_form_rest(form)
                                     : str_trim(r->arena, str_or(form_get(&r->form, "amount"), ""));
    form->type = str_or(form_get(&r->form, "type"), "");
    form->reason = str_or(form_get(&r->form, "reason"), "");
    form->typed = str_trim(r->arena, str_or(form_get(&r->form, "typed"), ""));
    form->note = str_trim(r->arena, str_or(form_get(&r->form, "note"), ""));
    read_parts(form, rest);
    if (form->is_payout)
        payout_form_take(&form->payout, r->arena, &r->form);
}

static bool used_before(enum cause cause)
{
    return cause == CAUSE_ID_IN_FLIGHT || cause == CAUSE_ID_DONE;
}

static void go_to_order(const struct refund_form *form, struct reply *p, int64_t refund, bool again)
{
    struct arena *a = form->req->arena;
    const char *rest = arena_printf(a, "?new=%s%s", id_text(a, refund), again ? "&again=1" : "");
    reply_redirect(p, web_path(a, "/orders/", form->view.order.order_id, rest));
}

/* What the form alone can be refused for. */
static enum cause judge_values(struct refund_form *form, struct refund_answer *answer)
{
    *answer = (struct refund_answer){.refundable_minor = -1};
    if (!form->txn) {
        answer->cause = CAUSE_SPLIT_PAYMENT;
    } else if (!is_one_time_id(form->id)) {
        answer->cause = CAUSE_BAD_REQUEST;
        answer->detail = "id";
        form->id = new_one_time_id(form->req->arena);
    } else if (!*form->reason) {
        answer->cause = CAUSE_MISSING_FIELD;
        answer->detail = "refund_reason";
    } else if (form->split.wrong) {
        answer->cause = CAUSE_SPLIT_OR_BENEFICIARY;
        answer->detail = "parts";
    }
    return answer->cause;
}

static enum rc take_form(struct req *r, struct reply *p, bool is_payout, struct err *e)
{
    struct refund_form form;
    struct refund_answer answer;
    const char *step = str_or(form_get(&r->form, "step"), "confirm");
    bool initiate = str_eq(step, "initiate"), edit = str_eq(step, "edit");

    enum rc rc = load(r, is_payout, &form, e);
    if (rc != RC_OK)
        return rc;
    read_values(r, &form, str_eq(step, "rest"));
    form.typed_wrong = initiate && !refund_form_typed_right(&form);
    bool judged = judge_values(&form, &answer) != CAUSE_NONE;
    struct refund_request req = request_of(&form);
    bool act = initiate && !form.typed_wrong;
    if (!judged && act)
        rc = refund_create(r->app, r->arena, &req, &answer, e);
    else if (!judged)
        rc = refund_judge_only(r->app, r->arena, &req, &answer, e);
    if (rc != RC_OK)
        return rc;

    if (used_before(answer.cause) || (act && answer.cause == CAUSE_NONE)) {
        bool again = answer.cause != CAUSE_NONE;
        go_to_order(&form, p, again ? answer.existing : answer.refund.id, again);
        return RC_OK;
    }
    form.confirm = answer.cause == CAUSE_NONE && !edit;
    form.closed = is_final(&answer);
    form.answer = answer.cause != CAUSE_NONE && !edit ? &answer : NULL;
    return show(&form, p, e);
}

enum rc page_refund_create_post(struct req *r, struct reply *p, struct err *e)
{
    return take_form(r, p, false, e);
}

enum rc page_payout_create_post(struct req *r, struct reply *p, struct err *e)
{
    return take_form(r, p, true, e);
}
