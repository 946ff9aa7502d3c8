#include "simgate/routes.h"
#include "core/str.h"
#include <string.h>

typedef struct answer route_fn(struct service *, const struct question *, const char *name);

static const struct route {
    const char *method;
    const char *before; /* of the variable part; the whole path when `after` is NULL */
    const char *after;
    route_fn *handle;
    bool control; /* loopback peers only */
} routes[] = {
    {"POST", "/v1/payments", NULL, payments_charge, false},
    {"POST", "/v1/payments/", "/refunds", refunds_create, false},
    {"GET", "/v1/payments/", "", payments_show, false},
    {"GET", "/v1/refunds/by-key/", "", refunds_inquire, false},
    {"POST", "/v1/payouts", NULL, payouts_create, false},
    {"GET", "/v1/payouts/by-key/", "", payouts_inquire, false},
    {"GET", "/healthz", NULL, control_health, false},
    {"POST", "/control/faults", NULL, control_faults_add, true},
    {"GET", "/control/faults", NULL, control_faults_list, true},
    {"DELETE", "/control/faults", NULL, control_faults_clear, true},
    {"GET", "/control/ledger", NULL, control_ledger, true},
};

static const struct {
    enum rc rc;
    int status;
    const char *code;
} errors[] = {
    {RC_INVALID, 400, "BAD_REQUEST"}, {RC_TOO_LARGE, 413, "TOO_LARGE"},
    {RC_LIMITED, 400, "TOO_MANY"},    {RC_NOT_FOUND, 404, "NOT_FOUND"},
    {RC_BUSY, 503, "NOT_PROCESSED"},
};

struct answer routes_error(struct service *s, const struct question *q, const struct err *e)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].rc == e->rc)
            return answer_error(q->a, errors[i].status, errors[i].code,
                                arena_printf(q->a, "%s (%s)", e->text, e->detail));
    log_err(s->log, q->path, e);
    return answer_error(q->a, 500, "INTERNAL", e->text);
}

struct answer routes_hit(struct arena *a, const struct fault_hit *hit, struct answer whole)
{
    if (hit->status)
        whole = answer_error(a, hit->status, hit->code, hit->message);
    whole.end = hit->end;
    whole.ms = hit->ms;
    return whole;
}

const char *routes_text(struct json_object *body, const char *key, size_t max)
{
    struct json_object *v = json_get(body, key);
    const char *s = json_object_is_type(v, json_type_string) ? json_object_get_string(v) : "";

    return *s && strlen(s) <= max ? s : NULL;
}

bool routes_amount(struct json_object *body, struct money *out)
{
    struct json_object *v = json_get(body, "amount");
    const char *currency = routes_text(body, "currency", sizeof out->currency - 1);

    if (!currency || money_exponent(currency) < 0 || !json_object_is_type(v, json_type_int))
        return false;
    (void)str_copy(out->currency, sizeof out->currency, currency);
    out->minor = json_object_get_int64(v);
    return out->minor >= 1 && out->minor <= MONEY_MAX_MINOR;
}

/* True when the path is the route's; *name is its variable part. */
static bool path_is(struct arena *a, const struct route *r, const char *path, const char **name)
{
    size_t before_n = strlen(r->before);
    size_t n = strlen(path);

    *name = NULL;
    if (!r->after)
        return str_eq(path, r->before);
    if (!str_starts(path, r->before) || !str_ends(path, r->after) ||
        n <= before_n + strlen(r->after))
        return false;
    *name = arena_strndup(a, path + before_n, n - before_n - strlen(r->after));
    return true;
}

struct answer routes_answer(struct service *s, const struct question *q)
{
    bool known = false;
    const char *name;

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!path_is(q->a, &routes[i], q->path, &name))
            continue;
        known = true;
        if (!str_eq(q->method, routes[i].method))
            continue;
        if (routes[i].control && !q->from_loopback)
            return answer_error(q->a, 403, "LOOPBACK_ONLY", "Control is for loopback peers.");
        return routes[i].handle(s, q, name);
    }
    if (known)
        return answer_error(q->a, 405, "METHOD_NOT_ALLOWED", "This path has other methods.");
    return answer_error(q->a, 404, "NO_SUCH_ROUTE", "There is nothing at this path.");
}
