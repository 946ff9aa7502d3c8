/*
 * Razorpay's webhooks: {entity: "event", event, contains, payload: {payment: {entity}, refund:
 * {entity}}, created_at}. Amounts are in the smallest unit of ISO 4217, times in seconds.
 */
#include "gateway/hook.h"

#include "core/json.h"
#include "core/money.h"
#include "core/str.h"

#include <string.h>

static const char *const order_keys[] = {"order_id", "receipt", NULL};
static const char *const receipt_keys[] = {"receipt", NULL};
static const char *const own_keys[] = {"order_id", "id", NULL};
static const char *const txn_keys[] = {"txn_id", NULL};
static const char *const refund_keys[] = {"unique_request_id", "idempotency_key", NULL};

static struct json_object *entity_of(struct json_object *body, const char *name)
{
    struct json_object *o = json_get(json_get(json_get(body, "payload"), name), "entity");
    return json_object_is_type(o, json_type_object) ? o : NULL;
}

static enum rc wrong(struct err *e, struct arena *a, const char *what)
{
    return ERR(e, RC_INVALID, arena_printf(a, "%s is missing or cannot be used.", what), "%s",
               what);
}

/* ---- the payment --------------------------------------------------------------------------------
 */

static const char *payment_status(struct arena *a, struct json_object *o)
{
    static const struct {
        const char *said, *status;
    } words[] = {{"created", "STARTED"},
                 {"authorized", "AUTHORIZED"},
                 {"captured", "CHARGED"},
                 {"refunded", "CHARGED"},
                 {"failed", "AUTHORIZATION_FAILED"}};
    const char *said = json_text(a, o, "status");
    bool captured = str_eq(json_text(a, o, "captured"), "true");
    if (str_eq(said, "refunded") && !captured)
        return "VOIDED"; /* given back without ever having been taken */
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(words[i].said, said))
            return words[i].status;
    }
    return NULL;
}

static void read_card(struct arena *a, struct json_object *card, struct hook_event *out)
{
    if (card == NULL)
        return;
    out->has_card = true;
    out->card = (struct hook_card){
        .last_four = json_text(a, card, "last4"),
        .isin = json_text(a, card, "iin"),
        .brand = hook_upper(a, json_text(a, card, "network")),
        .type = hook_upper(a, json_text(a, card, "type")),
        .issuer = json_text(a, card, "issuer"),
        .name = json_text(a, card, "name"),
    };
    out->method = out->card.brand;
}

/* NETBANKING has its bank, WALLET its name, UPI nothing of the payer's. */
static void read_method(struct arena *a, struct json_object *o, struct hook_event *out)
{
    static const char *const names[] = {"bank", "wallet", NULL};
    const char *method = json_text(a, o, "method");
    out->method_type = hook_upper(a, str_eq(method, "netbanking") ? "nb" : method);
    const char *name = hook_first(a, o, names);
    out->method = name != NULL ? hook_upper(a, name) : out->method_type;
    read_card(a, json_get(o, "card"), out);
}

static enum rc read_payment(struct arena *a, struct json_object *o, struct json_object *order,
                            struct hook_event *out, struct err *e)
{
    struct json_object *notes = json_get(o, "notes"), *acquirer = json_get(o, "acquirer_data");
    out->payment_id = json_text(a, o, "id");
    out->currency = json_text(a, o, "currency");
    if (str_empty(out->payment_id))
        return wrong(e, a, "payload.payment.entity.id");
    if (!hook_number(a, o, "amount", &out->amount_minor) || out->amount_minor == 0)
        return wrong(e, a, "payload.payment.entity.amount");
    if (str_empty(out->currency) || money_exponent(out->currency) < 0)
        return wrong(e, a, "payload.payment.entity.currency");
    out->order_id = hook_first(a, notes, order_keys);
    if (out->order_id == NULL)
        out->order_id = hook_first(a, order, receipt_keys);
    if (out->order_id == NULL)
        out->order_id = hook_first(a, o, own_keys);
    out->txn_id = hook_first(a, notes, txn_keys);
    out->status = payment_status(a, o);
    out->created_ms = hook_time_ms(a, o, "created_at");
    out->email = json_text(a, o, "email");
    out->phone = json_text(a, o, "contact");
    out->description = json_text(a, o, "description");
    out->error_code = json_text(a, o, "error_code");
    out->error_message = json_text(a, o, "error_description");
    out->rrn = json_text(a, acquirer, "rrn");
    out->auth_id_code = json_text(a, acquirer, "auth_code");
    read_method(a, o, out);
    return RC_OK;
}

