/*
 * What is only echoed: the JSON that intake would have kept (vendor's Refund Order API, sample).
 */
#include "core/limits.h"
#include "core/str.h"
#include "ctl/demo.h"
#include <string.h>

static struct json_object *offer_facts(struct demo *d, const struct order *row,
                                       struct json_object *offer)
{
    struct json_object *offers = json_array_in(d->arena);
    if (!offer)
        return offers;
    const char *code = json_text(d->arena, offer, "code");
    struct json_object *o = json_object_in(d->arena);
    json_put_text(o, "offer_code", code);
    json_put_text(o, "offer_id", arena_printf(d->arena, "offer_%s", str_lower(d->arena, code)));
    json_put_text(o, "status", "AVAILED");
    json_put_money(d->arena, o, "discount_amount",
                   demo_minor(json_text(d->arena, offer, "discount"), row->currency),
                   row->currency);
    json_put_money(d->arena, o, "minimum_order_amount", row->offer_minimum_minor, row->currency);
    json_add(offers, o);
    return offers;
}

/* Both what is echoed and what finds the order. */
static void put_udfs(struct demo *d, struct demo_order *o, struct json_object *facts)
{
    static const char *const channels[] = {"web", "android", "ios", "store"};
    bool hostile = demo_flag(o->recipe, "hostile");
    const char **udf = arena_array(d->arena, LIMIT_UDF_COUNT, sizeof *udf);
    for (int k = 0; k < LIMIT_UDF_COUNT; k++) {
        const char *text = "";
        if (hostile)
            text = DEMO_HOSTILE;
        else if (k == 0)
            text = channels[demo_below(&o->random, 4)];
        else if (k == 1)
            text = demo_pattern(d->arena, &o->random, "cart-######");
        udf[k] = text;
        json_put_text(facts, arena_printf(d->arena, "udf%d", k + 1), text);
    }
    o->row.udf = udf;
}

const char *demo_order_facts(struct demo *d, struct demo_order *o, struct json_object *offer)
{
    struct json_object *facts = json_object_in(d->arena), *metadata = json_object_in(d->arena);
    put_udfs(d, o, facts);
    if (demo_flag(o->recipe, "hostile"))
        json_put_text(metadata, DEMO_HOSTILE, DEMO_HOSTILE);
    else
        json_put_text(metadata, "warehouse", demo_pattern(d->arena, &o->random, "BLR-#"));
    json_put(facts, "metadata", metadata);
    json_put(facts, "offers", offer_facts(d, &o->row, offer));
    json_put_null(facts, "rewards_breakup");
    json_put_text(facts, "order_type", "ORDER_PAYMENT");
    return json_write(d->arena, facts);
}

static const char *name_on_card(struct demo *d, const struct demo_order *o)
{
    struct json_object *customers = d->source.customers;
    for (size_t k = 0; k < demo_count(customers); k++)
        if (str_eq(json_text(d->arena, demo_item(customers, k), "id"), o->row.customer_id))
            return json_text(d->arena, demo_item(customers, k), "name");
    return DEMO_HOSTILE;
}

static struct json_object *card_facts(struct demo *d, struct demo_order *o,
                                      struct json_object *method)
{
    struct arena *a = d->arena;
    struct demo_random *r = &o->random;
    bool hostile = demo_flag(o->recipe, "hostile");
    struct json_object *card = json_object_in(a);
    json_put_bool(card, "using_token", demo_below(r, 3) == 0);
    json_put_bool(card, "using_saved_card", demo_below(r, 2) == 0);
    json_put_bool(card, "saved_to_locker", demo_below(r, 2) == 0);
    json_put_text(card, "name_on_card", name_on_card(d, o));
    json_put_text(card, "last_four_digits", demo_pattern(a, r, "####"));
    json_put_text(card, "expiry_year", demo_pattern(a, r, "203#"));
    json_put_text(card, "expiry_month", arena_printf(a, "%02d", (int)demo_between(r, 1, 12)));
    json_put_text(card, "card_type", json_text(a, method, "card_type"));
    json_put_text(card, "card_reference", demo_pattern(a, r, "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"));
    const char *issuer = json_text(a, json_get(method, "issuers"), o->row.currency);
    json_put_text(card, "card_issuer", hostile ? DEMO_HOSTILE : issuer);
    json_put_text(card, "card_isin", json_text(a, method, "isin"));
    json_put_text(card, "card_fingerprint", demo_pattern(a, r, "~~~~~~~~~~~~~~~~~~~~~~~~~~~"));
    json_put_text(card, "card_brand", json_text(a, method, "method"));
    return card;
}

/* What the gateway said to the payment; txn_id and epg_txn_id are columns of the row. */
static struct json_object *answer_facts(struct demo *d, struct demo_order *o, const struct txn *t,
                                        struct json_object *decline)
{
    struct arena *a = d->arena;
    struct json_object *answer = json_object_in(a);
    bool hostile = demo_flag(o->recipe, "hostile"), ok = t->charged_ms != 0;
    const char *reference = ok ? demo_pattern(a, &o->random, "############") : NULL;
    json_put_text(answer, "rrn", reference);
    json_put_text(answer, "auth_id_code", ok ? demo_pattern(a, &o->random, "######") : NULL);
    json_put_text(answer, "resp_code", ok ? "SUCCESS" : json_text(a, decline, "code"));
    json_put_text(answer, "resp_message",
                  hostile ? DEMO_HOSTILE
                  : ok    ? "SUCCESS"
                          : json_text(a, decline, "message"));
    json_put_text(answer, "created", clock_iso(a, ok ? t->charged_ms : t->created_ms));
    return answer;
}

const char *demo_txn_facts(struct demo *d, struct demo_order *o, const struct txn *t,
                           struct json_object *method)
{
    struct arena *a = d->arena;
    struct json_object *facts = json_object_in(a);
    struct json_object *decline = json_get(d->source.declines, t->status);
    bool hostile = demo_flag(o->recipe, "hostile");
    if (json_has(method, "isin"))
        json_put(facts, "card", card_facts(d, o, method));
    if (t->gateway && (t->charged_ms || decline))
        json_put(facts, "payment_gateway_response", answer_facts(d, o, t, decline));
    if (decline || hostile) {
        json_put_text(facts, "bank_error_code",
                      hostile ? DEMO_HOSTILE : json_text(a, decline, "code"));
        json_put_text(facts, "bank_error_message",
                      hostile ? DEMO_HOSTILE : json_text(a, decline, "message"));
    }
    json_put_bool(facts, "redirect", !str_eq(t->payment_method_type, "UPI"));
    json_put_bool(facts, "express_checkout", true);
    return json_write(a, facts);
}
