/*
 * POST /v1/payments/{payment_id}/refunds, GET /v1/refunds/by-key/{key}; and what payouts share.
 */
#include "simgate/refunds.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/str.h"
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

/* JSON as the ledger kept it; NULL stays NULL. */
static struct json_object *tree_of(struct arena *a, const char *text)
{
    struct json_object *tree;
    struct err e;

    if (!text)
        return NULL;
    CHECK(json_read(a, text, strlen(text), &tree, &e) == RC_OK);
    return tree;
}

void refunds_put_more(struct arena *a, struct json_object *row, const struct ledger_refund *r)
{
    if (r->instant)
        json_put_bool(row, "instant", true);
    if (r->parts)
        json_put(row, "parts", tree_of(a, r->parts));
    if (!r->payout)
        return;
    json_put(row, "beneficiary", tree_of(a, r->beneficiary));
    json_put_text(row, "reference_id", r->reference_id);
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
    json_put_text(body, "object", r->payout ? "payout" : "refund");
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
    refunds_put_more(a, body, r);
    return answer_json(a, 200, body);
}

static bool is_same(const struct ledger_refund *x, const struct ledger_refund *y)
{
    return x->payout == y->payout && x->instant == y->instant &&
           x->amount.minor == y->amount.minor && str_eq(x->amount.currency, y->amount.currency) &&
           str_eq(x->payment_id, y->payment_id) &&
           str_eq(str_or(x->parts, ""), str_or(y->parts, "")) &&
           str_eq(str_or(x->beneficiary, ""), str_or(y->beneficiary, "")) &&
           str_eq(str_or(x->reference_id, ""), str_or(y->reference_id, ""));
}

/* What a POST says of the ledger's row: a refused one is refused again. */
static struct answer settle(struct service *s, struct arena *a, const struct ledger_refund *wanted,
                            const struct ledger_refund *kept)
{
    if (!is_same(wanted, kept))
        return answer_error(a, 409, "KEY_REUSED",
                            "This key was used for another payment, account or amount.");
    if (!kept->succeeds && clock_wall_ms(&s->clock) >= kept->settles_ms)
        return answer_error(a, 400, kept->error_code, kept->error_message);
    return show(s, a, kept);
}

/* One part's amount is added to *sum_minor. */
static bool is_part(struct json_object *part, int64_t *sum_minor)
{
    struct json_object *amount = json_get(part, "amount");
    int64_t minor;

    if (!json_object_is_type(part, json_type_object) || !json_object_is_type(amount, json_type_int))
        return false;
    if (json_get(part, "sub_mid") && !routes_text(part, "sub_mid", LIMIT_PARTY))
        return false;
    minor = json_object_get_int64(amount);
    if (minor < 0 || minor > MONEY_MAX_MINOR)
        return false;
    *sum_minor += minor;
    return true;
}

/* [{"sub_mid", "amount"}] that add up to the amount; none at all is fine. */
static bool read_parts(struct arena *a, struct json_object *body, struct ledger_refund *r)
{
    struct json_object *parts = json_get(body, "parts");
    size_t n =
        parts && json_object_is_type(parts, json_type_array) ? json_object_array_length(parts) : 0;
    int64_t sum_minor = 0;

    if (!parts)
        return true;
    if (n < 1 || n > LIMIT_SPLIT_PARTIES)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_part(json_object_array_get_idx(parts, i), &sum_minor))
            return false;
    r->parts = json_write(a, parts);
    return sum_minor == r->amount.minor;
}

const char *refunds_read(const struct question *q, struct json_object **body,
                         struct ledger_refund *r)
{
    struct err e;

