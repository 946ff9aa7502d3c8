#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"
#include "rig.h"
#include "support/silent.h"
#include "support/suite.h"
#include <string.h>

#define KEEP 16

/* As for endpoints that are told of events, here where all is on loopback. */
static const struct http_options to_endpoints = {.connect_timeout_ms = PATIENT_MS,
                                                 .request_timeout_ms = PATIENT_MS,
                                                 .allow_http = true,
                                                 .keep_bytes = KEEP};

static struct http_result told(const struct http_options *options, struct server_step step)
{
    struct server s;
    struct http *h;
    struct err e;
    CHECK(http_open(&h, options, &e) == RC_OK);
    server_start(&s, &step, 1);
    struct http_call call = post_to("http", s.port);
    struct http_result r = call_with(h, &call);
    http_close(h);
    server_stop(&s);
    return r;
}

static struct http_result impatient(const char *reply)
{
    struct http_options options = to_endpoints;
    options.request_timeout_ms = IMPATIENT_MS;
    return told(&options, (struct server_step){.reply = reply, .then = THEN_HOLD});
}

START_TEST(status_and_headers_are_the_answer)
{
    static const struct {
        const char *name, *reply, *body;
        enum server_then then;
    } rows[] = {
        {"whole", OK_WHOLE, "{}", THEN_CLOSE},
        {"cut short", OK_HEAD "Content-Length: 9\r\n\r\n{\"id", "{\"id", THEN_CLOSE},
        {"reset within the body", OK_HEAD "Content-Length: 9\r\n\r\n", "", THEN_RESET},
        {"without a length", OK_HEAD "\r\nall of it", "all of it", THEN_CLOSE},
        {"much more than is kept", OK_HEAD "Content-Length: 1000000000\r\n\r\n0123456789abcdefXYZ",
         "0123456789abcdef", THEN_HOLD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_result r =
            told(&to_endpoints, (struct server_step){.reply = rows[i].reply, .then = rows[i].then});
        ck_assert_msg(r.end == HTTP_ANSWERED && r.status == 200, "%s: %s", rows[i].name, r.detail);
        ck_assert_str_eq(r.body, rows[i].body);
    }
}
END_TEST

START_TEST(a_body_that_drips_is_not_waited_for_longer_than_the_rest)
{
    struct http_result r = impatient(OK_HEAD "Content-Length: 9\r\n\r\n{");
    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_int_eq(r.status, 200);
    ck_assert_str_eq(r.body, "{");
}
END_TEST

START_TEST(headers_that_never_end_are_no_answer)
{
    static const char *const replies[] = {OK_HEAD, "HTTP/1.1 200 OK\r\n", "HTTP/1.1 20",
                                          "HTTP/1.1 100 Continue\r\n\r\n",
                                          "HTTP/1.1 100 Continue\r\n\r\n" OK_HEAD};
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        ck_assert_msg(impatient(replies[i]).end == HTTP_BROKEN, "%s", replies[i]);
}
END_TEST

START_TEST(a_redirect_is_an_answer_and_not_followed)
{
    struct http_result r =
        told(&to_endpoints,
             (struct server_step){.reply = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                                           "Content-Length: 0\r\n\r\n",
                                  .then = THEN_CLOSE});
    ck_assert_int_eq(r.end, HTTP_ANSWERED);
    ck_assert_int_eq(r.status, 302);
}
END_TEST

/* By number and by name: what a name leads to is judged, not the name. */
START_TEST(no_call_reaches_this_machine_unless_allowed)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost",          "[::1]",
                                        "0.0.0.0",   "[::ffff:127.0.0.1]", "127.1"};
    struct http_options options = to_endpoints;
    struct server s;
    struct http *h;
    struct err e;
    options.internet_only = true;
    CHECK(http_open(&h, &options, &e) == RC_OK);
    server_start(&s, &(struct server_step){.reply = OK_WHOLE, .then = THEN_CLOSE}, 1);
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct http_call call = post_to("http", s.port);
        call.url = arena_printf(a, "http://%s:%d/", hosts[i], s.port);
        struct http_result r = call_with(h, &call);
        ck_assert_int_eq(r.end, HTTP_NOT_SENT);
        ck_assert_msg(str_starts(r.detail, "the address ") &&
                          (strstr(r.detail, " is loopback") || strstr(r.detail, " is unspecified")),
                      "%s: %s", hosts[i], r.detail);
    }
    http_close(h);
    server_stop(&s);
    ck_assert_int_eq(s.connections, 0);
}
END_TEST

