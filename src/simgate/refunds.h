/*
 * What refunds and payouts share: both are rows of one ledger, under keys of one kind, with the
 * same faults.
 */
#ifndef SIMGATE_REFUNDS_H
#define SIMGATE_REFUNDS_H

#include "simgate/ledger.h"
#include "simgate/routes.h"

/* Key, amount, request id, gateway and parts of a POST into *r; *body is the parsed body. NULL when
 * all is well, else what is wrong. */
const char *refunds_read(const struct question *q, struct json_object **body,
                         struct ledger_refund *r);

/* Writes what was read, unless a fault forbids it or the key is there already, and answers. */
struct answer refunds_carry_out(struct service *s, const struct question *q,
                                enum fault_operation operation, struct ledger_refund *wanted);

/* What became of a refund, or of a payout, under its key. */
struct answer refunds_ask(struct service *s, const struct question *q, const char *key,
                          bool payout);

/* Adds what only some have: instant, parts, beneficiary, reference_id. */
void refunds_put_more(struct arena *a, struct json_object *row, const struct ledger_refund *r);

#endif
