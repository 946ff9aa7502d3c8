#include "worker/worker.h"

#include "core/str.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum rc worker_open_wake(struct worker *w, struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct arena *a = arena_new(1u << 16);
    const char *path = config_path(a, &w->app->config, w->app->config.wake_socket);
    enum rc rc = RC_OK;

    if (!str_copy(at.sun_path, sizeof at.sun_path, path)) {
        rc = ERR(e, RC_INVALID,
                 "The path of the wake-up socket is too long: set worker.wake_socket.", "%s", path);
        goto out;
    }
    w->wake_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(path);
    if (w->wake_fd < 0 || bind(w->wake_fd, (struct sockaddr *)&at, sizeof at) != 0)
        rc = ERR(e, RC_IO, "The wake-up socket cannot be made.", "%s: %s", path, strerror(errno));
out:
    arena_free(a);
    return rc;
}
