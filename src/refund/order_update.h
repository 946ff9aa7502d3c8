/*
 * POST /orders/{order_id}: what a client may change of an order it made (DOMAIN: HTTP API): the
 * amount while the order is NEW (not of a split order: its parts add up to it), addresses, udf.
 * Nothing else is touched.
 */
#ifndef REFUND_ORDER_UPDATE_H
#define REFUND_ORDER_UPDATE_H

#include "refund/intake.h"

/* Of `in` counts what is told of: amount, udf, facts that are addresses. out->order is the
 * order afterwards; out->n_faults > 0 is a refusal and nothing is written. An audit row says what
 * was and what is. RC_NOT_FOUND: no such order. RC_CONFLICT: others kept changing it. */
MUSTCHECK enum rc order_update(struct app *app, struct arena *a, const struct intake_order *in,
                               struct intake_answer *out, struct err *e);

#endif
