#include "refund/batch_csv.h"

#include "core/limits.h"
#include "core/str.h"

#include <csv.h>
#include <errno.h>
#include <string.h>

enum {
    WINDOW_BYTES = 64 << 10,
    PIECE_BYTES = 1024, /* fed at once: a field outgrows its ceiling by no more */
};

#define SEPARATORS ";|\t"
#define NO_ROWS    "the file has a header and no rows. Write at least one below it."
#define NO_COMMAS                                                                             \
    "the columns must be separated by commas, not by ; | or tabs. Save the file as CSV with " \
    "commas."
#define BROKEN_QUOTE "a broken quote. Quotes enclose a whole value; one within it is doubled."

enum fault { FAULT_NONE, FAULT_LONG, FAULT_UTF8, FAULT_CELLS };

struct batch_csv {
    struct arena *arena;
    struct csv_parser parser;
    const struct batch_csv_column *columns;
    int n_columns;
    batch_csv_source *source;
    void *ctx;

    char *window; /* bytes that were read and not yet parsed: at … have */
    size_t at, have;
    bool ended; /* the source has no more */

    const char *header;
    int64_t header_line;
    int *column_of; /* for each cell of the header: the caller's column */
    int n_header;   /* 0: the header is not read yet */
    bool any_row;
    int64_t line, taken_bytes;

    /* the row that is being read: however many are passed over, only this one is kept */
    struct arena *row_arena;
    const char *cells[LIMIT_CSV_COLUMNS];
    int n_cells;
    bool row_done;
    enum fault fault;
    struct buf text;
};

/* ---- refusals -----------------------------------------------------------------------------------
 */

static enum rc refuse(const struct batch_csv *csv, int64_t line, const char *what, struct err *e)
{
    return ERR(e, RC_INVALID, arena_printf(csv->arena, "Line %lld: %.200s", (long long)line, what),
               "csv, line %lld", (long long)line);
}

static enum rc refuse_fault(const struct batch_csv *csv, int64_t line, struct err *e)
{
    static const char *const said[] = {
        [FAULT_LONG] = "a field is longer than 4096 bytes. Is a quote not closed?",
        [FAULT_UTF8] = "it is not UTF-8. Save the file as \"CSV UTF-8\".",
        [FAULT_CELLS] = "it has more cells than the header. A value with a comma must be quoted.",
    };
    _Static_assert(LIMIT_CSV_FIELD_BYTES == 4096, "the text above");
    return refuse(csv, line, said[csv->fault], e);
}

/* ---- what libcsv calls --------------------------------------------------------------------------
 */

static void on_field(void *data, size_t n, void *ctx)
{
    struct batch_csv *csv = ctx;
    int most = csv->n_header > 0 ? csv->n_header : LIMIT_CSV_COLUMNS;
    if (csv->fault != FAULT_NONE)
        return;
    if (n > LIMIT_CSV_FIELD_BYTES)
        csv->fault = FAULT_LONG;
    else if (csv->n_cells == most)
        csv->fault = FAULT_CELLS;
    else if (!str_utf8_valid(data, n))
        csv->fault = FAULT_UTF8;
    else
        csv->cells[csv->n_cells++] = arena_strndup(csv->row_arena, data, n);
}

static void on_row(int terminator, void *ctx)
{
    struct batch_csv *csv = ctx;
    (void)terminator;
    csv->row_done = true;
}

/* Blanks belong to the values: what is trimmed is our own choice. */
static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void free_parser(void *parser)
{
    csv_free(parser);
}

static void free_arena(void *arena)
{
    arena_free(arena);
}

/* ---- bytes --------------------------------------------------------------------------------------
 */

static enum rc fill(struct batch_csv *csv, struct err *e)
{
    memmove(csv->window, csv->window + csv->at, csv->have - csv->at);
    csv->have -= csv->at;
    csv->at = 0;
    while (!csv->ended && csv->have < WINDOW_BYTES) {
        ssize_t n = csv->source(csv->ctx, csv->window + csv->have, WINDOW_BYTES - csv->have);
        if (n < 0)
            return ERR(e, RC_IO, "The file cannot be read.", "csv: %s", strerror(errno));
        csv->have += (size_t)n;
        csv->ended = n == 0;
    }
    return RC_OK;
}

/* The next bytes, at most to the end of a line; *n is 0 at the end of the file. */
static enum rc take_piece(struct batch_csv *csv, const char **piece, size_t *n, bool *ends_line,
                          struct err *e)
{
    if (csv->have - csv->at <= PIECE_BYTES && !csv->ended) {
        enum rc rc = fill(csv, e);
        if (rc != RC_OK)
            return rc;
    }
    const char *from = csv->window + csv->at;
    size_t left = csv->have - csv->at, most = left < PIECE_BYTES ? left : PIECE_BYTES, k = 0;
    while (k < most && from[k] != '\n' && from[k] != '\r')
        k++;
    *ends_line = k < most;
    if (*ends_line)
        k += from[k] == '\r' && k + 1 < left && from[k + 1] == '\n' ? 2 : 1;
    csv->at += k;
    csv->taken_bytes += (int64_t)k;
    *piece = from;
    *n = k;
    return RC_OK;
}

