#include "store/order_list.h"

#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

static const struct list_sort_pieces sort_pieces[SORT_COUNT] = {
    [SORT_CREATED] = {SQL_ORDER_CREATED_BELOW, SQL_ORDER_CREATED_ABOVE, SQL_ORDER_CREATED_DOWN,
                      SQL_ORDER_CREATED_UP},
    [SORT_AMOUNT] = {SQL_ORDER_AMOUNT_BELOW, SQL_ORDER_AMOUNT_ABOVE, SQL_ORDER_AMOUNT_DOWN,
                     SQL_ORDER_AMOUNT_UP},
};

static void add_term(struct list_build *b, int64_t merchant, const char *kind, const char *term)
{
    const struct sql_val args[] = {SQL_I(merchant), SQL_T(kind), SQL_T(term)};
    if (!str_empty(term))
        list_piece_args(b, SQL_ORDER_TERM, args, 3);
}

static void add_filter(struct list_build *b, const struct order_filter *f, bool with_tab, bool many)
{
    const struct {
        int fragment;
        int64_t value;
    } numbers[] = {
        {SQL_ORDER_TAB, with_tab ? (int64_t)f->tab : 0},
        {SQL_ORDER_FROM, f->from_ms},
        {SQL_ORDER_BEFORE, f->before_ms},
        {many ? SQL_ORDER_LEAST_OF_MANY : SQL_ORDER_LEAST, f->least_minor},
        {many ? SQL_ORDER_MOST_OF_MANY : SQL_ORDER_MOST, f->most_minor},
        {SQL_ORDER_REFUNDABLE, f->refundable_since_ms},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].value != 0)
            list_piece_int(b, numbers[i].fragment, numbers[i].value);
    }
    list_piece_text(b, SQL_ORDER_STATUS, f->status);
    list_piece_text(b, SQL_ORDER_CURRENCY, f->currency);
    list_piece_text(b, SQL_ORDER_GATEWAY, f->gateway);
    if (!str_empty(f->method)) {
        const struct sql_val either[] = {SQL_T(f->method), SQL_T(f->method)};
        list_piece_args(b, SQL_ORDER_METHOD, either, 2);
    }
    add_term(b, f->merchant, "customer", f->customer);
    add_term(b, f->merchant, "udf", f->udf);
    if (f->conflicted)
        list_piece(b, SQL_ORDER_CONFLICTED);
    if (f->multiple)
        list_piece(b, SQL_ORDER_MULTIPLE);
}

/* Exact words lead to their few orders at once. */
static int where_of(const struct order_filter *f)
{
    return str_empty(f->customer) && str_empty(f->udf) ? SQL_ORDER_WHERE_MERCHANT
                                                       : SQL_ORDER_WHERE_MERCHANT_FEW;
}

static enum rc read_orders(struct sql *q, struct arena *a, const struct order_filter *f,
                           const struct list_page *page, struct order_row *rows, int *count,
                           bool *more, struct err *e)
{
    struct list_build b;
    struct sql_cur c;
    int seen = 0;
    bool many = false;
    if (page->sort != SORT_AMOUNT && where_of(f) == SQL_ORDER_WHERE_MERCHANT) {
        enum rc rc = list_amounts_many(q, SQL_ORDER_AMOUNTS, f->merchant, f->least_minor,
                                       f->most_minor, &many, e);
        if (rc != RC_OK)
            return rc;
    }
    list_start(&b, SQL_ORDER_SELECT, where_of(f), f->merchant);
    add_filter(&b, f, true, many);
    bool reversed = list_paging(&b, sort_pieces, page);
    list_begin(q, &c, &b);
    while (sql_next(&c)) {
        if (seen < page->rows)
            orders_read(&c, a, &rows[seen].order);
        seen++;
    }
    *more = seen > page->rows;
    *count = *more ? page->rows : seen;
    if (reversed)
        list_reverse(rows, *count, sizeof *rows);
    return sql_end(&c, e);
}

enum rc order_row_txn(struct sql *q, struct arena *a, struct order_row *row, struct err *e)
{
    const struct order *o = &row->order;
    struct err missing;
    enum rc rc = o->kept_txn != 0 ? txns_get(q, a, o->kept_txn, &row->txn, &missing)
                                  : txns_last_of_order(q, a, o->id, &row->txn, &missing);
    row->has_txn = rc == RC_OK;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = missing;
    return rc;
}

enum rc order_list_page(struct sql *q, struct arena *a, const struct order_filter *f,
                        const struct list_page *page, struct order_row **out, int *count,
                        bool *more, struct err *e)
{
    struct order_row *rows = arena_array(a, (size_t)page->rows, sizeof *rows);
    enum rc rc = read_orders(q, a, f, page, rows, count, more, e);
    for (int i = 0; rc == RC_OK && i < *count; i++)
        rc = order_row_txn(q, a, &rows[i], e);
    *out = rows;
    return rc;
}

int64_t order_list_key(const struct order_row *row, enum list_sort sort)
{
    return sort == SORT_AMOUNT ? row->order.amount_minor : row->order.created_ms;
}

enum rc order_list_totals(struct sql *q, struct arena *a, const struct order_filter *f,
                          struct list_total **out, int *count, struct err *e)
{
    struct list_build b;
    list_start(&b, SQL_ORDER_TOTALS, where_of(f), f->merchant);
    add_filter(&b, f, false, false);
    list_piece(&b, b.list.n_fragments == 1 ? SQL_ORDER_TOTALS_GROUP : SQL_ORDER_TOTALS_GROUP_ANY);
    return list_read_totals(q, a, &b, out, count, e);
}
