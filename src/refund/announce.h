/*
 * What the outside must hear of a change: an event row for the timeline and, where an endpoint
 * wants events of that name, the webhook's bytes and its deliveries; all in the transaction of the
 * change (DOMAIN: webhooks out). A webhook shows the order as it is at that moment, so it is
 * announced after the last write of the change.
 */
#ifndef REFUND_ANNOUNCE_H
#define REFUND_ANNOUNCE_H

#include "store/events.h"

/* The events that endpoints may ask for. */
struct announce_name {
    const char *name;  /* "ORDER_REFUNDED" */
    const char *means; /* for people: "A refund succeeded, a partial one too" */
    bool is_default;   /* chosen for a new endpoint: all that the vendor's pages name */
};
const struct announce_name *announce_names(int *count);
bool announce_is_public(const char *name);

/* The bytes of a webhook; is_test adds "test": true. */
struct order_view;
const char *announce_body(struct arena *a, const char *event_id, const char *name, int64_t at_ms,
                          const struct order_view *v, bool is_test);

/* Both at once, for changes of one step. now_ms is when the webhook is made; ev->at_ms, when it
 * happened, may lie before. */
MUSTCHECK enum rc announce(struct sql *q, const struct event *ev, int64_t now_ms, struct err *e);

/* The same in two steps, where the event row is written before the change is done: events gather,
 * then all of them are told as the order is then. */
struct announce_later {
    struct event *events; /* in the arena; their ids are those of the rows */
    int n, room;
};
MUSTCHECK enum rc announce_note(struct sql *q, struct arena *a, struct announce_later *later,
                                const struct event *ev, struct err *e);
/* Once: what was told is forgotten. */
MUSTCHECK enum rc announce_all(struct sql *q, struct announce_later *later, int64_t now_ms,
                               struct err *e);

#endif
