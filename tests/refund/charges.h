/*
 * Payment events of one order, "ORD", as the vendor's payment system tells them, and what the desk
 * makes of them: for tests of auto refund. Times are seconds since CHARGES_T0_MS, an hour and a
 * half before now.
 */
#ifndef REFUND_CHARGES_H
#define REFUND_CHARGES_H

#include "refund/order_news.h"
#include "store/conflicts.h"
#include "store/refunds.h"

#define CHARGES_T0_MS (INT64_C(1800000000000) - 5400000)
#define NOT_TOLD      (-1)

struct charge {
    int txn;              /* 1: "ORD-1"; 0: no more events */
    const char *status;   /* "CHARGED" */
    int created_s;        /* initiation; NOT_TOLD */
    int success_s;        /* the gateway's own time; NOT_TOLD or for what is no success */
    int at_s;             /* date_created of the event */
    const char *gateway;  /* NULL: RAZORPAY */
    const char *refunded; /* a refund of that much made elsewhere, NULL: none */
    const char *paid;     /* NULL: 1, what the order is of */
    const char *event;    /* NULL: one about the transaction */
};
#define HEARD_WITH(n, now, created, success, at, ...) \
    ((struct charge){.txn = (n),                      \
                     .status = (now),                 \
                     .created_s = (created),          \
                     .success_s = (success),          \
                     .at_s = (at),                    \
                     __VA_ARGS__})
#define HEARD(n, now, created, success, at) \
    HEARD_WITH(n, now, created, success, at, .gateway = NULL)
struct json_object *charge_told(const struct charge *c);
/* Told and taken in. */
void charges_tell(struct charge c);

/* All on, 10 minutes, since two hours before CHARGES_T0_MS. */
struct conflict_settings charges_on(void);
void charges_set(struct conflict_settings s);

/* "AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED(CHARGED) conflicted CONFLICTED:REFUNDED
 * [100 DELAYED_SUCCESS HELD]": the order, then each transaction as it stands, how others tell it
 * where that differs, its conflict and its refunds that live. `all`: what was taken back, too. */
const char *charges_state(struct sql *q, struct arena *a, bool all);
const char *charges_now(void);
/* It is that. */
void charges_are(const char *state);

/* The order's newest auto refund; there is one. */
struct refund charges_refund(void);
/* How many events of that name the order has. */
int charges_told(const char *event_name);

/* States of a transaction. */
#define LATE_1                                                                      \
    "1 AUTO_REFUNDED(CHARGED) conflicted CONFLICTED:REFUNDED [100 DELAYED_SUCCESS " \
    "HELD]"
#define MULTIPLE(n, kept)                                                                        \
    n " AUTO_REFUNDED(CHARGED) MULTIPLE_CHARGED:REFUNDED(kept " kept ") [100 DUPLICATE_PAYMENT " \
      "HELD]"

#endif
