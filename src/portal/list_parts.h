/*
 * What the list's own files share: reading (list_read.c), addresses (list_address.c), filling
 * (list_fill.c).
 */
#ifndef PORTAL_LIST_PARTS_H
#define PORTAL_LIST_PARTS_H

#include "portal/list.h"

#define LIST_MAX_PARAMS (10 + LIST_MAX_FILTERS)

/* The presets of days; the first is "any time", value "". */
extern const struct list_choice list_periods[];

/* The list's address with several parameters changed: value is the name, label the new value (NULL:
 * left out). */
char *list_address(const struct list_view *v, const char *prefix, const struct list_choice *changes,
                   int n_changes);

#endif
