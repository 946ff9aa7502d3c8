#include "refund/refund_body.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/split.h"

enum rc refund_view_of(struct sql *q, struct arena *a, const struct refund *r,
                       struct refund_view *out, struct err *e)
{
    *out = (struct refund_view){.refund = *r};
    enum rc rc = RC_OK;
    if (str_eq(r->refund_type, "PAYOUT")) {
        struct payee *payee = arena_alloc(a, sizeof *payee);
        out->payee = payee;
        rc = payouts_get(q, a, r->id, payee, e);
    }
    struct party *parts = NULL;
    if (rc == RC_OK)
        rc = split_of_refund(q, a, r->id, &parts, &out->n_parts, e);
    out->parts = parts;
    return rc;
}

static void put_payee(struct arena *a, struct json_object *body, const struct refund_view *v)
{
    struct json_object *by = json_object_in(a);
    json_put_text(by, "gateway", v->refund.gateway);
    json_put_text(by, "gateway_reference_id", v->payee->reference_id);
    json_put(body, "payout_gateway_details", by);
    struct json_object *to = json_object_in(a);
    json_put_text(to, "type", v->payee->type);
    json_put_text(to, "account", v->payee->masked);
    if (v->payee->beneficiary_id != NULL)
        json_put_text(to, "beneficiary_id", v->payee->beneficiary_id);
    json_put(body, "beneficiary_details", to);
}

struct json_object *refund_flat_body(struct arena *a, const struct refund_view *v)
{
    const struct refund *r = &v->refund;
    struct json_object *o = json_object_in(a);
    const char *epg_txn_id = r->gateway_ref != NULL ? r->gateway_ref
                             : r->sent              ? r->unique_request_id
                                                    : NULL;
    json_put_text(o, "unique_request_id", r->unique_request_id);
    json_put_text(o, "txn_id", r->txn_id);
    json_put_text(o, "status", r->status);
    json_put_bool(o, "sent_to_gateway", r->sent);
    json_put_null(o, "response_code");
    json_put_text(o, "refund_type", r->refund_type);
    json_put_text(o, "refund_source", r->gateway);
    json_put_text(o, "ref", r->gateway_ref);
    if (v->payee != NULL)
        put_payee(a, o, v);
    json_put_text(o, "order_id", r->order_id);
    json_put_text(o, "initiated_by", str_eq(r->source, "API") ? "API" : r->initiated_by);
    json_put_text(o, "epg_txn_id", epg_txn_id);
    json_put_text(o, "error_message", str_or(r->error_message, ""));
    json_put_text(o, "error_code", r->error_code);
    json_put_text(o, "refund_arn", r->arn);
    json_put_text(o, "created", clock_iso(a, r->created_ms));
    json_put_null(o, "authorization_id");
    json_put_money(a, o, "amount", r->amount_minor, r->currency);
    json_put_text(o, "currency", r->currency);
    if (v->n_parts > 0)
        json_put(o, "split_settlement_response", split_body(a, v->parts, v->n_parts, r->currency));
    return o;
}
