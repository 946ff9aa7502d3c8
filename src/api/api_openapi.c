#include "api/api.h"
#include "web/openapi.h"

enum rc api_openapi(struct req *r, struct reply *p, struct err *e)
{
    (void)r;
    (void)e;
    reply_json(p, 200, openapi_text);
    return RC_OK;
}
