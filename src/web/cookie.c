#include "web/cookie.h"
#include "core/str.h"

static const char *full_name(const struct req *r, const char *name)
{
    return r->app->config.cookie_secure ? arena_printf(r->arena, "__Host-%s", name) : name;
}

const char *cookie_get(const struct req *r, const char *name)
{
    const char *value = req_cookie(r, full_name(r, name));
    return str_empty(value) ? NULL : value;
}

void cookie_set(const struct req *r, struct reply *p, const char *name, const char *value,
                int max_age_s)
{
    int slot = p->cookies[0] ? 1 : 0;
    CHECK(!p->cookies[slot]);
    const char *age = "";
    if (max_age_s != 0)
        age = arena_printf(r->arena, "; Max-Age=%d", max_age_s > 0 ? max_age_s : 0);
    p->cookies[slot] =
        arena_printf(r->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", full_name(r, name),
                     value, age, r->app->config.cookie_secure ? "; Secure" : "");
}
