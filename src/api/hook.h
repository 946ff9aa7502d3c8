/*
 * Webhooks coming in (DOMAIN: intake): verified over the raw bytes, kept in the inbox, and only
 * then acknowledged; the worker applies them.
 */
#ifndef API_HOOK_H
#define API_HOOK_H

#include "web/request.h"

/* Keeps the request's body, masked, as news of `merchant` from `source`; 200 {"status":"ok"}, also
 * when it was heard before: the same event id in the body, else the same body. An id in a header is
 * not signed, and is not looked at. RC_INVALID when the body is no JSON object. */
MUSTCHECK enum rc hook_keep(struct req *r, struct reply *p, int64_t merchant, const char *source,
                            struct err *e);

/* The merchant whose secret for this source signed the body; RC_UNAUTHORIZED when none did, whether
 * or not there are secrets. Which one matched, and how many were tried, is not told by the time it
 * takes. */
MUSTCHECK enum rc hook_merchant(struct req *r, const char *source, int64_t *merchant,
                                struct err *e);

#endif
