/*
 * Split settlement through the validation core: what is judged, in which order, and what is written
 * with the refund.
 */
#include "core/str.h"
#include "refund/shop.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

static const struct party PARTIES[] = {
    {"", 10000, 0}, {"VENDOR_A", 60000, 0}, {"VENDOR_B", 30000, 0}};

#define AMOUNT(text) .amount_given = GIVEN_TEXT, .amount = (text)

static int64_t split_order(const char *order_id)
{
    int64_t order = shop_add((struct shop_order){.order_id = order_id});
    shop_split(order, PARTIES, 3);
    return order;
}

static void refused(struct refund_request req, enum cause cause, const char *said)
{
    struct refund_answer answer = shop_ask_full(req);
    ck_assert_msg(answer.cause == cause, "cause %d (%s) instead of %d", (int)answer.cause,
                  str_or(answer.detail, cause_row(answer.cause)->message), (int)cause);
    if (said != NULL)
        ck_assert_msg(answer.detail != NULL && strstr(answer.detail, said) != NULL, "%s, not %s",
                      answer.detail, said);
}

static const struct split_ask *split(const char *json)
{
    struct split_ask *ask = arena_alloc(desk.arena, sizeof *ask);
    struct err e;
    ck_assert_int_eq(split_read(desk.arena, json, ask, &e), RC_OK);
    return ask;
}

/* ---- split settlement */

START_TEST(keeps_the_parts_with_the_refund)
{
    split_order("ORD");
    struct refund_answer answer = shop_ask_full((struct refund_request){
        .order_id = "ORD",
        .unique_request_id = "u1",
        AMOUNT("1.05"),
        .split = split("{\"marketplace\":{\"refund_amount\":0},\"vendor\":{\"split\":[{"
                       "\"sub_mid\":\"VENDOR_B\",\"refund_amount\":1.05}]}}")});
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    struct refund_view v = shop_view(answer.refund.id);
    ck_assert_int_eq(v.n_parts, 2);
    ck_assert_str_eq(v.parts[1].party, "VENDOR_B");
    ck_assert_int_eq(v.parts[1].amount_minor, 105);
    ck_assert_int_eq(answer.flat.n_parts, 2);
    ck_assert_ptr_nonnull(
        strstr(shop_frozen(v.refund), "\"sub_vendor_id\":\"VENDOR_B\",\"amount\":1.05"));
}
END_TEST

START_TEST(refuses_a_broken_split_as_the_last_cause)
{
    split_order("ORD");
    const struct split_ask *bad =
        split("{\"vendor\":{\"split\":[{\"sub_mid\":\"VENDOR_A\",\"amount\":600.01}]}}");
    struct refund_request req = {
        .order_id = "ORD", .unique_request_id = "u1", AMOUNT("600.01"), .split = bad};
    refused(req, CAUSE_SPLIT_OR_BENEFICIARY, "Party Ceiling: vendor VENDOR_A");
    struct refund_answer answer = shop_ask_full(req);
    ck_assert_str_eq(answer.field, "metadata.split_settlement_details");
    ck_assert(!answer.missing);
    req.amount = "1000.01";
    refused(req, CAUSE_EXCEEDS, NULL);
    req.order_id = "NONE";
    refused(req, CAUSE_ORDER_UNKNOWN, NULL);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 0);
}
END_TEST

START_TEST(refuses_a_split_where_nothing_is_split)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    refused((struct refund_request){.order_id = "ORD",
                                    .unique_request_id = "u1",
                                    AMOUNT("1"),
                                    .split = split("{\"marketplace\":{\"amount\":1}}")},
            CAUSE_SPLIT_OR_BENEFICIARY, "not split settled");
}
END_TEST

START_TEST(shares_out_only_the_whole_rest_without_a_split)
{
    split_order("ORD");
    refused((struct refund_request){.order_id = "ORD", .unique_request_id = "u1", AMOUNT("999.99")},
            CAUSE_SPLIT_OR_BENEFICIARY, "only all that its parties have left (1000.00 INR)");
    int64_t id = shop_ask("ORD", "u2", NULL).refund.id;
    struct refund_view v = shop_view(id);
    ck_assert_int_eq(v.n_parts, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(v.parts[i].party, PARTIES[i].party);
        ck_assert_int_eq(v.parts[i].amount_minor, PARTIES[i].amount_minor);
    }
    shop_apply(id, EVENT_CANCEL);
    ck_assert_int_eq(shop_ask("ORD", "u3", "1000").cause, CAUSE_NONE);
}
END_TEST

START_TEST(a_party_is_held_over_several_refunds_until_one_fails)
{
    split_order("ORD");
    const struct split_ask *half =
        split("{\"vendor\":{\"split\":[{\"sub_mid\":\"VENDOR_B\",\"amount\":150}]}}");
    struct refund_request req = {
        .order_id = "ORD", .unique_request_id = "u1", AMOUNT("150"), .split = half};
    int64_t first = shop_ask_full(req).refund.id;
    shop.clock.fixed_ms += 5000;
    req.unique_request_id = "u2";
    refused(req, CAUSE_NONE, NULL);
    shop.clock.fixed_ms += 5000;
    req.unique_request_id = "u3";
    refused(req, CAUSE_SPLIT_OR_BENEFICIARY, "vendor VENDOR_B has 0.00 INR left");
    shop_apply(first, EVENT_CANCEL);
    refused(req, CAUSE_NONE, NULL);
}
END_TEST

START_TEST(parties_are_counted_for_each_transaction)
{
    int64_t order = split_order("ORD");
    shop_add_txn(order, "ORD-2", "CHARGED", 100000);
    ck_assert_int_eq(shop_ask("ORD", "u1", NULL).cause, CAUSE_NONE);
    refused((struct refund_request){.txn_id = "ORD-2", .unique_request_id = "u2"}, CAUSE_NONE,
            NULL);
    refused((struct refund_request){.txn_id = "ORD-2", .unique_request_id = "u3"}, CAUSE_EXCEEDS,
            NULL);
}
END_TEST

suite_fn t_split_terms_suite;
Suite *t_split_terms_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("split terms", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, keeps_the_parts_with_the_refund);
    tcase_add_test(tc, refuses_a_broken_split_as_the_last_cause);
    tcase_add_test(tc, refuses_a_split_where_nothing_is_split);
    tcase_add_test(tc, shares_out_only_the_whole_rest_without_a_split);
    tcase_add_test(tc, a_party_is_held_over_several_refunds_until_one_fails);
    tcase_add_test(tc, parties_are_counted_for_each_transaction);
    return s;
}
