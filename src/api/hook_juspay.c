#include "api/api.h"
#include "api/hook.h"

/* Signed in by an API key with the intake scope: the route says so. */
enum rc api_hook_juspay(struct req *r, struct reply *p, struct err *e)
{
    return hook_keep(r, p, r->actor.merchant, "juspay", e);
}
