#include "refund/sync.h"

#include "core/str.h"
#include "refund/machine.h"
#include "store/jobs.h"

static const char *const texts[SYNC_VERDICT_COUNT] = {
    [SYNC_ASKED] = "The gateway is being asked.",
    [SYNC_NEVER_SENT] = "This refund has not been sent to the gateway: there is nothing to ask.",
    [SYNC_SENDING] =
        "This refund is on its way to the gateway: the answer will show here by itself.",
    [SYNC_FINISHED] = "This refund has ended: there is nothing to ask.",
    [SYNC_COOLING] = "The gateway was asked about this refund a moment ago: try again shortly.",
};

/* What can be asked about a refund in this state, once the gateway may know of it. */
static const enum sync_verdict verdicts[STATE_COUNT] = {
    [STATE_AWAITING_APPROVAL] = SYNC_NEVER_SENT,
    [STATE_HELD] = SYNC_NEVER_SENT,
    [STATE_QUEUED] = SYNC_SENDING,
    [STATE_SENDING] = SYNC_SENDING,
    [STATE_ACCEPTED] = SYNC_ASKED,
    [STATE_UNKNOWN] = SYNC_ASKED,
    [STATE_LOW_BALANCE] = SYNC_SENDING,
    [STATE_SUCCESS] = SYNC_FINISHED,
    [STATE_FAILURE] = SYNC_FINISHED,
    [STATE_MANUAL_REVIEW] = SYNC_ASKED,
};

static enum sync_verdict judge(const struct refund *r, int64_t cool_ms, int64_t now_ms,
                               int64_t *wait_ms)
{
    enum refund_state state;
    CHECK(machine_state_parse(r->state, &state));
    enum sync_verdict verdict = verdicts[state];
    *wait_ms = 0;
    if (!r->sent && verdict != SYNC_FINISHED && state != STATE_SENDING)
        return SYNC_NEVER_SENT;
    if (verdict != SYNC_ASKED || r->synced_ms == 0 || now_ms - r->synced_ms >= cool_ms)
        return verdict;
    *wait_ms = r->synced_ms + cool_ms - now_ms;
    return SYNC_COOLING;
}

enum rc refund_sync_request(struct sql *q, struct arena *a, int64_t refund_row, const char *lane,
                            int64_t cool_ms, int64_t now_ms, struct sync_answer *out, struct err *e)
{
    *out = (struct sync_answer){.asked_ms = now_ms};
    enum rc rc = refunds_get(q, a, refund_row, &out->refund, e);
    if (rc != RC_OK)
        return rc;
    out->verdict = judge(&out->refund, cool_ms, now_ms, &out->wait_ms);
    if (out->verdict != SYNC_ASKED)
        return RC_OK;
    rc = refunds_synced(q, refund_row, now_ms, e);
    if (rc == RC_OK)
        rc = jobs_hurry(q, JOB_INQUIRE, out->refund.merchant, refund_row, lane, now_ms, e);
    return rc;
}

enum rc refund_sync_ended(struct sql *q, int64_t refund_row, int64_t asked_ms, bool *ended,
                          struct err *e)
{
    bool waits = false;
    enum rc rc = jobs_waiting(q, JOB_INQUIRE, refund_row, asked_ms, &waits, e);
    *ended = !waits;
    return rc;
}

const char *refund_sync_text(enum sync_verdict verdict)
{
    CHECK(verdict < SYNC_VERDICT_COUNT);
    return texts[verdict];
}
