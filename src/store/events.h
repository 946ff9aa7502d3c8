/*
 * What happened, in order: the timeline, and what webhooks will say; and the contradictions with a
 * gateway that a person must settle (exceptions). Rows of events are never changed.
 */
#ifndef STORE_EVENTS_H
#define STORE_EVENTS_H

#include "sql/sql.h"

struct event {
    int64_t id;
    int64_t merchant, order_row;
    int64_t refund_row; /* 0: of the order */
    const char *name;   /* REFUND_INITIATED, ORDER_REFUNDED, …, or ours: refund.sending … */
    const char *actor;
    int64_t at_ms;
    const char *frozen; /* JSON object: what a later reader must know of this moment */
};
MUSTCHECK enum rc events_add(struct sql *q, const struct event *ev, struct err *e);
/* Whether the order has one of that name. */
MUSTCHECK enum rc events_told(struct sql *q, int64_t order_row, const char *name, bool *told,
                              struct err *e);
/* Newest first, at most LIMIT_EVENTS_SHOWN. refund_row 0: all of the order. */
MUSTCHECK enum rc events_of(struct sql *q, struct arena *a, int64_t order_row, int64_t refund_row,
                            struct event **out, int *count, struct err *e);

/* Opened once for each (refund, kind); *opened false when it was there. */
MUSTCHECK enum rc exceptions_open(struct sql *q, int64_t merchant, int64_t refund_row,
                                  const char *kind, const char *detail, int64_t held_minor,
                                  int64_t now_ms, bool *opened, struct err *e);

struct exception {
    int64_t refund_row;
    const char *unique_request_id, *currency; /* of the refund */
    const char *kind;                         /* "done_after_FAILURE": what was heard, and when */
    const char *detail;
    int64_t held_minor, opened_ms;
};
/* The open ones of an order's refunds, newest first, at most LIMIT_EXCEPTIONS_SHOWN. */
MUSTCHECK enum rc exceptions_of_order(struct sql *q, struct arena *a, int64_t order_row,
                                      struct exception **out, int *count, struct err *e);

#endif
