#include "simgate/simgate.h"
#include "core/str.h"
#include "simgate/queries.h"
#include "simgate/routes.h"
#include "sql/sql.h"
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVICE_ARENA_BYTES (4u << 20)
#define THREAD_STACK_BYTES  (256u << 10)
#define IDLE_TIMEOUT_S      30u
#define SLOW_PIECES         10
#define STOP_WAIT_MS        5000
#define STOP_LOOK_MS        10

struct simgate {
    struct arena *arena;
    struct service service;
    struct MHD_Daemon *daemon;
    int listen_fd;
    int stop_fd; /* readable once it stops */
    atomic_int in_hand;
};

/* One request while it is read and answered. */
struct visit {
    struct simgate *sim;
    struct arena *a;
    struct buf body;
};

/* A slow body on its way. Lives in the arena of its visit. */
struct slow {
    struct simgate *sim;
    const char *body;
    size_t n;
    int64_t pause_ms;
};

/* ---- how a connection ends ----------------------------------------------------------------------
 */

static int socket_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

    CHECK(info != NULL);
    return info->connect_fd;
}

/* Waits until ms are over, the client gives up (fd >= 0) or the simulator stops. */
static void linger(struct simgate *s, int fd, int64_t ms)
{
    struct pollfd fds[] = {{.fd = s->stop_fd, .events = POLLIN}, {.fd = fd, .events = POLLRDHUP}};
    int64_t until_ms = clock_mono_ms() + ms;
    int64_t left_ms = ms;

    while (left_ms > 0 && poll(fds, 2, (int)left_ms) < 0 && errno == EINTR)
        left_ms = until_ms - clock_mono_ms();
}

/* Disconnecting an open TCP socket by AF_UNSPEC sends RST at once. A close, even with SO_LINGER 0,
 * would come after libmicrohttpd's own shutdown(), whose FIN the client would see first. */
static void reset(int fd)
{
    struct linger hard = {.l_onoff = 1, .l_linger = 0};
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};

    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard) == 0);
    CHECK(connect(fd, &nobody, sizeof nobody) == 0);
}

static ssize_t slow_read(void *arg, uint64_t pos, char *to, size_t max)
{
    struct slow *slow = arg;
    size_t n = slow->n - (size_t)pos;
    size_t piece = slow->n / SLOW_PIECES + 1;

    if (n == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    linger(slow->sim, -1, slow->pause_ms);
    n = n < piece ? n : piece;
    n = n < max ? n : max;
    memcpy(to, slow->body + pos, n);
    return (ssize_t)n;
}

static struct MHD_Response *slow_response(struct visit *v, const struct answer *answer)
{
    struct slow *slow = arena_alloc(v->a, sizeof *slow);

    *slow = (struct slow){
        .sim = v->sim,
        .body = answer->body,
        .n = strlen(answer->body),
        .pause_ms = answer->ms / SLOW_PIECES,
    };
    return MHD_create_response_from_callback(slow->n, 4096, slow_read, slow, NULL);
}

static struct MHD_Response *response_of(struct visit *v, const struct answer *answer)
{
    size_t n = strlen(answer->body);

    if (answer->end == END_SLOW)
        return slow_response(v, answer);
    if (answer->end == END_TRUNCATE)
        n -= n / 3 + 1;
    return MHD_create_response_from_buffer(n, arena_strdup(v->a, answer->body),
                                           MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result carry_out(struct visit *v, struct MHD_Connection *c,
                                 const struct answer *answer)
{
    struct MHD_Response *response;
    enum MHD_Result sent;

    if (answer->end == END_HOLD)
        linger(v->sim, socket_of(c), answer->ms);
    if (answer->end == END_RESET)
        reset(socket_of(c));
    if (answer->end == END_HOLD || answer->end == END_RESET)
        return MHD_NO;
    response = response_of(v, answer);
    CHECK(response != NULL);
    CHECK(MHD_add_response_header(response, "Content-Type", "application/json") == MHD_YES);
    CHECK(MHD_add_response_header(response, "Connection", "close") == MHD_YES);
    sent = MHD_queue_response(c, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return sent;
}

/* ---- requests
 * ------------------------------------------------------------------------------------ */

static bool is_from_loopback(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const void *address = info ? info->client_addr : NULL;
    struct sockaddr_in peer;

    if (!address)
        return false;
    memcpy(&peer, address, sizeof peer);
    return peer.sin_family == AF_INET && ntohl(peer.sin_addr.s_addr) >> 24 == INADDR_LOOPBACK >> 24;
}

static enum MHD_Result visit_answer(struct visit *v, struct MHD_Connection *c, const char *path,
                                    const char *method)
{
    struct question q = {
        .a = v->a,
        .method = method,
        .path = path,
        .idempotency_key = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Idempotency-Key"),
        .body = buf_text(&v->body),
        .body_n = v->body.len,
        .unique_request_id =
            MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "unique_request_id"),
        .after = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "after"),
        .from_loopback = is_from_loopback(c),
    };
    struct answer answer;

    if (v->body.len > LIMIT_SIMGATE_BODY_BYTES)
        answer = answer_error(v->a, 413, "TOO_LARGE", "The body is too large.");
    else
        answer = routes_answer(&v->sim->service, &q);
    return carry_out(v, c, &answer);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_n, void **state)
{
    struct visit *v = *state;
    size_t room;

    (void)version;
    if (!v) {
        struct simgate *s = arg;
        struct arena *a = arena_new(LIMIT_ARENA_REQUEST_BYTES);

        v = arena_alloc(a, sizeof *v);
        v->sim = s;
        v->a = a;
        buf_init(&v->body, a);
        atomic_fetch_add(&s->in_hand, 1);
        *state = v;
        return MHD_YES;
    }
    if (*data_n == 0)
        return visit_answer(v, c, path, method);
    /* one byte more than allowed is kept: it says that there was too much */
    room = LIMIT_SIMGATE_BODY_BYTES + 1 - v->body.len;
    buf_add(&v->body, data, *data_n < room ? *data_n : room);
    *data_n = 0;
    return MHD_YES;
}

static void on_done(void *arg, struct MHD_Connection *c, void **state,
                    enum MHD_RequestTerminationCode why)
{
    struct visit *v = *state;
    struct simgate *s = arg;

    (void)c;
    (void)why;
    if (!v)
        return;
    *state = NULL;
    arena_free(v->a);
    atomic_fetch_sub(&s->in_hand, 1);
}

/* ---- starting and stopping
 * ------------------------------------------------------------------------ */

static enum rc open_socket(struct simgate *s, int wanted, int *port, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)wanted),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t at_n = sizeof at;
    int yes = 1;

    s->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->listen_fd < 0)
        return ERR(e, RC_IO, "No socket is to be had.", "socket: %s", strerror(errno));
    if (setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(s->listen_fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(s->listen_fd, SOMAXCONN) != 0 ||
        getsockname(s->listen_fd, (struct sockaddr *)&at, &at_n) != 0)
        return ERR(e, RC_IO, "The port cannot be used.", "127.0.0.1:%d: %s", wanted,
                   strerror(errno));
    *port = ntohs(at.sin_port);
    return RC_OK;
}

