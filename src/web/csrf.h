/*
 * CSRF: every POST of the portal carries the field `csrf`, and its Origin (or Sec-Fetch-Site) must
 * be our own. Logged in, the token is an HMAC under the session's secret; at the login form it
 * belongs to a short-lived cookie.
 */
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "web/request.h"

#define CSRF_FIELD  "csrf"
#define CSRF_COOKIE "refunddesk_form"

/* The token of a session or of a form cookie: base64url of an HMAC under `secret`. */
char *csrf_token(struct arena *a, const char *secret);

/* Sets r->csrf_token for the forms of this answer; may set a cookie in *p (login form). */
void csrf_prepare(struct req *r, struct reply *p);
/* RC_DENIED with a text that says to reload the page. */
MUSTCHECK enum rc csrf_check(const struct req *r, struct err *e);

#endif
