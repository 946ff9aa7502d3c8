/*
 * The simulator's protocol (src/simgate serves it):
 *     POST /v1/payments/{payment_id}/refunds   {"amount", "currency", …, "instant", "parts"}
 *     POST /v1/payouts                         likewise, with "beneficiary" and "reference_id"
 *     GET  /v1/refunds/by-key/{key}, /v1/payouts/by-key/{key}
 *     POST /v1/payments                        a payment of test mode
 * Amounts are whole minor units; the key goes in the header Idempotency-Key.
 */
#include "core/json.h"
#include "core/str.h"
#include "gateway/gw_simulator.h"
#include <string.h>

#define JSON_TYPE   "Content-Type: application/json"
#define JSON_ACCEPT "Accept: application/json"

/* One path segment. A segment of dots alone would be a step, so its dots are escaped too. */
static void buf_segment(struct buf *b, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~";
    bool dots = s[strspn(s, ".")] == '\0';

    for (; *s; s++) {
        if (strchr(plain, *s) || (*s == '.' && !dots))
            buf_putc(b, *s);
        else
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)*s);
    }
}

static const char *url_of(struct arena *a, const struct gw_account *account, const char *before,
                          const char *segment, const char *after)
{
    struct buf b;
    size_t n = strlen(account->base_url);

    while (n > 0 && account->base_url[n - 1] == '/')
        n--;
    buf_init(&b, a);
    buf_add(&b, account->base_url, n);
    buf_puts(&b, before);
    buf_segment(&b, segment);
    buf_puts(&b, after);
    return buf_text(&b);
}

static void set_body(struct arena *a, struct http_call *call, struct json_object *body)
{
    call->body = json_write(a, body);
    call->body_n = strlen(call->body);
    call->headers[call->n_headers++] = JSON_TYPE;
}

/* A POST under the refund's own key with what every refund says of itself; the caller adds more and
 * closes it with set_body. */
static struct http_call keyed(struct arena *a, const struct gw_account *account,
                              const struct gw_refund *refund, struct json_object *body)
{
    struct http_call call = {.method = "POST", .headers = {JSON_ACCEPT}, .n_headers = 1};

    CHECK(!str_empty(refund->idempotency_key));
    call.headers[call.n_headers++] =
        arena_printf(a, "Idempotency-Key: %s", refund->idempotency_key);
    json_put_int(body, "amount", refund->amount.minor);
    json_put_text(body, "currency", refund->amount.currency);
    json_put_text(body, "unique_request_id", refund->unique_request_id);
    json_put_text(body, "gateway", account->gateway);
    json_put_text(body, "merchant", account->merchant);
    json_put_text(body, "order_id", refund->order_id);
    json_put_text(body, "txn_id", refund->txn_id);
    return call;
}

/* [{"sub_mid", "amount"}]; the marketplace's sub_mid is null. */
static void put_parts(struct arena *a, struct json_object *body, const struct gw_refund *refund)
{
    struct json_object *parts = json_array_in(a);

    for (int i = 0; i < refund->n_parts; i++) {
        const struct gw_part *part = &refund->parts[i];
        struct json_object *row = json_object_in(a);

        json_put_text(row, "sub_mid", str_empty(part->party) ? NULL : part->party);
        json_put_int(row, "amount", part->amount_minor);
        json_add(parts, row);
    }
    if (refund->n_parts > 0)
        json_put(body, "parts", parts);
}

static struct http_call back_to_source(struct arena *a, const struct gw_account *account,
                                       const struct gw_refund *refund, bool instant)
{
    struct json_object *body = json_object_in(a);
    struct http_call call = keyed(a, account, refund, body);

    CHECK(!str_empty(refund->payment_id));
    call.url = url_of(a, account, "/v1/payments/", refund->payment_id, "/refunds");
    if (instant)
        json_put_bool(body, "instant", true);
    put_parts(a, body, refund);
    set_body(a, &call, body);
    return call;
}

struct http_call gw_simulator_refund(struct arena *a, const struct gw_account *account,
                                     const struct gw_refund *refund)
{
    return back_to_source(a, account, refund, false);
}

struct http_call gw_simulator_instant(struct arena *a, const struct gw_account *account,
                                      const struct gw_refund *refund)
{
    return back_to_source(a, account, refund, true);
}

struct http_call gw_simulator_payout(struct arena *a, const struct gw_account *account,
                                     const struct gw_refund *refund)
{
    const struct gw_payee *payee = refund->payee;
    struct json_object *body = json_object_in(a), *beneficiary = json_object_in(a), *details;
    struct http_call call = keyed(a, account, refund, body);
    struct err e;

    CHECK(payee != NULL);
    CHECK(json_read(a, payee->details, strlen(payee->details), &details, &e) == RC_OK);
    call.url = url_of(a, account, "/v1/payouts", "", "");
    json_put_text(beneficiary, "type", payee->type);
    json_put(beneficiary, "details", details);
    json_put_text(beneficiary, "transfer_type", payee->transfer_type);
    json_put_text(beneficiary, "payout_mode", payee->payout_mode);
    json_put(body, "beneficiary", beneficiary);
    json_put_text(body, "reference_id", payee->reference_id);
    put_parts(a, body, refund);
    set_body(a, &call, body);
    return call;
}

static struct http_call inquire(struct arena *a, const struct gw_account *account,
                                const struct gw_refund *refund, const char *before)
{
    struct http_call call = {.method = "GET", .headers = {JSON_ACCEPT}, .n_headers = 1};

    CHECK(!str_empty(refund->idempotency_key));
    call.url = url_of(a, account, before, refund->idempotency_key, "");
    return call;
}

struct http_call gw_simulator_inquire(struct arena *a, const struct gw_account *account,
                                      const struct gw_refund *refund)
{
    return inquire(a, account, refund, "/v1/refunds/by-key/");
}

struct http_call gw_simulator_payout_inquire(struct arena *a, const struct gw_account *account,
                                             const struct gw_refund *refund)
{
    return inquire(a, account, refund, "/v1/payouts/by-key/");
}

struct http_call gw_simulator_charge(struct arena *a, const struct gw_account *account,
                                     const struct gw_payment *payment)
{
    struct http_call call = {.method = "POST", .headers = {JSON_ACCEPT}, .n_headers = 1};
    struct json_object *body = json_object_in(a);

    call.url = url_of(a, account, "/v1/payments", "", "");
    json_put_text(body, "txn_id", payment->txn_id);
    json_put_text(body, "order_id", payment->order_id);
    json_put_int(body, "amount", payment->amount.minor);
    json_put_text(body, "currency", payment->amount.currency);
    json_put_text(body, "gateway", account->gateway);
    set_body(a, &call, body);
    return call;
}
