/*
 * A file read and judged in one pass: a chunk of rows at a time is judged in one snapshot and kept
 * in one transaction, so that neither memory nor locks grow with the file.
 */
#include "refund/batch.h"

#include "core/digest.h"
#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/batch_map.h"
#include "refund/batch_rows.h"
#include "sql/sql.h"
#include "store/api_keys.h"
#include "store/audit.h"
#include "store/merchants.h"

#include <errno.h>
#include <string.h>

#define INVALID_FORMAT "Invalid file format"
#define MISSING_FIELDS "Missing mandatory fields"
#define ROW_LIMIT      "Row limit exceeded"
#define DUPLICATE_FILE "Duplicate file"
#define BAD_REQUEST    "Bad request"

struct upload {
    struct app *app;
    struct arena *arena, *chunk; /* of the answer; of the rows in hand */
    const struct batch_upload *in;
    struct batch_upload_answer *out;
    struct merchant merchant;
    struct batch_csv *csv;
    struct batch_map *before;
    struct digest_sum *sum;
    int64_t bytes, most_bytes;
    int64_t kept_bytes; /* of the file, up to the chunk in hand */
    int64_t now_ms;

    struct batch_row *rows; /* LIMIT_BATCH_CHUNK of them, n in hand */
    struct batch_row_ask **asks;
    int n;
    struct batch_sums sums;
};

static void refuse(struct upload *u, const char *kind, const char *said)
{
    u->out->refused = kind;
    u->out->said = said;
}

/* ---- bytes -------------------------------------------------------------------------------------
 */

static ssize_t read_bytes(void *ctx, char *to, size_t room)
{
    struct upload *u = ctx;
    ssize_t n = u->in->bytes(u->in->ctx, to, room);
    if (n <= 0)
        return n;
    u->bytes += n;
    if (u->bytes > u->most_bytes) {
        errno = EFBIG;
        return -1;
    }
    digest_sum_add(u->sum, to, (size_t)n);
    return n;
}

/* RC_OK with a refusal when the file itself is to blame. */
static enum rc reader_failed(struct upload *u, const struct err *why, struct err *e)
{
    if (u->bytes > u->most_bytes)
        refuse(u, ROW_LIMIT,
               arena_printf(u->arena,
                            "The file is larger than %lld MiB, the most for %lld rows. Split it.",
                            (long long)(u->most_bytes >> 20), (long long)u->merchant.batch_rows));
    else if (why->rc == RC_INVALID)
        refuse(u, INVALID_FORMAT, arena_strdup(u->arena, why->text));
    else
        *e = *why;
    return u->out->refused != NULL ? RC_OK : why->rc;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static enum rc judge_chunk(struct sql *q, void *arg, struct err *e)
{
    struct upload *u = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < u->n; i++)
        rc = batch_row_judge(q, u->chunk, u->before, u->asks[i], u->now_ms, &u->rows[i], e);
    return rc;
}

static enum rc keep_chunk(struct sql *q, void *arg, struct err *e)
{
    struct upload *u = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < u->n; i++)
        rc = batch_rows_insert(q, &u->rows[i], e);
    return rc;
}

/* NULL when there is none. */
static const char *missing_column(const struct batch_csv_row *row)
{
    int count;
    const struct batch_csv_column *columns = batch_columns(&count);
    for (int i = 0; i < count; i++)
        if (batch_column_is_mandatory(i) && row->cells[i] == NULL)
            return columns[i].name;
    return NULL;
}

/* Reads the next rows into the chunk: so many of them, or of their bytes. *end: the file's. */
static enum rc read_chunk(struct upload *u, bool *end, struct err *e)
{
    struct batch_csv_row csv = {.end_bytes = u->kept_bytes};
    struct err why;
    u->rows = arena_array(u->chunk, LIMIT_BATCH_CHUNK, sizeof *u->rows);
    u->asks = arena_array(u->chunk, LIMIT_BATCH_CHUNK, sizeof(struct batch_row_ask *));
    for (u->n = 0;
         u->n < LIMIT_BATCH_CHUNK && csv.end_bytes - u->kept_bytes < LIMIT_BATCH_CHUNK_BYTES;
         u->n++) {
        int64_t number = u->out->batch.rows_total + u->n + 1;
        if (batch_csv_next(u->csv, u->chunk, &csv, end, &why) != RC_OK)
            return reader_failed(u, &why, e);
        if (*end)
            return RC_OK;
        const char *missing = missing_column(&csv);
        if (missing != NULL) {
            refuse(u, MISSING_FIELDS,
                   arena_printf(u->arena,
                                "Line %lld: the column %s is missing. The first row must name the "
                                "columns.",
                                (long long)batch_csv_header_line(u->csv), missing));
            return RC_OK;
        }
        if (number > u->merchant.batch_rows) {
            refuse(u, ROW_LIMIT,
                   arena_printf(u->arena, "Line %lld: more than %lld rows. Split the file.",
                                (long long)csv.line, (long long)u->merchant.batch_rows));
            return RC_OK;
        }
        struct batch_row *r = &u->rows[u->n];
        *r = batch_row_of_cells(u->chunk, u->out->batch.id, number, &csv);
        r->updated_ms = u->now_ms;
        u->asks[u->n] = batch_row_request(u->chunk, u->app, u->in->actor, &u->out->batch, r);
    }
    u->kept_bytes = csv.end_bytes;
    return RC_OK;
}

