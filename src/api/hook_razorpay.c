#include "api/api.h"
#include "api/hook.h"

enum rc api_hook_razorpay(struct req *r, struct reply *p, struct err *e)
{
    int64_t merchant = 0;
    enum rc rc = hook_merchant(r, "razorpay", &merchant, e);
    return rc == RC_OK ? hook_keep(r, p, merchant, "razorpay", e) : rc;
}
