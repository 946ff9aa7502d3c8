/*
 * The gateways of a merchant and what each can do.
 */
#ifndef STORE_GATEWAYS_H
#define STORE_GATEWAYS_H

#include "sql/sql.h"

struct gateway_row {
    int64_t id;
    int64_t merchant;
    const char *name;    /* "RAZORPAY" */
    int64_t gateway_id;  /* the vendor's number, 23 */
    const char *adapter; /* NULL: the desk has none */
    bool can_refund, can_instant, can_payout;
    const char *reference_id; /* of the account at a payout gateway ("bus"); NULL: none */
    const void *credentials;  /* sealed; NULL: none */
    size_t credentials_n;
    const char *base_url; /* NULL: the adapter's own */
    bool paused;
    const void *hook_secret; /* what its webhooks are signed with, sealed to the desk's key; NULL */
    size_t hook_secret_n;
};

/* All of a merchant. */
struct gateway_set {
    struct gateway_row *rows; /* by name */
    int count;
};

/* One row; a name that the merchant has already is RC_CONFLICT. */
MUSTCHECK enum rc gateways_insert(struct sql *q, const struct gateway_row *g, struct err *e);
/* Into *out, texts in the arena; RC_NOT_FOUND when there is none. */
MUSTCHECK enum rc gateways_by_name(struct sql *q, struct arena *a, int64_t merchant,
                                   const char *name, struct gateway_row *out, struct err *e);
/* The first that can refund, by name: plays test-mode payments. */
MUSTCHECK enum rc gateways_first(struct sql *q, struct arena *a, int64_t merchant,
                                 struct gateway_row *out, struct err *e);
/* The first that can pay out, by name. */
MUSTCHECK enum rc gateways_payout(struct sql *q, struct arena *a, int64_t merchant,
                                  struct gateway_row *out, struct err *e);
/* The one with that name; NULL when there is none. */
const struct gateway_row *gateways_find(const struct gateway_set *set, const char *name);
/* Those of all merchants with a hook secret, oldest first, at most LIMIT_HOOK_SECRETS; the array
 * lives in the arena. */
MUSTCHECK enum rc gateways_with_hooks(struct sql *q, struct arena *a, struct gateway_row **out,
                                      int *count, struct err *e);
/* All, by name, at most LIMIT_GATEWAYS; the array lives in the arena. */
MUSTCHECK enum rc gateways_list(struct sql *q, struct arena *a, int64_t merchant,
                                struct gateway_row **out, int *count, struct err *e);
/* sealed: to the worker's public key (core/secret.h); NULL takes them away. */
MUSTCHECK enum rc gateways_set_credentials(struct sql *q, int64_t id, const void *sealed, size_t n,
                                           struct err *e);
/* sealed: to the desk's own key, which portal and API open; NULL takes it away. */
MUSTCHECK enum rc gateways_set_hook_secret(struct sql *q, int64_t id, const void *sealed, size_t n,
                                           struct err *e);
/* A paused one gets no refunds; those that were sent are still inquired about. */
MUSTCHECK enum rc gateways_set_paused(struct sql *q, int64_t id, bool paused, struct err *e);

#endif
