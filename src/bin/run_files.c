#include "bin/run_files.h"
#include "core/json.h"
#include "core/str.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 64 << 10, STOP_S = 10 };

static const char PLAIN[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+@,:~=-";

static enum rc refuse_path(struct arena *a, const char *path, struct err *e)
{
    if (path[strspn(path, PLAIN)] == '\0')
        return RC_OK;
    return ERR(e, RC_INVALID,
               arena_printf(a,
                            "the path %.120s has a space or a character that lighttpd's command "
                            "lines cannot carry: use another folder",
                            path),
               "path %s", path);
}

static enum rc make_folder(struct arena *a, const char *path, struct err *e)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return RC_OK;
    int why = errno;
    return ERR(e, RC_IO, arena_printf(a, "%.150s cannot be made: %s", path, strerror(why)),
               "mkdir %s", path);
}

static enum rc take_lock(struct arena *a, const char *home, struct err *e)
{
    /* Kept open by design: the lock ends with the process. */
    int fd = open(arena_printf(a, "%s/run/lock", home), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return RC_OK;
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (why == EWOULDBLOCK)
        return ERR(e, RC_CONFLICT,
                   arena_printf(a, "another refunddesk runs in %.150s: end it first", home),
                   "flock %s", home);
    return ERR(e, RC_IO, arena_printf(a, "%.150s cannot be locked: %s", home, strerror(why)),
               "lock in %s", home);
}

enum rc run_files_prepare(struct arena *a, const struct run_place *p, struct err *e)
{
    const char *folders[] = {p->home, arena_printf(a, "%s/run", p->home),
                             arena_printf(a, "%s/run/uploads", p->home)};
    const char *paths[] = {p->home, p->programs, p->source};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < sizeof paths / sizeof *paths && rc == RC_OK; i++)
        rc = refuse_path(a, paths[i], e);
    for (size_t i = 0; i < sizeof folders / sizeof *folders && rc == RC_OK; i++)
        rc = make_folder(a, folders[i], e);
    return rc == RC_OK ? take_lock(a, p->home, e) : rc;
}

static enum rc read_all(struct arena *a, const char *path, char **text, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), why = errno;
    size_t n = 0;
    ssize_t got = fd < 0 ? -1 : 1;
    *text = arena_alloc(a, FILE_MAX_BYTES + 1);
    while (got > 0 && n < FILE_MAX_BYTES) {
        got = read(fd, *text + n, FILE_MAX_BYTES - n);
        why = errno;
        n += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    if (got == 0)
        return RC_OK;
    return ERR(e, RC_IO,
               arena_printf(a, "%.150s cannot be read: %s", path,
                            got > 0 ? "it is too large" : strerror(why)),
               "read %s", path);
}

/* All of it or nothing, 0600. */
static enum rc write_all(struct arena *a, const char *path, const char *text, struct err *e)
{
    const char *fresh = arena_printf(a, "%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;
    ok = (fd < 0 || close(fd) == 0) && ok;
    if (ok && rename(fresh, path) == 0)
        return RC_OK;
    int why = errno;
    return ERR(e, RC_IO, arena_printf(a, "%.150s cannot be written: %s", path, strerror(why)),
               "write %s", path);
}

struct word {
    const char *name, *value;
};

/* Every @NAME@ of the list by its value. */
static const char *fill(struct arena *a, const char *text, const struct word *words)
{
    struct buf b;
    buf_init(&b, a);
    while (*text) {
        const struct word *w = words;
        while (w->name && !str_starts(text, w->name))
            w++;
        if (w->name) {
            buf_puts(&b, w->value);
            text += strlen(w->name);
        } else {
            buf_putc(&b, *text++);
        }
    }
    return buf_text(&b);
}

static enum rc fill_file(struct arena *a, const char *from, const char *to,
                         const struct word *words, struct err *e)
{
    char *text;
    enum rc rc = read_all(a, from, &text, e);
    return rc == RC_OK ? write_all(a, to, fill(a, text, words), e) : rc;
}

enum rc run_files_lighttpd(struct arena *a, const struct run_place *p, struct err *e)
{
    const struct word words[] = {
        {"@CONF_DIR@", arena_printf(a, "%s/lighttpd", p->source)},
        {"@RUN_DIR@", arena_printf(a, "%s/run", p->home)},
        {"@ERRORS_DIR@", arena_printf(a, "%s/lighttpd/errors", p->programs)},
        {"@STATIC_DIR@", arena_printf(a, "%s/static", p->source)},
        {"@VENDOR_DIR@", arena_printf(a, "%s/static/vendor", p->programs)},
        {"@PORTAL_PORT@", arena_printf(a, "%" PRId64, p->ports.portal)},
        {"@API_PORT@", arena_printf(a, "%" PRId64, p->ports.api)},
        {"@PORTAL_COMMAND@",
         arena_printf(a, "%s/refunddesk-portal --home %s", p->programs, p->home)},
        {"@API_COMMAND@", arena_printf(a, "%s/refunddesk-api --home %s", p->programs, p->home)},
        {"@STOP_S@", arena_printf(a, "%d", STOP_S)},
        {NULL, NULL},
    };
    enum rc rc = fill_file(a, arena_printf(a, "%s/lighttpd/refunddesk.conf.in", p->source),
                           arena_printf(a, "%s/run/lighttpd.conf", p->home), words, e);
    if (rc != RC_OK)
        return rc;
    return fill_file(a, arena_printf(a, "%s/lighttpd/errors.lua.in", p->source),
                     arena_printf(a, "%s/run/errors.lua", p->home), words, e);
}

bool run_files_demo_wanted(struct arena *a, const struct run_place *p)
{
    const char *mark = arena_printf(a, "%s/run/demo-unfinished", p->home);
    if (access(mark, F_OK) == 0)
        return true;
    if (access(arena_printf(a, "%s/refunddesk.db", p->home), F_OK) == 0)
        return false;
    int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return true;
}

void run_files_demo_done(struct arena *a, const struct run_place *p)
{
    unlink(arena_printf(a, "%s/run/demo-unfinished", p->home));
}

char *run_files_url(struct arena *a, int64_t port)
{
    return arena_printf(a, "http://127.0.0.1:%" PRId64, port);
}

static const char *show(struct arena *a, struct json_object *doc)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "  merchant   %s (its API key is in demo/credentials.json)\n",
               str_or(json_text(a, doc, "merchant_id"), ""));
    struct json_object *users = json_get(doc, "users");
    size_t n = json_object_is_type(users, json_type_array) ? json_object_array_length(users) : 0;
    for (size_t i = 0; i < n; i++) {
        struct json_object *u = json_object_array_get_idx(users, i);
        buf_printf(&b, "  user       %-10s password %s\n", str_or(json_text(a, u, "name"), ""),
                   str_or(json_text(a, u, "password"), ""));
    }
    return buf_text(&b);
}

enum rc run_files_credentials(struct arena *a, const struct run_place *p, const char **shown,
                              struct err *e)
{
    const char *path = arena_printf(a, "%s/demo/credentials.json", p->home);
    *shown = "";
    if (access(path, F_OK) != 0)
        return RC_OK;
    char *text;
    struct json_object *doc;
    enum rc rc = read_all(a, path, &text, e);
    if (rc == RC_OK)
        rc = json_read(a, text, strlen(text), &doc, e);
    if (rc != RC_OK)
        return rc;
    json_put_text(doc, "portal_url", run_files_url(a, p->ports.portal));
    json_put_text(doc, "api_url", run_files_url(a, p->ports.api));
    *shown = show(a, doc);
    return write_all(a, path, json_write(a, doc), e);
}
