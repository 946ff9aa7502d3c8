#include "worker/outcome.h"

#include "core/str.h"
#include "store/split.h"
#include "worker/crash.h"
#include "worker/payee.h"

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

/* The parts of a split settlement go along. */
static enum rc load_parts(struct sql *q, struct flight *f, struct err *e)
{
    struct party *parties;
    int n = 0;
    enum rc rc = split_of_refund(q, f->arena, f->refund_row, &parties, &n, e);
    if (rc != RC_OK || n == 0)
        return rc;
    struct gw_part *parts = arena_array(f->arena, (size_t)n, sizeof *parts);
    for (int i = 0; i < n; i++)
        parts[i] = (struct gw_part){parties[i].party, parties[i].amount_minor};
    f->refund.parts = parts;
    f->refund.n_parts = n;
    return RC_OK;
}

/* Everything the call needs. What can never be sent like this gets an error_code in *why. */
static enum rc equip(struct worker *w, struct sql *q, struct flight *f, struct refund_news *why,
                     struct err *e)
{
    f->operation = operation_send(f->ops, &f->gateway, f->refund_type);
    if (f->operation == NULL) {
        why->error_code = "REFUND_TYPE_NOT_SUPPORTED";
        why->error_message = arena_printf(f->arena, "%s cannot do a refund of type %s.",
                                          f->account.gateway, f->refund_type);
        return RC_OK;
    }
    enum rc rc = load_parts(q, f, e);
    if (rc != RC_OK || !operation_pays_out(f->refund_type))
        return rc;
    rc = payee_open(w, q, f, e);
    if (rc == RC_OK || (rc != RC_NOT_FOUND && rc != RC_INVALID))
        return rc;
    why->error_code = "BENEFICIARY_UNREADABLE";
    why->error_message = "The account to pay out to cannot be opened: ask for the refund again.";
    return RC_OK;
}

/* Nothing is sent. A refund that the gateway may know of is no FAILURE for that: it waits. */
static enum rc unsendable(struct worker *w, struct sql *q, struct flight *f,
                          const struct refund_news *why, int64_t now_ms, struct err *e)
{
    struct machine_step step;
    enum rc rc = refund_apply(q, f->arena, f->refund_row, EVENT_UNSENDABLE, why, now_ms, &step, e);
    if (rc != RC_OK || step.verdict == VERDICT_MOVE)
        return rc;
    log_event(&w->app->log, LOG_WARN, "unsendable", "why", why->error_message, NULL);
    return step.verdict == VERDICT_REFUSE
               ? jobs_again(q, &f->job, now_ms + RECHECK_MS, f->job.attempt, e)
               : jobs_finish(q, &f->job, e);
}

static enum rc prepare(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    struct refund_news news = {.actor = "worker"};
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
    if (rc == RC_OK)
        rc = equip(w, q, f, &news, e);
    if (rc == RC_OK && news.error_code != NULL)
        return unsendable(w, q, f, &news, now_ms, e);
    if (rc != RC_OK)
        return rc;

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
    return f->operation(f->arena, &f->account, &f->refund);
}

static void parse(struct flight *f, const struct http_result *r)
{
    f->outcome = f->ops->refund_parse(f->arena, r);
    f->detail = r->end == HTTP_ANSWERED ? NULL : r->detail;
    payee_hide(f);
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
