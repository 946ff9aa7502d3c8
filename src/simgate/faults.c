#include "simgate/faults.h"
#include "core/str.h"
#include <string.h>

#define MATCH_FIELDS 4

struct fault {
    char match[MATCH_FIELDS][LIMIT_UNIQUE_REQUEST_ID + 1]; /* "": any */
    int operation;                                         /* enum fault_operation, or -1: any */
    enum fault_kind kind;
    int64_t times;
    int64_t ms; /* 0: the kind's own */
    char code[LIMIT_ERROR_CODE + 1];
    char message[LIMIT_ERROR_MESSAGE + 1];
};

static const char *const match_names[MATCH_FIELDS] = {"idempotency_key", "unique_request_id",
                                                      "payment_id", "txn_id"};

static const char *const operation_names[] = {
    [OPERATION_REFUND] = "refund", [OPERATION_PAYOUT] = "payout",   [OPERATION_INQUIRE] = "inquire",
    [OPERATION_CHARGE] = "charge", [OPERATION_PAYMENT] = "payment",
};

static const struct {
    const char *name;
    struct fault_hit hit;
} kinds[FAULT_KIND_COUNT] = {
    [FAULT_NONE] = {"", {.acts = true}},
    [FAULT_REFUSE] = {"refuse",
                      {.acts = true,
                       .code = "REFUND_DECLINED",
                       .message = "The gateway declined the request."}},
    [FAULT_TIMEOUT_BEFORE] = {"timeout_before", {.end = END_HOLD, .ms = LIMIT_SIMGATE_FAULT_MS}},
    [FAULT_TIMEOUT_AFTER] = {"timeout_after",
                             {.acts = true, .end = END_HOLD, .ms = LIMIT_SIMGATE_FAULT_MS}},
    [FAULT_RESET_BEFORE] = {"reset_before", {.end = END_RESET}},
    [FAULT_RESET_AFTER] = {"reset_after", {.acts = true, .end = END_RESET}},
    [FAULT_ERROR_500_BEFORE] = {"error_500_before",
                                {.status = 500, .code = "INTERNAL", .message = "Internal error."}},
    [FAULT_ERROR_500_AFTER] =
        {"error_500_after",
         {.acts = true, .status = 500, .code = "INTERNAL", .message = "Internal error."}},
    [FAULT_CONFLICT_409] = {"conflict_409",
                            {.status = 409,
                             .code = "KEY_IN_PROGRESS",
                             .message = "A request with this key is in progress."}},
    [FAULT_TRUNCATED_JSON] = {"truncated_json", {.acts = true, .end = END_TRUNCATE}},
    [FAULT_SLOW_BODY] = {"slow_body", {.acts = true, .end = END_SLOW, .ms = 3000}},
    [FAULT_PENDING] = {"pending", {.acts = true, .ms = 3000}},
    [FAULT_LOW_BALANCE] = {"low_balance",
                           {.status = 402,
                            .code = "BALANCE_TOO_LOW",
                            .message = "The balance of the merchant account is too low."}},
    [FAULT_RATE_LIMITED] = {"rate_limited",
                            {.status = 429,
                             .code = "RATE_LIMITED",
                             .message = "Too many requests; nothing was processed."}},
};

void faults_init(struct faults *f, struct arena *a)
{
    CHECK(pthread_mutex_init(&f->lock, NULL) == 0);
    f->list = arena_array(a, LIMIT_SIMGATE_FAULTS, sizeof *f->list);
    f->n = 0;
}

/* ---- reading a script -------------------------------------------------------------------------
 */

static enum rc read_match(struct json_object *match, struct fault *fault, struct err *e)
{
    json_object_object_foreach(match, key, value)
    {
        const char *text = json_object_get_string(value);
        int known = -1;

        if (!json_object_is_type(value, json_type_string) || str_empty(text))
            return ERR(e, RC_INVALID, "What match names must be texts.", "match.%s", key);
        for (int i = 0; i < MATCH_FIELDS; i++)
            if (str_eq(key, match_names[i]))
                known = i;
        if (known >= 0 && !str_copy(fault->match[known], sizeof fault->match[known], text))
            return ERR(e, RC_INVALID, "A text of match is too long.", "match.%s", key);
        for (size_t i = 0; i < sizeof operation_names / sizeof *operation_names; i++)
            if (str_eq(key, "operation") && str_eq(text, operation_names[i]))
                fault->operation = known = (int)i;
        if (known < 0)
            return ERR(e, RC_INVALID,
                       "match takes idempotency_key, unique_request_id, payment_id, txn_id, and "
                       "operation: refund, payout, inquire, charge or payment.",
                       "match.%s: %s", key, text);
    }
    return RC_OK;
}

static enum rc read_number(struct json_object *value, const char *key, int64_t max, int64_t *out,
                           struct err *e)
{
    *out = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : -1;
    if (*out < 1 || *out > max)
        return ERR(e, RC_INVALID, "times (to 1000000) and ms (to 120000) are whole numbers from 1.",
                   "%s", key);
    return RC_OK;
}

