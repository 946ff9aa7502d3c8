/*
 * Batches run in a thread of their own, a few rows in each transaction, while the worker's loop
 * goes on sending refunds. Rows are looked at under the write lock, so any number of runners may
 * share them, and one that is killed leaves nothing half done.
 */
#ifndef WORKER_BATCH_RUNNER_H
#define WORKER_BATCH_RUNNER_H

#include "core/app.h"

struct batch_runner;

/* Starts the thread; signals are left to the caller's. */
MUSTCHECK enum rc batch_runner_start(struct app *app, struct batch_runner **out, struct err *e);
/* Something may have been confirmed: it looks at once. Never blocks. */
void batch_runner_wake(struct batch_runner *r);
/* Ends it between two transactions and frees it; NULL: nothing. */
void batch_runner_stop(struct batch_runner *r);

#endif
