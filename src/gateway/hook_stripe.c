/*
 * Stripe's webhooks: {id, type, created, data: {object}}, the object being a payment intent, a
 * charge or a refund. Times are in seconds; amounts in the currency's smallest unit, with Stripe's
 * own exceptions from ISO 4217. A payment goes by its intent's id, the charge's is its second name.
 */
#include "gateway/hook.h"

#include "core/json.h"
#include "core/money.h"
#include "core/str.h"

#include <string.h>

static const char *const order_keys[] = {"order_id", "receipt", NULL};
static const char *const txn_keys[] = {"txn_id", NULL};
static const char *const refund_keys[] = {"unique_request_id", "idempotency_key", NULL};

static enum rc wrong(struct err *e, struct arena *a, const char *what)
{
    return ERR(e, RC_INVALID, arena_printf(a, "%s is missing or cannot be used.", what), "%s",
               what);
}

/* ---- money --------------------------------------------------------------------------------------
 */

/* Where Stripe's decimals are not those of ISO 4217 (docs.stripe.com/currencies: zero-decimal
 * currencies, special cases). */
static int stripe_exponent(const char *currency)
{
    static const struct {
        const char *currency;
        int exponent;
    } others[] = {{"ISK", 2}, {"MGA", 0}, {"UGX", 2}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (str_eq(others[i].currency, currency))
            return others[i].exponent;
    }
    return money_exponent(currency);
}

/* False when there is none, or it has more decimals than the currency. */
static bool read_amount(struct arena *a, struct json_object *o, const char *key,
                        const char *currency, int64_t *minor)
{
    int64_t amount;
    if (!hook_number(a, o, key, &amount))
        return false;
    int exponent = stripe_exponent(currency), ours = money_exponent(currency);
    for (; exponent < ours; exponent++) {
        if (amount > MONEY_MAX_MINOR / 10)
            return false;
        amount *= 10;
    }
    for (; exponent > ours; exponent--) {
        if (amount % 10 != 0)
            return false;
        amount /= 10;
    }
    *minor = amount;
    return true;
}

/* Lower case in their words; NULL when we do not know it. */
static const char *read_currency(struct arena *a, struct json_object *o)
{
    const char *currency = hook_upper(a, json_text(a, o, "currency"));
    return currency != NULL && money_exponent(currency) >= 0 ? currency : NULL;
}

/* ---- payments -----------------------------------------------------------------------------------
 */

static void read_card(struct arena *a, struct json_object *details, struct hook_event *out)
{
    struct json_object *card = json_get(details, "card");
    const char *type = json_text(a, details, "type");
    if (type != NULL)
        out->method_type = hook_upper(a, json_text(a, details, "type"));
    if (card == NULL)
        return;
    out->has_card = true;
    out->card = (struct hook_card){
        .last_four = json_text(a, card, "last4"),
        .isin = json_text(a, card, "iin"),
        .brand = hook_upper(a, json_text(a, card, "brand")),
        .type = hook_upper(a, json_text(a, card, "funding")),
        .issuer = json_text(a, card, "issuer"),
        .fingerprint = json_text(a, card, "fingerprint"),
        .expiry_month = json_text(a, card, "exp_month"),
        .expiry_year = json_text(a, card, "exp_year"),
    };
    out->method = out->card.brand;
}

static enum rc read_common(struct arena *a, struct json_object *o, const char *amount_key,
                           struct hook_event *out, struct err *e)
{
    struct json_object *metadata = json_get(o, "metadata");
    out->currency = read_currency(a, o);
    if (out->currency == NULL)
        return wrong(e, a, "data.object.currency");
    if ((!read_amount(a, o, amount_key, out->currency, &out->amount_minor) ||
         out->amount_minor == 0) &&
        (!read_amount(a, o, "amount", out->currency, &out->amount_minor) || out->amount_minor == 0))
        return wrong(e, a, "data.object.amount");
    out->order_id = hook_first(a, metadata, order_keys);
    if (out->order_id == NULL)
        out->order_id = hook_first(a, o, (const char *const[]){"receipt_number", NULL});
    if (out->order_id == NULL)
        out->order_id = out->payment_id;
    out->txn_id = hook_first(a, metadata, txn_keys);
    out->created_ms = hook_time_ms(a, o, "created");
    out->description = json_text(a, o, "description");
    out->email = json_text(a, o, "receipt_email");
    return RC_OK;
}

static enum rc read_intent(struct arena *a, struct json_object *o, struct hook_event *out,
                           struct err *e)
{
    bool succeeded = str_eq(out->name, "payment_intent.succeeded");
    struct json_object *failure = json_get(o, "last_payment_error");
    out->payment_id = json_text(a, o, "id");
    out->other_payment_id = json_text(a, o, "latest_charge");
    out->status = succeeded ? "CHARGED" : "AUTHORIZATION_FAILED";
    out->error_code = json_text(a, failure, "code");
    out->error_message = json_text(a, failure, "message");
    if (str_empty(out->payment_id))
        return wrong(e, a, "data.object.id");
    return read_common(a, o, succeeded ? "amount_received" : "amount", out, e);
}

