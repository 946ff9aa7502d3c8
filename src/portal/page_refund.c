#include "portal/portal.h"
#include "portal/rows.h"
#include "portal/shell.h"
#include "portal/timeline.h"

#include "core/id.h"
#include "refund/create.h"
#include <inttypes.h>

struct work {
    struct req *req;
    int64_t id;
    struct merchant merchant;
    struct refund refund;
    struct txn txn;
    struct event *events;
    int n_events;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = refunds_get(q, a, w->id, &w->refund, e);
    if (rc == RC_OK && w->refund.merchant != w->req->actor.merchant)
        return ERR(e, RC_NOT_FOUND, "There is no such refund.", "refund of another merchant");
    if (rc == RC_OK)
        rc = txns_get(q, a, w->refund.txn_row, &w->txn, e);
    if (rc == RC_OK)
        rc = events_of(q, a, w->refund.order_row, w->refund.id, &w->events, &w->n_events, e);
    return rc;
}

static const char *time_or_null(const struct rows_ctx *c, int64_t wall_ms)
{
    return wall_ms ? format_time_full(c->arena, &c->format, wall_ms) : NULL;
}

static void fill_facts(const struct rows_ctx *c, struct page_node *root, const struct refund *r,
                       const struct txn *t)
{
    const char *reason = refund_reason_label(r->reason);
    bool waits = r->next_check_ms > c->now_ms;

    rows_fact_id(root, "Refund", r->unique_request_id);
    rows_fact_id(root, "Order", r->order_id);
    rows_fact_id(root, "Transaction", r->txn_id);
    rows_fact(root, "Created", time_or_null(c, r->created_ms));
    rows_fact(root, "Created by", r->initiated_by);
    rows_fact(root, "Approved or rejected by", r->checked_by);
    rows_fact(root, "Goes back to", rows_goes_back_to(c->arena, t));
    rows_fact(root, "Gateway", r->gateway);
    rows_fact(root, "Type", r->refund_type);
    rows_fact(root, "Reason", reason ? reason : r->reason);
    rows_fact(root, "Note", r->note);
    rows_fact(root, "Attempts",
              r->attempts ? arena_printf(c->arena, "%" PRId64, r->attempts) : NULL);
    rows_fact(root, "Last sent", time_or_null(c, r->sent_ms));
    rows_fact(root, "Next automatic check", waits ? time_or_null(c, r->next_check_ms) : NULL);
    rows_fact_id(root, "Gateway's refund id", r->gateway_ref);
    rows_fact_id(root, "Bank reference", r->arn);
    rows_fact(root, "Executed", time_or_null(c, r->processed_ms));
    rows_fact_id(root, "Error code", r->error_code);
    rows_fact(root, "Error", r->error_message);
}

static void fill(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct refund *r = &w->refund;
    struct page_node *order = page_child(root, "order");

    page_set(root, "amount", format_money(c->arena, &c->format, r->amount_minor, r->currency));
    rows_refund_badge(page_child(root, "status"), r);
    page_set(root, "truth", rows_truth(c, r));
    if (rows_can_cancel(c, r))
        page_set(root, "cancel",
                 arena_printf(c->arena, "/refunds/%s/cancel", id_text(c->arena, r->id)));
    fill_facts(c, root, r, &w->txn);
    page_set(root, "words", r->gateway_words);
    page_set(order, "order_id", r->order_id);
    page_set(order, "href", web_path(c->arena, "/orders/", str_or(r->order_id, ""), ""));
    rows_equation(c, page_child(root, "equation"), &w->txn);
    timeline_fill(c, root, w->events, w->n_events);
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

    const char *title = arena_printf(r->arena, "Refund %s", w.refund.unique_request_id);
    struct page *page = shell_page(r, "page/refund", title, &w.merchant);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    fill(&c, page_root(page), &w);
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
