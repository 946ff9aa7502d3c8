#include "api/batch_body.h"

#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "core/str.h"

#include <string.h>

static struct json_object *rows_body(struct arena *a, const struct batch *b)
{
    struct json_object *o = json_object_in(a);
    json_put_int(o, "total", b->rows_total);
    json_put_int(o, "good", b->rows_total - b->rows_bad);
    json_put_int(o, "bad", b->rows_bad);
    json_put_int(o, "queued", b->rows_total - b->rows_done);
    json_put_int(o, "accepted", b->rows_accepted);
    json_put_int(o, "failed", b->rows_failed);
    return o;
}

static struct json_object *total_body(struct arena *a, const struct batch_total *t)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "currency", t->currency);
    json_put_text(o, "gateway", *t->gateway != '\0' ? t->gateway : NULL);
    json_put_int(o, "good_rows", t->rows_good);
    json_put_money(a, o, "good_amount", t->good_minor, t->currency);
    json_put_int(o, "bad_rows", t->rows_bad);
    json_put_money(a, o, "bad_amount", t->bad_minor, t->currency);
    return o;
}

struct json_object *batch_body(struct arena *a, const struct batch *b,
                               const struct batch_total *totals, int n_totals)
{
    struct json_object *o = json_object_in(a), *sums = json_array_in(a);
    for (int i = 0; i < n_totals; i++)
        json_add(sums, total_body(a, &totals[i]));
    json_put_text(o, "object", "batch");
    json_put_text(o, "id", id_text(a, b->id));
    json_put_text(o, "file_name", b->file_name);
    json_put_text(o, "description", b->description);
    json_put_text(o, "refund_reason", b->reason);
    json_put_text(o, "status", b->status);
    json_put_text(o, "run_mode", b->run_mode);
    json_put(o, "rows", rows_body(a, b));
    json_put(o, "totals", sums);
    json_put_text(o, "created_by", b->created_by);
    json_put_text(o, "checked_by", b->checked_by);
    json_put_text(o, "message", b->said);
    json_put_text(o, "date_created", clock_iso(a, b->created_ms));
    json_put_text(o, "last_updated", clock_iso(a, b->updated_ms));
    return o;
}

static struct json_object *refund_of_row(struct arena *a, const struct batch_row *r)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "id", id_text(a, r->refund));
    json_put_text(o, "unique_request_id", r->unique_request_id);
    json_put_text(o, "status", r->refund_status);
    json_put_text(o, "refund_type", r->refund_type);
    json_put_text(o, "ref", r->gateway_ref);
    json_put_text(o, "error_code", r->refund_error_code);
    json_put_text(o, "error_message", str_or(r->refund_error_message, ""));
    return o;
}

struct json_object *batch_body_row(struct arena *a, const struct batch_row *r)
{
    struct json_object *o = json_object_in(a), *cells = NULL;
    struct err bad;
    json_put_int(o, "row", r->row);
    json_put_int(o, "line", r->line);
    json_put_text(o, "order_id", r->order_id);
    json_put_text(o, "amount", r->amount);
    json_put_text(o, "currency", r->currency);
    json_put_text(o, "txn_id", r->txn_id);
    json_put_text(o, "unique_id", r->unique_id);
    if (r->cells != NULL && json_read(a, r->cells, strlen(r->cells), &cells, &bad) != RC_OK)
        cells = NULL;
    json_put(o, "cells", cells != NULL ? cells : json_object_in(a));
    json_put_text(o, "gateway", r->gateway);
    json_put_text(o, "verdict", r->verdict);
    json_put_text(o, "verdict_message", r->verdict_said);
    json_put_text(o, "warning", r->warning);
    json_put_text(o, "status", r->status);
    json_put_text(o, "error_code", r->error_code);
    json_put_text(o, "error_message", r->error_message);
    json_put(o, "refund", r->refund != 0 ? refund_of_row(a, r) : NULL);
    return o;
}
