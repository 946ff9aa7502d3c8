#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"
#include "gateway/http.h"
#include "server.h"
#include "support/suite.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define OK_HEAD      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK_WHOLE     OK_HEAD "Content-Length: 2\r\n\r\n{}"
#define PATIENT_MS   20000
#define IMPATIENT_MS 600

static struct arena *a;

static void set_up(void)
{
    a = arena_new(64u << 20);
}

static void tear_down(void)
{
    arena_free(a);
}

static struct http *opened(int64_t timeout_ms)
{
    struct http_options options = {.connect_timeout_ms = timeout_ms,
                                   .request_timeout_ms = timeout_ms,
                                   .allow_loopback_http = true};
    struct http *h;
    struct err e;

    CHECK(http_open(&h, &options, &e) == RC_OK);
    return h;
}

static struct http_call post_to(const char *scheme, int port)
{
    return (struct http_call){.method = "POST",
                              .url = arena_printf(a, "%s://127.0.0.1:%d/v1/x", scheme, port),
                              .headers = {"Content-Type: application/json", "Idempotency-Key: k1"},
                              .n_headers = 2,
                              .body = "{\"amount\":1}",
                              .body_n = 12};
}

static struct http_result finish(struct http *h)
{
    struct http_result r;
    void *tag = NULL;
    bool woken;

    while (!http_finished(h, a, &r, &tag))
        http_poll(h, -1, PATIENT_MS, &woken);
    ck_assert_ptr_eq(tag, a);
    return r;
}

static struct http_result call_with(struct http *h, const struct http_call *call)
{
    struct err e = {0};

    ck_assert_msg(http_start(h, call, a, &e) == RC_OK, "%s %s", e.text, e.detail);
    return finish(h);
}

/* One POST to a server that plays one step. */
static struct http_result played(struct server *s, struct server_step step, int64_t timeout_ms)
{
    struct http *h = opened(timeout_ms);
    struct http_call call;
    struct http_result r;

    server_start(s, &step, 1);
    call = post_to("http", s->port);
    r = call_with(h, &call);
    http_close(h);
    server_stop(s);
    return r;
}

START_TEST(hands_over_a_whole_answer)
{
    struct server s;
    struct http_result r =
        played(&s, (struct server_step){.reply = OK_WHOLE, .then = THEN_CLOSE}, PATIENT_MS);

    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_int_eq(r.status, 200);
    ck_assert_str_eq(r.body, "{}");
    ck_assert_uint_eq(r.body_n, 2);
    ck_assert_ptr_nonnull(strstr(s.last_request, "POST /v1/x HTTP/1.1\r\n"));
    ck_assert_ptr_nonnull(strstr(s.last_request, "\r\nIdempotency-Key: k1\r\n"));
    ck_assert_ptr_nonnull(strstr(s.last_request, "\r\n\r\n{\"amount\":1}"));
    ck_assert_ptr_null(strcasestr(s.last_request, "Expect:"));
}
END_TEST

START_TEST(takes_a_chunked_answer)
{
    struct server s;
    struct http_result r =
        played(&s,
               (struct server_step){.reply = OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
                                                     "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
                                    .then = THEN_CLOSE},
               PATIENT_MS);

    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_str_eq(r.body, "{}");
}
END_TEST

START_TEST(keeps_a_body_with_zero_bytes)
{
    static const char reply[] = OK_HEAD "Content-Length: 3\r\n\r\na\0b";
    struct server s;
    struct http_result r =
        played(&s, (struct server_step){reply, sizeof reply - 1, THEN_CLOSE}, PATIENT_MS);

    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_uint_eq(r.body_n, 3);
    ck_assert_mem_eq(r.body, "a\0b", 4);
}
END_TEST

START_TEST(refused_port_was_not_sent)
{
    struct http *h = opened(PATIENT_MS);
    int fd;
    struct http_call call = post_to("http", server_closed_port(&fd));
    struct http_result r = call_with(h, &call);

    ck_assert_int_eq(r.end, HTTP_NOT_SENT);
    ck_assert_str_eq(r.body, "");
    ck_assert_ptr_nonnull(strstr(r.detail, "curl 7"));
    http_close(h);
    close(fd);
}
END_TEST

