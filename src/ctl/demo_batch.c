/*
 * Batches of the demo: their rows name orders of which nothing was refunded, and become their
 * refunds where the recipe says that they ran.
 */
#include "core/id.h"
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "ctl/demo.h"
#include "refund/cause.h"

enum {
    CONFIRMED_AFTER_MS = 2 * CLOCK_MINUTE_MS,
    RUN_AFTER_MS = CONFIRMED_AFTER_MS + CLOCK_SECOND_MS,
    ROW_MS = 20,
    OLDEST_DAYS = 300, /* of an order: far from what is too old */
};
#define GATEWAY  "RAZORPAY"
#define CURRENCY "INR"
#define MAKER    "maker"

/* An ordinary order, paid before, that nothing else of the demo is about. */
static bool suits(const struct demo *d, const struct demo_order *o, int64_t before_ms)
{
    return !o->is_in_batch && !json_has(o->recipe, "numbers") && o->n_refunds == 0 &&
           o->n_parties == 0 && o->n_conflicts == 0 && o->n_txns == 1 &&
           str_eq(o->row.status, "CHARGED") && str_eq(o->row.currency, CURRENCY) &&
           !o->row.is_cod && o->row.offer_minimum_minor < 0 &&
           str_eq(o->txns[0].gateway, GATEWAY) && o->txns[0].payment_id &&
           !o->txns[0].is_conflicted && o->row.updated_ms < before_ms &&
           o->row.created_ms > d->now_ms - OLDEST_DAYS * CLOCK_DAY_MS;
}

/* The newest that suits. */
static struct demo_order *take_order(struct demo *d, int64_t before_ms)
{
    for (int k = d->n_orders - 1; k >= 0; k--) {
        if (!suits(d, &d->orders[k], before_ms))
            continue;
        d->orders[k].is_in_batch = true;
        return &d->orders[k];
    }
    CHECK(!"the recipes of batches find no order");
    return NULL;
}

static int64_t run_ms(const struct demo_batch *x, const struct batch_row *r)
{
    return x->row.created_ms + RUN_AFTER_MS + r->row * ROW_MS;
}

static void run_row(struct demo *d, const struct demo_batch *x, struct demo_order *o,
                    struct json_object *recipe, struct batch_row *r)
{
    struct json_object *metadata = json_object_in(d->arena);
    json_put_text(metadata, "batch_id", id_text(d->arena, x->row.id));
    json_put_int(metadata, "batch_row", r->row);
    json_put_text(recipe, "source", "BATCH");
    json_put_text(recipe, "id", r->unique_id);
    json_put_text(recipe, "reason", x->row.reason);
    json_put_text(recipe, "metadata", json_write(d->arena, metadata));
    demo_make_refund_at(d, o, recipe, run_ms(x, r));
    r->status = BATCH_ROW_ACCEPTED;
    r->refund = o->refunds[0].id;
}

/* Of an order that is not there. */
static void refuse_row(struct demo *d, const struct demo_batch *x, struct json_object *recipe,
                       struct batch_row *r)
{
    const struct cause_row *cause = cause_row(CAUSE_ORDER_UNKNOWN);
    r->amount = json_text(d->arena, recipe, "amount");
    r->verdict = cause->code;
    r->verdict_said = cause->plain;
    if (!x->run)
        return;
    r->status = BATCH_ROW_FAILED;
    r->error_code = r->verdict;
    r->error_message = r->verdict_said;
}

static void make_row(struct demo *d, struct demo_batch *x, struct json_object *recipe,
                     const char *ids)
{
    struct batch_row *r = &x->rows[x->row.rows_total++];
    *r = (struct batch_row){
        .batch = x->row.id,
        .row = x->row.rows_total,
        .line = x->row.rows_total + 1,
        .order_id = json_text(d->arena, recipe, "order_id"),
        .unique_id = arena_printf(d->arena, "%s-%d", ids, (int)x->row.rows_total),
        .amount_minor = -1,
        .verdict = BATCH_VERDICT_OK,
        .status = BATCH_ROW_QUEUED,
        .updated_ms = x->row.created_ms,
    };
    if (r->order_id) {
        x->row.rows_bad++;
        refuse_row(d, x, recipe, r);
    } else {
        struct demo_order *o = take_order(d, x->row.created_ms);
        r->order_id = o->row.order_id;
        r->currency = CURRENCY;
        r->gateway = GATEWAY;
        r->amount_minor = demo_refund_amount(d, recipe, &o->txns[0]);
        r->amount = money_text(d->arena, r->amount_minor, CURRENCY);
        x->total.rows_good++;
        x->total.good_minor += r->amount_minor;
        if (x->run)
            run_row(d, x, o, recipe, r);
    }
    if (x->run)
        r->updated_ms = run_ms(x, r);
}

/* The file that somebody sent. */
static const void *digest_of(struct demo *d, const struct demo_batch *x)
{
    struct buf text;
    uint8_t *digest = arena_alloc(d->arena, DIGEST_BYTES);
    buf_init(&text, d->arena);
    buf_printf(&text, "order_id,amount,unique_id\r\n");
    for (int i = 0; i < x->row.rows_total; i++)
        buf_printf(&text, "%s,%s,%s\r\n", x->rows[i].order_id, x->rows[i].amount,
                   x->rows[i].unique_id);
    digest_sha256(buf_text(&text), text.len, digest);
    return digest;
}

