/*
 * What pages say about batches of refunds: badges, progress, rows, history.
 */
#ifndef PORTAL_BATCH_VIEW_H
#define PORTAL_BATCH_VIEW_H

#include "portal/rows.h"
#include "refund/batch_sync.h"
#include "store/batch_list.h"
#include "store/split.h"

#define BATCH_PATH "/batch/batch-refunds"

/* "/batch/batch-refunds/{id}" and what follows. */
const char *batch_view_path(struct arena *a, int64_t batch, const char *after);
/* color, word: of a batch, and of one of its rows. */
void batch_view_badge(struct page_node *n, const char *status);
void batch_view_row_badge(struct page_node *n, const char *row_status);
/* "7,44,120.50 INR"; "–" where no row has an amount. */
const char *batch_view_amount(const struct rows_ctx *c, const struct batch *b);
/* total, done, words ("12 of 100 done, 2 failed, 88 left"), of (12 / 100). */
void batch_view_progress(const struct rows_ctx *c, struct page_node *n, const struct batch *b);

/* Parties of a split settled row's order, with what all refunds of its payment give back. */
struct batch_row_parties {
    const struct party *rows;
    int n;
};

/* One row of the file as it was judged; and with what became of it. */
void batch_view_verdict(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r);
void batch_view_row(const struct rows_ctx *c, struct page_node *n, const struct batch_row *r,
                    const struct batch_row_parties *parties);

/* The card Batch Details: `details`, and `updated`. `total`: of the whole file, by currency. */
void batch_view_facts(const struct rows_ctx *c, struct page_node *root, const struct batch *b,
                      const char *total);

/* The file that a refund stands in: href (of its row), file_name, row, line; nothing for a refund
 * of no batch. */
void batch_view_place(const struct rows_ctx *c, struct page_node *n,
                      const struct batch_place *place);

/* What came of the last Sync with Gateway: `synced` with the list `rows`; nothing without one. */
void batch_view_sync(const struct rows_ctx *c, struct page_node *root,
                     const struct batch_sync_count *rows, int count);

/* Fills the list `events`. */
void batch_view_history(const struct rows_ctx *c, struct page_node *root,
                        const struct audit_entry *entries, int count);

#endif
