#include "portal/conflict_words.h"
#include "portal/facts.h"
#include "portal/payout_form.h"
#include "portal/portal.h"
#include "portal/rows.h"
#include "portal/shell.h"
#include "portal/split_form.h"
#include "portal/timeline.h"

#include "core/id.h"
#include "refund/create.h"
#include "refund/order_body.h"
#include "refund/sheet.h"
#include <inttypes.h>

struct work {
    struct req *req;
    struct merchant merchant;
    struct gateway_set gateways;
    struct order_view view;
    struct event *events;
    int n_events;
    struct notified *notified;
    int n_notified;
    struct exception *exceptions;
    int n_exceptions;
    struct conflict_set conflicts;
    struct party *parties; /* of a split-settled order */
    int n_parties;
    struct payout_form payout; /* the gateways that could pay out */
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct req *r = w->req;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = gateways_list(q, r->arena, w->merchant.id, &w->gateways.rows, &w->gateways.count, e);
    if (rc == RC_OK)
        rc = order_view_read(q, r->arena, r->actor.merchant, r->actor.merchant_id, r->params[0],
                             &w->view, e);
    if (rc == RC_OK)
        rc = events_of(q, r->arena, w->view.order.id, 0, &w->events, &w->n_events, e);
    if (rc == RC_OK)
        rc = deliveries_of(q, r->arena, w->view.order.id, 0, &w->notified, &w->n_notified, e);
    if (rc == RC_OK)
        rc =
            exceptions_of_order(q, r->arena, w->view.order.id, &w->exceptions, &w->n_exceptions, e);
    if (rc == RC_OK)
        rc = conflict_words_read(q, r->arena, &w->view.order, &w->conflicts, e);
    if (rc == RC_OK)
        rc = payout_form_read(q, r->arena, &w->merchant, false, &w->payout, e);
    if (rc == RC_OK && w->view.order.is_split_settled)
        rc = split_of_order(q, r->arena, w->view.order.id, w->view.shown ? w->view.shown->id : 0,
                            &w->parties, &w->n_parties, e);
    return rc;
}

/* ---- facts -------------------------------------------------------------------------------------
 */

/* The facts of an order or a txn, without the desk's own notes. */
static struct json_object *read_facts(struct arena *a, const char *text)
{
    struct json_object *facts = facts_read(a, text);
    json_object_object_del(facts, SHEET_TIMES);
    return facts;
}

static void move_fact(struct json_object *from, const char *key, struct json_object *to)
{
    struct json_object *value = json_get(from, key);
    if (value)
        json_put(to, key, json_object_get(value));
    json_object_object_del(from, key);
}

/* What was only echoed, each kind under its own title; the rest as it came. */
static void fill_echoed(const struct rows_ctx *c, struct page_node *root, const struct order *o)
{
    static const struct {
        const char *title, *prefix;
    } kinds[] = {
        {"Billing address", "billing_"},
        {"Shipping address", "shipping_"},
        {"User-defined fields", "udf"},
        {"Metadata", "metadata"},
        {"Offers", "offers"},
        {"Rewards", "rewards_breakup"},
        {"Payment links", "payment_links"},
    };
    struct json_object *facts = read_facts(c->arena, o->facts);
    struct facts_group rest = facts_group(c, root, "Also told");

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct facts_group g = facts_group(c, root, kinds[i].title);
        struct json_object *whole = json_get(facts, kinds[i].prefix);
        struct json_object *some = json_object_in(c->arena);
        const char *const *keys = facts_keys(c->arena, facts, kinds[i].prefix);
        if (whole) {
            facts_put_json(&g, whole);
            json_object_object_del(facts, kinds[i].prefix);
            continue;
        }
        for (; *keys; keys++)
            move_fact(facts, *keys, some);
        facts_put_json(&g, some);
    }
    facts_put_json(&rest, facts);
}

