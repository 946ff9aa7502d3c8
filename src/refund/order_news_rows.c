#include "refund/order_news_read.h"

#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

#define CHARGED_LEAST "PARTIAL_CHARGED"

/* ---- transactions ------------------------------------------------------------------------------
 */

static bool is_digits(const char *text, size_t n)
{
    return strspn(text, "0123456789") >= n;
}

/* The card as it may be kept: of a number (masked by now) its first six and last four digits. */
static void put_card(struct arena *a, struct json_object *card)
{
    static const char *const names[] = {"card_number", "number", "pan", "card_no"};
    const char *number = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && number == NULL; i++)
        number = json_text(a, card, names[i]);
    const char *isin = str_or(json_text(a, card, "card_isin"), "");
    const char *last = str_or(json_text(a, card, "last_four_digits"), "");
    if (*isin == '\0' && number != NULL && is_digits(number, 6))
        json_put_text(card, "card_isin", arena_strndup(a, number, 6));
    else if (is_digits(isin, 9))
        json_put_text(card, "card_isin", arena_strndup(a, isin, 6));
    if (*last == '\0' && number != NULL)
        last = number;
    size_t n = strlen(last);
    if (n > LIMIT_CARD_LAST || (n > 0 && last == number))
        json_put_text(card, "last_four_digits",
                      n > LIMIT_CARD_LAST ? last + n - LIMIT_CARD_LAST : "");
}

static const char *either_id(struct reading *r, struct json_object *inner,
                             struct json_object *outer, const char *where, const char *field,
                             size_t limit)
{
    const char *id = reading_id(r, inner, where, field, limit);
    return id != NULL ? id : reading_id(r, outer, "", field, limit);
}

static const char *txn_currency(struct reading *r, struct json_object *detail, const char *where)
{
    const char *order = r->news->currency;
    const char *own = reading_text(r, detail, where, "currency", LIMIT_TOLD_WORD);
    bool known = own != NULL && money_exponent(own) >= 0;
    if (own != NULL && order != NULL && !str_eq(own, order))
        reading_fault(r, where, "currency", "differs from the order's");
    else if (own != NULL && !known)
        reading_fault(r, where, "currency", "is not an ISO 4217 code such as INR");
    return order != NULL ? order : known ? own : NULL;
}

static int64_t txn_amount(struct reading *r, struct json_object *detail, struct json_object *outer,
                          const char *where, const char *currency)
{
    int64_t minor = reading_money(r, detail, where, "txn_amount", currency);
    if (minor < 0)
        minor = reading_money(r, outer, "", "effective_amount", currency);
    if (minor < 0)
        minor = reading_money(r, outer, "", "amount", currency);
    if (minor == 0)
        reading_fault(r, where, "txn_amount", "must be more than zero");
    return minor;
}

/* A transaction told by `detail`, and by what stands beside it in `outer`. */
static void read_txn(struct reading *r, struct json_object *detail, struct json_object *outer,
                     const char *where, struct told_txn *t)
{
    struct json_object *answer = json_get(outer, "payment_gateway_response");
    struct json_object *card = json_get(outer, "card");
    if (card != NULL && json_object_is_type(card, json_type_object))
        put_card(r->arena, card);
    const char *status = reading_status(r, detail, where);
    *t = (struct told_txn){
        .txn_id = either_id(r, detail, outer, where, "txn_id", LIMIT_TXN_ID),
        .payment_id =
            reading_id(r, answer, "payment_gateway_response.", "epg_txn_id", LIMIT_PAYMENT_ID),
        .status = status != NULL ? status : r->news->status,
        .currency = txn_currency(r, detail, where),
        .created_ms = reading_time(r, detail, where, "created"),
    };
    if (t->payment_id == NULL)
        t->payment_id = either_id(r, detail, outer, where, "epg_txn_id", LIMIT_PAYMENT_ID);
    t->amount_minor = txn_amount(r, detail, outer, where, t->currency);
    reading_sheet(r, &order_news_txn_fields, detail, outer, where, t->currency, &t->sheet);
    int64_t answered_ms = reading_time(r, answer, "payment_gateway_response.", "created");
    if (t->status != NULL && order_news_rank(t->status) >= order_news_rank(CHARGED_LEAST)) {
        t->charged_ms = answered_ms != 0 ? answered_ms : r->news->at_ms;
        t->is_history = answered_ms == 0 && r->news->is_of_refund;
    }
    if (r->news->at_ms == 0)
        r->news->at_ms = answered_ms;
    if (t->txn_id == NULL && t->payment_id == NULL)
        reading_fault(r, where, "txn_id", "is missing");
}

static bool is_told(const struct order_news *n, const char *txn_id)
{
    for (int i = 0; i < n->n_txns; i++) {
        if (str_eq(n->txns[i].txn_id, txn_id))
            return true;
    }
    return false;
}

static size_t length_of(struct json_object *list)
{
    return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}

/* Several of which each pays the order by itself are attempts, not parts of one payment. */
static bool are_parts(const struct order_news *n)
{
    for (int i = 0; i < n->n_txns; i++) {
        if (n->amount_minor <= 0 || n->txns[i].amount_minor < n->amount_minor)
            return true;
    }
    return false;
}

