/*
 * A refund as clients ask for it: POST /orders/{order_id}/refunds, POST /order/refund and
 * POST /refunds, form or JSON.
 */
#ifndef API_REFUND_FIELDS_H
#define API_REFUND_FIELDS_H

#include "api/errors.h"
#include "refund/create.h"

/* Everything told; what cannot be used is in *faults, the first also in the request's `fault`.
 * Lives in the arena. */
struct refund_request *refund_fields_read(const struct req *r, struct api_faults *faults);

#endif
