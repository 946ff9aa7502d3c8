/*
 * Running a batch: rows become refunds in the order of the file, some of them in each transaction,
 * together with their own status and the batch's counts. Whatever is killed between two
 * transactions, the next one goes on with what is QUEUED; two runners share the rows, since each
 * looks at them under the write lock.
 */
#include "refund/batch.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_rows.h"
#include "refund/occasion_facts.h"
#include "sql/sql.h"
#include "store/audit.h"

struct step {
    struct app *app;
    struct arena *arena;
    int64_t batch, budget_ms;
    struct actor actor; /* of the refunds: who uploaded the file */
    struct batch b;
    struct batch_row *rows;
    struct batch_row_ask **asks;
    int n;
    bool more;
    const char *said; /* why all or none is none */
};

void batch_row_fail(struct batch_row *r, const char *code, const char *said)
{
    r->status = BATCH_ROW_FAILED;
    r->error_code = code;
    r->error_message = said;
}

void batch_row_refuse(struct arena *a, struct batch_row *r, const struct refund_answer *answer)
{
    const struct cause_row *row = cause_row(answer->cause);
    const char *said = row->message;
    if (answer->cause == CAUSE_SPLIT_OR_BENEFICIARY && answer->detail != NULL)
        said = answer->detail;
    if (answer->cause == CAUSE_EXCEEDS && answer->refundable_minor >= 0)
        said = arena_printf(a, "%s (left: %s %s)", row->message,
                            money_text(a, answer->refundable_minor, answer->currency),
                            answer->currency);
    batch_row_fail(r, row->code, said);
}

/* What was refused before is in no total that was confirmed, and stays refused; all else is judged
 * anew, on what is true now. */
static enum rc run_row(struct sql *q, struct step *s, int i, struct err *e)
{
    struct batch_row *r = &s->rows[i];
    struct refund_answer answer;
    r->updated_ms = clock_wall_ms(&s->app->clock);
    r->refund = 0;
    if (!str_eq(r->verdict, BATCH_VERDICT_OK)) {
        batch_row_fail(r, r->verdict, r->verdict_said);
        return batch_rows_settle(q, r, BATCH_ROW_QUEUED, e);
    }
    enum rc rc = refund_create_in(q, s->arena, s->asks[i]->ask, r->updated_ms, &answer, e);
    if (rc != RC_OK)
        return rc;
    r->status = BATCH_ROW_ACCEPTED;
    r->error_code = r->error_message = NULL;
    if (answer.cause == CAUSE_NONE)
        r->refund = answer.refund.id;
    else
        batch_row_refuse(s->arena, r, &answer);
    return batch_rows_settle(q, r, BATCH_ROW_QUEUED, e);
}

const char *batch_end_status(const struct batch *b)
{
    if (b->rows_failed == 0)
        return BATCH_COMPLETED;
    return b->rows_accepted == 0 ? BATCH_FAILED : BATCH_PARTIALLY_COMPLETED;
}

static enum rc tell_end(struct sql *q, struct step *s, struct err *e)
{
    struct json_object *detail = json_object_in(s->arena);
    json_put_text(detail, "file_name", s->b.file_name);
    json_put_text(detail, "to", s->b.status);
    json_put_int(detail, "accepted", s->b.rows_accepted);
    json_put_int(detail, "failed", s->b.rows_failed);
    const struct audit_entry entry = {
        .merchant = s->b.merchant,
        .at_ms = s->b.updated_ms,
        .actor = "worker",
        .action = "batch.finished",
        .subject = id_text(s->arena, s->b.id),
        .detail = json_write(s->arena, detail),
    };
    enum rc rc = audit_add(q, &entry, e);
    return rc == RC_OK ? occasion_of_batch(q, s->arena, OCCASION_BATCH_FINISHED, &s->b, e) : rc;
}

/* Writes the batch's counts; one with nothing left to do ends. */
static enum rc keep_counts(struct sql *q, struct step *s, struct err *e)
{
    s->b.rows_done = s->b.rows_accepted + s->b.rows_failed;
    s->b.updated_ms = clock_wall_ms(&s->app->clock);
    s->more = s->b.rows_done < s->b.rows_total;
    if (!s->more)
        s->b.status = batch_end_status(&s->b);
    enum rc rc = batches_update(q, &s->b, BATCH_PROCESSING, e);
    return rc == RC_OK && !s->more ? tell_end(q, s, e) : rc;
}

/* Under the write lock: the batch as it is now, and those of the rows that are still QUEUED. */
static enum rc step_fn(struct sql *q, void *arg, struct err *e)
{
    struct step *s = arg;
    int64_t until_ms = clock_mono_ms() + s->budget_ms;
    struct batch_row *first = NULL;
    int n_first = 0;
    s->more = false;
    enum rc rc = batches_any(q, s->arena, s->batch, &s->b, e);
    if (rc != RC_OK || !str_eq(s->b.status, BATCH_PROCESSING))
        return rc;
    rc = batch_rows_queued(q, s->arena, s->batch, 1, &first, &n_first, e);
    if (rc != RC_OK)
        return rc;
    bool ours = s->n > 0 && n_first > 0 && first[0].row == s->rows[0].row;
    for (int i = 0; ours && i < s->n && (i == 0 || clock_mono_ms() < until_ms); i++) {
        rc = run_row(q, s, i, e);
        if (rc != RC_OK)
            return rc;
        bool accepted = str_eq(s->rows[i].status, BATCH_ROW_ACCEPTED);
        s->b.rows_accepted += accepted;
        s->b.rows_failed += !accepted;
    }
    return keep_counts(q, s, e);
}

