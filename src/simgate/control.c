/*
 * The control routes: scripting faults and looking into the ledger. Loopback peers only.
 */
#include "core/str.h"
#include "simgate/refunds.h"

struct answer control_health(struct service *s, const struct question *q, const char *name)
{
    struct json_object *body = json_object_in(q->a);

    (void)s;
    (void)name;
    json_put_text(body, "status", "ok");
    return answer_json(q->a, 200, body);
}

static struct answer number_of(struct arena *a, int status, const char *key, int n)
{
    struct json_object *body = json_object_in(a);

    json_put_int(body, key, n);
    return answer_json(a, status, body);
}

struct answer control_faults_add(struct service *s, const struct question *q, const char *name)
{
    struct json_object *body;
    struct err e;

    (void)name;
    if (json_read(q->a, q->body, q->body_n, &body, &e) != RC_OK ||
        faults_add(&s->faults, q->a, body, &e) != RC_OK)
        return routes_error(s, q, &e);
    return number_of(q->a, 201, "added", 1);
}

struct answer control_faults_clear(struct service *s, const struct question *q, const char *name)
{
    (void)name;
    return number_of(q->a, 200, "removed", faults_clear(&s->faults));
}

struct answer control_faults_list(struct service *s, const struct question *q, const char *name)
{
    struct json_object *body = json_object_in(q->a);

    (void)name;
    json_put(body, "faults", faults_list(&s->faults, q->a));
    return answer_json(q->a, 200, body);
}

static struct json_object *refund_row(struct service *s, struct arena *a,
                                      const struct ledger_refund *r)
{
    bool pending = clock_wall_ms(&s->clock) < r->settles_ms;
    struct json_object *row = json_object_in(a);

    json_put_int(row, "seq", r->id);
    json_put_text(row, "idempotency_key", r->idempotency_key);
    json_put_text(row, "id", r->refund_id);
    json_put_text(row, "operation", ledger_operation(r->payout));
    json_put_text(row, "status", pending ? "PENDING" : r->succeeds ? "SUCCEEDED" : "FAILED");
    json_put_text(row, "payment_id", r->payment_id);
    json_put_text(row, "unique_request_id", r->unique_request_id);
    json_put_text(row, "gateway", r->gateway);
    json_put_int(row, "amount", r->amount.minor);
    json_put_text(row, "currency", r->amount.currency);
    json_put_text(row, "arn", r->succeeds ? r->arn : NULL);
    json_put_text(row, "error_code", r->error_code);
    json_put_text(row, "error_message", r->error_message);
    json_put_int(row, "created_ms", r->created_ms);
    json_put_int(row, "settles_ms", r->settles_ms);
    json_put_int(row, "calls", r->calls);
    json_put_int(row, "inquiries", r->inquiries);
    refunds_put_more(a, row, r);
    return row;
}

static struct json_object *calls_row(struct arena *a, const struct ledger_calls *c)
{
    struct json_object *row = json_object_in(a);

    json_put_text(row, "idempotency_key", c->idempotency_key);
    json_put_text(row, "unique_request_id", c->unique_request_id);
    json_put_text(row, "payment_id", c->payment_id);
    json_put_int(row, "calls", c->refunds);
    json_put_int(row, "inquiries", c->inquiries);
    return row;
}

/* {"total", "refunds": [oldest first, each with the calls of its key], "more", "unrecorded": [calls
 * of keys without a refund]}; ?unique_request_id= narrows it, ?after=<seq of the last one> goes on.
 */
struct answer control_ledger(struct service *s, const struct question *q, const char *name)
{
    struct json_object *body = json_object_in(q->a);
    struct json_object *refunds = json_array_in(q->a);
    struct json_object *unrecorded = json_array_in(q->a);
    struct ledger_page page;
    int64_t after = 0;
    struct err e;

    (void)name;
    if (q->after && !str_parse_i64(q->after, &after))
        return answer_error(q->a, 400, "BAD_REQUEST", "after is a seq.");
    if (ledger_page(s->db, q->a, q->unique_request_id, after, &page, &e) != RC_OK)
        return routes_error(s, q, &e);
    for (int i = 0; i < page.n_refunds; i++)
        json_add(refunds, refund_row(s, q->a, &page.refunds[i]));
    for (int i = 0; i < page.n_unrecorded; i++)
        json_add(unrecorded, calls_row(q->a, &page.unrecorded[i]));
    json_put_int(body, "total", page.total);
    json_put(body, "refunds", refunds);
    json_put(body, "unrecorded", unrecorded);
    json_put_bool(body, "more", page.n_refunds == LIMIT_SIMGATE_PAGE);
    return answer_json(q->a, 200, body);
}
