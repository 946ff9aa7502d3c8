/*
 * Portal sessions: a 256-bit random token in a cookie, stored hashed; idle and absolute limits;
 * rotated at login. CSRF tokens are keyed to the session; before login to a cookie of their own.
 */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "web/request.h"

#define SESSION_COOKIE "refunddesk_session"

/* Fills r->session, r->actor and r->csrf_token from the cookie. RC_UNAUTHORIZED without one. */
MUSTCHECK enum rc session_load(struct req *r, struct err *e);

/* Argon2id, throttled by account and address (RC_LIMITED), the same answer and the same time for
 * an unknown user and a wrong password (RC_UNAUTHORIZED). On success a new session's cookie is in
 * *p, the old one is gone, and an audit row is written. */
MUSTCHECK enum rc session_login(struct req *r, struct reply *p, const char *name,
                                const char *password, struct err *e);
/* Another password for who is logged in, who gives the old one once more: throttled as a login is
 * (RC_LIMITED), RC_UNAUTHORIZED when it is wrong. All sessions of the user end but a new one, whose
 * cookie is in *p; audit row. `password` was judged. */
MUSTCHECK enum rc session_set_password(struct req *r, struct reply *p, const char *old,
                                       const char *password, struct err *e);
MUSTCHECK enum rc session_logout(struct req *r, struct reply *p, struct err *e);

#endif
