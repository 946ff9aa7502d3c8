#include "worker/outcome.h"

#include "core/str.h"
#include "worker/payee.h"

static const enum refund_event events[GW_KIND_COUNT] = {
    [GW_ACCEPTED] = EVENT_ACCEPTED, [GW_DONE] = EVENT_DONE,       [GW_REFUSED] = EVENT_REFUSED,
    [GW_NOT_SENT] = EVENT_UNKNOWN,  [GW_UNKNOWN] = EVENT_UNKNOWN, [GW_LOW_BALANCE] = EVENT_UNKNOWN,
    [GW_ABSENT] = EVENT_ABSENT,
};

/* Under review nothing is asked on schedule, only by a Sync. */
static bool may_ask(const struct refund *r)
{
    return str_eq(r->state, machine_state_name(STATE_ACCEPTED)) ||
           str_eq(r->state, machine_state_name(STATE_UNKNOWN)) ||
           (r->sent && str_eq(r->state, machine_state_name(STATE_MANUAL_REVIEW)));
}

/* An account that cannot be opened is no reason not to ask: what is said is not kept then. */
static enum rc open_or_hide(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    enum rc rc = payee_open(w, q, f, e);
    if (rc != RC_NOT_FOUND && rc != RC_INVALID)
        return rc;
    log_err(&w->app->log, "asking about a payout", e);
    return RC_OK;
}

static enum rc prepare(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    struct refund r;
    enum rc rc = worker_load_refund(q, f, &r, e);
    if (rc != RC_OK)
        return rc;
    if (!may_ask(&r))
        return jobs_finish(q, &f->job, e);
    f->was_accepted = str_eq(r.state, machine_state_name(STATE_ACCEPTED));
    rc = worker_account(w, q, f, r.gateway, e);
    if (rc == RC_OK && operation_pays_out(r.refund_type))
        rc = open_or_hide(w, q, f, e);
    if (rc == RC_OK && (f->operation = operation_inquire(f->ops, r.refund_type)) == NULL)
        rc = ERR(e, RC_INVALID, "The desk cannot ask this gateway about such a refund.",
                 "gateway %s, type %s", r.gateway, r.refund_type);
    f->wants_call = rc == RC_OK;
    return rc;
}

static struct http_call call(struct flight *f)
{
    return f->operation(f->arena, &f->account, &f->refund);
}

static void parse(struct flight *f, const struct http_result *r)
{
    f->outcome = f->ops->inquire_parse(f->arena, r);
    f->detail = r->end == HTTP_ANSWERED ? NULL : r->detail;
    payee_hide(f);
}

/* "Never heard of it" is believed only when the request can no longer be on its way, and never of a
 * gateway that has accepted it before: that one is asked on. */
static enum refund_event event_of(const struct worker *w, const struct flight *f, int64_t now_ms)
{
    enum refund_event event = events[f->outcome.kind];
    bool settled = now_ms - f->sent_ms >= w->app->config.absent_after_ms;
    bool believed = settled && !f->was_accepted;
    return event == EVENT_ABSENT && !believed ? EVENT_UNKNOWN : event;
}

static enum rc apply(struct worker *w, struct sql *q, struct flight *f, struct err *e)
{
    int64_t now_ms = clock_wall_ms(&w->app->clock);
    enum refund_event event = event_of(w, f, now_ms);
    struct refund_news news = outcome_news(w, f, event, now_ms);
    enum rc rc = jobs_finish(q, &f->job, e);
    if (rc != RC_OK)
        return rc;
    if (event == EVENT_ABSENT)
        news.detail = "The gateway has never heard of it; sending again with the same key.";
    if ((event == EVENT_ACCEPTED || event == EVENT_UNKNOWN) && f->next_check_ms > now_ms) {
        news.due_ms = f->next_check_ms; /* asked ahead of the schedule, which goes on as it was */
        news.attempt = f->job.attempt;
    }
    return refund_apply(q, f->arena, f->refund_row, event, &news, now_ms, NULL, e);
}

const struct job_kind job_inquire = {JOB_INQUIRE, prepare, call, parse, apply};
