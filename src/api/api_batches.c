/*
 * Batches of refunds: POST /batch-refunds reads and judges a file, the rest watches and moves it.
 */
#include "api/api.h"
#include "api/batch_body.h"
#include "api/fields.h"
#include "api/list_query.h"
#include "api/once.h"
#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/batch.h"
#include "sql/sql.h"
#include "web/slow.h"
#include "web/upload.h"

#include <string.h>

/* ---- reading one -------------------------------------------------------------------------------
 */

struct batch_read {
    struct req *r;
    int64_t id;
    enum batch_row_filter filter;
    int64_t after;
    int limit;
    struct batch batch;
    struct batch_total *totals;
    int n_totals;
    struct batch_row *rows; /* limit 0: none */
    int n_rows;
    bool more;
};

static enum rc read_batch(struct sql *q, void *arg, struct err *e)
{
    struct batch_read *w = arg;
    struct arena *a = w->r->arena;
    enum rc rc = batches_get(q, a, w->r->actor.merchant, w->id, &w->batch, e);
    if (rc == RC_OK)
        rc = batch_totals_of(q, a, w->id, &w->totals, &w->n_totals, e);
    if (rc == RC_OK && w->limit > 0)
        rc = batch_rows_page(q, a, w->id, w->filter, w->after, w->limit, &w->rows, &w->n_rows,
                             &w->more, e);
    return rc;
}

/* The batch of the path; RC_NOT_FOUND for what is no id, or another merchant's. */
static enum rc batch_named(struct req *r, int64_t *id, struct err *e)
{
    if (id_parse(r->params[0], id))
        return RC_OK;
    return ERR(e, RC_NOT_FOUND, "There is no such batch.", "no id: %.40s", r->params[0]);
}

static struct json_object *rows_of(const struct batch_read *w)
{
    struct json_object *rows = json_array_in(w->r->arena);
    for (int i = 0; i < w->n_rows; i++)
        json_add(rows, batch_body_row(w->r->arena, &w->rows[i]));
    return rows;
}

static void reply_batch(struct req *r, struct reply *p, const struct batch_read *w)
{
    struct json_object *body = batch_body(r->arena, &w->batch, w->totals, w->n_totals);
    if (w->limit > 0)
        json_put(body, "problems", rows_of(w));
    reply_json(p, 200, json_write(r->arena, body));
}

static enum rc batch_reply(struct req *r, struct reply *p, int64_t id, int problems, struct err *e)
{
    struct batch_read w = {.r = r, .id = id, .filter = BATCH_ROWS_PROBLEMS, .limit = problems};
    enum rc rc = sql_read(r->app->db, read_batch, &w, e);
    if (rc == RC_OK)
        reply_batch(r, p, &w);
    return rc;
}