    if (str_empty(q->idempotency_key) || strlen(q->idempotency_key) > KEY_BYTES ||
        !str_printable_ascii(q->idempotency_key))
        return "The header Idempotency-Key must have 1 to 255 characters.";
    if (json_read(q->a, q->body, q->body_n, body, &e) != RC_OK ||
        !json_object_is_type(*body, json_type_object))
        return "The body must be a JSON object.";
    if (!routes_amount(*body, &r->amount))
        return "amount must be a whole number of minor units, currency an ISO 4217 code.";
    r->unique_request_id = routes_text(*body, "unique_request_id", LIMIT_UNIQUE_REQUEST_ID);
    r->gateway = routes_text(*body, "gateway", NAME_BYTES);
    if (!r->unique_request_id || !r->gateway)
        return "unique_request_id and gateway must be texts.";
    if (!read_parts(q->a, *body, r))
        return "parts must be objects with sub_mid and amount that add up to the amount.";
    r->idempotency_key = q->idempotency_key;
    return NULL;
}

static const char *read_wanted(const struct question *q, const char *payment_id,
                               struct ledger_refund *r)
{
    struct json_object *body, *instant;
    const char *why = refunds_read(q, &body, r);

    if (why)
        return why;
    instant = json_get(body, "instant");
    if (instant && !json_object_is_type(instant, json_type_boolean))
        return "instant must be true or false.";
    if (strlen(payment_id) > LIMIT_TXN_ID)
        return "The payment id is too long.";
    r->instant = json_object_get_boolean(instant);
    r->payment_id = payment_id;
    return NULL;
}

static void plan(struct service *s, struct arena *a, const struct fault_hit *hit,
                 struct ledger_refund *r)
{
    r->id = id_new();
    r->refund_id = id_random_hex(a, r->payout ? "sim_po_" : "sim_rf_", ID_DIGITS);
    r->arn = new_arn(a);
    r->created_ms = clock_wall_ms(&s->clock);
    r->settles_ms = r->created_ms + (hit->kind == FAULT_PENDING ? hit->ms : 0);
    r->succeeds = hit->kind != FAULT_REFUSE && !(hit->kind == FAULT_PENDING && hit->code);
    if (r->succeeds)
        return;
    r->error_code = hit->code;
    r->error_message = str_or(hit->message, "The gateway declined the request.");
}

struct answer refunds_carry_out(struct service *s, const struct question *q,
                                enum fault_operation operation, struct ledger_refund *wanted)
{
    struct fault_subject subject = {.operation = operation,
                                    .idempotency_key = wanted->idempotency_key,
                                    .unique_request_id = wanted->unique_request_id,
                                    .payment_id = wanted->payment_id,
                                    .txn_id = ""};
    struct fault_hit hit = faults_take(&s->faults, q->a, &subject);
    struct ledger_refund kept = {0};
    struct err e;

    plan(s, q->a, &hit, wanted);
    if (ledger_add_refund(s->db, q->a, wanted, hit.acts, &kept, &e) != RC_OK)
        return routes_error(s, q, &e);
    return routes_hit(q->a, &hit,
                      hit.acts ? settle(s, q->a, wanted, &kept) : (struct answer){.body = ""});
}

struct answer refunds_create(struct service *s, const struct question *q, const char *name)
{
    struct ledger_refund wanted = {0};
    const char *why = read_wanted(q, name, &wanted);

    return why ? answer_error(q->a, 400, "BAD_REQUEST", why)
               : refunds_carry_out(s, q, OPERATION_REFUND, &wanted);
}

struct answer refunds_ask(struct service *s, const struct question *q, const char *key, bool payout)
{
    struct ledger_calls calls = {.unique_request_id = "", .payment_id = ""};
    struct fault_subject subject = {
        .operation = OPERATION_INQUIRE, .idempotency_key = key, .txn_id = ""};
    struct ledger_refund kept = {0};
    struct fault_hit hit;
    struct answer whole;
    struct err e;
    enum rc rc;

    if (strlen(key) > KEY_BYTES)
        return answer_error(q->a, 400, "BAD_REQUEST", "The key is too long.");
    rc = ledger_calls_of(s->db, q->a, key, &calls, &e);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return routes_error(s, q, &e);
    subject.unique_request_id = calls.unique_request_id;
    subject.payment_id = calls.payment_id;
    hit = faults_take(&s->faults, q->a, &subject);
    rc = ledger_inquire(s->db, q->a, key, payout, &kept, &e);
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

struct answer refunds_inquire(struct service *s, const struct question *q, const char *name)
{
    return refunds_ask(s, q, name, false);
}
