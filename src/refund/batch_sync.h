/*
 * Sync with Gateway of a whole batch: urgent inquiries for its refunds that have not ended, and
 * afterwards what came of them.
 */
#ifndef REFUND_BATCH_SYNC_H
#define REFUND_BATCH_SYNC_H

#include "core/app.h"
#include "store/actor.h"
#include "store/batches.h"

/* Puts an inquiry for each refund of the batch that was sent and has not ended, but for those asked
 * for a moment ago (config sync_cool_ms); a chunk of rows in each transaction. Leaves an audit row
 * and wakes the worker. RC_NOT_FOUND: the merchant has no such batch. */
MUSTCHECK enum rc batch_sync(struct app *app, struct arena *a, const struct actor *actor,
                             int64_t batch, struct err *e);

struct batch_sync_count {
    int64_t asked_ms;         /* when Sync was last pressed */
    const char *verdict;      /* ASKED; NOT_SENT, SENDING, COOLING: not asked, and why */
    const char *before, *now; /* status of the refund then and now */
    int64_t refunds;
};
/* What came of the last Sync so far; refunds that had ended before are in none. *count 0: there was
 * none, or all had ended. The array lives in the arena. */
MUSTCHECK enum rc batch_sync_report(struct sql *q, struct arena *a, int64_t batch,
                                    struct batch_sync_count **out, int *count, struct err *e);

#endif
