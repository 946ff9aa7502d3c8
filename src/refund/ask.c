/*
 * A request judged by itself, before any transaction: validate_ask(), reasons and types.
 */
#include "refund/validate.h"

#include "core/limits.h"
#include "core/str.h"

#include <stddef.h>
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

/* What a too long or unprintable value is refused for. */
static const struct request_text {
    const char *name;
    size_t offset; /* in struct refund_request */
    size_t max;
    bool ascii;
} texts[] = {
    {"order_id", offsetof(struct refund_request, order_id), LIMIT_ORDER_ID, true},
    {"txn_id", offsetof(struct refund_request, txn_id), LIMIT_TXN_ID, true},
    {"unique_request_id", offsetof(struct refund_request, unique_request_id),
     LIMIT_UNIQUE_REQUEST_ID, true},
    {"note", offsetof(struct refund_request, note), LIMIT_NOTE, false},
    {"metadata", offsetof(struct refund_request, metadata), LIMIT_METADATA_BYTES, false},
};
#define N_TEXTS ((int)(sizeof texts / sizeof texts[0]))

static bool text_usable(const struct refund_request *req, const struct request_text *t)
{
    const char *value;
    memcpy(&value, (const char *)req + t->offset, sizeof value);
    return value == NULL || (strlen(value) <= t->max && (!t->ascii || str_printable_ascii(value)));
}

static bool amount_usable(const struct refund_request *req)
{
    struct decimal amount;
    if (req->amount_given == GIVEN_ABSENT)
        return true;
    return req->amount_given == GIVEN_TEXT &&
           decimal_parse(req->amount, strlen(req->amount), &amount) == MONEY_OK &&
           amount.unscaled != 0;
}

struct found {
    struct request_fault *out;
    int n;
};

static void find(struct found *f, bool usable, enum cause cause, const char *field)
{
    if (!usable && f->n < REQUEST_MAX_FAULTS)
        f->out[f->n++] = (struct request_fault){cause, field};
}

int refund_request_faults(const struct refund_request *req,
                          struct request_fault out[REQUEST_MAX_FAULTS])
{
    struct found f = {out, 0};
    find(&f, !str_empty(req->unique_request_id), CAUSE_MISSING_FIELD, "unique_request_id");
    find(&f, !str_empty(req->order_id) || !str_empty(req->txn_id), CAUSE_MISSING_FIELD, "order_id");
    find(&f, req->fault == NULL, CAUSE_BAD_REQUEST, req->fault);
    for (int i = 0; i < N_TEXTS; i++)
        find(&f, text_usable(req, &texts[i]), CAUSE_BAD_REQUEST, texts[i].name);
    find(&f, str_empty(req->refund_type) || type_known(req->refund_type), CAUSE_BAD_REQUEST,
         "refund_type");
    find(&f, str_empty(req->reason) || refund_reason_label(req->reason) != NULL, CAUSE_BAD_REQUEST,
         "refund_reason");
    find(&f, amount_usable(req), CAUSE_AMOUNT_INVALID, "amount");
    return f.n;
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

    struct request_fault faults[REQUEST_MAX_FAULTS];
    if (refund_request_faults(req, faults) > 0) {
        ask->early = faults[0].cause;
        ask->detail = faults[0].field;
        return ask;
    }
    if (req->amount_given == GIVEN_TEXT)
        CHECK(decimal_parse(req->amount, strlen(req->amount), &ask->amount) == MONEY_OK);
    if (!str_empty(req->order_id))
        ask->order_key = orders_key(a, req->order_id);
    if (str_eq(ask->refund_type, "PAYOUT"))
        ask_payee(a, ask, worker_key);
    return ask;
}
