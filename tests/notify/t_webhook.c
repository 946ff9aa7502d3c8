#include "core/str.h"
#include "notify/webhook.h"
#include "support/suite.h"
#include <string.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID     "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY   "{\"test\": 2432232314}"
#define AT_MS  INT64_C(1614265330999)
#define SIGNED "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static const char *header(const struct http_call *c, const char *name)
{
    const char *found = NULL;
    for (int i = 0; i < c->n_headers; i++) {
        if (str_starts(c->headers[i], arena_printf(suite_arena(), "%s: ", name))) {
            ck_assert_ptr_null(found);
            found = c->headers[i] + strlen(name) + 2;
        }
    }
    return found;
}

static struct http_call call_of(const struct webhook_to *to)
{
    struct http_call c;
    struct err e;
    ck_assert_int_eq(webhook_call(suite_arena(), to, ID, BODY, AT_MS, &c, &e), RC_OK);
    return c;
}

/* The vector of the Standard Webhooks specification's reference libraries. */
START_TEST(signs_as_the_specification_does)
{
    ck_assert_str_eq(webhook_signature(suite_arena(), SECRET, ID, AT_MS / 1000, BODY), SIGNED);
    const struct webhook_to to = {.url = "https://a.example/", .secret = SECRET};
    struct http_call c = call_of(&to);
    ck_assert_str_eq(header(&c, "webhook-id"), ID);
    ck_assert_str_eq(header(&c, "webhook-timestamp"), "1614265330");
    ck_assert_str_eq(header(&c, "webhook-signature"), SIGNED);
}
END_TEST

START_TEST(any_other_byte_is_another_signature)
{
    struct arena *a = suite_arena();
    const int64_t at_s = AT_MS / 1000;
    ck_assert_str_ne(webhook_signature(a, SECRET, ID, at_s + 1, BODY), SIGNED);
    ck_assert_str_ne(webhook_signature(a, SECRET, ID "x", at_s, BODY), SIGNED);
    ck_assert_str_ne(webhook_signature(a, SECRET, ID, at_s, BODY " "), SIGNED);
    ck_assert_str_ne(webhook_signature(a, "whsec_AAAA", ID, at_s, BODY), SIGNED);
}
END_TEST

START_TEST(both_secrets_sign_while_both_live)
{
    const struct webhook_to to = {
        .url = "https://a.example/", .secret = "whsec_AAAA", .old_secret = SECRET};
    struct http_call c = call_of(&to);
    const char *signatures = header(&c, "webhook-signature");
    ck_assert(str_starts(signatures, "v1,"));
    ck_assert(str_ends(signatures, " " SIGNED));
}
END_TEST

START_TEST(a_secret_that_is_none_signs_nothing)
{
    static const char *const none[] = {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                       "whsec_!!!!", "WHSEC_AAAA"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        const struct webhook_to to = {.url = "https://a.example/", .secret = none[i]},
                                old = {.url = to.url, .secret = SECRET, .old_secret = none[i]};
        struct http_call c;
        struct err e;
        ck_assert_int_eq(webhook_call(suite_arena(), &to, ID, BODY, AT_MS, &c, &e), RC_INVALID);
        ck_assert_int_eq(webhook_call(suite_arena(), &old, ID, BODY, AT_MS, &c, &e), RC_INVALID);
    }
}
END_TEST

START_TEST(carries_what_the_endpoint_asks_for)
{
    struct webhook_to to = {.url = "https://a.example/h?x=1",
                            .username = "desk",
                            .password = "pa:ss",
                            .n_headers = LIMIT_ENDPOINT_HEADERS,
                            .secret = SECRET};
    for (int i = 0; i < LIMIT_ENDPOINT_HEADERS; i++) {
        to.names[i] = arena_printf(suite_arena(), "X-%d", i);
        to.values[i] = "v";
    }
    struct http_call c = call_of(&to);
    ck_assert_str_eq(c.method, "POST");
    ck_assert_str_eq(c.url, to.url);
    ck_assert_str_eq(c.body, BODY);
    ck_assert_uint_eq(c.body_n, strlen(BODY));
    ck_assert_str_eq(header(&c, "Content-Type"), "application/json");
    ck_assert_str_eq(header(&c, "Authorization"), "Basic ZGVzazpwYTpzcw==");
    ck_assert_str_eq(header(&c, "X-9"), "v");
    to.username = NULL;
    c = call_of(&to);
    ck_assert_ptr_null(header(&c, "Authorization"));
}
END_TEST

