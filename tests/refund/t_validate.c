#include "core/limits.h"
#include "core/str.h"
#include "refund/shop.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

static void refused(struct refund_request req, enum cause cause)
{
    struct refund_answer answer = shop_ask_full(req);
    ck_assert_msg(answer.cause == cause, "cause %d (%s) instead of %d", (int)answer.cause,
                  cause_row(answer.cause)->message, (int)cause);
}

#define ASK(order, id, ...) \
    ((struct refund_request){.order_id = (order), .unique_request_id = (id), ##__VA_ARGS__})
#define AMOUNT(text) .amount_given = GIVEN_TEXT, .amount = (text)

START_TEST(accepts_an_ordinary_refund)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_answer answer = shop_ask("ord", "u1", "250.50");
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    struct refund r = shop_refund(answer.refund.id);
    ck_assert_int_eq(r.amount_minor, 25050);
    ck_assert_str_eq(r.status, "PENDING");
    ck_assert_str_eq(r.order_id, "ORD");
    ck_assert(!r.sent);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 25050);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
}
END_TEST

START_TEST(takes_all_that_is_left_when_the_amount_is_omitted)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    shop_ask("ORD", "u1", "250.50");
    ck_assert_int_eq(shop_ask("ORD", "u2", NULL).refund.amount_minor, 74950);
    refused(ASK("ORD", "u3"), CAUSE_EXCEEDS);
}
END_TEST

START_TEST(refuses_missing_fields)
{
    refused((struct refund_request){.order_id = "ORD"}, CAUSE_MISSING_FIELD);
    refused((struct refund_request){.unique_request_id = "u1"}, CAUSE_MISSING_FIELD);
    refused(ASK("ORD", ""), CAUSE_MISSING_FIELD);
}
END_TEST

