/*
 * News of refunds: one that the desk knows moves by its machine; one that was made elsewhere (the
 * gateway's own dashboard) becomes a row of its own, by GATEWAY, and holds its amount. Over the
 * ceiling it holds what is left and opens an exception for a person.
 */
#ifndef REFUND_FOREIGN_H
#define REFUND_FOREIGN_H

#include "refund/order_news_parts.h"

/* A told refund before anything is written. */
struct foreign_plan {
    const struct told_refund *told;
    int64_t known;      /* row of the refund it is about; 0: not known yet */
    const char *txn_id; /* where an unknown one belongs; NULL: with the first txn told */
    int64_t txn_row;    /* where it is stored already; 0: written with these news */
};

enum foreign_end {
    FOREIGN_OK,
    FOREIGN_DIFFERS, /* known with another amount or currency */
    FOREIGN_NO_TXN   /* its transaction is not known */
};

/* Reads what the desk has: o and its txns, or none of them (o->id 0); first: the stored transaction
 * that the first one told is about, or NULL. Writes nothing. RC_BUSY: it may be a refund
 * of ours whose answer is not in yet; the same news later tells which. */
MUSTCHECK enum rc foreign_judge(struct telling *x, const struct order *o, const struct txn *txns,
                                int n_txns, const struct txn *first, const struct order_news *n,
                                const struct told_refund *told, struct foreign_plan *plan,
                                enum foreign_end *end, struct err *e);

/* Writes it; t is the transaction of an unknown one (NULL for a known one). */
MUSTCHECK enum rc foreign_apply(struct telling *x, const struct foreign_plan *plan,
                                const struct txn *t, struct err *e);

#endif