static void fill_facts(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct order *o = &w->view.order;
    const struct txn *shown = w->view.shown;
    struct facts_group g = facts_group(c, root, NULL);
    struct facts_group who = facts_group(c, root, "Customer");

    facts_put_id(&g, "Order", o->order_id);
    facts_put_time(&g, "Created", o->created_ms);
    if (o->effective_minor != o->amount_minor)
        facts_put_money(&g, "Effective amount", o->effective_minor, o->currency);
    if (o->offer_minimum_minor >= 0) {
        int64_t most = o->amount_minor - o->offer_minimum_minor;
        facts_put_money(&g, "Refundable without breaking the offer", most > 0 ? most : 0,
                        o->currency);
    }
    if (shown && !o->is_split_payment) {
        facts_put(&g, "Paid with", rows_paid_with(c->arena, shown));
        if (shown->charged_ms)
            facts_put(&g, "Goes back to", rows_goes_back_to(c->arena, shown));
    }
    if (o->is_split_payment)
        facts_put(&g, "Payments", "Several payments paid this order together");
    if (o->is_cod)
        facts_put(&g, "Payment", "Cash on delivery");
    facts_put(&g, "Product", o->product_id);
    facts_put(&g, "Description", o->description);
    facts_put_id(&g, "Public id", o->public_id);
    facts_put(&g, "Return address", o->return_url);
    facts_put_id(&who, "Customer", o->customer_id);
    facts_put(&who, "E-mail", o->customer_email);
    facts_put(&who, "Phone", o->customer_phone);
    fill_echoed(c, root, o);
}

/* Everything one payment brought: what its row in the table has no room for. */
static void fill_txn_facts(const struct rows_ctx *c, struct page_node *n, const struct txn *t)
{
    struct json_object *facts = read_facts(c->arena, t->facts);
    struct facts_group g = facts_group(c, n, NULL), rest = facts_group(c, n, "Bank and redirect");
    static const char *const own[][2] = {{"card", "Card"},
                                         {"payment_gateway_response", "Gateway's answer"}};

    facts_put_id(&g, "Transaction", t->txn_id);
    facts_put_time(&g, "Started", t->created_ms);
    facts_put_time(&g, "Charged", t->charged_ms);
    facts_put_id(&g, "Gateway's payment id", t->payment_id);
    facts_put_id(&g, "Gateway's reference", t->gateway_reference_id);
    facts_put(&g, "Gateway number",
              t->gateway_id ? arena_printf(c->arena, "%" PRId64, t->gateway_id) : NULL);
    facts_put(&g, "Method", rows_method(c->arena, t));
    if (t->charged_ms)
        facts_put(&g, "Goes back to", rows_goes_back_to(c->arena, t));
    facts_put(&g, "Authentication", t->auth_type);
    facts_put_money(&g, "Net amount", t->net_minor, t->currency);
    facts_put_money(&g, "Tax", t->tax_minor, t->currency);
    facts_put_money(&g, "Surcharge", t->surcharge_minor, t->currency);
    facts_put_id(&g, "Transaction's public id", t->txn_uuid);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        struct facts_group inner = facts_group(c, n, own[i][1]);
        facts_put_json(&inner, json_get(facts, own[i][0]));
        json_object_object_del(facts, own[i][0]);
    }
    facts_put_json(&rest, facts);
}

/* What a person should know before anything else. */
static void fill_flags(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    conflict_words_flags(c, root, &w->conflicts, &w->view);
    for (int i = 0; i < w->n_exceptions; i++)
        rows_exception(c, root, &w->exceptions[i]);
}

/* The order as if this payment alone had paid it: what its own button asks. */
static enum cause txn_obstacle(const struct work *w, const struct txn *t, int64_t now_ms)
{
    struct order alone = w->view.order;
    alone.status = t->status;
    alone.is_split_payment = false;
    return refund_order_obstacle(&w->merchant, &w->gateways, &alone, t, now_ms);
}

static const char *create_path(const struct rows_ctx *c, const struct order *o, const struct txn *t)
{
    char *path = web_path(c->arena, "/orders/", o->order_id, "/refund");
    return t ? web_path(c->arena, arena_printf(c->arena, "%s?txn=", path), t->txn_id, "") : path;
}