/* The server hangs up on the first bytes of the TLS handshake: no request byte existed yet. */
START_TEST(failed_tls_setup_was_not_sent)
{
    struct http *h = opened(PATIENT_MS);
    int fd, port;
    struct http_call call;
    struct http_result r;
    struct err e;
    bool woken;
    void *tag;

    port = server_closed_port(&fd);
    CHECK(listen(fd, 4) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
    call = post_to("https", port);
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_OK);
    while (!http_finished(h, a, &r, &tag)) {
        int peer = accept(fd, NULL, NULL);

        if (peer >= 0)
            close(peer);
        http_poll(h, fd, PATIENT_MS, &woken);
    }
    ck_assert_int_eq(r.end, HTTP_NOT_SENT);
    http_close(h);
    close(fd);
}
END_TEST

static const struct {
    const char *name;
    struct server_step step;
    int64_t timeout_ms;
} broken[] = {
    {"reset after the request", {.then = THEN_RESET}, PATIENT_MS},
    {"closed without an answer", {.then = THEN_CLOSE}, PATIENT_MS},
    {"time-out before the answer", {.then = THEN_HOLD}, IMPATIENT_MS},
    {"time-out within the body",
     {.reply = OK_HEAD "Content-Length: 9\r\n\r\n{\"id", .then = THEN_HOLD},
     IMPATIENT_MS},
    {"time-out within the headers", {.reply = OK_HEAD, .then = THEN_HOLD}, IMPATIENT_MS},
    {"body cut short",
     {.reply = OK_HEAD "Content-Length: 9\r\n\r\n{\"id", .then = THEN_CLOSE},
     PATIENT_MS},
    {"body reset",
     {.reply = OK_HEAD "Content-Length: 9\r\n\r\n{\"id", .then = THEN_RESET},
     PATIENT_MS},
    {"chunk cut short",
     {.reply = OK_HEAD "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"id", .then = THEN_CLOSE},
     PATIENT_MS},
    {"last chunk missing",
     {.reply = OK_HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", .then = THEN_CLOSE},
     PATIENT_MS},
    {"no length and cut", {.reply = OK_HEAD "\r\n{\"id", .then = THEN_CLOSE}, PATIENT_MS},
    {"no length and perhaps whole", {.reply = OK_HEAD "\r\n{}", .then = THEN_CLOSE}, PATIENT_MS},
    {"HTTP/0.9", {.reply = "{}", .then = THEN_CLOSE}, PATIENT_MS},
    {"no HTTP", {.reply = "SSH-2.0-OpenSSH\r\n", .then = THEN_CLOSE}, PATIENT_MS},
    {"100 and nothing more",
     {.reply = "HTTP/1.1 100 Continue\r\n\r\n", .then = THEN_CLOSE},
     PATIENT_MS},
};

START_TEST(broken_is_not_an_answer)
{
    struct server s;
    struct http_result r = played(&s, broken[_i].step, broken[_i].timeout_ms);

    ck_assert_msg(r.end == HTTP_BROKEN, "%s: end %d, %s", broken[_i].name, r.end, r.detail);
    ck_assert_msg(s.requests == 1, "%s: %d requests", broken[_i].name, s.requests);
    ck_assert_str_eq(r.body, "");
    ck_assert(!str_empty(r.detail));
    if (broken[_i].timeout_ms == IMPATIENT_MS)
        ck_assert_int_ge(r.took_ms, IMPATIENT_MS - 50);
}
END_TEST

static struct http_result played_size(size_t body_n)
{
    struct server s;
    struct buf b;
    char *filler = arena_alloc(a, body_n + 1);

    memset(filler, 'x', body_n);
    buf_init(&b, a);
    buf_printf(&b, OK_HEAD "Content-Length: %zu\r\n\r\n", body_n);
    buf_add(&b, filler, body_n);
    return played(&s, (struct server_step){buf_text(&b), b.len, THEN_CLOSE}, PATIENT_MS);
}

START_TEST(caps_the_body)
{
    struct http_result r = played_size(LIMIT_HTTP_BODY_BYTES);

    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_uint_eq(r.body_n, LIMIT_HTTP_BODY_BYTES);
    r = played_size(LIMIT_HTTP_BODY_BYTES + 1);
    ck_assert_int_eq(r.end, HTTP_BROKEN);
    ck_assert_ptr_nonnull(strstr(r.detail, "too large"));
}
END_TEST

START_TEST(caps_the_headers)
{
    struct server s;
    struct http_result r;
    struct buf b;

    buf_init(&b, a);
    buf_puts(&b, OK_HEAD);
    while (b.len < LIMIT_HTTP_HEADER_BYTES)
        buf_puts(&b, "X-Filler: 0123456789012345678901234567890123456789\r\n");
    buf_puts(&b, "Content-Length: 2\r\n\r\n{}");
    r = played(&s, (struct server_step){buf_text(&b), b.len, THEN_CLOSE}, PATIENT_MS);
    ck_assert_int_eq(r.end, HTTP_BROKEN);
    ck_assert_ptr_nonnull(strstr(r.detail, "too large"));
}
END_TEST

START_TEST(follows_no_redirect)
{
    struct server_step steps[2] = {{.then = THEN_CLOSE}, {.reply = OK_WHOLE, .then = THEN_CLOSE}};
    struct http *h = opened(PATIENT_MS);
    struct server s, target;
    struct http_call call;
    struct http_result r;

    server_start(&target, &steps[1], 1);
    steps[0].reply = arena_printf(a,
                                  "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\n"
                                  "Location: http://127.0.0.1:%d/elsewhere\r\n\r\n",
                                  target.port);
    server_start(&s, steps, 1);
    call = post_to("http", s.port);
    r = call_with(h, &call);
    http_close(h);
    server_stop(&s);
    server_stop(&target);
    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_int_eq(r.status, 307);
    ck_assert_int_eq(target.connections, 0);
}
END_TEST

/* A library that reuses the connection would have its POST die on it and send it again. */
START_TEST(never_sends_twice_on_a_dying_connection)
{
    const struct server_step steps[] = {
        {.reply = OK_WHOLE, .then = THEN_KEEP_OPEN},
        {.then = THEN_RESET},
        {.reply = OK_WHOLE, .then = THEN_CLOSE},
    };
    struct http *h = opened(PATIENT_MS);
    struct server s;
    struct http_call call;
    struct http_result r;

    server_start(&s, steps, 3);
    call = post_to("http", s.port);
    r = call_with(h, &call);
    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    r = call_with(h, &call);
    ck_assert_int_eq(r.end, HTTP_BROKEN);
    http_close(h);
    server_stop(&s);
    ck_assert_int_eq(s.connections, 2);
    ck_assert_int_eq(s.requests, 2);
}
END_TEST

START_TEST(reuses_no_connection)
{
    const struct server_step steps[] = {{.reply = OK_WHOLE, .then = THEN_NEXT}};
    struct server s;
    struct http *h = opened(IMPATIENT_MS);
    struct http_call call;
    struct http_result r;

    server_start(&s, steps, 1);
    call = post_to("http", s.port);
    r = call_with(h, &call);
    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    (void)call_with(h, &call);
    http_close(h);
    server_stop(&s);
    ck_assert_int_eq(s.requests, 1);
}
END_TEST

START_TEST(ignores_the_proxy_of_the_environment)
{
    struct server s;
    struct http_result r;

    setenv("http_proxy", "http://127.0.0.1:9/", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:9/", 1);
    r = played(&s, (struct server_step){.reply = OK_WHOLE, .then = THEN_CLOSE}, PATIENT_MS);
    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_ptr_nonnull(strstr(s.last_request, "POST /v1/x HTTP/1.1\r\n"));
}
END_TEST

static const char *const bad_headers[] = {
    "X-A: 1\r\nX-B: 2", "X-A: 1\nX-B: 2", "X-A: 1\r",  "X-A\r\n: 1", "no colon",
    ": empty",          "X A: 1",         "X-A: \x7f", "",           "X-A: \x01",
};

START_TEST(refuses_a_header_that_is_none)
{
    struct http *h = opened(PATIENT_MS);
    struct http_call call = post_to("http", 9);
    struct err e;

    call.headers[1] = bad_headers[_i];
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_INVALID);
    ck_assert_int_eq(http_in_flight(h), 0);
    http_close(h);
}
END_TEST

static const char *const bad_urls[] = {
    "http://example.com/",
    "http://127.0.0.1.example.com/",
    "http://127.0.0.1@example.com/",
    "http://user:pass@127.0.0.1/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://127.0.0.2/",
    "http://[::2]/",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "127.0.0.1/",
    "http:///x",
    "http://127.0.0.1/\r\nX: y",
    "http://127.0.0.1/a b",
    "http://127.0.0.1:99999/",
    "https://user@example.com/",
    "https://",
    "",
};

START_TEST(refuses_an_address_that_is_not_allowed)
{
    struct http *h = opened(PATIENT_MS);
    struct http_call call = post_to("http", 9);
    struct err e;

    call.url = bad_urls[_i];
    ck_assert_msg(http_start(h, &call, a, &e) == RC_INVALID, "%s", bad_urls[_i]);
    ck_assert_int_eq(http_in_flight(h), 0);
    http_close(h);
}
END_TEST

START_TEST(refuses_plain_http_when_told_so)
{
    struct http_options options = {.connect_timeout_ms = 100, .request_timeout_ms = 100};
    struct http_call call = post_to("http", 9);
    struct http *h;
    struct err e;

    ck_assert_int_eq(http_open(&h, &options, &e), RC_OK);
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_INVALID);
    call.url = "https://127.0.0.1:9/";
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_OK);
    http_close(h);
}
END_TEST

