/*
 * The one page that shows a signing secret: the answer to the form that made it.
 */
#ifndef PORTAL_WEBHOOK_SECRET_H
#define PORTAL_WEBHOOK_SECRET_H

#include "store/merchants.h"
#include "web/request.h"

/* 200, kept nowhere. old_until_ms: until when the one before signs along; 0: it does not. */
void webhook_secret_show(struct req *r, struct reply *p, const struct merchant *m, int64_t endpoint,
                         const char *url, const char *secret, int64_t old_until_ms);

#endif
