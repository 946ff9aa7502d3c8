#include "store/batches.h"

#include "core/limits.h"
#include "sql/queries.h"

enum rc batches_insert(struct sql *q, const struct batch *b, struct err *e)
{
    return sql_exec(q, SQL_BATCH_INSERT,
                    SQL_ARGS(SQL_I(b->id), SQL_I(b->merchant), SQL_T(b->file_name),
                             SQL_T(b->description), SQL_T(b->reason), SQL_T(b->source),
                             SQL_T(b->status), SQL_T(b->created_by), SQL_T(b->key_maker),
                             SQL_I(b->created_ms), SQL_I(b->updated_ms)),
                    NULL, e);
}

void batches_read(struct sql_cur *c, struct arena *a, struct batch *b)
{
    size_t n;
    b->id = sql_i64(c);
    b->merchant = sql_i64(c);
    b->file_name = sql_text(c, a);
    b->file_sha256 = sql_bytes(c, a, &n);
    b->description = sql_text(c, a);
    b->reason = sql_text(c, a);
    b->source = sql_text(c, a);
    b->status = sql_text(c, a);
    b->run_mode = sql_text(c, a);
    b->rows_total = sql_i64(c);
    b->rows_bad = sql_i64(c);
    b->rows_done = sql_i64(c);
    b->rows_accepted = sql_i64(c);
    b->rows_failed = sql_i64(c);
    b->currency = sql_text(c, a);
    b->amount_minor = sql_i64(c);
    b->created_by = sql_text(c, a);
    b->key_maker = sql_text(c, a);
    b->checked_by = sql_text(c, a);
    b->said = sql_text(c, a);
    b->created_ms = sql_i64(c);
    b->updated_ms = sql_i64(c);
}

static enum rc read_one(struct sql *q, struct arena *a, int piece, struct sql_args args,
                        struct batch *out, struct err *e)
{
    const struct sql_list list = {SQL_BATCH_SELECT, {piece}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        batches_read(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There is no such batch.", "batch not found");
    return rc;
}

enum rc batches_get(struct sql *q, struct arena *a, int64_t merchant, int64_t id, struct batch *out,
                    struct err *e)
{
    return read_one(q, a, SQL_BATCH_WHERE_MERCHANT_ID, SQL_ARGS(SQL_I(id), SQL_I(merchant)), out,
                    e);
}

enum rc batches_any(struct sql *q, struct arena *a, int64_t id, struct batch *out, struct err *e)
{
    return read_one(q, a, SQL_BATCH_WHERE_ID, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc batches_by_digest(struct sql *q, struct arena *a, int64_t merchant,
                          const uint8_t sha256[DIGEST_BYTES], struct batch *out, struct err *e)
{
    return read_one(q, a, SQL_BATCH_WHERE_DIGEST,
                    SQL_ARGS(SQL_I(merchant), SQL_B(sha256, DIGEST_BYTES)), out, e);
}

enum rc batches_update(struct sql *q, const struct batch *b, const char *from_status, struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_BATCH_UPDATE,
                          SQL_ARGS(SQL_B(b->file_sha256, b->file_sha256 != NULL ? DIGEST_BYTES : 0),
                                   SQL_T(b->status), SQL_T(b->run_mode), SQL_I(b->rows_total),
                                   SQL_I(b->rows_bad), SQL_I(b->rows_done), SQL_I(b->rows_accepted),
                                   SQL_I(b->rows_failed), SQL_T(b->currency),
                                   SQL_I(b->amount_minor), SQL_T(b->checked_by), SQL_T(b->said),
                                   SQL_I(b->updated_ms), SQL_I(b->id), SQL_T(from_status)),
                          &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "The batch has moved on meanwhile.", "batch %lld is not %s",
                   (long long)b->id, from_status);
    return rc;
}

enum rc batches_next_processing(struct sql *q, int64_t after, int64_t *id, struct err *e)
{
    struct sql_cur c;
    *id = 0;
    sql_begin(q, &c, SQL_BATCH_NEXT_PROCESSING, SQL_ARGS(SQL_I(after)));
    if (sql_next(&c))
        *id = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc batches_abandoned(struct sql *q, int64_t before_ms, int64_t *ids, int limit, int *count,
                          struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_BATCHES_ABANDONED, SQL_ARGS(SQL_I(before_ms), SQL_I(limit)));
    while (sql_next(&c))
        ids[(*count)++] = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc batches_forget(struct sql *q, int64_t batch, int limit, bool *gone, struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_BATCH_ROWS_FORGET,
                          SQL_ARGS(SQL_I(batch), SQL_I(batch), SQL_I(limit)), NULL, e);
    if (rc == RC_OK)
        rc = sql_exec(q, SQL_BATCH_FORGET, SQL_ARGS(SQL_I(batch)), &changed, e);
    *gone = rc == RC_OK && changed == 1;
    return rc;
}

enum rc batch_totals_add(struct sql *q, int64_t batch, const struct batch_total *t, struct err *e)
{
    return sql_exec(q, SQL_BATCH_TOTALS_ADD,
                    SQL_ARGS(SQL_I(batch), SQL_T(t->currency), SQL_T(t->gateway),
                             SQL_I(t->rows_good), SQL_I(t->good_minor), SQL_I(t->rows_bad),
                             SQL_I(t->bad_minor)),
                    NULL, e);
}

enum rc batch_totals_of(struct sql *q, struct arena *a, int64_t batch, struct batch_total **out,
                        int *count, struct err *e)
{
    struct batch_total *rows = arena_array(a, LIMIT_BATCH_TOTALS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    sql_begin(q, &c, SQL_BATCH_TOTALS_OF, SQL_ARGS(SQL_I(batch)));
    while (n < LIMIT_BATCH_TOTALS && sql_next(&c)) {
        struct batch_total *t = &rows[n++];
        t->currency = sql_text(&c, a);
        t->gateway = sql_text(&c, a);
        t->rows_good = sql_i64(&c);
        t->good_minor = sql_i64(&c);
        t->rows_bad = sql_i64(&c);
        t->bad_minor = sql_i64(&c);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}
