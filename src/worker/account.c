#include "worker/worker.h"

#include "core/digest.h"
#include "core/id.h"
#include "core/str.h"
#include "store/txns.h"

#include <string.h>

static enum rc open_credentials(struct worker *w, struct flight *f, const struct gateway_row *g,
                                struct err *e)
{
    f->account.credentials = "";
    if (g->credentials == NULL)
        return RC_OK;
    size_t n;
    const char *opened = secret_open(f->arena, &w->secret, g->credentials, g->credentials_n, &n);
    if (opened == NULL)
        return ERR(e, RC_INVALID,
                   "The gateway's credentials cannot be opened by this worker's key.",
                   "credentials of %s were sealed to another key", g->name);
    f->account.credentials = opened;
    return RC_OK;
}

enum rc worker_parties(struct sql *q, struct flight *f, const char *gateway, struct err *e)
{
    enum rc rc = RC_OK;
    if (f->merchant.id == 0)
        rc = merchants_get(q, f->arena, f->job.merchant, &f->merchant, e);
    if (rc == RC_OK && gateway != NULL && f->gateway.id == 0)
        rc = gateways_by_name(q, f->arena, f->merchant.id, gateway, &f->gateway, e);
    return rc;
}

enum rc worker_account(struct worker *w, struct sql *q, struct flight *f, const char *gateway,
                       struct err *e)
{
    enum rc rc = worker_parties(q, f, gateway, e);
    if (rc != RC_OK)
        return rc;
    const struct merchant *m = &f->merchant;
    const struct gateway_row *g = &f->gateway;
    const char *adapter = m->test_mode ? gateway_simulator.adapter : g->adapter;
    bool simulated = str_eq(adapter, gateway_simulator.adapter);
    f->ops = gateway_find(adapter);
    if (f->ops == NULL || (simulated && !m->test_mode))
        return ERR(e, RC_INVALID, "The desk cannot reach this gateway.", "gateway %s, adapter %s",
                   gateway, str_or(adapter, "none"));
    f->account.base_url = simulated ? w->app->config.simulator_url : g->base_url;
    f->account.gateway = g->name;
    f->account.merchant = m->merchant_id;
    return simulated ? (f->account.credentials = "", RC_OK) : open_credentials(w, f, g, e);
}

/* The refund's own key: the same for every attempt, different for every refund of every desk. */
static const char *idempotency_key(struct arena *a, const char *merchant_id, const struct refund *r)
{
    const char *whole = arena_printf(a, "%s/%s/%s", merchant_id, r->order_id, r->unique_request_id);
    return arena_printf(a, "rd_%s_%.16s", id_text(a, r->id),
                        digest_sha256_hex(a, whole, strlen(whole)));
}

enum rc worker_load_refund(struct sql *q, struct flight *f, struct refund *r, struct err *e)
{
    struct arena *a = f->arena;
    struct txn t;
    enum rc rc = refunds_get(q, a, f->job.subject, r, e);
    if (rc == RC_OK)
        rc = txns_get(q, a, r->txn_row, &t, e);
    if (rc == RC_OK)
        rc = worker_parties(q, f, NULL, e);
    if (rc != RC_OK)
        return rc;
    f->refund_row = r->id;
    f->refund_type = r->refund_type;
    f->sent_ms = r->sent_ms;
    f->next_check_ms = r->next_check_ms;
    f->refund = (struct gw_refund){
        .idempotency_key = idempotency_key(a, f->merchant.merchant_id, r),
        .unique_request_id = r->unique_request_id,
        .payment_id = t.payment_id,
        .order_id = r->order_id,
        .txn_id = r->txn_id,
        .gateway_ref = r->gateway_ref,
        .amount = {.minor = r->amount_minor},
    };
    str_copy(f->refund.amount.currency, sizeof f->refund.amount.currency, r->currency);
    return RC_OK;
}
