/*
 * How money goes back, by the refund's type: which operation of the gateway sends it and which asks
 * about it (vendor's Payout Refund API, refund_type).
 */
#ifndef WORKER_OPERATION_H
#define WORKER_OPERATION_H

#include "gateway/gateway.h"
#include "store/gateways.h"

typedef struct http_call operation_fn(struct arena *, const struct gw_account *,
                                      const struct gw_refund *);

/* What sends a refund of this type; NULL when the adapter, or the merchant's account at the
 * gateway, cannot do it: then nothing may be sent. */
operation_fn *operation_send(const struct gateway_ops *ops, const struct gateway_row *g,
                             const char *refund_type);

/* What asks about a refund of this type that may have been sent; NULL when the adapter cannot. */
operation_fn *operation_inquire(const struct gateway_ops *ops, const char *refund_type);

/* Whether money goes to another account than the payment's. */
bool operation_pays_out(const char *refund_type);

#endif
