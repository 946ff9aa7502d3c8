#include "api/rig.h"
#include "core/str.h"
#include "store/gateways.h"
#include <string.h>

#define ACCOUNT "026687138997581"
#define BANK                                                                                       \
    "{\"type\":\"BANK_TRANSFER\",\"transfer_type\":\"LOCAL\",\"payout_mode\":\"FAST\","            \
    "\"details\":{\"first_name\":\"John\",\"last_name\":\"Wick\",\"account\":\"" ACCOUNT "\","     \
    "\"bank_code\":\"JP_MY_PUBLIC\",\"address\":{\"city\":\"Singapore\",\"country_code\":\"SGP\"," \
    "\"postcode\":\"238858\",\"street_address\":\"8, Bencoolen St\",\"state\":\"Singapore\"}}}"
#define UPI "{\"type\":\"UPI_ID\",\"details\":{\"name\":\"John Wick\",\"vpa\":\"john.wick@bank\"}}"

static void open_with_key(void)
{
    rig_open();
    memset(rig.app.worker_key.key, 9, sizeof rig.app.worker_key.key);
}

/* ---- beneficiaries ---- */

START_TEST(one_is_kept_and_shown_masked)
{
    static const char *const BODIES[] = {BANK, "{\"beneficiary_details\":" BANK "}"};
    for (int i = 0; i < COUNT(BODIES); i++) {
        struct rig_answer a = rig_json("/beneficiaries", BODIES[i]);
        ck_assert_msg(a.status == 200, "%s", a.body);
        ck_assert_ptr_null(strstr(a.body, ACCOUNT));
        static const char *const TOLD[][2] = {{"type", "BANK_TRANSFER"},
                                              {"name", "John Wick"},
                                              {"transfer_type", "LOCAL"},
                                              {"payout_mode", "FAST"}};
        for (int k = 0; k < COUNT(TOLD); k++)
            ck_assert_pstr_eq(rig_member(&a, TOLD[k][0]), TOLD[k][1]);
        ck_assert(str_ends(rig_member(&a, "account"), "7581"));
        const char *id = rig_member(&a, "beneficiary_id");
        ck_assert(str_starts(id, "bene_"));
        struct rig_answer again = rig_get(web_path(rig.arena, "/beneficiaries/", id, ""));
        ck_assert_str_eq(again.body, a.body);
    }
}
END_TEST

START_TEST(a_form_makes_one_too)
{
    struct rig_answer a =
        rig_post("/beneficiaries", "type=UPI_ID&details[name]=John&details.vpa=john.wick%40bank");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_ptr_null(strstr(a.body, "john.wick"));
    a = rig_post("/beneficiaries",
                 "beneficiary_details=%7B%22type%22%3A%22UPI_ID%22%2C%22details%22%3A%7B%22name%22"
                 "%3A%22J%22%2C%22vpa%22%3A%22jo%40bank%22%7D%7D");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "transfer_type"), "null");
}
END_TEST

START_TEST(every_fault_is_listed)
{
    static const char *const FIELDS[] = {"first_name", "last_name", "account", "bank_code",
                                         "address.country_code"};
    struct rig_answer a = rig_json(
        "/beneficiaries",
        "{\"type\":\"BANK_TRANSFER\",\"transfer_type\":\"LOCAL\",\"payout_mode\":\"FAST\","
        "\"details\":{\"last_name\":5.5,\"account\":\"12 34!\",\"bank_code\":\"\",\"address\":"
        "{\"city\":\"S\",\"country_code\":\"XX1\",\"postcode\":\"1\",\"street_address\":\"s\","
        "\"state\":\"s\"}}}");
    ck_assert_int_eq(a.status, 400);
    for (int i = 0; i < COUNT(FIELDS); i++) {
        const char *at = arena_printf(rig.arena, "error_info.fields.%d.field_name", i);
        const char *path = arena_printf(rig.arena, "beneficiary_details.details.%s", FIELDS[i]);
        ck_assert_str_eq(rig_member(&a, at), path);
    }
    ck_assert_str_eq(rig_member(&a, "error_info.fields.5"), "null");
    ck_assert_ptr_null(strstr(a.body, "12 34!"));
}
END_TEST

static const char *const BROKEN[][2] = {
    {"{}", "beneficiary_details"},
    {"{\"type\":\"CASH\",\"details\":{}}", "beneficiary_details.type"},
    {"{\"type\":[1],\"details\":{}}", "beneficiary_details.type"},
    {"{\"type\":\"UPI_ID\"}", "beneficiary_details.details"},
    {"{\"type\":\"UPI_ID\",\"details\":7}", "beneficiary_details.details"},
    {"{\"beneficiary_details\":\"{\\\"type\\\" \\\"UPI_ID\\\"}\"}", "beneficiary_details"},
    {"{\"beneficiary_details\":[1]}", "beneficiary_details"},
};

START_TEST(what_is_no_beneficiary_is_refused)
{
    struct rig_answer a = rig_json("/beneficiaries", BROKEN[_i][0]);
    ck_assert_int_eq(a.status, 400);
    ck_assert_msg(str_starts(rig_member(&a, "error_info.fields.0.field_name"), "beneficiary_deta"),
                  "%s", a.body);
    a = rig_get("/beneficiaries");
    ck_assert_str_eq(a.body,
                     "{\"object\":\"list\",\"data\":[],\"has_more\":false,\"next_cursor\":null}");
}
END_TEST

