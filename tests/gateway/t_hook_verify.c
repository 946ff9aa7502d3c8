#include "core/digest.h"
#include "core/str.h"
#include "gateway/hook_verify.h"
#include "support/suite.h"
#include <string.h>

#define SECRET "whsec_of_the_test"
#define BODY   "{\"event\":\"refund.processed\",\"payload\":{\"n\":1.50}}"
#define NOW_MS INT64_C(1800000000000)
#define NOW_S  "1800000000"

static const char *hex_of(const char *text)
{
    uint8_t mac[DIGEST_BYTES];
    digest_hmac(SECRET, strlen(SECRET), text, strlen(text), mac);
    return digest_hex(suite_arena(), mac, sizeof mac);
}

static bool accepts(const char *source, const char *signature, const char *body, const char *secret)
{
    const struct hook_message m = {
        .signature = signature, .body = body, .body_n = strlen(body), .now_ms = NOW_MS};
    const struct hook_scheme *scheme = hook_scheme_find(source);
    ck_assert_ptr_nonnull(scheme);
    return scheme->verify(&m, secret, strlen(secret));
}

#define RAZORPAY(signature, body) accepts("razorpay", (signature), (body), SECRET)
#define STRIPE(signature, body)   accepts("stripe", (signature), (body), SECRET)
#define JOIN(...)                 arena_printf(suite_arena(), __VA_ARGS__)

START_TEST(razorpay_signs_the_raw_bytes)
{
    const char *good = hex_of(BODY);
    ck_assert(RAZORPAY(good, BODY));
    ck_assert(!RAZORPAY(good, BODY " "));
    ck_assert(!RAZORPAY(good, "{\"event\":\"refund.processed\",\"payload\":{\"n\":1.5}}"));
    ck_assert(!RAZORPAY(good, "{ \"event\":\"refund.processed\",\"payload\":{\"n\":1.50}}"));
    ck_assert(!accepts("razorpay", good, BODY, SECRET "x"));
}
END_TEST

START_TEST(a_malformed_digest_is_no_signature)
{
    const char *good = hex_of(BODY);
    ck_assert(!RAZORPAY(NULL, BODY));
    ck_assert(!RAZORPAY("", BODY));
    ck_assert(!RAZORPAY(JOIN("%.63s", good), BODY));
    ck_assert(!RAZORPAY(JOIN("%s0", good), BODY));
    ck_assert(!RAZORPAY(JOIN(" %s", good), BODY));
    ck_assert(!RAZORPAY(JOIN("g%s", good + 1), BODY));
    ck_assert(!RAZORPAY(JOIN("%c%s", good[0] == '0' ? '1' : '0', good + 1), BODY));
}
END_TEST

START_TEST(stripe_takes_any_of_several_signatures)
{
    const char *good = hex_of(NOW_S "." BODY), *other = hex_of("other");
    ck_assert(STRIPE(JOIN("t=" NOW_S ",v1=%s", good), BODY));
    ck_assert(STRIPE(JOIN("t=" NOW_S ",v1=%s,v1=%s,v0=%s", other, good, other), BODY));
    ck_assert(STRIPE(JOIN("v1=%s,t=" NOW_S, good), BODY));
    ck_assert(!STRIPE(JOIN("t=" NOW_S ",v1=%s", other), BODY));
    ck_assert(!STRIPE(JOIN("t=" NOW_S ",v0=%s", good), BODY));
    ck_assert(!STRIPE(JOIN("t=" NOW_S ",v1=%s", good), BODY "\n"));
    ck_assert(!STRIPE(JOIN("t=1800000001,v1=%s", good), BODY));
}
END_TEST

START_TEST(stripe_takes_300_seconds_to_both_sides)
{
    static const struct {
        const char *seconds;
        bool fresh;
    } rows[] = {{"1799999700", true},
                {"1799999699", false},
                {"1800000300", true},
                {"1800000301", false},
                {"0", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *hex = hex_of(JOIN("%s." BODY, rows[i].seconds));
        ck_assert_msg(STRIPE(JOIN("t=%s,v1=%s", rows[i].seconds, hex), BODY) == rows[i].fresh, "%s",
                      rows[i].seconds);
    }
}
END_TEST

START_TEST(a_malformed_stripe_header_is_no_signature)
{
    const char *good = hex_of(NOW_S "." BODY), *empty = hex_of("." BODY);
    const char *const headers[] = {
        NULL,
        "",
        ",",
        "=",
        "t",
        "t=,v1=",
        "t=" NOW_S,
        JOIN("v1=%s", good),
        JOIN("t=,v1=%s", empty),
        JOIN("t=" NOW_S ",t=" NOW_S ",v1=%s", good),
        JOIN("t=+" NOW_S ",v1=%s", good),
        JOIN("t=-" NOW_S ",v1=%s", good),
        JOIN("t=" NOW_S " ,v1=%s", good),
        JOIN("t=0001800000000,v1=%s", good),
        JOIN("t=99999999999999999999,v1=%s", good),
        JOIN("t=" NOW_S ";v1=%s", good),
        JOIN("t=" NOW_S ",v1=%.40s", good),
        JOIN("t=" NOW_S ",v1=%s%s", good, good),
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        ck_assert_msg(!STRIPE(headers[i], BODY), "%s", str_or(headers[i], "(none)"));
    ck_assert_ptr_null(hook_scheme_find("paypal"));
}
END_TEST

suite_fn t_hook_verify_suite;
Suite *t_hook_verify_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("hook_verify", &tc);
    tcase_add_test(tc, razorpay_signs_the_raw_bytes);
    tcase_add_test(tc, a_malformed_digest_is_no_signature);
    tcase_add_test(tc, stripe_takes_any_of_several_signatures);
    tcase_add_test(tc, stripe_takes_300_seconds_to_both_sides);
    tcase_add_test(tc, a_malformed_stripe_header_is_no_signature);
    return s;
}
