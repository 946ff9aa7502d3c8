#include "core/json.h"
#include "core/str.h"
#include "gateway/gateway.h"
#include "support/suite.h"
#include <string.h>

Suite *t_gw_simulator_calls_suite(void);

static struct arena *a;

static void set_up(void)
{
    a = arena_new(16u << 20);
}

static void tear_down(void)
{
    arena_free(a);
}

static const struct gw_account account = {.base_url = "http://127.0.0.1:8082/",
                                          .gateway = "RAZORPAY",
                                          .merchant = "m1",
                                          .credentials = ""};

static const struct gw_refund refund = {.idempotency_key = "rk-1",
                                        .unique_request_id = "u\"1",
                                        .payment_id = "pay_/?#%.. 1",
                                        .order_id = "o1",
                                        .txn_id = "m1-o1-1",
                                        .amount = {.minor = 9007199254740993, .currency = "INR"}};

static bool has_header(const struct http_call *call, const char *header)
{
    for (int i = 0; i < call->n_headers; i++)
        if (str_eq(call->headers[i], header))
            return true;
    return false;
}

START_TEST(asks_for_a_refund_under_its_own_key)
{
    struct http_call call = gateway_simulator.refund_request(a, &account, &refund);
    struct json_object *body;
    struct err e;

    ck_assert_str_eq(call.method, "POST");
    ck_assert_str_eq(call.url, "http://127.0.0.1:8082/v1/payments/pay_%2F%3F%23%25..%201/refunds");
    ck_assert(has_header(&call, "Idempotency-Key: rk-1"));
    ck_assert(has_header(&call, "Content-Type: application/json"));
    ck_assert_uint_eq(call.body_n, strlen(call.body));
    ck_assert_int_eq(json_read(a, call.body, call.body_n, &body, &e), RC_OK);
    ck_assert_str_eq(json_text(a, body, "amount"), "9007199254740993");
    ck_assert_str_eq(json_text(a, body, "currency"), "INR");
    ck_assert_str_eq(json_text(a, body, "unique_request_id"), "u\"1");
    ck_assert_str_eq(json_text(a, body, "gateway"), "RAZORPAY");
}
END_TEST

START_TEST(escapes_a_segment_of_dots)
{
    struct gw_refund dots = refund;

    dots.payment_id = "..";
    ck_assert_str_eq(gateway_simulator.refund_request(a, &account, &dots).url,
                     "http://127.0.0.1:8082/v1/payments/%2E%2E/refunds");
}
END_TEST

START_TEST(inquires_by_the_same_key)
{
    struct http_call call = gateway_simulator.inquire_request(a, &account, &refund);

    ck_assert_str_eq(call.method, "GET");
    ck_assert_str_eq(call.url, "http://127.0.0.1:8082/v1/refunds/by-key/rk-1");
    ck_assert_ptr_null(call.body);
}
END_TEST

static struct json_object *body_of(const struct http_call *call)
{
    struct json_object *body;
    struct err e;

    ck_assert_uint_eq(call->body_n, strlen(call->body));
    ck_assert_int_eq(json_read(a, call->body, call->body_n, &body, &e), RC_OK);
    return body;
}

START_TEST(says_instant_only_when_it_is_meant)
{
    struct http_call slow = gateway_simulator.refund_request(a, &account, &refund);
    struct http_call fast = gateway_simulator.instant_request(a, &account, &refund);

    ck_assert_str_eq(fast.url, slow.url);
    ck_assert_str_eq(fast.method, "POST");
    ck_assert(has_header(&fast, "Idempotency-Key: rk-1"));
    ck_assert_str_eq(json_text(a, body_of(&fast), "instant"), "true");
    ck_assert(!json_has(body_of(&slow), "instant"));
    ck_assert_str_eq(json_text(a, body_of(&fast), "amount"), "9007199254740993");
}
END_TEST

static const struct gw_part parts[] = {{"", 0}, {"vendor \"1", 9007199254740000}, {"v2", 993}};
static const struct gw_payee payee = {
    .type = "BANK_TRANSFER",
    .details = "{\"account\":\"00123456789\",\"address\":{\"city\":\"Pune\"}}",
    .transfer_type = "LOCAL",
    .payout_mode = NULL,
    .reference_id = "bus"};