/* What needs no lock: rows are read and their requests parsed. */
static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct step *s = arg;
    enum rc rc = batches_any(q, s->arena, s->batch, &s->b, e);
    if (rc == RC_OK)
        rc = batch_rows_queued(q, s->arena, s->batch, s->n, &s->rows, &s->n, e);
    return rc;
}

static enum rc try_rows(struct step *s, int most, struct err *e)
{
    s->n = most;
    enum rc rc = sql_read(s->app->db, look_fn, s, e);
    if (rc != RC_OK)
        return rc;
    s->actor = (struct actor){.kind = ACTOR_WORKER,
                              .merchant = s->b.merchant,
                              .name = str_eq(s->b.source, "API") ? "API" : s->b.created_by};
    s->asks = arena_array(s->arena, (size_t)s->n + 1, sizeof(struct batch_row_ask *));
    for (int i = 0; i < s->n; i++)
        s->asks[i] = batch_row_request(s->arena, s->app, &s->actor, &s->b, &s->rows[i]);
    return sql_tx(s->app->db, step_fn, s, e);
}

static enum rc settle_first(struct sql *q, void *arg, struct err *e)
{
    struct step *s = arg;
    struct batch_row *r = NULL;
    int n = 0;
    s->more = false;
    enum rc rc = batches_any(q, s->arena, s->batch, &s->b, e);
    if (rc == RC_OK)
        rc = batch_rows_queued(q, s->arena, s->batch, 1, &r, &n, e);
    if (rc != RC_OK || n == 0 || !str_eq(s->b.status, BATCH_PROCESSING))
        return rc;
    batch_row_fail(r, "INTERNAL_ERROR", "The row could not be written. Try it again.");
    r->updated_ms = clock_wall_ms(&s->app->clock);
    rc = batch_rows_settle(q, r, BATCH_ROW_QUEUED, e);
    s->b.rows_failed++;
    return rc == RC_OK ? keep_counts(q, s, e) : rc;
}

/* ---- all or none --------------------------------------------------------------------------------
 */

static enum rc read_batch(struct sql *q, void *arg, struct err *e)
{
    struct step *s = arg;
    return batches_any(q, s->arena, s->batch, &s->b, e);
}

static enum rc end_unrun(struct sql *q, void *arg, struct err *e)
{
    struct step *s = arg;
    const char *said = s->said;
    enum rc rc = batches_any(q, s->arena, s->batch, &s->b, e);
    if (rc != RC_OK || !str_eq(s->b.status, BATCH_PROCESSING) || s->b.rows_done > 0)
        return rc;
    s->b.status = BATCH_FAILED;
    s->b.said = said;
    s->b.updated_ms = clock_wall_ms(&s->app->clock);
    rc = batches_update(q, &s->b, BATCH_PROCESSING, e);
    return rc == RC_OK ? tell_end(q, s, e) : rc;
}

/* *stands false: the batch ended here, because one of its rows would be refused now. */
static enum rc check_whole(struct step *s, bool *stands, struct err *e)
{
    *stands = true;
    enum rc rc = sql_read(s->app->db, read_batch, s, e);
    if (rc != RC_OK || !str_eq(s->b.run_mode, "ALL_OR_NONE") || s->b.rows_done > 0 ||
        !str_eq(s->b.status, BATCH_PROCESSING))
        return rc;
    rc = batch_whole_check(s->app, s->arena, &s->b, &s->said, e);
    *stands = s->said == NULL;
    return rc == RC_OK && !*stands ? sql_tx(s->app->db, end_unrun, s, e) : rc;
}

static bool is_passing(enum rc rc)
{
    return rc == RC_BUSY || rc == RC_IO;
}

enum rc batch_run_step(struct app *app, struct arena *a, int64_t batch, int64_t budget_ms,
                       bool *more, struct err *e)
{
    struct step s = {.app = app, .arena = a, .batch = batch, .budget_ms = budget_ms};
    bool stands;
    *more = false;
    enum rc rc = check_whole(&s, &stands, e);
    if (rc != RC_OK || !stands)
        return rc;
    rc = try_rows(&s, LIMIT_BATCH_STEP, e);
    if (rc != RC_OK && !is_passing(rc))
        rc = try_rows(&s, 1, e); /* one row that cannot be written holds up nobody else */
    if (rc != RC_OK && !is_passing(rc)) {
        log_err(&app->log, "running a row of a batch", e);
        rc = sql_tx(app->db, settle_first, &s, e);
    }
    *more = rc == RC_OK && s.more;
    if (rc == RC_OK)
        app_wake_worker(app);
    return rc;
}
