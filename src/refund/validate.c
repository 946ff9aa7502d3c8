#include "refund/validate.h"

#include "core/limits.h"
#include "core/str.h"

#include <string.h>

/* ---- the store --------------------------------------------------------------------------------
 */

/* RC_NOT_FOUND is an answer here: *found tells. */
static enum rc maybe(enum rc rc, const struct err *from, bool *found, struct err *e)
{
    *found = rc == RC_OK;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = *from;
    return rc;
}

static enum rc gather_order(struct sql *q, struct arena *a, struct refund_facts *f, struct err *e)
{
    const struct refund_ask *ask = f->ask;
    const char *txn_id = str_empty(ask->req->txn_id) ? NULL : ask->req->txn_id;
    int64_t merchant = f->merchant.id;
    struct err miss;
    enum rc rc = RC_OK;

    if (ask->order_key != NULL)
        rc = maybe(orders_by_key(q, a, merchant, ask->order_key, &f->order, &miss), &miss,
                   &f->has_order, e);
    if (rc != RC_OK || (ask->order_key != NULL && !f->has_order))
        return rc;

    if (txn_id != NULL)
        rc = maybe(txns_by_txn_id(q, a, merchant, txn_id, &f->txn, &miss), &miss, &f->has_txn, e);
    else if (f->order.kept_txn != 0)
        rc = maybe(txns_get(q, a, f->order.kept_txn, &f->txn, &miss), &miss, &f->has_txn, e);
    else
        rc = maybe(txns_last_of_order(q, a, f->order.id, &f->txn, &miss), &miss, &f->has_txn, e);
    if (rc != RC_OK || !f->has_txn)
        return rc;

    if (!f->has_order)
        rc = maybe(orders_get(q, a, f->txn.order_row, &f->order, &miss), &miss, &f->has_order, e);
    else if (f->txn.order_row != f->order.id)
        f->has_txn = false;
    return rc;
}

/* INSTANT_WITH_FALLBACK is INSTANT where the gateway can, else STANDARD. */
static void gather_type(struct refund_facts *f)
{
    f->refund_type = f->ask->refund_type;
    if (str_eq(f->refund_type, "INSTANT_WITH_FALLBACK"))
        f->refund_type = f->has_gateway && f->gateway.can_instant ? "INSTANT" : "STANDARD";
}

static void gather_amount(struct refund_facts *f)
{
    f->refundable_minor = f->txn.amount_minor - f->txn.held_minor;
    f->amount_minor = f->refundable_minor;
    if (f->ask->req->amount_given == GIVEN_TEXT)
        f->amount_fault = money_from_decimal(&f->ask->amount, f->order.currency, &f->amount_minor);
}

enum rc validate_gather(struct sql *q, struct arena *a, const struct refund_ask *ask,
                        int64_t now_ms, struct refund_facts *f, struct err *e)
{
    struct err miss;
    memset(f, 0, sizeof *f);
    f->ask = ask;
    f->now_ms = now_ms;
    f->refundable_minor = -1;

    enum rc rc = merchants_get(q, a, ask->req->actor->merchant, &f->merchant, e);
    if (rc != RC_OK || ask->early != CAUSE_NONE)
        return rc;
    rc = gather_order(q, a, f, e);
    if (rc != RC_OK || !f->has_order)
        return rc;
    rc = maybe(refunds_by_unique_request_id(q, a, f->order.id, ask->req->unique_request_id,
                                            &f->existing, &miss),
               &miss, &f->has_existing, e);
    if (rc != RC_OK || !f->has_txn)
        return rc;
    rc = merchants_currency(q, f->merchant.id, f->order.currency, &f->currency, e);
    if (rc == RC_OK && f->txn.gateway != NULL)
        rc = maybe(gateways_by_name(q, a, f->merchant.id, f->txn.gateway, &f->gateway, &miss),
                   &miss, &f->has_gateway, e);
    if (rc != RC_OK)
        return rc;
    gather_type(f);
    gather_amount(f);
    rc = refunds_counted(q, f->order.id, &f->counted, e);
    if (rc == RC_OK && f->amount_fault == MONEY_OK && !ask->req->runs_later)
        rc = refunds_twin(q, a, &f->txn, f->amount_minor, now_ms - f->merchant.twin_window_ms,
                          ask->req->batch, &f->twin, e);
    return rc == RC_OK ? validate_terms(q, a, f, e) : rc;
}