static void read_list(struct reading *r, struct json_object *list)
{
    struct order_news *n = r->news;
    size_t count = length_of(list);
    if (count > LIMIT_ORDER_TXNS) {
        reading_fault(r, "", "txn_list",
                      arena_printf(r->arena, "has more than %d entries", LIMIT_ORDER_TXNS));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct json_object *entry = json_object_array_get_idx(list, i);
        struct json_object *detail = json_get(entry, "txn_detail");
        const char *where = arena_printf(r->arena, "txn_list[%zu].", i);
        detail = detail != NULL ? detail : entry;
        if (!is_told(n, json_text(r->arena, detail, "txn_id")))
            read_txn(r, detail, entry, where, &n->txns[n->n_txns++]);
    }
    n->is_split_payment = count > 1 && are_parts(n);
}

void reading_txns(struct reading *r, struct json_object *order)
{
    struct order_news *n = r->news;
    struct json_object *detail = json_get(order, "txn_detail");
    struct json_object *answer = json_get(order, "payment_gateway_response");
    size_t listed = length_of(json_get(order, "txn_list"));
    n->txns = arena_array(r->arena, 1 + (listed < LIMIT_ORDER_TXNS ? listed : LIMIT_ORDER_TXNS),
                          sizeof *n->txns);
    if (detail != NULL && !json_object_is_type(detail, json_type_object))
        reading_fault(r, "", "txn_detail", "must be a JSON object");
    else if (detail != NULL || json_get(order, "txn_id") != NULL)
        read_txn(r, detail, order, "txn_detail.", &n->txns[n->n_txns++]);
    read_list(r, json_get(order, "txn_list"));
    if (n->n_txns > 0)
        n->payment_id = n->txns[0].payment_id;
    else
        n->payment_id =
            reading_id(r, answer, "payment_gateway_response.", "epg_txn_id", LIMIT_PAYMENT_ID);
}

/* ---- refunds -----------------------------------------------------------------------------------
 */

static const char *refund_status(struct reading *r, struct json_object *o, const char *where)
{
    static const char *const known[] = {"SUCCESS", "FAILURE", "PENDING", "MANUAL_REVIEW"};
    const char *status = reading_text(r, o, where, "status", LIMIT_TOLD_WORD);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_eq(status, known[i]))
            return known[i];
    }
    reading_fault(r, where, "status", "must be SUCCESS, FAILURE, PENDING or MANUAL_REVIEW");
    return NULL;
}

static const char *refund_type(struct reading *r, struct json_object *o, const char *where)
{
    const char *type = reading_text(r, o, where, "refund_type", LIMIT_TOLD_WORD);
    return str_eq(type, "INSTANT") || str_eq(type, "PAYOUT") ? type : "STANDARD";
}

static void read_refund(struct reading *r, struct json_object *o, const char *where,
                        struct told_refund *t)
{
    const char *id = reading_id(r, o, where, "id", LIMIT_UNIQUE_REQUEST_ID);
    const char *own_currency = reading_text(r, o, where, "currency", LIMIT_TOLD_WORD);
    struct json_object *metadata = json_get(o, "metadata");
    *t = (struct told_refund){
        .unique_request_id = reading_id(r, o, where, "unique_request_id", LIMIT_UNIQUE_REQUEST_ID),
        .ref = reading_id(r, o, where, "ref", LIMIT_REFUND_REF),
        .txn_id = reading_id(r, o, where, "txn_id", LIMIT_TXN_ID),
        .status = refund_status(r, o, where),
        .currency = own_currency != NULL ? own_currency : r->news->currency,
        .created_ms = reading_time(r, o, where, "created"),
        .processed_ms = reading_time(r, o, where, "pg_processed_at"),
        .refund_type = refund_type(r, o, where),
        .gateway = reading_text(r, o, where, "refund_source", LIMIT_GATEWAY_NAME),
        .arn = reading_id(r, o, where, "arn", LIMIT_REFUND_REF),
        .error_code = reading_text(r, o, where, "error_code", LIMIT_ERROR_CODE),
        .error_message = reading_text(r, o, where, "error_message", LIMIT_ERROR_MESSAGE),
    };
    if (t->ref == NULL && id != NULL && !str_eq(id, t->unique_request_id))
        t->ref = id;
    if (json_object_is_type(metadata, json_type_object) && json_object_object_length(metadata) > 0)
        t->metadata = json_write(r->arena, metadata);
    if (t->metadata != NULL && strlen(t->metadata) > LIMIT_METADATA_BYTES)
        reading_fault(r, where, "metadata",
                      arena_printf(r->arena, "is longer than %d bytes", LIMIT_METADATA_BYTES));
    if (t->currency != NULL && money_exponent(t->currency) < 0) {
        reading_fault(r, where, "currency", "is not an ISO 4217 code such as INR");
        return;
    }
    t->amount_minor = reading_money(r, o, where, "amount", t->currency);
    if (t->amount_minor <= 0)
        reading_fault(r, where, "amount", "must be more than zero");
    if (t->unique_request_id == NULL && t->ref == NULL)
        reading_fault(r, where, "unique_request_id", "is missing");
}

void reading_refunds(struct reading *r, struct json_object *order)
{
    struct order_news *n = r->news;
    struct json_object *list = json_get(order, "refunds");
    if (list == NULL)
        return;
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    if (!json_object_is_type(list, json_type_array))
        reading_fault(r, "", "refunds", "must be a JSON array");
    if (count > LIMIT_TOLD_REFUNDS) {
        reading_fault(r, "", "refunds",
                      arena_printf(r->arena, "has more than %d entries", LIMIT_TOLD_REFUNDS));
        return;
    }
    n->refunds = arena_array(r->arena, count, sizeof *n->refunds);
    for (size_t i = 0; i < count; i++)
        read_refund(r, json_object_array_get_idx(list, i),
                    arena_printf(r->arena, "refunds[%zu].", i), &n->refunds[n->n_refunds++]);
}
