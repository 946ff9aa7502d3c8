/*
 * Events as sentences, newest first.
 */
#ifndef PORTAL_TIMELINE_H
#define PORTAL_TIMELINE_H

#include "portal/rows.h"
#include "refund/order_body.h"
#include "store/events.h"

/* Fills the list `events`. */
void timeline_fill(const struct rows_ctx *c, struct page_node *root, const struct event *events,
                   int count);
/* The same of a whole order: its rows tell how it began and was charged. */
void timeline_fill_order(const struct rows_ctx *c, struct page_node *root,
                         const struct order_view *v, const struct event *events, int count);

#endif