/* ---- the checks, in the order of the causes -----------------------------------------------------
 */

static bool is_pending(const struct refund *r)
{
    return str_eq(r->status, "PENDING") || str_eq(r->status, "MANUAL_REVIEW");
}

/* The class that counts: of the named txn, else of the order (which an auto refund changes). */
static enum order_class class_of(const struct order *o, const struct txn *named)
{
    const struct order_status *s = order_status_find(named != NULL ? named->status : o->status);
    return s != NULL ? s->cls : CLASS_UNSUCCESSFUL;
}

static bool by_txn(const struct refund_facts *f)
{
    return !str_empty(f->ask->req->txn_id);
}

static enum order_class asked_class(const struct refund_facts *f)
{
    return class_of(&f->order, by_txn(f) ? &f->txn : NULL);
}

static bool paid_in_cash(const struct order *o, const struct txn *t)
{
    return o->is_cod || class_of(o, NULL) == CLASS_COD ||
           (t != NULL &&
            (str_ieq(t->payment_method_type, "CASH") || str_ieq(t->payment_method, "CASH")));
}

static bool is_auto(const struct refund_facts *f)
{
    return f->ask->req->source == SOURCE_AUTO;
}

static bool fails_early(const struct refund_facts *f)
{
    return f->ask->early != CAUSE_NONE;
}

static bool fails_order(const struct refund_facts *f)
{
    return !f->has_order && f->ask->order_key != NULL;
}

static bool fails_txn(const struct refund_facts *f)
{
    return !f->has_order || (by_txn(f) && !f->has_txn);
}

static bool fails_in_flight(const struct refund_facts *f)
{
    return f->has_existing && is_pending(&f->existing);
}

static bool fails_done(const struct refund_facts *f)
{
    return f->has_existing;
}

static bool fails_cod(const struct refund_facts *f)
{
    return paid_in_cash(&f->order, f->has_txn ? &f->txn : NULL);
}

static bool fails_pending(const struct refund_facts *f)
{
    return asked_class(f) == CLASS_PENDING;
}

/* An auto-refunded order without a charged txn can still be refunded by txn_id or in the portal. */
static bool fails_unsuccessful(const struct refund_facts *f)
{
    if (asked_class(f) != CLASS_REFUNDABLE || !f->has_txn ||
        class_of(&f->order, &f->txn) != CLASS_REFUNDABLE)
        return true;
    return !by_txn(f) && f->ask->req->source != SOURCE_PORTAL &&
           str_eq(f->order.status, "AUTO_REFUNDED");
}

static bool fails_split_payment(const struct refund_facts *f)
{
    return f->order.is_split_payment && !by_txn(f);
}

static bool too_old(const struct merchant *m, const struct order *o, int64_t now_ms)
{
    return now_ms - o->created_ms > m->order_age_days * CLOCK_DAY_MS;
}

/* It goes to another account, so neither the age of the payment nor its gateway matters. */
static bool is_payout(const struct refund_facts *f)
{
    return str_eq(f->ask->refund_type, "PAYOUT");
}

static bool fails_age(const struct refund_facts *f)
{
    return !is_auto(f) && !is_payout(f) && too_old(&f->merchant, &f->order, f->now_ms);
}

/* Test mode plays every adapter by the simulator; live merchants never reach it, and other adapters
 * need their sealed credentials. */
bool validate_can_call(const struct merchant *m, const struct gateway_row *g)
{
    if (g->adapter == NULL)
        return false;
    return m->test_mode || (!str_eq(g->adapter, "simulator") && g->credentials != NULL);
}

static bool fails_gateway(const struct refund_facts *f)
{
    const struct gateway_row *g = &f->gateway;
    if (is_payout(f))
        return false;
    return !f->has_gateway || !g->can_refund || !validate_can_call(&f->merchant, g) ||
           (str_eq(f->refund_type, "INSTANT") && !g->can_instant);
}

