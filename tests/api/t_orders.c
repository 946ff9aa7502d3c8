#include "api/rig.h"
#include "core/clock.h"
#include "core/str.h"
#include "web/slow.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

START_TEST(an_order_is_new)
{
    struct rig_answer a = rig_post(
        "/orders", "order_id=o-1&amount=98.20&currency=INR&customer_id=c1&customer_email=a%40b.c"
                   "&udf1=one&metadata.JUSPAY%3Agateway_reference_id=ref&unknown=x");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "status"), "NEW");
    ck_assert_str_eq(rig_member(&a, "status_id"), "10");
    ck_assert_str_eq(rig_member(&a, "order_id"), "o-1");
    ck_assert_ptr_nonnull(strstr(a.body, "\"amount\":98.2,"));
    ck_assert_str_eq(rig_member(&a, "currency"), "INR");
    ck_assert_str_eq(rig_member(&a, "customer_email"), "a@b.c");
    ck_assert_str_eq(rig_member(&a, "udf1"), "one");
    ck_assert_str_eq(rig_member(&a, "metadata.JUSPAY:gateway_reference_id"), "ref");
    ck_assert_ptr_null(rig_member(&a, "refunds"));
}
END_TEST

struct made {
    const char *body;
    const char *amount;
};

static const struct made JSON_ORDERS[] = {
    {"{\"order_id\":\"j\",\"amount\":100}", "100"},
    {"{\"order_id\":\"j\",\"amount\":100.10}", "100.1"},
    {"{\"order_id\":\"j\",\"amount\":\"100.10\"}", "100.1"},
    {"{\"order_id\":12345,\"amount\":1}", "1"},
    {"{\"order_id\":\"j\",\"amount\":9999999999999.99}", "9999999999999.99"},
    {"{\"order_id\":\"j\",\"amount\":5,\"currency\":\"JPY\"}", "5"},
    {"{\"order_id\":\"j\",\"amount\":1,\"customer_id\":null,\"metadata\":null}", "1"},
    {"{\"order_id\":\"j\",\"amount\":1,\"metadata\":{\"a\":{\"b\":[1]}}}", "1"},
};

START_TEST(json_makes_the_same_orders)
{
    struct rig_answer a = rig_json("/orders", JSON_ORDERS[_i].body);
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_ptr_nonnull(
        strstr(a.body, arena_printf(rig.arena, "\"amount\":%s,", JSON_ORDERS[_i].amount)));
}
END_TEST

START_TEST(the_same_order_again_is_returned)
{
    ck_assert_int_eq(rig_post("/orders", "order_id=Same&amount=10").status, 200);
    struct rig_answer a = rig_post("/orders", "order_id=SAME&amount=10.00&currency=INR");
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(rig_member(&a, "order_id"), "Same");
    static const char *const OTHERS[] = {"order_id=Same&amount=11",
                                         "order_id=same&amount=10&currency=USD"};
    for (int i = 0; i < COUNT(OTHERS); i++) {
        a = rig_post("/orders", OTHERS[i]);
        ck_assert_int_eq(a.status, 400);
        ck_assert_str_eq(rig_member(&a, "status"), "Bad Request");
        ck_assert_str_eq(rig_member(&a, "error_code"), "INVALID_REQUEST");
        ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "order_id");
    }
}
END_TEST

struct refused {
    const char *type, *body, *field;
};

static const struct refused REFUSED[] = {
    {DOUBLE_FORM, "", "order_id"},
    {DOUBLE_FORM, "amount=1", "order_id"},
    {DOUBLE_FORM, "order_id=o", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=0", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=-1", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=1e3", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=1.005", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=1%2C000.00", "amount"},
    {DOUBLE_FORM, "order_id=o&amount=1&currency=XYZ", "currency"},
    {DOUBLE_FORM, "order_id=a%2Fb&amount=1", "order_id"},
    {DOUBLE_FORM, "order_id=a+b&amount=1", "order_id"},
    {DOUBLE_FORM, "order_id=..&amount=1", "order_id"},
    {DOUBLE_FORM, "order_id=o&amount=1&metadata=nonsense", "metadata"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":1e3}", "amount"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":null}", "amount"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":true}", "amount"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":[1]}", "amount"},
    {DOUBLE_JSON, "{\"order_id\":{\"a\":1},\"amount\":1}", "order_id"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":1,\"customer_id\":{}}", "customer_id"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":1,\"metadata\":\"x\"}", "metadata"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":1,\"metadata\":[1]}", "metadata"},
    {DOUBLE_JSON, "{\"order_id\":\"o\",\"amount\":18446744073709551617}", "amount"},
};

START_TEST(a_bad_order_names_its_field)
{
    const struct refused *c = &REFUSED[_i];
    struct rig_answer a = rig_call("POST", "/orders", NULL, c->type, c->body);
    ck_assert_msg(a.status == 400, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "status"), "Bad Request");
    ck_assert_str_eq(rig_member(&a, "error_code"), "INVALID_REQUEST");
    ck_assert_ptr_nonnull(rig_member(&a, "error_message"));
    ck_assert_str_eq(rig_member(&a, "error_info.code"), "INVALID_INPUT");
    ck_assert_ptr_nonnull(
        strstr(a.body, arena_printf(rig.arena, "\"field_name\":\"%s\"", c->field)));
    ck_assert_int_eq(rig_get("/orders/o").status, 404);
}
END_TEST

