#include "portal/batch_view.h"
#include "portal/order_kind.h"
#include "portal/portal.h"
#include "portal/rows.h"
#include "portal/shell.h"

#include "core/id.h"
#include "core/limits.h"
#include "refund/create.h"
#include "store/find.h"
#include "web/percent.h"
#include <string.h>

enum { SURELY_SHOWN_BYTES = 21 };

struct work {
    struct req *req;
    const char *text; /* searched for; NULL: the list */
    struct list_view view;
    struct merchant merchant;
    struct gateway_set gateways;
    struct find_result found;
    int64_t batch; /* what was found is a batch; 0: it is none */
    struct order_row *rows;
    int count;
    bool more;
};

/* The id of a batch, for who may see batches. */
static enum rc find_batch(struct sql *q, struct work *w, struct err *e)
{
    struct batch b;
    struct err missing;
    int64_t id;
    w->batch = 0;
    if (!id_parse(w->text, &id) || !shell_may(w->req, MODULE_REFUNDS, RIGHT_READ))
        return RC_OK;
    enum rc rc = batches_get(q, w->req->arena, w->req->actor.merchant, id, &b, &missing);
    if (rc == RC_OK)
        w->batch = b.id;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = missing;
    return rc;
}

static enum rc read_found(struct sql *q, struct work *w, struct err *e)
{
    struct arena *a = w->req->arena;
    int64_t merchant = w->req->actor.merchant;
    struct order_row *row = arena_alloc(a, sizeof *row);

    enum rc rc = find_exact(q, a, merchant, w->text, &w->found, e);
    if (rc == RC_OK && w->found.kind == FIND_NOTHING)
        rc = find_batch(q, w, e);
    if (rc != RC_OK || w->found.order_id == NULL)
        return rc;
    rc = orders_by_key(q, a, merchant, orders_key(a, w->found.order_id), &row->order, e);
    if (rc != RC_OK)
        return rc;
    rc = order_row_txn(q, a, row, e);
    if (rc != RC_OK)
        return rc;
    w->rows = row;
    w->count = 1;
    return RC_OK;
}

static enum rc read_list(struct sql *q, struct work *w, struct err *e)
{
    struct arena *a = w->req->arena;
    const struct order_filter filter =
        w->text ? (struct order_filter){.merchant = w->merchant.id, .customer = w->text}
                : order_kind_filter(&w->view, &w->merchant);
    enum rc rc = order_list_page(q, a, &filter, &w->view.page, &w->rows, &w->count, &w->more, e);
    if (rc != RC_OK || w->view.page.move != LIST_PREVIOUS || w->more)
        return rc;
    /* Nothing lies before: the first page, whole. */
    w->view.page.move = LIST_FIRST;
    return order_list_page(q, a, &filter, &w->view.page, &w->rows, &w->count, &w->more, e);
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    w->count = 0;
    w->more = false;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = gateways_list(q, a, w->merchant.id, &w->gateways.rows, &w->gateways.count, e);
    if (rc != RC_OK)
        return rc;
    const struct format f = shell_format(&w->merchant);
    w->view.page = (struct list_page){.rows = LIMIT_PAGE_ROWS_DEFAULT};
    rc = w->text ? read_found(q, w, e)
                 : list_read(w->req, &order_kind, &f, w->merchant.default_currency, &w->view, e);
    bool list = !w->text || w->found.kind == FIND_CUSTOMER;
    return rc == RC_OK && list ? read_list(q, w, e) : rc;
}

static const struct {
    enum cause cause;
    const char *words;
} reasons_not[] = {
    {CAUSE_COD, "cash on delivery"},           {CAUSE_ORDER_PENDING, "payment pending"},
    {CAUSE_ORDER_UNSUCCESSFUL, "not paid"},    {CAUSE_ORDER_TOO_OLD, "too old"},
    {CAUSE_GATEWAY_CANNOT, "gateway cannot"},  {CAUSE_NO_PAYMENT_ID, "no payment id"},
    {CAUSE_EXCEEDS, "nothing left to refund"},
};

/* Two words for a list: "payment pending". */
static const char *why_not_words(enum cause cause)
{
    for (size_t i = 0; i < sizeof reasons_not / sizeof reasons_not[0]; i++)
        if (reasons_not[i].cause == cause)
            return reasons_not[i].words;
    return "not refundable";
}

static void fill_why_not(struct page_node *n, const char *words, enum cause cause)
{
    struct page_node *why_not = page_child(n, "why_not");
    page_set(why_not, "short", words);
    page_set(why_not, "long", rows_why_not(cause));
}

static void fill_action(const struct rows_ctx *c, struct page_node *n, const struct work *w,
                        const struct order_row *row)
{
    const struct order *o = &row->order;
    const struct txn *t = row->has_txn ? &row->txn : NULL;
    enum cause why = refund_order_obstacle(&w->merchant, &w->gateways, o, t, c->now_ms);

    if (why != CAUSE_NONE) {
        fill_why_not(n, why_not_words(why), why);
    } else if (c->may_refund && o->is_split_payment) {
        fill_why_not(n, "choose a payment in it", CAUSE_SPLIT_PAYMENT);
    } else if (c->may_refund) {
        page_flag(n, "create", true);
    }
}

/* What its narrow column may cut off is shown whole on hover; short texts take no room for it. */
static void set_cut(struct page_node *n, const char *name, const char *whole, const char *text)
{
    page_set(n, name, text);
    if (strlen(text) > SURELY_SHOWN_BYTES)
        page_set(n, whole, text);
}

