/*
 * Batches of refunds: the file as it was read, row by row, each with its verdict, its status and
 * its refund (vendor's batch refunds; DOMAIN: batch refunds). While a file is read its batch is
 * READING: lists never show it, and it goes away whole when the file is refused.
 */
#ifndef STORE_BATCHES_H
#define STORE_BATCHES_H

#include "core/digest.h"
#include "store/listing.h"

#define BATCH_READING               "READING"
#define BATCH_AWAITING_CONFIRMATION "AWAITING_CONFIRMATION"
#define BATCH_AWAITING_APPROVAL     "AWAITING_APPROVAL"
#define BATCH_PROCESSING            "PROCESSING"
#define BATCH_PAUSED                "PAUSED"
#define BATCH_COMPLETED             "COMPLETED"
#define BATCH_PARTIALLY_COMPLETED   "PARTIALLY_COMPLETED"
#define BATCH_FAILED                "FAILED"
#define BATCH_REJECTED              "REJECTED"
#define BATCH_CANCELLED             "CANCELLED"

#define BATCH_ROW_QUEUED   "QUEUED"
#define BATCH_ROW_ACCEPTED "ACCEPTED"
#define BATCH_ROW_FAILED   "FAILED"

#define BATCH_VERDICT_OK "OK"

struct batch {
    int64_t id;
    int64_t merchant;
    const char *file_name;
    const void *file_sha256; /* DIGEST_BYTES; NULL while it is read */
    const char *description; /* NULL: none */
    const char *reason;      /* of its refunds */
    const char *source;      /* API, PORTAL */
    const char *status;      /* BATCH_… */
    const char *run_mode;    /* GOOD_ROWS, ALL_OR_NONE; NULL before it is confirmed */
    int64_t rows_total, rows_bad;
    int64_t rows_done, rows_accepted, rows_failed; /* done = accepted + failed */
    const char *currency;                          /* of most rows; NULL: of none */
    int64_t amount_minor;                          /* all rows of that currency */
    const char *created_by;                        /* a user; "API key <name>" */
    const char *key_maker; /* the user who made that key; NULL: nobody of the portal */
    const char *checked_by;
    const char *said; /* why it was rejected, cancelled or failed; NULL: nothing */
    int64_t created_ms, updated_ms;
};

struct batch_total {
    const char *currency;
    const char *gateway; /* "" where none is known */
    int64_t rows_good, good_minor, rows_bad, bad_minor;
};

struct batch_row {
    int64_t batch;
    int64_t row;  /* from 1, in the order of the file */
    int64_t line; /* physical, from 1 */
    const char *order_id, *amount;
    const char *txn_id, *unique_id; /* NULL: not given */
    const char *cells;              /* JSON object of split columns and udf; NULL: none given */
    const char *currency;           /* NULL: the order is unknown */
    int64_t amount_minor;           /* -1: not an amount of that currency */
    const char *gateway;
    const char *verdict;      /* BATCH_VERDICT_OK or an error_code */
    const char *verdict_said; /* what is wrong and how to mend it; NULL when it is OK */
    const char *warning;      /* what a person should look at although it is OK; NULL: nothing */
    const char *status;       /* BATCH_ROW_… */
    const char *error_code, *error_message; /* of a FAILED row */
    int64_t refund;                         /* row id; 0: none */
    int64_t updated_ms;
    /* joined on reading, never written; NULL without a refund */
    const char *refund_status, *refund_state, *unique_request_id, *gateway_ref, *refund_type;
    const char *refund_error_code, *refund_error_message;
    int64_t refund_updated_ms;
};

/* One row of batch_select. */
void batches_read(struct sql_cur *c, struct arena *a, struct batch *b);

/* One row, READING. */
MUSTCHECK enum rc batches_insert(struct sql *q, const struct batch *b, struct err *e);
/* Texts in the arena; RC_NOT_FOUND when the merchant has none with this id, or it is READING. */
MUSTCHECK enum rc batches_get(struct sql *q, struct arena *a, int64_t merchant, int64_t id,
                              struct batch *out, struct err *e);
/* The same whatever its merchant and status: for the one who reads or runs it. */
MUSTCHECK enum rc batches_any(struct sql *q, struct arena *a, int64_t id, struct batch *out,
                              struct err *e);
/* Everything but id, merchant, names and times of creation; RC_CONFLICT when it is not in
 * from_status any more. */
