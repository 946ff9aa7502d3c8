#include "core/app.h"
#include "core/limits.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void app_wake_open(struct app *app)
{
    app->wake_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (app->wake_fd < 0)
        log_event(&app->log, LOG_WARN, "no_wake_socket", "why", strerror(errno), NULL);
}

void app_wake_close(struct app *app)
{
    if (app->wake_fd >= 0)
        close(app->wake_fd);
    app->wake_fd = -1;
}

void app_wake_worker(const struct app *app)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const char *path = app->config.wake_socket;
    _Static_assert(sizeof to.sun_path > LIMIT_SOCKET_PATH_BYTES, "room for the path");
    if (app->wake_fd < 0 || !path || !*path)
        return;
    int n = *path == '/'
                ? snprintf(to.sun_path, sizeof to.sun_path, "%s", path)
                : snprintf(to.sun_path, sizeof to.sun_path, "%s/%s", app->config.home, path);
    if (n < 0 || (size_t)n >= sizeof to.sun_path)
        return;
    /* No worker, or its queue is full: it will look by itself. */
    (void)sendto(app->wake_fd, "", 1, MSG_NOSIGNAL, (const struct sockaddr *)&to, sizeof to);
}
