/*
 * Idempotency-Key: what is kept, what comes back, and what is never kept.
 */
#include "api/once.h"
#include "api/rig.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

#define PATH  "/orders/o-1/refunds"
#define FIRST "unique_request_id=u1&amount=10"

static void setup(void)
{
    rig_open();
    shop_add((struct shop_order){.order_id = "o-1"});
    shop_add((struct shop_order){.order_id = "o-2"});
}

static struct rig_answer send_typed(const char *key, const char *target, const char *type,
                                    const char *body)
{
    struct req *r = rig_request("POST", target, type, body);
    double_header(r, "idempotency-key", key);
    return rig_send(r);
}

static struct rig_answer send(const char *key, const char *target, const char *form)
{
    return send_typed(key, target, DOUBLE_FORM, form);
}

static bool is_replayed(const struct rig_answer *a)
{
    return double_reply_header(&a->reply, "Idempotent-Replayed") != NULL;
}

static void expect_replay(const struct rig_answer *first, const struct rig_answer *again)
{
    ck_assert_str_eq(double_reply_header(&again->reply, "Idempotent-Replayed"), "true");
    ck_assert_int_eq(again->status, first->status);
    ck_assert_str_eq(again->body, first->body);
}

static void expect_code(const struct rig_answer *a, int status, const char *code)
{
    ck_assert_int_eq(a->status, status);
    ck_assert_str_eq(rig_member(a, "error_code"), code);
    ck_assert(!is_replayed(a));
}

START_TEST(a_refund_comes_back_byte_for_byte)
{
    struct rig_answer first = send("k", PATH, FIRST);
    ck_assert_int_eq(first.status, 200);
    ck_assert(!is_replayed(&first));
    shop.clock.fixed_ms += 3600000;
    rig.app.clock.fixed_ms += 3600000;
    ck_assert_int_eq(rig_post(PATH, "unique_request_id=u2&amount=20").status, 200);
    struct rig_answer again = send("k", PATH, FIRST);
    expect_replay(&first, &again);
    ck_assert_int_eq(shop_jobs("send"), 2);
}
END_TEST

START_TEST(a_refusal_of_the_core_comes_back_too)
{
    struct rig_answer first = send("k", PATH, "unique_request_id=u1&amount=5000");
    expect_code(&first, 400, "INVALID_AMOUNT_REFUND");
    struct rig_answer again = send("k", PATH, "unique_request_id=u1&amount=5000");
    expect_replay(&first, &again);
}
END_TEST

START_TEST(each_merchant_route_has_its_own_keys)
{
    struct rig_answer a = send("k", PATH, FIRST);
    ck_assert_int_eq(a.status, 200);
    a = send("k", "/refunds", "order_id=o-1&unique_request_id=u2&amount=11");
    ck_assert_int_eq(a.status, 200);
    ck_assert(!is_replayed(&a));
    a = send("K", PATH, "unique_request_id=u3&amount=12");
    ck_assert_int_eq(a.status, 200);
    ck_assert(!is_replayed(&a));
}
END_TEST

struct pair {
    const char *type, *first, *target, *second;
    bool same;
};
#define JSON DOUBLE_JSON
#define FORM DOUBLE_FORM

static const struct pair PAIRS[] = {
    {FORM, "unique_request_id=u&amount=10", PATH, "amount=10&unique_request_id=u", true},
    {FORM, "unique_request_id=u&amount=10", PATH, "unique_request_id=%75&amount=1%30", true},
    {FORM, "unique_request_id=u&metadata[a]=1", PATH, "unique_request_id=u&metadata.a=1", true},
    {JSON, "{\"unique_request_id\":\"u\",\"amount\":10}", PATH,
     "{ \"amount\" : 10, \"unique_request_id\" : \"u\" }", true},
    {JSON, "{\"unique_request_id\":\"u\",\"metadata\":{\"a\":1,\"b\":2}}", PATH,
     "{\"unique_request_id\":\"u\",\"metadata\":{\"b\":2,\"a\":1}}", true},
    {FORM, "unique_request_id=u&amount=10", PATH, "unique_request_id=u&amount=11", false},
    {FORM, "unique_request_id=u&amount=10", PATH, "unique_request_id=u&amount=10.0", false},
    {FORM, "unique_request_id=u&amount=10", PATH, "unique_request_id=u", false},
    {FORM, "unique_request_id=u&amount=10", PATH, "unique_request_id=u&amount=10&x=", false},
    {FORM, "unique_request_id=u&amount=10", PATH "?x=1", "unique_request_id=u&amount=10", false},
    {FORM, "unique_request_id=u&amount=10", "/orders/o-2/refunds", "unique_request_id=u&amount=10",
     false},
    {FORM, "unique_request_id=u&a=1=b", PATH, "unique_request_id=u&a=1&b=", false},
    {JSON, "{\"unique_request_id\":\"u\",\"x\":null}", PATH,
     "{\"unique_request_id\":\"u\",\"x\":\"\"}", false},
    {JSON, "{\"unique_request_id\":\"u\",\"x\":\"1\"}", PATH,
     "{\"unique_request_id\":\"u\",\"x\":1}", false},
    {JSON, "{\"unique_request_id\":\"u\",\"x\":[1,2]}", PATH,
     "{\"unique_request_id\":\"u\",\"x\":[2,1]}", false},
    {JSON, "{\"unique_request_id\":\"u\",\"x\":{}}", PATH, "{\"unique_request_id\":\"u\"}", false},
};

