#include "targets.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_csv.h"

#include <string.h>

static const struct batch_csv_column columns[] = {
    {.name = "order_id", .required = true},
    {.name = "amount", .required = true},
    {.name = "udf1", .verbatim = true},
    {.name = "error", .ignored = true},
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

struct bytes {
    const char *text;
    size_t n, at;
};

static ssize_t hand_out(void *ctx, char *to, size_t room)
{
    struct bytes *b = ctx;
    size_t n = b->n - b->at < room ? b->n - b->at : room;
    memcpy(to, b->text + b->at, n);
    b->at += n;
    return (ssize_t)n;
}

static void check_row(const struct batch_csv_row *row, const struct batch_csv_row *before, size_t n)
{
    CHECK(row->line >= before->next_line && row->next_line >= row->line);
    CHECK(row->end_bytes > before->end_bytes && row->end_bytes <= (int64_t)n);
    CHECK(row->cells[0] != NULL && row->cells[1] != NULL && row->cells[3] == NULL);
    for (int i = 0; i < COLUMNS; i++)
        CHECK(row->cells[i] == NULL || strlen(row->cells[i]) <= LIMIT_CSV_FIELD_BYTES);
}

/* From any row on, the rest reads the same after a new start. */
static void check_resumed(struct arena *a, const char *text, size_t n,
                          const struct batch_csv_row *from, const struct batch_csv_row *next)
{
    struct bytes b = {text, n, 0};
    struct batch_csv *csv;
    struct batch_csv_row row;
    struct err e;
    bool end;
    CHECK(batch_csv_open(a, columns, COLUMNS, hand_out, &b, &csv, &e) == RC_OK);
    b.at = (size_t)from->end_bytes;
    batch_csv_resume(csv, from->end_bytes, from->next_line);
    CHECK(batch_csv_next(csv, a, &row, &end, &e) == RC_OK && !end);
    CHECK(row.line == next->line && row.end_bytes == next->end_bytes);
    CHECK(str_eq(row.text, next->text) && str_eq(row.cells[0], next->cells[0]));
}

void fuzz_csv(struct arena *a, const char *text, size_t n)
{
    struct bytes b = {text, n, 0};
    struct batch_csv *csv;
    struct batch_csv_row row, before = {.line = 1, .next_line = 1};
    struct err e = {0};
    bool end = false;
    enum rc rc = batch_csv_open(a, columns, COLUMNS, hand_out, &b, &csv, &e);
    for (int rows = 0; rc == RC_OK; rows++) {
        rc = batch_csv_next(csv, a, &row, &end, &e);
        if (rc != RC_OK || end)
            break;
        check_row(&row, &before, n);
        if (rows == 1)
            check_resumed(a, text, n, &before, &row);
        before = row;
    }
    CHECK(rc == RC_OK || (rc == RC_INVALID && strncmp(e.text, "Line ", 5) == 0));
}