static enum rc skip_bom(struct batch_csv *csv, struct err *e)
{
    enum rc rc = fill(csv, e);
    if (rc != RC_OK)
        return rc;
    if (csv->have >= 2 &&
        (memcmp(csv->window, "\xff\xfe", 2) == 0 || memcmp(csv->window, "\xfe\xff", 2) == 0))
        return refuse(csv, 1, "the file is UTF-16. Save it as \"CSV UTF-8\".", e);
    if (csv->have >= 3 && memcmp(csv->window, "\xef\xbb\xbf", 3) == 0)
        csv->taken_bytes = csv->at = 3;
    return RC_OK;
}

/* ---- rows ---------------------------------------------------------------------------------------
 */

static enum rc feed(struct batch_csv *csv, const char *piece, size_t n, int64_t row_line,
                    struct err *e)
{
    if (memchr(piece, 0, n) != NULL)
        return refuse(csv, csv->line, "a zero byte. Is the file UTF-16? Save it as \"CSV UTF-8\".",
                      e);
    size_t taken = csv_parse(&csv->parser, piece, n, on_field, on_row, csv);
    if (taken != n) {
        if (csv_error(&csv->parser) != CSV_EPARSE)
            return ERR(e, RC_INTERNAL, "The file cannot be read.", "libcsv: %s",
                       csv_strerror(csv_error(&csv->parser)));
        /* "order_id";"amount": the quote ends, and no comma follows */
        bool separated = csv->n_header == 0 && strchr(SEPARATORS, piece[taken]) != NULL;
        return refuse(csv, csv->line, separated ? NO_COMMAS : BROKEN_QUOTE, e);
    }
    if (csv->fault == FAULT_NONE && csv->parser.entry_pos > LIMIT_CSV_FIELD_BYTES)
        csv->fault = FAULT_LONG;
    return csv->fault == FAULT_NONE ? RC_OK : refuse_fault(csv, row_line, e);
}

/* The last row when the file does not end with a line end. */
static enum rc finish(struct batch_csv *csv, int64_t row_line, struct err *e)
{
    if (csv_fini(&csv->parser, on_field, on_row, csv) != 0)
        return refuse(csv, row_line,
                      "a quote of this row is never closed. Close it, or double it within a value.",
                      e);
    return csv->fault == FAULT_NONE ? RC_OK : refuse_fault(csv, row_line, e);
}

/* Fills csv->cells and row->line, end_bytes, next_line, text. */
static enum rc read_row(struct batch_csv *csv, struct batch_csv_row *row, bool *end, struct err *e)
{
    enum rc rc = RC_OK;
    arena_clear(csv->row_arena);
    csv->n_cells = 0;
    csv->row_done = *end = false;
    buf_init(&csv->text, csv->row_arena);
    int64_t row_line = csv->line;
    while (rc == RC_OK && !csv->row_done && !*end) {
        const char *piece;
        size_t n, ending = 0;
        bool ends_line;
        rc = take_piece(csv, &piece, &n, &ends_line, e);
        if (rc != RC_OK)
            break;
        if (n == 0) {
            rc = finish(csv, row_line, e);
            *end = !csv->row_done;
            break;
        }
        rc = feed(csv, piece, n, row_line, e);
        csv->line += ends_line;
        if (csv->row_done)
            ending = n > 1 && piece[n - 2] == '\r' ? 2 : 1;
        else if (ends_line && csv->parser.entry_pos == 0 && csv->n_cells == 0 &&
                 csv->text.len == 0 && (piece[0] == '\n' || piece[0] == '\r')) {
            row_line = csv->line; /* an empty line */
            continue;
        }
        buf_add(&csv->text, piece, n - ending);
    }
    row->line = row_line;
    row->next_line = csv->line;
    row->end_bytes = csv->taken_bytes;
    row->text = buf_text(&csv->text);
    return rc;
}

static bool is_blank(const struct batch_csv *csv)
{
    return csv->n_cells == 1 && csv->cells[0][strspn(csv->cells[0], " \t")] == '\0';
}

static enum rc read_filled_row(struct batch_csv *csv, struct batch_csv_row *row, bool *end,
                               struct err *e)
{
    enum rc rc;
    do
        rc = read_row(csv, row, end, e);
    while (rc == RC_OK && !*end && is_blank(csv));
    return rc;
}

/* ---- the header ---------------------------------------------------------------------------------
 */

static bool is_comma_hint(const struct batch_csv *csv)
{
    return csv->n_cells == 2 && str_ieq(csv->cells[0], "sep=") && str_empty(csv->cells[1]);
}

static enum rc refuse_column(const struct batch_csv *csv, int64_t line, const char *before,
                             const char *name, const char *after, struct err *e)
{
    int cut = (int)str_utf8_cut(name, 60);
    return refuse(csv, line, arena_printf(csv->arena, "%s\"%.*s\"%s", before, cut, name, after), e);
}

