#include "web/fcgi.h"
#include "core/limits.h"
#include "core/str.h"
#include "web/fcgi_request.h"
#include "web/slow.h"
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    LISTEN_FD = 0,
    THREADS_MAX = 128,
    STACK_BYTES = 2 << 20,
    DRAIN_MS = 2000,       /* after a signal: what already waits at the socket is still taken */
    FINISH_MS = 15 * 1000, /* and requests in hand have this long */
    ACCEPT_FAILED_SLEEP_MS = 10,
    HEAPS = 4,
    HEAP_SLACK_BYTES = 1 << 20,
    HEAP_STEP_BYTES = 256 << 10
};

struct server {
    struct app *app;
    const struct web_program *program;
    pthread_mutex_t accept_mutex;
    int stop_pipe[2]; /* closing the writing end wakes every poll */
    atomic_bool stopping;
    int64_t drain_until_ms; /* set before `stopping` */
};

struct thread {
    struct server *server;
    struct templates *templates;
    struct arena *arena;
    FCGX_Request request;
    pthread_t id;
};

static void stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGUSR1);
}

void fcgi_block_signals(void)
{
    sigset_t set;
    stop_signals(&set);
    CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
}

/* ---- one request
 * --------------------------------------------------------------------------------- */

/* Whole or not at all: libfcgi tells a cut-off body like the end, and hands over more than was
 * announced. */
static void read_body(struct req *r, FCGX_Stream *in, size_t wanted)
{
    if (wanted == 0)
        return;
    char *body = arena_alloc(r->arena, wanted + 1);
    size_t got = 0;
    while (got < wanted) {
        int n = FCGX_GetStr(body + got, (int)(wanted - got), in);
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    if (got != wanted || FCGX_GetError(in) != 0) {
        fcgi_request_broken(r, got, wanted);
        return;
    }
    r->body = body;
    r->body_n = got;
}

/* A body that a handler reads as it comes. */
struct stream {
    FCGX_Stream *in;
    size_t left;
};

static ssize_t read_stream(void *ctx, char *to, size_t room)
{
    struct stream *s = ctx;
    size_t n = room < s->left ? room : s->left;
    if (n == 0)
        return 0;
    int got = FCGX_GetStr(to, n < INT_MAX ? (int)n : INT_MAX, s->in);
    if (got <= 0 || FCGX_GetError(s->in) != 0)
        return -1;
    s->left -= (size_t)got;
    return got;
}

static bool put(void *ctx, const char *data, size_t n)
{
    FCGX_Stream *out = ctx;
    CHECK(n <= INT_MAX);
    return FCGX_PutStr(data, (int)n, out) == (int)n && FCGX_FFlush(out) == 0;
}

static void send_stream(struct thread *t, struct req *r, const struct reply *p)
{
    const struct web_sink to = {put, t->request.out};
    struct err e;
    if (p->stream(r, &to, p->stream_arg, &e) != RC_OK)
        log_err(&t->server->app->log, "streaming an answer", &e);
}

/* Closing says all that is left in one write: the web server is woken once. */
static void send_reply(struct thread *t, struct req *r, const struct reply *p)
{
    struct buf out;
    buf_init(&out, r->arena);
    reply_head(&out, r, p);
    if (!str_eq(r->method, "HEAD"))
        buf_add(&out, p->body, p->body_n);
    CHECK(out.len <= INT_MAX);
    int sent = FCGX_PutStr(buf_text(&out), (int)out.len, t->request.out);
    if (p->stream && !str_eq(r->method, "HEAD"))
        send_stream(t, r, p);
    if (FCGX_FClose(t->request.err) != 0 || FCGX_FClose(t->request.out) != 0 ||
        sent != (int)out.len)
        log_event(&t->server->app->log, LOG_INFO, "client_gone", "request_id", r->request_id, NULL);
}

/* libfcgi waits at the end until the web server has closed too. That is for a request that was not
 * read to its end, whose sender would hear of a reset before it hears our answer. */
static void finish(struct thread *t, bool read_whole)
{
    if (read_whole)
        FCGX_Detach(&t->request);
    else
        FCGX_Attach(&t->request);
    FCGX_Finish_r(&t->request);
}

static void serve_one(struct thread *t)
{
    struct server *s = t->server;
    struct req r = {0};
    struct reply p;
    size_t body_n = 0;
    fcgi_request_read(&r, s->app, t->arena, t->request.envp, &body_n);
    read_body(&r, t->request.in, body_n);
    struct stream stream = {t->request.in, r.stream_n};
    const struct web_source source = {read_stream, &stream};
    if (r.stream_n > 0)
        r.stream = &source;
    web_dispatch(s->program, t->templates, &r, &p);
    send_reply(t, &r, &p);
    finish(t, !r.edge && r.body_n == body_n && stream.left == 0);
    arena_clear(t->arena);
}

/* ---- threads
 * --------------------------------------------------------------------------------------- */

/* True when a connection waits; false: stop. The stop pipe never has data: it hangs up. */
static bool wait_for_work(struct server *s)
{
    for (;;) {
        struct pollfd fds[2] = {{.fd = LISTEN_FD, .events = POLLIN}, {.fd = s->stop_pipe[0]}};
        bool stopping = atomic_load(&s->stopping);
        int n = poll(fds, 2, stopping ? 0 : -1);
        if (stopping && (n <= 0 || clock_mono_ms() > s->drain_until_ms))
            return false;
        if (n > 0 && (fds[0].revents & POLLIN))
            return true;
        if (n > 0 && (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)))
            return false;
        if (stopping)
            return false;
    }
}

