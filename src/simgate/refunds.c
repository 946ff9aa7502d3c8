/*
 * POST /v1/payments/{payment_id}/refunds, GET /v1/refunds/by-key/{key}.
 */
#include "core/digest.h"
#include "core/id.h"
#include "core/str.h"
#include "simgate/ledger.h"
#include "simgate/routes.h"
#include <string.h>

#define ARN_DIGITS 23
#define KEY_BYTES  255
#define NAME_BYTES 64
#define ID_DIGITS  16

static const char *new_arn(struct arena *a)
{
    uint8_t random[ARN_DIGITS];
    char digits[ARN_DIGITS + 1] = {0};

    digest_random(random, sizeof random);
    for (int i = 0; i < ARN_DIGITS; i++)
        digits[i] = (char)('0' + random[i] % 10);
    digits[0] = '7';
    return arena_strdup(a, digits);
}

static struct json_object *error_of(struct arena *a, const struct ledger_refund *r)
{
    struct json_object *error = json_object_in(a);

    json_put_text(error, "code", r->error_code);
    json_put_text(error, "message", r->error_message);
    return error;
}

static struct answer show(struct service *s, struct arena *a, const struct ledger_refund *r)
{
    bool pending = clock_wall_ms(&s->clock) < r->settles_ms;
    bool done = !pending && r->succeeds;
    struct json_object *body = json_object_in(a);

    json_put_text(body, "id", r->refund_id);
    json_put_text(body, "object", "refund");
    json_put_text(body, "status", pending ? "PENDING" : done ? "SUCCEEDED" : "FAILED");
    json_put_text(body, "payment_id", r->payment_id);
    json_put_text(body, "unique_request_id", r->unique_request_id);
    json_put_text(body, "gateway", r->gateway);
    json_put_int(body, "amount", r->amount.minor);
    json_put_text(body, "currency", r->amount.currency);
    json_put_text(body, "arn", done ? r->arn : NULL);
    json_put_int(body, "created_ms", r->created_ms);
    if (done)
        json_put_int(body, "processed_at_ms", r->settles_ms);
    else
        json_put_null(body, "processed_at_ms");
    json_put(body, "error", pending || done ? NULL : error_of(a, r));
    return answer_json(a, 200, body);
}

/* What a POST says of the ledger's row: a refused one is refused again. */
static struct answer settle(struct service *s, struct arena *a, const struct ledger_refund *wanted,
                            const struct ledger_refund *kept)
{
    if (wanted->amount.minor != kept->amount.minor ||
        !str_eq(wanted->amount.currency, kept->amount.currency) ||
        !str_eq(wanted->payment_id, kept->payment_id))
        return answer_error(a, 409, "KEY_REUSED",
                            "This key was used for another payment or amount.");
    if (!kept->succeeds && clock_wall_ms(&s->clock) >= kept->settles_ms)
        return answer_error(a, 400, kept->error_code, kept->error_message);
    return show(s, a, kept);
}

static bool read_wanted(const struct question *q, const char *payment_id, struct ledger_refund *r,
                        const char **why)
{
    struct json_object *body;
    struct err e;

    *why = "The header Idempotency-Key must have 1 to 255 characters.";
    if (str_empty(q->idempotency_key) || strlen(q->idempotency_key) > KEY_BYTES ||
        !str_printable_ascii(q->idempotency_key))
        return false;
    *why = "The body must be a JSON object.";
    if (json_read(q->a, q->body, q->body_n, &body, &e) != RC_OK ||
        !json_object_is_type(body, json_type_object))
        return false;
    *why = "amount must be a whole number of minor units, currency an ISO 4217 code.";
    if (!routes_amount(body, &r->amount))
        return false;
    *why = "unique_request_id and gateway must be texts.";
    r->unique_request_id = routes_text(body, "unique_request_id", LIMIT_UNIQUE_REQUEST_ID);
    r->gateway = routes_text(body, "gateway", NAME_BYTES);
    if (!r->unique_request_id || !r->gateway)
        return false;
    *why = "The payment id is too long.";
    r->payment_id = payment_id;
    r->idempotency_key = q->idempotency_key;
    return strlen(payment_id) <= LIMIT_TXN_ID;
}

static void plan(struct service *s, struct arena *a, const struct fault_hit *hit,
                 struct ledger_refund *r)
{
    r->id = id_new();
    r->refund_id = id_random_hex(a, "sim_rf_", ID_DIGITS);
    r->arn = new_arn(a);
    r->created_ms = clock_wall_ms(&s->clock);
    r->settles_ms = r->created_ms + (hit->kind == FAULT_PENDING ? hit->ms : 0);
    r->succeeds = hit->kind != FAULT_REFUSE && !(hit->kind == FAULT_PENDING && hit->code);
    if (r->succeeds)
        return;
    r->error_code = hit->code;
    r->error_message = str_or(hit->message, "The gateway declined the request.");
}

struct answer refunds_create(struct service *s, const struct question *q, const char *name)
{
    struct ledger_refund wanted = {0}, kept = {0};
    struct fault_subject subject = {.operation = OPERATION_REFUND, .txn_id = ""};
    struct fault_hit hit;
    const char *why;
    struct err e;

    if (!read_wanted(q, name, &wanted, &why))
        return answer_error(q->a, 400, "BAD_REQUEST", why);
    subject.idempotency_key = wanted.idempotency_key;
    subject.unique_request_id = wanted.unique_request_id;
    subject.payment_id = wanted.payment_id;
    hit = faults_take(&s->faults, q->a, &subject);
    plan(s, q->a, &hit, &wanted);
    if (ledger_add_refund(s->db, q->a, &wanted, hit.acts, &kept, &e) != RC_OK)
        return routes_error(s, q, &e);
    return routes_hit(q->a, &hit,
                      hit.acts ? settle(s, q->a, &wanted, &kept) : (struct answer){.body = ""});
}

struct answer refunds_inquire(struct service *s, const struct question *q, const char *name)
{
    struct ledger_calls calls = {.unique_request_id = "", .payment_id = ""};
    struct fault_subject subject = {
        .operation = OPERATION_INQUIRE, .idempotency_key = name, .txn_id = ""};
    struct ledger_refund kept = {0};
    struct fault_hit hit;
    struct answer whole;
    struct err e;
    enum rc rc;

    if (strlen(name) > KEY_BYTES)
        return answer_error(q->a, 400, "BAD_REQUEST", "The key is too long.");
    rc = ledger_calls_of(s->db, q->a, name, &calls, &e);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return routes_error(s, q, &e);
    subject.unique_request_id = calls.unique_request_id;
    subject.payment_id = calls.payment_id;
    hit = faults_take(&s->faults, q->a, &subject);
    rc = ledger_inquire(s->db, q->a, name, &kept, &e);
    if (hit.kind == FAULT_REFUSE)
        return answer_error(q->a, 400, hit.code, hit.message);
    if (rc != RC_OK) {
        whole = routes_error(s, q, &e);
    } else {
        if (hit.kind == FAULT_PENDING)
            kept.settles_ms = INT64_MAX;
        whole = show(s, q->a, &kept);
    }
    return routes_hit(q->a, &hit, whole);
}
