#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"
#include "rig.h"
#include "support/suite.h"
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

Suite *t_http_calls_suite(void);

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

Suite *t_http_calls_suite(void)
{
    TCase *c;
    Suite *s = suite_of("http_calls", &c);

    tcase_add_checked_fixture(c, rig_set_up, rig_tear_down);
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
