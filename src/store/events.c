#include "store/events.h"

#include "core/id.h"
#include "core/limits.h"
#include "sql/queries.h"

enum rc events_add(struct sql *q, const struct event *ev, struct err *e)
{
    return sql_exec(q, SQL_EVENT_INSERT,
                    SQL_ARGS(SQL_I(ev->id != 0 ? ev->id : id_new()), SQL_I(ev->merchant),
                             SQL_I(ev->order_row), SQL_OPT_I(ev->refund_row != 0, ev->refund_row),
                             SQL_T(ev->name), SQL_T(ev->actor), SQL_I(ev->at_ms),
                             SQL_T(ev->frozen)),
                    NULL, e);
}

enum rc events_told(struct sql *q, int64_t order_row, const char *name, bool *told, struct err *e)
{
    struct sql_cur c;
    *told = false;
    sql_begin(q, &c, SQL_EVENT_TOLD, SQL_ARGS(SQL_I(order_row), SQL_T(name)));
    while (sql_next(&c))
        *told = true;
    return sql_end(&c, e);
}

enum rc events_of(struct sql *q, struct arena *a, int64_t order_row, int64_t refund_row,
                  struct event **out, int *count, struct err *e)
{
    struct event *rows = arena_array(a, LIMIT_EVENTS_SHOWN, sizeof *rows);
    struct sql_cur c;
    *out = rows;
    *count = 0;
    if (refund_row != 0)
        sql_begin(q, &c, SQL_EVENTS_OF_REFUND,
                  SQL_ARGS(SQL_I(refund_row), SQL_I(LIMIT_EVENTS_SHOWN)));
    else
        sql_begin(q, &c, SQL_EVENTS_OF_ORDER,
                  SQL_ARGS(SQL_I(order_row), SQL_I(order_row), SQL_I(LIMIT_EVENTS_SHOWN)));
    while (sql_next(&c)) {
        struct event *ev = &rows[(*count)++];
        ev->id = sql_i64(&c);
        ev->merchant = sql_i64(&c);
        ev->order_row = sql_i64(&c);
        ev->refund_row = sql_i64(&c);
        ev->name = sql_text(&c, a);
        ev->actor = sql_text(&c, a);
        ev->at_ms = sql_i64(&c);
        ev->frozen = sql_text(&c, a);
    }
    return sql_end(&c, e);
}

enum rc exceptions_open(struct sql *q, int64_t merchant, int64_t refund_row, const char *kind,
                        const char *detail, int64_t held_minor, int64_t now_ms, bool *opened,
                        struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_EXCEPTION_INSERT,
                          SQL_ARGS(SQL_I(id_new()), SQL_I(merchant), SQL_I(refund_row), SQL_T(kind),
                                   SQL_T(detail), SQL_I(held_minor), SQL_I(now_ms)),
                          &changed, e);
    *opened = changed == 1;
    return rc;
}

enum rc exceptions_of_order(struct sql *q, struct arena *a, int64_t order_row,
                            struct exception **out, int *count, struct err *e)
{
    struct exception *rows = arena_array(a, LIMIT_EXCEPTIONS_SHOWN, sizeof *rows);
    struct sql_cur c;
    *out = rows;
    *count = 0;
    sql_begin(q, &c, SQL_EXCEPTIONS_OF_ORDER,
              SQL_ARGS(SQL_I(order_row), SQL_I(LIMIT_EXCEPTIONS_SHOWN)));
    while (sql_next(&c)) {
        struct exception *x = &rows[(*count)++];
        x->refund_row = sql_i64(&c);
        x->unique_request_id = sql_text(&c, a);
        x->currency = sql_text(&c, a);
        x->kind = sql_text(&c, a);
        x->detail = sql_text(&c, a);
        x->held_minor = sql_i64(&c);
        x->opened_ms = sql_i64(&c);
    }
    return sql_end(&c, e);
}
