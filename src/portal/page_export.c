/*
 * A whole list as CSV: exactly the rows of the filter, in its order, read some at a time in
 * snapshots of their own and written as they come. Leaves an audit row.
 */
#include "portal/csv_stream.h"
#include "portal/order_kind.h"
#include "portal/portal.h"
#include "portal/refund_kind.h"
#include "portal/shell.h"

#include "core/json.h"
#include "core/limits.h"
#include "store/audit.h"
#include "view/csv.h"
#include "web/slow.h"

struct export;

/* What differs between the lists. */
struct export_kind {
    const char *noun, *action;
    const struct list_kind *list;
    const char *const *columns; /* ends with NULL */
    /* Reads the page, writes its rows, moves view.page to the next. */
    enum rc (*rows)(struct sql *q, struct arena *a, struct export *x, struct buf *out, bool *more,
                    struct err *e);
};

struct export
{
    const struct export_kind *kind;
    struct req *req;
    struct merchant merchant;
    struct list_view view;
    struct csv_stream csv;
};

static const char *utc(struct arena *a, int64_t ms)
{
    return ms != 0 ? clock_iso(a, ms) : NULL;
}

/* ---- orders
 * ---------------------------------------------------------------------------------------- */

static const char *const order_columns[] = {"Created (UTC)",
                                            "Order Id",
                                            "Status",
                                            "Amount",
                                            "Currency",
                                            "Refunded",
                                            "Customer",
                                            "E-mail",
                                            "Gateway",
                                            "Payment Method Type",
                                            "Payment Method",
                                            "Txn Id",
                                            "Gateway Payment Id",
                                            NULL};

static void order_line(struct arena *a, struct buf *b, const struct order_row *row)
{
    const struct order *o = &row->order;
    const struct txn *t = &row->txn;
    csv_text(b, utc(a, o->created_ms));
    csv_text(b, o->order_id);
    csv_text(b, o->status);
    csv_number(b, money_text(a, o->amount_minor, o->currency));
    csv_text(b, o->currency);
    csv_number(b, money_text(a, row->has_txn ? t->refunded_minor : 0, o->currency));
    csv_text(b, o->customer_id);
    csv_text(b, o->customer_email);
    csv_text(b, t->gateway);
    csv_text(b, t->payment_method_type);
    csv_text(b, t->payment_method);
    csv_text(b, t->txn_id);
    csv_text(b, t->payment_id);
    csv_end_row(b);
}

static enum rc order_rows(struct sql *q, struct arena *a, struct export *x, struct buf *out,
                          bool *more, struct err *e)
{
    const struct order_filter f = order_kind_filter(&x->view, &x->merchant);
    struct order_row *rows;
    int n;
    enum rc rc = order_list_page(q, a, &f, &x->view.page, &rows, &n, more, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        order_line(a, out, &rows[i]);
    if (rc == RC_OK && n > 0) {
        x->view.page.move = LIST_NEXT;
        x->view.page.key_value = order_list_key(&rows[n - 1], x->view.page.sort);
        x->view.page.key_id = rows[n - 1].order.id;
    }
    return rc;
}

/* ---- refunds
 * --------------------------------------------------------------------------------------- */

static const char *const refund_columns[] = {
    "Created (UTC)", "Unique Id",     "Order Id",        "Txn Id", "Amount", "Currency",   "Status",
    "State",         "Gateway",       "GW Refund Id",    "ARN",    "Reason", "Created By", "Note",
    "Error Code",    "Error Message", "Processed (UTC)", "Type",   NULL};

static void refund_line(struct arena *a, struct buf *b, const struct refund *r)
{
    const char *const before[] = {utc(a, r->created_ms), r->unique_request_id, r->order_id,
                                  r->txn_id};
    const char *const after[] = {r->currency,   r->status,        r->state,
                                 r->gateway,    r->gateway_ref,   r->arn,
                                 r->reason,     r->initiated_by,  r->note,
                                 r->error_code, r->error_message, utc(a, r->processed_ms),
                                 r->refund_type};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        csv_text(b, before[i]);
    csv_number(b, money_text(a, r->amount_minor, r->currency));
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++)
        csv_text(b, after[i]);
    csv_end_row(b);
}

