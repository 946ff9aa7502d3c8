#include "refund/order_body.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/order_facts.h"
#include "refund/split.h"

#include <string.h>

/* ---- pieces ------------------------------------------------------------------------------------
 */

static struct json_object *facts_of(struct arena *a, const char *text)
{
    struct json_object *facts;
    struct err bad;
    if (text == NULL || json_read(a, text, strlen(text), &facts, &bad) != RC_OK)
        return json_object_in(a);
    return facts;
}

/* A fact as it was told, or `otherwise` (one reference is taken over). */
static void put_fact(struct json_object *body, struct json_object *facts, const char *key,
                     struct json_object *otherwise)
{
    struct json_object *fact;
    if (json_object_object_get_ex(facts, key, &fact)) {
        json_object_put(otherwise);
        json_put(body, key, json_object_get(fact));
    } else {
        json_put(body, key, otherwise);
    }
}

static struct json_object *text_node(const char *text)
{
    return json_object_new_string(text);
}

static void put_optional_money(struct arena *a, struct json_object *o, const char *key,
                               int64_t minor, const char *currency)
{
    if (minor < 0)
        json_put_null(o, key);
    else
        json_put_money(a, o, key, minor, currency);
}

static void put_iso(struct arena *a, struct json_object *o, const char *key, int64_t ms)
{
    json_put_text(o, key, ms != 0 ? clock_iso(a, ms) : NULL);
}

static void put_gateway_id(struct json_object *o, const struct txn *t)
{
    if (t->gateway_id != 0)
        json_put_int(o, "gateway_id", t->gateway_id);
    else
        json_put_null(o, "gateway_id");
}

struct json_object *order_body_refund(struct arena *a, const struct refund *r)
{
    struct json_object *o = json_object_in(a);
    const char *id = r->gateway_ref != NULL ? r->gateway_ref
                     : r->sent              ? r->unique_request_id
                                            : NULL;
    json_put_text(o, "unique_request_id", r->unique_request_id);
    json_put_money(a, o, "amount", r->amount_minor, r->currency);
    json_put_text(o, "status", r->status);
    json_put_text(o, "ref", r->gateway_ref);
    json_put_text(o, "id", id);
    put_iso(a, o, "created", r->created_ms);
    json_put_bool(o, "sent_to_gateway", r->sent);
    json_put_text(o, "initiated_by", str_eq(r->source, "API") ? "API" : r->initiated_by);
    json_put_text(o, "refund_type", r->refund_type);
    json_put_text(o, "refund_source", r->gateway);
    json_put_text(o, "error_message", str_or(r->error_message, ""));
    json_put_text(o, "error_code", r->error_code);
    json_put(o, "metadata", facts_of(a, r->metadata));
    put_iso(a, o, "pg_processed_at", r->processed_ms);
    json_put_text(o, "arn", r->arn);
    json_put_text(o, "txn_id", r->txn_id);
    return o;
}

static struct json_object *txn_detail(struct arena *a, const struct order_view *v,
                                      const struct txn *t, struct json_object *facts)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "txn_uuid", t->txn_uuid);
    json_put_text(o, "txn_id", t->txn_id);
    json_put_money(a, o, "txn_amount", t->amount_minor, t->currency);
    put_optional_money(a, o, "tax_amount", t->tax_minor, t->currency);
    put_optional_money(a, o, "surcharge_amount", t->surcharge_minor, t->currency);
    json_put_text(o, "status", t->status);
    put_fact(o, facts, "redirect", json_object_new_boolean(1));
    json_put_text(o, "order_id", v->order.order_id);
    put_optional_money(a, o, "net_amount", t->net_minor >= 0 ? t->net_minor : t->amount_minor,
                       t->currency);
    put_gateway_id(o, t);
    json_put_text(o, "gateway", t->gateway);
    put_fact(o, facts, "express_checkout", json_object_new_boolean(1));
    put_fact(o, facts, "error_message", text_node(""));
    put_fact(o, facts, "error_code", text_node(""));
    json_put_text(o, "currency", t->currency);
    put_iso(a, o, "created", t->created_ms);
    return o;
}

