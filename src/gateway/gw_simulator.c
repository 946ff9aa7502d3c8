/*
 * The simulator's answers. One is
 *     {"id", "status": "SUCCEEDED" | "PENDING" | "FAILED", "arn", "processed_at_ms", "error"}
 * and a refusal {"error": {"code", "message"}} with a 4xx. Whatever is neither is unknown.
 */
#include "gateway/gw_simulator.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

#define ARN_BYTES 64
#define LATEST_MS INT64_C(253402300799000) /* the year 9999 */

struct answer {
    struct json_object *body; /* NULL: not a JSON object */
    const char *error_code;   /* NULL: no well-formed error object */
    const char *error_message;
};

/* Statuses under 500 that do not say what became of the request. */
static const int vague_statuses[] = {408, 409, 425, 429};

static const struct {
    const char *word;
    enum gw_kind kind;
} refund_words[] = {
    {"SUCCEEDED", GW_DONE},
    {"PENDING", GW_ACCEPTED},
    {"FAILED", GW_REFUSED},
};

static const struct {
    const char *word;
    enum gw_payment_status status;
} payment_words[] = {
    {"SUCCEEDED", GW_PAYMENT_CHARGED},
    {"PENDING", GW_PAYMENT_PENDING},
    {"FAILED", GW_PAYMENT_FAILED},
};

/* A string member cut at `max` bytes; NULL when it is absent, empty or no string. */
static const char *text_of(struct arena *a, struct json_object *obj, const char *key, size_t max)
{
    struct json_object *v = json_get(obj, key);
    const char *s = json_object_is_type(v, json_type_string) ? json_object_get_string(v) : "";

    return *s ? arena_strndup(a, s, str_utf8_cut(s, max)) : NULL;
}

/* As text_of, for what is worthless when cut: longer than `max` is NULL. */
static const char *name_of(struct arena *a, struct json_object *obj, const char *key, size_t max)
{
    const char *s = text_of(a, obj, key, max + 1);

    return s && strlen(s) <= max ? s : NULL;
}

/* False when the member is there and is no time in ms. Absent or null: 0. */
static bool time_of(struct json_object *obj, const char *key, int64_t *ms)
{
    struct json_object *v = json_get(obj, key);

    *ms = 0;
    if (!v)
        return true;
    if (!json_object_is_type(v, json_type_int))
        return false;
    *ms = json_object_get_int64(v);
    return *ms >= 0 && *ms <= LATEST_MS;
}

static struct answer read_answer(struct arena *a, const struct http_result *r)
{
    struct answer answer = {0};
    struct json_object *body, *error;
    struct err ignored;

    if (r->end != HTTP_ANSWERED || json_read(a, r->body, r->body_n, &body, &ignored) != RC_OK)
        return answer;
    if (!json_object_is_type(body, json_type_object))
        return answer;
    answer.body = body;
    error = json_get(body, "error");
    if (json_object_is_type(error, json_type_object)) {
        answer.error_code = text_of(a, error, "code", LIMIT_ERROR_CODE);
        answer.error_message = text_of(a, error, "message", LIMIT_ERROR_MESSAGE);
    }
    return answer;
}

/* The body as text that may be stored and shown: bytes that are no text become '?'. */
static const char *words_of(struct arena *a, const struct http_result *r)
{
    size_t n = r->body_n;
    char *copy = arena_strndup(a, r->body ? r->body : "", n);

    if (!str_utf8_valid(copy, n)) {
        for (size_t i = 0; i < n; i++)
            if (copy[i] == '\0' || (unsigned char)copy[i] >= 0x80)
                copy[i] = '?';
    }
    copy[str_utf8_cut(copy, LIMIT_GATEWAY_WORDS)] = '\0';
    return copy;
}

static bool is_vague(int status)
{
    for (size_t i = 0; i < sizeof vague_statuses / sizeof *vague_statuses; i++)
        if (vague_statuses[i] == status)
            return true;
    return false;
}

static bool is_definite_no(const struct http_result *r, const struct answer *answer)
{
    return r->status >= 400 && r->status < 500 && answer->error_code && !is_vague(r->status);
}

static bool is_put_off(const struct http_result *r, const struct answer *answer)
{
    return (r->status == 429 || r->status == 503) && (str_eq(answer->error_code, "RATE_LIMITED") ||
                                                      str_eq(answer->error_code, "NOT_PROCESSED"));
}

static void set_error(struct gw_outcome *o, enum gw_kind kind, const struct answer *answer)
{
    o->kind = kind;
    o->error_code = answer->error_code;
    o->error_message = answer->error_message;
}

