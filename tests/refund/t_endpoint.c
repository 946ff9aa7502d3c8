#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/endpoint_form.h"
#include "refund/endpoint_rules.h"
#include "refund/shop.h"
#include "store/audit.h"
#include "support/suite.h"
#include <string.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

static char *padded(const char *begin, size_t length)
{
    char *text = arena_alloc(desk.arena, length + 1);
    memset(text, 'a', length);
    memcpy(text, begin, strlen(begin));
    text[length] = '\0';
    return text;
}

/* ---- rules -------------------------------------------------------------------------------------
 */

START_TEST(addresses_that_may_be_endpoints)
{
    static const char *const good[] = {
        "https://shop.example",          "https://shop.example/hooks?a=1&b=%20",
        "HTTPS://SHOP.example/",         "https://shop.example:8443",
        "https://192.0.2.1/x",           "https://[2001:db8::1]:1/",
        "https://xn--bcher-kva.example/"};
    for (int i = 0; i < COUNT(good); i++)
        ck_assert_msg(!endpoint_rules_url(good[i], false), "%s", good[i]);
    ck_assert_ptr_null(endpoint_rules_url("http://127.0.0.1:9/", true));
    ck_assert_ptr_nonnull(endpoint_rules_url("http://127.0.0.1:9/", false));
}
END_TEST

START_TEST(addresses_that_may_not)
{
    static const char *const bad[] = {
        "",
        "shop.example",
        "//shop.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://shop.example/",
        "gopher://shop.example/",
        "https:shop.example",
        "https://",
        "https:///x",
        "https://?x",
        "https://:443/",
        "https://-shop.example/",
        "https://user@shop.example/",
        "https://user:pass@shop.example/",
        "https://shop.example@evil.example/",
        "https://shop.example:0/",
        "https://shop.example:65536/",
        "https://shop.example:44x/",
        "https://shop.example:/",
        "https://shop.example:99999999999999999999/",
        "https://[::1/",
        "https://[]/",
        "https://[::1]x/",
        "https://[g::1]/",
        "https://shop.example/#part",
        "https://shop.example/a b",
        "https://shop.example/\r\nX: y",
        "https://shop.example/\x7f",
        "https://b\xc3\xbc"
        "cher.example/",
        "https://shop.example\\@evil.example/",
        "https://sh_op.example/",
        " https://shop.example/",
        "https://shop.example/<script>",
    };
    for (int i = 0; i < COUNT(bad); i++) {
        ck_assert_msg(endpoint_rules_url(bad[i], false) != NULL, "%s", bad[i]);
        ck_assert_msg(endpoint_rules_url(bad[i], true) != NULL, "%s", bad[i]);
    }
    ck_assert_ptr_nonnull(endpoint_rules_url(NULL, true));
}
END_TEST

START_TEST(the_longest_address)
{
    ck_assert_ptr_null(endpoint_rules_url(padded("https://a/", LIMIT_ENDPOINT_URL), false));
    ck_assert_ptr_nonnull(endpoint_rules_url(padded("https://a/", LIMIT_ENDPOINT_URL + 1), false));
}
END_TEST

START_TEST(headers_of_ones_own)
{
    static const char *const bad[] = {"",
                                      "X Shop",
                                      "X-Shop:",
                                      "X\r\nY",
                                      "H\xc3\xa4",
                                      "Host",
                                      "hOsT",
                                      "Content-Length",
                                      "Authorization",
                                      "Webhook-Id",
                                      "webhook-signature",
                                      "Transfer-Encoding",
                                      "Connection",
                                      "Content-Type"};
    ck_assert_ptr_null(endpoint_rules_header("X-Shop", "north 1"));
    ck_assert_ptr_null(endpoint_rules_header("x_shop.1", "~"));
    for (int i = 0; i < COUNT(bad); i++)
        ck_assert_msg(endpoint_rules_header(bad[i], "v") != NULL, "%s", bad[i]);
    static const char *const values[] = {"", "a\r\nX: y", "a\nb", "a\tb", "\xc3\xa4", "a\x7f"};
    for (int i = 0; i < COUNT(values); i++)
        ck_assert_msg(endpoint_rules_header("X-Shop", values[i]) != NULL, "value %d", i);
    ck_assert_ptr_null(endpoint_rules_header("X-Shop", padded("", LIMIT_ENDPOINT_VALUE)));
    ck_assert_ptr_nonnull(endpoint_rules_header("X-Shop", padded("", LIMIT_ENDPOINT_VALUE + 1)));
    ck_assert_ptr_null(endpoint_rules_header(padded("", 64), "v"));
    ck_assert_ptr_nonnull(endpoint_rules_header(padded("", 65), "v"));
}
END_TEST

