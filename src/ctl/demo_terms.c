/*
 * On what terms money goes back: kept beneficiaries and payouts to them, refunds at once, and the
 * parts of split settlements. Accounts are checked and sealed by the code that serves the API.
 */
#include "core/id.h"
#include "core/str.h"
#include "ctl/demo.h"
#include "refund/payout.h"

static struct party *parties_of(struct demo *d, struct json_object *list, const char *currency,
                                int *count)
{
    struct party *parties = arena_array(d->arena, demo_count(list), sizeof *parties);
    for (size_t k = 0; k < demo_count(list); k++) {
        struct json_object *from = demo_item(list, k);
        parties[k].party = str_or(json_text(d->arena, from, "sub_mid"), "");
        parties[k].amount_minor = demo_minor(json_text(d->arena, from, "amount"), currency);
    }
    *count = (int)demo_count(list);
    return parties;
}

static enum rc make_beneficiary(struct demo *d, struct json_object *from, struct payee *out,
                                struct err *e)
{
    struct payout_ask ask = {0};
    const char *field = "";
    struct err why;
    enum rc rc = payout_read(d->arena, json_write(d->arena, json_get(from, "beneficiary_details")),
                             &ask, &why);
    if (rc == RC_OK)
        rc = payout_seal(d->arena, &ask, &d->worker_key, out, &field, &why);
    if (rc != RC_OK)
        return ERR(e, RC_INVALID, "A beneficiary of merchant.json cannot be used.", "%s: %s", field,
                   why.text);
    out->beneficiary_id = json_text(d->arena, from, "beneficiary_id");
    out->created_ms = d->now_ms;
    return RC_OK;
}

enum rc demo_make_beneficiaries(struct demo *d, struct err *e)
{
    struct json_object *list = json_get(d->source.merchant, "beneficiaries");
    enum rc rc = RC_OK;
    d->beneficiaries = arena_array(d->arena, demo_count(list), sizeof *d->beneficiaries);
    for (size_t k = 0; rc == RC_OK && k < demo_count(list); k++)
        rc = make_beneficiary(d, demo_item(list, k), &d->beneficiaries[d->n_beneficiaries++], e);
    return rc;
}

static const struct payee *find_beneficiary(struct demo *d, const char *beneficiary_id)
{
    int k = 0;
    while (k < d->n_beneficiaries && !str_eq(d->beneficiaries[k].beneficiary_id, beneficiary_id))
        k++;
    CHECK(k < d->n_beneficiaries);
    return &d->beneficiaries[k];
}

void demo_make_parties(struct demo *d, struct demo_order *o)
{
    o->parties = parties_of(d, json_get(o->recipe, "parties"), o->row.currency, &o->n_parties);
}

struct demo_terms demo_make_terms(struct demo *d, struct json_object *recipe, struct refund *r)
{
    struct demo_terms terms = {0};
    const char *payee = json_text(d->arena, recipe, "beneficiary");
    terms.parts = parties_of(d, json_get(recipe, "parts"), r->currency, &terms.n_parts);
    r->refund_type = str_or(json_text(d->arena, recipe, "type"), "STANDARD");
    r->gateway = str_or(json_text(d->arena, recipe, "gateway"), r->gateway);
    if (payee) {
        terms.pays_out = true;
        terms.payee = *find_beneficiary(d, payee);
        terms.payee.reference_id = json_text(d->arena, demo_gateway(d, r->gateway), "reference_id");
    }
    return terms;
}
