#include "portal/batch_page.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/id.h"
#include "core/limits.h"
#include "refund/batch_sync.h"
#include "refund/create.h"
#include "store/refunds.h"
#include <inttypes.h>
#include <string.h>

enum { SHOWN_ROWS = 50, LIVE_FRESH_MS = 10 * 60 * 1000 };

/* Which rows are shown. `checked`: while nothing has run yet; else from then on. */
static const struct shown {
    const char *key, *label;
    enum batch_row_filter filter;
    bool checked;
} filters[] = {
    {"problems", "Only problems", BATCH_ROWS_PROBLEMS, true},
    {"every", "All rows", BATCH_ROWS_ALL, true},
    {"all", "All", BATCH_ROWS_ALL, false},
    {"queued", "Queued", BATCH_ROWS_QUEUED, false},
    {"accepted", "Accepted", BATCH_ROWS_ACCEPTED, false},
    {"failed", "Failed", BATCH_ROWS_FAILED, false},
    {"refund-failed", "Refund failed", BATCH_ROWS_REFUND_FAILED, false},
};
#define N_FILTERS (sizeof filters / sizeof filters[0])

struct work {
    struct req *req;
    int64_t id, after, tried; /* tried: the row that was tried again; 0: none */
    int64_t before;           /* the page before: its `after` */
    struct merchant merchant;
    struct batch batch;
    bool checking;
    const struct shown *shown;
    struct batch_total *totals;
    int n_totals;
    struct batch_row *rows, tried_row;
    struct batch_row_parties *parties; /* of each row */
    int n_rows;
    bool more;
    int64_t warnings;
    int64_t refund_failed; /* -1: too many rows to count */
    struct batch_sync_count *synced;
    int n_synced;
    struct audit_entry *history;
    int n_history;
};

static bool is_checking(const struct batch *b)
{
    return str_eq(b->status, BATCH_AWAITING_CONFIRMATION) ||
           str_eq(b->status, BATCH_AWAITING_APPROVAL);
}

static void choose_filter(struct work *w)
{
    const char *asked = form_get(&w->req->query, "rows");
    bool problems = w->batch.rows_bad + w->warnings > 0;
    w->shown = NULL;
    for (size_t i = 0; i < N_FILTERS; i++) {
        if (filters[i].checked != w->checking)
            continue;
        bool usual = filters[i].filter != BATCH_ROWS_PROBLEMS || problems;
        if (str_eq(filters[i].key, asked) || (!asked && !w->shown && usual))
            w->shown = &filters[i];
    }
    for (size_t i = 0; !w->shown; i++)
        if (filters[i].checked == w->checking && filters[i].filter == BATCH_ROWS_ALL)
            w->shown = &filters[i]; /* asked for before it ran */
}

/* Of a split row that has its refund: what all refunds of the payment give back by party. */
static enum rc read_parties(struct sql *q, struct work *w, int i, struct err *e)
{
    const struct batch_row *r = &w->rows[i];
    struct refund refund;
    struct party *parties;
    if (!r->refund || !r->cells || !strstr(r->cells, "_amount"))
        return RC_OK;
    enum rc rc = refunds_get(q, w->req->arena, r->refund, &refund, e);
    if (rc == RC_OK)
        rc = split_of_order(q, w->req->arena, refund.order_row, refund.txn_row, &parties,
                            &w->parties[i].n, e);
    if (rc == RC_OK)
        w->parties[i].rows = parties;
    return rc;
}

