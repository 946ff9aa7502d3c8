#include "store/batch_list.h"

#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

#include <string.h>

static const struct {
    int down, up;
} orders[BATCH_SORT_COUNT] = {
    [BATCH_BY_CREATED] = {SQL_BATCH_CREATED_DOWN, SQL_BATCH_CREATED_UP},
    [BATCH_BY_NAME] = {SQL_BATCH_NAME_DOWN, SQL_BATCH_NAME_UP},
    [BATCH_BY_STATUS] = {SQL_BATCH_STATUS_DOWN, SQL_BATCH_STATUS_UP},
    [BATCH_BY_AMOUNT] = {SQL_BATCH_AMOUNT_DOWN, SQL_BATCH_AMOUNT_UP},
    [BATCH_BY_TASKS] = {SQL_BATCH_TASKS_DOWN, SQL_BATCH_TASKS_UP},
};

enum rc batch_list_page(struct sql *q, struct arena *a, const struct batch_filter *f,
                        struct batch **out, int *count, bool *more, struct err *e)
{
    struct batch *rows = arena_array(a, (size_t)f->rows, sizeof *rows);
    struct list_build b;
    struct sql_cur c;
    *count = 0;
    *more = false;
    list_start(&b, SQL_BATCH_SELECT, SQL_BATCH_WHERE_MERCHANT, f->merchant);
    list_piece_text(&b, f->any_case ? SQL_BATCH_NAME_HAS_IN_ANY_CASE : SQL_BATCH_NAME_HAS,
                    f->name_part);
    list_piece_args(&b, f->ascending ? orders[f->sort].up : orders[f->sort].down,
                    SQL_ARGS(SQL_I(f->rows + 1), SQL_I(f->skip)).v, 2);
    list_begin(q, &c, &b);
    while (sql_next(&c)) {
        *more = *count == f->rows;
        if (!*more)
            batches_read(&c, a, &rows[(*count)++]);
    }
    *out = rows;
    return sql_end(&c, e);
}

enum rc batch_list_warnings(struct sql *q, int64_t batch, int64_t *count, struct err *e)
{
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_BATCH_WARNINGS, SQL_ARGS(SQL_I(batch)));
    while (sql_next(&c))
        *count = sql_i64(&c);
    return sql_end(&c, e);
}

enum rc batch_list_of_refund(struct sql *q, struct arena *a, int64_t refund,
                             struct batch_place *out, struct err *e)
{
    struct sql_cur c;
    memset(out, 0, sizeof *out);
    sql_begin(q, &c, SQL_BATCH_OF_REFUND, SQL_ARGS(SQL_I(refund)));
    while (sql_next(&c)) {
        out->batch = sql_i64(&c);
        out->row = sql_i64(&c);
        out->line = sql_i64(&c);
        out->file_name = sql_text(&c, a);
    }
    return sql_end(&c, e);
}

enum rc batch_list_history(struct sql *q, struct arena *a, int64_t merchant, int64_t batch,
                           struct audit_entry **out, int *count, struct err *e)
{
    enum { SHOWN = 200 }; /* as the statement says */
    struct audit_entry *rows = arena_array(a, SHOWN, sizeof *rows);
    struct sql_cur c;
    *count = 0;
    sql_begin(q, &c, SQL_AUDIT_OF_BATCH, SQL_ARGS(SQL_I(merchant), SQL_T(id_text(a, batch))));
    while (*count < SHOWN && sql_next(&c)) {
        struct audit_entry *row = &rows[(*count)++];
        row->merchant = merchant;
        row->at_ms = sql_i64(&c);
        row->actor = sql_text(&c, a);
        row->action = sql_text(&c, a);
        row->detail = sql_text(&c, a);
    }
    *out = rows;
    return sql_end(&c, e);
}
