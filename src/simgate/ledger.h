/*
 * The simulator's ledger in SQLite: refunds unique by idempotency key, payments by txn, and how
 * often each key was called. A function that writes has committed when it returns RC_OK.
 */
#ifndef SIMGATE_LEDGER_H
#define SIMGATE_LEDGER_H

#include "core/arena.h"
#include "core/err.h"
#include "core/money.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql_db;

/* A refund or payout as it was written. It is pending until settles_ms, then it is what `succeeds`
 * says. */
struct ledger_refund {
    int64_t id;
    bool payout; /* to another account than the payment's */
    bool instant;
    const char *idempotency_key;
    const char *refund_id;
    const char *payment_id; /* "" for a payout that names none */
    const char *unique_request_id;
    const char *gateway;
    struct money amount;
    bool succeeds;
    const char *error_code, *error_message; /* NULL when it succeeds */
    const char *arn;
    const char *parts;        /* JSON array as it was sent, or NULL */
    const char *beneficiary;  /* of a payout: JSON, account numbers masked */
    const char *reference_id; /* of a payout: the merchant's account, or NULL */
    int64_t created_ms;
    int64_t settles_ms;
    int64_t calls, inquiries; /* of its key */
};

struct ledger_payment {
    const char *txn_id;
    const char *payment_id;
    struct money amount;
    bool succeeds;
    const char *resp_code, *resp_message, *rrn, *auth_id_code;
    int64_t created_ms;
    int64_t settles_ms;
};

struct ledger_calls {
    const char *idempotency_key;
    const char *unique_request_id; /* "" when only an inquiry named the key */
    const char *payment_id;
    int64_t refunds;
    int64_t inquiries;
};

/* Counts a call of wanted->idempotency_key; with `record` also keeps `wanted` unless the key is
 * there already. *kept is the ledger's row, the first one under that key. */
MUSTCHECK enum rc ledger_add_refund(struct sql_db *db, struct arena *a,
                                    const struct ledger_refund *wanted, bool record,
                                    struct ledger_refund *kept, struct err *e);

/* Counts an inquiry. RC_NOT_FOUND when there is no refund (no payout) under the key (it is
 * counted).
 */
MUSTCHECK enum rc ledger_inquire(struct sql_db *db, struct arena *a, const char *key, bool payout,
                                 struct ledger_refund *kept, struct err *e);
/* "REFUND" or "PAYOUT", as stored. */
const char *ledger_operation(bool payout);

/* What is known of a key without counting anything; RC_NOT_FOUND when it was never called. */
MUSTCHECK enum rc ledger_calls_of(struct sql_db *db, struct arena *a, const char *key,
                                  struct ledger_calls *out, struct err *e);

/* Keeps `wanted` unless its txn is there already; *kept is the ledger's row. */
MUSTCHECK enum rc ledger_add_payment(struct sql_db *db, struct arena *a,
                                     const struct ledger_payment *wanted,
                                     struct ledger_payment *kept, struct err *e);
MUSTCHECK enum rc ledger_payment_of(struct sql_db *db, struct arena *a, const char *txn_id,
                                    struct ledger_payment *out, struct err *e);

struct ledger_page {
    struct ledger_refund *refunds; /* oldest first, at most LIMIT_SIMGATE_PAGE */
    int n_refunds;
    struct ledger_calls *unrecorded; /* called, but without a refund; likewise, by key */
    int n_unrecorded;
    int64_t total; /* refunds in the whole ledger */
};

/* One snapshot: refunds with id > after, of one unique_request_id or (NULL) all. */
MUSTCHECK enum rc ledger_page(struct sql_db *db, struct arena *a, const char *unique_request_id,
                              int64_t after, struct ledger_page *out, struct err *e);

#endif
