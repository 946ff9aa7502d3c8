/* Settings > Webhooks: the endpoints of the merchant and how they stand. */
#include "portal/portal.h"
#include "portal/shell.h"
#include "portal/webhook_view.h"

#include "core/limits.h"
#include "refund/announce.h"
#include <inttypes.h>

enum { LAST_LOOKED_AT = 10 /* the newest: among them is the last one that was tried */ };

struct row {
    struct endpoint endpoint;
    int n_events, waiting, retried;
    struct delivery last; /* tried_ms 0: none */
};

struct work {
    struct req *req;
    struct merchant merchant;
    struct row *rows;
    int n_rows;
};

static enum rc read_last(struct sql *q, struct arena *a, struct row *row, struct err *e)
{
    struct delivery *rows;
    int n;
    enum rc rc = deliveries_list(q, a, row->endpoint.id, NULL, 0, 0, LAST_LOOKED_AT, &rows, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        if (rows[i].tried_ms > row->last.tried_ms)
            row->last = rows[i];
    return rc;
}

static enum rc read_row(struct sql *q, struct arena *a, struct row *row, struct err *e)
{
    const struct endpoint *p = &row->endpoint;
    const char **names;
    enum rc rc = endpoints_events(q, a, p->merchant, p->id, &names, &row->n_events, e);
    if (rc == RC_OK)
        rc = deliveries_waiting(q, p->id, LIMIT_DELIVERIES_RESENT, &row->waiting, &row->retried, e);
    return rc == RC_OK ? read_last(q, a, row, e) : rc;
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    struct endpoint *endpoints;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = endpoints_list(q, a, w->merchant.id, &endpoints, &w->n_rows, e);
    if (rc != RC_OK)
        return rc;
    w->rows = arena_array(a, (size_t)w->n_rows, sizeof *w->rows);
    for (int i = 0; rc == RC_OK && i < w->n_rows; i++) {
        w->rows[i].endpoint = endpoints[i];
        rc = read_row(q, a, &w->rows[i], e);
    }
    return rc;
}

/* "1,000+" where counting stopped. */
static const char *count_text(const struct rows_ctx *c, int n)
{
    return arena_printf(c->arena, "%s%s", format_count(c->arena, &c->format, n),
                        n >= LIMIT_DELIVERIES_RESENT ? "+" : "");
}

static void fill_row(const struct rows_ctx *c, struct page_node *n, const struct row *row)
{
    struct arena *a = c->arena;
    int all;
    announce_names(&all);
    page_set(n, "url", row->endpoint.url);
    page_set(n, "href", webhook_view_path(a, row->endpoint.id, ""));
    page_set(n, "events", arena_printf(a, "%d of %d events", row->n_events, all));
    webhook_view_state(page_child(n, "state"), &row->endpoint);
    if (row->last.tried_ms) {
        page_set(n, "last", webhook_view_answer(a, row->last.status, row->last.took_ms));
        page_set(n, "ago", format_age(a, row->last.tried_ms, c->now_ms));
    }
    if (row->waiting > 0)
        page_set(n, "waiting", count_text(c, row->waiting));
    if (row->retried > 0)
        page_set(n, "retried", count_text(c, row->retried));
}

enum rc page_webhooks(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/webhooks", WEBHOOK_TITLE, &w.merchant);
    struct page_node *root = page_root(page);
    const struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms, false};

    webhook_view_notice(r, root);
    page_flag(root, "may_write", shell_may(r, MODULE_SETTINGS, RIGHT_WRITE));
    page_flag(root, "full", w.n_rows >= LIMIT_ENDPOINTS);
    for (int i = 0; i < w.n_rows; i++)
        fill_row(&c, page_add(root, "rows"), &w.rows[i]);
    reply_page(p, 200, page);
    return RC_OK;
}
