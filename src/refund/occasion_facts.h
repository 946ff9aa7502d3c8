/*
 * What mails say of refunds and batches, frozen at the moment that they tell (templates/mail).
 * Amounts are text with their currency, times are ms in members that end in _ms, `path` is the
 * portal's.
 */
#ifndef REFUND_OCCASION_FACTS_H
#define REFUND_OCCASION_FACTS_H

#include "refund/occasion.h"
#include "store/batches.h"
#include "store/refunds.h"

/* refund, order, txn, amount, gateway, reason, by, created_ms, attempts, sent, path; where they are
 * known: ref, arn, error_code, error_message; stands: what the desk knows of a refund in that state
 * (machine_state_name), absent once it ended. */
struct json_object *occasion_refund_facts(struct arena *a, const struct refund *r,
                                          const char *state);

/* To those who chose it and to the refund's maker as the kind's row says; kinds of one refund. */
MUSTCHECK enum rc occasion_of_refund(struct sql *q, struct arena *a, enum occasion_kind kind,
                                     const struct refund *r, const char *state, int64_t now_ms,
                                     struct err *e);
/* Of a batch as it is now: file, description, by, checked_by, status, said, rows, accepted, failed,
 * total (of the rows without a problem, each currency), created_ms, path. */
MUSTCHECK enum rc occasion_of_batch(struct sql *q, struct arena *a, enum occasion_kind kind,
                                    const struct batch *b, struct err *e);

#endif
