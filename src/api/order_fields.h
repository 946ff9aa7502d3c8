/*
 * The fields of an order as clients send them to POST /orders and POST /orders/{order_id}, form or
 * JSON, and the order that a route without it in the path is about.
 */
#ifndef API_ORDER_FIELDS_H
#define API_ORDER_FIELDS_H

#include "api/errors.h"
#include "refund/intake.h"

/* Everything told, with in->found listing each field that is no text. Lives in the arena. */
struct intake_order *order_fields_read(const struct req *r);

/* The order of the path, else of the fields order_id or orderId; NULL: told nowhere. */
const char *order_fields_id(const struct req *r);

/* 400 with every fault of the answer. */
void order_fields_refuse(struct req *r, struct reply *p, const struct intake_fault *faults, int n);

#endif
