#include "refund/announce.h"

#include "core/str.h"

/* By default: all that the vendor's pages "Refunds" and "Updating Refund Status" name, and how an
 * order ends. */
static const struct announce_name names[] = {
    {"ORDER_SUCCEEDED", "An order was paid", true},
    {"ORDER_FAILED", "An order's payment failed", true},
    {"TXN_CREATED", "A payment was begun", false},
    {"TXN_CHARGED", "A payment was charged", false},
    {"TXN_FAILED", "A payment failed", false},
    {"REFUND_INITIATED", "A refund was created", false},
    {"ORDER_REFUNDED", "A refund succeeded, a partial one too", true},
    {"ORDER_REFUND_FAILED", "A refund failed, was cancelled, rejected or expired", true},
    {"REFUND_MANUAL_REVIEW_NEEDED", "A refund was pending for too long; a person must look", true},
    {"REFUND_ARN_CAPTURED", "The bank's reference of a refund (ARN) is known", false},
    {"AUTO_REFUND_INITIATED", "An auto refund was created", true},
    {"AUTO_REFUND_SUCCEEDED", "An auto refund succeeded", true},
    {"AUTO_REFUND_FAILED", "An auto refund failed", true},
};

const struct announce_name *announce_names(int *count)
{
    *count = sizeof names / sizeof names[0];
    return names;
}

bool announce_is_public(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_eq(names[i].name, name))
            return true;
    }
    return false;
}
