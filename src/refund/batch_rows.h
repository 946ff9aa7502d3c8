/*
 * A row of a file as a request for a refund, and its judgement before the batch runs. Private to
 * the batches of src/refund.
 */
#ifndef REFUND_BATCH_ROWS_H
#define REFUND_BATCH_ROWS_H

#include "core/limits.h"
#include "refund/batch.h"
#include "refund/split.h"
#include "refund/validate.h"

/* The index of each column in batch_columns(). */
enum batch_column {
    COLUMN_ORDER_ID,
    COLUMN_AMOUNT,
    COLUMN_TXN_ID,
    COLUMN_UNIQUE_ID,
    COLUMN_MARKETPLACE_AMOUNT,
    COLUMN_VENDOR1_ID,
    COLUMN_VENDOR1_AMOUNT,
    COLUMN_VENDOR2_ID,
    COLUMN_VENDOR2_AMOUNT,
    COLUMN_UDF1,
    COLUMN_COUNT = COLUMN_UDF1 + 10,
    COLUMN_ERROR = COLUMN_COUNT
};

/* Row r as told by the cells of a file; texts stay in the arena of the cells. */
struct batch_row batch_row_of_cells(struct arena *a, int64_t batch, int64_t number,
                                    const struct batch_csv_row *csv);

struct batch_row_ask {
    struct refund_request req;
    struct split_ask split;
    struct split_part parts[3];
    struct refund_ask *ask;
    const char *problems; /* what the row alone shows to be wrong, a line for each; NULL: nothing */
    const char *code;     /* of the first */
};
/* The request of a row, parsed and checked as far as the row alone goes. */
struct batch_row_ask *batch_row_request(struct arena *a, const struct app *app,
                                        const struct actor *actor, const struct batch *b,
                                        const struct batch_row *r);

/* Makes it FAILED with the core's cause, in the vendor's words; says what is left where that helps.
 */
void batch_row_refuse(struct arena *a, struct batch_row *r, const struct refund_answer *answer);
void batch_row_fail(struct batch_row *r, const char *code, const char *said);
/* What is said of a row that refunds the same order and amount as line `twin` of its file. */
const char *batch_row_twin_said(struct arena *a, const struct batch_row *r, int64_t twin);
/* COMPLETED, PARTIALLY_COMPLETED or FAILED, by its counts. */
const char *batch_end_status(const struct batch *b);

struct batch_sums {
    struct batch_total totals[LIMIT_BATCH_TOTALS];
    int n;
};
/* Counts a judged row in b and in its sum; false: that is too large. Texts go to `a`. */
bool batch_sums_add(struct batch_sums *s, struct arena *a, struct batch *b,
                    const struct batch_row *r);
/* What the list shows: the currency that most rows have, and their sum. */
void batch_sums_main(const struct batch_sums *s, struct batch *b);

/* What the rows before have asked for, so that each row is judged as it will stand when they exist.
 */
struct batch_map; /* batch_map.h */

/* Judges a row inside a snapshot: fills verdict, verdict_said, warning, currency, amount_minor and
 * gateway, and remembers it in *before. Texts go to `a`. */
MUSTCHECK enum rc batch_row_judge(struct sql *q, struct arena *a, struct batch_map *before,
                                  const struct batch_row_ask *ask, int64_t now_ms,
                                  struct batch_row *r, struct err *e);

/* Takes a READING batch away with all its rows, in small transactions. */
MUSTCHECK enum rc batch_forget(struct app *app, int64_t batch, struct err *e);

/* ALL_OR_NONE, before the first row runs: *said is NULL, or why a row would be refused now. */
MUSTCHECK enum rc batch_whole_check(struct app *app, struct arena *a, const struct batch *b,
                                    const char **said, struct err *e);

#endif
