#include "store/refund_list.h"

#include "core/limits.h"
#include "core/str.h"
#include "sql/queries.h"

static const struct list_sort_pieces sort_pieces[SORT_COUNT] = {
    [SORT_CREATED] = {SQL_REFUND_CREATED_BELOW, SQL_REFUND_CREATED_ABOVE, SQL_REFUND_CREATED_DOWN,
                      SQL_REFUND_CREATED_UP},
    [SORT_AMOUNT] = {SQL_REFUND_AMOUNT_BELOW, SQL_REFUND_AMOUNT_ABOVE, SQL_REFUND_AMOUNT_DOWN,
                     SQL_REFUND_AMOUNT_UP},
};

static void add_tab(struct list_build *b, enum refund_tab tab)
{
    static const char *const statuses[REFUND_TAB_COUNT] = {
        [REFUND_TAB_SUCCESS] = "SUCCESS",
        [REFUND_TAB_FAILURE] = "FAILURE",
        [REFUND_TAB_REVIEW] = "MANUAL_REVIEW",
    };
    CHECK(tab < REFUND_TAB_COUNT);
    if (tab == REFUND_TAB_AWAITING)
        list_piece(b, SQL_REFUND_AWAITING);
    if (tab == REFUND_TAB_PENDING)
        list_piece(b, SQL_REFUND_PENDING);
    list_piece_text(b, SQL_REFUND_STATUS, statuses[tab]);
}

static void add_filter(struct list_build *b, const struct refund_filter *f, bool many)
{
    const struct {
        int fragment;
        int64_t value;
    } numbers[] = {
        {SQL_REFUND_FROM, f->from_ms},
        {SQL_REFUND_BEFORE, f->before_ms},
        {many ? SQL_REFUND_LEAST_OF_MANY : SQL_REFUND_LEAST, f->least_minor},
        {many ? SQL_REFUND_MOST_OF_MANY : SQL_REFUND_MOST, f->most_minor},
        {SQL_REFUND_OF_ORDER, f->order_row},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].value != 0)
            list_piece_int(b, numbers[i].fragment, numbers[i].value);
    }
    list_piece_text(b, SQL_REFUND_CURRENCY, f->currency);
    list_piece_text(b, SQL_REFUND_GATEWAY, f->gateway);
    list_piece_text(b, SQL_REFUND_BY, f->initiated_by);
    list_piece_text(b, SQL_REFUND_REASON, f->reason);
    list_piece_text(b, SQL_REFUND_STATUS, f->status);
    list_piece_text(b, SQL_REFUND_UNIQUE_REQUEST_ID, f->unique_request_id);
}

/* An order, or the id of a request, leads to its few refunds at once. */
static int where_of(const struct refund_filter *f)
{
    return f->order_row == 0 && str_empty(f->unique_request_id) ? SQL_REFUND_WHERE_MERCHANT
                                                                : SQL_REFUND_WHERE_MERCHANT_FEW;
}

enum rc refund_list_page(struct sql *q, struct arena *a, const struct refund_filter *f,
                         const struct list_page *page, struct refund **out, int *count, bool *more,
                         struct err *e)
{
    struct refund *rows = arena_array(a, (size_t)page->rows, sizeof *rows);
    struct list_build b;
    struct sql_cur c;
    int seen = 0;
    bool many = false;
    if (page->sort != SORT_AMOUNT && where_of(f) == SQL_REFUND_WHERE_MERCHANT) {
        enum rc rc = list_amounts_many(q, SQL_REFUND_AMOUNTS, f->merchant, f->least_minor,
                                       f->most_minor, &many, e);
        if (rc != RC_OK)
            return rc;
    }
    list_start(&b, SQL_REFUND_SELECT, where_of(f), f->merchant);
    add_tab(&b, f->tab);
    add_filter(&b, f, many);
    bool reversed = list_paging(&b, sort_pieces, page);
    list_begin(q, &c, &b);
    while (sql_next(&c)) {
        if (seen < page->rows)
            refunds_read(&c, a, &rows[seen]);
        seen++;
    }
    *more = seen > page->rows;
    *count = *more ? page->rows : seen;
    if (reversed)
        list_reverse(rows, *count, sizeof *rows);
    *out = rows;
    return sql_end(&c, e);
}

int64_t refund_list_key(const struct refund *r, enum list_sort sort)
{
    return sort == SORT_AMOUNT ? r->amount_minor : r->created_ms;
}

enum rc refund_list_totals(struct sql *q, struct arena *a, const struct refund_filter *f,
                           struct list_total **out, int *count, struct err *e)
{
    struct list_build b;
    list_start(&b, SQL_REFUND_TOTALS, where_of(f), f->merchant);
    add_filter(&b, f, false);
    list_piece(&b, SQL_REFUND_TOTALS_GROUP);
    return list_read_totals(q, a, &b, out, count, e);
}
