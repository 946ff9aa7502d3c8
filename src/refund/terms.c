/*
 * What few refunds need: who gives back how much of a split settled order, and where a PAYOUT goes
 * and by whom (validate.h).
 */
#include "refund/validate.h"

#include "core/str.h"

#define SPLIT_FIELD "metadata.split_settlement_details"

/* The first fault stays: the split is judged before the beneficiary. */
static void fault(struct refund_facts *f, const char *field, const char *text, bool missing)
{
    if (f->terms.text == NULL)
        f->terms = (struct terms_fault){field, text, missing};
}

static enum rc judge_split(struct sql *q, struct arena *a, struct refund_facts *f, struct err *e)
{
    const struct split_ask *ask = f->ask->req->split;
    struct party *parties;
    struct err wrong;
    int n;
    if (!f->order.is_split_settled) {
        if (ask != NULL)
            fault(f, SPLIT_FIELD,
                  "The order is not split settled: leave split_settlement_details out.", false);
        return RC_OK;
    }
    enum rc rc = split_of_order(q, a, f->order.id, f->txn.id, &parties, &n, e);
    if (rc == RC_OK && split_judge(a, parties, n, ask, f->order.currency, f->amount_minor,
                                   &f->parts, &f->n_parts, &wrong) != RC_OK)
        fault(f, SPLIT_FIELD, arena_strdup(a, wrong.text), false);
    return rc;
}

/* The one that was asked for, else the first that can. */
static const struct gateway_row *choose(const struct refund_facts *f,
                                        const struct gateway_row *rows, int n)
{
    const struct payout_ask *ask = f->ask->req->payout;
    for (int i = 0; i < n; i++) {
        const struct gateway_row *g = &rows[i];
        if (!g->can_payout || !validate_can_call(&f->merchant, g))
            continue;
        if (ask == NULL || ask->gateway == NULL)
            return g;
        if (str_eq(g->name, ask->gateway) && (str_empty(ask->gateway_reference_id) ||
                                              str_ieq(g->reference_id, ask->gateway_reference_id)))
            return g;
    }
    return NULL;
}

static enum rc find_payer(struct sql *q, struct arena *a, struct refund_facts *f, struct err *e)
{
    const struct payout_ask *ask = f->ask->req->payout;
    struct gateway_row *rows;
    int n;
    enum rc rc = gateways_list(q, a, f->merchant.id, &rows, &n, e);
    if (rc != RC_OK)
        return rc;
    const struct gateway_row *payer = choose(f, rows, n);
    if (payer != NULL)
        f->payer = *payer;
    else if (ask != NULL && ask->gateway != NULL)
        fault(f, "preferred_gateway",
              arena_printf(a,
                           "preferred_gateway: the desk has no payout gateway %s%s%s with "
                           "credentials. Name another one or leave preferred_gateway out.",
                           ask->gateway, str_empty(ask->gateway_reference_id) ? "" : " / ",
                           str_or(ask->gateway_reference_id, "")),
              false);
    else
        fault(f, "refund_type",
              "refund_type PAYOUT: the desk has no payout gateway with credentials. Set one up in "
              "Settings, Gateways.",
              false);
    return RC_OK;
}

static enum rc find_payee(struct sql *q, struct arena *a, struct refund_facts *f, struct err *e)
{
    const struct refund_ask *ask = f->ask;
    struct err miss;
    if (ask->payee_fault.text != NULL) {
        fault(f, ask->payee_fault.field, ask->payee_fault.text, ask->payee_fault.missing);
        return RC_OK;
    }
    if (ask->payee != NULL) {
        f->payee = *ask->payee;
    } else {
        enum rc rc = beneficiaries_get(q, a, f->merchant.id, ask->req->payout->beneficiary_id,
                                       &f->payee, &miss);
        if (rc == RC_NOT_FOUND)
            fault(f, "beneficiary_id",
                  "beneficiary_id: there is no such beneficiary. Keep one with POST "
                  "/beneficiaries, or send beneficiary_details.",
                  false);
        else if (rc != RC_OK)
            *e = miss;
        if (rc != RC_OK)
            return rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    return RC_OK;
}

enum rc validate_terms(struct sql *q, struct arena *a, struct refund_facts *f, struct err *e)
{
    if (f->amount_fault != MONEY_OK)
        return RC_OK;
    enum rc rc = judge_split(q, a, f, e);
    if (rc != RC_OK || !str_eq(f->refund_type, "PAYOUT"))
        return rc;
    rc = find_payee(q, a, f, e);
    if (rc == RC_OK)
        rc = find_payer(q, a, f, e);
    f->payee.reference_id = f->payer.reference_id;
    return rc;
}