START_TEST(refuses_other_methods_and_large_bodies)
{
    struct http *h = opened(PATIENT_MS);
    struct http_call call = post_to("http", 9);
    struct err e;

    call.method = "DELETE";
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_INVALID);
    call = post_to("http", 9);
    call.body = arena_alloc(a, LIMIT_HTTP_BODY_BYTES + 2);
    call.body_n = LIMIT_HTTP_BODY_BYTES + 1;
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_INVALID);
    http_close(h);
}
END_TEST

START_TEST(is_busy_at_the_limit_and_aborts_on_close)
{
    struct http *h = opened(PATIENT_MS);
    struct http_call call;
    struct err e;
    bool woken;
    int fd;

    call = post_to("http", server_closed_port(&fd));
    CHECK(listen(fd, 4) == 0);
    for (int i = 0; i < LIMIT_WORKER_FLIGHTS; i++)
        ck_assert_int_eq(http_start(h, &call, a, &e), RC_OK);
    ck_assert_int_eq(http_in_flight(h), LIMIT_WORKER_FLIGHTS);
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_BUSY);
    http_poll(h, -1, 0, &woken);
    http_close(h);
    close(fd);
}
END_TEST

START_TEST(copies_what_it_was_given)
{
    const struct server_step step = {.reply = OK_WHOLE, .then = THEN_CLOSE};
    struct http *h = opened(PATIENT_MS);
    struct arena *given = arena_new(1u << 20);
    struct http_call call;
    struct server s;
    struct err e;
    char *body = arena_strdup(given, "{\"amount\":7}");
    char *key = arena_strdup(given, "Idempotency-Key: gone");
    char *url;

    server_start(&s, &step, 1);
    url = arena_printf(given, "http://127.0.0.1:%d/v1/y", s.port);
    call = (struct http_call){.method = "POST", .url = url, .headers = {key}, .n_headers = 1};
    call.body = body;
    call.body_n = strlen(body);
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_OK);
    memset(body, 'Z', strlen(body));
    memset(key, 'Z', strlen(key));
    memset(url, 'Z', strlen(url));
    arena_free(given);
    ck_assert_int_eq(finish(h).end, HTTP_ANSWERED);
    http_close(h);
    server_stop(&s);
    ck_assert_ptr_nonnull(strstr(s.last_request, "POST /v1/y "));
    ck_assert_ptr_nonnull(strstr(s.last_request, "Idempotency-Key: gone\r\n"));
    ck_assert_ptr_nonnull(strstr(s.last_request, "{\"amount\":7}"));
}
END_TEST

