#include "refund/apply.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/autorefund.h"
#include "refund/occasion_facts.h"
#include "refund/split.h"
#include "store/jobs.h"

#include <string.h>

/* The public event of an effect; auto refunds have their own names (DOMAIN: webhooks out). */
static const struct {
    unsigned effect;
    const char *name, *auto_name;
} public_events[] = {
    {FX_REFUNDED, "ORDER_REFUNDED", "AUTO_REFUND_SUCCEEDED"},
    {FX_FAILED, "ORDER_REFUND_FAILED", "AUTO_REFUND_FAILED"},
    {FX_REVIEW, "REFUND_MANUAL_REVIEW_NEEDED", "REFUND_MANUAL_REVIEW_NEEDED"},
};

static const char *event_row_name(struct arena *a, const struct refund *r, enum refund_event event,
                                  unsigned effects)
{
    for (size_t i = 0; i < sizeof public_events / sizeof public_events[0]; i++) {
        if (effects & public_events[i].effect)
            return str_eq(r->source, "AUTO") ? public_events[i].auto_name : public_events[i].name;
    }
    return arena_printf(a, "refund.%s", machine_event_name(event));
}

/* What a later reader must know of this moment, whatever happens after it. */
const char *refund_freeze(struct arena *a, const struct refund *r, const struct refund_news *news)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "unique_request_id", r->unique_request_id);
    json_put_money(a, o, "amount", r->amount_minor, r->currency);
    json_put_text(o, "currency", r->currency);
    json_put_text(o, "status", r->status);
    json_put_text(o, "state", r->state);
    json_put_int(o, "attempts", r->attempts);
    json_put_text(o, "gateway", r->gateway);
    if (r->hold_until_ms > r->created_ms)
        json_put_int(o, "hold_until_ms", r->hold_until_ms);
    const struct {
        const char *key, *value;
    } said[] = {
        {"ref", news->gateway_ref},       {"arn", news->arn},
        {"error_code", news->error_code}, {"error_message", news->error_message},
        {"words", news->words},           {"detail", news->detail},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (said[i].value != NULL)
            json_put_text(o, said[i].key, said[i].value);
    }
    if (news->made != NULL && news->made->n_parts > 0)
        json_put(o, "split_settlement",
                 split_body(a, news->made->parts, news->made->n_parts, r->currency));
    if (news->made != NULL && news->made->payee != NULL) {
        json_put_text(o, "payee", news->made->payee->name);
        json_put_text(o, "account", news->made->payee->masked);
    }
    return json_write(a, o);
}

static enum rc record(struct sql *q, struct arena *a, const struct refund *r, const char *name,
                      const struct refund_news *news, int64_t now_ms, struct err *e)
{
    const struct event ev = {
        .merchant = r->merchant,
        .order_row = r->order_row,
        .refund_row = r->id,
        .name = name,
        .actor = news->actor,
        .at_ms = now_ms,
        .frozen = refund_freeze(a, r, news),
    };
    return news->later != NULL ? announce_note(q, a, news->later, &ev, e)
                               : announce(q, &ev, now_ms, e);
}

/* A contradiction for a person. A FAILURE that succeeded after all holds its amount again, as far
 * as the transaction has room for it. */
static enum rc open_exception(struct sql *q, struct arena *a, const struct refund *r,
                              enum refund_event event, unsigned effects,
                              const struct refund_news *news, int64_t now_ms, struct err *e)
{
    int64_t hold_minor = 0;
    enum rc rc = RC_OK;
    if (effects & FX_REHOLD) {
        struct txn t;
        rc = txns_get(q, a, r->txn_row, &t, e);
        if (rc != RC_OK)
            return rc;
        int64_t room = t.amount_minor - t.held_minor;
        hold_minor = room < r->amount_minor ? room : r->amount_minor;
    }
    const char *kind = arena_printf(a, "%s_after_%s", machine_event_name(event), r->state);
    const char *detail = str_or(news->detail, str_or(news->error_message, ""));
    bool opened = false;
    rc = exceptions_open(q, r->merchant, r->id, kind, detail, hold_minor, now_ms, &opened, e);
    if (rc != RC_OK || !opened)
        return rc;
    if (hold_minor > 0)
        rc = txns_hold(q, r->txn_row, hold_minor, 0, e);
    if (rc == RC_OK)
        rc = record(q, a, r, "refund.exception", news, now_ms, e);
    return rc;
}

static void take_news(struct refund *r, const struct refund_news *news)
{
    r->gateway_ref = str_or(news->gateway_ref, r->gateway_ref);
    r->arn = str_or(news->arn, r->arn);
    r->gateway_words = str_or(news->words, r->gateway_words);
    r->error_code = news->error_code;
    r->error_message = news->error_message;
}

const char *refund_lane(struct arena *a, const struct refund *r)
{
    return str_eq(r->source, "BATCH") ? arena_printf(a, "%s/batch", r->gateway) : r->gateway;
}

static enum rc write_jobs(struct sql *q, struct arena *a, const struct refund *r, unsigned effects,
                          const struct refund_news *news, struct err *e)
{
    enum rc rc = RC_OK;
    if (effects & (FX_JOB_NONE | FX_JOB_INQUIRE))
        rc = jobs_drop(q, JOB_SEND, r->id, e);
    if (rc == RC_OK && (effects & (FX_JOB_NONE | FX_JOB_SEND)))
        rc = jobs_drop(q, JOB_INQUIRE, r->id, e);
    if (rc == RC_OK && (effects & (FX_JOB_SEND | FX_JOB_INQUIRE)))
        rc = jobs_put(q, effects & FX_JOB_SEND ? JOB_SEND : JOB_INQUIRE, r->merchant, r->id,
                      refund_lane(a, r), news->due_ms, news->attempt, e);
    return rc;
}