START_TEST(what_is_the_same_request)
{
    const struct pair *c = &PAIRS[_i];
    struct rig_answer first = send_typed("k", PATH, c->type, c->first);
    ck_assert_msg(first.status == 200, "%s", first.body);
    struct rig_answer second = send_typed("k", c->target, c->type, c->second);
    if (c->same)
        expect_replay(&first, &second);
    else
        expect_code(&second, 409, "IDEMPOTENCY_KEY_REUSED");
    ck_assert_int_eq(shop_jobs("send"), 1);
}
END_TEST

START_TEST(what_was_refused_before_the_transaction_is_not_kept)
{
    static const char *const EARLY[] = {"amount=1", "unique_request_id=u&amount=x",
                                        "unique_request_id=u&refund_type=NOPE", "a=%zz", "a=1&a=1"};
    for (int i = 0; i < COUNT(EARLY); i++) {
        struct rig_answer a = send("k", PATH, EARLY[i]);
        ck_assert_int_eq(a.status, 400);
        ck_assert(!is_replayed(&a));
    }
    struct rig_answer a = send_typed("k", PATH, "text/plain", FIRST);
    ck_assert_int_eq(a.status, 415);
    a = send("k", PATH, FIRST);
    ck_assert_int_eq(a.status, 200);
}
END_TEST

START_TEST(who_is_not_known_keeps_nothing)
{
    struct req *r = double_request(&rig, "POST", PATH);
    double_header(r, "authorization", double_basic(&rig, "wrong:"));
    double_header(r, "idempotency-key", "k");
    double_body(r, DOUBLE_FORM, FIRST);
    ck_assert_int_eq(rig_send(r).status, 401);
    ck_assert_int_eq(send("k", PATH, FIRST).status, 200);
}
END_TEST

struct key_case {
    const char *key;
    int status;
};

START_TEST(a_key_is_some_printable_characters)
{
    char longest[LIMIT_ONCE_KEY + 2];
    memset(longest, 'k', sizeof longest);
    longest[LIMIT_ONCE_KEY] = 0;
    const struct key_case cases[] = {
        {"~", 200},
        {"a key with spaces", 200},
        {longest, 200},
        {arena_printf(rig.arena, "%sk", longest), 400},
        {"", 400},
        {"tab\there", 400},
        {"caf\xc3\xa9", 400},
        {"\x7f", 400},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        struct rig_answer a =
            send(cases[i].key, PATH,
                 arena_printf(rig.arena, "unique_request_id=u%d&amount=%d", i, i + 1));
        ck_assert_msg(a.status == cases[i].status, "%d: %s", i, a.body);
        if (a.status == 400)
            ck_assert_ptr_nonnull(strstr(a.body, "Idempotency-Key"));
    }
}
END_TEST

/* ---- in flight ---- */

static struct once held;

static enum rc say_nothing(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e)
{
    (void)r;
    (void)q;
    (void)ctx;
    (void)e;
    reply_json(p, 200, "{}");
    return RC_OK;
}

/* A request of this route with the key "k", as its handler would begin it. */
static bool begin(struct reply *p)
{
    static const struct web_header KEY = {"idempotency-key", "k"};
    struct req *r = rig_request("POST", PATH, DOUBLE_FORM, FIRST);
    web_dispatch(&api_program, NULL, r, p); /* sets route and actor */
    r->headers = &KEY;
    r->n_headers = 1;
    return once_begin(&held, r, p, say_nothing, NULL);
}

START_TEST(one_in_flight_holds_the_key)
{
    struct reply p;
    struct err e;
    ck_assert(begin(&p));
    struct rig_answer a = send("k", PATH, FIRST);
    expect_code(&a, 409, "IDEMPOTENCY_KEY_IN_USE");
    a = send("other", PATH, "unique_request_id=u8&amount=8");
    ck_assert_int_eq(a.status, 200);
    a = send("k", "/refunds", "order_id=o-2&unique_request_id=u9&amount=9");
    ck_assert_int_eq(a.status, 200);
    ck_assert_int_eq(once_end(&held, RC_OK, &e), RC_OK);
    ck_assert_int_eq(send("k", PATH, "unique_request_id=u2&amount=2").status, 200);
}
END_TEST

START_TEST(a_failed_use_case_lets_the_key_go)
{
    struct reply p;
    struct err e;
    ck_assert(begin(&p));
    ck_assert_int_eq(once_end(&held, RC_BUSY, &e), RC_BUSY);
    ck_assert_int_eq(send("k", PATH, "unique_request_id=u2&amount=2").status, 200);
}
END_TEST

Suite *t_once_suite(void)
{
    TCase *t;
    Suite *s = suite_of("once", &t);
    tcase_add_checked_fixture(t, setup, rig_close);
    tcase_add_test(t, a_refund_comes_back_byte_for_byte);
    tcase_add_test(t, a_refusal_of_the_core_comes_back_too);
    tcase_add_test(t, each_merchant_route_has_its_own_keys);
    tcase_add_loop_test(t, what_is_the_same_request, 0, COUNT(PAIRS));
    tcase_add_test(t, what_was_refused_before_the_transaction_is_not_kept);
    tcase_add_test(t, who_is_not_known_keeps_nothing);
    tcase_add_test(t, a_key_is_some_printable_characters);
    tcase_add_test(t, one_in_flight_holds_the_key);
    tcase_add_test(t, a_failed_use_case_lets_the_key_go);
    return s;
}
