/* What is done to a batch by its page's buttons; each POST leads back to the page. */
#include "portal/batch_page.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/limits.h"
#include "refund/batch_sync.h"
#include "web/slow.h"
#include <inttypes.h>
#include <string.h>

static void go_back(const struct req *r, struct reply *p, int64_t batch, const char *after)
{
    reply_redirect(p, batch_view_path(r->arena, batch, after));
}

/* The second of two presses shows what came of the first. */
static enum rc end_act(const struct req *r, struct reply *p, int64_t batch, enum rc rc)
{
    if (rc == RC_OK || rc == RC_CONFLICT)
        go_back(r, p, batch, rc == RC_OK ? "" : "?moved=1");
    return rc == RC_CONFLICT ? RC_OK : rc;
}

/* ---- confirm -----------------------------------------------------------------------------------
 */

struct totals_read {
    struct req *req;
    int64_t batch;
    struct batch_total *totals;
    int n;
};

static enum rc read_totals(struct sql *q, void *arg, struct err *e)
{
    struct totals_read *w = arg;
    struct batch ignored;
    enum rc rc = batches_get(q, w->req->arena, w->req->actor.merchant, w->batch, &ignored, e);
    return rc == RC_OK ? batch_totals_of(q, w->req->arena, w->batch, &w->totals, &w->n, e) : rc;
}

enum rc page_batch_confirm(struct req *r, struct reply *p, struct err *e)
{
    struct totals_read w = {.req = r};
    struct batch_form form = {0};
    enum rc rc = batch_page_id(r, &w.batch, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_totals, &w, e);
    if (rc != RC_OK)
        return rc;
    batch_form_take(&form, r->arena, &r->form, w.totals, w.n);
    rc = batch_confirm(r->app, r->arena, &r->actor, w.batch, form.run_mode, form.typed,
                       form.n_typed, &form.fault, e);
    if (rc == RC_OK && form.fault.said)
        return batch_page_show(r, p, &form, e);
    return end_act(r, p, w.batch, rc);
}

/* ---- the other acts ----------------------------------------------------------------------------
 */

/* Those that need a reason have a page (or popup) of their own to ask for it. */
static const struct asking {
    enum batch_act act;
    const char *after, *question, *words, *button;
} cancelling = {BATCH_CANCEL, "/cancel", "Cancel the batch?",
                "Rows that are still queued never run. Refunds that exist already stay.",
                "Cancel batch"},
  rejecting = {BATCH_REJECT, "/reject", "Reject the batch?",
               "None of its rows is refunded. The file can be mended and uploaded again.",
               "Reject"};

struct asking_read {
    struct req *req;
    int64_t id;
    struct merchant merchant;
    struct batch batch;
};

static enum rc read_asking(struct sql *q, void *arg, struct err *e)
{
    struct asking_read *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    return rc == RC_OK ? batches_get(q, a, w->merchant.id, w->id, &w->batch, e) : rc;
}

static enum rc ask(struct req *r, struct reply *p, const struct asking *asking, const char *why,
                   const char *fault, struct err *e)
{
    struct asking_read w = {.req = r};
    enum rc rc = batch_page_id(r, &w.id, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_asking, &w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/reason", asking->question, &w.merchant);
    struct page_node *root = page_root(page);
    page_set(root, "question", asking->question);
    page_set(root, "about", w.batch.file_name);
    page_set(root, "words", asking->words);
    page_set(root, "button", asking->button);
    page_set(root, "action", batch_view_path(r->arena, w.id, asking->after));
    page_set(root, "back", batch_view_path(r->arena, w.id, ""));
    page_set(root, "why", why);
    page_set(root, "why_error", fault);
    reply_page(p, 200, page);
    return RC_OK;
}

static enum rc do_act(struct req *r, struct reply *p, enum batch_act act, const char *why,
                      struct err *e)
{
    int64_t batch;
    enum rc rc = batch_page_id(r, &batch, e);
    if (rc != RC_OK)
        return rc;
    return end_act(r, p, batch, batch_act(r->app, r->arena, &r->actor, batch, act, why, e));
}

static enum rc do_asked(struct req *r, struct reply *p, const struct asking *asking, struct err *e)
{
    const char *why = str_trim(r->arena, str_or(form_get(&r->form, "why"), ""));
    if (!*why)
        return ask(r, p, asking, why, "Give a reason: the people who look at it later need it.", e);
    if (strlen(why) > LIMIT_BATCH_TEXT)
        return ask(r, p, asking, why,
                   arena_printf(r->arena, "Too long: at most %d characters.", LIMIT_BATCH_TEXT), e);
    return do_act(r, p, asking->act, why, e);
}

enum rc page_batch_cancel(struct req *r, struct reply *p, struct err *e)
{
    return ask(r, p, &cancelling, "", NULL, e);
}

enum rc page_batch_cancel_post(struct req *r, struct reply *p, struct err *e)
{
    return do_asked(r, p, &cancelling, e);
}

enum rc page_batch_reject(struct req *r, struct reply *p, struct err *e)
{
    return ask(r, p, &rejecting, "", NULL, e);
}

enum rc page_batch_reject_post(struct req *r, struct reply *p, struct err *e)
{
    return do_asked(r, p, &rejecting, e);
}

enum rc page_batch_approve(struct req *r, struct reply *p, struct err *e)
{
    return do_act(r, p, BATCH_APPROVE, NULL, e);
}

enum rc page_batch_pause(struct req *r, struct reply *p, struct err *e)
{
    return do_act(r, p, BATCH_PAUSE, NULL, e);
}

enum rc page_batch_resume(struct req *r, struct reply *p, struct err *e)
{
    return do_act(r, p, BATCH_RESUME, NULL, e);
}

enum rc page_batch_sync(struct req *r, struct reply *p, struct err *e)
{
    int64_t batch;
    enum rc rc = batch_page_id(r, &batch, e);
    if (rc == RC_OK)
        rc = slow_enter(SLOW_WAIT, e);
    if (rc != RC_OK)
        return rc;
    rc = batch_sync(r->app, r->arena, &r->actor, batch, e);
    slow_leave(SLOW_WAIT);
    if (rc == RC_OK)
        go_back(r, p, batch, "?synced=1");
    return rc;
}

enum rc page_batch_retry(struct req *r, struct reply *p, struct err *e)
{
    int64_t batch, row = 0;
    const char *said = NULL;
    enum rc rc = batch_page_id(r, &batch, e);
    if (rc == RC_OK && !str_parse_i64(r->params[1], &row))
        rc = ERR(e, RC_NOT_FOUND, "The batch has no such row.", "row %s", r->params[1]);
    if (rc == RC_OK)
        rc = batch_retry_row(r->app, r->arena, &r->actor, batch, row, &said, e);
    if (rc != RC_OK && rc != RC_CONFLICT)
        return rc;
    go_back(r, p, batch,
            arena_printf(r->arena, "?rows=%s&tried=%" PRId64, said ? "failed" : "all", row));
    return RC_OK;
}