enum rc api_batch_get(struct req *r, struct reply *p, struct err *e)
{
    int64_t id;
    enum rc rc = batch_named(r, &id, e);
    return rc == RC_OK ? batch_reply(r, p, id, 0, e) : rc;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static enum batch_row_filter filter_asked(struct list_query *q)
{
    static const char *const names[BATCH_ROWS_FILTER_COUNT] = {
        [BATCH_ROWS_ALL] = "all",       [BATCH_ROWS_PROBLEMS] = "problems",
        [BATCH_ROWS_FAILED] = "failed", [BATCH_ROWS_ACCEPTED] = "accepted",
        [BATCH_ROWS_QUEUED] = "queued", [BATCH_ROWS_REFUND_FAILED] = "refund_failed",
    };
    const char *asked = list_query_text(q, "filter", LIMIT_FILTER_BYTES);
    for (int i = 0; asked != NULL && i < BATCH_ROWS_FILTER_COUNT; i++) {
        if (str_ieq(names[i], asked))
            return (enum batch_row_filter)i;
    }
    if (asked != NULL)
        list_query_fault(q, "filter",
                         "is none of all, problems, failed, accepted, queued, refund_failed");
    return BATCH_ROWS_ALL;
}

enum rc api_batch_rows(struct req *r, struct reply *p, struct err *e)
{
    struct list_query *q = arena_alloc(r->arena, sizeof *q);
    struct batch_read w = {.r = r};
    enum rc rc = batch_named(r, &w.id, e);
    if (rc != RC_OK)
        return rc;
    list_query_read(q, r);
    w.filter = filter_asked(q);
    if (list_query_refused(q, p))
        return RC_OK;
    w.after = q->page.move == LIST_NEXT ? q->page.key_id : 0;
    w.limit = q->page.rows;
    rc = sql_read(r->app->db, read_batch, &w, e);
    if (rc != RC_OK)
        return rc;
    int64_t last = w.n_rows > 0 ? w.rows[w.n_rows - 1].row : 0;
    list_query_reply(q, p, rows_of(&w), w.more, last, last);
    return RC_OK;
}

/* ---- a file ------------------------------------------------------------------------------------
 */

static const char *refusal_code(const char *kind)
{
    static const struct {
        const char *kind, *code;
    } codes[] = {
        {"Invalid file format", "INVALID_FILE_FORMAT"},
        {"Missing mandatory fields", "MISSING_MANDATORY_FIELDS"},
        {"Row limit exceeded", "ROW_LIMIT_EXCEEDED"},
        {"Duplicate file", "DUPLICATE_FILE"},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (str_eq(codes[i].kind, kind))
            return codes[i].code;
    }
    return "INVALID_REQUEST";
}

static void refuse_file(struct req *r, struct reply *p, const char *kind, const char *said)
{
    struct api_faults faults = {0};
    errors_fault(&faults, UPLOAD_FIELD, said);
    errors_coded(r, p, 400, refusal_code(kind), arena_printf(r->arena, "%s: %s", kind, said),
                 &faults);
}

static enum rc upload(struct req *r, struct reply *p, const struct batch_upload *in, struct err *e)
{
    struct batch_upload_answer *answer = arena_alloc(r->arena, sizeof *answer);
    enum rc rc = batch_upload(r->app, r->arena, in, answer, e);
    const char *fault = upload_fault(r->upload);
    if (rc != RC_OK && fault != NULL) {
        refuse_file(r, p, "Bad request", fault);
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    if (answer->refused != NULL) {
        refuse_file(r, p, answer->refused, answer->said);
        return RC_OK;
    }
    return batch_reply(r, p, answer->batch.id, LIMIT_PAGE_ROWS, e);
}

enum rc api_batch_create(struct req *r, struct reply *p, struct err *e)
{
    struct api_faults faults = {0};
    const struct batch_upload in = {
        .actor = &r->actor,
        .source = "API",
        .file_name = upload_file_name(r->upload),
        .description = fields_text(r, "description", &faults),
        .reason = fields_text(r, "refund_reason", &faults),
        .bytes = upload_read,
        .ctx = r->upload,
    };
    enum rc rc = slow_enter(SLOW_WAIT, e);
    if (rc != RC_OK)
        return rc;
    rc = upload(r, p, &in, e);
    slow_leave(SLOW_WAIT);
    return rc;
}

/* ---- moving it ---------------------------------------------------------------------------------
 */

/* {"INR": "150.00"}; -1: it is not such an object. */
static int typed_totals(struct req *r, struct batch_typed *typed)
{
    const char *text = form_object(r->arena, &r->form, "totals");
    struct json_object *told = NULL;
    struct err bad;
    int n = 0;
    if (str_empty(text))
        return 0;
    if (json_read(r->arena, text, strlen(text), &told, &bad) != RC_OK ||
        !json_object_is_type(told, json_type_object))
        return -1;
    json_object_object_foreach(told, currency, amount)
    {
        if (amount != NULL && n < LIMIT_CURRENCIES)
            typed[n++] = (struct batch_typed){currency, json_text(r->arena, told, currency)};
    }
    return n;
}

/* What cannot be done in the batch's status is the client's mistake. */
static enum rc refuse_move(struct req *r, struct reply *p, enum rc rc, const struct err *e)
{
    if (rc == RC_CONFLICT)
        errors_coded(r, p, 400, "BATCH_STATUS", e->text, NULL);
    else if (rc == RC_INVALID)
        errors_coded(r, p, 400, "INVALID_REQUEST", e->text, NULL);
    else
        return rc;
    return RC_OK;
}

static void refuse_field(struct req *r, struct reply *p, const char *field, const char *said)
{
    struct api_faults faults = {0};
    errors_fault(&faults, field, said);
    errors_coded(r, p, 400, "INVALID_REQUEST", arena_printf(r->arena, "%s: %s", field, said),
                 &faults);
}

static enum rc confirm(struct req *r, struct reply *p, int64_t id, struct err *e)
{
    struct batch_typed typed[LIMIT_CURRENCIES];
    struct api_faults ignored = {0};
    struct batch_fault fault;
    const char *run_mode = fields_text(r, "run_mode", &ignored);
    int n_typed = typed_totals(r, typed);
    if (n_typed < 0) {
        refuse_field(r, p, "totals", "must be an object such as {\"INR\": \"150.00\"}");
        return RC_OK;
    }
    enum rc rc = batch_confirm(r->app, r->arena, &r->actor, id, str_or(run_mode, "GOOD_ROWS"),
                               typed, n_typed, &fault, e);
    if (rc != RC_OK)
        return refuse_move(r, p, rc, e);
    if (fault.said == NULL)
        return batch_reply(r, p, id, 0, e);
    refuse_field(r, p, str_starts(str_or(fault.field, ""), "total_") ? "totals" : fault.field,
                 fault.said);
    return RC_OK;
}

enum rc api_batch_confirm(struct req *r, struct reply *p, struct err *e)
{
    int64_t id;
    enum rc rc = batch_named(r, &id, e);
    return rc == RC_OK ? confirm(r, p, id, e) : rc;
}

static enum rc act(struct req *r, struct reply *p, enum batch_act what, struct err *e)
{
    struct api_faults faults = {0};
    int64_t id;
    enum rc rc = batch_named(r, &id, e);
    if (rc != RC_OK)
        return rc;
    rc = batch_act(r->app, r->arena, &r->actor, id, what, fields_text(r, "reason", &faults), e);
    return rc == RC_OK ? batch_reply(r, p, id, 0, e) : refuse_move(r, p, rc, e);
}

enum rc api_batch_pause(struct req *r, struct reply *p, struct err *e)
{
    return act(r, p, BATCH_PAUSE, e);
}

enum rc api_batch_resume(struct req *r, struct reply *p, struct err *e)
{
    return act(r, p, BATCH_RESUME, e);
}

enum rc api_batch_cancel(struct req *r, struct reply *p, struct err *e)
{
    return act(r, p, BATCH_CANCEL, e);
}
