#include "portal/paging.h"
#include "portal/portal.h"
#include "portal/rows.h"
#include "portal/shell.h"

#include "store/refund_list.h"

/* The tabs, and the vendor's own words for each status (dashboard documentation). */
static const struct {
    enum refund_tab tab;
    const char *status; /* as stored; NULL: all */
    const char *query;  /* in the address */
    const char *label;
    const char *meaning;
} tabs[] = {
    {REFUND_TAB_ALL, NULL, "", "All", NULL},
    {REFUND_TAB_PENDING, "PENDING", "pending", "Pending",
     "The desk has marked the refund and sent a refund request to the gateway, or is about to."},
    {REFUND_TAB_SUCCESS, "SUCCESS", "success", "Success",
     "The refund was executed by the gateway."},
    {REFUND_TAB_FAILURE, "FAILURE", "failure", "Failure",
     "The refund failed; its amount can be refunded again."},
    {REFUND_TAB_REVIEW, "MANUAL_REVIEW", "manual_review", "Manual Review",
     "The refund was pending for more than 10 days: a person must look at it."},
};
#define N_TABS (sizeof tabs / sizeof tabs[0])

struct work {
    struct req *req;
    struct list_page paging;
    size_t tab;
    struct merchant merchant;
    struct refund *rows;
    int count;
    bool more;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    const struct refund_filter f = {.merchant = w->req->actor.merchant, .tab = tabs[w->tab].tab};
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, f.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = refund_list_page(q, a, &f, &w->paging, &w->rows, &w->count, &w->more, e);
    if (rc != RC_OK || w->paging.move != LIST_PREVIOUS || w->more)
        return rc;
    /* Nothing newer lies beyond: the first page, whole. */
    w->paging.move = LIST_FIRST;
    return refund_list_page(q, a, &f, &w->paging, &w->rows, &w->count, &w->more, e);
}

static enum rc read_tab(const struct req *r, size_t *tab, struct err *e)
{
    const char *status = str_or(form_get(&r->query, "status"), "");
    for (*tab = 0; *tab < N_TABS; (*tab)++)
        if (str_eq(tabs[*tab].query, status))
            return RC_OK;
    return ERR(e, RC_INVALID, "Refunds have no such status.", "status %s", status);
}

static void fill_tabs(const struct work *w, struct page_node *root)
{
    for (size_t i = 0; i < N_TABS; i++) {
        struct page_node *n = page_add(root, "tabs");
        page_set(n, "label", tabs[i].label);
        page_set(n, "href",
                 arena_printf(w->req->arena, "/refunds%s%s", i ? "?status=" : "", tabs[i].query));
        page_flag(n, "current", i == w->tab);
        if (!tabs[i].meaning)
            continue;
        struct page_node *legend = page_add(root, "legend");
        rows_status_badge(page_child(legend, "status"), tabs[i].status);
        page_set(legend, "text", tabs[i].meaning);
    }
}

static void fill_empty(const struct work *w, struct page_node *root)
{
    struct page_node *empty = page_child(root, "empty");
    if (tabs[w->tab].status) {
        page_set(empty, "title", "Nothing matches");
        page_set(empty, "text",
                 arena_printf(w->req->arena, "No refund has the status %s.", tabs[w->tab].label));
        page_set(empty, "href", "/refunds");
        page_set(empty, "action", "Show all refunds");
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

enum rc page_refunds(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = paging_read(r, &w.paging, e);
    if (rc == RC_OK)
        rc = read_tab(r, &w.tab, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;

    struct page *page = shell_page(r, "page/refunds", "Refunds", &w.merchant);
    struct page_node *root = page_root(page);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    fill_tabs(&w, root);
    if (w.count == 0)
        fill_empty(&w, root);
    for (int i = 0; i < w.count; i++)
        rows_refund(&c, page_add(root, "rows"), &w.rows[i]);
    if (w.count > 0) {
        const struct refund *first = &w.rows[0], *last = &w.rows[w.count - 1];
        struct paging_edges edges =
            paging_edges(&w.paging, (struct page_key){first->created_ms, first->id},
                         (struct page_key){last->created_ms, last->id}, w.more);
        const char *rest = w.tab ? arena_printf(r->arena, "&status=%s", tabs[w.tab].query) : "";
        paging_fill(r->arena, root, "/refunds", rest, &edges);
    }
    reply_page(p, 200, page);
    return RC_OK;
}