START_TEST(a_signing_secret_has_256_bits_and_is_another_each_time)
{
    const char *one = webhook_secret_new(desk.arena), *two = webhook_secret_new(desk.arena);
    size_t n = 0;
    ck_assert(str_starts(one, "whsec_"));
    ck_assert_ptr_nonnull(digest_unbase64(desk.arena, one + strlen("whsec_"), &n));
    ck_assert_uint_eq(n, 32);
    ck_assert_str_ne(one, two);
}
END_TEST

START_TEST(the_same_origin_is_scheme_host_and_port)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"https://shop.example/a", "https://shop.example/b?c", true},
        {"https://shop.example", "HTTPS://SHOP.EXAMPLE:443/", true},
        {"http://shop.example:80/", "http://shop.example/", true},
        {"https://shop.example:80/", "https://shop.example/", false},
        {"http://shop.example/", "https://shop.example/", false},
        {"https://shop.example/", "https://shop.example:8443/", false},
        {"https://shop.example/", "https://shop.example.evil.example/", false},
        {"https://shop.example?@x/", "https://x/", false},
        {"https://[::1]:443/", "https://[::1]/", true},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        ck_assert_msg(endpoint_same_origin(desk.arena, rows[i].a, rows[i].b) == rows[i].same,
                      "%s and %s", rows[i].a, rows[i].b);
    }
    ck_assert_str_eq(endpoint_host(desk.arena, "https://Shop.example:8443/x"), "shop.example");
    ck_assert_str_eq(endpoint_host(desk.arena, "https://[2001:db8::1]:1/x"), "[2001:db8::1]");
}
END_TEST

/* ---- what is written ---------------------------------------------------------------------------
 */

static const char *both[] = {"ORDER_FAILED", "ORDER_REFUNDED"};

static struct endpoint_answer create(struct endpoint_wish wish)
{
    struct endpoint_answer out;
    struct err e;
    ck_assert_int_eq(endpoint_create(&shop, desk.arena, &shop_actor, &wish, &out, &e), RC_OK);
    return out;
}

static struct endpoint_wish usual(void)
{
    return (struct endpoint_wish){.id = id_new(),
                                  .url = "https://shop.example/",
                                  .sign_in = ENDPOINT_REPLACE,
                                  .username = "desk",
                                  .password = "p",
                                  .events = both,
                                  .n_events = 2};
}

START_TEST(user_name_and_password_have_their_limits)
{
    struct endpoint_wish wish = usual();
    wish.username = padded("", LIMIT_ENDPOINT_VALUE);
    wish.password = padded("", LIMIT_ENDPOINT_VALUE);
    ck_assert_int_eq(create(wish).checked.n_faults, 0);
    wish = usual();
    wish.username = padded("", LIMIT_ENDPOINT_VALUE + 1);
    wish.password = padded("", LIMIT_ENDPOINT_VALUE + 1);
    ck_assert_int_eq(create(wish).checked.n_faults, 2);
}
END_TEST

START_TEST(an_event_that_does_not_exist_is_refused)
{
    static const char *names[] = {"refund.sending"};
    struct endpoint_wish wish = usual();
    wish.events = names;
    wish.n_events = 1;
    struct endpoint_answer out = create(wish);
    ck_assert_int_eq(out.checked.n_faults, 1);
    ck_assert_str_eq(out.checked.faults[0].field, "events");
}
END_TEST

