/*
 * A webhook as bytes, pure: the call to an endpoint, signed as Standard Webhooks has it
 * (webhook-id, webhook-timestamp, webhook-signature), and what may be kept of the answer.
 */
#ifndef NOTIFY_WEBHOOK_H
#define NOTIFY_WEBHOOK_H

#include "core/limits.h"
#include "gateway/gateway.h"

/* An endpoint with its secrets opened: never stored, never logged, wiped after use. */
struct webhook_to {
    const char *url;
    const char *username, *password; /* username NULL: no Basic auth */
    const char *names[LIMIT_ENDPOINT_HEADERS], *values[LIMIT_ENDPOINT_HEADERS]; /* own headers */
    int n_headers;
    const char *secret;     /* "whsec_…" */
    const char *old_secret; /* signs along; NULL: none */
};

/* One attempt. RC_INVALID: a secret is none; e says nothing of it. */
MUSTCHECK enum rc webhook_call(struct arena *a, const struct webhook_to *to, const char *event_id,
                               const char *body, int64_t at_ms, struct http_call *out,
                               struct err *e);

/* "v1,<base64>": HMAC-SHA-256 of "<id>.<seconds>.<body>" under the bytes of a "whsec_…"; NULL when
 * the secret is none. */
const char *webhook_signature(struct arena *a, const char *secret, const char *event_id,
                              int64_t at_s, const char *body);

/* What is kept of an attempt: the answer's body, or why there was none; NULL: an empty body. Texts
 * that identify the desk there (of 4 bytes and more) are starred, what is not UTF-8 or a control
 * character is a "?", at most LIMIT_DELIVERY_SAID bytes. */
const char *webhook_said(struct arena *a, const struct webhook_to *to, const struct http_result *r);

#endif