START_TEST(refuses_unknown_words_and_long_fields)
{
    char text[LIMIT_UNIQUE_REQUEST_ID + 2];
    memset(text, 'x', sizeof text);
    text[LIMIT_UNIQUE_REQUEST_ID + 1] = '\0';
    shop_add((struct shop_order){.order_id = "ORD"});
    refused(ASK("ORD", "u1", .refund_type = "standard"), CAUSE_BAD_REQUEST);
    refused(ASK("ORD", "u1", .reason = "BECAUSE"), CAUSE_BAD_REQUEST);
    refused(ASK("ORD", text), CAUSE_BAD_REQUEST);
    refused(ASK("ORD", "t\xc3\xa9l"), CAUSE_BAD_REQUEST);
    refused(ASK("ORD", "u1", .fault = "metadata"), CAUSE_BAD_REQUEST);
    text[LIMIT_UNIQUE_REQUEST_ID] = '\0';
    refused(ASK("ORD", text, AMOUNT("1")), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_amounts_that_are_not_decimal_before_it_looks_at_the_order)
{
    static const char *const texts[] = {"",         "0",        "0.00",  "-1",  "+1",      "1e3",
                                        "1,000.00", " 1",       "1 ",    ".5",  "5.",      "0x1",
                                        "abc",      "\xd9\xa3", "1.2.3", "NaN", "Infinity"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        refused(ASK("ORD", "u1", AMOUNT(texts[i])), CAUSE_AMOUNT_INVALID);
    refused(ASK("ORD", "u1", .amount_given = GIVEN_NULL), CAUSE_AMOUNT_INVALID);
}
END_TEST

START_TEST(refuses_unknown_orders_and_transactions)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    shop_add((struct shop_order){.order_id = "OTHER"});
    refused(ASK("NONE", "u1"), CAUSE_ORDER_UNKNOWN);
    refused(ASK("ORD", "u1", .txn_id = "NONE"), CAUSE_TXN_UNKNOWN);
    refused(ASK("ORD", "u1", .txn_id = "OTHER-1"), CAUSE_TXN_UNKNOWN);
    refused((struct refund_request){.txn_id = "NONE", .unique_request_id = "u"}, CAUSE_TXN_UNKNOWN);
}
END_TEST

START_TEST(refuses_a_used_unique_request_id_for_ever)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t first = shop_ask("ORD", "u1", "10").refund.id;
    struct refund_answer again = shop_ask("ORD", "u1", "20");
    ck_assert_int_eq(again.cause, CAUSE_ID_IN_FLIGHT);
    ck_assert_int_eq(again.existing, first);
    shop_apply(first, EVENT_CANCEL);
    refused(ASK("ORD", "u1", AMOUNT("20")), CAUSE_ID_DONE);
    refused(ASK("ORD", "U1", AMOUNT("20")), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_by_the_state_of_the_payment)
{
    static const struct {
        const char *status;
        enum cause cause;
    } rows[] = {
        {"NEW", CAUSE_ORDER_PENDING},
        {"STARTED", CAUSE_ORDER_PENDING},
        {"JUSPAY_DECLINED", CAUSE_ORDER_UNSUCCESSFUL},
        {"PENDING_VBV", CAUSE_ORDER_PENDING},
        {"VBV_SUCCESSFUL", CAUSE_ORDER_PENDING},
        {"AUTHORIZED", CAUSE_ORDER_PENDING},
        {"AUTHENTICATION_FAILED", CAUSE_ORDER_UNSUCCESSFUL},
        {"AUTHORIZATION_FAILED", CAUSE_ORDER_UNSUCCESSFUL},
        {"AUTHORIZING", CAUSE_ORDER_PENDING},
        {"COD_INITIATED", CAUSE_COD},
        {"VOIDED", CAUSE_ORDER_UNSUCCESSFUL},
        {"VOID_INITIATED", CAUSE_ORDER_PENDING},
        {"CAPTURE_INITIATED", CAUSE_ORDER_PENDING},
        {"CAPTURE_FAILED", CAUSE_ORDER_UNSUCCESSFUL},
        {"VOID_FAILED", CAUSE_ORDER_PENDING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        shop_add((struct shop_order){.order_id = rows[i].status, .status = rows[i].status});
        refused(ASK(rows[i].status, "u1"), rows[i].cause);
        const char *txn_id = arena_printf(desk.arena, "%s-1", rows[i].status);
        refused(ASK(NULL, "u1", .txn_id = txn_id), rows[i].cause);
    }
    shop_add((struct shop_order){.order_id = "NEW2", .status = "NEW", .no_txn = true});
    refused(ASK("NEW2", "u1"), CAUSE_ORDER_PENDING);
}
END_TEST

START_TEST(refuses_cash)
{
    shop_add((struct shop_order){.order_id = "ORD", .method = "CASH"});
    shop_add((struct shop_order){.order_id = "COD", .is_cod = true});
    refused(ASK("ORD", "u1"), CAUSE_COD);
    refused(ASK("COD", "u1"), CAUSE_COD);
}
END_TEST

START_TEST(refunds_an_auto_refunded_order_by_txn_or_in_the_portal_only)
{
    shop_add((struct shop_order){.order_id = "ORD", .status = "AUTO_REFUNDED"});
    refused(ASK("ORD", "u1", AMOUNT("1")), CAUSE_ORDER_UNSUCCESSFUL);
    refused(ASK("ORD", "u1", .txn_id = "ORD-1", AMOUNT("1")), CAUSE_NONE);
    refused(ASK("ORD", "u2", .source = SOURCE_PORTAL, AMOUNT("2")), CAUSE_NONE);
}
END_TEST

START_TEST(refunds_split_payments_by_txn_only)
{
    int64_t order = shop_add((struct shop_order){.order_id = "ORD", .is_split_payment = true});
    shop_add_txn(order, "ORD-2", "CHARGED", 5000);
    refused(ASK("ORD", "u1"), CAUSE_SPLIT_PAYMENT);
    refused(ASK("ORD", "u1", .txn_id = "ORD-2"), CAUSE_NONE);
    ck_assert_int_eq(shop_txn("ORD-2").held_minor, 5000);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
}
END_TEST

START_TEST(refuses_orders_older_than_the_limit)
{
    shop_add((struct shop_order){.order_id = "EDGE", .age_days = 365});
    shop_add((struct shop_order){.order_id = "OLD", .age_days = 366});
    refused(ASK("EDGE", "u1"), CAUSE_NONE);
    refused(ASK("OLD", "u1"), CAUSE_ORDER_TOO_OLD);
    refused(ASK("OLD", "u1", .source = SOURCE_AUTO), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_gateways_that_cannot)
{
    shop_add((struct shop_order){.order_id = "ORD", .gateway = "LEGACY"});
    shop_add((struct shop_order){.order_id = "GONE", .gateway = "UNHEARD_OF"});
    shop_add((struct shop_order){.order_id = "GOOD"});
    refused(ASK("ORD", "u1"), CAUSE_GATEWAY_CANNOT);
    refused(ASK("GONE", "u1"), CAUSE_GATEWAY_CANNOT);
    refused(ASK("GOOD", "u1", .refund_type = "INSTANT"), CAUSE_GATEWAY_CANNOT);
    refused(ASK("GOOD", "u1", .refund_type = "INSTANT_WITH_FALLBACK"), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_a_payment_without_the_gateways_id)
{
    shop_add((struct shop_order){.order_id = "ORD", .no_payment_id = true});
    refused(ASK("ORD", "u1"), CAUSE_NO_PAYMENT_ID);
}
END_TEST

START_TEST(refuses_more_decimals_than_the_currency_has)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    shop_add((struct shop_order){.order_id = "YEN", .currency = "JPY"});
    shop_add((struct shop_order){.order_id = "DINAR", .currency = "KWD"});
    refused(ASK("ORD", "u1", AMOUNT("1.005")), CAUSE_TOO_MANY_DECIMALS);
    refused(ASK("YEN", "u1", AMOUNT("1.0")), CAUSE_TOO_MANY_DECIMALS);
    refused(ASK("DINAR", "u1", AMOUNT("1.0005")), CAUSE_TOO_MANY_DECIMALS);
    refused(ASK("DINAR", "u1", AMOUNT("1.005")), CAUSE_NONE);
    refused(ASK("ORD", "u1", AMOUNT("10000000000000.01")), CAUSE_TOO_MANY_DECIMALS);
}
END_TEST

START_TEST(refuses_less_than_the_minimum)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    shop_add((struct shop_order){.order_id = "USD", .currency = "USD"});
    refused(ASK("ORD", "u1", AMOUNT("0.99")), CAUSE_BELOW_MINIMUM);
    refused(ASK("ORD", "u1", AMOUNT("1")), CAUSE_NONE);
    refused(ASK("USD", "u1", AMOUNT("0.01")), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_a_twin_within_the_window_only)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    refused(ASK("ORD", "u1", AMOUNT("10")), CAUSE_NONE);
    refused(ASK("ORD", "u2", AMOUNT("10")), CAUSE_TWIN);
    refused(ASK("ORD", "u3", AMOUNT("11")), CAUSE_NONE);
    refused(ASK("ORD", "u4", .source = SOURCE_BATCH, .batch = 7, AMOUNT("10")), CAUSE_TWIN);
    refused(ASK("ORD", "u4", .source = SOURCE_BATCH, .runs_later = true, AMOUNT("10")), CAUSE_NONE);
    shop.clock.fixed_ms += 4999;
    refused(ASK("ORD", "u5", AMOUNT("10")), CAUSE_TWIN);
    shop.clock.fixed_ms += 1;
    refused(ASK("ORD", "u5", AMOUNT("10")), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_the_26th_refund_not_counting_failures_and_auto)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t last = 0;
    for (int i = 0; i < 25; i++) {
        const char *id = arena_printf(desk.arena, "u%d", i);
        last = shop_ask("ORD", id, arena_printf(desk.arena, "%d", i + 1)).refund.id;
    }
    refused(ASK("ORD", "u26", AMOUNT("30")), CAUSE_TOO_MANY_REFUNDS);
    refused(ASK("ORD", "auto", .source = SOURCE_AUTO, AMOUNT("30")), CAUSE_NONE);
    shop_apply(last, EVENT_CANCEL);
    refused(ASK("ORD", "u26", AMOUNT("31")), CAUSE_NONE);
}
END_TEST

START_TEST(refuses_more_than_is_left)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    refused(ASK("ORD", "u1", AMOUNT("1000.01")), CAUSE_EXCEEDS);
    refused(ASK("ORD", "u1", AMOUNT("400")), CAUSE_NONE);
    refused(ASK("ORD", "u2", AMOUNT("600.01")), CAUSE_EXCEEDS);
    refused(ASK("ORD", "u2", AMOUNT("600")), CAUSE_NONE);
}
END_TEST

/* Where several causes hold, the first of the table is named. */
START_TEST(names_the_first_cause)
{
    shop_add((struct shop_order){.order_id = "ORD",
                                 .status = "COD_INITIATED",
                                 .gateway = "LEGACY",
                                 .age_days = 400,
                                 .no_payment_id = true});
    refused(ASK("ORD", "", AMOUNT("x")), CAUSE_MISSING_FIELD);
    refused(ASK("ORD", "u1", .reason = "x", AMOUNT("x")), CAUSE_BAD_REQUEST);
    refused(ASK("NONE", "u1", AMOUNT("x")), CAUSE_AMOUNT_INVALID);
    refused(ASK("ORD", "u1", AMOUNT("1.005")), CAUSE_COD);
    shop_add((struct shop_order){
        .order_id = "O2", .gateway = "LEGACY", .age_days = 400, .no_payment_id = true});
    refused(ASK("O2", "u1", AMOUNT("1.005")), CAUSE_ORDER_TOO_OLD);
    shop_add((struct shop_order){.order_id = "O3", .gateway = "LEGACY", .no_payment_id = true});
    refused(ASK("O3", "u1", AMOUNT("1.005")), CAUSE_GATEWAY_CANNOT);
    shop_add((struct shop_order){.order_id = "O4", .no_payment_id = true});
    refused(ASK("O4", "u1", AMOUNT("1.005")), CAUSE_NO_PAYMENT_ID);
    shop_add((struct shop_order){.order_id = "O5"});
    shop_ask("O5", "all", NULL);
    refused(ASK("O5", "u1", AMOUNT("0.5")), CAUSE_BELOW_MINIMUM);
}
END_TEST

START_TEST(tells_a_list_why_not)
{
    struct merchant m = {.order_age_days = 365, .test_mode = true};
    struct gateway_row rows[] = {{.name = "PAYU", .adapter = "simulator", .can_refund = true},
                                 {.name = "LEGACY", .adapter = "simulator"},
                                 {.name = "FOREIGN", .can_refund = true}};
    const struct gateway_set gateways = {rows, 3};
    struct order o = {.status = "CHARGED", .created_ms = SHOP_NOW_MS};
    struct txn t = {
        .status = "CHARGED", .gateway = "PAYU", .payment_id = "pay", .amount_minor = 10};
    ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS), CAUSE_NONE);
    static const char *const cannot[] = {"LEGACY", "FOREIGN", "UNHEARD_OF", NULL};
    for (size_t i = 0; i < sizeof cannot / sizeof cannot[0]; i++) {
        t.gateway = cannot[i];
        ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS),
                         CAUSE_GATEWAY_CANNOT);
    }
    t.gateway = "PAYU";
    m.test_mode = false; /* the simulator plays no live gateway */
    ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS),
                     CAUSE_GATEWAY_CANNOT);
    m.test_mode = true;
    t.held_minor = 10;
    ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS), CAUSE_EXCEEDS);
    o.created_ms -= 366 * CLOCK_DAY_MS;
    ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS),
                     CAUSE_ORDER_TOO_OLD);
    o.status = "AUTHORIZED";
    ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS),
                     CAUSE_ORDER_PENDING);
    o.is_cod = true;
    ck_assert_int_eq(refund_order_obstacle(&m, &gateways, &o, &t, SHOP_NOW_MS), CAUSE_COD);
}
END_TEST

