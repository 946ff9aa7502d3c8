/*
 * Test mode: a new order is charged by the vendor's sandbox rule, played by the simulator.
 */
#include "worker/worker.h"

#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/intake.h"
#include "store/gateways.h"
#include "store/merchants.h"

#define CHARGE_ATTEMPTS 60
#define CHARGE_FIRST_MS 500
#define CHARGE_MAX_MS   30000
#define NO_GATEWAY_MS   (5 * CLOCK_MINUTE_MS) /* until somebody adds one */

/* Said once for each merchant; after CHARGE_ATTEMPTS looks the order is left as it is. */
static enum rc wait_for_gateway(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    if (w->told_no_gateway != f->job.merchant)
        log_event(&w->app->log, LOG_WARN, "no gateway plays test payments", "merchant",
                  id_text(f->arena, f->job.merchant), "mend", "refundctl gateway add", NULL);
    w->told_no_gateway = f->job.merchant;
    return jobs_again(q, &f->job, clock_wall_ms(&w->app->clock) + NO_GATEWAY_MS, f->job.attempt + 1,
                      e);
}

static enum rc prepare(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    struct order o;
    struct gateway_row g;
    enum rc rc = orders_get(q, f->arena, f->job.subject, &o, e);
    if (rc != RC_OK)
        return rc;
    if (o.kept_txn != 0 || f->job.attempt >= CHARGE_ATTEMPTS)
        return jobs_finish(q, &f->job, e);
    rc = gateways_first(q, f->arena, o.merchant, &g, e);
    if (rc == RC_NOT_FOUND)
        return wait_for_gateway(w, q, f, e);
    if (rc == RC_OK)
        rc = worker_account(w, q, f, g.name, e);
    if (rc != RC_OK)
        return rc;
    f->payment = (struct gw_payment){
        .txn_id = arena_printf(f->arena, "%s-%s-1", f->account.merchant, o.order_id),
        .order_id = o.order_id,
        .amount = {.minor = o.effective_minor},
    };
    str_copy(f->payment.amount.currency, sizeof f->payment.amount.currency, o.currency);
    f->wants_call = true;
    return RC_OK;
}

static struct http_call call(struct flight *f)
{
    return f->ops->charge_request(f->arena, &f->account, &f->payment);
}

static void parse(struct flight *f, const struct http_result *r)
{
    f->payment_outcome = f->ops->charge_parse(f->arena, r);
}

static const char *facts_text(struct arena *a, const struct gw_payment_outcome *p)
{
    struct json_object *facts = json_object_in(a), *answer = json_object_in(a),
                       *card = json_object_in(a);
    json_put_text(answer, "rrn", p->rrn);
    json_put_text(answer, "resp_message", p->resp_message);
    json_put_text(answer, "resp_code", p->resp_code);
    json_put_text(answer, "auth_id_code", p->auth_id_code);
    json_put_text(answer, "created", p->created_ms != 0 ? clock_iso(a, p->created_ms) : NULL);
    json_put(facts, "payment_gateway_response", answer);
    json_put_bool(card, "using_token", false);
    json_put_bool(card, "using_saved_card", false);
    json_put_bool(card, "saved_to_locker", false);
    json_put_text(card, "last_four_digits", "1111");
    json_put_text(card, "card_isin", "411111");
    json_put_text(card, "card_type", "CREDIT");
    json_put_text(card, "card_brand", "VISA");
    json_put(facts, "card", card);
    return json_write(a, facts);
}

static const char *const statuses[] = {
    [GW_PAYMENT_CHARGED] = "CHARGED",
    [GW_PAYMENT_FAILED] = "AUTHORIZATION_FAILED",
    [GW_PAYMENT_PENDING] = "AUTHORIZING",
};

static enum rc apply(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    const struct gw_payment_outcome *p = &f->payment_outcome;
    bool finished = p->status == GW_PAYMENT_CHARGED || p->status == GW_PAYMENT_FAILED;
    struct order o;
    struct gateway_row g;

    enum rc rc =
        finished
            ? jobs_finish(q, &f->job, e)
            : jobs_again(q, &f->job,
                         now_ms + worker_backoff_ms(CHARGE_FIRST_MS, CHARGE_MAX_MS, f->job.attempt),
                         f->job.attempt + 1, e);
    if (rc != RC_OK || p->status == GW_PAYMENT_UNKNOWN)
        return rc;
    rc = orders_get(q, f->arena, f->job.subject, &o, e);
    if (rc == RC_OK)
        rc = gateways_by_name(q, f->arena, o.merchant, f->account.gateway, &g, e);
    if (rc != RC_OK)
        return rc;
    struct txn t = {
        .txn_id = f->payment.txn_id,
        .txn_uuid = id_random_hex(f->arena, "eul", 18),
        .status = statuses[p->status],
        .amount_minor = f->payment.amount.minor,
        .net_minor = f->payment.amount.minor,
        .tax_minor = -1,
        .surcharge_minor = -1,
        .currency = o.currency,
        .gateway = g.name,
        .gateway_id = g.gateway_id,
        .payment_method_type = "CARD",
        .payment_method = "VISA",
        .auth_type = "THREE_DS",
        .payment_id = p->payment_id,
        .facts = facts_text(f->arena, p),
        .created_ms = o.created_ms,
        .charged_ms = p->status != GW_PAYMENT_CHARGED ? 0
                      : p->created_ms != 0            ? p->created_ms
                                                      : now_ms,
    };
    return intake_txn(q, f->arena, &o, &t, now_ms, e);
}

const struct job_kind job_charge = {JOB_CHARGE, prepare, call, parse, apply};
