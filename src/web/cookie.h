/*
 * Our cookies: HttpOnly, SameSite=Lax, Path=/; over https also Secure, with the name's prefix
 * "__Host-", which keeps neighbours from planting one.
 */
#ifndef WEB_COOKIE_H
#define WEB_COOKIE_H

#include "web/request.h"

/* NULL when absent. */
const char *cookie_get(const struct req *r, const char *name);
/* max_age_s 0: until the browser closes; below 0: gone at once. CHECKs that *p has room. */
void cookie_set(const struct req *r, struct reply *p, const char *name, const char *value,
                int max_age_s);

#endif
