/*
 * What identifies an account, checked by its shape and masked for people (refund/payout.h has the
 * fields).
 */
#ifndef REFUND_ACCOUNT_H
#define REFUND_ACCOUNT_H

#include "refund/payout.h"

/* NULL when *value (trimmed, not empty) has the shape; it is then as it is kept: an account without
 * spaces, codes in capitals. Else what it must be: "must be 5 to 34 letters and digits". */
const char *account_check(struct arena *a, enum payout_shape shape, bool iban, size_t most_bytes,
                          const char **value);

/* "•••• 7581": the last four, of a short one the last two. */
char *account_mask(struct arena *a, const char *account);
/* "j•••@bank" */
char *account_mask_vpa(struct arena *a, const char *vpa);

#endif
