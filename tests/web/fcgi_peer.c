#include "web/fcgi_peer.h"

#include "core/str.h"
#include "support/suite.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int peer_dial(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    ck_assert(str_copy(at.sun_path, sizeof at.sun_path, path));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

void peer_send_record(int fd, enum peer_record type, const void *data, size_t n)
{
    unsigned char head[8] = {1, (unsigned char)type,     0,
                             1, (unsigned char)(n >> 8), (unsigned char)(n & 255)};
    ssize_t sent = send(fd, head, sizeof head, MSG_NOSIGNAL);
    if (sent < 0 && errno == EPIPE && type == PEER_STDIN && n == 0)
        return; /* what had no body was answered before its end was told */
    ck_assert_int_eq(sent, sizeof head);
    if (n > 0)
        ck_assert_int_eq(send(fd, data, n, MSG_NOSIGNAL), (ssize_t)n);
}

static void add_param(char *out, size_t *n, const char *name, const char *value)
{
    out[(*n)++] = (char)strlen(name);
    out[(*n)++] = (char)strlen(value);
    memcpy(out + *n, name, strlen(name));
    *n += strlen(name);
    memcpy(out + *n, value, strlen(value));
    *n += strlen(value);
}

int peer_send_head(const char *path, const char *method, const char *target, const char *length)
{
    static const unsigned char ROLE[8] = {0, 1, 0};
    char params[1024];
    size_t n = 0;
    int fd = peer_dial(path);
    peer_send_record(fd, PEER_BEGIN, ROLE, sizeof ROLE);
    add_param(params, &n, "REQUEST_METHOD", method);
    add_param(params, &n, "REQUEST_URI", target);
    add_param(params, &n, "REMOTE_ADDR", "192.0.2.1");
    add_param(params, &n, "CONTENT_TYPE", "application/x-www-form-urlencoded");
    if (length)
        add_param(params, &n, "CONTENT_LENGTH", length);
    peer_send_record(fd, PEER_PARAMS, params, n);
    peer_send_record(fd, PEER_PARAMS, NULL, 0);
    return fd;
}

int peer_send_request(const char *path, const char *method, const char *target, const char *length,
                      const char *body, size_t body_n)
{
    int fd = peer_send_head(path, method, target, length);
    for (size_t at = 0; at < body_n; at += PEER_RECORD_MAX)
        peer_send_record(fd, PEER_STDIN, body + at,
                         body_n - at < PEER_RECORD_MAX ? body_n - at : PEER_RECORD_MAX);
    peer_send_record(fd, PEER_STDIN, NULL, 0);
    return fd;
}

static bool receive_exactly(int fd, void *out, size_t n)
{
    char *at = out;
    while (n > 0) {
        ssize_t got = recv(fd, at, n, 0);
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

char *peer_receive(int fd)
{
    size_t total = 0;
    char *answer = calloc(1, 1 << 20);
    char padding[256];
    unsigned char head[8];
    bool ended = false;
    while (!ended && receive_exactly(fd, head, sizeof head)) {
        size_t n = (size_t)head[4] << 8 | head[5];
        ended = head[1] == PEER_END;
        if (head[1] == PEER_STDOUT) {
            ck_assert_uint_lt(total + n, 1 << 20);
            ck_assert(receive_exactly(fd, answer + total, n));
            total += n;
        } else if (n > 0) {
            ck_assert_uint_le(n, sizeof padding);
            ck_assert(receive_exactly(fd, padding, n));
        }
        if (head[6] > 0)
            ck_assert(receive_exactly(fd, padding, head[6]));
    }
    ck_assert_msg(ended, "no end of the request");
    close(fd);
    return answer;
}

const char *peer_body(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    ck_assert_ptr_nonnull(end);
    return end + 4;
}

void peer_expect(int fd, const char *status, const char *body)
{
    char *answer = peer_receive(fd);
    ck_assert_msg(str_starts(answer, status), "%.80s", answer);
    if (body)
        ck_assert_str_eq(peer_body(answer), body);
    free(answer);
}