START_TEST(the_list_goes_page_by_page)
{
    const char *cursor = "", *seen[5];
    for (int i = 0; i < COUNT(seen); i++)
        ck_assert_int_eq(rig_json("/beneficiaries", UPI).status, 200);
    for (int i = 0; i < COUNT(seen); i++) {
        struct rig_answer a =
            rig_get(arena_printf(rig.arena, "/beneficiaries?limit=1&cursor=%s", cursor));
        seen[i] = rig_member(&a, "data.0.beneficiary_id");
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(seen[i], seen[k]);
        ck_assert_str_eq(rig_member(&a, "has_more"), i + 1 < COUNT(seen) ? "true" : "false");
        cursor = rig_member(&a, "next_cursor");
    }
    ck_assert_int_eq(rig_get("/beneficiaries?cursor=x").status, 400);
    ck_assert_int_eq(rig_get("/beneficiaries/bene_0").status, 404);
}
END_TEST

START_TEST(the_same_key_makes_one)
{
    struct rig_answer first = {0}, again = {0};
    struct rig_answer *const answers[] = {&first, &again};
    for (int i = 0; i < 2; i++) {
        struct req *r = double_request(&rig, "POST", "/beneficiaries");
        double_header(r, "authorization", double_basic(&rig, RIG_KEY ":"));
        double_header(r, "idempotency-key", "k1");
        double_body(r, DOUBLE_JSON, UPI);
        web_dispatch(&api_program, NULL, r, &answers[i]->reply);
    }
    ck_assert_int_eq(first.reply.status, 200);
    ck_assert_str_eq(first.reply.body, again.reply.body);
    ck_assert_str_eq(double_reply_header(&again.reply, "Idempotent-Replayed"), "true");
    struct rig_answer list = rig_get("/beneficiaries");
    ck_assert_str_eq(rig_member(&list, "data.1"), "null");
}
END_TEST

/* ---- GET /refundMethods ---- */

static enum rc add_payout_gateway(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    const struct gateway_row g = {.id = 1,
                                  .merchant = rig.merchant,
                                  .name = "AIRWALLEX",
                                  .gateway_id = 400,
                                  .adapter = "simulator",
                                  .can_payout = true};
    return gateways_insert(q, &g, e);
}

START_TEST(the_ways_back_are_listed)
{
    shop_add((struct shop_order){.order_id = "m", .age_days = 10});
    double_tx(&rig, add_payout_gateway, NULL);
    struct rig_answer a = rig_get("/refundMethods?order_id=M");
    ck_assert_msg(a.status == 200, "%s", a.body);
    static const char *const TOLD[][2] = {
        {"order_id", "m"},
        {"back_to_source_supported", "true"},
        {"last_date_to_refund", "2028-01-05T08:00:00Z"}, /* ordered ten days ago, and 365 */
        {"payment_source.gateway", "RAZORPAY"},
        {"payout_methods.0.type", "BANK_TRANSFER"},
        {"payout_methods.0.transfer_type.1", "INTERNATIONAL"},
        {"payout_methods.0.fields.3.name", "bank_code"},
        {"payout_methods.0.fields.3.required", "true"},
        {"payout_methods.2.fields.1.name", "vpa"},
        {"payout_methods.3", "null"}};
    for (int i = 0; i < COUNT(TOLD); i++)
        ck_assert_pstr_eq(rig_member(&a, TOLD[i][0]), TOLD[i][1]);
    a = rig_get("/refundMethods?order_id=m&preferred_gateway=STRIPE");
    ck_assert_str_eq(rig_member(&a, "payout_methods.0"), "null");
    a = rig_get("/refundMethods?order_id=m&preferred_gateway=AIRWALLEX");
    ck_assert_str_eq(rig_member(&a, "payout_methods.0.type"), "BANK_TRANSFER");
}
END_TEST

START_TEST(no_way_back_is_told_too)
{
    shop_add((struct shop_order){.order_id = "legacy", .gateway = "LEGACY"});
    shop_add((struct shop_order){.order_id = "new", .status = "NEW", .no_txn = true});
    struct rig_answer a = rig_get("/refundMethods?order_id=legacy");
    ck_assert_str_eq(rig_member(&a, "back_to_source_supported"), "false");
    ck_assert_str_eq(rig_member(&a, "payout_methods.0"), "null");
    a = rig_get("/refundMethods?order_id=new");
    ck_assert_str_eq(rig_member(&a, "back_to_source_supported"), "false");
    ck_assert_ptr_null(rig_member(&a, "payment_source"));
    a = rig_get("/refundMethods?order_id=none");
    ck_assert_int_eq(a.status, 404);
    ck_assert_str_eq(rig_member(&a, "status_id"), "40");
    a = rig_get("/refundMethods");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "order_id");
}
END_TEST

Suite *t_beneficiaries_suite(void)
{
    TCase *t;
    Suite *s = suite_of("beneficiaries", &t);
    tcase_add_checked_fixture(t, open_with_key, rig_close);
    tcase_add_test(t, one_is_kept_and_shown_masked);
    tcase_add_test(t, a_form_makes_one_too);
    tcase_add_test(t, every_fault_is_listed);
    tcase_add_loop_test(t, what_is_no_beneficiary_is_refused, 0, COUNT(BROKEN));
    tcase_add_test(t, the_list_goes_page_by_page);
    tcase_add_test(t, the_same_key_makes_one);
    tcase_add_test(t, the_ways_back_are_listed);
    tcase_add_test(t, no_way_back_is_told_too);
    return s;
}
