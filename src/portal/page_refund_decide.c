/* Approving and rejecting a refund that waits for a person; each POST leads back to its page. */
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/approve.h"
#include "store/refunds.h"
#include "view/format.h"

#include <string.h>

struct work {
    struct req *req;
    int64_t id;
    struct merchant merchant;
    struct refund refund;
};

static enum rc parse_id(const struct req *r, int64_t *id, struct err *e)
{
    if (id_parse(r->params[0], id))
        return RC_OK;
    return ERR(e, RC_NOT_FOUND, "There is no such refund.", "not an id: %s", r->params[0]);
}

static enum rc read_refund(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = refunds_get(q, a, w->id, &w->refund, e);
    if (rc == RC_OK && w->refund.merchant != w->merchant.id)
        return ERR(e, RC_NOT_FOUND, "There is no such refund.", "refund of another merchant");
    return rc;
}

static void go_back(const struct req *r, struct reply *p, int64_t id)
{
    reply_redirect(p, arena_printf(r->arena, "/refunds/%s", id_text(r->arena, id)));
}

static enum rc ask(struct req *r, struct reply *p, const char *why, const char *fault,
                   struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = parse_id(r, &w.id, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_refund, &w, e);
    if (rc != RC_OK)
        return rc;
    const struct format f = shell_format(&w.merchant);
    const char *own = arena_printf(r->arena, "/refunds/%s", id_text(r->arena, w.id));
    struct page *page = shell_page(r, "page/reason", "Reject the refund?", &w.merchant);
    struct page_node *root = page_root(page);
    page_set(root, "question", "Reject the refund?");
    page_set(root, "about",
             arena_printf(r->arena, "%s, order %s",
                          format_money(r->arena, &f, w.refund.amount_minor, w.refund.currency),
                          w.refund.order_id));
    page_set(root, "words", "Nothing is sent, and the amount is free again.");
    page_set(root, "button", "Reject");
    page_set(root, "action", arena_printf(r->arena, "%s/reject", own));
    page_set(root, "back", own);
    page_set(root, "why", why);
    page_set(root, "why_error", fault);
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_refund_reject(struct req *r, struct reply *p, struct err *e)
{
    return ask(r, p, "", NULL, e);
}

enum rc page_refund_reject_post(struct req *r, struct reply *p, struct err *e)
{
    const char *why = str_trim(r->arena, str_or(form_get(&r->form, "why"), ""));
    int64_t id;
    enum rc rc = parse_id(r, &id, e);
    if (rc == RC_OK)
        rc = refund_reject(r->app, r->arena, &r->actor, id, why, e);
    if (rc == RC_INVALID)
        return ask(r, p, why, arena_strdup(r->arena, e->text), e);
    if (rc == RC_OK)
        go_back(r, p, id);
    return rc;
}

enum rc page_refund_approve(struct req *r, struct reply *p, struct err *e)
{
    int64_t id;
    enum rc rc = parse_id(r, &id, e);
    if (rc == RC_OK)
        rc = refund_approve(r->app, r->arena, &r->actor, id, e);
    if (rc == RC_OK)
        go_back(r, p, id);
    return rc;
}
