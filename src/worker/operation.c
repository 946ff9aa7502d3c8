#include "worker/operation.h"

#include "core/str.h"

static operation_fn *back(const struct gateway_ops *ops, const struct gateway_row *g)
{
    (void)g;
    return ops->refund_request;
}

static operation_fn *at_once(const struct gateway_ops *ops, const struct gateway_row *g)
{
    return g->can_instant ? ops->instant_request : NULL;
}

/* What cannot be asked about is not sent either. */
static operation_fn *out(const struct gateway_ops *ops, const struct gateway_row *g)
{
    return g->can_payout && ops->payout_inquire_request != NULL ? ops->payout_request : NULL;
}

static const struct {
    const char *refund_type;
    operation_fn *(*of)(const struct gateway_ops *ops, const struct gateway_row *g);
} types[] = {{"STANDARD", back}, {"INSTANT", at_once}, {"PAYOUT", out}};

operation_fn *operation_send(const struct gateway_ops *ops, const struct gateway_row *g,
                             const char *refund_type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_eq(refund_type, types[i].refund_type))
            return types[i].of(ops, g);
    }
    return NULL;
}

operation_fn *operation_inquire(const struct gateway_ops *ops, const char *refund_type)
{
    return operation_pays_out(refund_type) ? ops->payout_inquire_request : ops->inquire_request;
}

bool operation_pays_out(const char *refund_type)
{
    return str_eq(refund_type, "PAYOUT");
}
