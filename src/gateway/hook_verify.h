/*
 * Is a webhook from the gateway? One row of a table for each scheme; constant time, over the raw
 * bytes. Nothing here reads the body.
 */
#ifndef GATEWAY_HOOK_VERIFY_H
#define GATEWAY_HOOK_VERIFY_H

#include "core/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOOK_TOLERANCE_MS INT64_C(300000) /* of a signed time, to both sides */

/* What was signed, and how. */
struct hook_message {
    const char *signature; /* the scheme's header; NULL: there was none */
    const char *body;
    size_t body_n;
    int64_t now_ms;
};

struct hook_scheme {
    const char *source; /* "razorpay", "stripe" */
    const char *header; /* lower case: where the signature stands */
    /* True when it is signed with this secret (not a text: secret_n bytes). */
    bool (*verify)(const struct hook_message *m, const void *secret, size_t secret_n);
};

/* By source; NULL when there is none. */
const struct hook_scheme *hook_scheme_find(const char *source);

#endif