/* One thread at a time waits and accepts, so what poll saw is still there. */
static bool accept_one(struct thread *t)
{
    struct server *s = t->server;
    for (;;) {
        pthread_mutex_lock(&s->accept_mutex);
        bool work = wait_for_work(s);
        int rc = work ? FCGX_Accept_r(&t->request) : -1;
        pthread_mutex_unlock(&s->accept_mutex);
        if (!work || rc == 0)
            return work;
        clock_sleep_ms(ACCEPT_FAILED_SLEEP_MS);
    }
}

static void *thread_main(void *arg)
{
    struct thread *t = arg;
    while (accept_one(t))
        serve_one(t);
    FCGX_Free(&t->request, 1);
    return NULL;
}

static bool thread_prepare(struct thread *t, struct server *s, bool templates)
{
    struct err e;
    t->server = s;
    t->arena = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    if (FCGX_InitRequest(&t->request, LISTEN_FD, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
        return false;
    if (!templates)
        return true;
    const struct config *c = &s->app->config;
    const char *dir = config_path(t->arena, c, c->templates_dir);
    if (templates_load(&t->templates, dir, &e) == RC_OK)
        return true;
    log_err(&s->app->log, "templates_load", &e);
    return false;
}

static bool thread_start(struct thread *t)
{
    pthread_attr_t attr;
    CHECK(pthread_attr_init(&attr) == 0);
    CHECK(pthread_attr_setstacksize(&attr, STACK_BYTES) == 0);
    int rc = pthread_create(&t->id, &attr, thread_main, t);
    pthread_attr_destroy(&attr);
    return rc == 0;
}

static void thread_free(struct thread *t)
{
    templates_free(t->templates);
    arena_free(t->arena);
}

/* ---- the process
 * ------------------------------------------------------------------------------------ */

static void wait_for_signal(const struct app *app)
{
    sigset_t set;
    siginfo_t info;
    stop_signals(&set);
    while (sigwaitinfo(&set, &info) < 0)
        CHECK(errno == EINTR);
    log_event(&app->log, LOG_INFO, "stopping", "signal", strsignal(info.si_signo), NULL);
}

static void stop(struct server *s)
{
    s->drain_until_ms = clock_mono_ms() + DRAIN_MS;
    atomic_store(&s->stopping, true);
    close(s->stop_pipe[1]);
}

/* Joins the threads; one that does not come back in time ends the process as it is. */
static void join_all(const struct server *s, struct thread *threads, int n)
{
    struct timespec until = {.tv_sec = (time_t)((clock_wall_ms(NULL) + FINISH_MS) / 1000)};
    for (int i = 0; i < n; i++) {
        if (pthread_timedjoin_np(threads[i].id, NULL, &until) == 0)
            continue;
        log_event(&s->app->log, LOG_WARN, "request_not_finished", NULL);
        _exit(EXIT_SUCCESS);
    }
}

static bool listens(void)
{
    int on = 0;
    socklen_t n = sizeof on;
    return getsockopt(LISTEN_FD, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on;
}

static int run(struct server *s, struct thread *threads, const struct fcgi_options *options)
{
    int started = 0;
    char count[16];
    for (int i = 0; i < options->threads; i++) {
        if (!thread_prepare(&threads[i], s, options->templates))
            return EXIT_FAILURE;
    }
    while (started < options->threads && thread_start(&threads[started]))
        started++;
    snprintf(count, sizeof count, "%d", started);
    log_event(&s->app->log, LOG_INFO, "started", "threads", count, NULL);
    if (started == options->threads)
        wait_for_signal(s->app);
    stop(s);
    join_all(s, threads, started);
    log_event(&s->app->log, LOG_INFO, "stopped", NULL);
    return started == options->threads ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Each request's memory goes and comes back at once: handing it to the kernel in between cost an
 * mprotect each time, and gathering fast bins a pass over them. Few heaps, since 32 threads would
 * keep the slack of 16. */
static void tune_malloc(void)
{
    (void)mallopt(M_ARENA_MAX, HEAPS);
    (void)mallopt(M_MXFAST, 0);
    (void)mallopt(M_TRIM_THRESHOLD, HEAP_SLACK_BYTES);
    (void)mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
}

int fcgi_serve(struct app *app, const struct web_program *program,
               const struct fcgi_options *options)
{
    CHECK(options->threads > 0 && options->threads <= THREADS_MAX);
    web_check(program);
    if (!listens()) {
        fprintf(stderr,
                "%s: standard input is no listening socket: it is started by the web "
                "server or by a socket unit.\n",
                program->name);
        return EXIT_FAILURE;
    }
    tune_malloc();
    fcgi_block_signals();
    CHECK(FCGX_Init() == 0);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    slow_init(options->threads);
    struct server s = {.app = app, .program = program, .accept_mutex = PTHREAD_MUTEX_INITIALIZER};
    struct arena *arena = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    struct thread *threads = arena_array(arena, (size_t)options->threads, sizeof *threads);
    CHECK(pipe2(s.stop_pipe, O_CLOEXEC) == 0);
    int code = run(&s, threads, options);
    for (int i = 0; i < options->threads; i++)
        thread_free(&threads[i]);
    arena_free(arena);
    close(s.stop_pipe[0]);
    return code;
}
