/*
 * A request judged by itself, before any transaction: validate_ask(), reasons and types.
 */
#include "refund/validate.h"

#include "core/limits.h"
#include "core/str.h"

#include <string.h>

static const char *const reasons[] = {
    "CANCELLATION",
    "PARTIAL_CANCELLATION",
    "PRODUCT_OR_SERVICE_NOT_DELIVERED",
    "UNSATISFACTORY_PRODUCT_OR_SERVICE",
    "GOODWILL",
    "WAIVER",
    "TECHNICAL_ISSUES",
    "OFFER_OR_SUBSCRIPTION_ISSUES",
    "DUPLICATE_PAYMENT",
    "DELAYED_SUCCESS",
};
#define N_REASONS ((int)(sizeof reasons / sizeof reasons[0]))
static const char *const reason_labels[N_REASONS] = {
    "Cancellation",
    "Partial cancellation",
    "Product or service not delivered",
    "Unsatisfactory product or service",
    "Goodwill",
    "Waiver",
    "Technical issues",
    "Offer or subscription issues",
    "Duplicate payment",
    "Delayed success",
};

const char *const *refund_reasons(int *count)
{
    *count = N_REASONS;
    return reasons;
}

const char *refund_reason_label(const char *reason)
{
    for (int i = 0; i < N_REASONS; i++) {
        if (str_eq(reasons[i], reason))
            return reason_labels[i];
    }
    return NULL;
}

static const char *const types[] = {"STANDARD", "INSTANT", "INSTANT_WITH_FALLBACK", "PAYOUT"};

static bool type_known(const char *asked)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_eq(types[i], asked))
            return true;
    }
    return false;
}

static struct refund_ask *early(struct refund_ask *ask, enum cause cause, const char *detail)
{
    ask->early = cause;
    ask->detail = detail;
    return ask;
}

/* What a too long or unprintable value is refused for. */
static const char *unusable_field(const struct refund_request *req)
{
    const struct {
        const char *name, *value;
        size_t max;
        bool ascii;
    } texts[] = {
        {"order_id", req->order_id, LIMIT_ORDER_ID, true},
        {"txn_id", req->txn_id, LIMIT_TXN_ID, true},
        {"unique_request_id", req->unique_request_id, LIMIT_UNIQUE_REQUEST_ID, true},
        {"note", req->note, LIMIT_NOTE, false},
        {"metadata", req->metadata, LIMIT_METADATA_BYTES, false},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].value == NULL)
            continue;
        if (strlen(texts[i].value) > texts[i].max ||
            (texts[i].ascii && !str_printable_ascii(texts[i].value)))
            return texts[i].name;
    }
    return NULL;
}

/* Where a PAYOUT goes; what is wrong with it is the last cause, judged after all others. */
static void ask_payee(struct arena *a, struct refund_ask *ask, const struct seal_public *worker_key)
{
    const struct payout_ask *to = ask->req->payout;
    const char *field = NULL;
    struct err e;
    if (to == NULL) {
        static const struct payout_ask nothing;
        to = &nothing;
    }
    bool kept = !str_empty(to->beneficiary_id);
    if (kept && to->details == NULL && to->type == NULL)
        return;
    if (kept) {
        ask->payee_fault = (struct terms_fault){
            "beneficiary_id", "Send beneficiary_id or beneficiary_details, not both.", false};
        return;
    }
    struct payee *payee = arena_alloc(a, sizeof *payee);
    enum rc rc = payout_seal(a, to, worker_key, payee, &field, &e);
    if (rc == RC_OK)
        ask->payee = payee;
    else
        ask->payee_fault = (struct terms_fault){field, arena_strdup(a, e.text), rc == RC_NOT_FOUND};
}

struct refund_ask *validate_ask(struct arena *a, const struct refund_request *req,
                                const struct seal_public *worker_key)
{
    struct refund_ask *ask = arena_alloc(a, sizeof *ask);
    ask->req = req;
    ask->refund_type = str_empty(req->refund_type) ? "STANDARD" : req->refund_type;
    ask->reason = str_empty(req->reason) ? "CANCELLATION" : req->reason;

    if (str_empty(req->unique_request_id))
        return early(ask, CAUSE_MISSING_FIELD, "unique_request_id");
    if (str_empty(req->order_id) && str_empty(req->txn_id))
        return early(ask, CAUSE_MISSING_FIELD, "order_id");
    const char *unusable = req->fault != NULL ? req->fault : unusable_field(req);
    if (unusable != NULL)
        return early(ask, CAUSE_BAD_REQUEST, unusable);
    if (!type_known(ask->refund_type))
        return early(ask, CAUSE_BAD_REQUEST, "refund_type");
    if (refund_reason_label(ask->reason) == NULL)
        return early(ask, CAUSE_BAD_REQUEST, "refund_reason");
    if (req->amount_given == GIVEN_NULL)
        return early(ask, CAUSE_AMOUNT_INVALID, "amount");
    if (req->amount_given == GIVEN_TEXT &&
        (decimal_parse(req->amount, strlen(req->amount), &ask->amount) != MONEY_OK ||
         ask->amount.unscaled == 0))
        return early(ask, CAUSE_AMOUNT_INVALID, "amount");
    if (!str_empty(req->order_id))
        ask->order_key = orders_key(a, req->order_id);
    if (str_eq(ask->refund_type, "PAYOUT"))
        ask_payee(a, ask, worker_key);
    return ask;
}
