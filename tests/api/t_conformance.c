/*
 * The vendor's tables of errors, row by row, each brought about for real: Refund Order API in both
 * families, and Payout Refund API. The texts are the vendor's, not the code's.
 */
#include "api/rig.h"
#include "core/str.h"
#include <stdio.h>
#include <string.h>

#define OLD "2023-06-30" /* a version of the dotted family, as the vendor's own sample sends it */

/* ---- bringing a row about ---- */

static void refund_once(const char *form)
{
    struct rig_answer a = rig_post("/orders/o-1/refunds", form);
    ck_assert_msg(a.status == 200, "%s", a.body);
}

static void in_flight(void)
{
    refund_once("unique_request_id=TEST1637681731&amount=1.00");
}

static void done(void)
{
    struct refund_answer a = shop_ask("o-1", "TEST1637681731", "1.00");
    ck_assert_int_eq(a.cause, CAUSE_NONE);
    shop_apply(a.refund.id, EVENT_SEND);
    shop_apply(a.refund.id, EVENT_DONE);
    ck_assert_str_eq(shop_refund(a.refund.id).status, "SUCCESS");
}

static void failed(void)
{
    struct refund_answer a = shop_ask("o-1", "TEST1637681731", "1.00");
    shop_apply(a.refund.id, EVENT_SEND);
    shop_apply(a.refund.id, EVENT_REFUSED);
    ck_assert_str_eq(shop_refund(a.refund.id).status, "FAILURE");
}

static void twin(void)
{
    refund_once("unique_request_id=twin&amount=100.00");
}

static void twenty_five(void)
{
    for (int i = 1; i <= 25; i++) {
        char form[80];
        snprintf(form, sizeof form, "unique_request_id=u%d&amount=%d", i, i);
        refund_once(form);
    }
}

static void nearly_all(void)
{
    refund_once("unique_request_id=first&amount=950");
}

static void all_of_it(void)
{
    refund_once("unique_request_id=first");
}

/* ---- the table ---- */

struct row {
    const char *what; /* the vendor's heading */
    struct shop_order order;
    void (*before)(void);
    const char *form; /* but for order_id */
    const char *upper, *dotted, *message, *payout_message;
};

#define ASK        "unique_request_id=TEST1637681731&amount=100.00"
#define DUPLICATE  "REFUND_DUPLICATE_REQUEST", "duplicate.call"
#define COMPLETED  "A refund call was already completed with this unique_request_id for the order."
#define AMOUNT     "INVALID_AMOUNT", "invalid amount", "Amount is invalid", "Amount is invalid"
#define SAME(text) text, text

