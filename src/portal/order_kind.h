/*
 * The list of orders as a list_kind, shared by its page, its totals and its export.
 */
#ifndef PORTAL_ORDER_KIND_H
#define PORTAL_ORDER_KIND_H

#include "portal/list.h"
#include "store/merchants.h"
#include "store/order_list.h"

extern const struct list_kind order_kind;

/* What the store is asked for a view of this list. */
struct order_filter order_kind_filter(const struct list_view *v, const struct merchant *m);

#endif
