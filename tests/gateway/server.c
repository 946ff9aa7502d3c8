#include "server.h"
#include "core/err.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static int bind_any(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t at_n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&at, &at_n) == 0);
    *port = ntohs(at.sin_port);
    return fd;
}

int server_closed_port(int *fd)
{
    int port;

    *fd = bind_any(&port);
    return port;
}

/* True when `fd` became readable, false when the server was told to stop. */
static bool wait_for(const struct server *s, int fd)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = s->stop_fd, .events = POLLIN}};

    CHECK(poll(fds, 2, -1) > 0);
    return fds[1].revents == 0;
}

static bool is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strcasestr(request, "\r\nContent-Length:");

    if (!end)
        return false;
    return !length || strlen(end + 4) >= strtoul(length + 17, NULL, 10);
}

static bool read_request(struct server *s, int fd)
{
    size_t n = 0;

    s->last_request[0] = '\0';
    while (n + 1 < sizeof s->last_request && wait_for(s, fd)) {
        ssize_t got = recv(fd, s->last_request + n, sizeof s->last_request - 1 - n, 0);

        if (got <= 0)
            return false;
        n += (size_t)got;
        s->last_request[n] = '\0';
        if (is_whole(s->last_request)) {
            s->requests++;
            return true;
        }
    }
    return false;
}

static void send_all(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, data, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        data += sent;
        n -= (size_t)sent;
    }
}

static void reset(int fd)
{
    struct linger hard = {.l_onoff = 1};

    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard) == 0);
}

/* Returns the descriptor when it is to stay open, else -1. */
static int serve(struct server *s, const struct server_step *step, int fd)
{
    if (read_request(s, fd) && step->reply)
        send_all(fd, step->reply, step->reply_n ? step->reply_n : strlen(step->reply));
    if (step->then == THEN_KEEP_OPEN)
        return fd;
    if (step->then == THEN_NEXT)
        (void)read_request(s, fd);
    if (step->then == THEN_HOLD) {
        struct pollfd stop = {.fd = s->stop_fd, .events = POLLIN};

        CHECK(poll(&stop, 1, -1) > 0);
    }
    if (step->then == THEN_RESET || step->then == THEN_NEXT)
        reset(fd);
    close(fd);
    return -1;
}

static void *run(void *arg)
{
    struct server *s = arg;
    int kept[SERVER_STEPS];

    for (int i = 0; i < s->n_steps; i++) {
        int fd;

        kept[i] = -1;
        if (!wait_for(s, s->fd))
            continue;
        fd = accept(s->fd, NULL, NULL);
        CHECK(fd >= 0);
        s->connections++;
        kept[i] = serve(s, &s->steps[i], fd);
    }
    for (int i = 0; i < s->n_steps; i++)
        if (kept[i] >= 0)
            close(kept[i]);
    return NULL;
}

void server_start(struct server *s, const struct server_step *steps, int n_steps)
{
    CHECK(n_steps <= SERVER_STEPS);
    *s = (struct server){.n_steps = n_steps, .stop_fd = eventfd(0, EFD_CLOEXEC)};
    memcpy(s->steps, steps, (size_t)n_steps * sizeof *steps);
    s->fd = bind_any(&s->port);
    CHECK(s->stop_fd >= 0 && listen(s->fd, 16) == 0);
    CHECK(pthread_create(&s->thread, NULL, run, s) == 0);
}

void server_stop(struct server *s)
{
    CHECK(eventfd_write(s->stop_fd, 1) == 0);
    CHECK(pthread_join(s->thread, NULL) == 0);
    close(s->fd);
    close(s->stop_fd);
}
