/*
 * The page of one batch: its check while it awaits confirmation, then its progress and result.
 */
#ifndef PORTAL_BATCH_PAGE_H
#define PORTAL_BATCH_PAGE_H

#include "portal/batch_form.h"
#include "refund/batch.h"
#include "web/request.h"

/* The id of the path. RC_NOT_FOUND: it is none. */
MUSTCHECK enum rc batch_page_id(const struct req *r, int64_t *batch, struct err *e);
/* `form`: what was typed and could not be used; NULL: nothing. */
MUSTCHECK enum rc batch_page_show(struct req *r, struct reply *p, struct batch_form *form,
                                  struct err *e);

#endif
