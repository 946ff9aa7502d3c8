#include "core/json.h"
#include "core/str.h"
#include "gateway/hook.h"
#include "support/suite.h"
#include <string.h>

static struct hook_event event;
static struct err why;

static enum rc parse(const char *source, const char *json)
{
    struct json_object *body;
    enum rc rc = json_read(suite_arena(), json, strlen(json), &body, &why);
    ck_assert_msg(rc == RC_OK, "%s: %s", why.text, json);
    return hook_parser_find(source)(suite_arena(), body, &event, &why);
}

static void takes(const char *source, const char *json)
{
    ck_assert_msg(parse(source, json) == RC_OK, "%s", why.text);
}

#define PAYMENT(status, more)                                                                 \
    "\"payment\":{\"entity\":{\"id\":\"pay_1\",\"entity\":\"payment\",\"amount\":500000,"     \
    "\"currency\":\"INR\",\"status\":\"" status "\",\"order_id\":\"order_1\","                \
    "\"method\":\"card\",\"captured\":true,\"email\":\"a@x.example\",\"contact\":\"+91999\"," \
    "\"card\":{\"last4\":\"1111\",\"network\":\"Visa\",\"type\":\"credit\"},"                 \
    "\"acquirer_data\":{\"auth_code\":\"932066\",\"rrn\":\"156555\"},"                        \
    "\"created_at\":1597734000" more "}}"
#define REFUND(status)                                                                           \
    "\"refund\":{\"entity\":{\"id\":\"rfnd_1\",\"entity\":\"refund\",\"amount\":50000,"          \
    "\"currency\":\"INR\",\"payment_id\":\"pay_1\",\"notes\":{\"comment\":\"x\"},"               \
    "\"receipt\":null,\"acquirer_data\":{\"arn\":\"10000000000000\"},\"created_at\":1597734071," \
    "\"status\":\"" status "\",\"speed_processed\":\"normal\"}}"
#define RAZORPAY(name, payload)                                                              \
    "{\"entity\":\"event\",\"account_id\":\"acc_1\",\"event\":\"" name "\",\"contains\":[]," \
    "\"payload\":{" payload "},\"created_at\":1597734100}"

START_TEST(razorpay_payments)
{
    static const struct {
        const char *json, *status;
    } rows[] = {{RAZORPAY("payment.authorized", PAYMENT("authorized", "")), "AUTHORIZED"},
                {RAZORPAY("payment.captured", PAYMENT("captured", "")), "CHARGED"},
                {RAZORPAY("payment.failed", PAYMENT("failed", ",\"error_code\":\"BAD\"")),
                 "AUTHORIZATION_FAILED"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        takes("razorpay", rows[i].json);
        ck_assert_str_eq(event.status, rows[i].status);
        ck_assert_str_eq(event.payment_id, "pay_1");
        ck_assert_str_eq(event.order_id, "order_1");
        ck_assert_int_eq(event.amount_minor, 500000);
        ck_assert_int_eq(event.at_ms, INT64_C(1597734100000));
        ck_assert_int_eq(event.created_ms, INT64_C(1597734000000));
        ck_assert_str_eq(event.method_type, "CARD");
        ck_assert_str_eq(event.method, "VISA");
        ck_assert_str_eq(event.card.last_four, "1111");
        ck_assert_int_eq(event.n_refunds, 0);
    }
    ck_assert_str_eq(event.error_code, "BAD");
    takes("razorpay",
          RAZORPAY("payment.captured", PAYMENT("captured", ",\"notes\":{\"order_id\":\"ORD-7\"}")));
    ck_assert_str_eq(event.order_id, "ORD-7");
    takes("razorpay",
          RAZORPAY("payment.captured",
                   PAYMENT("captured", "") ",\"order\":{\"entity\":{\"receipt\":\"R7\"}}"));
    ck_assert_str_eq(event.order_id, "R7");
}
END_TEST

START_TEST(razorpay_refunds)
{
    static const struct {
        const char *json, *status;
    } rows[] = {
        {RAZORPAY("refund.created", REFUND("pending") "," PAYMENT("captured", "")), "PENDING"},
        {RAZORPAY("refund.created", REFUND("processed") "," PAYMENT("captured", "")), "SUCCESS"},
        {RAZORPAY("refund.processed", REFUND("processed") "," PAYMENT("refunded", "")), "SUCCESS"},
        {RAZORPAY("refund.speed_changed", REFUND("processed") "," PAYMENT("refunded", "")),
         "SUCCESS"},
        {RAZORPAY("refund.failed", REFUND("failed") "," PAYMENT("captured", "")), "FAILURE"},
        {RAZORPAY("refund.failed", REFUND("failed")), "FAILURE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        takes("razorpay", rows[i].json);
        ck_assert_int_eq(event.n_refunds, 1);
        ck_assert_str_eq(event.refunds[0].status, rows[i].status);
        ck_assert_str_eq(event.refunds[0].ref, "rfnd_1");
        ck_assert_str_eq(event.refunds[0].arn, "10000000000000");
        ck_assert_int_eq(event.refunds[0].amount_minor, 50000);
        ck_assert_ptr_null(event.refunds[0].key);
        ck_assert_str_eq(event.payment_id, "pay_1");
    }
    ck_assert_ptr_null(event.status);
}
END_TEST

START_TEST(razorpay_others_are_ignored_or_refused)
{
    takes("razorpay", RAZORPAY("order.paid", "\"order\":{}"));
    ck_assert(event.is_ignored);
    static const char *const bad[] = {
        "{}",
        "{\"event\":\"payment.captured\"}",
        "{\"event\":\"payment.captured\",\"payload\":[]}",
        "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":7}}}",
        "{\"event\":\"refund.processed\",\"payload\":{" PAYMENT("captured", "") "}}",
        "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"p\"}}}}",
        "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"p\","
        "\"amount\":-5,\"currency\":\"INR\"}}}}",
        "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"p\","
        "\"amount\":1.5,\"currency\":\"INR\"}}}}",
        "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"p\","
        "\"amount\":99999999999999999999,\"currency\":\"INR\"}}}}",
        "{\"event\":\"payment.captured\",\"payload\":{\"payment\":{\"entity\":{\"id\":\"p\","
        "\"amount\":5,\"currency\":\"inr\"}}}}",
        "{\"event\":\"refund.failed\",\"payload\":{\"refund\":{\"entity\":{\"id\":\"r\","
        "\"amount\":5,\"currency\":\"INR\"}}}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(parse("razorpay", bad[i]) == RC_INVALID, "%s", bad[i]);
}
END_TEST

