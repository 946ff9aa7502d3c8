/*
 * Split settlement: who got how much of an order, and how much of each refund every party gives
 * back (DOMAIN: HTTP API, split settlement). The marketplace itself is the party "".
 */
#ifndef STORE_SPLIT_H
#define STORE_SPLIT_H

#include "sql/sql.h"

struct party {
    const char *party; /* sub_mid of a vendor; "" is the marketplace */
    int64_t amount_minor;
    int64_t given_minor; /* of an order's party: what refunds of one txn hold or gave back */
};

/* The order's parties, in the order told; their sum is the caller's to check. Also marks the order
 * as split settled. RC_CONFLICT when it has parties already. */
MUSTCHECK enum rc split_insert_order(struct sql *q, int64_t order_row, const struct party *parties,
                                     int count, struct err *e);
/* In the order told, at most LIMIT_SPLIT_PARTIES, with what refunds of txn_row take of each: those
 * that are not FAILURE or hold their amount by an open exception. The txns of a split payment share
 * the parties. txn_row 0: nothing is counted. The array lives in the arena. */
MUSTCHECK enum rc split_of_order(struct sql *q, struct arena *a, int64_t order_row, int64_t txn_row,
                                 struct party **out, int *count, struct err *e);
/* A refund's parts; RC_CONFLICT where the schema says no. */
MUSTCHECK enum rc split_insert_refund(struct sql *q, int64_t refund_row, const struct party *parts,
                                      int count, struct err *e);
/* In the order told; *count 0 when the refund has none. */
MUSTCHECK enum rc split_of_refund(struct sql *q, struct arena *a, int64_t refund_row,
                                  struct party **out, int *count, struct err *e);

struct refund_part {
    int64_t refund_row;
    struct party part;
};
/* The parts of an order's refunds, refund by refund from the highest row down, at most
 * LIMIT_ORDER_PARTS; the array lives in the arena. */
MUSTCHECK enum rc split_of_order_refunds(struct sql *q, struct arena *a, int64_t order_row,
                                         struct refund_part **out, int *count, struct err *e);

#endif