static enum rc read_rows(struct sql *q, struct work *w, struct err *e)
{
    struct arena *a = w->req->arena;
    enum rc rc = RC_OK;
    if (w->checking)
        rc = batch_list_warnings(q, w->id, &w->warnings, e);
    if (rc != RC_OK)
        return rc;
    choose_filter(w);
    rc = batch_rows_page(q, a, w->id, w->shown->filter, w->after, SHOWN_ROWS, &w->rows, &w->n_rows,
                         &w->more, e);
    if (rc == RC_OK && w->after > 0)
        rc =
            batch_rows_page_before(q, w->id, w->shown->filter, w->after, SHOWN_ROWS, &w->before, e);
    w->refund_failed = -1;
    if (rc == RC_OK && w->batch.rows_accepted <= LIMIT_BATCH_COUNTED)
        rc = batch_rows_refund_failed(q, w->id, &w->refund_failed, e);
    if (rc == RC_OK && w->tried)
        rc = batch_rows_get(q, a, w->id, w->tried, &w->tried_row, e);
    w->parties = arena_array(a, SHOWN_ROWS, sizeof *w->parties);
    for (int i = 0; rc == RC_OK && i < w->n_rows; i++)
        rc = read_parties(q, w, i, e);
    return rc;
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = batches_get(q, a, w->merchant.id, w->id, &w->batch, e);
    if (rc != RC_OK)
        return rc;
    w->checking = is_checking(&w->batch);
    rc = batch_totals_of(q, a, w->id, &w->totals, &w->n_totals, e);
    if (rc == RC_OK)
        rc = read_rows(q, w, e);
    if (rc == RC_OK)
        rc = batch_sync_report(q, a, w->id, &w->synced, &w->n_synced, e);
    if (rc == RC_OK)
        rc = batch_list_history(q, a, w->merchant.id, w->id, &w->history, &w->n_history, e);
    return rc;
}

enum rc batch_page_id(const struct req *r, int64_t *batch, struct err *e)
{
    if (id_parse(r->params[0], batch))
        return RC_OK;
    return ERR(e, RC_NOT_FOUND, "There is no such batch.", "not an id: %s", r->params[0]);
}

static enum rc read_number(const struct req *r, const char *name, int64_t *out, struct err *e)
{
    const char *text = form_get(&r->query, name);
    if (!text || str_parse_i64(text, out))
        return RC_OK;
    return ERR(e, RC_INVALID, "This place in the batch does not exist.", "%s %s", name, text);
}

/* ---- what it shows -----------------------------------------------------------------------------
 */

static const char *rows_address(const struct work *w, const struct shown *shown, int64_t after)
{
    struct arena *a = w->req->arena;
    const char *rest = arena_printf(a, "?rows=%s", shown->key);
    if (after > 0)
        rest = arena_printf(a, "%s&after=%" PRId64, rest, after);
    return batch_view_path(a, w->id, rest);
}

/* -1: not counted. */
static int64_t rows_of(const struct work *w, enum batch_row_filter filter)
{
    const struct batch *b = &w->batch;
    switch (filter) {
    case BATCH_ROWS_ALL:
        return b->rows_total;
    case BATCH_ROWS_PROBLEMS:
        return b->rows_bad + w->warnings;
    case BATCH_ROWS_QUEUED:
        return b->rows_total - b->rows_done;
    case BATCH_ROWS_ACCEPTED:
        return b->rows_accepted;
    case BATCH_ROWS_FAILED:
        return b->rows_failed;
    default:
        return w->refund_failed;
    }
}

static void fill_retry(const struct rows_ctx *c, struct page_node *n, const struct work *w,
                       const struct batch_row *r)
{
    if (c->may_refund && batch_row_may_retry(&w->merchant, &w->batch, r, &w->req->actor))
        page_set(n, "retry",
                 batch_view_path(c->arena, w->id,
                                 arena_printf(c->arena, "/rows/%" PRId64 "/retry", r->row)));
}

static void fill_rows(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    for (size_t i = 0; i < N_FILTERS; i++) {
        if (filters[i].checked != w->checking)
            continue;
        struct page_node *tab = page_add(root, "tabs");
        int64_t rows = rows_of(w, filters[i].filter);
        page_set(tab, "label", filters[i].label);
        page_set(tab, "href", rows_address(w, &filters[i], 0));
        page_set(tab, "rows", rows >= 0 ? format_count(c->arena, &c->format, rows) : NULL);
        page_flag(tab, "current", &filters[i] == w->shown);
    }
    for (int i = 0; i < w->n_rows; i++) {
        struct page_node *n = page_add(root, "rows");
        if (w->checking) {
            batch_view_verdict(c, n, &w->rows[i]);
        } else {
            batch_view_row(c, n, &w->rows[i], &w->parties[i]);
            fill_retry(c, n, w, &w->rows[i]);
        }
        page_flag(n, "tried", w->rows[i].row == w->tried);
    }
    if (w->more)
        page_set(root, "older", rows_address(w, w->shown, w->rows[w->n_rows - 1].row));
    if (w->after > 0)
        page_set(root, "newer", rows_address(w, w->shown, w->before));
}