static void count_row(struct upload *u, const struct batch_row *r)
{
    if (!batch_sums_add(&u->sums, u->arena, &u->out->batch, r))
        refuse(u, INVALID_FORMAT,
               arena_printf(u->arena, "Line %lld: the sum of the file is too large. Split it.",
                            (long long)r->line));
}

static enum rc read_rows(struct upload *u, struct err *e)
{
    bool end = false;
    enum rc rc = RC_OK;
    while (rc == RC_OK && !end && u->out->refused == NULL) {
        arena_clear(u->chunk);
        rc = read_chunk(u, &end, e);
        if (rc != RC_OK || u->out->refused != NULL || u->n == 0)
            break;
        rc = sql_read(u->app->db, judge_chunk, u, e);
        if (rc == RC_OK)
            rc = sql_tx(u->app->db, keep_chunk, u, e);
        for (int i = 0; rc == RC_OK && i < u->n && u->out->refused == NULL; i++)
            count_row(u, &u->rows[i]);
    }
    return rc;
}

/* ---- beginning and end -------------------------------------------------------------------------
 */

/* What comes with an API key is the key's, and its maker answers for it. */
static enum rc name_maker(struct sql *q, struct upload *u, struct err *e)
{
    struct batch *b = &u->out->batch;
    struct api_key key;
    b->created_by = u->in->actor->name;
    if (u->in->actor->kind != ACTOR_API || u->in->actor->user == 0)
        return RC_OK;
    enum rc rc = api_keys_by_id(q, u->arena, u->in->actor->user, &key, e);
    if (rc == RC_OK) {
        b->created_by = arena_printf(u->arena, "API key %s", key.name);
        b->key_maker = key.made_by;
    }
    return rc;
}

static enum rc begin_fn(struct sql *q, void *arg, struct err *e)
{
    struct upload *u = arg;
    u->out->refused = NULL;
    enum rc rc = merchants_get(q, u->arena, u->in->actor->merchant, &u->merchant, e);
    if (rc != RC_OK)
        return rc;
    if (u->merchant.maker_checker && str_empty(u->in->description)) {
        refuse(u, BAD_REQUEST,
               "description: say what the batch is for; another person approves it.");
        return RC_OK;
    }
    rc = name_maker(q, u, e);
    return rc == RC_OK ? batches_insert(q, &u->out->batch, e) : rc;
}

static enum rc audit_upload(struct sql *q, struct upload *u, struct err *e)
{
    const struct batch *b = &u->out->batch;
    struct json_object *detail = json_object_in(u->arena);
    json_put_text(detail, "file_name", b->file_name);
    json_put_text(detail, "sha256", digest_hex(u->arena, b->file_sha256, DIGEST_BYTES));
    json_put_int(detail, "rows", b->rows_total);
    json_put_int(detail, "bad_rows", b->rows_bad);
    const struct audit_entry entry = {
        .merchant = b->merchant,
        .at_ms = u->now_ms,
        .actor = b->created_by,
        .action = "batch.uploaded",
        .subject = id_text(u->arena, b->id),
        .detail = json_write(u->arena, detail),
    };
    return audit_add(q, &entry, e);
}

static const char *what_then(struct arena *a, const struct batch *same)
{
    if (!batch_has_ended(same->status))
        return "Cancel that one first if it is not to run.";
    if (str_eq(same->status, BATCH_CANCELLED))
        return arena_printf(a,
                            "%lld of its rows were refunded before it was cancelled: make a file "
                            "of the others.",
                            (long long)same->rows_accepted);
    return "It has run; rows that failed are tried again on its page.";
}

