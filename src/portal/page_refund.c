#include "portal/batch_view.h"
#include "portal/facts.h"
#include "portal/portal.h"
#include "portal/rows.h"
#include "portal/shell.h"
#include "portal/split_form.h"
#include "portal/timeline.h"

#include "core/id.h"
#include "refund/create.h"
#include "refund/machine.h"
#include "refund/order_body.h"
#include "store/payouts.h"
#include <inttypes.h>

struct work {
    struct req *req;
    int64_t id;
    struct merchant merchant;
    struct gateway_set gateways;
    struct refund refund;
    struct order_view view; /* its order, with all its refunds */
    struct txn txn;
    struct event *events;
    int n_events;
    struct notified *notified;
    int n_notified;
    struct exception *exceptions;
    int n_exceptions;
    struct party *parties, *parts; /* of a split-settled order, of this refund */
    int n_parties, n_parts;
    struct payee payee;       /* of a payout */
    struct batch_place place; /* the row of a file it was made by */
};

/* Who gives back how much, and where a payout goes. */
static enum rc read_ways(struct sql *q, struct work *w, struct err *e)
{
    struct arena *a = w->req->arena;
    const struct refund *r = &w->refund;
    enum rc rc = split_of_refund(q, a, r->id, &w->parts, &w->n_parts, e);
    if (rc == RC_OK)
        rc = batch_list_of_refund(q, a, r->id, &w->place, e);
    if (rc == RC_OK && w->n_parts > 0)
        rc = split_of_order(q, a, r->order_row, r->txn_row, &w->parties, &w->n_parties, e);
    if (rc == RC_OK && str_eq(r->refund_type, "PAYOUT"))
        rc = payouts_get(q, a, r->id, &w->payee, e);
    return rc;
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    struct order order = {0};
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = gateways_list(q, a, w->merchant.id, &w->gateways.rows, &w->gateways.count, e);
    if (rc == RC_OK)
        rc = refunds_get(q, a, w->id, &w->refund, e);
    if (rc == RC_OK && w->refund.merchant != w->req->actor.merchant)
        return ERR(e, RC_NOT_FOUND, "There is no such refund.", "refund of another merchant");
    if (rc == RC_OK)
        rc = txns_get(q, a, w->refund.txn_row, &w->txn, e);
    if (rc == RC_OK)
        rc = events_of(q, a, w->refund.order_row, w->refund.id, &w->events, &w->n_events, e);
    if (rc == RC_OK)
        rc =
            deliveries_of(q, a, w->refund.order_row, w->refund.id, &w->notified, &w->n_notified, e);
    if (rc == RC_OK)
        rc = orders_get(q, a, w->refund.order_row, &order, e);
    if (rc == RC_OK)
        rc = order_view_of(q, a, w->merchant.merchant_id, &order, &w->view, e);
    if (rc == RC_OK)
        rc = exceptions_of_order(q, a, order.id, &w->exceptions, &w->n_exceptions, e);
    return rc == RC_OK ? read_ways(q, w, e) : rc;
}

static void fill_payee(const struct rows_ctx *c, struct page_node *root, const struct payee *p)
{
    struct facts_group g = facts_group(c, root, "Paid to another account");
    facts_put(&g, "Holder", p->name);
    facts_put(&g, "Account", p->masked);
    facts_put(&g, "Kind", rows_words(c->arena, p->type));
    facts_put(&g, "Transfer", p->transfer_type ? rows_words(c->arena, p->transfer_type) : NULL);
    facts_put(&g, "Mode", p->payout_mode);
    facts_put_id(&g, "Kept beneficiary", p->beneficiary_id);
    facts_put(&g, "Account at the gateway", p->reference_id);
}

