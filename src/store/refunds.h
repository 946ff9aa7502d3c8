/*
 * Refund rows. Only refund/apply.c moves them (by refund/machine.c); this file reads and writes.
 */
#ifndef STORE_REFUNDS_H
#define STORE_REFUNDS_H

#include "sql/sql.h"
#include "store/orders.h"

struct refund {
    int64_t id;
    int64_t merchant;
    int64_t order_row, txn_row;
    const char *unique_request_id;
    int64_t amount_minor;
    const char *currency;
    const char *state;  /* machine_state_name */
    const char *status; /* PENDING, SUCCESS, FAILURE, MANUAL_REVIEW */
    bool sent;
    int64_t attempts;
    const char *refund_type, *reason, *note;
    const char *source;       /* API, PORTAL, BATCH, AUTO, GATEWAY */
    const char *initiated_by; /* "API", the user's name, "AUTO_REFUNDED", "GATEWAY" */
    const char *checked_by;   /* who approved or rejected; never the maker */
    const char *gateway;      /* refund_source */
    const char *gateway_ref, *arn, *error_code, *error_message, *gateway_words, *metadata;
    int64_t created_ms, hold_until_ms;
    int64_t sent_ms, next_check_ms, processed_ms; /* 0: not yet */
    int64_t updated_ms;
    int64_t synced_ms;  /* when somebody asked for a Sync last; 0: never */
    int64_t over_minor; /* of amount_minor: what the txn had no room for and does not hold */
    /* joined on reading, never written */
    const char *order_id, *txn_id;
};

/* One row; a unique_request_id that the order has already is RC_CONFLICT. */
MUSTCHECK enum rc refunds_insert(struct sql *q, const struct refund *r, struct err *e);
/* By row id, or by the order's row id and unique_request_id; texts in the arena; RC_NOT_FOUND when
 * there is none. */
MUSTCHECK enum rc refunds_get(struct sql *q, struct arena *a, int64_t id, struct refund *out,
                              struct err *e);
MUSTCHECK enum rc refunds_by_unique_request_id(struct sql *q, struct arena *a, int64_t order_row,
                                               const char *unique_request_id, struct refund *out,
                                               struct err *e);
/* By the gateway's own id, of an order or of a merchant; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc refunds_by_ref(struct sql *q, struct arena *a, int64_t order_row,
                                 const char *gateway_ref, struct refund *out, struct err *e);
MUSTCHECK enum rc refunds_of_merchant_by_ref(struct sql *q, struct arena *a, int64_t merchant,
                                             const char *gateway_ref, struct refund *out,
                                             struct err *e);
/* The gateway's id and the bank's reference, where none is stored yet; NULL: not told. */
MUSTCHECK enum rc refunds_learn(struct sql *q, int64_t id, const char *gateway_ref, const char *arn,
                                struct err *e);
/* Everything a move may change; RC_CONFLICT when the row is not in `from_state` any more. */
MUSTCHECK enum rc refunds_move(struct sql *q, const struct refund *r, const char *from_state,
                               struct err *e);
/* Somebody asked for a Sync. */
MUSTCHECK enum rc refunds_synced(struct sql *q, int64_t id, int64_t now_ms, struct err *e);
/* Newest first, at most `limit` (up to LIMIT_ORDER_REFUNDS). */
MUSTCHECK enum rc refunds_of_order(struct sql *q, struct arena *a, int64_t order_row, int limit,
                                   struct refund **out, int *count, struct err *e);
/* Of the order, FAILURE and auto refunds not counted. */
MUSTCHECK enum rc refunds_counted(struct sql *q, int64_t order_row, int64_t *count, struct err *e);
/* A refund of a txn, by its request id (NULL: there is none), and whose it is. */
struct refund_twin {
    const char *unique_request_id, *initiated_by;
};
/* Of this txn and amount, created since since_ms, not FAILURE. Those of one batch are left out; 0:
 * of none. */
MUSTCHECK enum rc refunds_twin(struct sql *q, struct arena *a, const struct txn *t,
                               int64_t amount_minor, int64_t since_ms, int64_t but_of_batch,
                               struct refund_twin *out, struct err *e);
/* The request id of one of this order, txn and amount that was sent, or perhaps sent, and whose id
 * at the gateway is not known; NULL: there is none. */
MUSTCHECK enum rc refunds_unnamed(struct sql *q, struct arena *a, int64_t order_row,
                                  int64_t txn_row, int64_t amount_minor,
                                  const char **unique_request_id, struct err *e);
/* PENDING and created before before_ms, at most `limit` row ids, oldest first. */
MUSTCHECK enum rc refunds_aged(struct sql *q, int64_t before_ms, int64_t *ids, int limit,
                               int *count, struct err *e);
/* Where a walk through the PENDING ones stands: all up to this one were seen. */
struct refunds_mark {
    int64_t created_ms, id;
};
/* The next PENDING ones behind *mark created before before_ms, at most `limit` row ids, oldest
 * first; *mark moves to the last of them. */
MUSTCHECK enum rc refunds_pending_after(struct sql *q, struct refunds_mark *mark, int64_t before_ms,
                                        int64_t *ids, int limit, int *count, struct err *e);
/* AWAITING_APPROVAL and created before before_ms, likewise. */
MUSTCHECK enum rc refunds_unapproved(struct sql *q, int64_t before_ms, int64_t *ids, int limit,
                                     int *count, struct err *e);
/* What auto refunds created after since_ms come to, without those that failed or wait for approval;
 * INT64_MAX where it is more than that. */
MUSTCHECK enum rc refunds_auto_since(struct sql *q, int64_t merchant, const char *currency,
                                     int64_t since_ms, int64_t *sum_minor, struct err *e);

/* One row of refund_select. */
void refunds_read(struct sql_cur *c, struct arena *a, struct refund *r);

#endif
