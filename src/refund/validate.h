/*
 * The validation core: whether a refund may be created (DOMAIN: the validation core). Facts are
 * gathered from the store inside the transaction, then one table of pure checks decides, in order.
 */
#ifndef REFUND_VALIDATE_H
#define REFUND_VALIDATE_H

#include "refund/create.h"
#include "store/gateways.h"

/* A request with everything parsed that needs no store: done before the transaction. */
struct refund_ask {
    const struct refund_request *req;
    enum cause early;   /* cause 1…3 found in the request alone, or CAUSE_NONE */
    const char *detail; /* names the field */
    const char *order_key;
    struct decimal amount;
    const char *refund_type; /* as stored */
    bool type_possible;      /* false: no gateway of the desk does this type */
    const char *reason;
};

/* What the store knows; pointers are NULL (flags false) where it knows nothing. */
struct refund_facts {
    const struct refund_ask *ask;
    int64_t now_ms;
    struct merchant merchant;
    struct currency_settings currency;
    bool has_order, has_txn, has_existing, has_gateway;
    struct order order;
    struct txn txn; /* the one to refund: named, or the kept one, or the last for its status */
    struct refund existing; /* the refund that already has the unique_request_id */
    struct gateway_row gateway;
    bool twin;
    int64_t counted;
    enum money_fault amount_fault;
    int64_t refundable_minor;
    int64_t amount_minor; /* the asked one, or all that is left */
};

/* Parses the request; the result lives in the arena. */
struct refund_ask *validate_ask(struct arena *a, const struct refund_request *req);

/* Reads what the checks need, inside q's transaction or snapshot. */
MUSTCHECK enum rc validate_gather(struct sql *q, struct arena *a, const struct refund_ask *ask,
                                  int64_t now_ms, struct refund_facts *out, struct err *e);

/* The first cause against it, in the order of the causes. Pure. */
enum cause validate_judge(const struct refund_facts *f);

#endif