static void fill_facts(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct refund *r = &w->refund;
    const struct txn *t = &w->txn;
    bool is_payout = str_eq(r->refund_type, "PAYOUT");
    const char *reason = refund_reason_label(r->reason);
    struct facts_group g = facts_group(c, root, NULL),
                       sent = facts_group(c, root, "At the gateway");
    struct facts_group told = facts_group(c, root, "Metadata");

    facts_put_id(&g, "Refund", r->unique_request_id);
    facts_put_id(&g, "Order", r->order_id);
    facts_put_id(&g, "Transaction", r->txn_id);
    facts_put_time(&g, "Created", r->created_ms);
    facts_put(&g, "Created by", r->initiated_by);
    facts_put(&g,
              str_eq(r->status, "FAILURE") && !r->sent ? "Rejected or cancelled by" : "Approved by",
              r->checked_by);
    facts_put(&g, is_payout ? "Goes to" : "Goes back to",
              is_payout ? rows_pays_to(c->arena, &w->payee, r->gateway)
                        : rows_goes_back_to(c->arena, t));
    facts_put(&g, "Reason", reason ? reason : r->reason);
    facts_put(&g, "Note", r->note);
    facts_put(&g, "Type", rows_words(c->arena, r->refund_type));
    facts_put_id(&g, "Desk's own id", id_text(c->arena, r->id));
    facts_put(&sent, "Gateway", r->gateway);
    facts_put(&sent, "Attempts",
              r->attempts ? arena_printf(c->arena, "%" PRId64, r->attempts) : NULL);
    facts_put_time(&sent, "Last sent", r->sent_ms);
    facts_put_id(&sent, "Gateway's payment id", t->payment_id);
    facts_put_id(&sent, "Gateway's refund id", r->gateway_ref);
    facts_put_id(&sent, "Bank reference", r->arn);
    facts_put_time(&sent, "Executed", r->processed_ms);
    if (is_payout)
        fill_payee(c, root, &w->payee);
    facts_put_json(&told, facts_read(c->arena, r->metadata));
}

/* ---- a refund that failed ----------------------------------------------------------------------
 */

static const struct {
    const char *code, *plain, *advice;
} failures[] = {
    {"CANCELLED", "It was cancelled before it was sent",
     "Create a new one if it is wanted after all."},
    {"REJECTED", "The second person rejected it", "Ask them why before you try again."},
    {"EXPIRED", "Nobody approved it in time", "Retry, and tell the person who approves."},
    {"REFUND_TYPE_NOT_SUPPORTED", "The gateway cannot do this type of refund",
     "Retry with another type, or have the gateway's abilities set right."},
    {"BENEFICIARY_UNREADABLE", "The account to pay out to could not be opened",
     "Create a new one with the account's details."},
    {"BALANCE_TOO_LOW", "The balance at the gateway is too low", "Add funds there, then retry."},
    {"BAD_REQUEST_ERROR", "The gateway refused the request",
     "Read its words below, mend what they name, then retry."},
};

static void fill_failure(const struct rows_ctx *c, struct page_node *root, const struct refund *r,
                         bool held_again)
{
    const char *cause = str_or(r->error_message, "");
    const char *stop = str_empty(cause) || str_ends(cause, ".") ? "" : ".";
    struct page_node *n = page_child(root, "failure");
    const char *plain = r->sent ? "The gateway refused it" : "It was not carried out";
    const char *advice = "Read the words below, then retry or ask the gateway.";

    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (!str_eq(failures[i].code, r->error_code))
            continue;
        plain = failures[i].plain;
        advice = failures[i].advice;
    }
    page_set(n, "color", "danger");
    page_set(n, "title", arena_printf(c->arena, "%s.", plain));
    page_set(n, "text",
             arena_printf(c->arena, "%s%s%s %s", cause, stop,
                          held_again ? "" : " The amount is free again.", advice));
    page_set(n, "code", r->error_code);
}

