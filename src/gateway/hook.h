/*
 * What gateways' own webhooks say, pure: a body becomes facts (DOMAIN: intake). Amounts are in our
 * minor units, statuses in the vendor's words. All texts live in the arena.
 */
#ifndef GATEWAY_HOOK_H
#define GATEWAY_HOOK_H

#include "core/arena.h"
#include "core/err.h"

#include <stdbool.h>
#include <stdint.h>

struct json_object;

#define HOOK_MAX_REFUNDS 20

struct hook_refund {
    const char *ref; /* the gateway's id */
    const char *key; /* what it was asked for with: our key or request id; NULL: made elsewhere */
    const char *status; /* SUCCESS, FAILURE, PENDING */
    const char *arn, *error_code, *error_message;
    int64_t amount_minor;
    int64_t created_ms;
};

struct hook_card {
    const char *last_four, *isin, *brand, *type, *issuer, *name, *fingerprint;
    const char *expiry_month, *expiry_year;
};

struct hook_event {
    const char *event_id; /* NULL: the body has none */
    const char *name;     /* "refund.processed" */
    bool is_ignored;      /* nothing that the desk keeps */
    int64_t at_ms;        /* the event's own time; 0: none */

    const char *gateway;  /* "RAZORPAY" */
    const char *order_id; /* the merchant's, else the gateway's own; NULL: not told */
    const char *txn_id;   /* the merchant's; NULL: not told */
    const char *payment_id;
    const char *other_payment_id;     /* the same payment's second name; NULL */
    const char *currency;             /* upper case */
    const char *status;               /* CHARGED, AUTHORIZED, …; NULL: not told */
    int64_t amount_minor;             /* -1: not told */
    int64_t created_ms;               /* when the payment began; 0: not told */
    const char *method_type, *method; /* "CARD", "VISA" */
    const char *email, *phone, *description;
    const char *error_code, *error_message;
    const char *rrn, *auth_id_code;
    struct hook_card card;
    bool has_card;
    struct hook_refund refunds[HOOK_MAX_REFUNDS];
    int n_refunds;
};

/* RC_INVALID when it is no event of that gateway; e->text names what is missing or wrong. */
typedef enum rc hook_parse(struct arena *a, struct json_object *body, struct hook_event *out,
                           struct err *e);
hook_parse hook_razorpay_parse, hook_stripe_parse;

/* By source ("razorpay", "stripe"); NULL when there is none. */
hook_parse *hook_parser_find(const char *source);

/* Of a number of the body, 0…10^15; false for anything else. */
bool hook_number(struct arena *a, struct json_object *from, const char *key, int64_t *out);
/* Seconds since 1970 as ms; 0 when absent or unusable. */
int64_t hook_time_ms(struct arena *a, struct json_object *from, const char *key);
/* The text with ASCII letters in upper case; NULL when there is none. */
const char *hook_upper(struct arena *a, const char *text);
/* A refund's idempotency key as the desk makes it. */
bool hook_is_own_key(const char *text);
/* The first of these members that is a text which is not empty; NULL: none. The list ends with
 * NULL. */
const char *hook_first(struct arena *a, struct json_object *from, const char *const *keys);

#endif
