/*
 * Why a refund is refused. One table, in the order of checking (DOMAIN: the validation core;
 * vendor's Refund Order API and Payout Refund API, "400"). A refusal is an answer, not an error.
 */
#ifndef REFUND_CAUSE_H
#define REFUND_CAUSE_H

enum cause {
    CAUSE_NONE,
    CAUSE_MISSING_FIELD,
    CAUSE_BAD_REQUEST,
    CAUSE_AMOUNT_INVALID,
    CAUSE_ORDER_UNKNOWN,
    CAUSE_TXN_UNKNOWN,
    CAUSE_ID_IN_FLIGHT,
    CAUSE_ID_DONE,
    CAUSE_COD,
    CAUSE_ORDER_PENDING,
    CAUSE_ORDER_UNSUCCESSFUL,
    CAUSE_SPLIT_PAYMENT,
    CAUSE_ORDER_TOO_OLD,
    CAUSE_GATEWAY_CANNOT,
    CAUSE_NO_PAYMENT_ID,
    CAUSE_TOO_MANY_DECIMALS,
    CAUSE_BELOW_MINIMUM,
    CAUSE_TWIN,
    CAUSE_TOO_MANY_REFUNDS,
    CAUSE_EXCEEDS,
    CAUSE_SPLIT_OR_BENEFICIARY,
    CAUSE_COUNT
};

struct cause_row {
    enum cause cause;
    const char *code;           /* "INVALID_AMOUNT" */
    const char *dotted;         /* "invalid amount"; the older family */
    const char *message;        /* the vendor's words */
    const char *dotted_message; /* POST /refunds says it differently here; NULL: as message */
    const char *plain;          /* for the portal: what is wrong and how to mend it */
    const char *field;          /* the form field it belongs to: "amount", …, or NULL */
};

const struct cause_row *cause_row(enum cause c); /* CHECKs the range; CAUSE_NONE has a row too */

#endif
