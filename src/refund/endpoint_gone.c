#include "refund/endpoint_gone.h"

#include "core/str.h"
#include "refund/endpoint_parts.h"
#include "refund/occasion_facts.h"

enum rc endpoint_gone(struct app *app, struct sql *q, struct arena *a, const struct endpoint *p,
                      const char *said, int64_t now_ms, struct err *e)
{
    const struct actor worker = {.kind = ACTOR_WORKER, .merchant = p->merchant, .name = "worker"};
    struct endpoint gone = *p;
    const char **events;
    int n;
    if (!str_eq(p->state, "ACTIVE") && !str_eq(p->state, "PAUSED"))
        return RC_OK;
    gone.state = "DISABLED";
    gone.said = said;
    gone.updated_ms = now_ms;
    enum rc rc = endpoints_events(q, a, p->merchant, p->id, &events, &n, e);
    if (rc == RC_OK)
        rc = deliveries_fail_all(q, p->id, said, e);
    if (rc == RC_OK)
        rc = endpoints_update(q, &gone, e);
    if (rc == RC_OK)
        rc = occasion_of_endpoint(q, a, &gone, now_ms, e);
    return rc == RC_OK ? endpoint_audit(q, app, a, &worker, "endpoint.disabled", p->id,
                                        endpoint_shown(a, p, events, n),
                                        endpoint_shown(a, &gone, events, n), e)
                       : rc;
}
