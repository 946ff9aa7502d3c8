#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"
#include "store/batches.h"

#include <string.h>

enum rc batch_rows_insert(struct sql *q, const struct batch_row *r, struct err *e)
{
    return sql_exec(q, SQL_BATCH_ROW_INSERT,
                    SQL_ARGS(SQL_I(r->batch), SQL_I(r->row), SQL_I(r->line), SQL_T(r->order_id),
                             SQL_T(r->amount), SQL_T(r->txn_id), SQL_T(r->unique_id),
                             SQL_T(r->cells), SQL_T(r->currency),
                             SQL_OPT_I(r->amount_minor >= 0, r->amount_minor), SQL_T(r->gateway),
                             SQL_T(r->verdict), SQL_T(r->verdict_said), SQL_T(r->warning),
                             SQL_T(r->status), SQL_I(r->updated_ms)),
                    NULL, e);
}

static void read_row(struct sql_cur *c, struct arena *a, struct batch_row *r)
{
    r->batch = sql_i64(c);
    r->row = sql_i64(c);
    r->line = sql_i64(c);
    r->order_id = sql_text(c, a);
    r->amount = sql_text(c, a);
    r->txn_id = sql_text(c, a);
    r->unique_id = sql_text(c, a);
    r->cells = sql_text(c, a);
    r->currency = sql_text(c, a);
    if (!sql_opt_i64(c, &r->amount_minor))
        r->amount_minor = -1;
    r->gateway = sql_text(c, a);
    r->verdict = sql_text(c, a);
    r->verdict_said = sql_text(c, a);
    r->warning = sql_text(c, a);
    r->status = sql_text(c, a);
    r->error_code = sql_text(c, a);
    r->error_message = sql_text(c, a);
    r->refund = sql_i64(c);
    r->updated_ms = sql_i64(c);
    r->refund_status = sql_text(c, a);
    r->refund_state = sql_text(c, a);
    r->unique_request_id = sql_text(c, a);
    r->gateway_ref = sql_text(c, a);
    r->refund_type = sql_text(c, a);
    r->refund_error_code = sql_text(c, a);
    r->refund_error_message = sql_text(c, a);
    r->refund_updated_ms = sql_i64(c);
}

static size_t bytes_of(const struct batch_row *r)
{
    const char *const texts[] = {r->order_id, r->amount, r->txn_id, r->unique_id, r->cells};
    size_t n = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        n += strlen(str_or(texts[i], ""));
    return n;
}

/* At most `limit`, fewer of very long ones; one more than that tells of more. */
static enum rc read_rows(struct sql *q, struct arena *a, const struct list_build *b, int limit,
                         struct batch_row **out, int *count, bool *more, struct err *e)
{
    struct batch_row *rows = arena_array(a, (size_t)limit, sizeof *rows);
    struct sql_cur c;
    size_t bytes = 0;
    *count = 0;
    *more = false;
    list_begin(q, &c, b);
    while (sql_next(&c)) {
        if (*count == limit || bytes >= LIMIT_BATCH_PAGE_BYTES) {
            *more = true;
            continue;
        }
        read_row(&c, a, &rows[*count]);
        bytes += bytes_of(&rows[(*count)++]);
    }
    *out = rows;
    return sql_end(&c, e);
}

/* A base, the rows of the batch on one side of a place, and which of them. */
static void start(struct list_build *b, int base, int side, int64_t batch, int64_t place,
                  enum batch_row_filter filter)
{
    static const struct {
        int piece;
        const char *status;
    } pieces[BATCH_ROWS_FILTER_COUNT] = {
        [BATCH_ROWS_PROBLEMS] = {SQL_BATCH_ROW_PROBLEM, NULL},
        [BATCH_ROWS_FAILED] = {SQL_BATCH_ROW_STATUS, BATCH_ROW_FAILED},
        [BATCH_ROWS_ACCEPTED] = {SQL_BATCH_ROW_STATUS, BATCH_ROW_ACCEPTED},
        [BATCH_ROWS_QUEUED] = {SQL_BATCH_ROW_STATUS, BATCH_ROW_QUEUED},
        [BATCH_ROWS_REFUND_FAILED] = {SQL_BATCH_ROW_REFUND_FAILED, NULL},
    };
    memset(b, 0, sizeof *b);
    b->list.base = base;
    list_piece_args(b, side, SQL_ARGS(SQL_I(batch), SQL_I(place)).v, 2);
    if (pieces[filter].status != NULL)
        list_piece_text(b, pieces[filter].piece, pieces[filter].status);
    else if (filter != BATCH_ROWS_ALL)
        list_piece(b, pieces[filter].piece);
}

