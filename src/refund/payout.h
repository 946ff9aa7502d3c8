/*
 * The account that a PAYOUT refund goes to (vendor's Payout Refund API, beneficiary_details;
 * DOMAIN: HTTP API, PAYOUT). One table describes each type's fields; forms and checks are made from
 * it.
 */
#ifndef REFUND_PAYOUT_H
#define REFUND_PAYOUT_H

#include "core/secret.h"
#include "store/payouts.h"

/* What a field may hold. */
enum payout_shape {
    PAYOUT_NAME,     /* of a person or company: any letters */
    PAYOUT_WORDS,    /* of an address: any text of one line */
    PAYOUT_ACCOUNT,  /* letters and digits; an IBAN with its checksum when payout_mode is IBAN */
    PAYOUT_CODE,     /* letters, digits, _ and - */
    PAYOUT_POSTCODE, /* letters, digits, spaces and - */
    PAYOUT_COUNTRY,  /* ISO 3166-1 alpha-3 or alpha-2 */
    PAYOUT_IFSC,     /* 4 letters, 0, 6 letters or digits */
    PAYOUT_VPA       /* name@handle */
};

struct payout_field {
    const char *name;  /* in `details`: "bank_code", "address.city" */
    const char *label; /* "Bank code" */
    bool required;
    size_t most_bytes;
    const char *like; /* an example for forms and messages */
    enum payout_shape shape;
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

/* beneficiary_details as JSON text (an object), into type, transfer_type, payout_mode and details.
 * RC_INVALID: no JSON (names the position), or a member that is no text. */
MUSTCHECK enum rc payout_read(struct arena *a, const char *json, struct payout_ask *out,
                              struct err *e);
/* preferred_gateway as JSON text, into gateway and gateway_reference_id. */
MUSTCHECK enum rc payout_read_gateway(struct arena *a, const char *json, struct payout_ask *out,
                                      struct err *e);

/* Checks every field and seals the account; spaces in an account number are taken out and codes
 * written in capitals. out->beneficiary_id, reference_id and created_ms are the caller's to set.
 * RC_INVALID with the field's path in *field ("beneficiary_details.details.bank_code") and the mend
 * in e->text, which never holds what was told; a field that is missing gives RC_NOT_FOUND instead.
 */
MUSTCHECK enum rc payout_seal(struct arena *a, const struct payout_ask *ask,
                              const struct seal_public *to, struct payee *out, const char **field,
                              struct err *e);

struct payout_fault {
    const char *field;  /* its path, as payout_seal's *field */
    const char *reason; /* the mend, without the path */
};
#define PAYOUT_MAX_FAULTS 16
/* All that payout_seal would refuse, one after the other, for who tells everything at once: at most
 * PAYOUT_MAX_FAULTS into out. Returns how many; 0: payout_seal seals it. */
int payout_faults(struct arena *a, const struct payout_ask *ask, struct payout_fault *out);

#endif
