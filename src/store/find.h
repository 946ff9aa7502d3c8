/*
 * The one search box: an exact id of any kind, whatever any filter says.
 */
#ifndef STORE_FIND_H
#define STORE_FIND_H

#include "sql/sql.h"

enum find_kind {
    FIND_NOTHING,
    FIND_ORDER,             /* order_id, in any case */
    FIND_TXN,               /* txn_id */
    FIND_PAYMENT,           /* the gateway's payment id */
    FIND_PUBLIC_ID,         /* ordeh_… */
    FIND_REFUND,            /* the desk's refund id */
    FIND_UNIQUE_REQUEST_ID, /* the newest refund that has it */
    FIND_GATEWAY_REF,       /* the gateway's refund id */
    FIND_ARN,               /* the bank's reference */
    FIND_CUSTOMER,          /* a customer's id, e-mail or phone: a list */
    FIND_COUNT
};

struct find_result {
    enum find_kind kind;
    const char *order_id; /* but FIND_CUSTOMER */
    int64_t refund;       /* row id, for the kinds of refunds; else 0 */
};

/* Kinds are tried in the order of the enum; the first that has it wins. */
MUSTCHECK enum rc find_exact(struct sql *q, struct arena *a, int64_t merchant, const char *text,
                             struct find_result *out, struct err *e);

#endif