/* Whoever has an endpoint has its name server too: it holds up no call of another. */
START_TEST(a_name_that_nobody_answers_for_holds_up_nobody)
{
    struct http_options options = to_endpoints;
    struct http *h;
    struct err e;
    options.request_timeout_ms = options.connect_timeout_ms = IMPATIENT_MS;
    CHECK(http_open(&h, &options, &e) == RC_OK);
    struct http_call call = post_to("http", 80);
    call.url = "http://" SILENT_HOST "/";
    int64_t began_ms = clock_mono_ms();
    struct http_result r = call_with(h, &call);
    ck_assert_int_ne(r.end, HTTP_ANSWERED);
    http_close(h);
    ck_assert_int_lt(clock_mono_ms() - began_ms, silent_ms - IMPATIENT_MS);
}
END_TEST

START_TEST(plain_http_goes_nowhere_unless_allowed)
{
    struct http_options options = to_endpoints;
    struct http_call call = post_to("http", 80);
    struct http *h;
    struct err e;
    options.allow_http = false;
    CHECK(http_open(&h, &options, &e) == RC_OK);
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_INVALID);
    http_close(h);
}
END_TEST

/* A body above what gateways are sent fits; one above the limit of the options does not. */
START_TEST(the_request_has_a_limit_of_its_own)
{
    struct http_options options = to_endpoints;
    struct server s;
    struct http *h;
    struct err e;
    options.request_limit_bytes = LIMIT_HTTP_BODY_BYTES + 1;
    CHECK(http_open(&h, &options, &e) == RC_OK);
    server_start(&s, &(struct server_step){.reply = OK_WHOLE, .then = THEN_CLOSE}, 1);
    struct http_call call = post_to("http", s.port);
    call.body_n = options.request_limit_bytes + 1;
    call.body = arena_alloc(a, call.body_n + 1);
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_INVALID);
    call.body_n--;
    ck_assert_int_eq(http_start(h, &call, a, &e), RC_OK);
    http_close(h);
    server_stop(&s);
}
END_TEST

/* The system's own certificates vouch for no server of a test, and a missing file for nobody. */
START_TEST(a_file_of_certificates_must_be_there)
{
    struct http_options options = to_endpoints;
    struct server s;
    struct http *h;
    struct err e;
    options.ca_file = "/nonexistent/ca.pem";
    CHECK(http_open(&h, &options, &e) == RC_OK);
    server_start(&s, &(struct server_step){.reply = OK_WHOLE, .then = THEN_CLOSE}, 1);
    struct http_call call = post_to("https", s.port);
    struct http_result r = call_with(h, &call);
    ck_assert_int_ne(r.end, HTTP_ANSWERED);
    ck_assert_msg(strstr(r.detail, "curl 77") != NULL, "%s", r.detail);
    http_close(h);
    server_stop(&s);
}
END_TEST

suite_fn t_http_webhooks_suite;
Suite *t_http_webhooks_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("http_webhooks", &tc);
    tcase_add_checked_fixture(tc, rig_set_up, rig_tear_down);
    tcase_add_test(tc, status_and_headers_are_the_answer);
    tcase_add_test(tc, a_body_that_drips_is_not_waited_for_longer_than_the_rest);
    tcase_add_test(tc, headers_that_never_end_are_no_answer);
    tcase_add_test(tc, a_redirect_is_an_answer_and_not_followed);
    tcase_add_test(tc, no_call_reaches_this_machine_unless_allowed);
    tcase_add_test(tc, a_name_that_nobody_answers_for_holds_up_nobody);
    tcase_add_test(tc, plain_http_goes_nowhere_unless_allowed);
    tcase_add_test(tc, the_request_has_a_limit_of_its_own);
    tcase_add_test(tc, a_file_of_certificates_must_be_there);
    return s;
}
