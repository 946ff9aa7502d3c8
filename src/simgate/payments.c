/*
 * POST /v1/payments, GET /v1/payments/{txn_id}: test-mode payments by the vendor's sandbox rule
 * (below 500 of the currency they succeed, from 500 they fail, from 700 they are pending first).
 */
#include "core/digest.h"
#include "core/id.h"
#include "core/str.h"
#include "simgate/ledger.h"
#include "simgate/routes.h"
#include <string.h>

#define FAILS_FROM_MAJOR   500
#define PENDING_FROM_MAJOR 700
#define ID_DIGITS          16
#define RRN_DIGITS         12
#define AUTH_DIGITS        6

static bool is_at_least(const struct money *m, int64_t major)
{
    for (int i = money_exponent(m->currency); i > 0; i--)
        major *= 10;
    return m->minor >= major;
}

static struct answer show(struct service *s, struct arena *a, const struct ledger_payment *p)
{
    bool pending = clock_wall_ms(&s->clock) < p->settles_ms;
    bool charged = !pending && p->succeeds;
    struct json_object *body = json_object_in(a);

    json_put_text(body, "id", p->payment_id);
    json_put_text(body, "object", "payment");
    json_put_text(body, "txn_id", p->txn_id);
    json_put_text(body, "status", pending ? "PENDING" : charged ? "SUCCEEDED" : "FAILED");
    json_put_int(body, "amount", p->amount.minor);
    json_put_text(body, "currency", p->amount.currency);
    json_put_text(body, "rrn", charged ? p->rrn : NULL);
    json_put_text(body, "auth_id_code", charged ? p->auth_id_code : NULL);
    json_put_text(body, "resp_code", pending ? NULL : p->resp_code);
    json_put_text(body, "resp_message", pending ? NULL : p->resp_message);
    json_put_int(body, "created_ms", pending ? p->created_ms : p->settles_ms);
    return answer_json(a, 200, body);
}

static bool read_wanted(const struct question *q, struct ledger_payment *p)
{
    struct json_object *body;
    struct err e;

    if (json_read(q->a, q->body, q->body_n, &body, &e) != RC_OK ||
        !json_object_is_type(body, json_type_object))
        return false;
    p->txn_id = routes_text(body, "txn_id", LIMIT_TXN_ID);
    return p->txn_id && routes_amount(body, &p->amount);
}

static const char *random_digits(struct arena *a, int n)
{
    uint8_t random[RRN_DIGITS];
    char *digits = arena_alloc(a, (size_t)n + 1);

    CHECK(n <= RRN_DIGITS);
    digest_random(random, sizeof random);
    for (int i = 0; i < n; i++)
        digits[i] = (char)('0' + random[i] % 10);
    return digits;
}

static void plan(struct service *s, struct arena *a, const struct fault_hit *hit,
                 struct ledger_payment *p)
{
    bool pending = is_at_least(&p->amount, PENDING_FROM_MAJOR);

    p->payment_id = id_random_hex(a, "sim_pay_", ID_DIGITS);
    p->rrn = random_digits(a, RRN_DIGITS);
    p->auth_id_code = random_digits(a, AUTH_DIGITS);
    p->created_ms = clock_wall_ms(&s->clock);
    p->settles_ms = p->created_ms + (hit->kind == FAULT_PENDING ? hit->ms
                                     : pending                  ? s->pending_ms
                                                                : 0);
    p->succeeds = (pending || !is_at_least(&p->amount, FAILS_FROM_MAJOR)) &&
                  hit->kind != FAULT_REFUSE && !(hit->kind == FAULT_PENDING && hit->code);
    p->resp_code = p->succeeds ? "00" : str_or(hit->code, "05");
    p->resp_message =
        p->succeeds ? "Approved" : str_or(hit->message, "The bank declined the payment.");
}

struct answer payments_charge(struct service *s, const struct question *q, const char *name)
{
    struct ledger_payment wanted = {0}, kept = {0};
    struct fault_subject subject = {.operation = OPERATION_CHARGE,
                                    .idempotency_key = "",
                                    .unique_request_id = "",
                                    .payment_id = ""};
    struct fault_hit hit;
    struct answer whole = {.body = ""};
    struct err e;

    (void)name;
    if (!read_wanted(q, &wanted))
        return answer_error(q->a, 400, "BAD_REQUEST",
                            "A payment has txn_id, amount (minor units) and currency.");
    subject.txn_id = wanted.txn_id;
    hit = faults_take(&s->faults, q->a, &subject);
    if (!hit.acts)
        return routes_hit(q->a, &hit, whole);
    plan(s, q->a, &hit, &wanted);
    if (ledger_add_payment(s->db, q->a, &wanted, &kept, &e) != RC_OK)
        return routes_error(s, q, &e);
    if (wanted.amount.minor != kept.amount.minor ||
        !str_eq(wanted.amount.currency, kept.amount.currency))
        whole = answer_error(q->a, 409, "KEY_REUSED", "This txn was charged with another amount.");
    else
        whole = show(s, q->a, &kept);
    return routes_hit(q->a, &hit, whole);
}

struct answer payments_show(struct service *s, const struct question *q, const char *name)
{
    struct fault_subject subject = {.operation = OPERATION_PAYMENT,
                                    .idempotency_key = "",
                                    .unique_request_id = "",
                                    .payment_id = "",
                                    .txn_id = name};
    struct fault_hit hit = faults_take(&s->faults, q->a, &subject);
    struct ledger_payment p;
    struct answer whole;
    struct err e;

    if (hit.kind == FAULT_REFUSE)
        return answer_error(q->a, 400, hit.code, hit.message);
    if (ledger_payment_of(s->db, q->a, name, &p, &e) != RC_OK)
        whole = routes_error(s, q, &e);
    else
        whole = show(s, q->a, &p);
    return routes_hit(q->a, &hit, whole);
}