START_TEST(all_faults_are_listed)
{
    struct rig_answer a = rig_post("/orders", "amount=x&currency=INR");
    ck_assert_ptr_nonnull(strstr(a.body, "\"field_name\":\"order_id\""));
    ck_assert_ptr_nonnull(strstr(a.body, "\"field_name\":\"amount\""));
}
END_TEST

START_TEST(an_order_is_read_in_any_case)
{
    shop_add((struct shop_order){.order_id = "Ord-1"});
    struct rig_answer a = rig_get("/orders/oRD-1?anything=1");
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(rig_member(&a, "order_id"), "Ord-1");
    ck_assert_str_eq(rig_member(&a, "status"), "CHARGED");
    ck_assert_str_eq(rig_member(&a, "status_id"), "21");
    ck_assert_str_eq(rig_member(&a, "merchant_id"), "demo_merchant");
}
END_TEST

START_TEST(an_unknown_order_is_told_with_its_id)
{
    struct rig_answer a = rig_get("/orders/no%22such");
    ck_assert_int_eq(a.status, 404);
    ck_assert_str_eq(rig_member(&a, "status"), "NOT_FOUND");
    ck_assert_str_eq(rig_member(&a, "status_id"), "40");
    ck_assert_str_eq(rig_member(&a, "order_id"), "no\"such");
}
END_TEST

/* ---- waiting for the sandbox charge ---- */

static enum rc charge(struct sql *q, void *arg, struct err *e)
{
    struct order o;
    enum rc rc = orders_by_key(q, rig.arena, rig.merchant, arg, &o, e);
    if (rc != RC_OK)
        return rc;
    o.status = "CHARGED";
    return orders_update(q, &o, e);
}

static void *charge_soon(void *arg)
{
    struct err e;
    while (sql_tx(rig.app.db, charge, arg, &e) != RC_OK)
        clock_sleep_ms(5);
    return NULL;
}

START_TEST(waits_for_the_charge_and_answers_new)
{
    char key[] = "w-1";
    pthread_t thread;
    rig.app.config.test_charge_wait_ms = 60000; /* it would hang, if it did not look */
    ck_assert_int_eq(pthread_create(&thread, NULL, charge_soon, key), 0);
    struct rig_answer a = rig_post("/orders", "order_id=w-1&amount=10");
    pthread_join(thread, NULL);
    ck_assert_str_eq(rig_member(&a, "status"), "NEW");
    a = rig_get("/orders/w-1");
    ck_assert_str_eq(rig_member(&a, "status"), "CHARGED");
}
END_TEST

START_TEST(waits_no_longer_than_told)
{
    rig.app.config.test_charge_wait_ms = 60;
    int64_t from_ms = clock_mono_ms();
    ck_assert_int_eq(rig_post("/orders", "order_id=w-2&amount=10").status, 200);
    ck_assert_int_ge(clock_mono_ms() - from_ms, 60);
}
END_TEST

START_TEST(does_not_wait_when_too_many_do)
{
    struct err e;
    rig.app.config.test_charge_wait_ms = 60000;
    slow_init(4);
    ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_OK);
    ck_assert_int_eq(rig_post("/orders", "order_id=w-3&amount=10").status, 200);
}
END_TEST

Suite *t_orders_suite(void)
{
    TCase *t;
    Suite *s = suite_of("orders", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, an_order_is_new);
    tcase_add_loop_test(t, json_makes_the_same_orders, 0, COUNT(JSON_ORDERS));
    tcase_add_test(t, the_same_order_again_is_returned);
    tcase_add_loop_test(t, a_bad_order_names_its_field, 0, COUNT(REFUSED));
    tcase_add_test(t, all_faults_are_listed);
    tcase_add_test(t, an_order_is_read_in_any_case);
    tcase_add_test(t, an_unknown_order_is_told_with_its_id);
    tcase_add_test(t, waits_for_the_charge_and_answers_new);
    tcase_add_test(t, waits_no_longer_than_told);
    tcase_add_test(t, does_not_wait_when_too_many_do);
    return s;
}
