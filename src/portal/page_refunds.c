#include "portal/batch_view.h"
#include "portal/portal.h"
#include "portal/refund_kind.h"
#include "portal/rows.h"
#include "portal/shell.h"

/* The vendor's own words for each status (dashboard documentation). */
static const struct {
    const char *status;
    const char *meaning;
} legend[] = {
    {"PENDING",
     "The desk has marked the refund and sent a refund request to the gateway, or is about to."},
    {"SUCCESS", "The refund was executed by the gateway."},
    {"FAILURE", "The refund failed; its amount can be refunded again."},
    {"MANUAL_REVIEW", "The refund was pending for more than 10 days: a person must look at it."},
};

struct work {
    struct req *req;
    struct list_view view;
    struct merchant merchant;
    struct refund *rows;
    struct batch_place *places; /* of each: the row of a file it was made by */
    int count;
    bool more;
};

static enum rc read_places(struct sql *q, struct work *w, struct err *e)
{
    enum rc rc = RC_OK;
    w->places = arena_array(w->req->arena, (size_t)w->count + 1, sizeof *w->places);
    for (int i = 0; rc == RC_OK && i < w->count; i++) {
        if (str_eq(w->rows[i].source, "BATCH"))
            rc = batch_list_of_refund(q, w->req->arena, w->rows[i].id, &w->places[i], e);
    }
    return rc;
}

static enum rc read_rows(struct sql *q, struct work *w, struct err *e)
{
    struct arena *a = w->req->arena;
    const struct refund_filter filter = refund_kind_filter(&w->view, w->merchant.id);
    enum rc rc = refund_list_page(q, a, &filter, &w->view.page, &w->rows, &w->count, &w->more, e);
    if (rc != RC_OK || w->view.page.move != LIST_PREVIOUS || w->more)
        return rc;
    /* Nothing lies before: the first page, whole. */
    w->view.page.move = LIST_FIRST;
    return refund_list_page(q, a, &filter, &w->view.page, &w->rows, &w->count, &w->more, e);
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc != RC_OK)
        return rc;
    const struct format f = shell_format(&w->merchant);
    rc = list_read(w->req, &refund_kind, &f, w->merchant.default_currency, &w->view, e);
    if (rc == RC_OK)
        rc = read_rows(q, w, e);
    return rc == RC_OK ? read_places(q, w, e) : rc;
}

static void fill_legend(struct page_node *root)
{
    for (size_t i = 0; i < sizeof legend / sizeof legend[0]; i++) {
        struct page_node *n = page_add(root, "legend");
        rows_status_badge(page_child(n, "status"), legend[i].status);
        page_set(n, "text", legend[i].meaning);
    }
}

static void fill_empty(const struct work *w, struct page_node *root)
{
    struct page_node *empty = page_child(root, "empty");
    if (list_fill_beyond(&w->view, empty))
        return;
    if (w->view.filtered || w->view.tab != 0) {
        page_set(empty, "title", "Nothing matches");
        page_set(empty, "text",
                 "No refund matches all the filters above. Take one off, or clear them.");
        page_set(empty, "href", "/refunds");
        page_set(empty, "action", "Clear all");
        return;
    }
    page_set(empty, "title", "No refunds yet");
    page_set(empty, "text",
             "Find an order and choose Create Refund; what was asked for then stands "
             "here, newest first.");
    if (shell_may(w->req, MODULE_ORDERS, RIGHT_READ)) {
        page_set(empty, "href", "/orders");
        page_set(empty, "action", "Go to Orders");
    }
}

static struct list_edge edge_of(const struct refund *r, const struct list_view *v)
{
    return (struct list_edge){refund_list_key(r, v->page.sort), r->id};
}

enum rc page_refunds(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;

    struct page *page = shell_page(r, "page/refunds", "Refunds", &w.merchant);
    struct page_node *root = page_root(page);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    list_fill(&w.view, root);
    fill_legend(root);
    if (w.count == 0)
        fill_empty(&w, root);
    for (int i = 0; i < w.count; i++) {
        struct page_node *n = page_add(root, "rows");
        rows_refund(&c, n, &w.rows[i]);
        batch_view_place(&c, page_child(n, "batch"), &w.places[i]);
    }
    const struct refund *last = &w.rows[w.count > 0 ? w.count - 1 : 0];
    list_fill_pager(&w.view, root, w.count, edge_of(&w.rows[0], &w.view), edge_of(last, &w.view),
                    w.more);
    reply_page(p, 200, page);
    return RC_OK;
}