static void fill_txn(const struct rows_ctx *c, struct page_node *n, const struct work *w,
                     const struct txn *t)
{
    struct arena *a = c->arena;
    const struct order_status *s = order_status_find(t->status);

    rows_time(c, page_child(n, "at"), t->created_ms);
    page_set(n, "id", t->txn_id);
    page_set(n, "amount", format_money(a, &c->format, t->amount_minor, t->currency));
    rows_order_badge(c, page_child(n, "status"), t->status);
    page_set(n, "said", conflict_words_said(a, &w->conflicts, t));
    if (s && s->cls == CLASS_REFUNDABLE && w->view.n_txns > 1)
        rows_equation(c, page_child(n, "equation"), t);
    if (s && s->cls == CLASS_REFUNDABLE)
        page_set(n, "left",
                 format_amount(a, &c->format, t->amount_minor - t->held_minor, t->currency));
    page_set(n, "paid_with", rows_paid_with(a, t));
    page_set(n, "payment_id", t->payment_id);
    page_flag(n, "alone", w->view.n_txns == 1);
    fill_txn_facts(c, n, t);
    /* with one payment the big button says it all */
    bool choose = w->view.n_txns > 1 || w->view.order.is_split_payment;
    if (choose && c->may_refund && txn_obstacle(w, t, c->now_ms) == CAUSE_NONE)
        page_set(n, "create", create_path(c, &w->view.order, t));
}

/* What only the whole judgement knows and no amount can mend. */
static enum rc judge(struct req *r, const struct order *o, enum cause *why, struct err *e)
{
    struct refund_answer answer;
    struct refund_request request = {.actor = &r->actor,
                                     .source = SOURCE_PORTAL,
                                     .order_id = o->order_id,
                                     .unique_request_id = id_random_hex(r->arena, "erf_", 16),
                                     .amount_given = GIVEN_ABSENT};
    enum rc rc = refund_judge_only(r->app, r->arena, &request, &answer, e);
    if (rc == RC_OK && answer.cause == CAUSE_TOO_MANY_REFUNDS)
        *why = answer.cause;
    return rc;
}

/* What cannot go back to its source any more may go to another account. */
static bool may_pay_out(const struct work *w)
{
    const struct txn *t = w->view.shown;
    return w->payout.n_gateways > 0 && t && t->charged_ms && t->held_minor < t->amount_minor;
}

static enum rc fill_action(const struct rows_ctx *c, struct page_node *root, const struct work *w,
                           struct err *e)
{
    const struct order *o = &w->view.order;
    enum cause why = refund_order_obstacle(&w->merchant, &w->gateways, o, w->view.shown, c->now_ms);

    page_flag(root, "may_create", c->may_refund);
    if (why == CAUSE_NONE && o->is_split_payment)
        why = CAUSE_SPLIT_PAYMENT;
    if (why == CAUSE_NONE && c->may_refund) {
        enum rc rc = judge(w->req, o, &why, e);
        if (rc != RC_OK)
            return rc;
    }
    if (why == CAUSE_NONE)
        page_set(root, "create", create_path(c, o, NULL));
    else
        page_set(root, "why_not", rows_why_not(why));
    if ((why == CAUSE_ORDER_TOO_OLD || why == CAUSE_GATEWAY_CANNOT) && may_pay_out(w))
        page_set(root, "payout", web_path(c->arena, "/orders/", o->order_id, "/payout"));
    return RC_OK;
}

/* After the popup: what was done, or was done before. */
static void fill_notice(const struct rows_ctx *c, struct page_node *root, const struct work *w,
                        const struct refund *r)
{
    struct page_node *n = page_child(root, "notice");
    const char *money = format_money(c->arena, &c->format, r->amount_minor, r->currency);
    bool again = form_get(&w->req->query, "again") != NULL;
    const char *truth = rows_truth(c, r);

    page_set(n, "color", again ? "info" : "success");
    page_set(n, "title", again ? "Nothing was done twice." : "Refund created.");
    page_set(
        n, "text",
        again
            ? arena_printf(c->arena, "That form had already created the refund of %s below.", money)
            : arena_printf(c->arena, "%s %s%s%s", money,
                           str_eq(r->status, "FAILURE")       ? "was asked for"
                           : str_eq(r->refund_type, "PAYOUT") ? "is paid out to another account"
                                                              : "goes back to the customer",
                           truth ? ". " : ".", str_or(truth, "")));
}

