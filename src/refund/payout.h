/*
 * The account that a PAYOUT refund goes to (vendor's Payout Refund API, beneficiary_details;
 * DOMAIN: HTTP API, PAYOUT). One table describes each type's fields; forms and checks are made from
 * it.
 */
#ifndef REFUND_PAYOUT_H
#define REFUND_PAYOUT_H

#include "core/secret.h"
#include "store/payouts.h"

struct payout_field {
    const char *name;  /* in `details`: "bank_code", "address.city" */
    const char *label; /* "Bank code" */
    bool required;
    size_t most_bytes;
    const char *like; /* an example for forms and messages */
};
struct payout_type {
    const char *type;  /* "BANK_TRANSFER" */
    const char *label; /* "Bank transfer" */
    const struct payout_field *fields;
    int n_fields;
    bool has_transfer; /* transfer_type and payout_mode belong to it */
};
/* All types, for forms, GET /refundMethods and checks; *count is set. */
const struct payout_type *payout_types(int *count);

/* Where a payout goes and by whom, as a client told it. Either beneficiary_id or type and details.
 */
struct payout_ask {
    const char *beneficiary_id;
    const char *type, *transfer_type, *payout_mode;
    struct json_object *details;
    const char *gateway, *gateway_reference_id; /* preferred_gateway; NULL: the first that can */
};

/* beneficiary_details as JSON text (an object). RC_INVALID: no JSON (names the position). */
MUSTCHECK enum rc payout_read(struct arena *a, const char *json, struct payout_ask *out,
                              struct err *e);
/* preferred_gateway as JSON text, into gateway and gateway_reference_id. */
MUSTCHECK enum rc payout_read_gateway(struct arena *a, const char *json, struct payout_ask *out,
                                      struct err *e);

/* Checks every field and seals the account. RC_INVALID with the field's path in *field
 * ("beneficiary_details.details.bank_code") and the mend in e->text; a field that is missing gives
 * RC_NOT_FOUND instead. */
MUSTCHECK enum rc payout_seal(struct arena *a, const struct payout_ask *ask,
                              const struct seal_public *to, struct payee *out, const char **field,
                              struct err *e);

#endif