static enum rc refund_rows(struct sql *q, struct arena *a, struct export *x, struct buf *out,
                           bool *more, struct err *e)
{
    const struct refund_filter f = refund_kind_filter(&x->view, x->merchant.id);
    struct refund *rows;
    int n;
    enum rc rc = refund_list_page(q, a, &f, &x->view.page, &rows, &n, more, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        refund_line(a, out, &rows[i]);
    if (rc == RC_OK && n > 0) {
        x->view.page.move = LIST_NEXT;
        x->view.page.key_value = refund_list_key(&rows[n - 1], x->view.page.sort);
        x->view.page.key_id = rows[n - 1].id;
    }
    return rc;
}

/* ---- both
 * ------------------------------------------------------------------------------------------ */

static enum rc read_chunk(struct sql *q, void *arg, struct err *e)
{
    struct export *x = arg;
    return x->kind->rows(q, x->csv.chunk, x, &x->csv.out, &x->csv.more, e);
}

static void heading(void *ctx, struct buf *out)
{
    const struct export *x = ctx;
    for (const char *const *column = x->kind->columns; *column != NULL; column++)
        csv_text(out, *column);
    csv_end_row(out);
}

static enum rc read_head(struct sql *q, void *arg, struct err *e)
{
    struct export *x = arg;
    enum rc rc = merchants_get(q, x->req->arena, x->req->actor.merchant, &x->merchant, e);
    if (rc != RC_OK)
        return rc;
    const struct format f = shell_format(&x->merchant);
    return list_read(x->req, x->kind->list, &f, x->merchant.default_currency, &x->view, e);
}

static enum rc note(struct sql *q, void *arg, struct err *e)
{
    const struct export *x = arg;
    struct json_object *detail = json_object_in(x->req->arena);
    json_put_text(detail, "filter", x->req->query_text);
    const struct audit_entry entry = {.merchant = x->merchant.id,
                                      .at_ms = x->req->now_ms,
                                      .actor = x->req->actor.name,
                                      .action = x->kind->action,
                                      .subject = x->kind->noun,
                                      .detail = json_write(x->req->arena, detail)};
    return audit_add(q, &entry, e);
}

/* On RC_OK stream() follows, which leaves the gate. */
static enum rc start(struct export *x, struct err *e)
{
    enum rc rc = slow_enter(SLOW_WAIT, e);
    if (rc != RC_OK)
        return rc;
    rc = sql_tx(x->req->app->db, note, x, e);
    if (rc != RC_OK)
        slow_leave(SLOW_WAIT);
    return rc;
}

static enum rc export_list(struct req *r, struct reply *p, const struct export_kind *kind,
                           struct err *e)
{
    struct export *x = arena_alloc(r->arena, sizeof *x);
    const bool head_only = str_eq(r->method, "HEAD");
    x->kind = kind;
    x->req = r;
    enum rc rc = sql_read(r->app->db, read_head, x, e);
    if (rc == RC_OK && !head_only)
        rc = start(x, e);
    if (rc != RC_OK)
        return rc;
    x->view.page.move = LIST_FIRST;
    x->view.page.rows = LIMIT_EXPORT_ROWS;
    reply_header(p, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%s\"",
                              list_file_name(&x->view, kind->noun)));
    x->csv.head = heading;
    x->csv.rows = read_chunk;
    x->csv.ctx = x;
    reply_stream(p, "text/csv; charset=utf-8", csv_stream_run, &x->csv);
    return RC_OK;
}

enum rc page_orders_export(struct req *r, struct reply *p, struct err *e)
{
    static const struct export_kind kind = {"orders", "orders.exported", &order_kind, order_columns,
                                            order_rows};
    return export_list(r, p, &kind, e);
}

enum rc page_refunds_export(struct req *r, struct reply *p, struct err *e)
{
    static const struct export_kind kind = {"refunds", "refunds.exported", &refund_kind,
                                            refund_columns, refund_rows};
    return export_list(r, p, &kind, e);
}
