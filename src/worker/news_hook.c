#include "worker/news_hook.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

/* Cut to what the vendor's columns hold: a gateway's longer words are no fault of the news. */
static void put(struct arena *a, struct json_object *o, const char *key, const char *text,
                size_t limit)
{
    if (!str_empty(text))
        json_put_text(o, key, arena_strndup(a, text, str_utf8_cut(text, limit)));
}

static void put_time(struct arena *a, struct json_object *o, const char *key, int64_t ms)
{
    if (ms != 0)
        json_put_text(o, key, clock_iso(a, ms));
}

static struct json_object *card_of(struct arena *a, const struct hook_card *c)
{
    struct json_object *o = json_object_in(a);
    put(a, o, "last_four_digits", c->last_four, LIMIT_CARD_LAST);
    put(a, o, "card_isin", c->isin, LIMIT_CARD_TEXT);
    put(a, o, "card_brand", c->brand, LIMIT_CARD_TEXT);
    put(a, o, "card_type", c->type, LIMIT_CARD_TYPE);
    put(a, o, "card_issuer", c->issuer, LIMIT_CARD_TEXT);
    put(a, o, "name_on_card", c->name, LIMIT_CARD_TEXT);
    put(a, o, "card_fingerprint", c->fingerprint, LIMIT_CARD_TEXT);
    put(a, o, "expiry_month", c->expiry_month, LIMIT_CARD_LAST);
    put(a, o, "expiry_year", c->expiry_year, LIMIT_CARD_LAST);
    return o;
}

static struct json_object *txn_of(struct arena *a, const struct hook_event *h)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "txn_id", h->txn_id);
    json_put_text(o, "status", h->status);
    json_put_money(a, o, "txn_amount", h->amount_minor, h->currency);
    json_put_text(o, "currency", h->currency);
    json_put_text(o, "gateway", h->gateway);
    put(a, o, "error_code", h->error_code, LIMIT_ERROR_CODE);
    put(a, o, "error_message", h->error_message, LIMIT_ERROR_MESSAGE);
    put_time(a, o, "created", h->created_ms);
    return o;
}

/* The response's own time is the event's: success is when the gateway says it, and not when it says
 * that some of it went back. */
static struct json_object *answer_of(struct arena *a, const struct hook_event *h)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "epg_txn_id", h->payment_id);
    put(a, o, "rrn", h->rrn, LIMIT_PAYMENT_ID);
    put(a, o, "auth_id_code", h->auth_id_code, LIMIT_PAYMENT_ID);
    if (h->status != NULL && strstr(h->name, "refund") == NULL)
        put_time(a, o, "created", h->at_ms);
    return o;
}

static struct json_object *refund_of(struct arena *a, const struct hook_event *h,
                                     const struct hook_refund *r)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "unique_request_id", r->key);
    json_put_text(o, "ref", r->ref);
    json_put_text(o, "status", r->status);
    json_put_money(a, o, "amount", r->amount_minor, h->currency);
    json_put_text(o, "currency", h->currency);
    json_put_text(o, "refund_source", h->gateway);
    json_put_text(o, "arn", r->arn);
    put(a, o, "error_code", r->error_code, LIMIT_ERROR_CODE);
    put(a, o, "error_message", r->error_message, LIMIT_ERROR_MESSAGE);
    put_time(a, o, "created", r->created_ms);
    return o;
}

static void put_payment(struct arena *a, struct json_object *o, const struct hook_event *h)
{
    json_put_text(o, "order_id", h->order_id);
    json_put_money(a, o, "amount", h->amount_minor, h->currency);
    put_time(a, o, "date_created", h->created_ms);
    put(a, o, "customer_email", h->email, LIMIT_CUSTOMER);
    put(a, o, "customer_phone", h->phone, LIMIT_CUSTOMER);
    put(a, o, "description", h->description, LIMIT_DESCRIPTION);
    put(a, o, "payment_method_type", h->method_type, LIMIT_PAYMENT_METHOD);
    put(a, o, "payment_method", h->method, LIMIT_PAYMENT_METHOD);
    json_put(o, "txn_detail", txn_of(a, h));
    if (h->has_card)
        json_put(o, "card", card_of(a, &h->card));
}

struct json_object *news_hook_order(struct arena *a, const struct hook_event *h)
{
    struct json_object *o = json_object_in(a), *refunds = json_array_in(a);
    json_put_text(o, "event_name", h->name);
    json_put_text(o, "currency", h->currency);
    json_put_text(o, "other_payment_id", h->other_payment_id);
    json_put(o, "payment_gateway_response", answer_of(a, h));
    if (h->amount_minor > 0)
        put_payment(a, o, h);
    for (int i = 0; i < h->n_refunds; i++)
        json_add(refunds, refund_of(a, h, &h->refunds[i]));
    json_put(o, "refunds", refunds);
    return o;
}