/* ---- what is kept of an answer ------------------------------------------------------------------
 */

static const char *said_of(const char *body, size_t n)
{
    const struct webhook_to to = {.username = "desk",
                                  .password = "correct horse",
                                  .names = {"X-Key", "X-N"},
                                  .values = {"battery staple", "1"},
                                  .n_headers = 2,
                                  .secret = SECRET};
    const struct http_result r = {.end = HTTP_ANSWERED, .status = 500, .body = body, .body_n = n};
    return webhook_said(suite_arena(), &to, &r);
}
#define SAID(text) said_of(text, sizeof(text) - 1)

START_TEST(keeps_what_was_said_without_what_identifies_the_desk)
{
    ck_assert_str_eq(SAID("no"), "no");
    ck_assert_ptr_null(SAID(""));
    ck_assert_str_eq(SAID("a\0b\x01\x7f\xff"), "a?b???");
    ck_assert_str_eq(SAID("caf\xc3\xa9\r\n\tx"), "caf\xc3\xa9?\n\tx");
    ck_assert_str_eq(SAID("correct horse, 1"), "*************, 1");
    ck_assert_str_eq(SAID("k=battery staple;battery staple"), "k=**************;**************");
    ck_assert_ptr_null(strstr(SAID("Basic ZGVzazpjb3JyZWN0IGhvcnNl"), "ZGVz"));
    ck_assert_ptr_null(strstr(SAID("x " SECRET), "MfKQ"));
}
END_TEST

START_TEST(keeps_no_more_than_its_limit_and_no_half_characters)
{
    char body[LIMIT_DELIVERY_SAID + 3];
    memset(body, 'a', sizeof body);
    ck_assert_uint_eq(strlen(said_of(body, LIMIT_DELIVERY_SAID + 1)), LIMIT_DELIVERY_SAID);
    memcpy(body + LIMIT_DELIVERY_SAID - 1, "\xc3\xa9", 2);
    ck_assert_uint_eq(strlen(said_of(body, LIMIT_DELIVERY_SAID + 1)), LIMIT_DELIVERY_SAID - 1);
    /* a secret that lies across the limit is starred, not cut */
    char longer[LIMIT_DELIVERY_SAID + 64];
    memset(longer, 'a', sizeof longer);
    memcpy(longer + LIMIT_DELIVERY_SAID - 5, "battery staple", 14);
    ck_assert(str_ends(said_of(longer, sizeof longer), "aa*****"));
}
END_TEST

START_TEST(tells_why_there_was_no_answer)
{
    const struct webhook_to to = {.secret = SECRET};
    const struct http_result r = {
        .end = HTTP_NOT_SENT, .body = "", .detail = "the address 10.0.0.1 is private"};
    ck_assert_str_eq(webhook_said(suite_arena(), &to, &r), r.detail);
}
END_TEST

suite_fn t_webhook_suite;
Suite *t_webhook_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("webhook", &tc);
    tcase_add_test(tc, signs_as_the_specification_does);
    tcase_add_test(tc, any_other_byte_is_another_signature);
    tcase_add_test(tc, both_secrets_sign_while_both_live);
    tcase_add_test(tc, a_secret_that_is_none_signs_nothing);
    tcase_add_test(tc, carries_what_the_endpoint_asks_for);
    tcase_add_test(tc, keeps_what_was_said_without_what_identifies_the_desk);
    tcase_add_test(tc, keeps_no_more_than_its_limit_and_no_half_characters);
    tcase_add_test(tc, tells_why_there_was_no_answer);
    return s;
}
