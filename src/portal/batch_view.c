#include "portal/batch_view.h"
#include "portal/facts.h"

#include "core/id.h"
#include "core/json.h"
#include "refund/batch.h"
#include "refund/create.h"
#include <inttypes.h>
#include <string.h>

static const struct {
    const char *status, *color;
} colors[] = {
    {BATCH_AWAITING_CONFIRMATION, "yellow"},
    {BATCH_AWAITING_APPROVAL, "yellow"},
    {BATCH_PROCESSING, "blue"},
    {BATCH_PAUSED, "yellow"},
    {BATCH_COMPLETED, "green"},
    {BATCH_PARTIALLY_COMPLETED, "yellow"},
    {BATCH_FAILED, "red"},
    {BATCH_REJECTED, "red"},
    {BATCH_CANCELLED, "secondary"},
};

static const struct {
    const char *status, *color;
} row_colors[] = {
    {BATCH_ROW_QUEUED, "blue"},
    {BATCH_ROW_ACCEPTED, "green"},
    {BATCH_ROW_FAILED, "red"},
};

const char *batch_view_path(struct arena *a, int64_t batch, const char *after)
{
    return arena_printf(a, BATCH_PATH "/%s%s", id_text(a, batch), after);
}

void batch_view_badge(struct page_node *n, const char *status)
{
    for (size_t i = 0; i < sizeof colors / sizeof colors[0]; i++) {
        if (str_eq(colors[i].status, status))
            page_set(n, "color", colors[i].color);
    }
    page_set(n, "word", batch_status_label(status));
}

void batch_view_row_badge(struct page_node *n, const char *row_status)
{
    for (size_t i = 0; i < sizeof row_colors / sizeof row_colors[0]; i++) {
        if (str_eq(row_colors[i].status, row_status))
            page_set(n, "color", row_colors[i].color);
    }
    page_set(n, "word", row_status);
}

const char *batch_view_amount(const struct rows_ctx *c, const struct batch *b)
{
    return b->currency ? format_money(c->arena, &c->format, b->amount_minor, b->currency) : "–";
}

void batch_view_progress(const struct rows_ctx *c, struct page_node *n, const struct batch *b)
{
    struct arena *a = c->arena;
    const struct format *f = &c->format;
    page_set(n, "total", arena_printf(a, "%" PRId64, b->rows_total));
    page_set(n, "done", arena_printf(a, "%" PRId64, b->rows_done));
    page_set(n, "of",
             arena_printf(a, "%s of %s", format_count(a, f, b->rows_done),
                          format_count(a, f, b->rows_total)));
    page_set(n, "words",
             arena_printf(a, "%s of %s done: %s accepted, %s failed; %s left",
                          format_count(a, f, b->rows_done), format_count(a, f, b->rows_total),
                          format_count(a, f, b->rows_accepted), format_count(a, f, b->rows_failed),
                          format_count(a, f, b->rows_total - b->rows_done)));
}

/* ---- rows --------------------------------------------------------------------------------------
 */

/* As the file has it where it is no amount of the order's currency. */
static const char *row_amount(const struct rows_ctx *c, const struct batch_row *r)
{
    return r->currency && r->amount_minor >= 0
               ? format_money(c->arena, &c->format, r->amount_minor, r->currency)
               : r->amount;
}

static void fill_row(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r)
{
    page_set(n, "line", arena_printf(c->arena, "%" PRId64, r->line));
    page_set(n, "row", arena_printf(c->arena, "%" PRId64, r->row));
    page_set(n, "order_id", r->order_id);
    if (r->currency)
        page_set(n, "order_href", web_path(c->arena, "/orders/", r->order_id, ""));
    page_set(n, "amount", row_amount(c, r));
}

void batch_view_verdict(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r)
{
    bool good = str_eq(r->verdict, BATCH_VERDICT_OK);
    struct page_node *badge = page_child(n, "verdict");
    fill_row(c, n, r);
    page_set(badge, "color", !good ? "red" : r->warning ? "yellow" : "green");
    page_set(badge, "word", !good ? "Refused" : r->warning ? "Warning" : "Good");
    page_set(n, "why", good ? r->warning : str_or(r->verdict_said, r->verdict));
}

