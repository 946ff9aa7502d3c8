#include "core/str.h"
#include "refund/cause.h"
#include "support/suite.h"

/* The vendor's tables (Refund Order API and Payout Refund API, "400"), row by row. "Processed" is
 * spelled correctly, on purpose. */
static const struct {
    enum cause cause;
    const char *code, *dotted, *message, *dotted_message;
} vendor[] = {
    {CAUSE_TWIN, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund request is already being processed for this transaction id and amount combination",
     "A refund call was already processing with this amount for the order."},
    {CAUSE_ID_IN_FLIGHT, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund request is already being processed for this unique request id and order id "
     "combination",
     "A refund call was already completed with this unique_request_id for the order."},
    {CAUSE_ID_DONE, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund has already been processed for this order with this unique request id",
     "A refund call was already completed with this unique_request_id for the order."},
    {CAUSE_COD, "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED", "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED",
     "Refunds cannot be initiated for COD orders", NULL},
    {CAUSE_AMOUNT_INVALID, "INVALID_AMOUNT", "invalid amount", "Amount is invalid", NULL},
    {CAUSE_ORDER_UNKNOWN, "INVALID_ORDERID", NULL, "Not found", NULL},
    {CAUSE_ORDER_TOO_OLD, "ORDER_TOO_OLD", "ORDER_TOO_OLD",
     "Refunds cannot be initiated for orders older than 365 days", NULL},
    {CAUSE_ORDER_PENDING, "CANNOT_PROCESS_AUTHORIZED_ORDER", "invalid.order.not_successful",
     "Refunds cannot be processed for a pending/authorised order",
     "Cannot process unsuccessful order"},
    {CAUSE_SPLIT_PAYMENT, "SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED",
     "SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED", "Please use the txn_id-based Refund API",
     NULL},
    {CAUSE_EXCEEDS, "INVALID_AMOUNT_REFUND", "invalid.amount.exceeded",
     "Refund amount exceeds the total refundable amount",
     "Refund amount exceeds the refundable amount."},
    {CAUSE_TOO_MANY_REFUNDS, "REFUND_CREATE_EXCEEDED_THE_LIMIT", "request.exceeded",
     "Refund creation limit exceeded", "Refund create exceeded the limit"},
    {CAUSE_GATEWAY_CANNOT, "REFUND_REJECTED", "REFUND_REJECTED",
     "Refunds are not supported for the gateway with which the forward order/transaction was "
     "processed",
     NULL},
    {CAUSE_ORDER_UNSUCCESSFUL, "UNSUCCESSFUL_ORDER_PROCESS_FAILURE", "invalid.order.not_successful",
     "This refund cannot be processed as the forward order/transaction is not successful",
     "Cannot process unsuccessful order"},
    {CAUSE_BELOW_MINIMUM, "INVALID_AMOUNT", "invalid amount",
     "Refund cannot be initiated with amount lesser than Rs.1", NULL},
    {CAUSE_NO_PAYMENT_ID, "VALUE_NOT_FOUND", "VALUE_NOT_FOUND", "Success response ID", NULL},
    {CAUSE_TXN_UNKNOWN, "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND",
     "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND", "Invalid request", NULL},
    {CAUSE_BAD_REQUEST, "INVALID", "INVALID", "Bad request", NULL},
    {CAUSE_MISSING_FIELD, "INVALID", "Mandatory fields are missing", "Mandatory fields are missing",
     NULL},
    {CAUSE_TOO_MANY_DECIMALS, "INVALID_AMOUNT", "invalid amount", "Amount is invalid", NULL},
};

START_TEST(says_what_the_vendor_says)
{
    for (size_t i = 0; i < sizeof vendor / sizeof vendor[0]; i++) {
        const struct cause_row *row = cause_row(vendor[i].cause);
        ck_assert_str_eq(row->code, vendor[i].code);
        if (vendor[i].dotted != NULL)
            ck_assert_str_eq(row->dotted, vendor[i].dotted);
        ck_assert_str_eq(row->message, vendor[i].message);
        ck_assert_pstr_eq(row->dotted_message, vendor[i].dotted_message);
    }
}
END_TEST

START_TEST(has_words_for_a_person_for_every_cause)
{
    for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
        ck_assert(!str_empty(cause_row((enum cause)c)->plain));
}
END_TEST

suite_fn t_cause_suite;
Suite *t_cause_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("cause", &tc);
    tcase_add_test(tc, says_what_the_vendor_says);
    tcase_add_test(tc, has_words_for_a_person_for_every_cause);
    return s;
}
