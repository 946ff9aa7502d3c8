#include "sql/private.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int open_beside(const char *path, const char *suffix)
{
    char name[4096];
    int n = snprintf(name, sizeof name, "%s%s", path, suffix);
    if (n < 0 || (size_t)n >= sizeof name) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(name, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
}

enum rc sql_lock_open(struct sql_lock *l, const char *path, struct err *e)
{
    l->write_fd = -1;
    l->turnstile_fd = open_beside(path, "-turnstile");
    if (l->turnstile_fd >= 0)
        l->write_fd = open_beside(path, "-write");
    if (l->write_fd >= 0)
        return RC_OK;
    int why = errno;
    sql_lock_close(l);
    return ERR(e, RC_IO, "The lock files beside the database cannot be opened.", "%s: %s", path,
               strerror(why));
}

void sql_lock_close(struct sql_lock *l)
{
    if (l->turnstile_fd >= 0)
        close(l->turnstile_fd);
    if (l->write_fd >= 0)
        close(l->write_fd);
    l->turnstile_fd = l->write_fd = -1;
}

static int flock_retry(int fd, int operation)
{
    int rc;
    do
        rc = flock(fd, operation);
    while (rc != 0 && errno == EINTR);
    return rc;
}

enum rc sql_lock_take(struct sql_lock *l, struct err *e)
{
    int why = 0;
    if (flock_retry(l->turnstile_fd, LOCK_EX) != 0)
        why = errno;
    else if (flock_retry(l->write_fd, LOCK_EX) != 0)
        why = errno;
    (void)flock_retry(l->turnstile_fd, LOCK_UN);
    if (why != 0)
        return ERR(e, RC_IO, "The database cannot be locked.", "flock: %s", strerror(why));
    return RC_OK;
}

void sql_lock_release(struct sql_lock *l)
{
    CHECK(flock_retry(l->write_fd, LOCK_UN) == 0);
}

enum rc sql_presence_open(int *fd, const char *path, bool alone, struct err *e)
{
    *fd = open_beside(path, "-presence");
    if (*fd >= 0 && flock_retry(*fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
        return RC_OK;
    int why = errno;
    if (*fd < 0 || why != EWOULDBLOCK)
        return ERR(e, RC_IO, "The lock files beside the database cannot be opened.", "%s: %s", path,
                   strerror(why));
    return ERR(e, RC_BUSY,
               alone ? "Another program has this database open. Stop the desk first."
                     : "An offline import has this database alone. Try again when it has ended.",
               "%s-presence is locked", path);
}
