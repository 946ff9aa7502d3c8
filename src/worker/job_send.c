#include "worker/outcome.h"

#include "core/str.h"
#include "worker/crash.h"

#define RECHECK_MS 15000 /* sending is stopped or the gateway paused: look again */

static const enum refund_event events[GW_KIND_COUNT] = {
    [GW_ACCEPTED] = EVENT_ACCEPTED, [GW_DONE] = EVENT_DONE,
    [GW_REFUSED] = EVENT_REFUSED,   [GW_NOT_SENT] = EVENT_NOT_SENT,
    [GW_UNKNOWN] = EVENT_UNKNOWN,   [GW_LOW_BALANCE] = EVENT_LOW_BALANCE,
    [GW_ABSENT] = EVENT_UNKNOWN,
};

static enum rc lease_lost(struct worker *w, struct sql *q, struct flight *f, int64_t now_ms,
                          struct err *e)
{
    struct refund_news news = outcome_news(w, f, EVENT_LEASE_LOST, now_ms);
    news.detail = "The worker stopped while sending; asking the gateway.";
    return refund_apply(q, f->arena, f->job.subject, EVENT_LEASE_LOST, &news, now_ms, NULL, e);
}

static enum rc prepare(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    struct refund r;
    struct machine_step step;

    enum rc rc = worker_load_refund(q, f, &r, e);
    if (rc == RC_OK && f->job.leased && str_eq(r.state, machine_state_name(STATE_SENDING)))
        return lease_lost(w, q, f, now_ms, e);
    if (rc == RC_OK)
        rc = worker_parties(q, f, r.gateway, e);
    if (rc == RC_OK && (f->merchant.sending_stopped || f->gateway.paused))
        return jobs_again(q, &f->job, now_ms + RECHECK_MS, f->job.attempt, e);
    if (rc == RC_OK)
        rc = worker_account(w, q, f, r.gateway, e);
    if (rc != RC_OK)
        return rc;

    const struct refund_news news = {.actor = "worker"};
    rc = refund_apply(q, f->arena, r.id, EVENT_SEND, &news, now_ms, &step, e);
    if (rc != RC_OK)
        return rc;
    if (step.verdict != VERDICT_MOVE)
        return jobs_finish(q, &f->job, e);
    f->wants_call = true;
    return RC_OK;
}

static struct http_call call(struct flight *f)
{
    return f->ops->refund_request(f->arena, &f->account, &f->refund);
}

static void parse(struct flight *f, const struct http_result *r)
{
    f->outcome = f->ops->refund_parse(f->arena, r);
    f->detail = r->end == HTTP_ANSWERED ? NULL : r->detail;
}

static enum rc apply(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    enum refund_event event = events[f->outcome.kind];
    struct refund_news news = outcome_news(w, f, event, now_ms);
    enum rc rc = jobs_finish(q, &f->job, e);
    if (rc != RC_OK)
        return rc;
    if (event == EVENT_ACCEPTED || event == EVENT_UNKNOWN)
        news.attempt = 0; /* inquiries count their own attempts */
    return refund_apply(q, f->arena, f->refund_row, event, &news, now_ms, NULL, e);
}

const struct job_kind job_send = {JOB_SEND, prepare, call, parse, apply};
