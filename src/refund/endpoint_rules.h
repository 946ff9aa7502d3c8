/*
 * What an endpoint of webhooks may be: its address, its own headers, its signing secret. Pure;
 * where its name leads is looked at when it is sent to, since that changes.
 */
#ifndef REFUND_ENDPOINT_RULES_H
#define REFUND_ENDPOINT_RULES_H

#include "core/arena.h"
#include <stdbool.h>

/* NULL when it may be one, else what is wrong and how to mend it ("begins with https://"):
 * absolute, https (http too where allow_private), without user name and fragment, printable ASCII
 * of at most LIMIT_ENDPOINT_URL. */
const char *endpoint_rules_url(const char *url, bool allow_private);
/* The same of a header: a token that is none of those which HTTP and the desk set themselves; its
 * value has 1 to LIMIT_ENDPOINT_VALUE printable ASCII characters. */
const char *endpoint_rules_header(const char *name, const char *value);

/* "whsec_" and 32 random bytes in base64, as Standard Webhooks has it. */
const char *webhook_secret_new(struct arena *a);

#endif
