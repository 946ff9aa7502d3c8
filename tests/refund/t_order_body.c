#include "core/json.h"
#include "core/str.h"
#include "refund/order_body.h"
#include "refund/shop.h"
#include "support/suite.h"
#include <string.h>

struct body_work {
    const char *order_id;
    struct order_view view;
    enum rc rc;
};

static enum rc view_fn(struct sql *q, void *arg, struct err *e)
{
    struct body_work *w = arg;
    w->rc =
        order_view_read(q, desk.arena, desk.merchant, "demo_merchant", w->order_id, &w->view, e);
    return RC_OK;
}

static struct json_object *body_of(const char *order_id)
{
    struct body_work w = {.order_id = order_id};
    desk_look(view_fn, &w);
    ck_assert_int_eq(w.rc, RC_OK);
    w.view.now_ms = shop.clock.fixed_ms;
    return order_body(desk.arena, &w.view);
}

#define HAS(body, key, text) ck_assert_pstr_eq(json_text(desk.arena, (body), (key)), (text))

/* The vendor's sample answer names these at the top level. */
START_TEST(has_the_fields_of_the_vendors_sample)
{
    static const char *const keys[] = {"udf1",
                                       "udf10",
                                       "txn_uuid",
                                       "txn_id",
                                       "txn_detail",
                                       "status_id",
                                       "status",
                                       "rewards_breakup",
                                       "return_url",
                                       "refunds",
                                       "refunded",
                                       "product_id",
                                       "payment_method_type",
                                       "payment_method",
                                       "order_id",
                                       "offers",
                                       "metadata",
                                       "merchant_id",
                                       "id",
                                       "gateway_reference_id",
                                       "gateway_id",
                                       "effective_amount",
                                       "date_created",
                                       "customer_phone",
                                       "customer_id",
                                       "customer_email",
                                       "currency",
                                       "bank_pg",
                                       "bank_error_message",
                                       "bank_error_code",
                                       "auth_type",
                                       "amount_refunded",
                                       "amount"};
    static const char *const detail[] = {
        "txn_uuid",         "txn_id",     "txn_amount", "tax_amount",
        "surcharge_amount", "status",     "redirect",   "order_id",
        "net_amount",       "gateway_id", "gateway",    "express_checkout",
        "error_message",    "error_code", "currency",   "created"};
    static const char *const refund[] = {
        "unique_request_id", "status", "sent_to_gateway", "refund_type", "refund_source", "ref",
        "initiated_by",      "id",     "error_message",   "error_code",  "created",       "amount"};
    shop_add((struct shop_order){.order_id = "ORD"});
    shop_ask("ORD", "u1", "1");
    struct json_object *body = body_of("ord");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        ck_assert_msg(json_has(body, keys[i]), "%s is missing", keys[i]);
    for (size_t i = 0; i < sizeof detail / sizeof detail[0]; i++)
        ck_assert_msg(json_has(json_get(body, "txn_detail"), detail[i]), "%s is missing",
                      detail[i]);
    struct json_object *first = json_object_array_get_idx(json_get(body, "refunds"), 0);
    for (size_t i = 0; i < sizeof refund / sizeof refund[0]; i++)
        ck_assert_msg(json_has(first, refund[i]), "%s is missing", refund[i]);
}
END_TEST

START_TEST(leaves_out_what_does_not_exist_yet)
{
    shop_add((struct shop_order){.order_id = "ORD", .status = "NEW", .no_txn = true});
    struct json_object *body = body_of("ORD");
    ck_assert(!json_has(body, "refunds"));
    ck_assert(!json_has(body, "txn_id"));
    ck_assert(!json_has(body, "txn_detail"));
    HAS(body, "status_id", "10");
    HAS(body, "amount_refunded", "0");
    HAS(body, "refunded", "false");
}
END_TEST

START_TEST(writes_amounts_in_shortest_form)
{
    shop_add((struct shop_order){.order_id = "ORD", .amount_minor = 66534});
    shop_ask("ORD", "u1", "98.20");
    struct json_object *body = body_of("ORD");
    HAS(body, "amount", "665.34");
    HAS(body, "amount_refunded", "98.2");
    ck_assert(strstr(json_write(desk.arena, body), "\"amount\":98.2,") != NULL);
}
END_TEST

