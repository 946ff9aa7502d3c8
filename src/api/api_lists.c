/*
 * GET /orders and GET /refunds, newest first, and the vendor's older GET /order/list.
 */
#include "api/api.h"
#include "api/list_query.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/create.h"
#include "refund/order_body.h"
#include "refund/refund_body.h"
#include "store/order_list.h"
#include "store/refund_list.h"

/* ---- orders
 * ------------------------------------------------------------------------------------------ */

struct order_read {
    struct list_query query;
    struct order_filter filter;
    bool refundable; /* filter.refundable_since_ms is still to be found */
    bool counted;    /* total is wanted */
    struct order_row *rows;
    struct order_view *views;
    int count;
    bool more;
    int64_t total;
};

static void read_order_filter(struct order_read *w, struct req *r)
{
    struct list_query *q = &w->query;
    list_query_read(q, r);
    w->filter = (struct order_filter){
        .merchant = r->actor.merchant,
        .status = list_query_text(q, "status", LIMIT_FILTER_BYTES),
        .from_ms = q->from_ms,
        .before_ms = q->before_ms,
        .currency = q->currency,
        .least_minor = q->least_minor,
        .most_minor = q->most_minor,
        .gateway = list_query_text(q, "gateway", LIMIT_FILTER_BYTES),
        .customer = list_query_text(q, "customer", LIMIT_CUSTOMER),
        .udf = list_query_text(q, "udf", LIMIT_UDF),
        .conflicted = list_query_flag(q, "conflicted"),
    };
    w->refundable = list_query_flag(q, "refundable");
    if (w->filter.status && !order_status_find(w->filter.status))
        list_query_fault(q, "status", "is not a status of orders such as CHARGED");
}

static enum rc read_views(struct sql *q, struct order_read *w, struct err *e)
{
    const struct req *r = w->query.r;
    enum rc rc = RC_OK;
    int refunds = 0, seen = 0;
    w->views = arena_array(r->arena, (size_t)w->query.page.rows, sizeof *w->views);
    size_t before = arena_used(r->arena);
    while (rc == RC_OK && seen < w->count && refunds <= LIMIT_PAGE_REFUNDS &&
           arena_used(r->arena) - before < LIMIT_PAGE_BYTES) {
        rc = order_view_of(q, r->arena, r->actor.merchant_id, &w->rows[seen].order, &w->views[seen],
                           e);
        w->views[seen].now_ms = clock_wall_ms(&r->app->clock);
        refunds += w->views[seen++].n_refunds;
    }
    w->more = w->more || seen < w->count;
    w->count = seen;
    return rc;
}

static enum rc count_orders(struct sql *q, struct order_read *w, struct err *e)
{
    struct list_total *totals;
    int n;
    w->total = 0;
    enum rc rc = order_list_totals(q, w->query.r->arena, &w->filter, &totals, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        w->total += totals[i].rows;
    return rc;
}

static enum rc read_orders(struct sql *q, void *arg, struct err *e)
{
    struct order_read *w = arg;
    const struct req *r = w->query.r;
    struct merchant m;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &m, e);
    if (rc == RC_OK && w->refundable)
        w->filter.refundable_since_ms = r->now_ms - m.order_age_days * CLOCK_DAY_MS;
    if (rc == RC_OK && w->counted)
        rc = count_orders(q, w, e);
    if (rc == RC_OK)
        rc = order_list_page(q, r->arena, &w->filter, &w->query.page, &w->rows, &w->count, &w->more,
                             e);
    return rc == RC_OK ? read_views(q, w, e) : rc;
}

static struct json_object *order_bodies(const struct order_read *w)
{
    struct arena *a = w->query.r->arena;
    struct json_object *data = json_array_in(a);
    for (int i = 0; i < w->count; i++)
        json_add(data, order_body(a, &w->views[i]));
    return data;
}

enum rc api_order_list(struct req *r, struct reply *p, struct err *e)
{
    struct order_read *w = arena_alloc(r->arena, sizeof *w);
    read_order_filter(w, r);
    if (list_query_refused(&w->query, p))
        return RC_OK;
    enum rc rc = sql_read(r->app->db, read_orders, w, e);
    if (rc != RC_OK)
        return rc;
    const struct order *last = w->count > 0 ? &w->rows[w->count - 1].order : NULL;
    list_query_reply(&w->query, p, order_bodies(w), w->more, last ? last->created_ms : 0,
                     last ? last->id : 0);
    return RC_OK;
}