suite_fn t_validate_suite;
Suite *t_validate_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("validate", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, accepts_an_ordinary_refund);
    tcase_add_test(tc, takes_all_that_is_left_when_the_amount_is_omitted);
    tcase_add_test(tc, refuses_missing_fields);
    tcase_add_test(tc, refuses_unknown_words_and_long_fields);
    tcase_add_test(tc, refuses_amounts_that_are_not_decimal_before_it_looks_at_the_order);
    tcase_add_test(tc, refuses_unknown_orders_and_transactions);
    tcase_add_test(tc, refuses_a_used_unique_request_id_for_ever);
    tcase_add_test(tc, refuses_by_the_state_of_the_payment);
    tcase_add_test(tc, refuses_cash);
    tcase_add_test(tc, refunds_an_auto_refunded_order_by_txn_or_in_the_portal_only);
    tcase_add_test(tc, refunds_split_payments_by_txn_only);
    tcase_add_test(tc, refuses_orders_older_than_the_limit);
    tcase_add_test(tc, refuses_gateways_that_cannot);
    tcase_add_test(tc, refuses_a_payment_without_the_gateways_id);
    tcase_add_test(tc, refuses_more_decimals_than_the_currency_has);
    tcase_add_test(tc, refuses_less_than_the_minimum);
    tcase_add_test(tc, refuses_a_twin_within_the_window_only);
    tcase_add_test(tc, refuses_the_26th_refund_not_counting_failures_and_auto);
    tcase_add_test(tc, refuses_more_than_is_left);
    tcase_add_test(tc, names_the_first_cause);
    tcase_add_test(tc, tells_a_list_why_not);
    return s;
}
