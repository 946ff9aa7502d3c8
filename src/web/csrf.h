/*
 * CSRF: every POST of the portal carries the field `csrf`, and its Origin (or Sec-Fetch-Site) must
 * be our own. Logged in, the token is an HMAC under the session's secret; at the login form it
 * belongs to a short-lived cookie.
 */
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "web/request.h"

/* Sets r->csrf_token for the forms of this answer; may set a cookie in *p (login form). */
void csrf_prepare(struct req *r, struct reply *p);
/* RC_DENIED with a text that says to reload the page. */
MUSTCHECK enum rc csrf_check(const struct req *r, struct err *e);

#endif
