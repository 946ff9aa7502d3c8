#include "ctl/import.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_csv.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEEK_BYTES = 512, READ_BYTES = 256 << 10 };

static enum rc cannot_read(struct arena *a, const char *path, const char *why, struct err *e)
{
    return ERR(e, RC_IO, arena_printf(a, "%.120s cannot be read: %s.", path, why), "%s: %s", path,
               why);
}

/* What begins like this is something else. */
static const struct {
    const char *bytes;
    size_t n;
    const char *mend;
} OTHERS[] = {
    {"\x1f\x8b", 2, "is compressed. Unpack it first: gunzip FILE"},
    {"\x28\xb5\x2f\xfd", 4, "is compressed. Unpack it first: unzstd FILE"},
    {"\xfd"
     "7zXZ",
     5, "is compressed. Unpack it first: unxz FILE"},
    {"BZh", 3, "is compressed. Unpack it first: bunzip2 FILE"},
    {"PK\x03\x04", 4, "is a zip or a workbook. Unpack it, or save the sheet as \"CSV UTF-8\""},
    {"\xff\xfe", 2, "is UTF-16. Save it as UTF-8"},
    {"\xfe\xff", 2, "is UTF-16. Save it as UTF-8"},
};

/* JSON lines begin with {, after a BOM and blanks. */
static enum rc find_out(struct arena *a, struct import_file *f, struct err *e)
{
    char head[PEEK_BYTES + 1];
    ssize_t n = pread(f->fd, head, PEEK_BYTES, 0);
    if (n < 0)
        return cannot_read(a, f->path, strerror(errno), e);
    head[n] = '\0';
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
        if ((size_t)n >= OTHERS[i].n && memcmp(head, OTHERS[i].bytes, OTHERS[i].n) == 0)
            return ERR(e, RC_INVALID, arena_printf(a, "%.100s %s.", f->path, OTHERS[i].mend), "%s",
                       f->path);
    }
    const char *text = head + (str_starts(head, "\xef\xbb\xbf") ? 3 : 0);
    text += strspn(text, " \t\r\n");
    if (*text == '\0')
        return ERR(e, RC_INVALID,
                   arena_printf(a, "%.100s is empty: there is nothing to import.", f->path), "%s",
                   f->path);
    f->is_csv = *text != '{';
    return RC_OK;
}

enum rc import_file_open(struct ctl *c, const char *path, struct import_file *out, struct err *e)
{
    struct stat st;
    *out = (struct import_file){.path = path,
                                .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (out->fd < 0)
        return cannot_read(c->arena, path, strerror(errno), e);
    enum rc rc;
    if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode))
        rc = ERR(e, RC_INVALID,
                 arena_printf(c->arena,
                              "%.100s is not a file. An import is read twice and may go on later: "
                              "save what comes through a pipe first.",
                              path),
                 "%s", path);
    else
        rc = find_out(c->arena, out, e);
    if (rc != RC_OK)
        import_file_close(out);
    out->size_bytes = st.st_size;
    return rc;
}

void import_file_close(struct import_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

/* ---- the sum -----------------------------------------------------------------------------------
 */

struct summing {
    const struct import_file *file;
    struct digest_sum *sum;
    int64_t at_bytes;
    struct progress progress;
};

static ssize_t read_and_sum(void *ctx, char *to, size_t room)
{
    struct summing *s = ctx;
    ssize_t n = pread(s->file->fd, to, room, s->at_bytes);
    if (n > 0) {
        digest_sum_add(s->sum, to, (size_t)n);
        s->at_bytes += n;
        progress_step(&s->progress, s->at_bytes, 0);
    }
    return n;
}

static enum rc check_rows(struct arena *a, struct summing *s, struct err *e)
{
    struct batch_csv *csv;
    struct batch_csv_row row;
    int n_columns;
    const struct batch_csv_column *columns = import_csv_columns(&n_columns);
    struct arena *of_row = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    bool end = false;
    enum rc rc = batch_csv_open(a, columns, n_columns, read_and_sum, s, &csv, e);
    while (rc == RC_OK && !end) {
        arena_clear(of_row);
        rc = batch_csv_next(csv, of_row, &row, &end, e);
    }
    arena_free(of_row);
    return rc;
}

static enum rc sum_bytes(struct arena *a, struct summing *s, struct err *e)
{
    char *bytes = arena_alloc(a, READ_BYTES);
    ssize_t n;
    do
        n = read_and_sum(s, bytes, READ_BYTES);
    while (n > 0);
    return n == 0 ? RC_OK : cannot_read(a, s->file->path, strerror(errno), e);
}

enum rc import_file_sum(struct arena *a, struct import_file *f, struct err *e)
{
    struct summing s = {.file = f, .sum = digest_sum_new(a)};
    progress_begin(&s.progress, "checking", f->size_bytes, 0, 0);
    enum rc rc = f->is_csv ? check_rows(a, &s, e) : sum_bytes(a, &s, e);
    progress_end(&s.progress);
    digest_sum_end(s.sum, f->sha256);
    return rc;
}
