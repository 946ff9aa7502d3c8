#include "notify/mail_file.h"

#include "core/id.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rc fault(const char *path, struct err *e)
{
    int why = errno;
    return ERR(e, RC_IO, "A mail cannot be written to its folder.", "%s: %s", path, strerror(why));
}

static bool write_whole(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

/* Closes fd in any case. */
static bool finish(int fd, bool ok)
{
    ok = ok && fsync(fd) == 0;
    int why = errno;
    ok = close(fd) == 0 && ok;
    errno = why;
    return ok;
}

enum rc mail_file_write(struct arena *a, const char *folder, int64_t id, const struct buf *message,
                        const char **path, struct err *e)
{
    const char *name = arena_printf(a, "%s.eml", id_text(a, id));
    const char *aside = arena_printf(a, ".%s.part", name);
    *path = arena_printf(a, "%s/%s", folder, name);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fault(folder, e);
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return fault(folder, e);
    int fd = openat(dir, aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    enum rc rc = RC_OK;
    if (fd < 0 || !finish(fd, write_whole(fd, message->data, message->len)) ||
        renameat(dir, aside, dir, name) != 0)
        rc = fault(*path, e);
    if (!finish(dir, rc == RC_OK) && rc == RC_OK)
        rc = fault(folder, e);
    return rc;
}