static enum rc open_ledger(struct simgate *s, const struct simgate_options *options, struct err *e)
{
    struct sql_options sql = {.catalog = &sql_catalog_simgate,
                              .clock = &s->service.clock,
                              .log = options->log,
                              .create = true,
                              .migrate = true};

    return sql_open(&s->service.db, arena_printf(s->arena, "sqlite:%s/simgate.db", options->home),
                    &sql, e);
}

static enum rc open_daemon(struct simgate *s, struct err *e)
{
    s->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ITC,
        0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, s->listen_fd,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, s, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_SIMGATE_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_TIMEOUT_S,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK_BYTES, MHD_OPTION_END);
    if (!s->daemon)
        return ERR(e, RC_INTERNAL, "The HTTP server does not start.", "MHD_start_daemon: %s",
                   strerror(errno));
    return RC_OK;
}

static void let_go(struct simgate *s)
{
    sql_close(s->service.db);
    if (s->listen_fd >= 0)
        close(s->listen_fd);
    if (s->stop_fd >= 0)
        close(s->stop_fd);
    arena_free(s->arena);
}

enum rc simgate_start(struct simgate **out, const struct simgate_options *options, int *port,
                      struct err *e)
{
    struct arena *a = arena_new(SERVICE_ARENA_BYTES);
    struct simgate *s = arena_alloc(a, sizeof *s);
    enum rc rc;

    *s = (struct simgate){.arena = a, .listen_fd = -1};
    s->service.pending_ms = options->pending_ms;
    s->service.log = options->log;
    faults_init(&s->service.faults, a);
    s->stop_fd = eventfd(0, EFD_CLOEXEC);
    CHECK(s->stop_fd >= 0);
    if ((rc = open_socket(s, options->port, port, e)) != RC_OK ||
        (rc = open_ledger(s, options, e)) != RC_OK || (rc = open_daemon(s, e)) != RC_OK) {
        let_go(s);
        return rc;
    }
    *out = s;
    return RC_OK;
}

void simgate_stop(struct simgate *s)
{
    int64_t until_ms = clock_mono_ms() + STOP_WAIT_MS;

    (void)MHD_quiesce_daemon(s->daemon);
    CHECK(eventfd_write(s->stop_fd, 1) == 0);
    while (atomic_load(&s->in_hand) > 0 && clock_mono_ms() < until_ms)
        clock_sleep_ms(STOP_LOOK_MS);
    MHD_stop_daemon(s->daemon);
    let_go(s);
}
