#include "core/digest.h"
#include "core/json.h"
#include "core/str.h"
#include "ctl/ctl.h"
#include "store/audit.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- merchant
 * -------------------------------------------------------------------------------------- */

struct pick {
    struct ctl *c;
    const char *merchant_id; /* NULL: the only one */
    struct merchant *out;
};

static enum rc pick_merchant(struct sql *q, void *arg, struct err *e)
{
    struct pick *p = arg;
    struct merchant *rows;
    int count;
    if (p->merchant_id)
        return merchants_by_public_id(q, p->c->arena, p->merchant_id, p->out, e);
    enum rc rc = merchants_list(q, p->c->arena, &rows, &count, e);
    if (rc != RC_OK)
        return rc;
    if (count == 0)
        return ERR(e, RC_NOT_FOUND,
                   "There is no merchant yet: `refundctl merchant add` makes one, `refundctl demo` "
                   "a demo.",
                   "no merchant");
    if (count > 1)
        return ERR(e, RC_INVALID, "There are several merchants: name one with --merchant.",
                   "%d merchants", count);
    *p->out = rows[0];
    return RC_OK;
}

enum rc ctl_merchant(struct ctl *c, struct merchant *out, struct err *e)
{
    struct pick p = {c, ctl_option(c, "--merchant"), out};
    return sql_read(c->app.db, pick_merchant, &p, e);
}

enum rc ctl_audit(struct sql *q, struct ctl *c, int64_t merchant, const char *action,
                  const char *subject, const char *const *pairs, struct err *e)
{
    struct json_object *detail = json_object_in(c->arena);
    json_put_text(detail, "os_user", c->os_user);
    for (; pairs && pairs[0]; pairs += 2)
        json_put_text(detail, pairs[0], pairs[1]);
    struct audit_entry entry = {.merchant = merchant,
                                .at_ms = clock_wall_ms(&c->app.clock),
                                .actor = "refundctl",
                                .action = action,
                                .subject = subject,
                                .detail = json_write(c->arena, detail)};
    return audit_add(q, &entry, e);
}

const char *ctl_time(struct ctl *c, int64_t wall_ms)
{
    return wall_ms ? clock_iso(c->arena, wall_ms) : "-";
}

/* ---- files
 * ------------------------------------------------------------------------------------------ */

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        left -= (size_t)n;
    }
    return true;
}

enum rc ctl_write_file(struct ctl *c, const char *path, unsigned mode, const char *text,
                       struct err *e)
{
    uint8_t random[6];
    digest_random(random, sizeof random);
    const char *tmp =
        arena_printf(c->arena, "%s.%s", path, digest_hex(c->arena, random, sizeof random));
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written =
        fd >= 0 && write_all(fd, text) && fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && written) {
        written = false;
        why = errno;
    }
    if (written && rename(tmp, path) == 0)
        return RC_OK;
    if (written)
        why = errno;
    if (fd >= 0)
        unlink(tmp);
    return ERR(e, RC_IO,
               arena_printf(c->arena, "%.160s cannot be written: %s.", path, strerror(why)),
               "%s: %s", path, strerror(why));
}

enum rc ctl_read_file(struct ctl *c, const char *path, size_t max, char **text, size_t *n,
                      struct err *e)
{
    bool from_stdin = str_eq(path, "-");
    int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    char *data = arena_alloc(c->arena, max + 2);
    size_t got = 0;
    ssize_t piece = 0;
    while (fd >= 0 && got <= max) {
        piece = read(fd, data + got, max + 1 - got);
        if (piece < 0 && errno == EINTR)
            continue;
        if (piece <= 0)
            break;
        got += (size_t)piece;
    }
    int why = errno;
    if (fd >= 0 && !from_stdin)
        close(fd);
    if (fd < 0 || piece < 0)
        return ERR(e, RC_IO,
                   arena_printf(c->arena, "%.160s cannot be read: %s.", path, strerror(why)),
                   "%s: %s", path, strerror(why));
    if (got > max)
        return ERR(e, RC_TOO_LARGE,
                   arena_printf(c->arena, "%.160s is longer than %zu bytes.", path, max), "%s",
                   path);
    data[got] = '\0';
    *text = data;
    *n = got;
    return RC_OK;
}
