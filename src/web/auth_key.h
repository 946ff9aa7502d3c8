/*
 * HTTP Basic with an API key as user name (base64 of `key` and of `key:` alike), and the merchant
 * headers x-merchantid / x-merchant-id, which may be absent but never name another merchant.
 */
#ifndef WEB_AUTH_KEY_H
#define WEB_AUTH_KEY_H

#include "web/request.h"

/* The key of "Basic base64(key)" or "Basic base64(key:)"; NULL for all else. header may be NULL. */
const char *auth_key_read(struct arena *a, const char *header);

/* Fills r->actor; RC_UNAUTHORIZED otherwise, RC_LIMITED over the merchant's rate limit. "Last used"
 * is written at most once a minute. */
MUSTCHECK enum rc auth_key_load(struct req *r, struct err *e);

#endif
