/*
 * The list of refunds as a list_kind, shared by its page, its totals and its export.
 */
#ifndef PORTAL_REFUND_KIND_H
#define PORTAL_REFUND_KIND_H

#include "portal/list.h"
#include "store/refund_list.h"

extern const struct list_kind refund_kind;

/* What the store is asked for a view of this list. */
struct refund_filter refund_kind_filter(const struct list_view *v, int64_t merchant);

#endif