enum rc api_order_list_older(struct req *r, struct reply *p, struct err *e)
{
    struct order_read *w = arena_alloc(r->arena, sizeof *w);
    read_order_filter(w, r);
    struct list_page *page = &w->query.page;
    *page = (struct list_page){.sort = SORT_CREATED, .move = LIST_FIRST};
    page->rows = list_query_number(&w->query, "count", 1, LIMIT_PAGE_ROWS, LIMIT_PAGE_ROWS_OLDER);
    page->skip = list_query_number(&w->query, "offset", 0, LIMIT_PAGE_SKIP, 0);
    w->counted = true;
    if (list_query_refused(&w->query, p))
        return RC_OK;
    enum rc rc = sql_read(r->app->db, read_orders, w, e);
    if (rc != RC_OK)
        return rc;
    struct json_object *body = json_object_in(r->arena);
    json_put_int(body, "count", w->count);
    json_put_int(body, "offset", page->skip);
    json_put_int(body, "total", w->total);
    json_put(body, "list", order_bodies(w));
    reply_json(p, 200, json_write(r->arena, body));
    return RC_OK;
}

/* ---- refunds
 * ----------------------------------------------------------------------------------------- */

struct refund_read {
    struct list_query query;
    struct refund_filter filter;
    const char *order_id; /* NULL: of any order */
    struct refund *rows;
    struct refund_view *views;
    int count;
    bool more;
};

static bool is_refund_status(const char *status)
{
    static const char *const STATUSES[] = {"PENDING", "SUCCESS", "FAILURE", "MANUAL_REVIEW"};
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++) {
        if (str_eq(STATUSES[i], status))
            return true;
    }
    return false;
}

static void read_refund_filter(struct refund_read *w, struct req *r)
{
    struct list_query *q = &w->query;
    list_query_read(q, r);
    w->order_id = list_query_text(q, "order_id", LIMIT_ORDER_ID);
    w->filter = (struct refund_filter){
        .merchant = r->actor.merchant,
        .tab = REFUND_TAB_ALL,
        .status = list_query_text(q, "status", LIMIT_FILTER_BYTES),
        .from_ms = q->from_ms,
        .before_ms = q->before_ms,
        .currency = q->currency,
        .least_minor = q->least_minor,
        .most_minor = q->most_minor,
        .gateway = list_query_text(q, "gateway", LIMIT_FILTER_BYTES),
        .initiated_by = list_query_text(q, "initiated_by", LIMIT_USER_NAME),
        .reason = list_query_text(q, "reason", LIMIT_FILTER_BYTES),
        .unique_request_id = list_query_text(q, "unique_request_id", LIMIT_UNIQUE_REQUEST_ID),
    };
    if (w->filter.status && !is_refund_status(w->filter.status))
        list_query_fault(q, "status", "must be PENDING, SUCCESS, FAILURE or MANUAL_REVIEW");
    if (w->filter.reason && !refund_reason_label(w->filter.reason))
        list_query_fault(q, "reason", "is not a refund_reason such as CANCELLATION");
}

/* False: there is no such order, so nothing is of it. */
static enum rc find_order(struct sql *q, struct refund_read *w, bool *found, struct err *e)
{
    const struct req *r = w->query.r;
    struct order o;
    struct err miss;
    *found = true;
    if (!w->order_id)
        return RC_OK;
    enum rc rc =
        orders_by_key(q, r->arena, r->actor.merchant, orders_key(r->arena, w->order_id), &o, &miss);
    *found = rc == RC_OK;
    if (rc == RC_OK)
        w->filter.order_row = o.id;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = miss;
    return rc;
}

static enum rc read_refunds(struct sql *q, void *arg, struct err *e)
{
    struct refund_read *w = arg;
    struct arena *a = w->query.r->arena;
    bool found;
    w->count = 0;
    w->more = false;
    enum rc rc = find_order(q, w, &found, e);
    if (rc == RC_OK && found)
        rc = refund_list_page(q, a, &w->filter, &w->query.page, &w->rows, &w->count, &w->more, e);
    w->views = arena_array(a, (size_t)w->query.page.rows, sizeof *w->views);
    for (int i = 0; rc == RC_OK && i < w->count; i++)
        rc = refund_view_of(q, a, &w->rows[i], &w->views[i], e);
    return rc;
}

enum rc api_refund_list(struct req *r, struct reply *p, struct err *e)
{
    struct refund_read *w = arena_alloc(r->arena, sizeof *w);
    read_refund_filter(w, r);
    if (list_query_refused(&w->query, p))
        return RC_OK;
    enum rc rc = sql_read(r->app->db, read_refunds, w, e);
    if (rc != RC_OK)
        return rc;
    struct json_object *data = json_array_in(r->arena);
    for (int i = 0; i < w->count; i++)
        json_add(data, refund_flat_body(r->arena, &w->views[i]));
    const struct refund *last = w->count > 0 ? &w->rows[w->count - 1] : NULL;
    list_query_reply(&w->query, p, data, w->more, last ? last->created_ms : 0, last ? last->id : 0);
    return RC_OK;
}
