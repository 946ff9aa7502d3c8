/*
 * The FastCGI edge over a real socket, spoken to by hand: records as a web server sends them, and
 * as none should.
 */
#include "core/limits.h"
#include "core/str.h"
#include "web/fcgi.h"
#include "web/fcgi_peer.h"
#include "web/suites.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4 };

static char *socket_path;
static int slow_pipe[2];   /* the handler says that it works */
static int effect_pipe[2]; /* … that it had an effect */
static pid_t server;

/* ---- the program ---- */

static enum rc hello(struct req *r, struct reply *p, struct err *e)
{
    (void)e;
    reply_text(p, 200, "text/plain", arena_printf(r->arena, "hello %s", r->query_text));
    return RC_OK;
}

static enum rc echo(struct req *r, struct reply *p, struct err *e)
{
    (void)e;
    CHECK(write(effect_pipe[1], "!", 1) == 1);
    reply_text(p, 200, "text/plain", str_or(form_get(&r->form, "a"), ""));
    return RC_OK;
}

static enum rc slow(struct req *r, struct reply *p, struct err *e)
{
    (void)r;
    (void)e;
    CHECK(write(slow_pipe[1], "!", 1) == 1);
    clock_sleep_ms(300);
    reply_text(p, 200, "text/plain", "done");
    return RC_OK;
}

static enum rc large(struct req *r, struct reply *p, struct err *e)
{
    (void)e;
    char *text = arena_alloc(r->arena, 300001);
    memset(text, 'L', 300000);
    reply_text(p, 200, "text/plain", text);
    return RC_OK;
}

static void error_face(struct req *r, struct reply *p, int status, const struct err *e)
{
    (void)r;
    reply_text(p, status, "text/plain", e->text);
}

static const struct route ROUTES[] = {
    {.method = "GET", .path = "/hello", .handler = hello},
    {.method = "GET", .path = "/slow", .handler = slow},
    {.method = "GET", .path = "/large", .handler = large},
    {.method = "POST", .path = "/echo", .body_limit = LIMIT_BODY_BYTES, .handler = echo},
};

static const struct web_program PROGRAM = {
    .name = "test", .routes = ROUTES, .n_routes = COUNT(ROUTES), .error = error_face};

static int listening_socket(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    char *dir = suite_tmpdir();
    ck_assert_int_gt(asprintf(&socket_path, "%s/s", dir), 0);
    free(dir);
    ck_assert(str_copy(at.sun_path, sizeof at.sun_path, socket_path));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    ck_assert_int_eq(listen(fd, 64), 0);
    return fd;
}

static void start(void)
{
    int fd = listening_socket();
    ck_assert_int_eq(pipe(slow_pipe), 0);
    ck_assert_int_eq(pipe(effect_pipe), 0);
    fcgi_block_signals(); /* as main() does before anything else */
    server = fork();
    ck_assert_int_ge(server, 0);
    if (server == 0) {
        struct app app = {.log = {.program = "test", .least = LOG_ERROR, .fd = 2}, .wake_fd = -1};
        dup2(fd, 0);
        _exit(fcgi_serve(&app, &PROGRAM, &(struct fcgi_options){THREADS, false}));
    }
    close(fd);
    close(slow_pipe[1]);
    close(effect_pipe[1]);
}

static int server_status(void)
{
    int status = -1;
    while (waitpid(server, &status, 0) < 0)
        ck_assert_int_eq(errno, EINTR);
    server = 0;
    return status;
}

static void finish(void)
{
    if (server > 0) {
        kill(server, SIGKILL);
        server_status();
    }
    free(socket_path);
}

/* How often a handler had an effect, once the server has ended. */
static int effects(void)
{
    char bytes[64];
    int n = 0;
    kill(server, SIGTERM);
    ck_assert_int_eq(server_status(), 0);
    for (ssize_t got; (got = read(effect_pipe[0], bytes, sizeof bytes)) > 0;)
        n += (int)got;
    return n;
}

/* ---- requests ---- */