static const struct row ROWS[] = {
    {"Duplicate refund requests (1)",
     {0},
     twin,
     ASK,
     DUPLICATE,
     "A refund request is already being processed for this transaction id and amount combination",
     "A refund call was already processing with this amount for the order."},
    {"Duplicate refund requests (2)",
     {0},
     in_flight,
     ASK,
     DUPLICATE,
     "A refund request is already being processed for this unique request id and order id "
     "combination",
     COMPLETED},
    {"Duplicate refund requests (3)",
     {0},
     done,
     ASK,
     DUPLICATE,
     "A refund has already been processed for this order with this unique request id",
     COMPLETED},
    {"Duplicate refund requests (3), failed",
     {0},
     failed,
     ASK,
     DUPLICATE,
     "A refund has already been processed for this order with this unique request id",
     COMPLETED},
    {"COD order",
     {.is_cod = true},
     NULL,
     ASK,
     SAME("CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED"),
     SAME("Refunds cannot be initiated for COD orders")},
    {"COD order, by its status",
     {.status = "COD_INITIATED"},
     NULL,
     ASK,
     SAME("CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED"),
     SAME("Refunds cannot be initiated for COD orders")},
    {"COD order, by its method",
     {.method = "CASH"},
     NULL,
     ASK,
     SAME("CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED"),
     SAME("Refunds cannot be initiated for COD orders")},
    {"Invalid amount passed", {0}, NULL, "unique_request_id=u&amount=ten", AMOUNT},
    {"Refund Amount is 0", {0}, NULL, "unique_request_id=u&amount=0", AMOUNT},
    {"Invalid amount passed, too exact", {0}, NULL, "unique_request_id=u&amount=1.005", AMOUNT},
    {"Older order",
     {.age_days = 366},
     NULL,
     ASK,
     SAME("ORDER_TOO_OLD"),
     SAME("Refunds cannot be initiated for orders older than 365 days")},
    {"Pending/authorised order",
     {.status = "AUTHORIZED"},
     NULL,
     ASK,
     "CANNOT_PROCESS_AUTHORIZED_ORDER",
     "invalid.order.not_successful",
     "Refunds cannot be processed for a pending/authorised order",
     "Cannot process unsuccessful order"},
    {"Pending/authorised order, pending",
     {.status = "PENDING_VBV"},
     NULL,
     ASK,
     "CANNOT_PROCESS_AUTHORIZED_ORDER",
     "invalid.order.not_successful",
     "Refunds cannot be processed for a pending/authorised order",
     "Cannot process unsuccessful order"},
    {"Pending/authorised order, new",
     {.status = "NEW", .no_txn = true},
     NULL,
     ASK,
     "CANNOT_PROCESS_AUTHORIZED_ORDER",
     "invalid.order.not_successful",
     "Refunds cannot be processed for a pending/authorised order",
     "Cannot process unsuccessful order"},
    {"Order id based refund not allowed",
     {.is_split_payment = true},
     NULL,
     ASK,
     SAME("SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED"),
     SAME("Please use the txn_id-based Refund API")},
    {"Refund amount exceeds the total refundable amount",
     {0},
     nearly_all,
     ASK,
     "INVALID_AMOUNT_REFUND",
     "invalid.amount.exceeded",
     "Refund amount exceeds the total refundable amount",
     "Refund amount exceeds the refundable amount."},
    {"Refund amount exceeds the total refundable amount, nothing is left",
     {0},
     all_of_it,
     "unique_request_id=u",
     "INVALID_AMOUNT_REFUND",
     "invalid.amount.exceeded",
     "Refund amount exceeds the total refundable amount",
     "Refund amount exceeds the refundable amount."},
    {"Refund creation limit exceeded",
     {0},
     twenty_five,
     ASK,
     "REFUND_CREATE_EXCEEDED_THE_LIMIT",
     "request.exceeded",
     "Refund creation limit exceeded",
     "Refund create exceeded the limit"},
    {"Refunds not supported by the gateway",
     {.gateway = "LEGACY"},
     NULL,
     ASK,
     SAME("REFUND_REJECTED"),
     SAME("Refunds are not supported for the gateway with which the forward order/transaction was "
          "processed")},
    {"Refunds not supported by the gateway, unknown",
     {.gateway = "NOBODY"},
     NULL,
     ASK,
     SAME("REFUND_REJECTED"),
     SAME("Refunds are not supported for the gateway with which the forward order/transaction was "
          "processed")},
    {"Unsuccessful Order",
     {.status = "AUTHORIZATION_FAILED"},
     NULL,
     ASK,
     "UNSUCCESSFUL_ORDER_PROCESS_FAILURE",
     "invalid.order.not_successful",
     "This refund cannot be processed as the forward order/transaction is not successful",
     "Cannot process unsuccessful order"},
    {"Unsuccessful Order, voided",
     {.status = "VOIDED"},
     NULL,
     ASK,
     "UNSUCCESSFUL_ORDER_PROCESS_FAILURE",
     "invalid.order.not_successful",
     "This refund cannot be processed as the forward order/transaction is not successful",
     "Cannot process unsuccessful order"},
    {"Refund amount less than minimum amount",
     {0},
     NULL,
     "unique_request_id=u&amount=0.99",
     "INVALID_AMOUNT",
     "invalid amount",
     SAME("Refund cannot be initiated with amount lesser than Rs.1")},
    {"Value not found",
     {.no_payment_id = true},
     NULL,
     ASK,
     SAME("VALUE_NOT_FOUND"),
     SAME("Success response ID")},
    {"Transaction not found",
     {0},
     NULL,
     ASK "&txn_id=none",
     SAME("SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND"),
     SAME("Invalid request")},
    {"Invalid", {0}, NULL, ASK "&refund_type=NOPE", SAME("INVALID"), SAME("Bad request")},
    {"Invalid, unreadable",
     {0},
     NULL,
     "unique_request_id=%zz",
     SAME("INVALID"),
     SAME("Bad request")},
    {"Invalid, a split of an order without one",
     {0},
     NULL,
     ASK "&metadata.split_settlement_details="
         "%7B%22vendor%22%3A%7B%22split%22%3A%5B%7B%22sub_mid%22%3A%22v%22%2C%22amount%22%3A100%7D"
         "%5D%7D%7D",
     SAME("INVALID"),
     NULL,
     NULL},
};

/* ---- the faces ---- */

static void expect_error(const struct rig_answer *a, const struct row *row, const char *code,
                         const char *message)
{
    ck_assert_msg(a->status == 400, "%s: %d %s", row->what, a->status, a->body);
    ck_assert_str_eq(rig_member(a, "status"), "ERROR");
    ck_assert_str_eq(rig_member(a, "status_id"), "-1");
    ck_assert_str_eq(rig_member(a, "error_code"), code);
    if (message)
        ck_assert_str_eq(rig_member(a, "error_message"), message);
    ck_assert_str_eq(rig_member(a, "error_info.developer_message"), rig_member(a, "error_message"));
    ck_assert_str_eq(rig_member(a, "error_info.user_message"),
                     "Invalid request params. Please verify your input.");
    ck_assert_str_eq(rig_member(a, "error_info.code"), "INVALID_INPUT");
    ck_assert_str_eq(rig_member(a, "error_info.category"), "USER_ERROR");
    ck_assert_str_eq(rig_member(a, "error_info.href"), "NA");
    ck_assert_str_eq(rig_member(a, "error_info.cause"), row->upper);
    ck_assert_uint_eq(strlen(rig_member(a, "error_info.request_id")), 36);
}

