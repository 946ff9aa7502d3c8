/*
 * Counts of the tabs and totals of a whole filter: a request of their own, so that rows never wait.
 */
#include "portal/order_kind.h"
#include "portal/portal.h"
#include "portal/refund_kind.h"
#include "portal/shell.h"

typedef enum rc totals_read(struct sql *q, struct arena *a, const struct list_view *v,
                            const struct merchant *m, struct list_total **out, int *count,
                            struct err *e);

struct work {
    struct req *req;
    const struct list_kind *kind;
    totals_read *read;
    struct merchant merchant;
    struct list_view view;
    struct list_total *totals;
    int count;
};

static enum rc read_totals(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc != RC_OK)
        return rc;
    const struct format f = shell_format(&w->merchant);
    rc = list_read(w->req, w->kind, &f, w->merchant.default_currency, &w->view, e);
    if (rc == RC_OK)
        rc = w->read(q, a, &w->view, &w->merchant, &w->totals, &w->count, e);
    return rc;
}

static enum rc totals_page(struct req *r, struct reply *p, const struct list_kind *kind,
                           totals_read *read, const char *noun, struct err *e)
{
    struct work w = {.req = r, .kind = kind, .read = read};
    enum rc rc = sql_read(r->app->db, read_totals, &w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/list_totals", "Counts and totals", &w.merchant);
    list_fill_totals(&w.view, page_root(page), noun, w.totals, w.count);
    reply_page(p, 200, page);
    return RC_OK;
}

static enum rc read_orders(struct sql *q, struct arena *a, const struct list_view *v,
                           const struct merchant *m, struct list_total **out, int *count,
                           struct err *e)
{
    const struct order_filter f = order_kind_filter(v, m);
    return order_list_totals(q, a, &f, out, count, e);
}

static enum rc read_refunds(struct sql *q, struct arena *a, const struct list_view *v,
                            const struct merchant *m, struct list_total **out, int *count,
                            struct err *e)
{
    const struct refund_filter f = refund_kind_filter(v, m->id);
    return refund_list_totals(q, a, &f, out, count, e);
}

enum rc page_orders_totals(struct req *r, struct reply *p, struct err *e)
{
    return totals_page(r, p, &order_kind, read_orders, "orders", e);
}

enum rc page_refunds_totals(struct req *r, struct reply *p, struct err *e)
{
    return totals_page(r, p, &refund_kind, read_refunds, "refunds", e);
}
