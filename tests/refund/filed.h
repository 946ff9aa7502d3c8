/*
 * A file of refunds put through the desk of shop.h, step by step.
 */
#ifndef REFUND_FILED_H
#define REFUND_FILED_H

#include "refund/batch.h"
#include "refund/shop.h"

#define FILED_BUDGET_MS 1000

/* Uploaded and judged; a few bytes at a time. */
struct batch_upload_answer filed_as(const struct actor *actor, const char *text,
                                    const char *description);
struct batch_upload_answer filed(const char *text); /* by shop_actor, not described */

struct batch_row filed_row(int64_t batch, int64_t row);
struct batch filed_batch(int64_t batch);
enum rc filed_rc(int64_t batch); /* RC_NOT_FOUND when there is none */

/* With the total of INR; NULL: not typed. Returns what is wrong with it. */
struct batch_fault filed_confirm(int64_t batch, const char *mode, const char *total);
void filed_run(int64_t batch); /* to its end */

void filed_merchant(void (*change)(struct merchant *m));

#endif
