/*
 * A desk with orders to refund: the fixture of the refund and worker rooms' tests. The clock stands
 * still at SHOP_NOW_MS until a test moves it.
 */
#ifndef REFUND_SHOP_H
#define REFUND_SHOP_H

#include "refund/create.h"
#include "refund/machine.h"
#include "store/gateways.h"
#include "store/jobs.h"
#include "tests/store/desk.h"

#define SHOP_NOW_MS INT64_C(1800000000000)

extern struct app shop;
extern struct actor shop_actor;
extern struct seal_secret shop_secret; /* opens what is sealed to shop.worker_key */

/* A checked fixture: desk_open() and gateways RAZORPAY (simulator), STRIPE, LEGACY (no adapter). */
void shop_open(void);
void shop_close(void);

/* What a test changes of the ordinary order: CHARGED, 1000.00 INR, RAZORPAY, pay_<order_id>. */
struct shop_order {
    const char *order_id;
    const char *status; /* of order and txn */
    const char *currency;
    int64_t amount_minor;
    const char *gateway;
    const char *method;
    bool no_payment_id, no_txn, is_cod, is_split_payment;
    int64_t age_days;
};
/* Returns the order's row; its txn is "<order_id>-1". */
int64_t shop_add(struct shop_order o);
/* Another txn of the same order, "<order_id>-<n>". */
void shop_add_txn(int64_t order, const char *txn_id, const char *status, int64_t amount_minor);

/* Another gateway of the merchant, played by the simulator: name and what it can do. */
void shop_gateway(struct gateway_row g);
/* Makes the order split settled. */
void shop_split(int64_t order, const struct party *parties, int n);

struct order shop_order_row(int64_t id);
struct txn shop_txn(const char *txn_id);
struct refund shop_refund(int64_t id);
struct refund_view shop_view(int64_t refund);  /* with its payee and parts */
const char *shop_frozen(struct refund refund); /* what its latest event keeps */
int shop_jobs(const char *kind);               /* how many jobs of this kind there are */
/* Claims what is due in all lanes; for a function inside a transaction. */
enum rc shop_claim(struct sql *q, int64_t now_ms, int64_t lease_ms, struct job **out, int *n,
                   struct err *e);

/* refund_create with these words; amount NULL is absent. CHECKs RC_OK. */
struct refund_answer shop_ask(const char *order_id, const char *unique_request_id,
                              const char *amount);
struct refund_answer shop_ask_full(struct refund_request req);

/* refund_apply in a transaction of its own. */
struct machine_step shop_apply(int64_t refund, enum refund_event event);
#endif
