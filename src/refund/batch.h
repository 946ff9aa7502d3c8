/*
 * Batches of refunds from a CSV file (vendor's batch refunds; DOMAIN: batch refunds): a file is
 * read and judged row by row in one pass, confirmed by the total of each currency, approved by
 * another person where maker-checker is on, and run by the worker. Nothing is created before it
 * runs; each row becomes at most one refund, whatever crashes.
 */
#ifndef REFUND_BATCH_H
#define REFUND_BATCH_H

#include "core/app.h"
#include "refund/batch_csv.h"
#include "store/actor.h"
#include "store/batches.h"
#include "store/merchants.h"

/* The 19 columns of an upload, in the vendor's order; *count is set. The column "error" of our own
 * downloads is known too, and read over. */
const struct batch_csv_column *batch_columns(int *count);
/* A file without this one of them is refused. */
bool batch_column_is_mandatory(int column);

struct batch_upload {
    const struct actor *actor;
    const char *source;      /* "API", "PORTAL" */
    const char *file_name;   /* as the client named it; its path is cut off */
    const char *description; /* asked for first when maker-checker is on; NULL: none */
    const char *reason;      /* of the refunds; NULL: CANCELLATION */
    batch_csv_source *bytes;
    void *ctx;
};

struct batch_upload_answer {
    struct batch batch;   /* awaiting confirmation, when nothing refused the file */
    const char *refused;  /* NULL, or the vendor's words for why the whole file is refused: "Invalid
                             file format", "Missing mandatory fields", "Row limit exceeded",
                             "Duplicate file", "Bad request" */
    const char *said;     /* what is wrong, where, and how to mend it */
    int64_t duplicate_of; /* "Duplicate file": the batch that has the same bytes */
};

/* Reads and judges the file in constant memory, keeping its rows in small transactions. RC_OK with
 * `refused` set leaves nothing behind. RC_IO: the bytes ended too early. The merchant's row limit,
 * LIMIT_BATCH_BYTES_PER_1000 rows and the reader's own limits hold. */
MUSTCHECK enum rc batch_upload(struct app *app, struct arena *a, const struct batch_upload *in,
                               struct batch_upload_answer *out, struct err *e);
/* Takes away what a reader that died left behind; some at a time. */
MUSTCHECK enum rc batch_sweep(struct app *app, struct err *e);

struct batch_typed {
    const char *currency, *amount;
};
struct batch_fault {
    const char *field; /* "total_INR", "run_mode", … ; NULL: none */
    const char *said;
};

/* Confirms it: run_mode GOOD_ROWS or ALL_OR_NONE, and the total of each currency of the rows that
 * will run, typed as amounts are. With maker-checker on it awaits approval then, else it runs.
 * *fault is set for what cannot be used. RC_CONFLICT: it is not awaiting confirmation any more. */
MUSTCHECK enum rc batch_confirm(struct app *app, struct arena *a, const struct actor *actor,
                                int64_t batch, const char *run_mode,
                                const struct batch_typed *typed, int n_typed,
                                struct batch_fault *fault, struct err *e);

/* Whether the user is its maker: uploaded it, or made the API key that it was sent with. */
bool batch_is_of(const struct batch *b, const char *user);

enum batch_act { BATCH_APPROVE, BATCH_REJECT, BATCH_PAUSE, BATCH_RESUME, BATCH_CANCEL };
/* `why` is needed to reject or cancel. RC_DENIED: the maker never approves or rejects. RC_CONFLICT:
 * not in this status. RC_INVALID: no reason given. Cancelled and rejected batches keep the refunds
 * that exist; their queued rows stay QUEUED and never run. */
MUSTCHECK enum rc batch_act(struct app *app, struct arena *a, const struct actor *actor,
                            int64_t batch, enum batch_act act, const char *why, struct err *e);

/* A FAILED row of a batch that has run is judged and, when its cause is gone, made a refund;
 * under the row's own id, so that it never pays twice. *said is NULL, or why it is still refused.
 * RC_CONFLICT: not such a row. RC_DENIED: nobody approved it, and the actor may not. */
MUSTCHECK enum rc batch_retry_row(struct app *app, struct arena *a, const struct actor *actor,
                                  int64_t batch, int64_t row, const char **said, struct err *e);

/* The worker's part: the next QUEUED rows of a PROCESSING batch, in one transaction of at most
 * budget_ms. *more: there is something left to do. Safe beside any other runner. */
MUSTCHECK enum rc batch_run_step(struct app *app, struct arena *a, int64_t batch, int64_t budget_ms,
                                 bool *more, struct err *e);

/* The unique_request_id of a row without one of its own: the same whenever it is made. */
const char *batch_row_id(struct arena *a, int64_t batch, int64_t row);

/* "Awaiting confirmation", …; and whether it has ended. */
const char *batch_status_label(const char *status);
bool batch_has_ended(const char *status);
/* Whether batch_retry_row() takes this row from the actor: a FAILED one of a batch that has run to
 * its end; what was cancelled or rejected never runs. Where maker-checker is on, a row that was not
 * among the approved ones is for somebody who may approve and is not the maker. */
bool batch_row_may_retry(const struct merchant *m, const struct batch *b, const struct batch_row *r,
                         const struct actor *actor);

#endif
