/*
 * What every list has: a filter that is a row of pieces of SQL, a sort column, keyset paging in
 * both directions, totals. order_list.c and refund_list.c fill the tables.
 */
#ifndef STORE_LISTING_H
#define STORE_LISTING_H

#include "sql/sql.h"

#define LIST_MAX_ARGS 32

enum list_sort { SORT_CREATED, SORT_AMOUNT, SORT_COUNT };
enum list_move { LIST_FIRST, LIST_NEXT, LIST_PREVIOUS };

/* Which rows of the filter: `rows` of them, in the order of `sort`. */
struct list_page {
    enum list_sort sort;
    bool ascending; /* false: newest or largest first */
    enum list_move move;
    int64_t key_value, key_id; /* of the last (NEXT) or first (PREVIOUS) row seen */
    int rows;                  /* 1…LIMIT_PAGE_ROWS, exports LIMIT_EXPORT_ROWS */
    int skip;                  /* rows passed over first; costs as if they were read */
};

/* The pieces of one sort column. */
struct list_sort_pieces {
    int below, above; /* where the page begins: value and id */
    int down, up;     /* ORDER BY … LIMIT */
};

/* A statement being put together. */
struct list_build {
    struct sql_list list;
    struct sql_val args[LIST_MAX_ARGS];
    int n_args;
};

/* A base statement and the piece that picks the merchant's rows. */
void list_start(struct list_build *b, int base, int where_merchant, int64_t merchant);
/* A piece without arguments, with one, or with several. */
void list_piece(struct list_build *b, int fragment);
void list_piece_int(struct list_build *b, int fragment, int64_t v);
void list_piece_text(struct list_build *b, int fragment, const char *v); /* NULL or "": nothing */
void list_piece_args(struct list_build *b, int fragment, const struct sql_val *v, int n);

/* Adds where the page begins, order and limit (one row more than asked, to know of more).
 * Returns true when rows come in reverse and have to be turned round (list_reverse). */
bool list_paging(struct list_build *b, const struct list_sort_pieces pieces[SORT_COUNT],
                 const struct list_page *page);
/* Of a list that is not sorted by amount: whether so many rows (more than LIMIT_LIST_FEW) have an
 * amount from least to most (0: no bound) that they are better looked for along the sorting than
 * gathered and sorted. `amounts` counts them: (merchant, least, most, limit). */
MUSTCHECK enum rc list_amounts_many(struct sql *q, int amounts, int64_t merchant,
                                    int64_t least_minor, int64_t most_minor, bool *many,
                                    struct err *e);
void list_begin(struct sql *q, struct sql_cur *c, const struct list_build *b);
void list_reverse(void *rows, int count, size_t size);

/* Counts and sums of a filter, by tab and currency. */
struct list_total {
    int tab;
    const char *currency;
    int64_t rows;
    int64_t amount_minor;
    bool too_large; /* the sum does not fit: amount_minor is meaningless */
};
/* Reads (tab, currency, rows, millions, ones) rows; the array lives in the arena. */
MUSTCHECK enum rc list_read_totals(struct sql *q, struct arena *a, const struct list_build *b,
                                   struct list_total **out, int *count, struct err *e);

#endif