START_TEST(wakes_by_the_descriptor)
{
    struct http *h = opened(PATIENT_MS);
    int fd = eventfd(1, EFD_CLOEXEC);
    int64_t before_ms = clock_mono_ms();
    bool woken = false;

    http_poll(h, fd, PATIENT_MS, &woken);
    ck_assert(woken);
    ck_assert_int_lt(clock_mono_ms() - before_ms, PATIENT_MS / 2);
    http_poll(h, -1, 0, &woken);
    ck_assert(!woken);
    close(fd);
    http_close(h);
}
END_TEST

static void on_alarm(int sig)
{
    (void)sig;
}

START_TEST(wakes_by_a_signal)
{
    struct sigaction act = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval in_100_ms = {.it_value.tv_usec = 100000, .it_interval.tv_usec = 100000};
    struct http *h = opened(PATIENT_MS);
    int64_t before_ms = clock_mono_ms();
    bool woken;

    CHECK(sigaction(SIGALRM, &act, NULL) == 0 && setitimer(ITIMER_REAL, &in_100_ms, NULL) == 0);
    http_poll(h, -1, PATIENT_MS, &woken);
    ck_assert_int_lt(clock_mono_ms() - before_ms, PATIENT_MS / 2);
    in_100_ms = (struct itimerval){0};
    CHECK(setitimer(ITIMER_REAL, &in_100_ms, NULL) == 0);
    http_close(h);
}
END_TEST

