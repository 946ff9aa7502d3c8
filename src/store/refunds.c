#include "store/refunds.h"

#include "core/limits.h"
#include "sql/queries.h"

#include <string.h>

#define SUM_HALF 1000000 /* refunds_auto_since adds millions and the rest */

enum rc refunds_insert(struct sql *q, const struct refund *r, struct err *e)
{
    return sql_exec(q, SQL_REFUND_INSERT,
                    SQL_ARGS(SQL_I(r->id), SQL_I(r->merchant), SQL_I(r->order_row),
                             SQL_I(r->txn_row), SQL_T(r->unique_request_id), SQL_I(r->amount_minor),
                             SQL_T(r->currency), SQL_T(r->state), SQL_T(r->status), SQL_I(r->sent),
                             SQL_I(r->attempts), SQL_T(r->refund_type), SQL_T(r->reason),
                             SQL_T(r->note), SQL_T(r->source), SQL_T(r->initiated_by),
                             SQL_T(r->gateway), SQL_T(r->gateway_ref), SQL_T(r->arn),
                             SQL_T(r->error_code), SQL_T(r->error_message), SQL_T(r->gateway_words),
                             SQL_T(r->metadata), SQL_I(r->created_ms), SQL_I(r->hold_until_ms),
                             SQL_OPT_I(r->sent_ms != 0, r->sent_ms),
                             SQL_OPT_I(r->processed_ms != 0, r->processed_ms), SQL_I(r->updated_ms),
                             SQL_I(r->over_minor)),
                    NULL, e);
}

void refunds_read(struct sql_cur *c, struct arena *a, struct refund *r)
{
    r->id = sql_i64(c);
    r->merchant = sql_i64(c);
    r->order_row = sql_i64(c);
    r->txn_row = sql_i64(c);
    r->unique_request_id = sql_text(c, a);
    r->amount_minor = sql_i64(c);
    r->currency = sql_text(c, a);
    r->state = sql_text(c, a);
    r->status = sql_text(c, a);
    r->sent = sql_i64(c) != 0;
    r->attempts = sql_i64(c);
    r->refund_type = sql_text(c, a);
    r->reason = sql_text(c, a);
    r->note = sql_text(c, a);
    r->source = sql_text(c, a);
    r->initiated_by = sql_text(c, a);
    r->checked_by = sql_text(c, a);
    r->gateway = sql_text(c, a);
    r->gateway_ref = sql_text(c, a);
    r->arn = sql_text(c, a);
    r->error_code = sql_text(c, a);
    r->error_message = sql_text(c, a);
    r->gateway_words = sql_text(c, a);
    r->metadata = sql_text(c, a);
    r->created_ms = sql_i64(c);
    r->hold_until_ms = sql_i64(c);
    r->sent_ms = sql_i64(c);
    r->next_check_ms = sql_i64(c);
    r->processed_ms = sql_i64(c);
    r->updated_ms = sql_i64(c);
    r->synced_ms = sql_i64(c);
    r->over_minor = sql_i64(c);
    r->order_id = sql_text(c, a);
    r->txn_id = sql_text(c, a);
}

