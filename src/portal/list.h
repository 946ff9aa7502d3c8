/*
 * What every list page has: tabs, filters as chips in the address, presets of days, sorting, keyset
 * paging, page size, totals in a second request, export. A page describes its list by a
 * `struct list_kind`; all addresses are built here.
 *
 *   tab=charged · period=7d|… or from=2026-11-01&to=2026-11-08 · currency=INR · least=500 ·
 *   most=1000 · each filter of the kind · sort=amount · order=asc · rows=50 ·
 *   after=KEY or before=KEY
 */
#ifndef PORTAL_LIST_H
#define PORTAL_LIST_H

#include "store/listing.h"
#include "view/format.h"
#include "web/request.h"

enum list_filter_kind { FILTER_TEXT, FILTER_CHOICE, FILTER_FLAG };

struct list_choice {
    const char *value, *label;
};

struct list_filter {
    const char *param; /* in the address */
    const char *label;
    enum list_filter_kind kind;
    const struct list_choice *choices; /* FILTER_CHOICE: ends with a NULL value */
    const char *hint;                  /* FILTER_TEXT: what may be written */
};

struct list_kind {
    const char *path;               /* "/orders" */
    const struct list_choice *tabs; /* the first is All, value ""; ends with a NULL value */
    const struct list_filter *filters;
    int n_filters;
};

#define LIST_MAX_FILTERS 8

/* What an address asks for. */
struct list_view {
    const struct list_kind *kind;
    struct req *req;
    struct format format;
    struct list_page page;
    int tab;                              /* index in kind->tabs */
    const char *values[LIST_MAX_FILTERS]; /* of kind->filters; NULL: not set; flags: "1" */
    const char *period, *from, *to;       /* as written, NULL: not set */
    const char *currency, *least, *most;
    int64_t from_ms, before_ms;      /* 0: open */
    int64_t least_minor, most_minor; /* 0: open */
    bool filtered;                   /* any filter is set (tabs are not filters) */
};

/* RC_INVALID names what cannot be read and how to mend it. default_currency: for amounts without
 * one. */
MUSTCHECK enum rc list_read(struct req *r, const struct list_kind *kind, const struct format *f,
                            const char *default_currency, struct list_view *out, struct err *e);

/* The value of a filter by its name in the address; NULL when not set. */
const char *list_value(const struct list_view *v, const char *param);

/* Tabs, chips, the filter form, sort links, page sizes, addresses of totals and export. */
void list_fill(const struct list_view *v, struct page_node *root);

/* Where the page lies: keys of the first and last row shown (nothing when count is 0). */
struct list_edge {
    int64_t value, id;
};
void list_fill_pager(const struct list_view *v, struct page_node *root, int count,
                     struct list_edge first, struct list_edge last, bool more);

/* For an empty page beyond the list's end (rows have left the filter since): says so, with the way
 * to the first page. False: it is the first page, and the list itself is empty. */
bool list_fill_beyond(const struct list_view *v, struct page_node *empty);

/* The page of totals: counts for each tab, and rows and sums of the whole filter with its tab.
 * noun: "orders". tab of a total is the index in kind->tabs. */
void list_fill_totals(const struct list_view *v, struct page_node *root, const char *noun,
                      const struct list_total *totals, int n);

/* Where a list's totals and its export lie: before the path, so that no order id is in the way. */
#define LIST_TOTALS "/totals"
#define LIST_EXPORT "/export"

/* This list's address with one parameter changed (NULL: left out); paging starts anew. prefix: ""
 * the page, LIST_TOTALS, LIST_EXPORT (before the path, so that no order id is in the way). */
char *list_href(const struct list_view *v, const char *prefix, const char *param,
                const char *value);

/* "orders_tab-charged_period-7d_2026-11-21T0851Z.csv": what was filtered, and when. */
char *list_file_name(const struct list_view *v, const char *noun);

#endif
