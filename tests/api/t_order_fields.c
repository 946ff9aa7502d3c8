#include "api/rig.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

/* What the vendor's own libraries send on making an order. */
#define LIBRARY_FORM                                                                             \
    "order_id=lib&amount=10000.0&currency=INR&customer_id=t1&customer_email=t%40j.in"            \
    "&customer_phone=9988776655&product_id=123456&return_url=https%3A%2F%2Fabc.xyz.com%2F123456" \
    "&description=Sample+Description&billing_address_first_name=Juspay"                          \
    "&billing_address_line1=Girija%20Building&billing_address_country_code_iso=IND"              \
    "&shipping_address_city=Bengaluru&shipping_address_postal_code=560095"                       \
    "&options.get_client_auth_token=true&options%5Bcreate_mandate%5D=REQUIRED&gateway_id=100"    \
    "&metadata%5BJUSPAY%3Agateway_reference_id%5D=bus&udf10=ten"

START_TEST(what_libraries_send_is_taken_and_told_again)
{
    static const char *const TOLD[][2] = {
        {"order_id", "lib"},
        {"amount", "10000"},
        {"customer_phone", "9988776655"},
        {"return_url", "https://abc.xyz.com/123456"},
        {"description", "Sample Description"},
        {"billing_address_first_name", "Juspay"},
        {"billing_address_line1", "Girija Building"},
        {"billing_address_country_code_iso", "IND"},
        {"shipping_address_city", "Bengaluru"},
        {"metadata.JUSPAY:gateway_reference_id", "bus"},
        {"udf10", "ten"},
        {"udf9", ""},
    };
    static const char *const ABSENT[] = {"refunds",       "txn_id",
                                         "txn_detail",    "card",
                                         "payment_links", "billing_address_phone",
                                         "order_type",    "payment_gateway_response"};
    struct rig_answer a = rig_post("/order/create", LIBRARY_FORM);
    ck_assert_msg(a.status == 200, "%s", a.body);
    for (int i = 0; i < COUNT(TOLD); i++)
        ck_assert_pstr_eq(rig_member(&a, TOLD[i][0]), TOLD[i][1]);
    for (int i = 0; i < COUNT(ABSENT); i++)
        ck_assert_msg(rig_member(&a, ABSENT[i]) == NULL, "%s is there", ABSENT[i]);
    ck_assert_str_eq(rig_get("/orders/lib").body, a.body);
}
END_TEST

START_TEST(links_offers_and_type_are_told_again)
{
    struct rig_answer a =
        rig_json("/orders", "{\"order_id\":\"o\",\"amount\":1,\"order_type\":\"ORDER_PAYMENT\","
                            "\"offers\":[{\"offer_code\":\"X\"}],"
                            "\"payment_links\":{\"web\":\"https://a/b\"}}");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "order_type"), "ORDER_PAYMENT");
    ck_assert_str_eq(rig_member(&a, "offers.0.offer_code"), "X");
    ck_assert_str_eq(rig_member(&a, "payment_links.web"), "https://a/b");
}
END_TEST

static const char *const METADATA[][2] = {
    {DOUBLE_FORM, "order_id=m&amount=1&metadata.JUSPAY%3Agateway_reference_id=x"},
    {DOUBLE_FORM, "order_id=m&amount=1&metadata%5BJUSPAY%3Agateway_reference_id%5D=x"},
    {DOUBLE_FORM,
     "order_id=m&amount=1&metadata=%7B%22JUSPAY%3Agateway_reference_id%22%3A%22x%22%7D"},
    {DOUBLE_JSON,
     "{\"order_id\":\"m\",\"amount\":\"1\",\"metadata.JUSPAY:gateway_reference_id\":\"x\"}"},
    {DOUBLE_JSON,
     "{\"order_id\":\"m\",\"amount\":1,\"metadata\":{\"JUSPAY:gateway_reference_id\":\"x\"}}"},
    {DOUBLE_JSON, "{\"order_id\":\"m\",\"amount\":1,"
                  "\"metadata\":\"{\\\"JUSPAY:gateway_reference_id\\\":\\\"x\\\"}\"}"},
};

START_TEST(metadata_comes_in_six_shapes)
{
    struct rig_answer a = rig_call("POST", "/orders", NULL, METADATA[_i][0], METADATA[_i][1]);
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_pstr_eq(rig_member(&a, "metadata.JUSPAY:gateway_reference_id"), "x");
}
END_TEST

START_TEST(every_fault_is_listed_at_once)
{
    static const char *const FIELDS[] = {"order_id", "amount",        "customer_id",         "udf4",
                                         "offers",   "payment_links", "billing_address_city"};
    struct rig_answer a =
        rig_json("/orders", "{\"order_id\":true,\"amount\":[],\"customer_id\":{},\"udf4\":[1],"
                            "\"offers\":{},\"payment_links\":[],\"billing_address_city\":false}");
    ck_assert_int_eq(a.status, 400);
    for (int i = 0; i < COUNT(FIELDS); i++)
        ck_assert_msg(strstr(a.body, arena_printf(rig.arena, "\"field_name\":\"%s\"", FIELDS[i])) !=
                          NULL,
                      "%s: %s", FIELDS[i], a.body);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.7"), "null"); /* no eighth */
}
END_TEST

static const struct {
    const char *field;
    int most;
} LENGTHS[] = {
    {"customer_id", LIMIT_CUSTOMER},
    {"product_id", LIMIT_PRODUCT_ID},
    {"description", LIMIT_DESCRIPTION},
    {"return_url", LIMIT_RETURN_URL},
    {"udf7", LIMIT_UDF},
    {"billing_address_line2", LIMIT_ADDRESS},
    {"shipping_address_phone", LIMIT_ADDRESS},
    {"order_type", LIMIT_ORDER_TYPE},
};

