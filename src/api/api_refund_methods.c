/*
 * GET /refundMethods: whether the money can go back where it came from, until when, and to which
 * other accounts it may go, with the fields of each (vendor's Refunds via Payouts, "List Payout
 * Methods").
 */
#include "api/api.h"
#include "api/errors.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/create.h"
#include "refund/validate.h"
#include "store/gateways.h"

struct methods {
    const struct req *r;
    const char *order_id;
    struct merchant merchant;
    struct order order;
    struct txn txn;
    bool has_txn;
    bool to_source, to_others;
};

/* What is found, or that there is none. */
static enum rc maybe(enum rc rc, const struct err *miss, bool *found, struct err *e)
{
    *found = rc == RC_OK;
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        return RC_OK;
    *e = *miss;
    return rc;
}

static enum rc read_gateways(struct sql *q, struct methods *m, struct err *e)
{
    struct arena *a = m->r->arena;
    const char *wanted = req_value(m->r, "preferred_gateway");
    struct gateway_row g;
    struct err miss;
    enum rc rc = RC_OK;
    if (m->has_txn && m->txn.gateway) {
        rc = maybe(gateways_by_name(q, a, m->order.merchant, m->txn.gateway, &g, &miss), &miss,
                   &m->to_source, e);
        m->to_source = m->to_source && g.can_refund && validate_can_call(&m->merchant, &g);
    }
    if (rc != RC_OK)
        return rc;
    rc = maybe(str_empty(wanted) ? gateways_payout(q, a, m->order.merchant, &g, &miss)
                                 : gateways_by_name(q, a, m->order.merchant, wanted, &g, &miss),
               &miss, &m->to_others, e);
    m->to_others = m->to_others && g.can_payout && validate_can_call(&m->merchant, &g);
    return rc;
}

static enum rc read_methods(struct sql *q, void *arg, struct err *e)
{
    struct methods *m = arg;
    struct arena *a = m->r->arena;
    int64_t merchant = m->r->actor.merchant;
    struct err miss;
    m->to_source = m->has_txn = false;
    enum rc rc = orders_by_key(q, a, merchant, orders_key(a, m->order_id), &m->order, e);
    if (rc == RC_OK)
        rc = merchants_get(q, a, merchant, &m->merchant, e);
    if (rc == RC_OK && m->order.kept_txn != 0)
        rc = maybe(txns_get(q, a, m->order.kept_txn, &m->txn, &miss), &miss, &m->has_txn, e);
    return rc == RC_OK ? read_gateways(q, m, e) : rc;
}

static struct json_object *choice(struct arena *a, const char *first, const char *second)
{
    struct json_object *both = json_array_in(a);
    json_add(both, json_object_new_string(first));
    json_add(both, json_object_new_string(second));
    return both;
}

static struct json_object *method_body(struct arena *a, const struct payout_type *t)
{
    struct json_object *o = json_object_in(a), *fields = json_array_in(a);
    json_put_text(o, "type", t->type);
    json_put_text(o, "label", t->label);
    if (t->has_transfer) {
        json_put(o, "transfer_type", choice(a, "LOCAL", "INTERNATIONAL"));
        json_put(o, "payout_mode", choice(a, "FAST", "IBAN"));
    }
    for (int i = 0; i < t->n_fields; i++) {
        struct json_object *f = json_object_in(a);
        json_put_text(f, "name", t->fields[i].name);
        json_put_text(f, "label", t->fields[i].label);
        json_put_bool(f, "required", t->fields[i].required);
        json_put_int(f, "max_length", (int64_t)t->fields[i].most_bytes);
        json_put_text(f, "example", t->fields[i].like);
        json_add(fields, f);
    }
    json_put(o, "fields", fields);
    return o;
}

static struct json_object *methods_body(const struct methods *m)
{
    struct arena *a = m->r->arena;
    struct json_object *body = json_object_in(a), *list = json_array_in(a);
    int64_t last_ms = m->order.created_ms + m->merchant.order_age_days * CLOCK_DAY_MS;
    int n;
    const struct payout_type *types = payout_types(&n);
    json_put_text(body, "order_id", m->order.order_id);
    json_put_bool(body, "back_to_source_supported", m->to_source);
    json_put_text(body, "last_date_to_refund", clock_iso(a, last_ms));
    if (m->has_txn) {
        struct json_object *source = json_object_in(a);
        json_put_text(source, "txn_id", m->txn.txn_id);
        json_put_text(source, "payment_method_type", m->txn.payment_method_type);
        json_put_text(source, "payment_method", m->txn.payment_method);
        json_put_text(source, "gateway", m->txn.gateway);
        json_put(body, "payment_source", source);
    }
    for (int i = 0; i < n && m->to_others; i++)
        json_add(list, method_body(a, &types[i]));
    json_put(body, "payout_methods", list);
    return body;
}

enum rc api_refund_methods(struct req *r, struct reply *p, struct err *e)
{
    struct methods *m = arena_alloc(r->arena, sizeof *m);
    m->r = r;
    m->order_id = req_value(r, "order_id");
    if (str_empty(m->order_id)) {
        struct api_faults faults = {0};
        errors_fault(&faults, "order_id", "is missing");
        errors_coded(r, p, 400, "INVALID_REQUEST", "order_id is missing", &faults);
        return RC_OK;
    }
    enum rc rc = sql_read(r->app->db, read_methods, m, e);
    if (rc == RC_OK)
        reply_json(p, 200, json_write(r->arena, methods_body(m)));
    if (rc != RC_NOT_FOUND)
        return rc;
    errors_order_unknown(r, p, m->order_id);
    return RC_OK;
}
