/*
 * The parts of `refundctl import`, one file each: the file is opened and summed up (import_file.c),
 * its lines are read and judged (import_lines.c, import_csv.c) by a thread that is ahead
 * (import_ahead.c), short transactions take them in (import_apply.c), what is refused goes to a
 * report (import_report.c).
 */
#ifndef CTL_IMPORT_H
#define CTL_IMPORT_H

#include "core/str.h"
#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "refund/order_news.h"
#include "store/imports.h"

enum {
    IMPORT_BLOCK_LINES = 128,
    IMPORT_BLOCK_BYTES = 1 << 20,
    IMPORT_BLOCKS = 64, /* at most read ahead, the one or many that are taken in included */
};

/* ---- the file ----------------------------------------------------------------------------------
 */

struct import_file {
    const char *path;
    int fd;
    int64_t size_bytes;
    bool is_csv;
    uint8_t sha256[DIGEST_BYTES];
};

/* Opens FILE and finds out what is in it; what is no such file is refused with the mend. */
MUSTCHECK enum rc import_file_open(struct ctl *c, const char *path, struct import_file *out,
                                   struct err *e);
/* Its digest. Of a CSV also that every row fits the header, so that a broken one is refused before
 * anything is written. */
MUSTCHECK enum rc import_file_sum(struct arena *a, struct import_file *f, struct err *e);
void import_file_close(struct import_file *f);

/* ---- its lines ---------------------------------------------------------------------------------
 */

struct import_line {
    int64_t line;      /* physical, from 1 */
    int64_t next_line; /* after it */
    int64_t end_bytes; /* of the file, with it */
    const char *text;  /* as it stands there; the beginning of one that is too long */
    size_t text_bytes;
    const char *why; /* it is refused: this is what to mend */
    const struct order_news *news;
    struct arena *arena; /* what this line lives in */
};

struct import_lines;

/* Reads from a place between two lines. `currency` is that of orders that name none. */
MUSTCHECK enum rc import_lines_open(struct arena *a, const struct import_file *f,
                                    int64_t position_bytes, int64_t next_line, const char *currency,
                                    struct import_lines **out, struct err *e);
/* The next line, read and judged, in the arena given; blank ones are passed over. */
MUSTCHECK enum rc import_lines_next(struct import_lines *l, struct arena *a,
                                    struct import_line *out, bool *end, struct err *e);
/* The header row of a CSV; NULL of JSON lines. */
const char *import_lines_header(const struct import_lines *l);

/* The columns of a CSV (import_csv.c), and a row of it as the order object that it stands for; NULL
 * and *why when a cell cannot be read. */
struct batch_csv_column;
const struct batch_csv_column *import_csv_columns(int *count);
struct json_object *import_csv_order(struct arena *a, const char *const *cells,
                                     const char *currency, const char **why);

/* ---- lines ahead -------------------------------------------------------------------------------
 */

struct import_block {
    struct arena *arena;
    struct import_line lines[IMPORT_BLOCK_LINES];
    int n;
    bool last; /* the file ends with it, or reading failed: */
    enum rc rc;
    struct err err;
};

struct import_ahead;
/* Starts the thread, which is ahead by at most so many blocks (IMPORT_BLOCKS). */
struct import_ahead *import_ahead_start(struct import_lines *lines, int n_blocks);
/* Waits for the next block; it is the caller's until given back, the first taken first. After the
 * last one there is none to wait for. */
struct import_block *import_ahead_take(struct import_ahead *r);
void import_ahead_give_back(struct import_ahead *r, struct import_block *b);
/* Ends the thread, wherever it is. */
void import_ahead_stop(struct import_ahead *r);

/* ---- what is refused ---------------------------------------------------------------------------
 */

struct import_report {
    const char *path;
    int fd;
    bool is_csv;
};

/* A new report, of a CSV with its header; or one that goes on after report_bytes. *report_bytes is
 * its length. */
MUSTCHECK enum rc import_report_open(struct ctl *c, const char *path, const char *csv_header,
                                     struct import_report *out, int64_t *report_bytes,
                                     struct err *e);
/* An entry as text: {"line", "error", "text"}, or the row with a column `error` behind it. Card
 * numbers are masked. */
void import_report_entry(const struct import_report *r, struct arena *a,
                         const struct import_line *l, const char *why, struct buf *out);
/* Puts text at that place. The same text at the same place may be put again. */
MUSTCHECK enum rc import_report_put(const struct import_report *r, int64_t at_bytes,
                                    const char *text, size_t n, struct err *e);
/* Closes it; one without an entry is removed. */
MUSTCHECK enum rc import_report_close(struct import_report *r, bool has_entries, struct err *e);

/* ---- taking it in ------------------------------------------------------------------------------
 */

struct import {
    struct ctl *c;
    struct actor actor;
    struct import_file file;
    struct import_report report;
    struct import_row row; /* as far as it is committed */
    bool offline;          /* nobody else is there: long transactions, no rests */
    struct progress progress;
};

/* Takes in what a thread reads ahead, until the end of the file or a signal; *stopped: it was one.
 */
MUSTCHECK enum rc import_apply(struct import *im, struct import_lines *lines, bool *stopped,
                               struct err *e);

#endif