static int find_column(const struct batch_csv *csv, const char *name)
{
    for (int i = 0; i < csv->n_columns; i++) {
        if (str_ieq(csv->columns[i].name, name))
            return i;
    }
    return -1;
}

static bool has_column(const struct batch_csv *csv, int column, int cells)
{
    for (int i = 0; i < cells; i++) {
        if (csv->column_of[i] == column)
            return true;
    }
    return false;
}

static enum rc take_header(struct batch_csv *csv, const struct batch_csv_row *row, struct err *e)
{
    if (csv->n_cells == 1 && strpbrk(csv->cells[0], SEPARATORS) != NULL)
        return refuse(csv, row->line, NO_COMMAS, e);
    csv->header_line = row->line;
    csv->column_of = arena_array(csv->arena, (size_t)csv->n_cells, sizeof *csv->column_of);
    for (int i = 0; i < csv->n_cells; i++) {
        const char *name = str_trim(csv->arena, csv->cells[i]);
        int column = find_column(csv, name);
        if (column < 0)
            return refuse_column(csv, row->line, "there is no column ", name,
                                 ". Take it out, or mend its name.", e);
        if (!csv->columns[column].ignored && has_column(csv, column, i))
            return refuse_column(csv, row->line, "the column ", name,
                                 " is there twice. Take one of them out.", e);
        csv->column_of[i] = column;
    }
    for (int i = 0; i < csv->n_columns; i++) {
        if (csv->columns[i].required && !has_column(csv, i, csv->n_cells))
            return refuse_column(csv, row->line, "the column ", csv->columns[i].name,
                                 " is missing. The first row must name the columns.", e);
    }
    csv->header = arena_strdup(csv->arena, row->text);
    csv->n_header = csv->n_cells;
    return RC_OK;
}

enum rc batch_csv_open(struct arena *a, const struct batch_csv_column *columns, int n_columns,
                       batch_csv_source *source, void *ctx, struct batch_csv **out, struct err *e)
{
    struct batch_csv_row row;
    bool end;
    struct batch_csv *csv = arena_alloc(a, sizeof *csv);
    *csv = (struct batch_csv){.arena = a,
                              .columns = columns,
                              .n_columns = n_columns,
                              .source = source,
                              .ctx = ctx,
                              .window = arena_alloc(a, WINDOW_BYTES),
                              .row_arena = arena_new(LIMIT_ARENA_ROW_BYTES),
                              .line = 1};
    CHECK(csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0);
    arena_defer(a, free_arena, csv->row_arena);
    arena_defer(a, free_parser, &csv->parser);
    csv_set_space_func(&csv->parser, no_space);
    enum rc rc = skip_bom(csv, e);
    if (rc == RC_OK)
        rc = read_filled_row(csv, &row, &end, e);
    if (rc == RC_OK && !end && is_comma_hint(csv))
        rc = read_filled_row(csv, &row, &end, e);
    if (rc == RC_OK && end)
        rc = refuse(csv, 1, "the file is empty; its first row must name the columns.", e);
    if (rc == RC_OK)
        rc = take_header(csv, &row, e);
    if (rc == RC_OK)
        *out = csv;
    return rc;
}

int64_t batch_csv_header_line(const struct batch_csv *csv)
{
    return csv->header_line;
}

const char *batch_csv_header(const struct batch_csv *csv)
{
    return csv->header;
}

void batch_csv_resume(struct batch_csv *csv, int64_t end_bytes, int64_t next_line)
{
    csv->at = csv->have = 0;
    csv->ended = false;
    csv->any_row = true;
    csv->taken_bytes = end_bytes;
    csv->line = next_line;
}

/* ---- values -------------------------------------------------------------------------------------
 */

static const char *clean(struct arena *a, const char *cell, bool verbatim)
{
    const char *value = (verbatim ? arena_strdup : str_trim)(a, cell);
    return value[0] == '\'' && value[1] != '\0' && strchr("=+-@", value[1]) ? value + 1 : value;
}

enum rc batch_csv_next(struct batch_csv *csv, struct arena *a, struct batch_csv_row *row, bool *end,
                       struct err *e)
{
    enum rc rc = read_filled_row(csv, row, end, e);
    if (rc != RC_OK)
        return rc;
    if (*end)
        return csv->any_row ? RC_OK : refuse(csv, csv->line, NO_ROWS, e);
    csv->any_row = true;
    if (csv->n_cells != csv->n_header)
        return refuse(
            csv, row->line,
            arena_printf(a, "it has %d cells, the header has %d. An empty value keeps its comma.",
                         csv->n_cells, csv->n_header),
            e);
    row->text = arena_strdup(a, row->text);
    row->cells = arena_array(a, (size_t)csv->n_columns, sizeof *row->cells);
    for (int i = 0; i < csv->n_cells; i++) {
        const struct batch_csv_column *column = &csv->columns[csv->column_of[i]];
        if (!column->ignored)
            row->cells[csv->column_of[i]] = clean(a, csv->cells[i], column->verbatim);
    }
    return RC_OK;
}