/* What it waits for, in words. */
static const char *truth_of(const struct rows_ctx *c, const struct work *w)
{
    const struct batch *b = &w->batch;
    bool mine = batch_is_of(b, w->req->actor.name);
    if (str_eq(b->status, BATCH_AWAITING_APPROVAL))
        return mine ? "You are its maker, so another person who may approve refunds has to approve "
                      "or reject it. Nothing is refunded before."
                    : arena_printf(c->arena,
                                   "Uploaded by %s. Somebody else who may approve refunds has to "
                                   "approve or reject it; nothing is refunded before.",
                                   b->created_by);
    if (str_eq(b->status, BATCH_AWAITING_CONFIRMATION))
        return b->rows_bad == b->rows_total
                   ? "No row can be refunded as it stands. Mend the file and upload it again."
                   : "Nothing is refunded before the totals are confirmed.";
    if (str_eq(b->status, BATCH_PAUSED))
        return "Paused: no more refunds are created until somebody resumes it.";
    return b->said;
}

/* Buttons of the status, for who may press them. */
static void fill_acts(const struct work *w, struct page_node *root)
{
    static const struct {
        const char *key, *status, *after;
        enum module module;
    } acts[] = {
        {"pause", BATCH_PROCESSING, "/pause", MODULE_REFUNDS},
        {"resume", BATCH_PAUSED, "/resume", MODULE_REFUNDS},
        {"approve", BATCH_AWAITING_APPROVAL, "/approve", MODULE_APPROVALS},
        {"reject", BATCH_AWAITING_APPROVAL, "/reject", MODULE_APPROVALS},
    };
    struct arena *a = w->req->arena;
    const struct batch *b = &w->batch;
    bool mine = batch_is_of(b, w->req->actor.name);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (str_eq(acts[i].status, b->status) && shell_may(w->req, acts[i].module, RIGHT_WRITE) &&
            !(acts[i].module == MODULE_APPROVALS && mine))
            page_set(root, acts[i].key, batch_view_path(a, b->id, acts[i].after));
    }
    if (!shell_may(w->req, MODULE_REFUNDS, RIGHT_WRITE))
        return;
    if (!batch_has_ended(b->status))
        page_set(root, "cancel", batch_view_path(a, b->id, "/cancel"));
    if (b->rows_accepted > 0)
        page_set(root, "sync", batch_view_path(a, b->id, "/sync"));
}

static void fill_downloads(const struct work *w, struct page_node *root)
{
    const struct batch *b = &w->batch;
    struct arena *a = w->req->arena;
    if (!w->checking) {
        page_set(root, "download", batch_view_path(a, b->id, "/download/data"));
        page_set(root, "download_refund_failed",
                 w->refund_failed ? batch_view_path(a, b->id, "/download/refund-failed") : NULL);
    }
    if (w->checking ? b->rows_bad > 0 : b->rows_failed > 0)
        page_set(root, "download_failed", batch_view_path(a, b->id, "/download/failed"));
}

static void fill_tried(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct batch_row *r = &w->tried_row;
    struct page_node *n = page_child(root, "tried");
    if (form_get(&w->req->query, "moved")) {
        page_set(n, "color", "info");
        page_set(n, "title", "This is how it stands now.");
        page_set(n, "text",
                 "The batch had moved on before that button was pressed: it did nothing.");
    }
    if (!w->tried)
        return;
    bool done = r->refund != 0;
    page_set(n, "color", done ? "success" : "warning");
    page_set(n, "title",
             arena_printf(c->arena, "Line %" PRId64 "%s", r->line,
                          done ? " has its refund now." : " is still refused:"));
    page_set(n, "text", done ? r->order_id : str_or(r->error_message, r->verdict_said));
}

/* What stands for the page as it is shown. */
static int64_t seen_of(const struct work *w)
{
    int64_t seen = w->batch.updated_ms;
    for (int i = 0; i < w->n_rows; i++)
        seen += w->rows[i].refund_updated_ms;
    return seen;
}

