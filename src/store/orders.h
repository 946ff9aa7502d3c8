/*
 * Orders (DOMAIN: orders and transactions).
 */
#ifndef STORE_ORDERS_H
#define STORE_ORDERS_H

#include "store/txns.h"

/* What a status means for a refund. */
enum order_class { CLASS_PENDING, CLASS_REFUNDABLE, CLASS_COD, CLASS_UNSUCCESSFUL };

/* The tab of a list under which a status is counted: every order is under exactly one. */
enum order_tab {
    TAB_ALL,
    TAB_CHARGED,
    TAB_AUTO_REFUNDED,
    TAB_PENDING,
    TAB_COD,
    TAB_UNSUCCESSFUL,
    TAB_COUNT
};

struct order_status {
    const char *name; /* "CHARGED" */
    int id;           /* 21 */
    enum order_class cls;
    enum order_tab tab;
};

/* By name; NULL for an unknown one. Used for orders and txns alike. */
const struct order_status *order_status_find(const char *name);
/* CHARGED, or a part of it: money is there that no auto refund has taken. */
bool order_status_is_charged(const char *name);
const struct order_status *order_statuses(int *count);

struct order {
    int64_t id;
    int64_t merchant;
    const char *order_id;  /* as given */
    const char *public_id; /* "ordeh_" + 32 hex */
    const char *status;
    int64_t amount_minor, effective_minor;
    const char *currency;
    const char *customer_id, *customer_email, *customer_phone;
    const char *product_id, *description, *return_url;
    bool is_cod, is_split_payment;
    bool is_split_settled;       /* has parties (store/split.h) */
    bool is_conflicted;          /* one of its txns is */
    bool is_multiple;            /* several were charged, and it is no split payment */
    int64_t offer_minimum_minor; /* -1: no offer */
    int64_t kept_txn;            /* row of the first charged txn; 0: none */
    const char *facts; /* JSON object of what is only echoed: udf1…udf10, metadata, offers,
                          rewards_breakup, payment_links, order_type, billing_…/shipping_… */
    int64_t created_ms, updated_ms;
    int64_t refund_days;     /* the merchant's: no refund of older orders; joined on reading */
    const char *const *udf;  /* never read: udf1 … udf10 (NULL: none), which orders_insert and
                                orders_change make findable */
    const struct txn *shown; /* for orders_insert only: what lists say it was paid with; NULL */
};

/* Folded for comparison (order ids ignore case). */
char *orders_key(struct arena *a, const char *order_id);

/* One row; an order id that the merchant has already is RC_CONFLICT. */
MUSTCHECK enum rc orders_insert(struct sql *q, const struct order *o, const char *order_key,
                                struct err *e);
/* By orders_key() or by row id; texts in the arena; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc orders_by_key(struct sql *q, struct arena *a, int64_t merchant,
                                const char *order_key, struct order *out, struct err *e);
MUSTCHECK enum rc orders_get(struct sql *q, struct arena *a, int64_t id, struct order *out,
                             struct err *e);
/* All that others tell of it, and its status; `was` is the row before: what it was found by and is
 * not any more is forgotten. */
MUSTCHECK enum rc orders_tell(struct sql *q, const struct order *was, const struct order *o,
                              struct err *e);
/* status, kept_txn, effective_minor, updated_ms */
MUSTCHECK enum rc orders_update(struct sql *q, const struct order *o, struct err *e);
/* is_conflicted, is_multiple */
MUSTCHECK enum rc orders_mark(struct sql *q, const struct order *o, struct err *e);
/* amount_minor, effective_minor, facts and updated_ms from `was` to `now`; udf of both (NULL: not
 * changed) lead the finding words. RC_CONFLICT when the order is not as it was any more. */
MUSTCHECK enum rc orders_change(struct sql *q, const struct order *was, const struct order *now,
                                struct err *e);

/* One row of order_select. */
void orders_read(struct sql_cur *c, struct arena *a, struct order *o);

#endif
