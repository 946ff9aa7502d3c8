/*
 * The order as an answer, for every route that gives one.
 */
#ifndef API_API_ORDERS_H
#define API_API_ORDERS_H

#include "web/route.h"

/* 200 with the order and its refunds, read in one snapshot. RC_NOT_FOUND: *p is untouched. */
MUSTCHECK enum rc api_order_reply(struct req *r, struct reply *p, const char *order_id,
                                  struct err *e);

#endif