START_TEST(tells_refunded_when_nothing_is_left)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id = shop_ask("ORD", "u1", NULL).refund.id;
    struct json_object *body = body_of("ORD");
    HAS(body, "refunded", "true");
    HAS(body, "status", "CHARGED");
    shop_apply(id, EVENT_CANCEL);
    HAS(body_of("ORD"), "refunded", "false");
}
END_TEST

START_TEST(counts_the_kept_transaction_but_lists_all_refunds)
{
    int64_t order = shop_add((struct shop_order){.order_id = "ORD"});
    shop_add_txn(order, "ORD-2", "CHARGED", 5000);
    shop_ask_full((struct refund_request){.txn_id = "ORD-2", .unique_request_id = "u1"});
    struct json_object *body = body_of("ORD");
    HAS(body, "txn_id", "ORD-1");
    HAS(body, "amount_refunded", "0");
    HAS(json_object_array_get_idx(json_get(body, "refunds"), 0), "txn_id", "ORD-2");
}
END_TEST

START_TEST(names_the_refund_by_the_gateways_reference_once_there_is_one)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id = shop_ask("ORD", "u1", NULL).refund.id;
    struct json_object *first = json_object_array_get_idx(json_get(body_of("ORD"), "refunds"), 0);
    HAS(first, "id", NULL);
    HAS(first, "sent_to_gateway", "false");
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_DONE);
    first = json_object_array_get_idx(json_get(body_of("ORD"), "refunds"), 0);
    HAS(first, "id", "rfnd_1");
    HAS(first, "ref", "rfnd_1");
    HAS(first, "sent_to_gateway", "true");
}
END_TEST

#define IS(tree, text) ck_assert_str_eq(json_write(desk.arena, (tree)), (text))

START_TEST(lists_the_transactions_of_a_split_payment_with_their_own_refunds)
{
    int64_t order = shop_add((struct shop_order){.order_id = "ORD", .is_split_payment = true});
    shop_add_txn(order, "ORD-2", "CHARGED", 5000);
    ck_assert(!json_has(body_of("ORD"), "refunds"));
    shop_ask_full((struct refund_request){.txn_id = "ORD-2", .unique_request_id = "u1"});
    struct json_object *body = body_of("ORD");
    struct json_object *list = json_get(body, "txn_list");
    ck_assert_int_eq(json_object_array_length(list), 2);
    struct json_object *first = json_object_array_get_idx(list, 0);
    struct json_object *second = json_object_array_get_idx(list, 1);
    HAS(first, "txn_id", "ORD-1");
    HAS(first, "amount_refunded", "0");
    ck_assert(!json_has(first, "refunds"));
    HAS(json_get(second, "txn_detail"), "txn_amount", "50");
    HAS(second, "effective_amount", "50");
    HAS(second, "status", "CHARGED");
    HAS(second, "refunded", "true");
    ck_assert_int_eq(json_object_array_length(json_get(second, "refunds")), 1);
    HAS(json_object_array_get_idx(json_get(second, "refunds"), 0), "unique_request_id", "u1");
    ck_assert_int_eq(json_object_array_length(json_get(body, "refunds")), 1);
    shop_add((struct shop_order){.order_id = "ONE"});
    ck_assert(!json_has(body_of("ONE"), "txn_list"));
}
END_TEST