/* Who approved or rejected; an approval begins the hold, at whose end it is sent. */
static void take_decision(struct refund *r, enum refund_event event, const struct refund_news *news)
{
    if (event == EVENT_APPROVE || event == EVENT_REJECT)
        r->checked_by = news->actor;
    if (event == EVENT_APPROVE)
        r->hold_until_ms = news->due_ms;
}

/* An auto refund that never went out, by a person's will. */
static bool is_returned(const struct refund *r, enum refund_event event,
                        const struct refund_news *news)
{
    return str_eq(r->source, "AUTO") && !news->is_taken_back &&
           (event == EVENT_CANCEL || event == EVENT_REJECT || event == EVENT_EXPIRE);
}

/* Asked for here. One made elsewhere may be an import's news, which never cause a refund. */
static bool is_asked_for(const struct refund *r)
{
    return !str_eq(r->source, "AUTO") && !str_eq(r->source, "GATEWAY");
}

/* Who did not do it must hear of it. What people do to an auto refund is no failure of it. */
static enum rc mail(struct sql *q, struct arena *a, const struct refund *r, enum refund_event event,
                    unsigned fx, const char *from, int64_t now_ms, struct err *e)
{
    bool is_auto = str_eq(r->source, "AUTO");
    bool refused = event == EVENT_REFUSED || event == EVENT_UNSENDABLE;
    const struct {
        bool holds;
        enum occasion_kind kind;
    } occasions[] = {
        {(fx & FX_REVIEW) != 0, OCCASION_MANUAL_REVIEW},
        {event == EVENT_APPROVE, OCCASION_APPROVED},
        {event == EVENT_REJECT, OCCASION_REJECTED},
        {is_auto && (fx & FX_REFUNDED), OCCASION_AUTO_REFUND_DONE},
        {is_auto && (fx & FX_FAILED) && refused, OCCASION_AUTO_REFUND_FAILED},
    };
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof occasions / sizeof occasions[0]; i++) {
        if (occasions[i].holds)
            rc = occasion_of_refund(q, a, occasions[i].kind, r, from, now_ms, e);
    }
    return rc;
}

static enum rc move(struct sql *q, struct arena *a, struct refund *r, enum refund_event event,
                    const struct machine_step *step, const struct refund_news *news, int64_t now_ms,
                    struct err *e)
{
    unsigned fx = step->effects;
    const char *from = r->state;
    bool has_new_arn = news->arn != NULL && r->arn == NULL;
    int64_t held_minor = r->amount_minor - r->over_minor;
    take_news(r, news);
    take_decision(r, event, news);
    r->state = machine_state_name(step->to);
    r->status = machine_status(step->to);
    r->sent = r->sent || (fx & FX_SENT) != 0;
    if (fx & FX_ATTEMPT) {
        r->attempts++;
        r->sent_ms = now_ms;
    }
    if (fx & FX_SETTLE)
        r->processed_ms = news->processed_at_ms != 0 ? news->processed_at_ms : now_ms;
    r->next_check_ms = fx & (FX_JOB_SEND | FX_JOB_INQUIRE) ? news->due_ms : 0;
    r->updated_ms = now_ms;

    enum rc rc = refunds_move(q, r, from, e);
    if (rc == RC_OK && (fx & (FX_FREE | FX_SETTLE)))
        rc = txns_hold(q, r->txn_row, fx & FX_FREE ? -held_minor : 0,
                       fx & FX_SETTLE ? held_minor : 0, e);
    if (rc == RC_OK)
        rc = write_jobs(q, a, r, fx, news, e);
    if (rc == RC_OK && is_returned(r, event, news))
        rc = autorefund_returned(q, a, r, now_ms, e);
    if (rc == RC_OK && step->verdict == VERDICT_MOVE)
        rc = record(q, a, r, event_row_name(a, r, event, fx), news, now_ms, e);
    if (rc == RC_OK)
        rc = mail(q, a, r, event, fx, from, now_ms, e);
    if (rc == RC_OK && has_new_arn)
        rc = record(q, a, r, "REFUND_ARN_CAPTURED", news, now_ms, e);
    if (rc == RC_OK && (fx & FX_FREE) && is_asked_for(r))
        rc = autorefund_freed(q, a, r, now_ms, e);
    return rc;
}

enum rc refund_apply(struct sql *q, struct arena *a, int64_t refund_row, enum refund_event event,
                     const struct refund_news *news, int64_t now_ms, struct machine_step *step,
                     struct err *e)
{
    struct refund r;
    enum refund_state state;
    enum rc rc = refunds_get(q, a, refund_row, &r, e);
    if (rc != RC_OK)
        return rc;
    CHECK(machine_state_parse(r.state, &state));
    struct machine_step s = machine_step(state, event, r.sent);
    if (s.verdict == VERDICT_EXCEPTION)
        rc = open_exception(q, a, &r, event, s.effects, news, now_ms, e);
    else if (s.verdict == VERDICT_MOVE || s.verdict == VERDICT_STAY)
        rc = move(q, a, &r, event, &s, news, now_ms, e);
    if (step != NULL)
        *step = s;
    return rc;
}
