/*
 * Rows for tests of lists: a generator that always gives the same ones, and orders and refunds put
 * in directly, in any state.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/listing.h"
#include "store/refunds.h"

#define ROWS_T0_MS INT64_C(1795000000000)

struct rows_rng {
    uint64_t state; /* any seed but 0 */
};
/* 0 … n-1 */
int rows_below(struct rows_rng *r, int n);
/* One time in n. */
bool rows_one_in(struct rows_rng *r, int n);

/* An order of `merchant` with what a list filters by, one txn of the whole amount that is kept when
 * `charged`; ids and links are set here. */
struct rows_order {
    struct order order;
    struct txn txn;
    bool has_txn, charged;
};
struct rows_order rows_order(int64_t merchant, const char *order_id);
void rows_insert_orders(struct rows_order *rows, int n);

struct refund rows_refund(const struct rows_order *o, const char *unique_request_id);
void rows_insert_refunds(const struct refund *rows, int n);

/* A merchant whose rows must never be seen: its row id. */
int64_t rows_other_merchant(void);

/* A row of a model: what a list sorts by. */
struct rows_key {
    int64_t value, id;
};
/* -1, 0, 1: where a stands against b in this order. */
int rows_compare(const struct rows_key *a, const struct rows_key *b, bool ascending);
void rows_sort(struct rows_key *keys, int n, bool ascending);

/* Walks a list from its first page to its last and back, and compares each page with `want`, whole
 * and in order. ask: reads one page; returns its keys. */
typedef int rows_ask(void *ctx, const struct list_page *page, struct rows_key *out, bool *more);
void rows_walk(rows_ask *ask, void *ctx, struct list_page page, const struct rows_key *want, int n,
               const char *what);

#endif
