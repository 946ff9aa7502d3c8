/*
 * Settings > Conflict, and the conflicts themselves: why a charged txn is conflicted or charged
 * beside the kept one, and what was done about it (vendor's page "Refunds", Auto Refund).
 */
#ifndef STORE_CONFLICTS_H
#define STORE_CONFLICTS_H

#include "sql/sql.h"

#define CONFLICT_MINUTES 10 /* the vendor's default threshold */

struct conflict_gateway {
    const char *gateway;
    int64_t threshold_minutes;
};
struct conflict_ceiling {
    const char *currency;
    int64_t daily_minor; /* refunded by themselves in any 24 hours; above it a person approves */
};

/* Without rows: all off, CONFLICT_MINUTES, no gateways and no ceilings of their own. */
struct conflict_settings {
    bool refund_conflicted;
    int64_t
        conflicted_since_ms; /* successes before it never cause a refund; 0: never switched on */
    int64_t threshold_minutes;
    bool notify;
    const char *emails; /* comma separated; NULL: none */
    bool refund_multiple;
    int64_t multiple_since_ms;
    struct conflict_gateway *gateways; /* by name, at most LIMIT_GATEWAYS */
    int n_gateways;
    struct conflict_ceiling *ceilings; /* by code, at most LIMIT_CURRENCIES */
    int n_ceilings;
};

/* Texts and arrays live in the arena. */
MUSTCHECK enum rc conflict_settings_get(struct sql *q, struct arena *a, int64_t merchant,
                                        struct conflict_settings *out, struct err *e);
/* All of them: rows that are not told any more go. */
MUSTCHECK enum rc conflict_settings_put(struct sql *q, int64_t merchant,
                                        const struct conflict_settings *s, int64_t now_ms,
                                        struct err *e);

struct conflict {
    int64_t txn_row;
    int64_t merchant, order_row;
    const char *kind;  /* CONFLICTED, MULTIPLE_CHARGED */
    const char *state; /* SHOWN, REFUNDED, REFUSED, WITHDRAWN, CANCELLED (migration 0004) */
    int64_t initiated_ms, success_ms;
    int64_t threshold_minutes; /* 0: MULTIPLE_CHARGED */
    int64_t kept_txn;          /* of MULTIPLE_CHARGED: the one that is kept; 0 */
    const char *said;          /* why it was refused, who cancelled it; NULL */
    int64_t refund_row;        /* the latest auto refund; 0: none yet */
    int64_t rounds;            /* auto refunds so far; the next one's id is derived from it */
    int64_t first_ms, updated_ms;
    const char *txn_id, *kept_txn_id; /* never written: joined on reading */
};
/* By txn_row; inserts or replaces all but first_ms. */
MUSTCHECK enum rc conflicts_put(struct sql *q, const struct conflict *c, struct err *e);
/* One that was only shown and holds no more. */
MUSTCHECK enum rc conflicts_drop(struct sql *q, int64_t txn_row, struct err *e);
/* Of an order's txns, at most LIMIT_ORDER_TXNS. */
MUSTCHECK enum rc conflicts_of_order(struct sql *q, struct arena *a, int64_t order_row,
                                     struct conflict **out, int *count, struct err *e);
/* Of the merchant: auto refunds that were refused (state REFUSED), newest first. */
MUSTCHECK enum rc conflicts_refused(struct sql *q, struct arena *a, int64_t merchant, int limit,
                                    struct conflict **out, int *count, struct err *e);

#endif