/* Beside the badge: the order's page says why. */
static const char *said_of(const struct order *o)
{
    if (o->is_conflicted)
        return "Conflicted";
    return o->is_multiple ? "Multiple charged" : NULL;
}

static void fill_row(const struct rows_ctx *c, struct page_node *n, const struct work *w,
                     const struct order_row *row)
{
    const struct order *o = &row->order;
    rows_time(c, page_child(n, "at"), o->created_ms);
    page_set(n, "href", web_path(c->arena, "/orders/", o->order_id, ""));
    page_set(n, "order_id", o->order_id);
    set_cut(n, "customer", "customer_whole",
            str_empty(o->customer_id) ? rows_customer(c->arena, o) : o->customer_id);
    page_set(n, "amount", format_money(c->arena, &c->format, o->amount_minor, o->currency));
    rows_order_badge(c, page_child(n, "status"), o->status);
    page_set(n, "said", said_of(o));
    page_set(n, "refunded",
             format_amount(c->arena, &c->format, row->has_txn ? row->txn.refunded_minor : 0,
                           o->currency));
    page_flag(n, "untouched", !row->has_txn || row->txn.refunded_minor == 0);
    if (row->has_txn)
        set_cut(n, "paid_with", "paid_whole", rows_paid_with(c->arena, &row->txn));
    fill_action(c, n, w, row);
}

static void fill_empty(const struct work *w, struct page_node *root)
{
    struct page_node *empty = page_child(root, "empty");
    if (!w->text && list_fill_beyond(&w->view, empty))
        return;
    if (!w->text && (w->view.filtered || w->view.tab != 0)) {
        page_set(empty, "title", "Nothing matches");
        page_set(empty, "text",
                 "No order matches all the filters above. Take one off, or clear them.");
        page_set(empty, "href", "/orders");
        page_set(empty, "action", "Clear all");
        return;
    }
    if (!w->text) {
        page_set(empty, "title", "No orders yet");
        page_set(empty, "text",
                 "Orders come in from your payment system by the API: POST /orders with the key of "
                 "this merchant. Each of them then stands here, newest first.");
        return;
    }
    page_set(empty, "title", "Nothing matches");
    page_set(empty, "text",
             arena_printf(w->req->arena,
                          "No order, transaction or refund has exactly the id “%s”. Ids are "
                          "searched whole; capital letters count, except in order ids.",
                          w->text));
    page_set(empty, "href", "/orders");
    page_set(empty, "action", "Show all orders");
}

static const char *const matched[FIND_COUNT] = {
    [FIND_ORDER] = "an order id.",
    [FIND_TXN] = "a transaction id. This is its order:",
    [FIND_PAYMENT] = "a gateway's payment id. This is its order:",
    [FIND_PUBLIC_ID] = "an order's public id.",
    [FIND_REFUND] = "a refund. This is its order:",
    [FIND_UNIQUE_REQUEST_ID] = "a refund id. This is its order:",
    [FIND_GATEWAY_REF] = "a gateway's refund id. This is its order:",
    [FIND_ARN] = "a bank reference. This is its order:",
    [FIND_CUSTOMER] = "a customer. These are the newest orders:",
};

static void fill_found(const struct work *w, struct page_node *root)
{
    struct page_node *n = page_child(root, "found");
    page_set(root, "query", w->text);
    if (w->found.kind == FIND_NOTHING)
        return;
    page_set(n, "color", "info");
    page_set(n, "title", w->text);
    page_set(n, "text", arena_printf(w->req->arena, "is %s", matched[w->found.kind]));
    if (w->found.kind == FIND_CUSTOMER) {
        page_set(n, "href",
                 arena_printf(w->req->arena, "/orders?customer=%s",
                              percent_encode(w->req->arena, w->text)));
        page_set(n, "link", "All of them, with filters");
    }
    if (w->found.refund != 0) {
        page_set(
            n, "href",
            arena_printf(w->req->arena, "/refunds/%s", id_text(w->req->arena, w->found.refund)));
        page_set(n, "link", "Open the refund");
    }
}

static struct list_edge edge_of(const struct order_row *row, const struct list_view *v)
{
    return (struct list_edge){order_list_key(row, v->page.sort), row->order.id};
}

enum rc page_orders(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    const char *text = form_get(&r->query, "q");

    if (!str_empty(text) && !str_empty(str_trim(r->arena, text)))
        w.text = str_trim(r->arena, text);
    enum rc rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    if (w.batch) {
        reply_redirect(p, batch_view_path(r->arena, w.batch, ""));
        return RC_OK;
    }

    struct page *page = shell_page(r, "page/orders", "Orders", &w.merchant);
    struct page_node *root = page_root(page);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    if (w.text)
        fill_found(&w, root);
    if (w.count == 0)
        fill_empty(&w, root);
    for (int i = 0; i < w.count; i++)
        fill_row(&c, page_add(root, "rows"), &w, &w.rows[i]);
    if (!w.text) {
        const struct order_row *last = &w.rows[w.count > 0 ? w.count - 1 : 0];
        list_fill(&w.view, root);
        list_fill_pager(&w.view, root, w.count, edge_of(&w.rows[0], &w.view),
                        edge_of(last, &w.view), w.more);
    }
    reply_page(p, 200, page);
    return RC_OK;
}