static enum rc read_kind(const char *name, enum fault_kind *kind, struct err *e)
{
    for (int i = FAULT_NONE + 1; i < FAULT_KIND_COUNT; i++) {
        if (str_eq(kinds[i].name, name)) {
            *kind = (enum fault_kind)i;
            return RC_OK;
        }
    }
    return ERR(e, RC_INVALID, "There is no such fault.", "fault: %s", str_or(name, "missing"));
}

static enum rc read_member(struct arena *a, struct json_object *body, const char *key,
                           struct fault *fault, struct err *e)
{
    struct json_object *value = json_get(body, key);
    bool fits = false;

    if (str_eq(key, "match") && json_object_is_type(value, json_type_object))
        return read_match(value, fault, e);
    if (str_eq(key, "fault"))
        return read_kind(json_text(a, body, key), &fault->kind, e);
    if (str_eq(key, "times"))
        return read_number(value, key, 1000000, &fault->times, e);
    if (str_eq(key, "ms"))
        return read_number(value, key, LIMIT_SIMGATE_FAULT_MS, &fault->ms, e);
    if (str_eq(key, "code"))
        fits = str_copy(fault->code, sizeof fault->code, str_or(json_text(a, body, key), ""));
    if (str_eq(key, "message"))
        fits = str_copy(fault->message, sizeof fault->message, str_or(json_text(a, body, key), ""));
    if (!fits)
        return ERR(e, RC_INVALID, "A fault has match, fault, times, ms, code and message.", "%s",
                   key);
    return RC_OK;
}

enum rc faults_add(struct faults *f, struct arena *a, struct json_object *body, struct err *e)
{
    struct fault fault = {.operation = -1, .times = 1};
    bool full;

    if (!json_object_is_type(body, json_type_object))
        return ERR(e, RC_INVALID, "A fault is a JSON object.", "no object");
    json_object_object_foreach(body, key, value)
    {
        enum rc rc = read_member(a, body, key, &fault, e);

        (void)value;
        if (rc != RC_OK)
            return rc;
    }
    if (fault.kind == FAULT_NONE)
        return ERR(e, RC_INVALID, "There is no such fault.", "fault is missing");
    pthread_mutex_lock(&f->lock);
    full = f->n == LIMIT_SIMGATE_FAULTS;
    if (!full)
        f->list[f->n++] = fault;
    pthread_mutex_unlock(&f->lock);
    if (full)
        return ERR(e, RC_LIMITED, "Too many faults are scripted.", "%d", LIMIT_SIMGATE_FAULTS);
    return RC_OK;
}

/* ---- taking -----------------------------------------------------------------------------------
 */

static bool is_hit(const struct fault *fault, const struct fault_subject *s)
{
    const char *const facts[MATCH_FIELDS] = {s->idempotency_key, s->unique_request_id,
                                             s->payment_id, s->txn_id};

    if (fault->operation >= 0 && fault->operation != (int)s->operation)
        return false;
    for (int i = 0; i < MATCH_FIELDS; i++)
        if (fault->match[i][0] && !str_eq(fault->match[i], facts[i]))
            return false;
    return true;
}

static struct fault_hit hit_of(struct arena *a, const struct fault *fault)
{
    struct fault_hit hit = kinds[fault->kind].hit;

    hit.kind = fault->kind;
    if (fault->ms)
        hit.ms = fault->ms;
    if (fault->code[0])
        hit.code = arena_strdup(a, fault->code);
    if (fault->message[0])
        hit.message = arena_strdup(a, fault->message);
    return hit;
}

struct fault_hit faults_take(struct faults *f, struct arena *a, const struct fault_subject *subject)
{
    struct fault_hit hit = kinds[FAULT_NONE].hit;

    pthread_mutex_lock(&f->lock);
    for (int i = 0; i < f->n; i++) {
        if (!is_hit(&f->list[i], subject))
            continue;
        hit = hit_of(a, &f->list[i]);
        if (--f->list[i].times == 0) {
            f->n--;
            memmove(&f->list[i], &f->list[i + 1], (size_t)(f->n - i) * sizeof *f->list);
        }
        break;
    }
    pthread_mutex_unlock(&f->lock);
    return hit;
}

int faults_clear(struct faults *f)
{
    int n;

    pthread_mutex_lock(&f->lock);
    n = f->n;
    f->n = 0;
    pthread_mutex_unlock(&f->lock);
    return n;
}

struct json_object *faults_list(struct faults *f, struct arena *a)
{
    struct json_object *list = json_array_in(a);

    pthread_mutex_lock(&f->lock);
    for (int i = 0; i < f->n; i++) {
        const struct fault *fault = &f->list[i];
        struct json_object *row = json_object_in(a);
        struct json_object *match = json_object_in(a);

        for (int k = 0; k < MATCH_FIELDS; k++)
            if (fault->match[k][0])
                json_put_text(match, match_names[k], fault->match[k]);
        if (fault->operation >= 0)
            json_put_text(match, "operation", operation_names[fault->operation]);
        json_put(row, "match", match);
        json_put_text(row, "fault", kinds[fault->kind].name);
        json_put_int(row, "times", fault->times);
        json_put_int(row, "ms", hit_of(a, fault).ms);
        json_add(list, row);
    }
    pthread_mutex_unlock(&f->lock);
    return list;
}
