/*
 * What the two halves of the simulator's adapter share: gw_simulator_calls.c asks, gw_simulator.c
 * reads the answers. Each makes the call of one operation of `struct gateway_ops`.
 */
#ifndef GATEWAY_GW_SIMULATOR_H
#define GATEWAY_GW_SIMULATOR_H

#include "gateway/gateway.h"

/* Back to the payment's own method, in the gateway's time or at once. CHECKs key and payment id. */
struct http_call gw_simulator_refund(struct arena *a, const struct gw_account *account,
                                     const struct gw_refund *refund);
struct http_call gw_simulator_instant(struct arena *a, const struct gw_account *account,
                                      const struct gw_refund *refund);
/* To another account. CHECKs key and payee, whose details must be JSON. */
struct http_call gw_simulator_payout(struct arena *a, const struct gw_account *account,
                                     const struct gw_refund *refund);
/* What became of a refund, or of a payout, under its key. */
struct http_call gw_simulator_inquire(struct arena *a, const struct gw_account *account,
                                      const struct gw_refund *refund);
struct http_call gw_simulator_payout_inquire(struct arena *a, const struct gw_account *account,
                                             const struct gw_refund *refund);
/* A payment of test mode. */
struct http_call gw_simulator_charge(struct arena *a, const struct gw_account *account,
                                     const struct gw_payment *payment);

#endif
