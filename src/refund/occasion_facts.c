#include "refund/occasion_facts.h"

#include "core/id.h"
#include "core/json.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/batch.h"
#include "refund/machine.h"

static const char *amount_text(struct arena *a, int64_t minor, const char *currency)
{
    return arena_printf(a, "%s %s", money_text(a, minor, currency), currency);
}

static void put_known(struct json_object *o, const char *key, const char *text)
{
    if (!str_empty(text))
        json_put_text(o, key, text);
}

/* ---- refunds -----------------------------------------------------------------------------------
 */

static const char *const stands[STATE_COUNT] = {
    [STATE_AWAITING_APPROVAL] = "nobody has approved it",
    [STATE_HELD] = "held, never sent",
    [STATE_QUEUED] = "queued for the gateway",
    [STATE_SENDING] = "being sent",
    [STATE_ACCEPTED] = "accepted by the gateway, which has not said how it ended",
    [STATE_UNKNOWN] = "sent, the outcome is unknown",
    [STATE_LOW_BALANCE] = "the balance at the gateway is too low",
};

struct json_object *occasion_refund_facts(struct arena *a, const struct refund *r,
                                          const char *state)
{
    struct json_object *o = json_object_in(a);
    enum refund_state s;
    CHECK(machine_state_parse(state, &s));
    json_put_text(o, "refund", r->unique_request_id);
    json_put_text(o, "order", r->order_id);
    json_put_text(o, "txn", r->txn_id);
    json_put_text(o, "amount", amount_text(a, r->amount_minor, r->currency));
    json_put_text(o, "gateway", r->gateway);
    json_put_text(o, "reason", r->reason);
    json_put_text(o, "by", r->initiated_by);
    json_put_int(o, "created_ms", r->created_ms);
    json_put_int(o, "attempts", r->attempts);
    json_put_bool(o, "sent", r->sent);
    json_put_text(o, "path", arena_printf(a, "/refunds/%s", id_text(a, r->id)));
    put_known(o, "stands", stands[s]);
    put_known(o, "ref", r->gateway_ref);
    put_known(o, "arn", r->arn);
    put_known(o, "error_code", r->error_code);
    put_known(o, "error_message", r->error_message);
    return o;
}

enum rc occasion_of_refund(struct sql *q, struct arena *a, enum occasion_kind kind,
                           const struct refund *r, const char *state, int64_t now_ms, struct err *e)
{
    const struct occasion o = {
        .merchant = r->merchant,
        .kind = kind,
        .subject = id_text(a, r->id),
        .facts = occasion_refund_facts(a, r, state),
        .maker = r->initiated_by,
        .now_ms = now_ms,
    };
    return occasion_write(q, a, &o, e);
}

/* ---- batches -----------------------------------------------------------------------------------
 */

/* "1200.00 INR, 20.00 USD" */
static const char *totals_text(struct arena *a, const struct batch_total *totals, int n)
{
    struct buf b;
    buf_init(&b, a);
    for (int i = 0, k; i < n; i = k) {
        int64_t sum = 0;
        for (k = i; k < n && str_eq(totals[k].currency, totals[i].currency); k++)
            sum += totals[k].good_minor;
        if (sum > 0)
            buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", amount_text(a, sum, totals[i].currency));
    }
    return buf_text(&b);
}

enum rc occasion_of_batch(struct sql *q, struct arena *a, enum occasion_kind kind,
                          const struct batch *b, struct err *e)
{
    struct json_object *o = json_object_in(a);
    struct batch_total *totals;
    int n;
    enum rc rc = batch_totals_of(q, a, b->id, &totals, &n, e);
    if (rc != RC_OK)
        return rc;
    json_put_text(o, "file", b->file_name);
    json_put_text(o, "by", b->created_by);
    json_put_text(o, "status", batch_status_label(b->status));
    json_put_int(o, "rows", b->rows_total);
    json_put_int(o, "accepted", b->rows_accepted);
    json_put_int(o, "failed", b->rows_failed);
    json_put_int(o, "created_ms", b->created_ms);
    json_put_text(o, "path", arena_printf(a, "/batch/batch-refunds/%s", id_text(a, b->id)));
    put_known(o, "total", totals_text(a, totals, n));
    put_known(o, "description", b->description);
    put_known(o, "checked_by", b->checked_by);
    put_known(o, "said", b->said);
    const struct occasion of = {
        .merchant = b->merchant,
        .kind = kind,
        .subject = id_text(a, b->id),
        .facts = o,
        .maker = b->created_by,
        .now_ms = b->updated_ms,
    };
    return occasion_write(q, a, &of, e);
}
