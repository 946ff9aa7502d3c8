/*
 * Orders, transactions and refunds as others tell of them: the vendor's order object (the body of
 * GET /orders/{id}), alone or in the envelope of its webhooks, and what gateways' own webhooks say.
 * All upsert through order_news_apply(); the end state does not depend on the order of arrival
 * (DOMAIN: intake).
 */
#ifndef REFUND_ORDER_NEWS_H
#define REFUND_ORDER_NEWS_H

#include "core/app.h"
#include "refund/intake.h"
#include "store/actor.h"

struct json_object;

/* Everything that is told of one order, parsed and checked before any transaction. Opaque: made by
 * the readers below, in the arena. */
struct order_news;

/* An order object, or an envelope {id, event_name, date_created, content: {order}}. What is wrong
 * is in faults[] (n_faults > 0: *out is unusable). Card numbers are masked here. */
MUSTCHECK enum rc order_news_read(struct arena *a, struct json_object *told,
                                  struct order_news **out, struct intake_fault *faults,
                                  int *n_faults, struct err *e);

/* The same of what a gateway's own webhook says, put into the vendor's shape: order_id, amount and
 * currency may be missing where a payment id (or `other_payment_id`, the same payment's second
 * name) or a refund's ref says which order it is about. at_ms: the event's own time. */
MUSTCHECK enum rc order_news_read_gateway(struct arena *a, struct json_object *told, int64_t at_ms,
                                          struct order_news **out, struct intake_fault *faults,
                                          int *n_faults, struct err *e);

/* When it was received, where that is not when it is applied. */
void order_news_heard(struct order_news *n, int64_t heard_ms);

enum order_news_end {
    NEWS_APPLIED,
    NEWS_KNOWN,   /* says nothing new */
    NEWS_IGNORED, /* is about nothing that the desk keeps */
    NEWS_REFUSED, /* contradicts what is stored: nothing is written; *why says what */
    NEWS_EARLY    /* is about a payment that is not known yet: nothing is written; later perhaps */
};

/* Inside a write transaction. RC_BUSY: a refund in it may be one of ours that the gateway has not
 * answered yet; the same news later tell. `imported`: history, never a reason for an auto refund.
 */
MUSTCHECK enum rc order_news_apply(struct sql *q, struct arena *a, const struct actor *actor,
                                   const struct order_news *n, bool imported, int64_t now_ms,
                                   enum order_news_end *end, const char **why, struct err *e);

#endif