START_TEST(carries_many_calls_with_their_tags)
{
    const struct server_step steps[] = {
        {.then = THEN_RESET},
        {.reply = OK_WHOLE, .then = THEN_CLOSE},
    };
    struct http *h = opened(PATIENT_MS);
    struct server s[2];
    struct http_result r;
    bool woken, answered[2] = {false, false};
    struct err e;
    void *tag;

    for (int i = 0; i < 2; i++) {
        struct http_call call;

        server_start(&s[i], &steps[i], 1);
        call = post_to("http", s[i].port);
        ck_assert_int_eq(http_start(h, &call, &answered[i], &e), RC_OK);
    }
    for (int n = 0; n < 2;) {
        http_poll(h, -1, PATIENT_MS, &woken);
        for (; http_finished(h, a, &r, &tag); n++)
            *(bool *)tag = r.end == HTTP_ANSWERED;
    }
    ck_assert(!answered[0] && answered[1]);
    http_close(h);
    server_stop(&s[0]);
    server_stop(&s[1]);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *t_http_suite(void);

Suite *t_http_suite(void)
{
    TCase *c;
    Suite *s = suite_of("http", &c);

    tcase_set_timeout(c, 30);
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, hands_over_a_whole_answer);
    tcase_add_test(c, takes_a_chunked_answer);
    tcase_add_test(c, keeps_a_body_with_zero_bytes);
    tcase_add_test(c, refused_port_was_not_sent);
    tcase_add_test(c, failed_tls_setup_was_not_sent);
    tcase_add_loop_test(c, broken_is_not_an_answer, 0, COUNT(broken));
    tcase_add_test(c, caps_the_body);
    tcase_add_test(c, caps_the_headers);
    tcase_add_test(c, follows_no_redirect);
    tcase_add_test(c, never_sends_twice_on_a_dying_connection);
    tcase_add_test(c, reuses_no_connection);
    tcase_add_test(c, ignores_the_proxy_of_the_environment);
    tcase_add_loop_test(c, refuses_a_header_that_is_none, 0, COUNT(bad_headers));
    tcase_add_loop_test(c, refuses_an_address_that_is_not_allowed, 0, COUNT(bad_urls));
    tcase_add_test(c, refuses_plain_http_when_told_so);
    tcase_add_test(c, refuses_other_methods_and_large_bodies);
    tcase_add_test(c, is_busy_at_the_limit_and_aborts_on_close);
    tcase_add_test(c, copies_what_it_was_given);
    tcase_add_test(c, wakes_by_the_descriptor);
    tcase_add_test(c, wakes_by_a_signal);
    tcase_add_test(c, carries_many_calls_with_their_tags);
    return s;
}
