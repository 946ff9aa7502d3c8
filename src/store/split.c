#include "store/split.h"

#include "core/limits.h"
#include "sql/queries.h"

/* Rows of what `block` finds, in an array that grows in the arena. */
struct rows {
    struct arena *arena;
    void *at;
    size_t size; /* bytes of one row */
    int n, room;
};

static void *rows_next(struct rows *r)
{
    if (r->n == r->room) {
        int room = r->room == 0 ? 4 : 2 * r->room;
        r->at = arena_grow(r->arena, r->at, (size_t)r->room * r->size, (size_t)room * r->size);
        r->room = room;
    }
    return (char *)r->at + (size_t)r->n++ * r->size;
}

static enum rc insert_rows(struct sql *q, int block, int64_t row, const struct party *parties,
                           int count, struct err *e)
{
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < count; i++)
        rc = sql_exec(
            q, block,
            SQL_ARGS(SQL_I(row), SQL_T(parties[i].party), SQL_I(i), SQL_I(parties[i].amount_minor)),
            NULL, e);
    return rc;
}

enum rc split_insert_order(struct sql *q, int64_t order_row, const struct party *parties, int count,
                           struct err *e)
{
    int64_t changed = 0;
    enum rc rc = sql_exec(q, SQL_ORDER_SPLIT_SETTLED, SQL_ARGS(SQL_I(order_row)), &changed, e);
    if (rc != RC_OK)
        return rc;
    if (changed == 0)
        return ERR(e, RC_CONFLICT, "The order's split settlement is known already.",
                   "order %lld has parties, or there is no such order", (long long)order_row);
    return insert_rows(q, SQL_ORDER_PARTY_INSERT, order_row, parties, count, e);
}

enum rc split_of_order(struct sql *q, struct arena *a, int64_t order_row, int64_t txn_row,
                       struct party **out, int *count, struct err *e)
{
    struct rows rows = {.arena = a, .size = sizeof **out};
    struct sql_cur c;
    sql_begin(q, &c, SQL_ORDER_PARTIES,
              SQL_ARGS(SQL_I(order_row), SQL_I(txn_row), SQL_I(LIMIT_SPLIT_PARTIES)));
    while (sql_next(&c)) {
        struct party *p = rows_next(&rows);
        p->party = sql_text(&c, a);
        p->amount_minor = sql_i64(&c);
        p->given_minor = sql_i64(&c);
    }
    *out = rows.at;
    *count = rows.n;
    return sql_end(&c, e);
}

enum rc split_insert_refund(struct sql *q, int64_t refund_row, const struct party *parts, int count,
                            struct err *e)
{
    return insert_rows(q, SQL_REFUND_PART_INSERT, refund_row, parts, count, e);
}

enum rc split_of_refund(struct sql *q, struct arena *a, int64_t refund_row, struct party **out,
                        int *count, struct err *e)
{
    struct rows rows = {.arena = a, .size = sizeof **out};
    struct sql_cur c;
    sql_begin(q, &c, SQL_REFUND_PARTS, SQL_ARGS(SQL_I(refund_row), SQL_I(LIMIT_SPLIT_PARTIES)));
    while (sql_next(&c)) {
        struct party *p = rows_next(&rows);
        p->party = sql_text(&c, a);
        p->amount_minor = sql_i64(&c);
    }
    *out = rows.at;
    *count = rows.n;
    return sql_end(&c, e);
}

/* Where the limit cut into a refund's parts, none of them is shown. */
static int whole_refunds(const struct refund_part *parts, int n)
{
    if (n < LIMIT_ORDER_PARTS)
        return n;
    int64_t cut = parts[n - 1].refund_row;
    while (n > 0 && parts[n - 1].refund_row == cut)
        n--;
    return n;
}

enum rc split_of_order_refunds(struct sql *q, struct arena *a, int64_t order_row,
                               struct refund_part **out, int *count, struct err *e)
{
    struct rows rows = {.arena = a, .size = sizeof **out};
    struct sql_cur c;
    sql_begin(q, &c, SQL_REFUND_PARTS_OF_ORDER,
              SQL_ARGS(SQL_I(order_row), SQL_I(LIMIT_ORDER_PARTS)));
    while (sql_next(&c)) {
        struct refund_part *p = rows_next(&rows);
        p->refund_row = sql_i64(&c);
        p->part.party = sql_text(&c, a);
        p->part.amount_minor = sql_i64(&c);
    }
    *out = rows.at;
    *count = whole_refunds(rows.at, rows.n);
    return sql_end(&c, e);
}
