#include "refund/order_news_parts.h"

#include "core/limits.h"
#include "core/str.h"

#include <stddef.h>

#define ORDER_TEXT(name, limit)                                       \
    {                                                                 \
#name, SHEET_TEXT, (limit), (int)offsetof(struct order, name) \
    }
#define TXN_TEXT(name, limit)                                       \
    {                                                               \
#name, SHEET_TEXT, (limit), (int)offsetof(struct txn, name) \
    }
#define TXN_MONEY(path, name)                                 \
    {                                                         \
        path, SHEET_MONEY, 0, (int)offsetof(struct txn, name) \
    }
#define FACT(path, kind, limit)                      \
    {                                                \
        path, SHEET_##kind, (limit), SHEET_NO_COLUMN \
    }

/* Lengths: the vendor's column ceilings (Refund Order API, "API Responses"). */
static const struct sheet_field order_fields[] = {
    ORDER_TEXT(customer_id, LIMIT_CUSTOMER),
    ORDER_TEXT(customer_email, LIMIT_CUSTOMER),
    ORDER_TEXT(customer_phone, LIMIT_CUSTOMER),
    ORDER_TEXT(product_id, LIMIT_PRODUCT_ID),
    ORDER_TEXT(description, LIMIT_DESCRIPTION),
    ORDER_TEXT(return_url, LIMIT_RETURN_URL),
    {"amount", SHEET_MONEY, 0, (int)offsetof(struct order, amount_minor)},
    {"effective_amount", SHEET_MONEY, 0, (int)offsetof(struct order, effective_minor)},
    {"offer_minimum", SHEET_MONEY, 0, (int)offsetof(struct order, offer_minimum_minor)},
    FACT("udf1", TEXT, LIMIT_UDF),
    FACT("udf2", TEXT, LIMIT_UDF),
    FACT("udf3", TEXT, LIMIT_UDF),
    FACT("udf4", TEXT, LIMIT_UDF),
    FACT("udf5", TEXT, LIMIT_UDF),
    FACT("udf6", TEXT, LIMIT_UDF),
    FACT("udf7", TEXT, LIMIT_UDF),
    FACT("udf8", TEXT, LIMIT_UDF),
    FACT("udf9", TEXT, LIMIT_UDF),
    FACT("udf10", TEXT, LIMIT_UDF),
    FACT("metadata", OBJECT, LIMIT_ORDER_METADATA_BYTES),
    FACT("offers", ARRAY, LIMIT_FACT_BYTES),
    FACT("rewards_breakup", ANY, LIMIT_FACT_BYTES),
    FACT("payment_links", OBJECT, LIMIT_FACT_BYTES),
    FACT("order_type", TEXT, LIMIT_TOLD_WORD),
    FACT("txn_list", ARRAY, LIMIT_FACT_BYTES),
};

static const struct sheet_field txn_fields[] = {
    TXN_TEXT(txn_uuid, LIMIT_TXN_UUID),
    TXN_TEXT(gateway, LIMIT_GATEWAY_NAME),
    TXN_TEXT(gateway_reference_id, LIMIT_TXN_ID),
    TXN_TEXT(payment_method_type, LIMIT_PAYMENT_METHOD),
    TXN_TEXT(payment_method, LIMIT_PAYMENT_METHOD),
    TXN_TEXT(auth_type, LIMIT_AUTH_TYPE),
    TXN_MONEY("net_amount", net_minor),
    TXN_MONEY("tax_amount", tax_minor),
    TXN_MONEY("surcharge_amount", surcharge_minor),
    {"gateway_id", SHEET_INT, 0, (int)offsetof(struct txn, gateway_id)},
    FACT("redirect", BOOL, 0),
    FACT("express_checkout", BOOL, 0),
    FACT("error_message", TEXT, LIMIT_ERROR_MESSAGE),
    FACT("error_code", TEXT, LIMIT_ERROR_CODE),
    FACT("bank_pg", ANY, LIMIT_ERROR_CODE),
    FACT("bank_error_message", TEXT, LIMIT_ERROR_MESSAGE),
    FACT("bank_error_code", TEXT, LIMIT_ERROR_CODE),
    FACT("card.using_token", BOOL, 0),
    FACT("card.using_saved_card", BOOL, 0),
    FACT("card.saved_to_locker", BOOL, 0),
    FACT("card.name_on_card", TEXT, LIMIT_CARD_TEXT),
    FACT("card.last_four_digits", TEXT, LIMIT_CARD_LAST),
    FACT("card.expiry_year", TEXT, LIMIT_CARD_LAST),
    FACT("card.expiry_month", TEXT, LIMIT_CARD_LAST),
    FACT("card.card_type", TEXT, LIMIT_CARD_TYPE),
    FACT("card.card_reference", TEXT, LIMIT_CARD_TEXT),
    FACT("card.card_issuer", TEXT, LIMIT_CARD_TEXT),
    FACT("card.card_isin", TEXT, LIMIT_CARD_TEXT),
    FACT("card.card_fingerprint", TEXT, LIMIT_CARD_TEXT),
    FACT("card.card_brand", TEXT, LIMIT_CARD_TEXT),
    {"payment_gateway_response.epg_txn_id", SHEET_TEXT, LIMIT_PAYMENT_ID,
     (int)offsetof(struct txn, payment_id)},
    FACT("payment_gateway_response.rrn", TEXT, LIMIT_PAYMENT_ID),
    FACT("payment_gateway_response.resp_message", TEXT, LIMIT_RESP_MESSAGE),
    FACT("payment_gateway_response.resp_code", TEXT, LIMIT_PAYMENT_ID),
    FACT("payment_gateway_response.created", TEXT, LIMIT_PAYMENT_ID),
    FACT("payment_gateway_response.auth_id_code", TEXT, LIMIT_PAYMENT_ID),
};

const struct sheet_table order_news_order_fields = {
    order_fields, (int)(sizeof order_fields / sizeof order_fields[0])};
const struct sheet_table order_news_txn_fields = {txn_fields,
                                                  (int)(sizeof txn_fields / sizeof txn_fields[0])};

_Static_assert(sizeof order_fields / sizeof order_fields[0] <= SHEET_FIELDS_MAX, "order");
_Static_assert(sizeof txn_fields / sizeof txn_fields[0] <= SHEET_FIELDS_MAX, "txn");

int order_news_rank(const char *status)
{
    static const char *const way[] = {"NEW",
                                      "STARTED",
                                      "PENDING_VBV",
                                      "VBV_SUCCESSFUL",
                                      "AUTHORIZING",
                                      "COD_INITIATED",
                                      "AUTHORIZED",
                                      "CAPTURE_INITIATED",
                                      "VOID_INITIATED",
                                      "VOID_FAILED",
                                      "CAPTURE_FAILED",
                                      "AUTHENTICATION_FAILED",
                                      "JUSPAY_DECLINED",
                                      "AUTHORIZATION_FAILED",
                                      "VOIDED",
                                      "PARTIAL_CHARGED",
                                      "CHARGED",
                                      "AUTO_REFUNDED"};
    for (int i = 0; i < (int)(sizeof way / sizeof way[0]); i++) {
        if (str_eq(status, way[i]))
            return i;
    }
    return -1;
}
