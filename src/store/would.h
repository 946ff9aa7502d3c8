/*
 * What an auto refund would have done: the orders it is about and their charges, and what else
 * Settings > Conflict shows of the desk.
 */
#ifndef STORE_WOULD_H
#define STORE_WOULD_H

#include "sql/sql.h"

/* An order to be judged, and when it was charged (late) or charged last (multiple). */
struct would_order {
    int64_t row;
    int64_t at_ms;
};
/* Orders of a merchant with a success since since_ms that came later than any threshold can allow
 * (more than a minute), or with several charges and created since created_ms; newest first, at most
 * `limit`, appended to out[*count]. */
MUSTCHECK enum rc would_late(struct sql *q, int64_t merchant, int64_t since_ms, int limit,
                             struct would_order *out, int *count, struct err *e);
MUSTCHECK enum rc would_multiple(struct sql *q, int64_t merchant, int64_t created_ms,
                                 int64_t since_ms, int limit, struct would_order *out, int *count,
                                 struct err *e);

struct would_charge {
    int64_t txn_row;
    const char *txn_id, *gateway, *currency;
    int64_t charged_minor;
    bool is_short;        /* less than the order is of, by the payer's word */
    int64_t amount_minor; /* of it, what nobody had refunded when its success came */
    int64_t created_ms, charged_ms;
};
/* Of an order, oldest first, at most LIMIT_ORDER_TXNS, into `out`; texts in the arena. */
MUSTCHECK enum rc would_charges(struct sql *q, struct arena *a, int64_t order_row,
                                struct would_charge *out, int *count, bool *is_split_payment,
                                struct err *e);
/* What a txn is called; texts in the arena; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc would_name(struct sql *q, struct arena *a, int64_t txn_row, const char **order_id,
                             const char **txn_id, const char **gateway, struct err *e);

/* The gateways that the merchant's orders were paid by, by name, at most `limit`. */
MUSTCHECK enum rc would_gateways(struct sql *q, struct arena *a, int64_t merchant, int limit,
                                 const char **out, int *count, struct err *e);
/* How many auto refunds made since since_ms wait for approval, counted up to `limit`. */
MUSTCHECK enum rc would_awaiting(struct sql *q, int64_t merchant, int64_t since_ms, int limit,
                                 int64_t *count, struct err *e);

#endif
