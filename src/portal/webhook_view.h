/*
 * What pages say about endpoints of webhooks and about what is on its way to them.
 */
#ifndef PORTAL_WEBHOOK_VIEW_H
#define PORTAL_WEBHOOK_VIEW_H

#include "portal/rows.h"
#include "store/webhooks.h"

#define WEBHOOK_PATH  "/settings/webhooks"
#define WEBHOOK_TITLE "Settings · Webhooks"

/* "/settings/webhooks/{id}" and what follows. */
const char *webhook_view_path(struct arena *a, int64_t endpoint, const char *after);
/* ".../deliveries/{delivery}" and what follows. */
const char *webhook_view_delivery_path(struct arena *a, const struct delivery *d,
                                       const char *after);
/* The id of the path's n-th part. RC_NOT_FOUND: it is none. */
MUSTCHECK enum rc webhook_view_id(const struct req *r, int n, int64_t *id, struct err *e);

/* color, word; sub: why it is so. */
void webhook_view_state(struct page_node *n, const struct endpoint *p);
/* color, word */
void webhook_view_delivery_state(struct page_node *n, const struct delivery *d);
/* "200 in 84 ms", "no answer in 15 s" */
const char *webhook_view_answer(struct arena *a, int64_t status, int64_t took_ms);
/* When it is tried next; NULL: never. */
const char *webhook_view_next(const struct rows_ctx *c, const struct endpoint *p,
                              const struct delivery *d);

/* Which pause, resume … the state allows, as flags can_pause, can_resume …; has_events of what it
 * hears. Nothing where the actor may not write. */
void webhook_view_acts(struct page_node *n, const struct endpoint *p, bool may_write);

/* What the address says was done (?done=…), as a notice. */
void webhook_view_notice(const struct req *r, struct page_node *root);

#endif
