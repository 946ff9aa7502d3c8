/* The downloads of a batch: its rows, read some at a time and written as they come. Each leaves an
 * audit row. */
#include "portal/batch_export.h"
#include "portal/batch_page.h"
#include "portal/csv_stream.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "view/csv.h"
#include "web/slow.h"

struct export
{
    struct req *req;
    enum batch_export_kind kind;
    int64_t id;
    struct batch batch;
    struct csv_stream csv;
    int64_t after, written;
};

static enum rc read_batch(struct sql *q, void *arg, struct err *e)
{
    struct export *x = arg;
    return batches_get(q, x->req->arena, x->req->actor.merchant, x->id, &x->batch, e);
}

static enum rc read_chunk(struct sql *q, void *arg, struct err *e)
{
    struct export *x = arg;
    struct batch_row *rows;
    int n;
    enum rc rc = batch_rows_page(q, x->csv.chunk, x->id, batch_export_filter(x->kind, &x->batch),
                                 x->after, LIMIT_EXPORT_ROWS, &rows, &n, &x->csv.more, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        x->written += batch_export_row(x->csv.chunk, &x->csv.out, x->kind, &x->batch, &rows[i],
                                       x->written + 1);
        x->after = rows[i].row;
    }
    return rc;
}

static void heading(void *ctx, struct buf *out)
{
    const struct export *x = ctx;
    batch_export_head(out, x->kind);
}

static enum rc note(struct sql *q, void *arg, struct err *e)
{
    const struct export *x = arg;
    struct json_object *detail = json_object_in(x->req->arena);
    json_put_text(detail, "which", batch_export_name(x->kind));
    const struct audit_entry entry = {.merchant = x->batch.merchant,
                                      .at_ms = x->req->now_ms,
                                      .actor = x->req->actor.name,
                                      .action = "batch.exported",
                                      .subject = id_text(x->req->arena, x->id),
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

enum rc page_batch_download(struct req *r, struct reply *p, struct err *e)
{
    struct export *x = arena_alloc(r->arena, sizeof *x);
    x->req = r;
    enum rc rc = batch_page_id(r, &x->id, e);
    if (rc == RC_OK && !batch_export_find(r->params[1], &x->kind))
        rc = ERR(e, RC_NOT_FOUND, "There is no such download.", "download %s", r->params[1]);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_batch, x, e);
    if (rc == RC_OK && !str_eq(r->method, "HEAD"))
        rc = start(x, e);
    if (rc != RC_OK)
        return rc;
    reply_header(p, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%s\"", batch_export_name(x->kind)));
    x->csv.head = heading;
    x->csv.rows = read_chunk;
    x->csv.ctx = x;
    reply_stream(p, "text/csv; charset=utf-8", csv_stream_run, &x->csv);
    return RC_OK;
}