/* Who lets it go: whoever made it by hand never does. */
static const char *who_approves(const struct rows_ctx *c, const struct refund *r)
{
    if (str_eq(r->source, "AUTO"))
        return "A person who may approve refunds has to approve or reject it, because it is above "
               "the daily ceiling of auto refunds. Nothing is sent before.";
    if (str_eq(r->source, "API"))
        return "A person who may approve refunds has to approve or reject it. Nothing is sent "
               "before.";
    return arena_printf(c->arena,
                        "A person other than %s who may approve refunds has to approve or reject "
                        "it. Nothing is sent before.",
                        r->initiated_by);
}

/* What a person does about a refund that waits for one. */
static void fill_advice(const struct rows_ctx *c, struct page_node *root, const struct refund *r,
                        const struct txn *t)
{
    struct page_node *n = page_child(root, "advice");
    const char *payment =
        str_empty(t->payment_id) ? "" : arena_printf(c->arena, ", payment %s", t->payment_id);
    if (!rows_needs_person(r))
        return;
    page_set(n, "color", "warning");
    page_set(n, "title", "What now?");
    if (str_eq(r->status, "PENDING"))
        page_set(n, "text", who_approves(c, r));
    else if (!r->sent)
        page_set(n, "text",
                 "It never reached the gateway. Cancel it, which frees the amount; then create a "
                 "new one if it is still wanted.");
    else
        page_set(n, "text",
                 arena_printf(c->arena,
                              "Look it up in the dashboard of %s%s; if it is not there, ask "
                              "their support about that payment. Do not refund it a second "
                              "time meanwhile: the amount stays held, and news from %s still "
                              "settles it by itself.",
                              r->gateway, payment, r->gateway));
}

/* Create Refund again with the same amount, as far as it is left, and the same reason. */
static const char *retry_path(const struct rows_ctx *c, const struct work *w)
{
    const struct refund *r = &w->refund;
    struct arena *a = c->arena;
    struct order alone = w->view.order;
    int64_t left_minor = w->txn.amount_minor - w->txn.held_minor;
    int64_t wanted_minor = r->amount_minor < left_minor ? r->amount_minor : left_minor;

    alone.status = w->txn.status;
    alone.is_split_payment = false;
    enum cause why = refund_order_obstacle(&w->merchant, &w->gateways, &alone, &w->txn, c->now_ms);
    bool is_payout = str_eq(r->refund_type, "PAYOUT");
    if (!c->may_refund || !str_eq(r->status, "FAILURE") || left_minor <= 0 ||
        (why != CAUSE_NONE && !(is_payout && why == CAUSE_ORDER_TOO_OLD)))
        return NULL;
    const char *path = web_path(a, "/orders/", str_or(r->order_id, ""),
                                is_payout ? "/payout?txn=" : "/refund?txn=");
    path = web_path(a, path, str_or(r->txn_id, ""), "&amount=");
    path = web_path(a, path, money_text(a, wanted_minor, r->currency), "&reason=");
    path = web_path(a, path, str_or(r->reason, ""), "");
    if (str_eq(r->refund_type, "INSTANT"))
        path = arena_printf(a, "%s&type=INSTANT", path);
    if (w->payee.beneficiary_id)
        path = web_path(a, arena_printf(a, "%s&to=KEPT&beneficiary_id=", path),
                        w->payee.beneficiary_id, "");
    return arena_printf(
        a, "%s%s", path,
        split_form_query(a, w->parties, w->n_parties, w->parts, w->n_parts, r->currency));
}

static void fill_related(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    struct page_node *order = page_child(root, "order");
    page_set(order, "order_id", w->refund.order_id);
    page_set(order, "href", web_path(c->arena, "/orders/", str_or(w->refund.order_id, ""), ""));
    rows_equation(c, page_child(root, "equation"), &w->txn);
    for (int i = 0; i < w->view.n_refunds; i++) {
        struct page_node *n = page_add(root, "rows");
        rows_refund(c, n, &w->view.refunds[i]);
        page_flag(n, "current", w->view.refunds[i].id == w->refund.id);
    }
}

/* A webhook of it is about to go out for the first time. */
static bool tells(const struct work *w)
{
    for (int i = 0; i < w->n_notified; i++)
        if (str_eq(w->notified[i].state, "WAITING") && w->notified[i].attempts == 0)
            return true;
    return false;
}