static const char *charge_status(struct arena *a, const struct hook_event *out,
                                 struct json_object *o)
{
    bool captured = str_eq(json_text(a, o, "captured"), "true");
    if (str_eq(out->name, "charge.failed"))
        return "AUTHORIZATION_FAILED";
    if (str_eq(out->name, "charge.refunded"))
        return captured ? "CHARGED" : "VOIDED";
    return captured ? "CHARGED" : "AUTHORIZED";
}

static enum rc read_refund(struct arena *a, struct json_object *o, struct hook_event *out,
                           struct err *e);

static enum rc read_charge(struct arena *a, struct json_object *o, struct hook_event *out,
                           struct err *e)
{
    struct json_object *bill = json_get(o, "billing_details");
    const char *id = json_text(a, o, "id"), *intent = json_text(a, o, "payment_intent");
    if (str_empty(id))
        return wrong(e, a, "data.object.id");
    out->payment_id = intent != NULL ? intent : id;
    out->other_payment_id = intent != NULL ? id : NULL;
    out->status = charge_status(a, out, o);
    out->error_code = json_text(a, o, "failure_code");
    out->error_message = json_text(a, o, "failure_message");
    bool charged = str_eq(out->status, "CHARGED");
    enum rc rc = read_common(a, o, charged ? "amount_captured" : "amount", out, e);
    if (rc != RC_OK)
        return rc;
    if (out->email == NULL)
        out->email = json_text(a, bill, "email");
    out->phone = json_text(a, bill, "phone");
    read_card(a, json_get(o, "payment_method_details"), out);
    struct json_object *list = json_get(json_get(o, "refunds"), "data");
    size_t n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    for (size_t i = 0; rc == RC_OK && i < n && i < HOOK_MAX_REFUNDS; i++)
        rc = read_refund(a, json_object_array_get_idx(list, i), out, e);
    return rc;
}

/* ---- refunds ------------------------------------------------------------------------------------
 */

static const char *refund_status(const char *said)
{
    if (str_eq(said, "succeeded"))
        return "SUCCESS";
    return str_eq(said, "failed") || str_eq(said, "canceled") ? "FAILURE" : "PENDING";
}

static enum rc read_refund(struct arena *a, struct json_object *o, struct hook_event *out,
                           struct err *e)
{
    struct hook_refund *r = &out->refunds[out->n_refunds];
    struct json_object *card = json_get(json_get(o, "destination_details"), "card");
    const char *currency = read_currency(a, o);
    *r = (struct hook_refund){
        .ref = json_text(a, o, "id"),
        .key = hook_first(a, json_get(o, "metadata"), refund_keys),
        .status = refund_status(json_text(a, o, "status")),
        .arn = json_text(a, card, "reference"),
        .error_code = json_text(a, o, "failure_reason"),
        .created_ms = hook_time_ms(a, o, "created"),
    };
    if (str_empty(r->ref))
        return wrong(e, a, "data.object.id");
    if (currency == NULL || (out->currency != NULL && !str_eq(out->currency, currency)))
        return wrong(e, a, "data.object.currency");
    if (!read_amount(a, o, "amount", currency, &r->amount_minor) || r->amount_minor == 0)
        return wrong(e, a, "data.object.amount");
    out->currency = currency;
    out->n_refunds++;
    return RC_OK;
}

/* A refund by itself names its payment and says nothing else of it. */
static enum rc read_lone_refund(struct arena *a, struct json_object *o, struct hook_event *out,
                                struct err *e)
{
    const char *intent = json_text(a, o, "payment_intent"), *charge = json_text(a, o, "charge");
    out->payment_id = intent != NULL ? intent : charge;
    out->other_payment_id = intent != NULL ? charge : NULL;
    if (str_empty(out->payment_id))
        return wrong(e, a, "data.object.payment_intent");
    return read_refund(a, o, out, e);
}

/* ---- the event ----------------------------------------------------------------------------------
 */

static const struct {
    const char *type;
    enum rc (*read)(struct arena *a, struct json_object *o, struct hook_event *out, struct err *e);
} types[] = {
    {"payment_intent.succeeded", read_intent},
    {"payment_intent.payment_failed", read_intent},
    {"charge.succeeded", read_charge},
    {"charge.captured", read_charge},
    {"charge.failed", read_charge},
    {"charge.refunded", read_charge},
    {"charge.refund.updated", read_lone_refund},
    {"refund.created", read_lone_refund},
    {"refund.updated", read_lone_refund},
    {"refund.failed", read_lone_refund},
};

enum rc hook_stripe_parse(struct arena *a, struct json_object *body, struct hook_event *out,
                          struct err *e)
{
    struct json_object *object = json_get(json_get(body, "data"), "object");
    memset(out, 0, sizeof *out);
    out->gateway = "STRIPE";
    out->amount_minor = -1;
    out->event_id = json_text(a, body, "id");
    out->name = json_text(a, body, "type");
    out->at_ms = hook_time_ms(a, body, "created");
    if (str_empty(out->name))
        return wrong(e, a, "type");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!str_eq(types[i].type, out->name))
            continue;
        if (!json_object_is_type(object, json_type_object))
            return wrong(e, a, "data.object");
        return types[i].read(a, object, out, e);
    }
    out->is_ignored = true;
    return RC_OK;
}