static void fill_given(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r,
                       const struct batch_row_parties *parties, const char *party)
{
    for (int i = 0; r->currency && i < parties->n; i++)
        if (str_eq(parties->rows[i].party, party))
            page_set(
                n, "given",
                format_amount(c->arena, &c->format, parties->rows[i].given_minor, r->currency));
}

/* What each party of a split row gives back, as the file says it, and all its refunds so far. */
static void fill_vendors(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r,
                         const struct batch_row_parties *parties)
{
    static const struct {
        const char *id, *amount;
    } columns[] = {
        {NULL, "marketplace_amount"},
        {"vendor1_id", "vendor1_amount"},
        {"vendor2_id", "vendor2_amount"},
    };
    struct json_object *cells = NULL;
    struct err ignored;
    if (!r->cells || json_read(c->arena, r->cells, strlen(r->cells), &cells, &ignored) != RC_OK)
        return;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const char *amount = json_text(c->arena, cells, columns[i].amount);
        const char *id = columns[i].id ? json_text(c->arena, cells, columns[i].id) : "";
        if (!amount || !id)
            continue;
        struct page_node *vendor = page_add(n, "vendors");
        page_set(vendor, "party", *id ? id : "Marketplace");
        int64_t minor;
        bool fits = r->currency && money_parse(amount, r->currency, &minor) == MONEY_OK;
        page_set(vendor, "amount",
                 fits ? format_amount(c->arena, &c->format, minor, r->currency) : amount);
        fill_given(c, vendor, r, parties, id);
    }
}

void batch_view_row(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r,
                    const struct batch_row_parties *parties)
{
    struct arena *a = c->arena;
    bool failed = str_eq(r->status, BATCH_ROW_FAILED);
    fill_row(c, n, r);
    batch_view_row_badge(page_child(n, "status"), r->status);
    fill_vendors(c, n, r, parties);
    if (r->refund) {
        page_set(n, "refund", str_or(r->unique_request_id, id_text(a, r->refund)));
        page_set(n, "refund_href", arena_printf(a, "/refunds/%s", id_text(a, r->refund)));
        rows_status_badge(page_child(n, "refund_status"), r->refund_status);
        if (str_eq(r->refund_status, "FAILURE"))
            page_set(n, "why", str_or(r->refund_error_message, r->refund_error_code));
    } else if (failed) {
        page_set(n, "why", str_or(r->error_message, r->error_code));
        page_set(n, "code", r->error_code);
    } else if (!str_eq(r->verdict, BATCH_VERDICT_OK)) {
        page_set(n, "why", str_or(r->verdict_said, r->verdict));
    }
}

/* ---- around the rows ---------------------------------------------------------------------------
 */

void batch_view_facts(const struct rows_ctx *c, struct page_node *root, const struct batch *b,
                      const char *total)
{
    struct page_node *details = page_child(root, "details");
    struct facts_group g = facts_group(c, details, NULL);
    facts_put_id(&g, "Batch ID", id_text(c->arena, b->id));
    facts_put(&g, "File Name", b->file_name);
    facts_put_time(&g, "Date Created", b->created_ms);
    facts_put(&g, "Uploaded by", b->created_by);
    facts_put(&g, "Key made by", b->key_maker);
    facts_put(&g, "Description", b->description);
    facts_put(&g, "Reason", refund_reason_label(b->reason));
    facts_put(&g, "Total Amount",
              total && b->rows_bad ? arena_printf(c->arena, "%s, refused rows too", total) : total);
    facts_put(&g, "Runs",
              str_eq(b->run_mode, "ALL_OR_NONE") ? "All or none"
              : b->run_mode                      ? "The good rows"
                                                 : NULL);
    facts_put(&g, str_eq(b->status, BATCH_REJECTED) ? "Rejected by" : "Approved by", b->checked_by);
    if (b->file_sha256)
        facts_put_id(&g, "SHA-256 of the file", digest_hex(c->arena, b->file_sha256, DIGEST_BYTES));
    rows_time(c, page_child(root, "updated"), b->updated_ms);
}

