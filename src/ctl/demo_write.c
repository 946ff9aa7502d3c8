/*
 * One transaction writes the whole demo, so that there is all of it or nothing.
 */
#include "ctl/demo_write.h"
#include "core/str.h"
#include "refund/apply.h"
#include "store/audit.h"
#include "store/jobs.h"

#define INQUIRE_IN_MS   (6 * CLOCK_HOUR_MS)
#define INQUIRE_ATTEMPT 9 /* the longest wait between two from then on */

/* The kept transaction, else the last. */
static const struct txn *shown(const struct demo_order *o)
{
    int k = 0;
    while (k < o->n_txns - 1 && o->txns[k].id != o->row.kept_txn)
        k++;
    return &o->txns[k];
}

/* What still waits for its gateway is asked about later: nothing here is to be settled by a worker
 * that starts with the demo. */
static enum rc write_refund(struct sql *q, const struct refund *r, const struct demo_terms *terms,
                            int64_t now_ms, struct err *e)
{
    enum rc rc = refunds_insert(q, r, e);
    if (rc == RC_OK && terms->n_parts > 0)
        rc = split_insert_refund(q, r->id, terms->parts, terms->n_parts, e);
    if (rc == RC_OK && terms->pays_out)
        rc = payouts_insert(q, r->id, &terms->payee, e);
    if (rc == RC_OK && str_eq(r->status, "PENDING"))
        rc = jobs_put(q, JOB_INQUIRE, r->merchant, r->id, r->gateway, now_ms + INQUIRE_IN_MS,
                      INQUIRE_ATTEMPT, e);
    return rc;
}

/* What the desk made of the charges: rows are written as others told them. */
static enum rc write_conflicts(struct sql *q, const struct demo_order *o, struct err *e)
{
    enum rc rc = RC_OK;
    for (int k = 0; rc == RC_OK && k < o->n_txns; k++)
        if (o->txns[k].told_status)
            rc = txns_update(q, &o->txns[k], e);
    for (int k = 0; rc == RC_OK && k < o->n_conflicts; k++)
        rc = conflicts_put(q, &o->conflicts[k], e);
    return rc == RC_OK && o->n_conflicts > 0 ? orders_mark(q, &o->row, e) : rc;
}

static enum rc write_order(struct sql *q, const struct demo_order *o, int64_t now_ms, struct err *e)
{
    enum rc rc = orders_insert(q, &o->row, o->key, e);
    if (rc == RC_OK && o->n_parties > 0)
        rc = split_insert_order(q, o->row.id, o->parties, o->n_parties, e);
    for (int k = 0; rc == RC_OK && k < o->n_txns; k++)
        rc = txns_insert(q, &o->txns[k], e);
    if (rc == RC_OK && o->n_txns > 0)
        rc = txns_show(q, shown(o), e);
    for (int k = 0; rc == RC_OK && k < o->n_refunds; k++)
        rc = write_refund(q, &o->refunds[k], &o->terms[k], now_ms, e);
    if (rc == RC_OK)
        rc = write_conflicts(q, o, e);
    for (int k = 0; rc == RC_OK && k < o->n_events; k++)
        rc = events_add(q, &o->events[k], e);
    return rc;
}

static enum rc write_merchant(struct sql *q, const struct demo_accounts *x, struct err *e)
{
    enum rc rc = merchants_insert(q, &x->merchant, e);
    for (int k = 0; rc == RC_OK && k < x->n_currencies; k++)
        rc = merchants_set_currency(q, x->merchant.id, x->currencies[k].code,
                                    &x->currencies[k].settings, e);
    if (rc == RC_OK)
        rc = conflict_settings_put(q, x->merchant.id, &x->conflict, x->merchant.created_ms, e);
    for (int k = 0; rc == RC_OK && k < x->n_gateways; k++)
        rc = gateways_insert(q, &x->gateways[k], e);
    for (int k = 0; rc == RC_OK && k < x->n_users; k++)
        rc = users_insert(q, &x->users[k], e);
    if (rc == RC_OK)
        rc = api_keys_insert(q, &x->key, x->key_hash, e);
    return rc;
}

enum rc demo_write(struct sql *q, void *arg, struct err *e)
{
    struct demo_work *w = arg;
    enum rc rc = write_merchant(q, w->accounts, e);
    for (int k = 0; rc == RC_OK && k < w->demo->n_beneficiaries; k++)
        rc = beneficiaries_insert(q, w->demo->merchant, &w->demo->beneficiaries[k], e);
    for (int k = 0; rc == RC_OK && k < w->demo->n_orders; k++)
        rc = write_order(q, &w->demo->orders[k], w->demo->now_ms, e);
    for (int k = 0; rc == RC_OK && k < w->demo->n_batches; k++)
        rc = demo_write_batch(q, &w->demo->batches[k], e);
    for (int k = 0; rc == RC_OK && k < w->n_audit; k++)
        rc = audit_add(q, &w->audit[k], e);
    return rc;
}
