#include "api/api.h"
#include "core/arena.h"
#include "store/merchants.h"

static enum rc read_one(struct sql *q, void *arg, struct err *e)
{
    struct merchant m;
    enum rc rc = merchants_first(q, arg, &m, e);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc api_health(struct req *r, struct reply *p, struct err *e)
{
    struct err why;
    if (sql_read(r->app->db, read_one, r->arena, &why) != RC_OK)
        return ERR(e, RC_BUSY, "The database does not answer.", "%s", why.detail);
    reply_json(p, 200, "{\"status\":\"ok\"}");
    return RC_OK;
}
