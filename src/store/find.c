#include "store/find.h"

#include "core/id.h"
#include "core/str.h"
#include "sql/queries.h"
#include "store/orders.h"

/* One statement: its columns are [refund id,] order_id; none for a customer. */
static enum rc look(struct sql *q, struct arena *a, int block, const struct sql_val *args,
                    enum find_kind kind, struct find_result *out, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, block, (struct sql_args){args, 2});
    while (sql_next(&c)) {
        out->kind = kind;
        if (kind >= FIND_REFUND && kind <= FIND_ARN)
            out->refund = sql_i64(&c);
        if (kind != FIND_CUSTOMER)
            out->order_id = sql_text(&c, a);
    }
    return sql_end(&c, e);
}

static enum rc by_order_key(struct sql *q, struct arena *a, int64_t merchant, const char *text,
                            struct find_result *out, struct err *e)
{
    struct order o;
    struct err missing;
    enum rc rc = orders_by_key(q, a, merchant, orders_key(a, text), &o, &missing);
    if (rc == RC_OK)
        *out = (struct find_result){FIND_ORDER, o.order_id, 0};
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = missing;
    return rc;
}

enum rc find_exact(struct sql *q, struct arena *a, int64_t merchant, const char *text,
                   struct find_result *out, struct err *e)
{
    static const struct {
        enum find_kind kind;
        int block;
    } tries[] = {
        {FIND_TXN, SQL_FIND_TXN},
        {FIND_PAYMENT, SQL_FIND_PAYMENT},
        {FIND_PUBLIC_ID, SQL_FIND_PUBLIC_ID},
        {FIND_REFUND, SQL_FIND_REFUND_ROW},
        {FIND_UNIQUE_REQUEST_ID, SQL_FIND_UNIQUE_REQUEST_ID},
        {FIND_GATEWAY_REF, SQL_FIND_GATEWAY_REF},
        {FIND_ARN, SQL_FIND_ARN},
        {FIND_CUSTOMER, SQL_FIND_CUSTOMER},
    };
    *out = (struct find_result){.kind = FIND_NOTHING};
    enum rc rc = by_order_key(q, a, merchant, text, out, e);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        int64_t row = 0;
        if (rc != RC_OK || out->kind != FIND_NOTHING)
            return rc;
        if (tries[i].kind == FIND_REFUND && !id_parse(text, &row))
            continue;
        const struct sql_val args[] = {SQL_I(merchant), row != 0 ? SQL_I(row) : SQL_T(text)};
        rc = look(q, a, tries[i].block, args, tries[i].kind, out, e);
    }
    return rc;
}
