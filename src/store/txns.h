/*
 * The transactions of orders. A txn's amount is the ceiling of its refunds; held and refunded are
 * kept on the row, under a CHECK of the schema.
 */
#ifndef STORE_TXNS_H
#define STORE_TXNS_H

#include "sql/sql.h"

struct txn {
    int64_t id;
    int64_t merchant;
    int64_t order_row;
    const char *txn_id, *txn_uuid;
    const char *status;
    const char *told_status; /* as others tell it while our own auto refund has it AUTO_REFUNDED;
                                else NULL */
    int64_t amount_minor;    /* the ceiling of its refunds */
    int64_t net_minor, tax_minor, surcharge_minor; /* -1: not told */
    const char *currency;
    const char *gateway;
    int64_t gateway_id; /* 0: not told */
    const char *gateway_reference_id;
    const char *payment_method_type, *payment_method, *auth_type;
    const char *payment_id; /* epg_txn_id, the gateway's own payment id */
    bool is_conflicted;
    bool is_imported;       /* its success was first heard by an import, or of a refund */
    bool is_payers_word;    /* only its gateway told of it: the payer may have chosen its order */
    const char *facts;      /* JSON object: card, payment_gateway_response, bank_error_code/message,
                               redirect, express_checkout, error_code, error_message */
    int64_t created_ms;     /* initiation */
    int64_t charged_ms;     /* 0: never */
    int64_t held_minor;     /* refunds that are not FAILURE */
    int64_t refunded_minor; /* refunds that are SUCCESS */
};

/* As others tell it, whatever the desk made of it. */
const char *txns_told(const struct txn *t);

/* One row (told_status is none yet); a txn id that the merchant has already is RC_CONFLICT. */
MUSTCHECK enum rc txns_add(struct sql *q, const struct txn *t, struct err *e);
/* Also shows it on its order's row, where the order has no kept txn or this is it. */
MUSTCHECK enum rc txns_insert(struct sql *q, const struct txn *t, struct err *e);
/* The order's row shows what this txn was paid with, for lists; unless another one is kept. */
MUSTCHECK enum rc txns_show(struct sql *q, const struct txn *t, struct err *e);
/* By row id, by the merchant and txn id or the gateway's payment id, or the one that speaks for
 * an order of which nothing is charged (an auto refund, else what was begun last); texts in the
 * arena; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc txns_get(struct sql *q, struct arena *a, int64_t id, struct txn *out,
                           struct err *e);
MUSTCHECK enum rc txns_by_txn_id(struct sql *q, struct arena *a, int64_t merchant,
                                 const char *txn_id, struct txn *out, struct err *e);
MUSTCHECK enum rc txns_by_payment(struct sql *q, struct arena *a, int64_t merchant,
                                  const char *payment_id, struct txn *out, struct err *e);
MUSTCHECK enum rc txns_last_of_order(struct sql *q, struct arena *a, int64_t order_row,
                                     struct txn *out, struct err *e);
/* Oldest first, at most LIMIT_ORDER_TXNS; the array lives in the arena. */
MUSTCHECK enum rc txns_of_order(struct sql *q, struct arena *a, int64_t order_row, struct txn **out,
                                int *count, struct err *e);
/* Everything but order, amount, currency and what its refunds hold. */
MUSTCHECK enum rc txns_update(struct sql *q, const struct txn *t, struct err *e);
/* Adds to held and refunded; RC_CONFLICT where the schema says no. */
MUSTCHECK enum rc txns_hold(struct sql *q, int64_t id, int64_t held_delta_minor,
                            int64_t refunded_delta_minor, struct err *e);

#endif