#define STRIPE(type, object)                                                               \
    "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"" type "\",\"created\":1597734100," \
    "\"data\":{\"object\":" object "}}"
#define INTENT(currency, amount)                                                                \
    "{\"id\":\"pi_1\",\"object\":\"payment_intent\",\"amount\":" amount                         \
    ",\"amount_received\":" amount ",\"currency\":\"" currency "\",\"latest_charge\":\"ch_1\"," \
    "\"created\":1597734000,\"metadata\":{\"order_id\":\"ORD-7\"}}"
#define CHARGE(more)                                                                      \
    "{\"id\":\"ch_1\",\"object\":\"charge\",\"amount\":1050,\"amount_captured\":1050,"    \
    "\"currency\":\"usd\",\"payment_intent\":\"pi_1\",\"captured\":true,\"metadata\":{}," \
    "\"created\":1597734000,\"payment_method_details\":{\"type\":\"card\",\"card\":{"     \
    "\"brand\":\"visa\",\"last4\":\"4242\",\"exp_month\":4,\"exp_year\":2030}}" more "}"
#define LONE(status)                                                              \
    "{\"id\":\"re_1\",\"object\":\"refund\",\"amount\":500,\"currency\":\"usd\"," \
    "\"charge\":\"ch_1\",\"payment_intent\":\"pi_1\",\"status\":\"" status "\","  \
    "\"metadata\":{\"unique_request_id\":\"u1\"},\"created\":1597734050}"

START_TEST(stripe_payments)
{
    takes("stripe", STRIPE("payment_intent.succeeded", INTENT("usd", "1050")));
    ck_assert_str_eq(event.event_id, "evt_1");
    ck_assert_str_eq(event.status, "CHARGED");
    ck_assert_str_eq(event.currency, "USD");
    ck_assert_str_eq(event.order_id, "ORD-7");
    ck_assert_str_eq(event.payment_id, "pi_1");
    ck_assert_str_eq(event.other_payment_id, "ch_1");
    takes("stripe", STRIPE("payment_intent.payment_failed", INTENT("usd", "1050")));
    ck_assert_str_eq(event.status, "AUTHORIZATION_FAILED");
    takes("stripe", STRIPE("charge.succeeded", CHARGE("")));
    ck_assert_str_eq(event.status, "CHARGED");
    ck_assert_str_eq(event.payment_id, "pi_1");
    ck_assert_str_eq(event.order_id, "pi_1");
    ck_assert_str_eq(event.card.expiry_month, "4");
    takes("stripe", STRIPE("charge.failed", CHARGE(",\"failure_code\":\"card_declined\"")));
    ck_assert_str_eq(event.error_code, "card_declined");
}
END_TEST

