#include "refund/decision.h"

enum rc decision_before(struct decision *d, struct sql *q, struct err *e)
{
    if (d == NULL)
        return RC_OK;
    d->settled = false;
    return d->before != NULL ? d->before(d->ctx, q, &d->settled, e) : RC_OK;
}

enum rc decision_after(struct decision *d, struct sql *q, struct err *e)
{
    return d != NULL && d->after != NULL ? d->after(d->ctx, q, e) : RC_OK;
}