/* A refund as the body of a 2xx. Whatever is missing or of the wrong type leaves `o` alone. */
static void read_refund(struct arena *a, struct json_object *body, const struct answer *answer,
                        struct gw_outcome *o)
{
    const char *id = name_of(a, body, "id", LIMIT_UNIQUE_REQUEST_ID);
    const char *status = name_of(a, body, "status", LIMIT_ERROR_CODE);
    int64_t processed_at_ms;

    if (!id || !time_of(body, "processed_at_ms", &processed_at_ms))
        return;
    for (size_t i = 0; i < sizeof refund_words / sizeof *refund_words; i++) {
        if (!str_eq(status, refund_words[i].word))
            continue;
        set_error(o, refund_words[i].kind, answer);
        o->ref = id;
        o->arn = name_of(a, body, "arn", ARN_BYTES);
        o->processed_at_ms = processed_at_ms;
    }
}

static struct gw_outcome refund_parse(struct arena *a, const struct http_result *r)
{
    struct gw_outcome o = {.kind = GW_UNKNOWN, .words = words_of(a, r)};
    struct answer answer = read_answer(a, r);

    if (r->end == HTTP_NOT_SENT)
        o.kind = GW_NOT_SENT;
    else if (r->end != HTTP_ANSWERED || !answer.body)
        o.kind = GW_UNKNOWN;
    else if (r->status >= 200 && r->status < 300)
        read_refund(a, answer.body, &answer, &o);
    else if (is_put_off(r, &answer))
        set_error(&o, GW_NOT_SENT, &answer);
    else if (is_definite_no(r, &answer))
        set_error(&o, str_eq(answer.error_code, "BALANCE_TOO_LOW") ? GW_LOW_BALANCE : GW_REFUSED,
                  &answer);
    else
        set_error(&o, GW_UNKNOWN, &answer);
    return o;
}

static struct gw_outcome inquire_parse(struct arena *a, const struct http_result *r)
{
    struct gw_outcome o = {.kind = GW_UNKNOWN, .words = words_of(a, r)};
    struct answer answer = read_answer(a, r);

    if (!answer.body)
        return o;
    if (r->status >= 200 && r->status < 300)
        read_refund(a, answer.body, &answer, &o);
    else if (r->status == 404 && str_eq(answer.error_code, "NOT_FOUND"))
        set_error(&o, GW_ABSENT, &answer);
    else
        set_error(&o, GW_UNKNOWN, &answer);
    return o;
}

static void read_payment(struct arena *a, struct json_object *body, struct gw_payment_outcome *o)
{
    const char *id = name_of(a, body, "id", LIMIT_TXN_ID);
    const char *status = name_of(a, body, "status", LIMIT_ERROR_CODE);
    int64_t created_ms;

    if (!id || !time_of(body, "created_ms", &created_ms))
        return;
    for (size_t i = 0; i < sizeof payment_words / sizeof *payment_words; i++) {
        if (!str_eq(status, payment_words[i].word))
            continue;
        o->status = payment_words[i].status;
        o->payment_id = id;
        o->rrn = name_of(a, body, "rrn", ARN_BYTES);
        o->auth_id_code = name_of(a, body, "auth_id_code", ARN_BYTES);
        o->resp_code = text_of(a, body, "resp_code", LIMIT_ERROR_CODE);
        o->resp_message = text_of(a, body, "resp_message", LIMIT_ERROR_MESSAGE);
        o->created_ms = created_ms;
    }
}

static struct gw_payment_outcome charge_parse(struct arena *a, const struct http_result *r)
{
    struct gw_payment_outcome o = {.status = GW_PAYMENT_UNKNOWN};
    struct answer answer = read_answer(a, r);

    if (!answer.body)
        return o;
    if (r->status >= 200 && r->status < 300) {
        read_payment(a, answer.body, &o);
    } else if (is_definite_no(r, &answer)) {
        o.status = GW_PAYMENT_FAILED;
        o.resp_code = answer.error_code;
        o.resp_message = answer.error_message;
    }
    return o;
}

const struct gateway_ops gateway_simulator = {
    .adapter = "simulator",
    .refund_request = gw_simulator_refund,
    .refund_parse = refund_parse,
    .instant_request = gw_simulator_instant,
    .payout_request = gw_simulator_payout,
    .payout_inquire_request = gw_simulator_payout_inquire,
    .inquire_request = gw_simulator_inquire,
    .inquire_parse = inquire_parse,
    .charge_request = gw_simulator_charge,
    .charge_parse = charge_parse,
};
