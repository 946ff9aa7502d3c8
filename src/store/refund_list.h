/*
 * The list of refunds: filters, tabs, sorting, paging, totals.
 */
#ifndef STORE_REFUND_LIST_H
#define STORE_REFUND_LIST_H

#include "store/listing.h"
#include "store/refunds.h"

/* Disjoint; All is their sum. */
enum refund_tab {
    REFUND_TAB_ALL,
    REFUND_TAB_AWAITING,
    REFUND_TAB_PENDING,
    REFUND_TAB_SUCCESS,
    REFUND_TAB_FAILURE,
    REFUND_TAB_REVIEW,
    REFUND_TAB_COUNT
};

/* Everything that is set must hold; zero, NULL or "" is not set. */
struct refund_filter {
    int64_t merchant;
    enum refund_tab tab;
    const char *status;         /* exact; only with REFUND_TAB_ALL */
    int64_t from_ms, before_ms; /* created in [from, before) */
    const char *currency;
    int64_t least_minor, most_minor; /* in minor units of `currency` */
    const char *gateway;
    const char *initiated_by;
    const char *reason;
    int64_t order_row;
    const char *unique_request_id;
};

/* In the order asked for, whatever the move. *more: rows lie beyond in that move. */
MUSTCHECK enum rc refund_list_page(struct sql *q, struct arena *a, const struct refund_filter *f,
                                   const struct list_page *page, struct refund **out, int *count,
                                   bool *more, struct err *e);
/* The value of a row's sort column, for keys. */
int64_t refund_list_key(const struct refund *r, enum list_sort sort);

/* Counts and sums of the whole filter but its tab, by tab and currency. */
MUSTCHECK enum rc refund_list_totals(struct sql *q, struct arena *a, const struct refund_filter *f,
                                     struct list_total **out, int *count, struct err *e);

#endif
