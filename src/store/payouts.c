#include "store/payouts.h"

#include "core/id.h"
#include "core/limits.h"
#include "sql/queries.h"

/* What both tables have, beneficiary_id … payout_mode. */
static void read_account(struct sql_cur *c, struct arena *a, struct payee *p)
{
    *p = (struct payee){0};
    p->beneficiary_id = sql_text(c, a);
    p->type = sql_text(c, a);
    p->name = sql_text(c, a);
    p->masked = sql_text(c, a);
    p->sealed = sql_bytes(c, a, &p->sealed_n);
    p->transfer_type = sql_text(c, a);
    p->payout_mode = sql_text(c, a);
}

enum rc beneficiaries_insert(struct sql *q, int64_t merchant, const struct payee *p, struct err *e)
{
    return sql_exec(q, SQL_BENEFICIARY_INSERT,
                    SQL_ARGS(SQL_I(id_new()), SQL_I(merchant), SQL_T(p->beneficiary_id),
                             SQL_T(p->type), SQL_T(p->name), SQL_T(p->masked),
                             SQL_B(p->sealed, p->sealed_n), SQL_T(p->transfer_type),
                             SQL_T(p->payout_mode), SQL_I(p->created_ms)),
                    NULL, e);
}

enum rc beneficiaries_get(struct sql *q, struct arena *a, int64_t merchant,
                          const char *beneficiary_id, struct payee *out, struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_BENEFICIARY_GET, SQL_ARGS(SQL_I(merchant), SQL_T(beneficiary_id)));
    while (sql_next(&c)) {
        sql_skip(&c);
        read_account(&c, a, out);
        out->created_ms = sql_i64(&c);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "There is no such beneficiary.", "beneficiary not found");
    return rc;
}

enum rc beneficiaries_list(struct sql *q, struct arena *a, int64_t merchant, int64_t before,
                           int limit, struct payee **out, int *count, int64_t *next, struct err *e)
{
    CHECK(limit >= 1 && limit <= LIMIT_PAGE_ROWS);
    struct payee *rows = arena_array(a, (size_t)limit, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    int64_t last = 0;
    *next = 0;
    sql_begin(q, &c, SQL_BENEFICIARY_LIST,
              SQL_ARGS(SQL_I(merchant), SQL_I(before != 0 ? before : INT64_MAX), SQL_I(limit + 1)));
    while (sql_next(&c)) {
        if (n == limit) {
            *next = last;
            continue;
        }
        last = sql_i64(&c);
        read_account(&c, a, &rows[n]);
        rows[n++].created_ms = sql_i64(&c);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}

enum rc payouts_insert(struct sql *q, int64_t refund_row, const struct payee *p, struct err *e)
{
    return sql_exec(q, SQL_PAYOUT_INSERT,
                    SQL_ARGS(SQL_I(refund_row), SQL_T(p->beneficiary_id), SQL_T(p->type),
                             SQL_T(p->name), SQL_T(p->masked), SQL_B(p->sealed, p->sealed_n),
                             SQL_T(p->transfer_type), SQL_T(p->payout_mode),
                             SQL_T(p->reference_id)),
                    NULL, e);
}

enum rc payouts_get(struct sql *q, struct arena *a, int64_t refund_row, struct payee *out,
                    struct err *e)
{
    struct sql_cur c;
    bool found = false;
    sql_begin(q, &c, SQL_PAYOUT_GET, SQL_ARGS(SQL_I(refund_row)));
    while (sql_next(&c)) {
        read_account(&c, a, out);
        out->reference_id = sql_text(&c, a);
        found = true;
    }
    enum rc rc = sql_end(&c, e);
    if (rc == RC_OK && !found)
        return ERR(e, RC_NOT_FOUND, "This refund is no payout.", "payout not found");
    return rc;
}

enum rc payouts_of_order(struct sql *q, struct arena *a, int64_t order_row,
                         struct payout_shown **out, int *count, struct err *e)
{
    struct payout_shown *rows = NULL;
    struct sql_cur c;
    int room = 0, n = 0;
    sql_begin(q, &c, SQL_PAYOUTS_OF_ORDER, SQL_ARGS(SQL_I(order_row), SQL_I(LIMIT_ORDER_REFUNDS)));
    while (sql_next(&c)) {
        if (n == room) {
            int more = room == 0 ? 2 : 2 * room;
            rows = arena_grow(a, rows, (size_t)room * sizeof *rows, (size_t)more * sizeof *rows);
            room = more;
        }
        struct payout_shown *p = &rows[n++];
        p->refund_row = sql_i64(&c);
        p->type = sql_text(&c, a);
        p->masked = sql_text(&c, a);
        p->reference_id = sql_text(&c, a);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}