MUSTCHECK enum rc batches_update(struct sql *q, const struct batch *b, const char *from_status,
                                 struct err *e);
/* An earlier batch of the same bytes from which refunds came or may still come; RC_NOT_FOUND when
 * there is none. */
MUSTCHECK enum rc batches_by_digest(struct sql *q, struct arena *a, int64_t merchant,
                                    const uint8_t sha256[DIGEST_BYTES], struct batch *out,
                                    struct err *e);
/* The PROCESSING one with the lowest id above `after`, of any merchant; 0 when there is none. */
MUSTCHECK enum rc batches_next_processing(struct sql *q, int64_t after, int64_t *id, struct err *e);

/* One row; (batch, currency, gateway) is unique. */
MUSTCHECK enum rc batch_totals_add(struct sql *q, int64_t batch, const struct batch_total *t,
                                   struct err *e);
/* By currency and gateway; the array lives in the arena. */
MUSTCHECK enum rc batch_totals_of(struct sql *q, struct arena *a, int64_t batch,
                                  struct batch_total **out, int *count, struct err *e);

/* One row of a READING batch. */
MUSTCHECK enum rc batch_rows_insert(struct sql *q, const struct batch_row *r, struct err *e);
/* Deletes at most `limit` rows of a READING batch and, when none is left, the batch; *gone. */
MUSTCHECK enum rc batches_forget(struct sql *q, int64_t batch, int limit, bool *gone,
                                 struct err *e);
/* READING batches begun before before_ms: their reader is gone. At most `limit` ids. */
MUSTCHECK enum rc batches_abandoned(struct sql *q, int64_t before_ms, int64_t *ids, int limit,
                                    int *count, struct err *e);
/* The next QUEUED rows in the order of the file, at most `limit`, whatever their verdict. */
MUSTCHECK enum rc batch_rows_queued(struct sql *q, struct arena *a, int64_t batch, int limit,
                                    struct batch_row **out, int *count, struct err *e);
/* status, error_code, error_message, refund, updated_ms; RC_CONFLICT when it is not in from_status
 * any more. */
MUSTCHECK enum rc batch_rows_settle(struct sql *q, const struct batch_row *r,
                                    const char *from_status, struct err *e);
/* *twin: the line of another row of r's batch whose refund did not fail and gives back the same
 * amount of this order, unless both rows have a unique_id; 0: none. */
MUSTCHECK enum rc batch_rows_twin(struct sql *q, const struct batch_row *r, int64_t order_row,
                                  int64_t amount_minor, int64_t *twin, struct err *e);
/* *file_name: of another batch of the merchant in which a good row of this order and amount is
 * still to run; NULL: none. */
MUSTCHECK enum rc batch_rows_waiting(struct sql *q, struct arena *a, int64_t merchant,
                                     const struct batch_row *r, const char **file_name,
                                     struct err *e);
MUSTCHECK enum rc batch_rows_get(struct sql *q, struct arena *a, int64_t batch, int64_t row,
                                 struct batch_row *out, struct err *e);

/* Which rows of a batch, in the order of the file. */
enum batch_row_filter {
    BATCH_ROWS_ALL,
    BATCH_ROWS_PROBLEMS, /* verdict not OK, or with a warning */
    BATCH_ROWS_FAILED,   /* refused when they ran */
    BATCH_ROWS_ACCEPTED,
    BATCH_ROWS_QUEUED,
    BATCH_ROWS_REFUND_FAILED, /* the refund exists and is FAILURE */
    BATCH_ROWS_FILTER_COUNT
};
/* Rows above `after`, at most `limit`, refunds joined; the array lives in the arena. Fewer, and
 * *more, where their texts would pass LIMIT_BATCH_PAGE_BYTES: at least one. */
MUSTCHECK enum rc batch_rows_page(struct sql *q, struct arena *a, int64_t batch,
                                  enum batch_row_filter filter, int64_t after, int limit,
                                  struct batch_row **out, int *count, bool *more, struct err *e);
/* Where the page before the one above `after` begins: *before is the `after` of that page, 0 for
 * the first. */
MUSTCHECK enum rc batch_rows_page_before(struct sql *q, int64_t batch, enum batch_row_filter filter,
                                         int64_t after, int limit, int64_t *before, struct err *e);
/* How many rows have a refund that failed; looks at each row that has one. */
MUSTCHECK enum rc batch_rows_refund_failed(struct sql *q, int64_t batch, int64_t *count,
                                           struct err *e);

#endif
