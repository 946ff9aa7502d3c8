/* One event on its way to one endpoint: the body that is sent, and every attempt with its answer.
 */
#include "portal/facts.h"
#include "portal/portal.h"
#include "portal/shell.h"
#include "portal/webhook_view.h"

#include "refund/endpoint_form.h"
#include <inttypes.h>

struct work {
    struct req *req;
    struct merchant merchant;
    struct endpoint endpoint;
    struct delivery delivery;
    struct delivery_attempt *attempts;
    int n_attempts;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    int64_t merchant = w->req->actor.merchant, endpoint = w->endpoint.id;
    enum rc rc = merchants_get(q, a, merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = endpoints_get(q, a, merchant, endpoint, &w->endpoint, e);
    if (rc == RC_OK)
        rc = deliveries_get(q, a, merchant, w->delivery.id, &w->delivery, e);
    if (rc == RC_OK && w->delivery.endpoint != endpoint)
        return ERR(e, RC_NOT_FOUND, "There is no such delivery.", "of another endpoint");
    return rc == RC_OK ? deliveries_attempts(q, a, w->delivery.id, &w->attempts, &w->n_attempts, e)
                       : rc;
}

static void fill_facts(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct delivery *d = &w->delivery;
    struct facts_group g = facts_group(c, root, NULL);
    facts_put_id(&g, "Event id", d->event_id);
    facts_put_time(&g, "Made", d->created_ms);
    facts_put(&g, "Attempts", arena_printf(c->arena, "%" PRId64, d->attempts));
    facts_put_time(&g, "Last tried", d->tried_ms);
    facts_put(&g, "Next try", webhook_view_next(c, &w->endpoint, d));
}

static void fill_attempts(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    for (int i = 0; i < w->n_attempts; i++) {
        const struct delivery_attempt *t = &w->attempts[i];
        struct page_node *n = page_add(root, "attempts");
        rows_time(c, page_child(n, "at"), t->at_ms);
        page_set(n, "number", arena_printf(c->arena, "%" PRId64, t->attempt));
        page_set(n, "answer", webhook_view_answer(c->arena, t->status, t->took_ms));
        page_set(n, "said", str_empty(t->said) ? NULL : t->said);
    }
}

/* Said aloud when it moved. */
static const char *news(struct arena *a, const struct delivery *d)
{
    return d->tried_ms
               ? arena_printf(a, "%s: %s", d->name, webhook_view_answer(a, d->status, d->took_ms))
               : arena_printf(a, "%s waits", d->name);
}

static void fill(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    struct arena *a = c->arena;
    const struct delivery *d = &w->delivery;
    int64_t seen = d->tried_ms > d->created_ms ? d->tried_ms : d->created_ms;
    bool waits = str_eq(d->state, "WAITING"), active = str_eq(w->endpoint.state, "ACTIVE");

    page_set(root, "event", d->name);
    page_set(root, "url", w->endpoint.url);
    page_set(root, "back", webhook_view_path(a, d->endpoint, ""));
    page_set(root, "answer",
             d->tried_ms ? webhook_view_answer(a, d->status, d->took_ms) : "not sent yet");
    page_set(root, "said", d->tried_ms || waits ? NULL : d->said);
    webhook_view_delivery_state(page_child(root, "state"), d);
    if (d->order_id) {
        page_set(root, "order_id", d->order_id);
        if (shell_may(w->req, MODULE_ORDERS, RIGHT_READ))
            page_set(root, "order_href", web_path(a, "/orders/", d->order_id, ""));
    } else {
        page_flag(root, "test", true);
    }
    if (!waits && shell_may(w->req, MODULE_SETTINGS, RIGHT_WRITE) &&
        !str_eq(w->endpoint.state, "DISABLED"))
        page_set(root, "resend", webhook_view_delivery_path(a, d, "/resend"));
    page_set(root, "news", news(a, d));
    rows_live(c, root, webhook_view_delivery_path(a, d, ""), waits && active, seen);
    page_set(root, "body", json_write_readable(a, facts_read(a, d->body)));
    fill_facts(c, root, w);
    fill_attempts(c, root, w);
}

enum rc page_webhook_delivery(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = webhook_view_id(r, 0, &w.endpoint.id, e);
    if (rc == RC_OK)
        rc = webhook_view_id(r, 1, &w.delivery.id, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    int64_t tried_ms = w.delivery.tried_ms, made_ms = w.delivery.created_ms;
    if (rows_seen_is(r, tried_ms > made_ms ? tried_ms : made_ms)) {
        reply_text(p, 204, "text/plain", "");
        return RC_OK;
    }
    struct page *page = shell_page(r, "page/webhook_delivery", WEBHOOK_TITLE, &w.merchant);
    const struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms, false};
    webhook_view_notice(r, page_root(page));
    fill(&c, page_root(page), &w);
    reply_page(p, 200, page);
    return RC_OK;
}
