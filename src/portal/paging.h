/*
 * Keyset paging in the address: ?older=<key> or ?newer=<key>, the key of a row at the edge.
 */
#ifndef PORTAL_PAGING_H
#define PORTAL_PAGING_H

#include "store/listing.h"
#include "web/request.h"

/* The place of a row in a list by the time it was created. */
struct page_key {
    int64_t at_ms;
    int64_t id;
};

/* RC_INVALID when the address carries a key that is none. */
MUSTCHECK enum rc paging_read(const struct req *r, struct list_page *out, struct err *e);

/* What came out: the keys of the first and the last row shown. */
struct paging_edges {
    struct page_key first, last;
    bool has_newer, has_older;
};
/* more: rows lie beyond in the direction that was asked for. */
struct paging_edges paging_edges(const struct list_page *p, struct page_key first,
                                 struct page_key last, bool more);

/* Fills `pager` of the page; `rest` is "" or "&name=value" pairs that stay in the address. */
void paging_fill(struct arena *a, struct page_node *root, const char *path, const char *rest,
                 const struct paging_edges *edges);

#endif
