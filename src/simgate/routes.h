/*
 * Routes of the simulator: a question in, an answer out, no socket in sight.
 */
#ifndef SIMGATE_ROUTES_H
#define SIMGATE_ROUTES_H

#include "core/clock.h"
#include "core/log.h"
#include "core/money.h"
#include "simgate/answer.h"
#include "simgate/faults.h"
#include <stdbool.h>

struct sql_db;

/* What all requests share; owned by simgate.c. */
struct service {
    struct sql_db *db;
    struct faults faults;
    struct clock clock;
    int64_t pending_ms;
    const struct log *log;
};

/* One request, read whole. */
struct question {
    struct arena *a;
    const char *method;
    const char *path;            /* percent-decoded, without the query */
    const char *idempotency_key; /* the header, or NULL */
    const char *body;
    size_t body_n;
    const char *unique_request_id, *after; /* of the query, or NULL */
    bool from_loopback;
};

/* The route's answer; 404 NO_SUCH_ROUTE or 405 when there is none. Any thread may call it. */
struct answer routes_answer(struct service *s, const struct question *q);

/* Handlers; `name` is the variable part of the path, or NULL. */
struct answer refunds_create(struct service *s, const struct question *q, const char *name);
struct answer refunds_inquire(struct service *s, const struct question *q, const char *name);
struct answer payouts_create(struct service *s, const struct question *q, const char *name);
struct answer payouts_inquire(struct service *s, const struct question *q, const char *name);
struct answer payments_charge(struct service *s, const struct question *q, const char *name);
struct answer payments_show(struct service *s, const struct question *q, const char *name);
struct answer control_health(struct service *s, const struct question *q, const char *name);
struct answer control_ledger(struct service *s, const struct question *q, const char *name);
struct answer control_faults_add(struct service *s, const struct question *q, const char *name);
struct answer control_faults_list(struct service *s, const struct question *q, const char *name);
struct answer control_faults_clear(struct service *s, const struct question *q, const char *name);

/* An error of ours as an answer. A write that was withdrawn says so: nothing was processed. */
struct answer routes_error(struct service *s, const struct question *q, const struct err *e);
/* The answer of a request as the fault that hit it leaves it. */
struct answer routes_hit(struct arena *a, const struct fault_hit *hit, struct answer whole);

/* A member of a JSON body: text of 1 to max bytes, else NULL. */
const char *routes_text(struct json_object *body, const char *key, size_t max);
/* `amount` (minor units, a whole number) and `currency` (a known code). */
bool routes_amount(struct json_object *body, struct money *out);

#endif
