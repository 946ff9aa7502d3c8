#include "api/api.h"
#include "api/hook.h"

enum rc api_hook_stripe(struct req *r, struct reply *p, struct err *e)
{
    int64_t merchant = 0;
    enum rc rc = hook_merchant(r, "stripe", &merchant, e);
    return rc == RC_OK ? hook_keep(r, p, merchant, "stripe", e) : rc;
}