/* ---- the refund ---------------------------------------------------------------------------------
 */

static const char *refund_status(struct arena *a, const char *event, struct json_object *o)
{
    const char *said = json_text(a, o, "status");
    if (str_eq(event, "refund.failed") || str_eq(said, "failed"))
        return "FAILURE";
    if (str_eq(event, "refund.processed") || str_eq(said, "processed"))
        return "SUCCESS";
    return "PENDING";
}

static enum rc read_refund(struct arena *a, struct json_object *o, struct hook_event *out,
                           struct err *e)
{
    struct hook_refund *r = &out->refunds[0];
    struct json_object *notes = json_get(o, "notes");
    *r = (struct hook_refund){
        .ref = json_text(a, o, "id"),
        .key = hook_first(a, notes, refund_keys),
        .status = refund_status(a, out->name, o),
        .arn = json_text(a, json_get(o, "acquirer_data"), "arn"),
        .created_ms = hook_time_ms(a, o, "created_at"),
    };
    if (r->key == NULL && hook_is_own_key(json_text(a, o, "receipt")))
        r->key = json_text(a, o, "receipt"); /* any other receipt may stand on several refunds */
    if (str_empty(r->ref))
        return wrong(e, a, "payload.refund.entity.id");
    if (!hook_number(a, o, "amount", &r->amount_minor) || r->amount_minor == 0)
        return wrong(e, a, "payload.refund.entity.amount");
    if (out->payment_id == NULL) {
        out->payment_id = json_text(a, o, "payment_id");
        out->currency = json_text(a, o, "currency");
    }
    if (str_empty(out->payment_id))
        return wrong(e, a, "payload.refund.entity.payment_id");
    if (str_empty(out->currency) || money_exponent(out->currency) < 0)
        return wrong(e, a, "payload.refund.entity.currency");
    if (!str_eq(json_text(a, o, "currency"), out->currency))
        return wrong(e, a, "payload.refund.entity.currency");
    out->n_refunds = 1;
    return RC_OK;
}

/* ---- the event ----------------------------------------------------------------------------------
 */

static bool is_known(const char *event)
{
    static const char *const known[] = {"payment.authorized",  "payment.captured", "payment.failed",
                                        "refund.created",      "refund.processed", "refund.failed",
                                        "refund.speed_changed"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_eq(event, known[i]))
            return true;
    }
    return false;
}

enum rc hook_razorpay_parse(struct arena *a, struct json_object *body, struct hook_event *out,
                            struct err *e)
{
    memset(out, 0, sizeof *out);
    out->gateway = "RAZORPAY";
    out->amount_minor = -1;
    out->name = json_text(a, body, "event");
    out->at_ms = hook_time_ms(a, body, "created_at");
    if (str_empty(out->name))
        return wrong(e, a, "event");
    out->is_ignored = !is_known(out->name);
    if (out->is_ignored)
        return RC_OK;
    struct json_object *payment = entity_of(body, "payment"), *refund = entity_of(body, "refund");
    bool of_refund = str_starts(out->name, "refund.");
    if (of_refund ? refund == NULL : payment == NULL)
        return wrong(e, a, of_refund ? "payload.refund.entity" : "payload.payment.entity");
    enum rc rc =
        payment != NULL ? read_payment(a, payment, entity_of(body, "order"), out, e) : RC_OK;
    return rc == RC_OK && of_refund ? read_refund(a, refund, out, e) : rc;
}
