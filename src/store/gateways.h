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
    bool can_refund, can_instant;
    const void *credentials; /* sealed; NULL: none */
    size_t credentials_n;
    const char *base_url; /* NULL: the adapter's own */
    bool paused;
};

MUSTCHECK enum rc gateways_insert(struct sql *q, const struct gateway_row *g, struct err *e);
MUSTCHECK enum rc gateways_by_name(struct sql *q, struct arena *a, int64_t merchant,
                                   const char *name, struct gateway_row *out, struct err *e);
/* The first that can refund, by name: plays test-mode payments. */
MUSTCHECK enum rc gateways_first(struct sql *q, struct arena *a, int64_t merchant,
                                 struct gateway_row *out, struct err *e);

#endif
