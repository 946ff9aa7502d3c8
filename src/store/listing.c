#include "store/listing.h"

#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "sql/queries.h"

#include <string.h>

void list_piece_args(struct list_build *b, int fragment, const struct sql_val *v, int n)
{
    size_t room = sizeof b->list.fragments / sizeof b->list.fragments[0];
    CHECK((size_t)b->list.n_fragments < room && b->n_args + n <= LIST_MAX_ARGS);
    b->list.fragments[b->list.n_fragments++] = fragment;
    for (int i = 0; i < n; i++)
        b->args[b->n_args++] = v[i];
}

void list_piece(struct list_build *b, int fragment)
{
    list_piece_args(b, fragment, NULL, 0);
}

void list_piece_int(struct list_build *b, int fragment, int64_t v)
{
    const struct sql_val arg = SQL_I(v);
    list_piece_args(b, fragment, &arg, 1);
}

void list_start(struct list_build *b, int base, int where_merchant, int64_t merchant)
{
    memset(b, 0, sizeof *b);
    b->list.base = base;
    list_piece_int(b, where_merchant, merchant);
}

void list_piece_text(struct list_build *b, int fragment, const char *v)
{
    const struct sql_val arg = SQL_T(v);
    if (!str_empty(v))
        list_piece_args(b, fragment, &arg, 1);
}

bool list_paging(struct list_build *b, const struct list_sort_pieces pieces[SORT_COUNT],
                 const struct list_page *page)
{
    CHECK(page->rows >= 1 && page->rows <= LIMIT_EXPORT_ROWS && page->sort < SORT_COUNT);
    const struct list_sort_pieces *p = &pieces[page->sort];
    bool backwards = page->move == LIST_PREVIOUS;
    bool up = page->ascending != backwards;
    if (page->move != LIST_FIRST) {
        const struct sql_val key[] = {SQL_I(page->key_value), SQL_I(page->key_id)};
        list_piece_args(b, up ? p->above : p->below, key, 2);
    }
    list_piece_int(b, up ? p->up : p->down, page->rows + 1);
    if (page->skip > 0)
        list_piece_int(b, SQL_LIST_SKIP, page->skip);
    return backwards;
}

enum rc list_amounts_many(struct sql *q, int amounts, int64_t merchant, int64_t least_minor,
                          int64_t most_minor, bool *many, struct err *e)
{
    struct sql_cur c;
    *many = false;
    if (least_minor == 0 && most_minor == 0)
        return RC_OK;
    sql_begin(q, &c, amounts,
              SQL_ARGS(SQL_I(merchant), SQL_I(least_minor),
                       SQL_I(most_minor != 0 ? most_minor : MONEY_MAX_MINOR),
                       SQL_I(LIMIT_LIST_FEW + 1)));
    while (sql_next(&c))
        *many = sql_i64(&c) > LIMIT_LIST_FEW;
    return sql_end(&c, e);
}

void list_begin(struct sql *q, struct sql_cur *c, const struct list_build *b)
{
    sql_begin_list(q, c, &b->list, (struct sql_args){b->args, b->n_args});
}

void list_reverse(void *rows, int count, size_t size)
{
    char *first = rows, *last = first + (size_t)(count > 0 ? count - 1 : 0) * size;
    for (; first < last; first += size, last -= size) {
        for (size_t i = 0; i < size; i++) {
            char t = first[i];
            first[i] = last[i];
            last[i] = t;
        }
    }
}

#define HALF INT64_C(1000000) /* the halves of the SQL: amount / HALF and amount % HALF */

enum rc list_read_totals(struct sql *q, struct arena *a, const struct list_build *b,
                         struct list_total **out, int *count, struct err *e)
{
    struct list_total *rows = arena_array(a, LIMIT_TOTALS, sizeof *rows);
    struct sql_cur c;
    int n = 0;
    list_begin(q, &c, b);
    while (n < LIMIT_TOTALS && sql_next(&c)) {
        struct list_total *t = &rows[n++];
        t->tab = (int)sql_i64(&c);
        t->currency = sql_text(&c, a);
        t->rows = sql_i64(&c);
        int64_t millions = sql_i64(&c), ones = sql_i64(&c);
        t->too_large = __builtin_mul_overflow(millions, HALF, &millions) ||
                       !money_add(millions, ones, &t->amount_minor);
    }
    *out = rows;
    *count = n;
    return sql_end(&c, e);
}