START_TEST(sends_the_parts_of_a_split_refund)
{
    typedef struct http_call request_fn(struct arena *, const struct gw_account *,
                                        const struct gw_refund *);
    request_fn *const requests[] = {gateway_simulator.refund_request,
                                    gateway_simulator.instant_request,
                                    gateway_simulator.payout_request};
    struct gw_refund split = refund;
    struct http_call call;
    struct json_object *list;

    split.payee = &payee;
    call = requests[_i](a, &account, &split);
    ck_assert(!json_has(body_of(&call), "parts"));
    split.parts = parts;
    split.n_parts = 3;
    call = requests[_i](a, &account, &split);
    list = json_get(body_of(&call), "parts");
    ck_assert_str_eq(json_write(a, list), "[{\"sub_mid\":null,\"amount\":0},"
                                          "{\"sub_mid\":\"vendor \\\"1\",\"amount\":"
                                          "9007199254740000},{\"sub_mid\":\"v2\",\"amount\":993}]");
}
END_TEST

START_TEST(pays_out_to_the_account_and_under_the_same_kind_of_key)
{
    struct gw_refund out = refund;
    struct json_object *body, *beneficiary, *details;
    struct http_call call;

    out.payment_id = NULL;
    out.payee = &payee;
    call = gateway_simulator.payout_request(a, &account, &out);
    ck_assert_str_eq(call.method, "POST");
    ck_assert_str_eq(call.url, "http://127.0.0.1:8082/v1/payouts");
    ck_assert(has_header(&call, "Idempotency-Key: rk-1"));
    ck_assert(has_header(&call, "Content-Type: application/json"));
    body = body_of(&call);
    ck_assert_str_eq(json_text(a, body, "amount"), "9007199254740993");
    ck_assert_str_eq(json_text(a, body, "unique_request_id"), "u\"1");
    ck_assert_str_eq(json_text(a, body, "reference_id"), "bus");
    beneficiary = json_get(body, "beneficiary");
    ck_assert_str_eq(json_text(a, beneficiary, "type"), "BANK_TRANSFER");
    ck_assert_str_eq(json_text(a, beneficiary, "transfer_type"), "LOCAL");
    ck_assert_ptr_null(json_text(a, beneficiary, "payout_mode"));
    details = json_get(beneficiary, "details");
    ck_assert_str_eq(json_text(a, details, "account"), "00123456789");
    ck_assert_str_eq(json_text(a, json_get(details, "address"), "city"), "Pune");
    for (int i = 0; i < call.n_headers; i++)
        ck_assert_ptr_null(strstr(call.headers[i], "123456789"));
}
END_TEST

START_TEST(inquires_a_payout_where_payouts_are)
{
    struct http_call call = gateway_simulator.payout_inquire_request(a, &account, &refund);

    ck_assert_str_eq(call.method, "GET");
    ck_assert_str_eq(call.url, "http://127.0.0.1:8082/v1/payouts/by-key/rk-1");
    ck_assert_ptr_null(call.body);
}
END_TEST

START_TEST(charges_a_test_payment)
{
    struct gw_payment payment = {
        .txn_id = "t1", .order_id = "o1", .amount = {.minor = 49999, .currency = "INR"}};
    struct http_call call = gateway_simulator.charge_request(a, &account, &payment);
    struct json_object *body;
    struct err e;

    ck_assert_str_eq(call.method, "POST");
    ck_assert_str_eq(call.url, "http://127.0.0.1:8082/v1/payments");
    ck_assert_int_eq(json_read(a, call.body, call.body_n, &body, &e), RC_OK);
    ck_assert_str_eq(json_text(a, body, "txn_id"), "t1");
    ck_assert_str_eq(json_text(a, body, "amount"), "49999");
}
END_TEST

Suite *t_gw_simulator_calls_suite(void)
{
    TCase *c;
    Suite *s = suite_of("gw_simulator_calls", &c);

    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, asks_for_a_refund_under_its_own_key);
    tcase_add_test(c, escapes_a_segment_of_dots);
    tcase_add_test(c, inquires_by_the_same_key);
    tcase_add_test(c, says_instant_only_when_it_is_meant);
    tcase_add_loop_test(c, sends_the_parts_of_a_split_refund, 0, 3);
    tcase_add_test(c, pays_out_to_the_account_and_under_the_same_kind_of_key);
    tcase_add_test(c, inquires_a_payout_where_payouts_are);
    tcase_add_test(c, charges_a_test_payment);
    return s;
}
