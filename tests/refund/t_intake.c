#include "core/limits.h"
#include "core/str.h"
#include "refund/intake.h"
#include "refund/shop.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

static struct intake_answer take(struct intake_order in)
{
    struct intake_answer out;
    struct err e = {0};
    in.actor = &shop_actor;
    enum rc rc = intake_order_create(&shop, desk.arena, &in, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return out;
}

static void refuses_field(struct intake_order in, const char *field)
{
    struct intake_answer out = take(in);
    ck_assert_msg(out.n_faults >= 1, "%s was accepted", field);
    ck_assert_str_eq(out.faults[0].field, field);
    ck_assert(!out.created);
}

START_TEST(takes_a_new_order_and_queues_its_charge)
{
    struct intake_answer out = take((struct intake_order){
        .order_id = "Ord_1", .amount = "100.50", .customer_id = "c", .udf = {"one"}});
    ck_assert(out.created && out.charging);
    struct order o = shop_order_row(out.order.id);
    ck_assert_str_eq(o.status, "NEW");
    ck_assert_str_eq(o.currency, "INR");
    ck_assert_int_eq(o.amount_minor, 10050);
    ck_assert(str_starts(o.public_id, "ordeh_") && strlen(o.public_id) == 38);
    ck_assert_str_eq(o.facts, "{\"udf1\":\"one\"}");
    ck_assert_int_eq(shop_jobs(JOB_CHARGE), 1);
}
END_TEST

START_TEST(gives_the_same_order_again_and_tells_a_different_one)
{
    int64_t id = take((struct intake_order){.order_id = "Ord", .amount = "1"}).order.id;
    struct intake_answer same = take((struct intake_order){.order_id = "ORD", .amount = "1.00"});
    ck_assert(!same.created && !same.differs);
    ck_assert_int_eq(same.order.id, id);
    ck_assert(take((struct intake_order){.order_id = "ord", .amount = "2"}).differs);
    ck_assert(
        take((struct intake_order){.order_id = "ord", .amount = "1", .currency = "USD"}).differs);
}
END_TEST

START_TEST(refuses_order_ids_that_break_paths)
{
    static const char *const ids[] = {"",    ".",   "..",   "a b",        "a/b", "a\\b",
                                      "a?b", "a#b", "a%20", "t\xc3\xa9l", "a\tb"};
    char text[LIMIT_ORDER_ID + 2];
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        refuses_field((struct intake_order){.order_id = ids[i], .amount = "1"}, "order_id");
    memset(text, 'x', sizeof text);
    text[LIMIT_ORDER_ID + 1] = '\0';
    refuses_field((struct intake_order){.order_id = text, .amount = "1"}, "order_id");
    text[LIMIT_ORDER_ID] = '\0';
    ck_assert(take((struct intake_order){.order_id = text, .amount = "1"}).created);
}
END_TEST

START_TEST(refuses_unusable_amounts_and_currencies)
{
    static const char *const amounts[] = {NULL, "", "0", "-1", "1e3", "1.005", "99999999999999.99"};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++)
        refuses_field((struct intake_order){.order_id = "o", .amount = amounts[i]}, "amount");
    refuses_field((struct intake_order){.order_id = "o", .amount = "1", .currency = "inr"},
                  "currency");
}
END_TEST

START_TEST(refuses_texts_just_over_their_limits)
{
    char text[LIMIT_METADATA_BYTES + 2];
    memset(text, 'x', sizeof text);
    text[LIMIT_CUSTOMER + 1] = '\0';
    refuses_field((struct intake_order){.order_id = "o", .amount = "1", .customer_email = text},
                  "customer_email");
    text[LIMIT_CUSTOMER] = '\0';
    ck_assert(take((struct intake_order){.order_id = "o1", .amount = "1", .customer_email = text})
                  .created);
    text[LIMIT_UDF] = 'x';
    text[LIMIT_UDF + 1] = '\0';
    refuses_field((struct intake_order){.order_id = "o", .amount = "1", .udf = {[9] = text}},
                  "udf10");
    refuses_field((struct intake_order){.order_id = "o", .amount = "1", .metadata = "[1]"},
                  "metadata");
    refuses_field((struct intake_order){.order_id = "o", .amount = "1", .metadata = "{"},
                  "metadata");
}
END_TEST

START_TEST(metadata_is_measured_to_the_byte)
{
    for (size_t extra = 0; extra < 2; extra++) {
        size_t n = LIMIT_ORDER_METADATA_BYTES + extra;
        char *text = arena_alloc(desk.arena, n + 1);
        memset(text, 'x', n);
        memcpy(text, "{\"a\":\"", 6);
        memcpy(text + n - 2, "\"}", 2);
        struct intake_order in = {.order_id = "o", .amount = "1", .metadata = text};
        if (extra == 0)
            ck_assert(take(in).created);
        else
            refuses_field(in, "metadata");
    }
}
END_TEST

START_TEST(names_everything_that_is_wrong)
{
    struct intake_answer out = take((struct intake_order){.order_id = "a/b", .amount = "x"});
    ck_assert_int_eq(out.n_faults, 2);
    ck_assert_str_eq(out.faults[1].field, "amount");
}
END_TEST

START_TEST(keeps_the_first_charged_transaction)
{
    int64_t id = shop_add((struct shop_order){.order_id = "ORD", .status = "AUTHORIZING"});
    ck_assert_int_eq(shop_order_row(id).kept_txn, 0);
    shop_add_txn(id, "ORD-2", "CHARGED", 100000);
    struct order o = shop_order_row(id);
    ck_assert_str_eq(o.status, "CHARGED");
    ck_assert_int_eq(o.kept_txn, shop_txn("ORD-2").id);
    shop_add_txn(id, "ORD-3", "AUTHORIZATION_FAILED", 100000);
    ck_assert_str_eq(shop_order_row(id).status, "CHARGED");
}
END_TEST

START_TEST(never_undoes_a_success)
{
    int64_t id = shop_add((struct shop_order){.order_id = "ORD"});
    shop_add_txn(id, "ORD-1", "AUTHORIZING", 100000);
    ck_assert_str_eq(shop_txn("ORD-1").status, "CHARGED");
    ck_assert_int_gt(shop_txn("ORD-1").charged_ms, 0);
}
END_TEST

suite_fn t_intake_suite;
Suite *t_intake_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("intake", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, takes_a_new_order_and_queues_its_charge);
    tcase_add_test(tc, gives_the_same_order_again_and_tells_a_different_one);
    tcase_add_test(tc, refuses_order_ids_that_break_paths);
    tcase_add_test(tc, refuses_unusable_amounts_and_currencies);
    tcase_add_test(tc, refuses_texts_just_over_their_limits);
    tcase_add_test(tc, metadata_is_measured_to_the_byte);
    tcase_add_test(tc, names_everything_that_is_wrong);
    tcase_add_test(tc, keeps_the_first_charged_transaction);
    tcase_add_test(tc, never_undoes_a_success);
    return s;
}
