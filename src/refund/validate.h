/*
 * The validation core: whether a refund may be created (DOMAIN: the validation core). Facts are
 * gathered from the store inside the transaction, then one table of pure checks decides, in order.
 */
#ifndef REFUND_VALIDATE_H
#define REFUND_VALIDATE_H

#include "refund/create.h"
#include "store/gateways.h"

/* What is wrong with a split or a beneficiary (cause 20); text NULL: nothing. */
struct terms_fault {
    const char *field, *text;
    bool missing; /* nothing was sent there */
};

/* A request with everything parsed that needs no store: done before the transaction. */
struct refund_ask {
    const struct refund_request *req;
    enum cause early;   /* cause 1…3 found in the request alone, or CAUSE_NONE */
    const char *detail; /* names the field */
    const char *order_key;
    struct decimal amount;
    const char *refund_type; /* as asked */
    const char *reason;
    const struct payee *payee; /* PAYOUT with its own account: checked and sealed; else NULL */
    struct terms_fault payee_fault;
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
    const char *refund_type;  /* as stored */
    struct gateway_row payer; /* of a PAYOUT: the gateway that pays out */
    struct payee payee;       /* of a PAYOUT */
    struct party *parts;      /* what each party of a split settled order gives back */
    int n_parts;
    struct terms_fault terms;
    struct refund_twin twin; /* too soon after it */
    int64_t counted;
    enum money_fault amount_fault;
    int64_t refundable_minor;
    int64_t amount_minor; /* the asked one, or all that is left */
};

/* Parses the request, and seals the account of a PAYOUT to the worker's key; the result lives in
 * the arena. */
struct refund_ask *validate_ask(struct arena *a, const struct refund_request *req,
                                const struct seal_public *worker_key);

/* Reads what the checks need, inside q's transaction or snapshot. */
MUSTCHECK enum rc validate_gather(struct sql *q, struct arena *a, const struct refund_ask *ask,
                                  int64_t now_ms, struct refund_facts *out, struct err *e);

/* The part of it that few refunds need (terms.c): who gives back how much of a split settled order,
 * and where a PAYOUT goes and by whom. Facts about order, txn and amount are there already. */
MUSTCHECK enum rc validate_terms(struct sql *q, struct arena *a, struct refund_facts *f,
                                 struct err *e);

/* Whether a gateway has what a call needs: an adapter, and credentials unless in test mode. */
bool validate_can_call(const struct merchant *m, const struct gateway_row *g);

/* The first cause against it, in the order of the causes. Pure. */
enum cause validate_judge(const struct refund_facts *f);

#endif
