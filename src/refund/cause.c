#include "refund/cause.h"

#include "core/err.h"

#include <stddef.h>

static const struct cause_row rows[CAUSE_COUNT] = {
    {CAUSE_NONE, "", "", "", NULL, "", NULL},
    {CAUSE_MISSING_FIELD, "INVALID", "Mandatory fields are missing", "Mandatory fields are missing",
     NULL, "Something that is needed is missing. Fill in every field marked with a star.", NULL},
    {CAUSE_BAD_REQUEST, "INVALID", "INVALID", "Bad request", NULL,
     "One of the values cannot be used. Correct it and try again.", NULL},
    {CAUSE_AMOUNT_INVALID, "INVALID_AMOUNT", "invalid amount", "Amount is invalid", NULL,
     "Write the amount in digits with a point for decimals, for example 1500.50, more than zero.",
     "amount"},
    {CAUSE_ORDER_UNKNOWN, "INVALID_ORDERID", "INVALID_ORDERID", "Not found", NULL,
     "There is no order with this id.", "order_id"},
    {CAUSE_TXN_UNKNOWN, "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND",
     "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND", "Invalid request", NULL,
     "The order has no such transaction.", "txn_id"},
    {CAUSE_ID_IN_FLIGHT, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund request is already being processed for this unique request id and order id "
     "combination",
     "A refund call was already completed with this unique_request_id for the order.",
     "This refund was already created and is being processed.", NULL},
    {CAUSE_ID_DONE, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund has already been processed for this order with this unique request id",
     "A refund call was already completed with this unique_request_id for the order.",
     "This refund was already created and has ended.", NULL},
    {CAUSE_COD, "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED", "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED",
     "Refunds cannot be initiated for COD orders", NULL,
     "The order was paid in cash on delivery, so there is no payment to send money back to.", NULL},
    {CAUSE_ORDER_PENDING, "CANNOT_PROCESS_AUTHORIZED_ORDER", "invalid.order.not_successful",
     "Refunds cannot be processed for a pending/authorised order",
     "Cannot process unsuccessful order",
     "The payment is not finished yet. It can be refunded once it is charged.", NULL},
    {CAUSE_ORDER_UNSUCCESSFUL, "UNSUCCESSFUL_ORDER_PROCESS_FAILURE", "invalid.order.not_successful",
     "This refund cannot be processed as the forward order/transaction is not successful",
     "Cannot process unsuccessful order",
     "The payment did not succeed, so there is nothing to send back.", NULL},
    {CAUSE_SPLIT_PAYMENT, "SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED",
     "SPLIT_PAYMENTS_ORDER_BASED_REFUND_NOT_SUPPORTED", "Please use the txn_id-based Refund API",
     NULL, "Several payments paid this order. Choose the transaction to refund.", "txn_id"},
    {CAUSE_ORDER_TOO_OLD, "ORDER_TOO_OLD", "ORDER_TOO_OLD",
     "Refunds cannot be initiated for orders older than 365 days", NULL,
     "The order is too old to be refunded to its payment method.", NULL},
    {CAUSE_GATEWAY_CANNOT, "REFUND_REJECTED", "REFUND_REJECTED",
     "Refunds are not supported for the gateway with which the forward order/transaction was "
     "processed",
     NULL,
     "The gateway of this payment cannot refund from here. Refund it in the gateway's own "
     "dashboard.",
     NULL},
    {CAUSE_NO_PAYMENT_ID, "VALUE_NOT_FOUND", "VALUE_NOT_FOUND", "Success response ID", NULL,
     "The gateway's own payment id is missing, so the gateway could not find the payment.", NULL},
    {CAUSE_TOO_MANY_DECIMALS, "INVALID_AMOUNT", "invalid amount", "Amount is invalid", NULL,
     "The amount has more decimals than the currency, or is too large.", "amount"},
    {CAUSE_BELOW_MINIMUM, "INVALID_AMOUNT", "invalid amount",
     "Refund cannot be initiated with amount lesser than Rs.1", NULL,
     "The amount is below the smallest refund that is allowed.", "amount"},
    {CAUSE_TWIN, "REFUND_DUPLICATE_REQUEST", "duplicate.call",
     "A refund request is already being processed for this transaction id and amount combination",
     "A refund call was already processing with this amount for the order.",
     "The same amount of this payment was refunded a moment ago. If you mean it, wait some seconds "
     "and try again.",
     "amount"},
    {CAUSE_TOO_MANY_REFUNDS, "REFUND_CREATE_EXCEEDED_THE_LIMIT", "request.exceeded",
     "Refund creation limit exceeded", "Refund create exceeded the limit",
     "The order has as many refunds as one order may have.", NULL},
    {CAUSE_EXCEEDS, "INVALID_AMOUNT_REFUND", "invalid.amount.exceeded",
     "Refund amount exceeds the total refundable amount",
     "Refund amount exceeds the refundable amount.",
     "The amount is more than what is left to refund.", "amount"},
    {CAUSE_SPLIT_OR_BENEFICIARY, "INVALID", "INVALID", "Bad request", NULL,
     "The split or the beneficiary is not right.", NULL},
};

const struct cause_row *cause_row(enum cause c)
{
    CHECK(c < CAUSE_COUNT && rows[c].cause == c);
    return &rows[c];
}