static enum rc finish_fn(struct sql *q, void *arg, struct err *e)
{
    struct upload *u = arg;
    struct batch *b = &u->out->batch, same;
    struct err miss;
    enum rc rc = batches_by_digest(q, u->arena, b->merchant, b->file_sha256, &same, &miss);
    if (rc == RC_OK) {
        u->out->duplicate_of = same.id;
        refuse(u, DUPLICATE_FILE,
               arena_printf(u->arena, "The same file was uploaded before, as batch %s (%.100s). %s",
                            id_text(u->arena, same.id), same.file_name,
                            what_then(u->arena, &same)));
        return RC_OK;
    }
    if (rc != RC_NOT_FOUND) {
        *e = miss;
        return rc;
    }
    rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < u->sums.n; i++)
        rc = batch_totals_add(q, b->id, &u->sums.totals[i], e);
    b->status = BATCH_AWAITING_CONFIRMATION;
    if (rc == RC_OK)
        rc = batches_update(q, b, BATCH_READING, e);
    return rc == RC_OK ? audit_upload(q, u, e) : rc;
}

static enum rc finish(struct upload *u, struct err *e)
{
    uint8_t *digest = arena_alloc(u->arena, DIGEST_BYTES);
    digest_sum_end(u->sum, digest);
    u->out->batch.file_sha256 = digest;
    batch_sums_main(&u->sums, &u->out->batch);
    return sql_tx(u->app->db, finish_fn, u, e);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

/* The last part of whatever path the client named, as text that can be shown. */
static const char *plain_name(struct arena *a, const char *name)
{
    const char *from = str_or(name, "");
    for (const char *p = from; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\')
            from = p + 1;
    }
    char *copy = arena_strndup(a, from, str_utf8_cut(from, LIMIT_FILE_NAME));
    if (!str_utf8_valid(copy, strlen(copy)) || *copy == '\0')
        return "upload.csv";
    for (char *p = copy; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '_';
    }
    return copy;
}

static enum rc read_file(struct upload *u, struct err *e)
{
    struct err why;
    int n_columns;
    const struct batch_csv_column *columns = batch_columns(&n_columns);
    int64_t thousands = (u->merchant.batch_rows + 999) / 1000;
    u->most_bytes = thousands * LIMIT_BATCH_BYTES_PER_1000;
    u->sum = digest_sum_new(u->arena);
    if (batch_csv_open(u->arena, columns, n_columns, read_bytes, u, &u->csv, &why) != RC_OK)
        return reader_failed(u, &why, e);
    enum rc rc = read_rows(u, e);
    return rc == RC_OK && u->out->refused == NULL ? finish(u, e) : rc;
}

static bool unusable(struct upload *u)
{
    const struct batch_upload *in = u->in;
    if (in->reason != NULL && refund_reason_label(in->reason) == NULL)
        refuse(u, BAD_REQUEST, "refund_reason: is not one of the ten reasons.");
    else if (in->description != NULL && strlen(in->description) > LIMIT_BATCH_TEXT)
        refuse(u, BAD_REQUEST,
               arena_printf(u->arena, "description: is longer than %d bytes.", LIMIT_BATCH_TEXT));
    return u->out->refused != NULL;
}

enum rc batch_upload(struct app *app, struct arena *a, const struct batch_upload *in,
                     struct batch_upload_answer *out, struct err *e)
{
    struct upload *u = arena_alloc(a, sizeof *u);
    *u = (struct upload){.app = app, .arena = a, .in = in, .out = out};
    memset(out, 0, sizeof *out);
    if (unusable(u))
        return RC_OK;
    u->now_ms = clock_wall_ms(&app->clock);
    out->batch = (struct batch){
        .id = id_new(),
        .merchant = in->actor->merchant,
        .file_name = plain_name(a, in->file_name),
        .description = in->description,
        .reason = str_or(in->reason, "CANCELLATION"),
        .source = in->source,
        .status = BATCH_READING,
        .created_ms = u->now_ms,
        .updated_ms = u->now_ms,
    };
    enum rc rc = sql_tx(app->db, begin_fn, u, e);
    if (rc != RC_OK || out->refused != NULL)
        return rc;
    u->chunk = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    u->before = batch_map_new();
    rc = read_file(u, e);
    batch_map_free(u->before);
    arena_free(u->chunk);
    if (rc == RC_OK && out->refused == NULL)
        return RC_OK;
    struct err ignored;
    if (batch_forget(app, out->batch.id, &ignored) != RC_OK)
        log_err(&app->log, "forgetting a refused file", &ignored);
    return rc;
}