static void fill_live(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    struct page_node *n = page_child(root, "live");
    bool running = str_eq(w->batch.status, BATCH_PROCESSING), pending = running;
    for (int i = 0; i < w->n_rows; i++)
        pending = pending || str_eq(w->rows[i].refund_status, "PENDING");
    page_set(n, "reload", rows_address(w, w->shown, w->after));
    if (!pending)
        return;
    bool fresh = c->now_ms - w->batch.updated_ms < LIVE_FRESH_MS;
    page_set(n, "href",
             arena_printf(c->arena, "%s&seen=%s", rows_address(w, w->shown, w->after),
                          id_text(c->arena, seen_of(w))));
    page_set(n, "every", running ? "every 2s" : fresh ? "every 4s" : "every 30s");
}

static enum batch_step step_of(const struct batch *b)
{
    if (str_eq(b->status, BATCH_AWAITING_CONFIRMATION))
        return STEP_CHECK;
    return str_eq(b->status, BATCH_AWAITING_APPROVAL) ? STEP_APPROVAL : STEP_PROGRESS;
}

static void fill(const struct rows_ctx *c, struct page_node *root, const struct work *w,
                 const struct batch_form *form)
{
    const struct batch *b = &w->batch;
    int64_t good = b->rows_total - b->rows_bad;
    if (!batch_has_ended(b->status))
        batch_form_steps(root, w->merchant.maker_checker, step_of(b));
    page_flag(root, "checking", w->checking);
    page_flag(root, "maker_checker", w->merchant.maker_checker);
    batch_view_badge(page_child(root, "status"), b->status);
    page_set(root, "amount",
             str_or(batch_form_sums(c, w->totals, w->n_totals, false), "Nothing to refund"));
    if (!w->checking && b->rows_bad > 0)
        page_set(root, "passed",
                 arena_printf(c->arena, "in the %s of %s rows that passed the check",
                              format_count(c->arena, &c->format, good),
                              format_count(c->arena, &c->format, b->rows_total)));
    page_set(root, "truth", truth_of(c, w));
    if (str_eq(b->status, BATCH_AWAITING_APPROVAL))
        page_set(root, "purpose", b->description);
    page_set(root, "news", arena_printf(c->arena, "Batch %s", batch_status_label(b->status)));
    page_set(root, "n_rows", format_count(c->arena, &c->format, b->rows_total));
    page_set(root, "n_good", format_count(c->arena, &c->format, good));
    page_set(root, "n_bad", format_count(c->arena, &c->format, b->rows_bad));
    page_set(root, "n_warnings", format_count(c->arena, &c->format, w->warnings));
    page_flag(root, "any_good", good > 0);
    page_flag(root, "any_bad", b->rows_bad > 0);
    page_flag(root, "any_warnings", w->warnings > 0);
    page_set(root, "back", BATCH_PATH);
    batch_view_progress(c, page_child(root, "progress"), b);
    batch_form_fill(c, root, form, b, w->totals, w->n_totals);
    batch_view_facts(c, root, b, batch_form_sums(c, w->totals, w->n_totals, true));
    fill_acts(w, root);
    fill_downloads(w, root);
    fill_tried(c, root, w);
    fill_rows(c, root, w);
    fill_live(c, root, w);
    batch_view_sync(c, root, w->synced, w->n_synced);
    if (w->n_synced == 0 && form_get(&w->req->query, "synced"))
        page_set(root, "sync_nothing", "Every refund of this batch had ended: nothing to ask.");
    batch_view_history(c, root, w->history, w->n_history);
}

enum rc batch_page_show(struct req *r, struct reply *p, struct batch_form *form, struct err *e)
{
    static const struct batch_form nothing;
    struct work w = {.req = r};
    enum rc rc = batch_page_id(r, &w.id, e);
    if (rc == RC_OK)
        rc = read_number(r, "after", &w.after, e);
    if (rc == RC_OK)
        rc = read_number(r, "tried", &w.tried, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    if (rows_seen_is(r, seen_of(&w))) {
        reply_text(p, 204, "text/plain", "");
        return RC_OK;
    }
    struct page *page = shell_page(r, "page/batch", w.batch.file_name, &w.merchant);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    fill(&c, page_root(page), &w, form ? form : &nothing);
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_batch(struct req *r, struct reply *p, struct err *e)
{
    return batch_page_show(r, p, NULL, e);
}