enum rc batch_rows_page(struct sql *q, struct arena *a, int64_t batch, enum batch_row_filter filter,
                        int64_t after, int limit, struct batch_row **out, int *count, bool *more,
                        struct err *e)
{
    struct list_build b;
    start(&b, SQL_BATCH_ROW_SELECT, SQL_BATCH_ROW_AFTER, batch, after, filter);
    list_piece_int(&b, SQL_BATCH_ROW_LIMIT, limit + 1);
    return read_rows(q, a, &b, limit, out, count, more, e);
}

enum rc batch_rows_page_before(struct sql *q, int64_t batch, enum batch_row_filter filter,
                               int64_t after, int limit, int64_t *before, struct err *e)
{
    struct list_build b;
    struct sql_cur c;
    *before = 0;
    start(&b, SQL_BATCH_ROW_NUMBERS, SQL_BATCH_ROW_UPTO, batch, after, filter);
    list_piece_int(&b, SQL_BATCH_ROW_LIMIT_DOWN, limit + 1);
    list_begin(q, &c, &b);
    for (int seen = 0; sql_next(&c); seen++) {
        int64_t row = sql_i64(&c);
        if (seen == limit)
            *before = row;
    }
    return sql_end(&c, e);
}

enum rc batch_rows_refund_failed(struct sql *q, int64_t batch, int64_t *count, struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_BATCH_ROWS_REFUND_FAILED, SQL_ARGS(SQL_I(batch)));
    while (sql_next(&c))
        *count = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc batch_rows_queued(struct sql *q, struct arena *a, int64_t batch, int limit,
                          struct batch_row **out, int *count, struct err *e)
{
    bool more;
    return batch_rows_page(q, a, batch, BATCH_ROWS_QUEUED, 0, limit, out, count, &more, e);
}

enum rc batch_rows_get(struct sql *q, struct arena *a, int64_t batch, int64_t row,
                       struct batch_row *out, struct err *e)
{
    const struct sql_list list = {SQL_BATCH_ROW_SELECT, {SQL_BATCH_ROW_WHERE}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, SQL_ARGS(SQL_I(batch), SQL_I(row)));
    while (sql_next(&c)) {
        read_row(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "The batch has no such row.", "row %lld", (long long)row);
    return rc;
}

enum rc batch_rows_twin(struct sql *q, const struct batch_row *r, int64_t order_row,
                        int64_t amount_minor, int64_t *twin, struct err *e)
{
    struct sql_cur c;
    *twin = 0;
    sql_begin(q, &c, SQL_BATCH_ROW_TWIN,
              SQL_ARGS(SQL_I(order_row), SQL_I(amount_minor), SQL_I(r->batch), SQL_I(r->row),
                       SQL_I(r->unique_id != NULL)));
    while (sql_next(&c))
        *twin = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc batch_rows_waiting(struct sql *q, struct arena *a, int64_t merchant,
                           const struct batch_row *r, const char **file_name, struct err *e)
{
    struct sql_cur c;
    *file_name = NULL;
    sql_begin(
        q, &c, SQL_BATCH_ROW_WAITING,
        SQL_ARGS(SQL_T(r->order_id), SQL_I(r->amount_minor), SQL_I(r->batch), SQL_I(merchant)));
    while (sql_next(&c))
        *file_name = sql_text(&c, a);
    return sql_end(&c, e);
}

enum rc batch_rows_settle(struct sql *q, const struct batch_row *r, const char *from_status,
                          struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_BATCH_ROW_SETTLE,
                          SQL_ARGS(SQL_T(r->status), SQL_T(r->error_code), SQL_T(r->error_message),
                                   SQL_OPT_I(r->refund != 0, r->refund), SQL_I(r->updated_ms),
                                   SQL_I(r->batch), SQL_I(r->row), SQL_T(from_status)),
                          &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "The row has moved on meanwhile.", "row %lld is not %s",
                   (long long)r->row, from_status);
    return rc;
}