START_TEST(stripe_minor_units_become_ours)
{
    static const struct {
        const char *json;
        int64_t minor; /* -1: refused */
    } rows[] = {
        {STRIPE("payment_intent.succeeded", INTENT("usd", "1050")), 1050},
        {STRIPE("payment_intent.succeeded", INTENT("jpy", "500")), 500},
        {STRIPE("payment_intent.succeeded", INTENT("kwd", "5120")), 5120},
        {STRIPE("payment_intent.succeeded", INTENT("mga", "5")), 500},
        {STRIPE("payment_intent.succeeded", INTENT("isk", "500")), 5},
        {STRIPE("payment_intent.succeeded", INTENT("isk", "505")), -1},
        {STRIPE("payment_intent.succeeded", INTENT("ugx", "50000")), 500},
        {STRIPE("payment_intent.succeeded", INTENT("xxq", "50000")), -1},
        {STRIPE("payment_intent.succeeded", INTENT("mga", "999999999999999")), -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum rc rc = parse("stripe", rows[i].json);
        ck_assert_msg((rc == RC_OK) == (rows[i].minor >= 0), "%s", rows[i].json);
        if (rc == RC_OK)
            ck_assert_int_eq(event.amount_minor, rows[i].minor);
    }
}
END_TEST

START_TEST(stripe_refunds)
{
    static const struct {
        const char *json, *status;
    } rows[] = {{STRIPE("refund.created", LONE("pending")), "PENDING"},
                {STRIPE("refund.updated", LONE("requires_action")), "PENDING"},
                {STRIPE("charge.refund.updated", LONE("succeeded")), "SUCCESS"},
                {STRIPE("refund.updated", LONE("canceled")), "FAILURE"},
                {STRIPE("refund.failed", LONE("failed")), "FAILURE"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        takes("stripe", rows[i].json);
        ck_assert_int_eq(event.amount_minor, -1);
        ck_assert_str_eq(event.payment_id, "pi_1");
        ck_assert_str_eq(event.other_payment_id, "ch_1");
        ck_assert_str_eq(event.refunds[0].status, rows[i].status);
        ck_assert_str_eq(event.refunds[0].key, "u1");
    }
    takes("stripe",
          STRIPE("charge.refunded", CHARGE(",\"refunds\":{\"data\":[" LONE("succeeded") "]}")));
    ck_assert_int_eq(event.n_refunds, 1);
    ck_assert_int_eq(event.refunds[0].amount_minor, 500);
}
END_TEST

START_TEST(stripe_others_are_ignored_or_refused)
{
    takes("stripe", STRIPE("invoice.paid", "{}"));
    ck_assert(event.is_ignored);
    static const char *const bad[] = {
        "{}",
        "{\"type\":\"refund.created\"}",
        STRIPE("refund.created", "[]"),
        STRIPE("refund.created", "{\"id\":\"re_1\"}"),
        STRIPE("refund.created", "{\"id\":\"re_1\",\"charge\":\"ch_1\",\"currency\":\"usd\"}"),
        STRIPE("charge.succeeded", "{\"id\":\"ch_1\",\"currency\":\"usd\",\"amount\":0}"),
        STRIPE("charge.succeeded", "{\"currency\":\"usd\",\"amount\":1}"),
        STRIPE(
            "charge.refunded",
            CHARGE(
                ",\"refunds\":{\"data\":[{\"id\":\"re_1\",\"currency\":\"eur\",\"amount\":1}]}")),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(parse("stripe", bad[i]) == RC_INVALID, "%s", bad[i]);
}
END_TEST

suite_fn t_hooks_suite;
Suite *t_hooks_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("hooks", &tc);
    tcase_add_test(tc, razorpay_payments);
    tcase_add_test(tc, razorpay_refunds);
    tcase_add_test(tc, razorpay_others_are_ignored_or_refused);
    tcase_add_test(tc, stripe_payments);
    tcase_add_test(tc, stripe_minor_units_become_ours);
    tcase_add_test(tc, stripe_refunds);
    tcase_add_test(tc, stripe_others_are_ignored_or_refused);
    return s;
}