/* Clients of the vendor read every member of a card without looking: what was not told is empty. */
static struct json_object *card_body(struct arena *a, struct json_object *told)
{
    static const char *const flags[] = {"using_token", "using_saved_card", "saved_to_locker"};
    static const char *const texts[] = {
        "name_on_card",   "last_four_digits", "expiry_year", "expiry_month",     "card_type",
        "card_reference", "card_issuer",      "card_isin",   "card_fingerprint", "card_brand"};
    struct json_object *card = json_object_in(a);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        put_fact(card, told, flags[i], json_object_new_boolean(0));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        put_fact(card, told, texts[i], text_node(""));
    json_object_object_foreach(told, key, value) json_put(card, key, json_object_get(value));
    return card;
}

static struct json_object *gateway_answer(struct arena *a, const struct txn *t,
                                          struct json_object *told)
{
    static const char *const texts[] = {"rrn", "resp_message", "resp_code", "created",
                                        "auth_id_code"};
    struct json_object *answer = json_object_in(a);
    json_put_text(answer, "txn_id", t->txn_id);
    json_put_text(answer, "epg_txn_id", t->payment_id);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        put_fact(answer, told, texts[i], NULL);
    return answer;
}

/* What stands at the top level once a transaction exists, and in each entry of txn_list. */
static void put_txn(struct arena *a, struct json_object *body, const struct order_view *v,
                    const struct txn *t)
{
    struct json_object *facts = facts_of(a, t->facts);
    json_put_text(body, "txn_uuid", t->txn_uuid);
    json_put_text(body, "txn_id", t->txn_id);
    json_put(body, "txn_detail", txn_detail(a, v, t, facts));
    json_put_text(body, "payment_method_type", t->payment_method_type);
    json_put_text(body, "payment_method", t->payment_method);
    json_put_text(body, "auth_type", str_or(t->auth_type, ""));
    json_put_text(body, "gateway_reference_id", t->gateway_reference_id);
    put_gateway_id(body, t);
    put_fact(body, facts, "bank_pg", NULL);
    put_fact(body, facts, "bank_error_message", text_node(""));
    put_fact(body, facts, "bank_error_code", text_node(""));
    struct json_object *card = json_get(facts, "card");
    if (json_object_is_type(card, json_type_object))
        json_put(body, "card", card_body(a, card));
    struct json_object *answer = json_get(facts, "payment_gateway_response");
    if (json_object_is_type(answer, json_type_object))
        json_put(body, "payment_gateway_response", gateway_answer(a, t, answer));
}

static void put_payout(struct arena *a, struct json_object *entry, const struct order_view *v,
                       const struct refund *r)
{
    for (int i = 0; i < v->n_payouts; i++) {
        if (v->payouts[i].refund_row != r->id)
            continue;
        struct json_object *by = json_object_in(a);
        json_put_text(by, "gateway", r->gateway);
        json_put_text(by, "gateway_reference_id", v->payouts[i].reference_id);
        json_put(entry, "payout_gateway_details", by);
    }
}

/* A refund's parts stand together. */
static void put_split(struct arena *a, struct json_object *entry, const struct order_view *v,
                      const struct refund *r)
{
    struct party parts[LIMIT_SPLIT_PARTIES];
    int n = 0;
    for (int i = 0; i < v->n_parts && n < LIMIT_SPLIT_PARTIES; i++) {
        if (v->parts[i].refund_row == r->id)
            parts[n++] = v->parts[i].part;
    }
    if (n > 0)
        json_put(entry, "split_settlement_response", split_body(a, parts, n, r->currency));
}

/* What is refunded of a transaction counts what is not FAILURE. t NULL: nothing; its own refunds,
 * or (all) those of every transaction. */
static void put_refunds(struct arena *a, struct json_object *body, const struct order_view *v,
                        const struct txn *t, bool all)
{
    int64_t held = t != NULL ? t->held_minor : 0;
    struct json_object *list = NULL;
    json_put_money(a, body, "amount_refunded", held, v->order.currency);
    json_put_bool(body, "refunded", held > 0 && held == t->amount_minor);
    for (int i = 0; i < v->n_refunds; i++) {
        const struct refund *r = &v->refunds[i];
        if (!all && (t == NULL || r->txn_row != t->id))
            continue;
        if (list == NULL)
            list = json_array_in(a);
        struct json_object *entry = order_body_refund(a, r);
        put_payout(a, entry, v, r);
        if (v->n_parts > 0)
            put_split(a, entry, v, r);
        json_add(list, entry);
    }
    if (list != NULL)
        json_put(body, "refunds", list);
}