START_TEST(answers_with_the_split_of_the_order_and_of_each_refund)
{
    const struct party parties[] = {{"", 10000, 0}, {"VENDOR_A", 90000, 0}};
    struct split_part told[] = {{"", "0"}, {"VENDOR_A", "1.05"}};
    const struct split_ask ask = {told, 2};
    shop_split(shop_add((struct shop_order){.order_id = "ORD"}), parties, 2);
    shop_ask_full((struct refund_request){.order_id = "ORD",
                                          .unique_request_id = "u1",
                                          .amount_given = GIVEN_TEXT,
                                          .amount = "1.05",
                                          .split = &ask});
    shop_ask("ORD", "u2", NULL);
    struct json_object *body = body_of("ORD");
    IS(json_get(body, "split_settlement_response"),
       "{\"split_applied\":true,\"marketplace\":{\"amount\":100},\"split_details\":[{"
       "\"sub_vendor_id\":\"VENDOR_A\",\"amount\":900}]}");
    for (size_t i = 0; i < 2; i++) {
        struct json_object *r = json_object_array_get_idx(json_get(body, "refunds"), i);
        bool first = str_eq(json_text(desk.arena, r, "unique_request_id"), "u1");
        IS(json_get(r, "split_settlement_response"),
           first ? "{\"split_applied\":true,\"marketplace\":{\"amount\":0},\"split_details\":[{"
                   "\"sub_vendor_id\":\"VENDOR_A\",\"amount\":1.05}]}"
                 : "{\"split_applied\":true,\"marketplace\":{\"amount\":100},\"split_details\":[{"
                   "\"sub_vendor_id\":\"VENDOR_A\",\"amount\":898.95}]}");
    }
    shop_add((struct shop_order){.order_id = "PLAIN"});
    shop_ask("PLAIN", "u1", NULL);
    body = body_of("PLAIN");
    ck_assert(!json_has(body, "split_settlement_response"));
    ck_assert(!json_has(json_object_array_get_idx(json_get(body, "refunds"), 0),
                        "split_settlement_response"));
}
END_TEST

START_TEST(names_the_gateway_that_pays_out)
{
    struct payout_ask to = {.gateway = "AIRWALLEX"};
    struct err e;
    shop_gateway(
        (struct gateway_row){.name = "AIRWALLEX", .can_payout = true, .reference_id = "bus"});
    shop_add((struct shop_order){.order_id = "ORD"});
    ck_assert_int_eq(payout_read(desk.arena,
                                 "{\"type\":\"UPI_ID\",\"details\":{\"name\":\"A\",\"vpa\":"
                                 "\"asha@bank\"}}",
                                 &to, &e),
                     RC_OK);
    shop_ask_full((struct refund_request){
        .order_id = "ORD", .unique_request_id = "u1", .refund_type = "PAYOUT", .payout = &to});
    struct json_object *entry = json_object_array_get_idx(json_get(body_of("ORD"), "refunds"), 0);
    HAS(entry, "refund_type", "PAYOUT");
    HAS(entry, "refund_source", "AIRWALLEX");
    IS(json_get(entry, "payout_gateway_details"),
       "{\"gateway\":\"AIRWALLEX\",\"gateway_reference_id\":\"bus\"}");
    ck_assert_ptr_null(strstr(json_write(desk.arena, entry), "asha"));
}
END_TEST

START_TEST(tells_until_when_it_can_be_refunded)
{
    shop_add((struct shop_order){.order_id = "EDGE", .age_days = 365});
    shop_add((struct shop_order){.order_id = "NEW", .status = "NEW", .no_txn = true});
    struct json_object *body = body_of("EDGE");
    HAS(body, "refund_supported", "true");
    HAS(body, "last_date_to_refund", clock_iso(desk.arena, SHOP_NOW_MS));
    shop.clock.fixed_ms++;
    HAS(body_of("EDGE"), "refund_supported", "false");
    body = body_of("NEW");
    ck_assert(!json_has(body, "refund_supported") && !json_has(body, "last_date_to_refund"));
}
END_TEST

suite_fn t_order_body_suite;
Suite *t_order_body_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("order_body", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, has_the_fields_of_the_vendors_sample);
    tcase_add_test(tc, leaves_out_what_does_not_exist_yet);
    tcase_add_test(tc, writes_amounts_in_shortest_form);
    tcase_add_test(tc, tells_refunded_when_nothing_is_left);
    tcase_add_test(tc, counts_the_kept_transaction_but_lists_all_refunds);
    tcase_add_test(tc, names_the_refund_by_the_gateways_reference_once_there_is_one);
    tcase_add_test(tc, lists_the_transactions_of_a_split_payment_with_their_own_refunds);
    tcase_add_test(tc, answers_with_the_split_of_the_order_and_of_each_refund);
    tcase_add_test(tc, names_the_gateway_that_pays_out);
    tcase_add_test(tc, tells_until_when_it_can_be_refunded);
    return s;
}