static const struct row *prepare(int i)
{
    const struct row *row = &ROWS[i];
    struct shop_order order = row->order;
    order.order_id = "o-1";
    shop_add(order);
    if (row->before)
        row->before();
    return row;
}

START_TEST(refund_order_api_in_capitals)
{
    const struct row *row = prepare(_i);
    int64_t jobs = shop_jobs("send");
    struct rig_answer a = rig_post("/orders/o-1/refunds", row->form);
    expect_error(&a, row, row->upper, row->message);
    a = rig_post("/order/refund?order_id=o-1", row->form);
    expect_error(&a, row, row->upper, row->message);
    ck_assert_int_eq(shop_jobs("send"), jobs);
}
END_TEST

START_TEST(refund_order_api_of_an_older_version)
{
    const struct row *row = prepare(_i);
    struct rig_answer a = rig_call("POST", "/orders/o-1/refunds", OLD, DOUBLE_FORM, row->form);
    expect_error(&a, row, row->dotted, row->message);
}
END_TEST

START_TEST(payout_refund_api)
{
    const struct row *row = prepare(_i);
    struct rig_answer a = rig_post("/refunds?order_id=o-1", row->form);
    expect_error(&a, row, row->dotted, row->payout_message);
}
END_TEST

/* ---- rows with bodies of their own ---- */

START_TEST(invalid_order_id)
{
    struct rig_answer a = rig_post("/orders/66721145_keexeV8cNyb7DrYzs/refunds", ASK);
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "status"), "ERROR");
    ck_assert_str_eq(rig_member(&a, "error_code"), "INVALID_ORDERID");
    ck_assert_str_eq(rig_member(&a, "error_message"), "Not found");
    const struct rig_answer dotted[] = {
        rig_call("POST", "/orders/66721145_keexeV8cNyb7DrYzs/refunds", OLD, DOUBLE_FORM, ASK),
        rig_post("/refunds", ASK "&order_id=66721145_keexeV8cNyb7DrYzs")};
    for (int i = 0; i < COUNT(dotted); i++) {
        ck_assert_int_eq(dotted[i].status, 400);
        ck_assert_str_eq(rig_member(&dotted[i], "status"), "NOT_FOUND");
        ck_assert_str_eq(rig_member(&dotted[i], "status_id"), "40");
        ck_assert_str_eq(rig_member(&dotted[i], "order_id"), "66721145_keexeV8cNyb7DrYzs");
        ck_assert_str_eq(rig_member(&dotted[i], "error_info.cause"), "INVALID_ORDERID");
    }
}
END_TEST

START_TEST(amount_or_unique_request_id_not_passed)
{
    shop_add((struct shop_order){.order_id = "o-1"});
    const struct rig_answer dotted[] = {
        rig_call("POST", "/orders/o-1/refunds", OLD, DOUBLE_FORM, "amount=1"),
        rig_post("/refunds", "order_id=o-1&amount=1"), rig_post("/refunds", "unique_request_id=u")};
    for (int i = 0; i < COUNT(dotted); i++) {
        ck_assert_int_eq(dotted[i].status, 400);
        ck_assert_str_eq(rig_member(&dotted[i], "status"), "Bad Request");
        ck_assert_str_eq(rig_member(&dotted[i], "error_code"), "Mandatory fields are missing");
        ck_assert_str_eq(rig_member(&dotted[i], "error_message"), "Mandatory fields are missing");
    }
}
END_TEST

/* The vendor's "Failed Response", byte for byte but for its request id, the final full stop that we
 * leave out, and what we add. */
START_TEST(the_failed_sample)
{
    shop_add((struct shop_order){.order_id = "o-1"});
    done();
    struct rig_answer a = rig_call("POST", "/orders/o-1/refunds", OLD, DOUBLE_FORM, ASK);
    static const struct {
        const char *member, *value;
    } SAMPLE[] = {
        {"error_message",
         "A refund has already been processed for this order with this unique request id"},
        {"status", "ERROR"},
        {"error_code", "duplicate.call"},
        {"error_info.user_message", "Invalid request params. Please verify your input."},
        {"error_info.href", "NA"},
        {"error_info.developer_message",
         "A refund has already been processed for this order with this unique request id"},
        {"error_info.code", "INVALID_INPUT"},
        {"error_info.category", "USER_ERROR"},
        {"status_id", "-1"},
    };
    ck_assert_int_eq(a.status, 400);
    for (int i = 0; i < COUNT(SAMPLE); i++)
        ck_assert_str_eq(rig_member(&a, SAMPLE[i].member), SAMPLE[i].value);
}
END_TEST

Suite *t_conformance_suite(void)
{
    TCase *t;
    Suite *s = suite_of("conformance", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_loop_test(t, refund_order_api_in_capitals, 0, COUNT(ROWS));
    tcase_add_loop_test(t, refund_order_api_of_an_older_version, 0, COUNT(ROWS));
    tcase_add_loop_test(t, payout_refund_api, 0, COUNT(ROWS));
    tcase_add_test(t, invalid_order_id);
    tcase_add_test(t, amount_or_unique_request_id_not_passed);
    tcase_add_test(t, the_failed_sample);
    return s;
}
