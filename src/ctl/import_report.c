#include "ctl/import.h"

#include "core/json.h"
#include "core/str.h"
#include "refund/mask.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rc cannot_write(const struct import_report *r, int why, struct err *e)
{
    return ERR(e, RC_IO, "The report of refused lines cannot be written; --report names another.",
               "%s: %s", r->path, strerror(why));
}

static enum rc begin_new(struct import_report *r, struct arena *a, const char *csv_header,
                         int64_t *report_bytes, struct err *e)
{
    const char *header = csv_header != NULL ? arena_printf(a, "%s,error\n", csv_header) : "";
    *report_bytes = (int64_t)strlen(header);
    return import_report_put(r, 0, header, strlen(header), e);
}

enum rc import_report_open(struct ctl *c, const char *path, const char *csv_header,
                           struct import_report *out, int64_t *report_bytes, struct err *e)
{
    struct stat st;
    *out = (struct import_report){.path = path,
                                  .fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600),
                                  .is_csv = csv_header != NULL};
    if (out->fd < 0 || fstat(out->fd, &st) != 0)
        return cannot_write(out, errno, e);
    if (!S_ISREG(st.st_mode))
        return ERR(e, RC_INVALID, "The report of refused lines must be a file.", "%s", path);
    if (*report_bytes > 0 && st.st_size < *report_bytes)
        return ERR(e, RC_CONFLICT,
                   "The report of the lines refused so far is not there any more. Put it back, or "
                   "name it with --report.",
                   "%s has %lld bytes of %lld", path, (long long)st.st_size,
                   (long long)*report_bytes);
    if (ftruncate(out->fd, *report_bytes) != 0)
        return cannot_write(out, errno, e);
    return *report_bytes > 0 ? RC_OK : begin_new(out, c->arena, csv_header, report_bytes, e);
}

/* Bytes that are no text become U+FFFD. */
static const char *shown(struct arena *a, const char *text, size_t n)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t at = 0; at < n;) {
        size_t length = text[at] != '\0' ? str_utf8_next(text + at, n - at) : 0;
        if (length > 0)
            buf_add(&b, text + at, length);
        else
            buf_puts(&b, "\xef\xbf\xbd");
        at += length > 0 ? length : 1;
    }
    return mask_text(a, buf_text(&b));
}

static void put_quoted(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_puts(out, "\"\n");
}

void import_report_entry(const struct import_report *r, struct arena *a,
                         const struct import_line *l, const char *why, struct buf *out)
{
    const char *text = shown(a, l->text, l->text_bytes);
    if (r->is_csv) {
        buf_puts(out, text);
        buf_putc(out, ',');
        put_quoted(out, arena_printf(a, "line %lld: %s", (long long)l->line, why));
        return;
    }
    struct json_object *entry = json_object_in(a);
    json_put_int(entry, "line", l->line);
    json_put_text(entry, "error", why);
    json_put_text(entry, "text", text);
    buf_puts(out, json_write(a, entry));
    buf_putc(out, '\n');
}

enum rc import_report_put(const struct import_report *r, int64_t at_bytes, const char *text,
                          size_t n, struct err *e)
{
    while (n > 0) {
        ssize_t done = pwrite(r->fd, text, n, at_bytes);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return cannot_write(r, errno, e);
        text += done;
        at_bytes += done;
        n -= (size_t)done;
    }
    return RC_OK;
}

enum rc import_report_close(struct import_report *r, bool has_entries, struct err *e)
{
    if (r->fd < 0)
        return RC_OK;
    bool kept = fsync(r->fd) == 0;
    int why = errno;
    close(r->fd);
    r->fd = -1;
    if (!has_entries)
        unlink(r->path);
    return kept ? RC_OK : cannot_write(r, why, e);
}
