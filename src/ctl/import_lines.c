#include "ctl/import.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_csv.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    WINDOW_BYTES = (int)LIMIT_IMPORT_LINE_BYTES + (64 << 10),
    SHOWN_BYTES = 1000, /* of a line that is too long, in the report */
};

struct import_lines {
    const struct import_file *file;
    const char *currency;
    int64_t source_bytes;  /* where the next read begins */
    struct batch_csv *csv; /* NULL: JSON lines, which have a window of their own */
    char *window;          /* at … have are not taken yet */
    size_t at, have;
    bool ended;
    int64_t line, taken_bytes;
};

static ssize_t read_on(void *ctx, char *to, size_t room)
{
    struct import_lines *l = ctx;
    ssize_t n = pread(l->file->fd, to, room, l->source_bytes);
    l->source_bytes += n > 0 ? n : 0;
    return n;
}

enum rc import_lines_open(struct arena *a, const struct import_file *f, int64_t position_bytes,
                          int64_t next_line, const char *currency, struct import_lines **out,
                          struct err *e)
{
    struct import_lines *l = arena_alloc(a, sizeof *l);
    *l = (struct import_lines){.file = f, .currency = currency, .line = next_line};
    *out = l;
    if (f->is_csv) {
        int n_columns;
        const struct batch_csv_column *columns = import_csv_columns(&n_columns);
        enum rc rc = batch_csv_open(a, columns, n_columns, read_on, l, &l->csv, e);
        if (rc == RC_OK && position_bytes > 0) {
            batch_csv_resume(l->csv, position_bytes, next_line);
            l->source_bytes = position_bytes;
        }
        return rc;
    }
    l->window = arena_alloc(a, WINDOW_BYTES);
    l->source_bytes = l->taken_bytes = position_bytes;
    return RC_OK;
}

const char *import_lines_header(const struct import_lines *l)
{
    return l->csv != NULL ? batch_csv_header(l->csv) : NULL;
}

/* ---- judging a line ----------------------------------------------------------------------------
 */

static const char *faults_text(struct arena *a, const struct intake_fault *faults, int n)
{
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s%s %s", i > 0 ? "; " : "", faults[i].field, faults[i].reason);
    return buf_text(&b);
}

/* Fills news or why. */
static enum rc judge(struct arena *a, struct json_object *told, struct import_line *out,
                     struct err *e)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct order_news *news = NULL;
    int n = 0;
    if (!json_object_is_type(told, json_type_object)) {
        out->why = "it is not a JSON object";
        return RC_OK;
    }
    enum rc rc = order_news_read(a, told, &news, faults, &n, e);
    if (rc == RC_OK && n > 0)
        out->why = faults_text(a, faults, n);
    out->news = news;
    return rc;
}

static enum rc judge_json(struct arena *a, struct import_line *out, struct err *e)
{
    struct json_object *told;
    struct err wrong;
    if (json_read(a, out->text, out->text_bytes, &told, &wrong) == RC_OK)
        return judge(a, told, out, e);
    out->why = arena_strdup(a, wrong.text);
    return RC_OK;
}

/* ---- JSON lines --------------------------------------------------------------------------------
 */

static enum rc fill(struct import_lines *l, struct err *e)
{
    memmove(l->window, l->window + l->at, l->have - l->at);
    l->have -= l->at;
    l->at = 0;
    while (!l->ended && l->have < WINDOW_BYTES) {
        ssize_t n = read_on(l, l->window + l->have, WINDOW_BYTES - l->have);
        if (n < 0)
            return ERR(e, RC_IO, "The file cannot be read.", "%s: %s", l->file->path,
                       strerror(errno));
        l->ended = n == 0;
        l->have += (size_t)n;
    }
    return RC_OK;
}

static void take(struct import_lines *l, size_t n)
{
    l->at += n;
    l->taken_bytes += (int64_t)n;
}

/* Over the rest of a line that has no end within the window. */
static enum rc skip_line(struct import_lines *l, struct err *e)
{
    for (;;) {
        const char *from = l->window + l->at, *end = memchr(from, '\n', l->have - l->at);
        take(l, end != NULL ? (size_t)(end - from) + 1 : l->have - l->at);
        if (end != NULL || l->ended)
            return RC_OK;
        enum rc rc = fill(l, e);
        if (rc != RC_OK)
            return rc;
    }
}

/* The text of the next line, blank or not. *end: there is none. */
static enum rc take_line(struct import_lines *l, struct arena *a, struct import_line *out,
                         bool *end, struct err *e)
{
    const char *from = l->window + l->at, *stop = NULL;
    enum rc rc = RC_OK;
    if (l->have > l->at)
        stop = memchr(from, '\n', l->have - l->at);
    if (stop == NULL && !l->ended) {
        rc = fill(l, e);
        from = l->window + l->at;
        stop = memchr(from, '\n', l->have - l->at);
    }
    size_t n = stop != NULL ? (size_t)(stop - from) : l->have - l->at;
    *end = rc == RC_OK && stop == NULL && n == 0;
    if (rc != RC_OK || *end)
        return rc;
    bool too_long = n > LIMIT_IMPORT_LINE_BYTES;
    size_t bom = l->taken_bytes == 0 && n >= 3 && memcmp(from, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t kept = too_long ? SHOWN_BYTES : n;
    kept -= kept > 0 && !too_long && from[kept - 1] == '\r';
    *out = (struct import_line){.line = l->line, .text_bytes = kept > bom ? kept - bom : 0};
    out->text = arena_strndup(a, from + bom, out->text_bytes);
    if (too_long) {
        out->why = "it is longer than 65536 bytes";
        _Static_assert(LIMIT_IMPORT_LINE_BYTES == 65536, "the text above");
    }
    if (stop != NULL)
        take(l, n + 1);
    else
        rc = skip_line(l, e);
    out->next_line = ++l->line;
    out->end_bytes = l->taken_bytes;
    return rc;
}

static enum rc next_json(struct import_lines *l, struct arena *a, struct import_line *out,
                         bool *end, struct err *e)
{
    enum rc rc;
    do
        rc = take_line(l, a, out, end, e);
    while (rc == RC_OK && !*end && out->text[strspn(out->text, " \t")] == '\0' &&
           strlen(out->text) == out->text_bytes);
    return rc == RC_OK && !*end && out->why == NULL ? judge_json(a, out, e) : rc;
}

/* ---- CSV ---------------------------------------------------------------------------------------
 */

static enum rc next_row(struct import_lines *l, struct arena *a, struct import_line *out, bool *end,
                        struct err *e)
{
    struct batch_csv_row row;
    enum rc rc = batch_csv_next(l->csv, a, &row, end, e);
    if (rc != RC_OK || *end)
        return rc;
    *out = (struct import_line){.line = row.line,
                                .next_line = row.next_line,
                                .end_bytes = row.end_bytes,
                                .text = row.text,
                                .text_bytes = strlen(row.text)};
    struct json_object *order = import_csv_order(a, row.cells, l->currency, &out->why);
    return order != NULL ? judge(a, order, out, e) : RC_OK;
}

enum rc import_lines_next(struct import_lines *l, struct arena *a, struct import_line *out,
                          bool *end, struct err *e)
{
    return l->csv != NULL ? next_row(l, a, out, end, e) : next_json(l, a, out, end, e);
}
