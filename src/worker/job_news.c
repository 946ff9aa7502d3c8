/*
 * News from outside, out of the inbox: read between two transactions, and applied by the same
 * function as an import. What contradicts the store is kept as REFUSED with the reason; what comes
 * too early, or may be about a refund whose answer is on its way, waits its turn.
 */
#include "worker/worker.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/order_news.h"
#include "store/news.h"
#include "worker/news_hook.h"

#include <string.h>

#define NEWS_FIRST_MS INT64_C(5000)
#define NEWS_MAX_MS   INT64_C(3600000)
#define NEWS_ATTEMPTS 40 /* about a day and a half */
#define NEWS_FENCES   60 /* claims: what always ends the worker is put aside at last */

/* What becomes of it. */
struct verdict {
    const char *state; /* NULL: it waits */
    const char *said;
};

/* On its way from one transaction to the next. */
struct flight_news {
    struct news news;
    struct order_news *told;
    struct verdict read; /* state NULL: told is to be applied */
};

/* Events of the vendor's that bring an order object; any other is accepted and left alone. */
static bool is_order_event(const char *name)
{
    static const char *const prefixes[] = {"ORDER_", "TXN_", "REFUND_", "AUTO_REFUND_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (str_starts(name, prefixes[i]))
            return true;
    }
    return false;
}

static const char *list_faults(struct arena *a, const struct intake_fault *faults, int n)
{
    const char *text = "";
    for (int i = 0; i < n; i++)
        text = arena_printf(a, "%s%s%s %s", text, i > 0 ? "; " : "", faults[i].field,
                            faults[i].reason);
    return text;
}

/* *out NULL: *v says why. */
static void read_vendor(struct arena *a, struct json_object *body, struct order_news **out,
                        struct verdict *v)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct err e;
    int n = 0;
    const char *name = json_text(a, body, "event_name");
    bool has_order = json_get(json_get(body, "content"), "order") != NULL;
    if (json_has(body, "content") && (name == NULL || !is_order_event(name) || !has_order)) {
        *v = (struct verdict){"IGNORED", "is no event about an order"};
        return;
    }
    if (order_news_read(a, body, out, faults, &n, &e) != RC_OK)
        *v = (struct verdict){"REFUSED", arena_strdup(a, e.text)};
    else if (n > 0)
        *v = (struct verdict){"REFUSED", list_faults(a, faults, n)};
}

static void read_gateway(struct arena *a, hook_parse *parse, struct json_object *body,
                         struct order_news **out, struct verdict *v)
{
    struct intake_fault faults[INTAKE_MAX_FAULTS];
    struct hook_event *h = arena_alloc(a, sizeof *h);
    struct err e;
    int n = 0;
    if (parse(a, body, h, &e) != RC_OK) {
        *v = (struct verdict){"REFUSED", arena_strdup(a, e.text)};
    } else if (h->is_ignored) {
        *v = (struct verdict){"IGNORED", "is no event about a payment or refund"};
    } else if (order_news_read_gateway(a, news_hook_order(a, h), h->at_ms, out, faults, &n, &e) !=
               RC_OK) {
        *v = (struct verdict){"REFUSED", arena_strdup(a, e.text)};
    } else if (n > 0) {
        *v = (struct verdict){"REFUSED", list_faults(a, faults, n)};
    }
}

static struct order_news *read_news(struct arena *a, const struct news *n, struct verdict *v)
{
    struct json_object *body = NULL;
    struct order_news *out = NULL;
    struct err e;
    hook_parse *parse = hook_parser_find(n->source);
    if (json_read(a, n->body, strlen(n->body), &body, &e) != RC_OK)
        *v = (struct verdict){"REFUSED", arena_strdup(a, e.text)};
    else if (parse != NULL)
        read_gateway(a, parse, body, &out, v);
    else
        read_vendor(a, body, &out, v);
    if (out != NULL)
        order_news_heard(out, n->received_ms);
    return out;
}

static struct verdict verdict_of(enum order_news_end end, const char *why, bool last)
{
    switch (end) {
    case NEWS_APPLIED:
        return (struct verdict){"APPLIED", NULL};
    case NEWS_KNOWN:
        return (struct verdict){"APPLIED", "says nothing new"};
    case NEWS_REFUSED:
        return (struct verdict){"REFUSED", why};
    case NEWS_EARLY:
        return (struct verdict){last ? "IGNORED" : NULL, "the payment is not known"};
    default:
        return (struct verdict){"IGNORED", why};
    }
}

static enum rc apply_told(struct worker *w, struct sql *q, struct flight *f, struct verdict *v,
                          struct err *e)
{
    const struct flight_news *n = f->news;
    bool last = f->job.attempt >= NEWS_ATTEMPTS;
    enum order_news_end end;
    const char *why = NULL;
    struct err busy;
    enum rc rc = worker_parties(q, f, NULL, e);
    if (rc != RC_OK)
        return rc;
    const struct actor actor = {.kind = ACTOR_WORKER,
                                .merchant = n->news.merchant,
                                .merchant_id = f->merchant.merchant_id,
                                .name = n->news.source};
    rc = order_news_apply(q, f->arena, &actor, n->told, false, clock_wall_ms(&w->app->clock), &end,
                          &why, &busy);
    if (rc == RC_BUSY) {
        *v = (struct verdict){last ? "REFUSED" : NULL, arena_strdup(f->arena, busy.text)};
        return RC_OK;
    }
    if (rc == RC_OK)
        *v = verdict_of(end, why, last);
    else
        *e = busy;
    return rc;
}

static void log_refusal(const struct worker *w, const struct news *n, const struct verdict *v)
{
    if (str_eq(v->state, "REFUSED"))
        log_event(&w->app->log, LOG_WARN, "news_refused", "source", n->source, "event_id",
                  n->event_id, "why", v->said, NULL);
}

static enum rc settle(struct worker *w, struct sql *q, struct flight *f, const struct verdict *v,
                      struct err *e)
{
    const struct news *n = &f->news->news;
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    if (v->state == NULL)
        return jobs_again(q, &f->job,
                          now_ms + worker_backoff_ms(NEWS_FIRST_MS, NEWS_MAX_MS, f->job.attempt),
                          f->job.attempt + 1, e);
    enum rc rc = news_settle(q, n->id, v->state, v->said, now_ms, e);
    if (rc == RC_OK)
        rc = jobs_finish(q, &f->job, e);
    if (rc == RC_OK)
        log_refusal(w, n, v);
    return rc;
}

/* The claim is committed before a byte is read: what ends the worker then counts. */
static enum rc prepare(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    static const struct verdict given_up = {"REFUSED", "could not be applied; the log says why"};
    f->news = arena_alloc(f->arena, sizeof *f->news);
    enum rc rc = news_get(q, f->arena, f->job.subject, &f->news->news, e);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(f->news->news.state, "WAITING"))
        return jobs_finish(q, &f->job, e);
    if (f->job.fence > NEWS_FENCES)
        return settle(w, q, f, &given_up, e);
    f->wants_call = true;
    return RC_OK;
}

static void parse(struct flight *f, const struct http_result *r)
{
    (void)r;
    f->news->told = read_news(f->arena, &f->news->news, &f->news->read);
}

static enum rc apply(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    struct verdict v = f->news->read;
    enum rc rc = v.state == NULL ? apply_told(w, q, f, &v, e) : RC_OK;
    return rc == RC_OK ? settle(w, q, f, &v, e) : rc;
}

const struct job_kind job_news = {JOB_NEWS, prepare, NULL, parse, apply};