static void finish(struct demo *d, struct demo_batch *x)
{
    struct batch *b = &x->row;
    b->file_sha256 = digest_of(d, x);
    b->currency = x->total.currency = CURRENCY;
    b->amount_minor = x->total.good_minor;
    x->total.gateway = GATEWAY;
    b->updated_ms = b->created_ms;
    b->status = BATCH_AWAITING_CONFIRMATION;
    if (!x->run)
        return;
    b->run_mode = "GOOD_ROWS";
    b->rows_done = b->rows_total;
    b->rows_failed = b->rows_bad;
    b->rows_accepted = b->rows_total - b->rows_bad;
    b->status = b->rows_failed > 0 ? BATCH_PARTIALLY_COMPLETED : BATCH_COMPLETED;
    b->updated_ms = x->rows[b->rows_total - 1].updated_ms;
}

void demo_make_batches(struct demo *d)
{
    size_t n = demo_count(d->source.batches);
    d->batches = arena_array(d->arena, n, sizeof *d->batches);
    for (size_t k = 0; k < n; k++) {
        struct json_object *recipe = demo_item(d->source.batches, k),
                           *rows = json_get(recipe, "rows");
        struct demo_batch *x = &d->batches[d->n_batches++];
        x->run = demo_flag(recipe, "run");
        x->row = (struct batch){
            .id = id_new(),
            .merchant = d->merchant,
            .file_name = json_text(d->arena, recipe, "file_name"),
            .reason = json_text(d->arena, recipe, "reason"),
            .source = "PORTAL",
            .created_by = MAKER,
            .created_ms = d->now_ms - demo_int(recipe, "minutes_ago", 0) * CLOCK_MINUTE_MS,
        };
        x->rows = arena_array(d->arena, demo_count(rows), sizeof *x->rows);
        for (size_t i = 0; i < demo_count(rows); i++)
            make_row(d, x, demo_item(rows, i), json_text(d->arena, recipe, "ids"));
        finish(d, x);
    }
}

/* ---- what the audit log says -------------------------------------------------------------------
 */

static void note(struct demo *d, const struct batch *b, struct audit_entry *to, int64_t at_ms,
                 const char *actor, const char *action, struct json_object *detail)
{
    json_put_text(detail, "file_name", b->file_name);
    *to = (struct audit_entry){.merchant = b->merchant,
                               .at_ms = at_ms,
                               .actor = actor,
                               .action = action,
                               .subject = id_text(d->arena, b->id),
                               .detail = json_write(d->arena, detail)};
}

int demo_audit_batch(struct demo *d, const struct demo_batch *x,
                     struct audit_entry to[DEMO_BATCH_AUDIT])
{
    const struct batch *b = &x->row;
    struct json_object *up = json_object_in(d->arena), *go = json_object_in(d->arena),
                       *end = json_object_in(d->arena);
    json_put_text(up, "sha256", digest_hex(d->arena, b->file_sha256, DIGEST_BYTES));
    json_put_int(up, "rows", b->rows_total);
    json_put_int(up, "bad_rows", b->rows_bad);
    note(d, b, &to[0], b->created_ms, MAKER, "batch.uploaded", up);
    if (!x->run)
        return 1;
    json_put_text(go, "from", BATCH_AWAITING_CONFIRMATION);
    json_put_text(go, "to", BATCH_PROCESSING);
    note(d, b, &to[1], b->created_ms + CONFIRMED_AFTER_MS, MAKER, "batch.confirmed", go);
    json_put_text(end, "to", b->status);
    json_put_int(end, "accepted", b->rows_accepted);
    json_put_int(end, "failed", b->rows_failed);
    note(d, b, &to[2], b->updated_ms, "worker", "batch.finished", end);
    return DEMO_BATCH_AUDIT;
}

/* ---- as the store takes it ---------------------------------------------------------------------
 */

static enum rc move(struct sql *q, struct batch *b, const char *to, struct err *e)
{
    const char *from = b->status;
    b->status = to;
    return batches_update(q, b, from, e);
}

static enum rc write_row(struct sql *q, const struct batch_row *r, struct err *e)
{
    struct batch_row queued = *r;
    queued.status = BATCH_ROW_QUEUED;
    return batch_rows_insert(q, &queued, e);
}

enum rc demo_write_batch(struct sql *q, const struct demo_batch *x, struct err *e)
{
    struct batch b = x->row;
    b.status = BATCH_READING;
    enum rc rc = batches_insert(q, &b, e);
    for (int i = 0; rc == RC_OK && i < b.rows_total; i++)
        rc = write_row(q, &x->rows[i], e);
    if (rc == RC_OK)
        rc = batch_totals_add(q, b.id, &x->total, e);
    if (rc == RC_OK)
        rc = move(q, &b, BATCH_AWAITING_CONFIRMATION, e);
    if (rc != RC_OK || !x->run)
        return rc;
    rc = move(q, &b, BATCH_PROCESSING, e);
    for (int i = 0; rc == RC_OK && i < b.rows_total; i++)
        rc = batch_rows_settle(q, &x->rows[i], BATCH_ROW_QUEUED, e);
    return rc == RC_OK ? move(q, &b, x->row.status, e) : rc;
}
