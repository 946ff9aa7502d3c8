/*
 * The bodies of errors, whole: every cause in both families. The table is written from the vendor's
 * pages and ours, not from the code's.
 */
#include "api/errors.h"
#include "api/rig.h"
#include "core/json.h"
#include "core/str.h"
#include <string.h>

#define ID "00000000-0000-4000-8000-000000000001"

struct row {
    enum cause cause;
    const char *upper, *dotted, *message;
};

static const struct row ROWS[] = {
    {CAUSE_MISSING_FIELD, "INVALID", "Mandatory fields are missing",
     "Mandatory fields are missing"},
    {CAUSE_BAD_REQUEST, "INVALID", "INVALID", "Bad request"},
    {CAUSE_AMOUNT_INVALID, "INVALID_AMOUNT", "invalid amount", "Amount is invalid"},
    {CAUSE_ORDER_UNKNOWN, "INVALID_ORDERID", "INVALID_ORDERID", "Not found"},
    {CAUSE_TXN_UNKNOWN, "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND",
     "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND", "Invalid request"},
    {CAUSE_ID_IN_FLIGHT, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund request is already being processed for this unique request id and order id "
     "combination"},
    {CAUSE_ID_DONE, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund has already been processed for this order with this unique request id"},
    {CAUSE_COD, "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED", "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED",
     "Refunds cannot be initiated for COD orders"},
    {CAUSE_ORDER_PENDING, "CANNOT_PROCESS_AUTHORIZED_ORDER", "invalid.order.not_successful",
     "Refunds cannot be processed for a pending/authorised order"},
    {CAUSE_ORDER_UNSUCCESSFUL, "UNSUCCESSFUL_ORDER_PROCESS_FAILURE", "invalid.order.not_successful",
     "This refund cannot be processed as the forward order/transaction is not successful"},
    {CAUSE_SPLIT_PAYMENT, "SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED",
     "SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED", "Please use the txn_id-based Refund API"},
    {CAUSE_ORDER_TOO_OLD, "ORDER_TOO_OLD", "ORDER_TOO_OLD",
     "Refunds cannot be initiated for orders older than 365 days"},
    {CAUSE_GATEWAY_CANNOT, "REFUND_REJECTED", "REFUND_REJECTED",
     "Refunds are not supported for the gateway with which the forward order/transaction was "
     "processed"},
    {CAUSE_NO_PAYMENT_ID, "VALUE_NOT_FOUND", "VALUE_NOT_FOUND", "Success response ID"},
    {CAUSE_TOO_MANY_DECIMALS, "INVALID_AMOUNT", "invalid amount", "Amount is invalid"},
    {CAUSE_BELOW_MINIMUM, "INVALID_AMOUNT", "invalid amount",
     "Refund cannot be initiated with amount lesser than Rs.1"},
    {CAUSE_TWIN, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund request is already being processed for this transaction id and amount combination"},
    {CAUSE_TOO_MANY_REFUNDS, "REFUND_CREATE_EXCEEDED_THE_LIMIT", "request.exceeded",
     "Refund creation limit exceeded"},
    {CAUSE_EXCEEDS, "INVALID_AMOUNT_REFUND", "invalid.amount.exceeded",
     "Refund amount exceeds the total refundable amount"},
    {CAUSE_SPLIT_OR_BENEFICIARY, "INVALID", "INVALID", "Sum of the split is not the amount"},
};

static struct req *request(void)
{
    struct req *r = double_request(&rig, "POST", "/orders/o-1/refunds");
    double_header(r, "authorization", double_basic(&rig, RIG_KEY));
    return r;
}

static const char *body(const char *status, const char *code, const struct row *row)
{
    return arena_printf(
        rig.arena,
        "{%s,\"error_code\":\"%s\",\"error_message\":\"%s\",\"error_info\":{"
        "\"user_message\":\"Invalid request params. Please verify your input.\","
        "\"developer_message\":\"%s\",\"request_id\":\"" ID "\",\"href\":\"NA\","
        "\"code\":\"INVALID_INPUT\",\"category\":\"USER_ERROR\",\"cause\":\"%s\","
        "\"fields\":[{\"field_name\":\"f\",\"reason\":\"Sum of the split is not the amount\"}]}}",
        status, code, row->message, row->message, row->upper);
}

START_TEST(says_each_cause_in_capitals)
{
    const struct row *row = &ROWS[_i];
    const struct api_faults fault = {.of = {{"f", "Sum of the split is not the amount"}}, .n = 1};
    struct reply p = {0};
    errors_cause(request(), &p, FAMILY_UPPER, row->cause, &fault, "o-1");
    ck_assert_int_eq(p.status, 400);
    ck_assert_str_eq(p.body, body("\"status\":\"ERROR\",\"status_id\":-1", row->upper, row));
    ck_assert_int_eq((int)row->cause, _i + 1); /* none is left out */
    ck_assert_int_eq(COUNT(ROWS), CAUSE_COUNT - 1);
}
END_TEST

START_TEST(says_each_cause_in_dots)
{
    const struct row *row = &ROWS[_i];
    const struct api_faults fault = {.of = {{"f", "Sum of the split is not the amount"}}, .n = 1};
    const char *status = "\"status\":\"ERROR\",\"status_id\":-1";
    struct reply p = {0};
    if (row->cause == CAUSE_MISSING_FIELD)
        status = "\"status\":\"Bad Request\",\"status_id\":-1";
    if (row->cause == CAUSE_ORDER_UNKNOWN)
        status = "\"status\":\"NOT_FOUND\",\"status_id\":40,\"order_id\":\"o-1\"";
    errors_cause(request(), &p, FAMILY_DOTTED, row->cause, &fault, "o-1");
    ck_assert_int_eq(p.status, 400);
    ck_assert_str_eq(p.body, body(status, row->dotted, row));
}
END_TEST

START_TEST(a_fault_without_a_field_lists_none)
{
    const struct api_faults fault = {.of = {{NULL, "x"}}, .n = 1};
    struct rig_answer answer = {0};
    struct reply p = {0};
    errors_cause(request(), &p, FAMILY_UPPER, CAUSE_EXCEEDS, &fault, "o-1");
    answer.body = p.body;
    ck_assert_str_eq(rig_member(&answer, "error_info.fields"), "[ ]");
}
END_TEST

struct version {
    const char *text;
    enum api_family family;
};

static const struct version VERSIONS[] = {
    {NULL, FAMILY_UPPER},          {"", FAMILY_UPPER},
    {"2023-06-30", FAMILY_DOTTED}, {"2023-12-31", FAMILY_DOTTED},
    {"2024-01-01", FAMILY_UPPER},  {"2018-07-01", FAMILY_DOTTED},
    {"2026-11-21", FAMILY_UPPER},  {" 2023-06-30 ", FAMILY_DOTTED},
    {"v1", FAMILY_UPPER},          {"1", FAMILY_UPPER},
    {"2023", FAMILY_UPPER},        {"2023-06", FAMILY_UPPER},
    {"2023-6-30", FAMILY_UPPER},   {"2023/06/30", FAMILY_UPPER},
    {"20230630", FAMILY_UPPER},    {"2023-06-30x", FAMILY_UPPER},
    {"abcd-ef-gh", FAMILY_UPPER},  {"-", FAMILY_UPPER},
};

START_TEST(the_version_header_chooses_the_family)
{
    struct req *r = request();
    if (VERSIONS[_i].text)
        double_header(r, "version", VERSIONS[_i].text);
    ck_assert_int_eq(errors_family(r), VERSIONS[_i].family);
}
END_TEST

START_TEST(an_unknown_order_is_not_found)
{
    struct reply p = {0};
    errors_order_unknown(request(), &p, "a\"b");
    ck_assert_int_eq(p.status, 404);
    ck_assert_str_eq(p.body, "{\"status\":\"NOT_FOUND\",\"status_id\":40,\"order_id\":\"a\\\"b\","
                             "\"error_code\":\"INVALID_ORDERID\",\"error_message\":\"Not found\"}");
}
END_TEST

struct status {
    int status;
    const char *code, *category;
};

static const struct status STATUSES[] = {
    {400, "INVALID_REQUEST", "USER_ERROR"},
    {403, "ACCESS_DENIED", "USER_ERROR"},
    {404, "NOT_FOUND", "USER_ERROR"},
    {405, "METHOD_NOT_ALLOWED", "USER_ERROR"},
    {409, "CONFLICT", "USER_ERROR"},
    {413, "PAYLOAD_TOO_LARGE", "USER_ERROR"},
    {415, "UNSUPPORTED_MEDIA_TYPE", "USER_ERROR"},
    {429, "TOO_MANY_REQUESTS", "USER_ERROR"},
    {500, "INTERNAL_ERROR", "SYSTEM_ERROR"},
    {503, "SERVICE_UNAVAILABLE", "SYSTEM_ERROR"},
};

START_TEST(every_status_has_a_body)
{
    const struct err e = {.rc = RC_INTERNAL, .text = "It is so.", .detail = "never shown"};
    struct rig_answer answer = {0};
    errors_reply(double_request(&rig, "GET", "/x"), &answer.reply, STATUSES[_i].status, &e);
    answer.body = answer.reply.body;
    ck_assert_int_eq(answer.reply.status, STATUSES[_i].status);
    ck_assert_str_eq(rig_member(&answer, "status"), "ERROR");
    ck_assert_str_eq(rig_member(&answer, "error_code"), STATUSES[_i].code);
    ck_assert_str_eq(rig_member(&answer, "error_message"), "It is so.");
    ck_assert_str_eq(rig_member(&answer, "error_info.request_id"), ID);
    ck_assert_str_eq(rig_member(&answer, "error_info.category"), STATUSES[_i].category);
    ck_assert_ptr_null(strstr(answer.body, "never shown"));
}
END_TEST

Suite *t_errors_suite(void)
{
    TCase *t;
    Suite *s = suite_of("errors", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_loop_test(t, says_each_cause_in_capitals, 0, COUNT(ROWS));
    tcase_add_loop_test(t, says_each_cause_in_dots, 0, COUNT(ROWS));
    tcase_add_test(t, a_fault_without_a_field_lists_none);
    tcase_add_loop_test(t, the_version_header_chooses_the_family, 0, COUNT(VERSIONS));
    tcase_add_test(t, an_unknown_order_is_not_found);
    tcase_add_loop_test(t, every_status_has_a_body, 0, COUNT(STATUSES));
    return s;
}
