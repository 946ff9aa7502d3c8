/*
 * The list of orders: filters, tabs, sorting, paging, totals.
 */
#ifndef STORE_ORDER_LIST_H
#define STORE_ORDER_LIST_H

#include "store/listing.h"
#include "store/orders.h"

/* Everything that is set must hold; zero, NULL or "" is not set. */
struct order_filter {
    int64_t merchant;
    enum order_tab tab;
    const char *status;         /* exact */
    int64_t from_ms, before_ms; /* created in [from, before) */
    const char *currency;
    int64_t least_minor, most_minor; /* of the order's amount, in minor units of `currency` */
    const char *gateway;
    const char *method;          /* payment method or its type: VISA, UPI, CARD */
    const char *customer;        /* id, e-mail or phone, whole */
    const char *udf;             /* the value of any udf, whole */
    bool conflicted, multiple;   /* a payment came too late; several were charged */
    int64_t refundable_since_ms; /* only what can be refunded: created since then */
};

/* An order with its kept (else its last) txn. */
struct order_row {
    struct order order;
    bool has_txn;
    struct txn txn;
};

/* Reads the txn that belongs to row->order. */
MUSTCHECK enum rc order_row_txn(struct sql *q, struct arena *a, struct order_row *row,
                                struct err *e);

/* In the order asked for, whatever the move. *more: rows lie beyond in that move. */
MUSTCHECK enum rc order_list_page(struct sql *q, struct arena *a, const struct order_filter *f,
                                  const struct list_page *page, struct order_row **out, int *count,
                                  bool *more, struct err *e);
/* The value of a row's sort column, for keys. */
int64_t order_list_key(const struct order_row *row, enum list_sort sort);

/* Counts and sums of the whole filter but its tab, by tab and currency. */
MUSTCHECK enum rc order_list_totals(struct sql *q, struct arena *a, const struct order_filter *f,
                                    struct list_total **out, int *count, struct err *e);

#endif
