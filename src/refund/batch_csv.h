/*
 * A CSV file read row by row in constant memory: what uploads of refunds and `refundctl import`
 * have in common (DOMAIN: batch refunds, Reading). UTF-8 with or without BOM; LF, CRLF or lone CR;
 * a leading `sep=,` line; quoted fields with newlines; a header row; columns by name in any order
 * and case. Everything that is not such a file is refused, naming line and mend.
 *
 * The only file that knows libcsv.
 */
#ifndef REFUND_BATCH_CSV_H
#define REFUND_BATCH_CSV_H

#include "core/arena.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct batch_csv_column {
    const char *name; /* as documented; compared without case */
    bool required;
    bool verbatim; /* blanks around a value are kept; of the others they are taken off */
    bool ignored;  /* read over; may be there more than once */
};

/* Where the bytes come from: at most `room` of them into `to`; 0 at the end, -1 (errno) when they
 * cannot be read. */
typedef ssize_t batch_csv_source(void *ctx, char *to, size_t room);

struct batch_csv_row {
    int64_t line;       /* the physical line it begins on, from 1 */
    int64_t end_bytes;  /* of the file, up to and with the end of its line */
    int64_t next_line;  /* the physical line after it */
    const char **cells; /* by the caller's columns: "" is empty, NULL: the file has no such column.
                           One leading ' before = + - @ is taken off (our downloads put it there) */
    const char *text;   /* the row as it stands in the file, without the end of its line */
};

struct batch_csv;

/* Reads the header. The reader lives in the arena, as must `columns`, `source` and `ctx`.
 * RC_INVALID says what to mend; RC_IO when the source fails. */
MUSTCHECK enum rc batch_csv_open(struct arena *a, const struct batch_csv_column *columns,
                                 int n_columns, batch_csv_source *source, void *ctx,
                                 struct batch_csv **out, struct err *e);

/* The header row as it stands in the file, and its physical line. */
const char *batch_csv_header(const struct batch_csv *csv);
int64_t batch_csv_header_line(const struct batch_csv *csv);

/* The source was set to `end_bytes` of a row that was read before; `next_line` is that row's. */
void batch_csv_resume(struct batch_csv *csv, int64_t end_bytes, int64_t next_line);

/* The next row, in the arena given. *end: there is none. Blank lines are passed over. After an
 * error the reader is of no more use. Errors as of batch_csv_open; a file without any row is
 * RC_INVALID. */
MUSTCHECK enum rc batch_csv_next(struct batch_csv *csv, struct arena *a, struct batch_csv_row *row,
                                 bool *end, struct err *e);

#endif