/* The transactions that pay a split payment together. */
static void put_txn_list(struct arena *a, struct json_object *body, const struct order_view *v)
{
    struct json_object *list = json_array_in(a);
    for (int i = 0; i < v->n_txns; i++) {
        const struct txn *t = &v->txns[i];
        struct json_object *entry = json_object_in(a);
        json_put_text(entry, "status", t->status);
        json_put_money(a, entry, "effective_amount", t->amount_minor, t->currency);
        put_txn(a, entry, v, t);
        put_refunds(a, entry, v, t, false);
        json_add(list, entry);
    }
    json_put(body, "txn_list", list);
}

/* Until when, and whether still: the vendor's order status has both once there is a payment. */
static void put_terms(struct arena *a, struct json_object *body, const struct order_view *v)
{
    const struct order *o = &v->order;
    if (o->is_split_settled)
        json_put(body, "split_settlement_response",
                 split_body(a, v->parties, v->n_parties, o->currency));
    if (o->offer_minimum_minor >= 0) {
        int64_t eligible = o->amount_minor - o->offer_minimum_minor;
        json_put_money(a, body, "maximum_eligible_refund_amount", eligible > 0 ? eligible : 0,
                       o->currency);
    }
    if (o->kept_txn == 0 || v->now_ms == 0)
        return;
    int64_t last_ms = o->created_ms + o->refund_days * CLOCK_DAY_MS;
    json_put_bool(body, "refund_supported", v->now_ms <= last_ms && !o->is_cod);
    put_iso(a, body, "last_date_to_refund", last_ms);
}

static void put_facts(struct arena *a, struct json_object *body, const struct order *o)
{
    struct json_object *facts = facts_of(a, o->facts);
    for (int i = LIMIT_UDF_COUNT - 1; i >= 0; i--)
        put_fact(body, facts, order_facts_udf_name(i), text_node(""));
    put_fact(body, facts, "metadata", json_object_new_object());
    put_fact(body, facts, "offers", json_object_new_array());
    put_fact(body, facts, "rewards_breakup", NULL);
    for (int i = 0; i < INTAKE_FACTS; i++) {
        if (json_has(facts, order_facts()[i].name))
            put_fact(body, facts, order_facts()[i].name, NULL);
    }
}

struct json_object *order_body(struct arena *a, const struct order_view *v)
{
    const struct order *o = &v->order;
    const struct order_status *status = order_status_find(o->status);
    struct json_object *body = json_object_in(a);
    put_facts(a, body, o);
    json_put_text(body, "order_id", o->order_id);
    json_put_text(body, "merchant_id", v->merchant_id);
    json_put_text(body, "id", o->public_id);
    json_put_text(body, "status", o->status);
    json_put_int(body, "status_id", status != NULL ? status->id : -1);
    json_put_money(a, body, "amount", o->amount_minor, o->currency);
    json_put_money(a, body, "effective_amount", o->effective_minor, o->currency);
    json_put_text(body, "currency", o->currency);
    json_put_text(body, "customer_id", str_or(o->customer_id, ""));
    json_put_text(body, "customer_email", str_or(o->customer_email, ""));
    json_put_text(body, "customer_phone", str_or(o->customer_phone, ""));
    json_put_text(body, "product_id", str_or(o->product_id, ""));
    json_put_text(body, "return_url", str_or(o->return_url, ""));
    json_put_text(body, "description", str_or(o->description, ""));
    put_iso(a, body, "date_created", o->created_ms);
    if (v->shown != NULL)
        put_txn(a, body, v, v->shown);
    bool was_paid = o->kept_txn != 0 || (v->shown && str_eq(v->shown->status, "AUTO_REFUNDED"));
    put_refunds(a, body, v, was_paid ? v->shown : NULL, true);
    if (o->is_split_payment && v->n_txns > 0)
        put_txn_list(a, body, v);
    put_terms(a, body, v);
    return body;
}