/* When anything of it moved last. */
static int64_t seen_of(const struct work *w)
{
    int64_t seen = w->refund.updated_ms;
    for (int i = 0; i < w->n_notified; i++)
        if (w->notified[i].tried_ms > seen)
            seen = w->notified[i].tried_ms;
    return seen;
}

static void fill(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct refund *r = &w->refund;
    const char *own = arena_printf(c->arena, "/refunds/%s", id_text(c->arena, r->id));

    page_set(root, "amount", format_money(c->arena, &c->format, r->amount_minor, r->currency));
    rows_refund_badge(page_child(root, "status"), r);
    bool contradicted = false;
    for (int i = 0; i < w->n_exceptions; i++) {
        if (w->exceptions[i].refund_row == r->id) {
            rows_exception(c, root, &w->exceptions[i]);
            contradicted = true;
        }
    }
    if (str_eq(r->status, "FAILURE"))
        fill_failure(c, root, r, contradicted);
    else
        page_set(root, "truth", rows_truth(c, r));
    fill_advice(c, root, r, &w->txn);
    page_set(root, "next", rows_next(c, r, w->merchant.sending_stopped));
    page_set(root, "news", rows_news(c, r));
    rows_live(c, root, own, str_eq(r->status, "PENDING") || tells(w), seen_of(w));
    page_set(root, "retry", retry_path(c, w));
    if (rows_can_cancel(c, r))
        page_set(root, "cancel", arena_printf(c->arena, "%s/cancel", own));
    fill_facts(c, root, w);
    batch_view_place(c, page_child(root, "batch"), &w->place);
    page_set(root, "currency", r->currency);
    split_form_fill_refund(c, root, w->parties, w->n_parties, w->parts, w->n_parts, r->currency);
    page_set(root, "words", r->gateway_words);
    fill_related(c, root, w);
    struct event *events = w->events;
    int n_events = w->n_events;
    timeline_add_notified(c, &events, &n_events, w->notified, w->n_notified);
    timeline_fill(c, root, events, n_events);
}

/* Somebody else than who asked for it decides. */
static void fill_decision(const struct req *r, struct page_node *root, const struct refund *refund)
{
    if (!str_eq(refund->state, machine_state_name(STATE_AWAITING_APPROVAL)) ||
        !shell_may(r, MODULE_APPROVALS, RIGHT_WRITE) || str_eq(refund->initiated_by, r->actor.name))
        return;
    const char *own = arena_printf(r->arena, "/refunds/%s", id_text(r->arena, refund->id));
    page_set(root, "approve", arena_printf(r->arena, "%s/approve", own));
    page_set(root, "reject", arena_printf(r->arena, "%s/reject", own));
}

static enum rc parse_id(const struct req *r, int64_t *id, struct err *e)
{
    if (id_parse(r->params[0], id))
        return RC_OK;
    return ERR(e, RC_NOT_FOUND, "There is no such refund.", "not an id: %s", r->params[0]);
}

enum rc page_refund(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = parse_id(r, &w.id, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;

    if (rows_seen_is(r, seen_of(&w))) {
        reply_text(p, 204, "text/plain", "");
        return RC_OK;
    }
    const char *title = arena_printf(r->arena, "Refund %s", w.refund.unique_request_id);
    struct page *page = shell_page(r, "page/refund", title, &w.merchant);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    fill(&c, page_root(page), &w);
    fill_decision(r, page_root(page), &w.refund);
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_refund_cancel(struct req *r, struct reply *p, struct err *e)
{
    int64_t id;
    enum rc rc = parse_id(r, &id, e);
    if (rc == RC_OK)
        rc = refund_cancel(r->app, r->arena, &r->actor, id, e);
    if (rc == RC_OK)
        reply_redirect(p, arena_printf(r->arena, "/refunds/%s", id_text(r->arena, id)));
    return rc;
}
