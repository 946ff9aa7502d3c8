/*
 * The rows of a batch as files: all of it under the vendor's headers (batch_refund.csv), and the
 * rows to mend in the upload's own columns, so that the file can be uploaded again (vendor's batch
 * refunds, "Downloading Processed Data").
 */
#ifndef PORTAL_BATCH_EXPORT_H
#define PORTAL_BATCH_EXPORT_H

#include "core/str.h"
#include "store/batches.h"

enum batch_export_kind {
    BATCH_EXPORT_DATA,   /* every row, vendor's headers, S.No first */
    BATCH_EXPORT_FAILED, /* refused rows: when judged before it ran, when they ran from then */
    BATCH_EXPORT_REFUND_FAILED /* rows whose refund is FAILURE */
};

/* How a file of this kind is called and which word stands for it ("data", "failed",
 * "refund-failed"). */
const char *batch_export_name(enum batch_export_kind kind);
/* False when no kind has this word. */
bool batch_export_find(const char *word, enum batch_export_kind *kind);
/* The rows that belong to it. */
enum batch_row_filter batch_export_filter(enum batch_export_kind kind, const struct batch *b);

/* The header line, and the line of a row; `number` counts from 1. A row that does not belong into
 * it (a mere warning among problems) adds nothing and is false. */
void batch_export_head(struct buf *out, enum batch_export_kind kind);
bool batch_export_row(struct arena *a, struct buf *out, enum batch_export_kind kind,
                      const struct batch *b, const struct batch_row *r, int64_t number);

#endif