void batch_view_place(const struct rows_ctx *c, struct page_node *n,
                      const struct batch_place *place)
{
    struct arena *a = c->arena;
    if (!place->batch)
        return;
    page_set(n, "href",
             batch_view_path(a, place->batch,
                             arena_printf(a, "?rows=all&after=%" PRId64, place->row - 1)));
    page_set(n, "file_name", place->file_name);
    page_set(n, "row", arena_printf(a, "%" PRId64, place->row));
    page_set(n, "line", arena_printf(a, "%" PRId64, place->line));
}

/* ---- Sync with Gateway -------------------------------------------------------------------------
 */

static const struct {
    const char *verdict, *words;
} verdicts[] = {
    {"NOT_SENT", "Not sent yet: nothing to ask"},
    {"SENDING", "On its way: the answer comes by itself"},
    {"COOLING", "Asked a moment ago: not asked again"},
};

void batch_view_sync(const struct rows_ctx *c, struct page_node *root,
                     const struct batch_sync_count *rows, int count)
{
    struct page_node *synced = page_child(root, "synced");
    for (int i = 0; i < count; i++) {
        struct page_node *n = page_add(synced, "rows");
        const char *words = str_eq(rows[i].before, rows[i].now) ? "Unchanged so far" : "Changed";
        for (size_t k = 0; k < sizeof verdicts / sizeof verdicts[0]; k++) {
            if (str_eq(verdicts[k].verdict, rows[i].verdict))
                words = verdicts[k].words;
        }
        rows_status_badge(page_child(n, "before"), rows[i].before);
        rows_status_badge(page_child(n, "now"), rows[i].now);
        page_set(n, "refunds", format_count(c->arena, &c->format, rows[i].refunds));
        page_set(n, "words", words);
        rows_time(c, page_child(synced, "at"), rows[i].asked_ms);
    }
}

/* ---- history -----------------------------------------------------------------------------------
 */

static const struct {
    const char *action, *sentence;
} sentences[] = {
    {"batch.uploaded", "Uploaded by"},   {"batch.confirmed", "Confirmed by"},
    {"batch.approved", "Approved by"},   {"batch.rejected", "Rejected by"},
    {"batch.paused", "Paused by"},       {"batch.resumed", "Resumed by"},
    {"batch.cancelled", "Cancelled by"}, {"batch.synced", "Synced with the gateway by"},
    {"batch.exported", "Downloaded by"}, {"batch.row_retried", "A row was tried again by"},
};

static void fill_event(const struct rows_ctx *c, struct page_node *n, const struct audit_entry *x)
{
    struct arena *a = c->arena;
    struct json_object *detail = NULL;
    struct err ignored;
    struct page_node *at = page_child(n, "at");
    const char *text = NULL, *to = NULL;

    rows_time(c, at, x->at_ms);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (str_eq(sentences[i].action, x->action))
            text = arena_printf(a, "%s %s", sentences[i].sentence, x->actor);
    }
    if (json_read(a, str_or(x->detail, ""), strlen(str_or(x->detail, "")), &detail, &ignored) ==
        RC_OK) {
        to = json_text(a, detail, "to");
        page_set(n, "sub", str_or(json_text(a, detail, "said"), json_text(a, detail, "which")));
    }
    if (str_eq(x->action, "batch.finished"))
        text = batch_status_label(str_or(to, ""));
    page_set(n, "text", text ? text : x->action);
}

void batch_view_history(const struct rows_ctx *c, struct page_node *root,
                        const struct audit_entry *entries, int count)
{
    for (int i = 0; i < count; i++)
        fill_event(c, page_add(root, "events"), &entries[i]);
}
