/*
 * Orders and transactions coming in: the API's POST /orders and the test-mode charge now, webhooks
 * and imports through the same function later (DOMAIN: intake).
 */
#ifndef REFUND_INTAKE_H
#define REFUND_INTAKE_H

#include "core/app.h"
#include "core/money.h"
#include "refund/decision.h"
#include "store/actor.h"
#include "store/orders.h"

struct intake_fault {
    const char *field;
    const char *reason;
};
#define INTAKE_MAX_FAULTS 64
#define INTAKE_FACTS      25

/* A new order as a client asked for it; texts checked by intake. */
struct intake_order {
    const struct actor *actor;
    const char *order_id;
    const char *amount;   /* decimal text */
    const char *currency; /* NULL: the merchant's default */
    const char *customer_id, *customer_email, *customer_phone;
    const char *product_id, *description, *return_url;
    const char *udf[10];             /* udf1 … udf10; NULL: not told */
    const char *metadata;            /* JSON object text, or NULL */
    const char *split;               /* metadata.split_settlement_details as JSON text, or NULL */
    const char *facts[INTAKE_FACTS]; /* of refund/order_facts.h, in its order; NULL: not told */
    struct decision *decision;       /* done in the same transaction; NULL: nothing */
    /* What the caller found wrong: listed with the rest, and nothing is written. */
    const struct intake_fault *found;
    int n_found;
};

struct intake_answer {
    struct intake_fault faults[INTAKE_MAX_FAULTS]; /* all that is wrong, not the first only */
    int n_faults;
    bool created;  /* false: it was there with the same amount and currency */
    bool differs;  /* it is there with another amount or currency */
    bool charging; /* test mode: a charge was queued */
    struct order order;
};

/* One more of what is wrong, unless the field has a fault already or there is no room. */
void intake_fault_add(struct intake_answer *out, const char *field, const char *reason);

/* Judges the amount in the currency; a fault names "amount" or "currency". */
void intake_check_amount(const char *amount, const char *currency, int64_t *amount_minor,
                         struct intake_answer *out);

/* RC_OK with n_faults > 0 or `differs` is a refusal. Wakes the worker in test mode. */
MUSTCHECK enum rc intake_order_create(struct app *app, struct arena *a,
                                      const struct intake_order *in, struct intake_answer *out,
                                      struct err *e);

/* True when text can be an order id (1…255 printable ASCII without / \ ? # % and space; not . ..)
 */
bool intake_order_id_valid(const char *text);

/* A transaction's news, inside a write transaction: inserts it or moves it on, keeps the earliest
 * success, and sets the order's status and kept txn. RC_CONFLICT when amount or currency differ
 * from what is stored. *t is completed. */
MUSTCHECK enum rc intake_txn(struct sql *q, struct arena *a, struct order *o, struct txn *t,
                             int64_t now_ms, struct err *e);

#endif
