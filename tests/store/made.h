/*
 * Rows for tests of lists: a generator that always gives the same ones, and orders and refunds put
 * in directly, in any state.
 */
#ifndef STORE_MADE_H
#define STORE_MADE_H

#include "store/listing.h"
#include "store/refunds.h"

#define MADE_T0_MS INT64_C(1795000000000)

struct made_rng {
    uint64_t state; /* any seed but 0 */
};
/* 0 … n-1 */
int made_below(struct made_rng *r, int n);
/* One time in n. */
bool made_one_in(struct made_rng *r, int n);

/* An order of `merchant` with what a list filters by, one txn of the whole amount that is kept when
 * `charged`; ids and links are set here. */
struct made_order {
    struct order order;
    struct txn txn;
    bool has_txn, charged;
};
struct made_order made_order(int64_t merchant, const char *order_id);
void made_insert_orders(struct made_order *rows, int n);

struct refund made_refund(const struct made_order *o, const char *unique_request_id);
void made_insert_refunds(const struct refund *rows, int n);

/* A merchant whose rows must never be seen: its row id. */
int64_t made_other_merchant(void);

/* A row of a model: what a list sorts by. */
struct made_key {
    int64_t value, id;
};
/* -1, 0, 1: where a stands against b in this order. */
int made_compare(const struct made_key *a, const struct made_key *b, bool ascending);
void made_sort(struct made_key *keys, int n, bool ascending);

/* Walks a list from its first page to its last and back, and compares each page with `want`, whole
 * and in order. ask: reads one page; returns its keys. */
typedef int made_ask(void *ctx, const struct list_page *page, struct made_key *out, bool *more);
void made_walk(made_ask *ask, void *ctx, struct list_page page, const struct made_key *want, int n,
               const char *what);

#endif