START_TEST(answers_a_request)
{
    char *answer = peer_receive(peer_send_request(socket_path, "GET", "/hello?a=1", NULL, "", 0));
    ck_assert(str_starts(answer, "Status: 200 OK\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, "\r\nX-Request-Id: "));
    ck_assert_ptr_nonnull(strstr(answer, "\r\nContent-Security-Policy: "));
    ck_assert_ptr_nonnull(strstr(answer, "\r\nContent-Length: 9\r\n"));
    ck_assert_str_eq(peer_body(answer), "hello a=1");
    free(answer);
}
END_TEST

START_TEST(a_head_has_no_body)
{
    char *answer = peer_receive(peer_send_request(socket_path, "HEAD", "/hello?a=1", NULL, "", 0));
    ck_assert(str_starts(answer, "Status: 200 OK\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, "\r\nContent-Length: 9\r\n"));
    ck_assert_str_eq(peer_body(answer), "");
    free(answer);
}
END_TEST

START_TEST(a_large_answer_arrives_whole)
{
    char *answer = peer_receive(peer_send_request(socket_path, "GET", "/large", NULL, "", 0));
    ck_assert_uint_eq(strlen(peer_body(answer)), 300000);
    free(answer);
}
END_TEST

START_TEST(a_body_of_the_limit_is_taken)
{
    char *body = malloc(LIMIT_BODY_BYTES);
    char length[16];
    memset(body, 'x', LIMIT_BODY_BYTES);
    for (size_t i = 0; i < LIMIT_BODY_BYTES; i += 60000) /* no field over its own limit */
        memcpy(body + i,
               i == 0       ? "a=1&b="
               : i < 120000 ? "&c="
               : i < 180000 ? "&d="
                            : "&e=",
               i == 0 ? 6 : 3);
    memcpy(body + 240000, "&f=", 3);
    snprintf(length, sizeof length, "%u", LIMIT_BODY_BYTES);
    peer_expect(peer_send_request(socket_path, "POST", "/echo", length, body, LIMIT_BODY_BYTES),
                "Status: 200 ", "1");
    free(body);
    ck_assert_int_eq(effects(), 1);
}
END_TEST

START_TEST(a_cut_off_body_has_no_effect)
{
    peer_expect(peer_send_request(socket_path, "POST", "/echo", "5", "a=12", 4), "Status: 400 ",
                "The request was cut off.");
    peer_expect(peer_send_request(socket_path, "POST", "/echo", "5", "", 0), "Status: 400 ", NULL);
    int fd = peer_send_head(socket_path, "POST", "/echo", "100");
    peer_send_record(fd, PEER_STDIN, "a=1", 3);
    close(fd);
    ck_assert_int_eq(effects(), 0);
}
END_TEST

START_TEST(a_connection_that_dies_inside_a_record_has_no_effect)
{
    static const unsigned char HALF[] = {1, PEER_STDIN, 0, 1, 0, 5, 0, 0, 'a', '='};
    int fd = peer_send_head(socket_path, "POST", "/echo", "5");
    ck_assert_int_eq(send(fd, HALF, sizeof HALF, MSG_NOSIGNAL), sizeof HALF);
    close(fd);
    peer_expect(peer_send_request(socket_path, "GET", "/hello", NULL, "", 0), "Status: 200 ",
                "hello ");
    ck_assert_int_eq(effects(), 0);
}
END_TEST

START_TEST(what_is_more_than_announced_is_not_read)
{
    peer_expect(peer_send_request(socket_path, "POST", "/echo", "3", "a=1234567", 9),
                "Status: 200 ", "1");
}
END_TEST

START_TEST(a_wrong_length_is_refused)
{
    peer_expect(peer_send_request(socket_path, "POST", "/echo", "-3", "a=1", 3), "Status: 400 ",
                NULL);
    peer_expect(peer_send_request(socket_path, "POST", "/echo", "3x", "a=1", 3), "Status: 400 ",
                NULL);
    peer_expect(peer_send_request(socket_path, "POST", "/echo", "262145", "a=1", 3), "Status: 413 ",
                NULL);
    ck_assert_int_eq(effects(), 0);
}
END_TEST

START_TEST(requests_share_no_memory)
{
    int fds[16];
    char target[32], wanted[32];
    for (int i = 0; i < 16; i++) {
        snprintf(target, sizeof target, "/hello?n=%d", i);
        fds[i] = peer_send_request(socket_path, "GET", target, NULL, "", 0);
    }
    for (int i = 0; i < 16; i++) {
        snprintf(wanted, sizeof wanted, "hello n=%d", i);
        peer_expect(fds[i], "Status: 200 ", wanted);
    }
}
END_TEST

/* ---- stopping ---- */

START_TEST(ends_while_all_threads_wait)
{
    static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    peer_expect(peer_send_request(socket_path, "GET", "/hello", NULL, "", 0), "Status: 200 ", NULL);
    kill(server, SIGNALS[_i]);
    ck_assert_int_eq(server_status(), 0);
}
END_TEST

START_TEST(ends_before_the_first_request)
{
    kill(server, SIGTERM);
    ck_assert_int_eq(server_status(), 0);
}
END_TEST

START_TEST(finishes_what_it_has_in_hand)
{
    char byte;
    int fds[THREADS + 2];
    for (int i = 0; i < THREADS + 2; i++)
        fds[i] = peer_send_request(socket_path, "GET", "/slow", NULL, "", 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(read(slow_pipe[0], &byte, 1), 1);
    kill(server, SIGTERM);
    for (int i = 0; i < THREADS + 2; i++) /* two of them were still waiting at the socket */
        peer_expect(fds[i], "Status: 200 ", "done");
    ck_assert_int_eq(server_status(), 0);
}
END_TEST

START_TEST(a_silent_peer_does_not_keep_it)
{
    int fd = peer_dial(socket_path);
    int half = peer_send_head(socket_path, "POST", "/echo", "5");
    close(half);
    close(fd);
    peer_expect(peer_send_request(socket_path, "GET", "/hello", NULL, "", 0), "Status: 200 ",
                "hello ");
    kill(server, SIGTERM);
    ck_assert_int_eq(server_status(), 0);
}
END_TEST

Suite *t_fcgi_suite(void)
{
    TCase *t;
    Suite *s = suite_of("fcgi", &t);
    tcase_add_checked_fixture(t, start, finish);
    tcase_add_test(t, answers_a_request);
    tcase_add_test(t, a_head_has_no_body);
    tcase_add_test(t, a_large_answer_arrives_whole);
    tcase_add_test(t, a_body_of_the_limit_is_taken);
    tcase_add_test(t, a_cut_off_body_has_no_effect);
    tcase_add_test(t, a_connection_that_dies_inside_a_record_has_no_effect);
    tcase_add_test(t, what_is_more_than_announced_is_not_read);
    tcase_add_test(t, a_wrong_length_is_refused);
    tcase_add_test(t, requests_share_no_memory);
    tcase_add_loop_test(t, ends_while_all_threads_wait, 0, 4);
    tcase_add_test(t, ends_before_the_first_request);
    tcase_add_test(t, finishes_what_it_has_in_hand);
    tcase_add_test(t, a_silent_peer_does_not_keep_it);
    return s;
}
