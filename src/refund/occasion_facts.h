/*
 * What mails say of refunds, payments and batches, frozen at the moment that they tell. Members are
 * what templates/mail call them; their shapes are those of notify/mail_text.h.
 */
#ifndef REFUND_OCCASION_FACTS_H
#define REFUND_OCCASION_FACTS_H

#include "refund/occasion.h"
#include "store/batches.h"
#include "store/conflicts.h"
#include "store/gateways.h"
#include "store/refunds.h"
#include "store/txns.h"
#include "store/webhooks.h"

/* Facts that are no plain text, number or flag: money, a time, an address in the portal by its
 * segments up to a NULL. */
void occasion_put_money(struct arena *a, struct json_object *o, const char *key, int64_t minor,
                        const char *currency);
void occasion_put_time(struct arena *a, struct json_object *o, const char *key, int64_t wall_ms);
void occasion_put_path(struct arena *a, struct json_object *o, const char *key,
                       const char *const segments[]);
#define OCCASION_PATH(...) ((const char *const[]){__VA_ARGS__, NULL})
/* A text; nothing where it is NULL or "". */
void occasion_put_known(struct json_object *o, const char *key, const char *text);

/* Kinds of one refund (manual_review, auto_refund_done, auto_refund_failed, and approvals),
 * to its maker too as the kind's row says. state: machine_state_name of what it was until now.
 * Facts: refund_id, order_id, txn_id, amount, gateway, reason, by, created, attempts, sent, link;
 * where known: checked_by, ref, arn, error_code, error_message; stands: what the desk knows of a
 * refund in that state, absent once it ended. */
MUSTCHECK enum rc occasion_of_refund(struct sql *q, struct arena *a, enum occasion_kind kind,
                                     const struct refund *r, const char *state, int64_t now_ms,
                                     struct err *e);
/* OCCASION_DAY_7 of a PENDING refund, with the moment at which it goes to manual review: fact
 * review. */
MUSTCHECK enum rc occasion_of_old_refund(struct sql *q, struct arena *a, const struct refund *r,
                                         int64_t review_ms, int64_t now_ms, struct err *e);

/* A payment that is conflicted or charged beside another one: OCCASION_STATUS_CONFLICT, or
 * OCCASION_AUTO_REFUND_FAILED of one whose refund the desk's own rules refused. `also`: the
 * settings' addresses or NULL; `refund`: of state REFUNDED, else NULL. Facts: order_id, txn_id,
 * amount, gateway, kind, state, started, succeeded, link; where known: threshold, late,
 * kept_txn_id, said; and of the refund: refund_id, refunded, awaits_approval. */
MUSTCHECK enum rc occasion_of_conflict(struct sql *q, struct arena *a, enum occasion_kind kind,
                                       const char *order_id, const struct txn *t,
                                       const struct conflict *c, const struct refund *refund,
                                       const char *also, int64_t now_ms, struct err *e);

/* Of a batch as it is now. Facts: file, by, status, rows, accepted, failed, created, link, totals
 * (a list of `amount`: of the rows without a problem, each currency); where known: description,
 * checked_by, said. */
MUSTCHECK enum rc occasion_of_batch(struct sql *q, struct arena *a, enum occasion_kind kind,
                                    const struct batch *b, struct err *e);

/* Somebody paused a gateway. Facts: gateway, by, paused (when), link; said: why, where it is known.
 */
MUSTCHECK enum rc occasion_of_pause(struct sql *q, struct arena *a, const struct gateway_row *g,
                                    const char *by, const char *why, int64_t now_ms, struct err *e);

/* An endpoint of webhooks was disabled, as p->said says. Facts: url, said, disabled (when), link.
 */
MUSTCHECK enum rc occasion_of_endpoint(struct sql *q, struct arena *a, const struct endpoint *p,
                                       int64_t now_ms, struct err *e);

#endif