static void fill_refunds(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const char *fresh = form_get(&w->req->query, "new");
    int64_t fresh_id = 0;
    bool has_fresh = fresh && id_parse(fresh, &fresh_id);

    for (int i = 0; i < w->view.n_refunds; i++) {
        const struct refund *r = &w->view.refunds[i];
        struct page_node *n = page_add(root, "rows");
        rows_refund(c, n, r);
        if (has_fresh && r->id == fresh_id) {
            page_flag(n, "fresh", true);
            fill_notice(c, root, w, r);
        }
    }
}

static bool is_refundable(const struct txn *t)
{
    const struct order_status *s = order_status_find(t->status);
    return s && s->cls == CLASS_REFUNDABLE;
}

/* Of the payment that counts; of all that paid the order together, their sum. */
static void fill_equation(const struct rows_ctx *c, struct page_node *root,
                          const struct order_view *v)
{
    struct txn sum = {.currency = v->order.currency};
    for (int i = 0; i < v->n_txns; i++) {
        const struct txn *t = &v->txns[i];
        if (!is_refundable(t) || (t != v->shown && !v->order.is_split_payment))
            continue;
        sum.amount_minor += t->amount_minor;
        sum.held_minor += t->held_minor;
        sum.refunded_minor += t->refunded_minor;
    }
    if (sum.amount_minor > 0)
        rows_equation(c, page_child(root, "equation"), &sum);
}

/* When anything that the page shows moved last. */
static int64_t newest_change(const struct work *w)
{
    int64_t newest = w->view.order.updated_ms;
    for (int i = 0; i < w->view.n_refunds; i++)
        if (w->view.refunds[i].updated_ms > newest)
            newest = w->view.refunds[i].updated_ms;
    for (int i = 0; i < w->n_events; i++)
        if (w->events[i].at_ms > newest)
            newest = w->events[i].at_ms;
    return newest;
}

static const struct refund *moved_last(const struct work *w)
{
    const struct refund *last = NULL;
    for (int i = 0; i < w->view.n_refunds; i++)
        if (!last || w->view.refunds[i].updated_ms > last->updated_ms)
            last = &w->view.refunds[i];
    return last;
}

static bool any_pending(const struct work *w)
{
    for (int i = 0; i < w->view.n_refunds; i++)
        if (str_eq(w->view.refunds[i].status, "PENDING"))
            return true;
    return false;
}

enum rc page_order(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;

    const struct order *o = &w.view.order;
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    timeline_add_notified(&c, &w.events, &w.n_events, w.notified, w.n_notified);
    int64_t seen = newest_change(&w);
    if (rows_seen_is(r, seen)) {
        reply_text(p, 204, "text/plain", "");
        return RC_OK;
    }
    struct page *page =
        shell_page(r, "page/order", arena_printf(r->arena, "Order %s", o->order_id), &w.merchant);
    struct page_node *root = page_root(page);

    page_set(root, "amount", format_money(r->arena, &c.format, o->amount_minor, o->currency));
    rows_order_badge(&c, page_child(root, "status"), o->status);
    rc = fill_action(&c, root, &w, e);
    if (rc != RC_OK)
        return rc;
    fill_equation(&c, root, &w.view);
    rows_live(&c, root, web_path(r->arena, "/orders/", o->order_id, ""), any_pending(&w), seen);
    if (w.view.n_refunds > 0)
        page_set(root, "news", rows_news(&c, moved_last(&w)));
    fill_flags(&c, root, &w);
    fill_facts(&c, root, &w);
    for (int i = 0; i < w.view.n_txns; i++)
        fill_txn(&c, page_add(root, "txns"), &w, &w.view.txns[i]);
    split_form_fill_order(&c, root, w.parties, w.n_parties, o->currency);
    page_set(root, "currency", o->currency);
    fill_refunds(&c, root, &w);
    timeline_fill_order(&c, root, &w.view, w.events, w.n_events);
    reply_page(p, 200, page);
    return RC_OK;
}