START_TEST(a_field_may_be_so_long_and_no_longer)
{
    const char *form = arena_printf(rig.arena, "order_id=l&amount=1&%s=%0*d", LENGTHS[_i].field,
                                    LENGTHS[_i].most + 1, 1);
    struct rig_answer a = rig_post("/orders", form);
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), LENGTHS[_i].field);
    form = arena_printf(rig.arena, "order_id=l&amount=1&%s=%0*d", LENGTHS[_i].field,
                        LENGTHS[_i].most, 1);
    ck_assert_int_eq(rig_post("/orders", form).status, 200);
}
END_TEST

START_TEST(the_status_is_asked_in_every_way)
{
    shop_add((struct shop_order){.order_id = "Ord-1"});
    const char *whole = rig_get("/orders/Ord-1").body;
    static const char *const WAYS[][3] = {
        {"GET", "/order/status?order_id=Ord-1", NULL},
        {"GET", "/order/status?orderId=ord-1", NULL},
        {"POST", "/order/status", "order_id=Ord-1"},
        {"POST", "/order/status", "orderId=Ord-1&options.add_full_gateway_response=true"},
        {"POST", "/order/status?order_id=Ord-1", ""},
        {"GET", "/order/status", "order_id=Ord-1"},
    };
    for (int i = 0; i < COUNT(WAYS); i++) {
        struct rig_answer a = rig_call(WAYS[i][0], WAYS[i][1], NULL, DOUBLE_FORM, WAYS[i][2]);
        ck_assert_msg(a.status == 200, "%d %s", i, a.body);
        ck_assert_str_eq(a.body, whole);
    }
    ck_assert_int_eq(rig_get("/order/status").status, 400);
    ck_assert_int_eq(rig_get("/order/status?order_id=none").status, 404);
}
END_TEST

/* ---- split settlement ---- */

#define SPLIT(market, a, b)                                            \
    "{\"marketplace\":{\"amount\":" market "},\"vendor\":{\"split\":[" \
    "{\"sub_mid\":\"a\",\"amount\":" a "},{\"sub_mid\":\"b\",\"amount\":" b "}]}}"
#define AS_TEXT                                                                \
    "{\\\"marketplace\\\":{\\\"amount\\\":10},\\\"vendor\\\":{\\\"split\\\":[" \
    "{\\\"sub_mid\\\":\\\"a\\\",\\\"amount\\\":90}]}}"

static const char *const SPLITS[] = {
    "{\"order_id\":\"s\",\"amount\":100,\"metadata\":{\"split_settlement_details\":" SPLIT(
        "10.5", "\"50\"", "39.50") "}}",
    "{\"order_id\":\"s\",\"amount\":100,\"metadata.split_settlement_details\":" SPLIT("0", "60",
                                                                                      "40") "}",
    "{\"order_id\":\"s\",\"amount\":100,\"metadata\":{\"split_settlement_details\":\"" AS_TEXT
    "\"}}",
};

START_TEST(a_split_is_kept_with_its_order)
{
    struct rig_answer a = rig_json("/orders", SPLITS[_i]);
    ck_assert_msg(a.status == 200, "%s", a.body);
    a = rig_post("/orders/s", "amount=90");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "amount");
    ck_assert_int_eq(rig_post("/orders/s", "amount=100&udf1=x").status, 200);
}
END_TEST

static const char *const WRONG_SPLITS[] = {
    SPLIT("10", "50", "39.99"),
    SPLIT("-1", "61", "40"),
    SPLIT("0.001", "59.999", "40"),
    SPLIT("1e1", "50", "40"),
    SPLIT("\"x\"", "50", "40"),
    "[]",
    "7",
    "{}",
};

START_TEST(a_wrong_split_makes_no_order)
{
    struct rig_answer a = rig_json(
        "/orders", arena_printf(rig.arena,
                                "{\"order_id\":\"w\",\"amount\":100,\"udf1\":[],\"metadata\":"
                                "{\"split_settlement_details\":%s}}",
                                WRONG_SPLITS[_i]));
    ck_assert_msg(a.status == 400, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "udf1");
    a = rig_json("/orders", arena_printf(rig.arena,
                                         "{\"order_id\":\"w\",\"amount\":100,\"metadata\":"
                                         "{\"split_settlement_details\":%s}}",
                                         WRONG_SPLITS[_i]));
    ck_assert_msg(a.status == 400, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"),
                     "metadata.split_settlement_details");
    ck_assert_int_eq(rig_get("/orders/w").status, 404);
}
END_TEST

Suite *t_order_fields_suite(void)
{
    TCase *t;
    Suite *s = suite_of("order_fields", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, what_libraries_send_is_taken_and_told_again);
    tcase_add_test(t, links_offers_and_type_are_told_again);
    tcase_add_loop_test(t, metadata_comes_in_six_shapes, 0, COUNT(METADATA));
    tcase_add_test(t, every_fault_is_listed_at_once);
    tcase_add_loop_test(t, a_field_may_be_so_long_and_no_longer, 0, COUNT(LENGTHS));
    tcase_add_test(t, the_status_is_asked_in_every_way);
    tcase_add_loop_test(t, a_split_is_kept_with_its_order, 0, COUNT(SPLITS));
    tcase_add_loop_test(t, a_wrong_split_makes_no_order, 0, COUNT(WRONG_SPLITS));
    return s;
}