static bool fails_payment_id(const struct refund_facts *f)
{
    return str_empty(f->txn.payment_id);
}

static bool fails_decimals(const struct refund_facts *f)
{
    return f->amount_fault != MONEY_OK;
}

/* "All that is left" where nothing is left exceeds; it is not below the minimum. */
static bool fails_minimum(const struct refund_facts *f)
{
    bool asked = f->ask->req->amount_given == GIVEN_TEXT || f->refundable_minor > 0;
    return !is_auto(f) && asked && f->amount_minor < f->currency.minimum_minor;
}

static bool fails_twin(const struct refund_facts *f)
{
    return !is_auto(f) && f->twin.unique_request_id != NULL;
}

static bool fails_count(const struct refund_facts *f)
{
    return !is_auto(f) && f->counted >= f->merchant.refund_limit;
}

static bool fails_exceeds(const struct refund_facts *f)
{
    return f->refundable_minor <= 0 || f->amount_minor > f->refundable_minor;
}

static bool fails_terms(const struct refund_facts *f)
{
    return f->terms.text != NULL;
}

enum cause refund_order_obstacle(const struct merchant *m, const struct gateway_set *gateways,
                                 const struct order *o, const struct txn *kept, int64_t now_ms)
{
    static const enum cause by_class[] = {
        [CLASS_PENDING] = CAUSE_ORDER_PENDING,
        [CLASS_REFUNDABLE] = CAUSE_NONE,
        [CLASS_COD] = CAUSE_COD,
        [CLASS_UNSUCCESSFUL] = CAUSE_ORDER_UNSUCCESSFUL,
    };
    if (paid_in_cash(o, kept))
        return CAUSE_COD;
    enum cause cause = by_class[class_of(o, NULL)];
    if (cause != CAUSE_NONE)
        return cause;
    if (kept == NULL)
        return CAUSE_ORDER_UNSUCCESSFUL;
    if (too_old(m, o, now_ms))
        return CAUSE_ORDER_TOO_OLD;
    const struct gateway_row *gateway = gateways_find(gateways, kept->gateway);
    if (!gateway || !gateway->can_refund || !validate_can_call(m, gateway))
        return CAUSE_GATEWAY_CANNOT;
    if (str_empty(kept->payment_id))
        return CAUSE_NO_PAYMENT_ID;
    return kept->held_minor >= kept->amount_minor ? CAUSE_EXCEEDS : CAUSE_NONE;
}

static const struct {
    enum cause cause;
    bool (*fails)(const struct refund_facts *f);
} checks[] = {
    {CAUSE_ORDER_UNKNOWN, fails_order},
    {CAUSE_TXN_UNKNOWN, fails_txn},
    {CAUSE_ID_IN_FLIGHT, fails_in_flight},
    {CAUSE_ID_DONE, fails_done},
    {CAUSE_COD, fails_cod},
    {CAUSE_ORDER_PENDING, fails_pending},
    {CAUSE_ORDER_UNSUCCESSFUL, fails_unsuccessful},
    {CAUSE_SPLIT_PAYMENT, fails_split_payment},
    {CAUSE_ORDER_TOO_OLD, fails_age},
    {CAUSE_GATEWAY_CANNOT, fails_gateway},
    {CAUSE_NO_PAYMENT_ID, fails_payment_id},
    {CAUSE_TOO_MANY_DECIMALS, fails_decimals},
    {CAUSE_BELOW_MINIMUM, fails_minimum},
    {CAUSE_TWIN, fails_twin},
    {CAUSE_TOO_MANY_REFUNDS, fails_count},
    {CAUSE_EXCEEDS, fails_exceeds},
    {CAUSE_SPLIT_OR_BENEFICIARY, fails_terms},
};

enum cause validate_judge(const struct refund_facts *f)
{
    if (fails_early(f))
        return f->ask->early;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (checks[i].fails(f))
            return checks[i].cause;
    }
    return CAUSE_NONE;
}