static enum rc read_one(struct sql *q, struct arena *a, int piece, struct sql_args args,
                        struct refund *out, struct err *e)
{
    const struct sql_list list = {SQL_REFUND_SELECT, {piece}, 1};
    struct sql_cur c;
    bool found = false;
    sql_begin_list(q, &c, &list, args);
    while (sql_next(&c)) {
        refunds_read(&c, a, out);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There is no such refund.", "refund not found");
    return rc;
}

enum rc refunds_get(struct sql *q, struct arena *a, int64_t id, struct refund *out, struct err *e)
{
    return read_one(q, a, SQL_REFUND_WHERE_ID, SQL_ARGS(SQL_I(id)), out, e);
}

enum rc refunds_by_unique_request_id(struct sql *q, struct arena *a, int64_t order_row,
                                     const char *unique_request_id, struct refund *out,
                                     struct err *e)
{
    return read_one(q, a, SQL_REFUND_WHERE_UNIQUE_REQUEST_ID,
                    SQL_ARGS(SQL_I(order_row), SQL_T(unique_request_id)), out, e);
}

enum rc refunds_by_ref(struct sql *q, struct arena *a, int64_t order_row, const char *gateway_ref,
                       struct refund *out, struct err *e)
{
    return read_one(q, a, SQL_REFUND_WHERE_REF, SQL_ARGS(SQL_I(order_row), SQL_T(gateway_ref)), out,
                    e);
}

enum rc refunds_of_merchant_by_ref(struct sql *q, struct arena *a, int64_t merchant,
                                   const char *gateway_ref, struct refund *out, struct err *e)
{
    return read_one(q, a, SQL_REFUND_WHERE_MERCHANT_REF,
                    SQL_ARGS(SQL_I(merchant), SQL_T(gateway_ref)), out, e);
}

enum rc refunds_learn(struct sql *q, int64_t id, const char *gateway_ref, const char *arn,
                      struct err *e)
{
    return sql_exec(q, SQL_REFUND_LEARN, SQL_ARGS(SQL_T(gateway_ref), SQL_T(arn), SQL_I(id)), NULL,
                    e);
}

enum rc refunds_move(struct sql *q, const struct refund *r, const char *from_state, struct err *e)
{
    int64_t changed = 0;
    enum rc rc =
        sql_exec(q, SQL_REFUND_MOVE,
                 SQL_ARGS(SQL_T(r->state), SQL_T(r->status), SQL_I(r->sent), SQL_I(r->attempts),
                          SQL_T(r->checked_by), SQL_T(r->gateway_ref), SQL_T(r->arn),
                          SQL_T(r->error_code), SQL_T(r->error_message), SQL_T(r->gateway_words),
                          SQL_OPT_I(r->sent_ms != 0, r->sent_ms),
                          SQL_OPT_I(r->next_check_ms != 0, r->next_check_ms),
                          SQL_OPT_I(r->processed_ms != 0, r->processed_ms), SQL_I(r->updated_ms),
                          SQL_I(r->hold_until_ms), SQL_I(r->id), SQL_T(from_state)),
                 &changed, e);
    if (rc == RC_OK && changed == 0)
        return ERR(e, RC_CONFLICT, "The refund has moved on meanwhile.",
                   "refund %lld is not in %s any more", (long long)r->id, from_state);
    return rc;
}

enum rc refunds_synced(struct sql *q, int64_t id, int64_t now_ms, struct err *e)
{
    return sql_exec(q, SQL_REFUND_SYNCED, SQL_ARGS(SQL_I(now_ms), SQL_I(id)), NULL, e);
}

/* Rows as they come, in an array that grows; more than `limit` are counted, not kept. */
struct rows {
    struct refund *refunds;
    int kept, seen, room;
};

static struct refund *rows_next(struct arena *a, struct rows *rows)
{
    if (rows->kept == rows->room) {
        int room = rows->room == 0 ? 8 : rows->room * 2;
        struct refund *grown = arena_array(a, (size_t)room, sizeof *grown);
        if (rows->kept > 0)
            memcpy(grown, rows->refunds, (size_t)rows->kept * sizeof *grown);
        rows->refunds = grown;
        rows->room = room;
    }
    return &rows->refunds[rows->kept++];
}

static enum rc read_rows(struct sql *q, struct arena *a, const struct sql_list *list,
                         struct sql_args args, int limit, struct rows *rows, struct err *e)
{
    struct sql_cur c;
    *rows = (struct rows){0};
    sql_begin_list(q, &c, list, args);
    while (sql_next(&c)) {
        if (rows->seen++ < limit)
            refunds_read(&c, a, rows_next(a, rows));
    }
    return sql_end(&c, e);
}

enum rc refunds_of_order(struct sql *q, struct arena *a, int64_t order_row, int limit,
                         struct refund **out, int *count, struct err *e)
{
    const struct sql_list list = {SQL_REFUND_SELECT, {SQL_REFUND_WHERE_ORDER}, 1};
    struct rows rows;
    enum rc rc = read_rows(q, a, &list, SQL_ARGS(SQL_I(order_row), SQL_I(limit)), limit, &rows, e);
    *out = rows.refunds;
    *count = rows.kept;
    return rc;
}

enum rc refunds_counted(struct sql *q, int64_t order_row, int64_t *count, struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_REFUNDS_COUNTED, SQL_ARGS(SQL_I(order_row)));
    while (sql_next(&c))
        *count = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc refunds_twin(struct sql *q, struct arena *a, const struct txn *t, int64_t amount_minor,
                     int64_t since_ms, int64_t but_of_batch, struct refund_twin *out, struct err *e)
{
    struct sql_cur c;
    *out = (struct refund_twin){0};
    sql_begin(q, &c, SQL_REFUND_TWIN,
              SQL_ARGS(SQL_I(t->order_row), SQL_I(since_ms), SQL_I(t->id), SQL_I(amount_minor),
                       SQL_I(but_of_batch)));
    while (sql_next(&c)) {
        out->unique_request_id = sql_text(&c, a);
        out->initiated_by = sql_text(&c, a);
    }
    return sql_end(&c, e);
}

enum rc refunds_unnamed(struct sql *q, struct arena *a, int64_t order_row, int64_t txn_row,
                        int64_t amount_minor, const char **unique_request_id, struct err *e)
{
    struct sql_cur c;
    *unique_request_id = NULL;
    sql_begin(q, &c, SQL_REFUND_UNNAMED,
              SQL_ARGS(SQL_I(order_row), SQL_I(txn_row), SQL_I(amount_minor)));
    while (sql_next(&c))
        *unique_request_id = sql_text(&c, a);
    return sql_end(&c, e);
}

static enum rc read_ids(struct sql *q, int block, int64_t before_ms, int64_t *ids, int limit,
                        int *count, struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, block, SQL_ARGS(SQL_I(before_ms), SQL_I(limit)));
    while (sql_next(&c))
        ids[(*count)++] = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc refunds_aged(struct sql *q, int64_t before_ms, int64_t *ids, int limit, int *count,
                     struct err *e)
{
    return read_ids(q, SQL_REFUNDS_AGED, before_ms, ids, limit, count, e);
}

enum rc refunds_unapproved(struct sql *q, int64_t before_ms, int64_t *ids, int limit, int *count,
                           struct err *e)
{
    return read_ids(q, SQL_REFUNDS_UNAPPROVED, before_ms, ids, limit, count, e);
}

enum rc refunds_auto_since(struct sql *q, int64_t merchant, const char *currency, int64_t since_ms,
                           int64_t *sum_minor, struct err *e)
{
    struct sql_cur c;
    int64_t sum = 0;
    sql_begin(q, &c, SQL_REFUNDS_AUTO_SINCE,
              SQL_ARGS(SQL_I(merchant), SQL_I(since_ms), SQL_T(currency)));
    while (sql_next(&c)) {
        int64_t millions = sql_i64(&c), ones = sql_i64(&c);
        if (__builtin_mul_overflow(millions, SUM_HALF, &sum) ||
            __builtin_add_overflow(sum, ones, &sum))
            sum = INT64_MAX;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK)
        *sum_minor = sum;
    return rc;
}

enum rc refunds_pending_after(struct sql *q, struct refunds_mark *mark, int64_t before_ms,
                              int64_t *ids, int limit, int *count, struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_REFUNDS_PENDING_AFTER,
              SQL_ARGS(SQL_I(mark->created_ms), SQL_I(before_ms), SQL_I(mark->created_ms),
                       SQL_I(mark->id), SQL_I(limit)));
    while (sql_next(&c)) {
        mark->id = ids[(*count)++] = sql_i64(&c);
        mark->created_ms = sql_i64(&c);
    }
    return sql_end(&c, e);
}
