/*
 * Events as sentences, newest first.
 */
#ifndef PORTAL_TIMELINE_H
#define PORTAL_TIMELINE_H

#include "portal/rows.h"
#include "refund/order_body.h"
#include "store/events.h"
#include "store/webhooks.h"

/* The same events with what became of their webhooks among them, newest first: of each delivery its
 * last answer or when it is tried next, and the host it goes to, never the whole address. */
void timeline_add_notified(const struct rows_ctx *c, struct event **events, int *count,
                           const struct notified *notified, int n);

/* Fills the list `events`. An event whose name is none is a sentence already. */
void timeline_fill(const struct rows_ctx *c, struct page_node *root, const struct event *events,
                   int count);
/* The same of a whole order: its rows tell how it began and was charged. */
void timeline_fill_order(const struct rows_ctx *c, struct page_node *root,
                         const struct order_view *v, const struct event *events, int count);

#endif
