/*
 * Events as sentences, newest first.
 */
#ifndef PORTAL_TIMELINE_H
#define PORTAL_TIMELINE_H

#include "portal/rows.h"
#include "store/events.h"

/* Fills the list `events`. */
void timeline_fill(const struct rows_ctx *c, struct page_node *root, const struct event *events,
                   int count);

#endif
