#include "core/limits.h"
#include "core/str.h"
#include "rig.h"
#include "support/suite.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Suite *t_http_suite(void);

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

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *t_http_suite(void)
{
    TCase *c;
    Suite *s = suite_of("http", &c);

    tcase_add_checked_fixture(c, rig_set_up, rig_tear_down);
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
    return s;
}
