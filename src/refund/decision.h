/*
 * What a caller wants done in the transaction that decides: an answer that is kept under an
 * Idempotency-Key is looked up before anything else and written beside what it tells of.
 * Both may run again, like every function of a transaction; NULL: nothing.
 */
#ifndef REFUND_DECISION_H
#define REFUND_DECISION_H

#include "sql/sql.h"

struct decision {
    /* *settled true: an answer is known already, nothing is judged or written. */
    enum rc (*before)(void *ctx, struct sql *q, bool *settled, struct err *e);
    /* After it was made or refused; the caller's answer structure is filled. */
    enum rc (*after)(void *ctx, struct sql *q, struct err *e);
    void *ctx;
    bool settled; /* set for the caller: `before` had an answer */
};

/* Run them when d is not NULL. */
MUSTCHECK enum rc decision_before(struct decision *d, struct sql *q, struct err *e);
MUSTCHECK enum rc decision_after(struct decision *d, struct sql *q, struct err *e);

#endif
