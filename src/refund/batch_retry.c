/*
 * One row again: a person tries what was refused, when its cause is gone. It stays the row of its
 * file: the same order and amount twice, and who approved what, are judged as they were for the
 * whole.
 */
#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/batch_rows.h"
#include "sql/sql.h"
#include "store/audit.h"

struct retry {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t batch, row;
    const struct batch_row_ask *ask;
    struct merchant merchant;
    struct batch b;
    struct batch_row r;
    const char *said;
};

static enum rc look(struct sql *q, void *arg, struct err *e)
{
    struct retry *t = arg;
    enum rc rc = merchants_get(q, t->arena, t->actor->merchant, &t->merchant, e);
    if (rc == RC_OK)
        rc = batches_get(q, t->arena, t->merchant.id, t->batch, &t->b, e);
    return rc == RC_OK ? batch_rows_get(q, t->arena, t->batch, t->row, &t->r, e) : rc;
}

static bool is_refused(const struct batch *b, const struct batch_row *r)
{
    bool has_run = str_eq(b->status, BATCH_COMPLETED) ||
                   str_eq(b->status, BATCH_PARTIALLY_COMPLETED) || str_eq(b->status, BATCH_FAILED);
    return has_run && str_eq(r->status, BATCH_ROW_FAILED);
}

static bool needs_checker(const struct merchant *m, const struct batch *b,
                          const struct batch_row *r, const struct actor *actor)
{
    bool approved = b->checked_by != NULL && str_eq(r->verdict, BATCH_VERDICT_OK);
    bool may_approve =
        actor->rights[MODULE_APPROVALS] >= RIGHT_WRITE && !batch_is_of(b, actor->name);
    return m->maker_checker && !approved && !may_approve;
}

bool batch_row_may_retry(const struct merchant *m, const struct batch *b, const struct batch_row *r,
                         const struct actor *actor)
{
    return is_refused(b, r) && !needs_checker(m, b, r, actor);
}

/* What the core cannot know: that another row of the file is the same refund. */
static enum rc find_twin(struct sql *q, struct retry *t, struct err *e)
{
    struct refund_facts f;
    int64_t twin = 0;
    enum rc rc = validate_gather(q, t->arena, t->ask->ask, t->r.updated_ms, &f, e);
    if (rc == RC_OK && f.has_txn && f.amount_fault == MONEY_OK)
        rc = batch_rows_twin(q, &t->r, f.order.id, f.amount_minor, &twin, e);
    if (rc == RC_OK && twin != 0) {
        t->said = batch_row_twin_said(t->arena, &t->r, twin);
        batch_row_fail(&t->r, cause_row(CAUSE_TWIN)->code, t->said);
    }
    return rc;
}

static enum rc audit_retry(struct sql *q, const struct retry *t, struct err *e)
{
    struct json_object *detail = json_object_in(t->arena);
    json_put_text(detail, "file_name", t->b.file_name);
    json_put_int(detail, "row", t->r.row);
    json_put_text(detail, "to", t->b.status);
    json_put_text(detail, "said", arena_printf(t->arena, "Line %lld", (long long)t->r.line));
    const struct audit_entry entry = {
        .merchant = t->b.merchant,
        .at_ms = t->r.updated_ms,
        .actor = t->actor->name,
        .action = "batch.row_retried",
        .subject = id_text(t->arena, t->b.id),
        .detail = json_write(t->arena, detail),
    };
    return audit_add(q, &entry, e);
}

static enum rc accept(struct sql *q, struct retry *t, int64_t refund, struct err *e)
{
    const char *from = t->b.status;
    t->r.status = BATCH_ROW_ACCEPTED;
    t->r.error_code = t->r.error_message = NULL;
    t->r.refund = refund;
    t->b.updated_ms = t->r.updated_ms;
    t->b.rows_accepted++;
    t->b.rows_failed--;
    if (t->b.rows_done == t->b.rows_total)
        t->b.status = batch_end_status(&t->b);
    enum rc rc = batch_rows_settle(q, &t->r, BATCH_ROW_FAILED, e);
    if (rc == RC_OK)
        rc = batches_update(q, &t->b, from, e);
    return rc == RC_OK ? audit_retry(q, t, e) : rc;
}

static enum rc retry_fn(struct sql *q, void *arg, struct err *e)
{
    struct retry *t = arg;
    struct refund_answer answer;
    t->said = NULL;
    enum rc rc = look(q, t, e);
    if (rc != RC_OK)
        return rc;
    if (!is_refused(&t->b, &t->r))
        return ERR(e, RC_CONFLICT, "Only a failed row of a batch that has run can be tried again.",
                   "row is %s, batch %s", t->r.status, t->b.status);
    if (needs_checker(&t->merchant, &t->b, &t->r, t->actor))
        return ERR(e, RC_DENIED,
                   "Nobody has approved this row: somebody who may approve refunds, and did not "
                   "upload the file, can try it again.",
                   "the maker is the checker");
    t->r.updated_ms = clock_wall_ms(&t->app->clock);
    rc = find_twin(q, t, e);
    if (rc != RC_OK || t->said != NULL)
        return rc == RC_OK ? batch_rows_settle(q, &t->r, BATCH_ROW_FAILED, e) : rc;
    rc = refund_create_in(q, t->arena, t->ask->ask, t->r.updated_ms, &answer, e);
    if (rc != RC_OK)
        return rc;
    if (answer.cause == CAUSE_NONE)
        return accept(q, t, answer.refund.id, e);
    batch_row_refuse(t->arena, &t->r, &answer);
    t->said = cause_row(answer.cause)->plain;
    return batch_rows_settle(q, &t->r, BATCH_ROW_FAILED, e);
}

enum rc batch_retry_row(struct app *app, struct arena *a, const struct actor *actor, int64_t batch,
                        int64_t row, const char **said, struct err *e)
{
    struct retry t = {.app = app, .arena = a, .actor = actor, .batch = batch, .row = row};
    enum rc rc = sql_read(app->db, look, &t, e);
    if (rc != RC_OK)
        return rc;
    t.ask = batch_row_request(a, app, actor, &t.b, &t.r);
    *said = t.ask->problems;
    if (t.ask->problems != NULL)
        return RC_OK;
    rc = sql_tx(app->db, retry_fn, &t, e);
    *said = t.said;
    if (rc == RC_OK && t.said == NULL)
        app_wake_worker(app);
    return rc;
}
