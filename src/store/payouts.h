/*
 * Where payouts go: beneficiaries that merchants keep, and the account of each PAYOUT refund as it
 * was when it was asked for. What identifies an account is sealed to the worker's key
 * (core/secret.h); only `masked` can be shown.
 */
#ifndef STORE_PAYOUTS_H
#define STORE_PAYOUTS_H

#include "sql/sql.h"

struct payee {
    const char *beneficiary_id; /* "bene_" + 24 hex; NULL: told with the refund, not kept */
    const char *type;           /* BANK_TRANSFER, ACCOUNT_IFSC, UPI_ID */
    const char *name;           /* of the holder */
    const char *masked;         /* "•••• 7581" */
    const void *sealed;         /* JSON object: DOMAIN's `details` of that type */
    size_t sealed_n;
    const char *transfer_type; /* LOCAL, INTERNATIONAL, or NULL */
    const char *payout_mode;   /* FAST, IBAN, or NULL */
    const char *reference_id;  /* of a refund's payee: the account at the payout gateway, or NULL */
    int64_t created_ms;        /* of a kept one */
};

/* One row, with its own beneficiary_id. */
MUSTCHECK enum rc beneficiaries_insert(struct sql *q, int64_t merchant, const struct payee *p,
                                       struct err *e);
/* Texts in the arena; RC_NOT_FOUND when the merchant has none with this id. */
MUSTCHECK enum rc beneficiaries_get(struct sql *q, struct arena *a, int64_t merchant,
                                    const char *beneficiary_id, struct payee *out, struct err *e);
/* Newest first, at most `limit`, older than the row id `before` (0: from the newest). *next: what
 * `before` is for the rest, 0 when there is none. */
MUSTCHECK enum rc beneficiaries_list(struct sql *q, struct arena *a, int64_t merchant,
                                     int64_t before, int limit, struct payee **out, int *count,
                                     int64_t *next, struct err *e);

/* The payee of a refund; the row is never changed. */
MUSTCHECK enum rc payouts_insert(struct sql *q, int64_t refund_row, const struct payee *p,
                                 struct err *e);
/* RC_NOT_FOUND when the refund is no payout. */
MUSTCHECK enum rc payouts_get(struct sql *q, struct arena *a, int64_t refund_row, struct payee *out,
                              struct err *e);

struct payout_shown {
    int64_t refund_row;
    const char *type, *masked;
    const char *reference_id; /* or NULL */
};
/* What can be shown of the payees of an order's refunds, by refund row; the array lives in the
 * arena. */
MUSTCHECK enum rc payouts_of_order(struct sql *q, struct arena *a, int64_t order_row,
                                   struct payout_shown **out, int *count, struct err *e);

#endif
