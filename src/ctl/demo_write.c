/*
 * One transaction writes the whole demo, so that there is all of it or nothing.
 */
#include "ctl/demo_write.h"
#include "core/str.h"
#include "refund/apply.h"
#include "store/audit.h"

/* The kept transaction, else the last. */
static const struct txn *shown(const struct demo_order *o)
{
    int k = 0;
    while (k < o->n_txns - 1 && o->txns[k].id != o->row.kept_txn)
        k++;
    return &o->txns[k];
}

static enum rc write_order(struct sql *q, const struct demo_order *o, struct err *e)
{
    enum rc rc = orders_insert(q, &o->row, o->key, e);
    for (int k = 0; rc == RC_OK && k < o->n_txns; k++)
        rc = txns_insert(q, &o->txns[k], e);
    if (rc == RC_OK && o->n_txns > 0)
        rc = txns_show(q, shown(o), e);
    for (int k = 0; rc == RC_OK && k < o->n_refunds; k++)
        rc = refunds_insert(q, &o->refunds[k], e);
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
    for (int k = 0; rc == RC_OK && k < w->demo->n_orders; k++)
        rc = write_order(q, &w->demo->orders[k], e);
    for (int k = 0; rc == RC_OK && k < w->n_audit; k++)
        rc = audit_add(q, &w->audit[k], e);
    return rc;
}