struct audit_count {
    int64_t entries, broken;
};

static enum rc count_audit(struct sql *q, void *arg, struct err *e)
{
    struct audit_count *c = arg;
    return audit_verify(q, desk.arena, desk.merchant, &c->entries, &c->broken, e);
}

static int64_t audited(void)
{
    struct audit_count c;
    desk_look(count_audit, &c);
    ck_assert_int_eq(c.broken, 0);
    return c.entries;
}

START_TEST(each_act_is_in_the_audit_log_once)
{
    struct endpoint_wish wish = usual();
    struct endpoint_answer out;
    struct err e;
    const char *secret;
    int64_t id = wish.id, delivery = id_new(), seen = SHOP_NOW_MS;
    create(wish);
    ck_assert_int_eq(audited(), 1);
    create(wish);
    ck_assert_int_eq(audited(), 1);
    wish.sign_in = ENDPOINT_KEEP;
    ck_assert_int_eq(endpoint_change(&shop, desk.arena, &shop_actor, &wish, &out, &e), RC_OK);
    ck_assert(!out.checked.changed);
    ck_assert_int_eq(audited(), 1);
    wish.any_2xx = true;
    ck_assert_int_eq(endpoint_change(&shop, desk.arena, &shop_actor, &wish, &out, &e), RC_OK);
    ck_assert(out.checked.changed);
    ck_assert_int_eq(audited(), 2);
    ck_assert_int_eq(
        endpoint_rotate(&shop, desk.arena, &shop_actor, id, seen, CLOCK_HOUR_MS, &secret, &e),
        RC_OK);
    ck_assert_int_eq(
        endpoint_rotate(&shop, desk.arena, &shop_actor, id, seen, CLOCK_HOUR_MS, &secret, &e),
        RC_CONFLICT);
    ck_assert_int_eq(audited(), 3);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(
            endpoint_test(&shop, desk.arena, &shop_actor, id, delivery, "ORDER_FAILED", &e), RC_OK);
    ck_assert_int_eq(audited(), 4);
    static const enum endpoint_move moves[] = {ENDPOINT_PAUSE, ENDPOINT_RESUME, ENDPOINT_DISABLE};
    for (int i = 0; i < COUNT(moves); i++)
        ck_assert_int_eq(endpoint_move(&shop, desk.arena, &shop_actor, id, moves[i], &e), RC_OK);
    ck_assert_int_eq(audited(), 7);
    ck_assert_int_eq(endpoint_change(&shop, desk.arena, &shop_actor, &wish, &out, &e), RC_OK);
    ck_assert_int_eq(endpoint_resend(&shop, desk.arena, &shop_actor, id, delivery, &e), RC_OK);
    ck_assert_int_eq(endpoint_resend(&shop, desk.arena, &shop_actor, id, delivery, &e),
                     RC_CONFLICT);
    ck_assert_int_eq(endpoint_move(&shop, desk.arena, &shop_actor, id, ENDPOINT_DELETE, &e), RC_OK);
    ck_assert_int_eq(audited(), 10);
}
END_TEST

suite_fn t_endpoint_suite;

Suite *t_endpoint_suite(void)
{
    TCase *t;
    Suite *s = suite_of("endpoint", &t);
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, addresses_that_may_be_endpoints);
    tcase_add_test(t, addresses_that_may_not);
    tcase_add_test(t, the_longest_address);
    tcase_add_test(t, headers_of_ones_own);
    tcase_add_test(t, a_signing_secret_has_256_bits_and_is_another_each_time);
    tcase_add_test(t, the_same_origin_is_scheme_host_and_port);
    tcase_add_test(t, user_name_and_password_have_their_limits);
    tcase_add_test(t, an_event_that_does_not_exist_is_refused);
    tcase_add_test(t, each_act_is_in_the_audit_log_once);
    return s;
}
