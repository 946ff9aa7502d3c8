#include "refund/occasion_facts.h"

#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/batch.h"
#include "refund/machine.h"

#include <inttypes.h>

void occasion_put_money(struct arena *a, struct json_object *o, const char *key, int64_t minor,
                        const char *currency)
{
    struct json_object *money = json_object_in(a);
    json_put_int(money, "minor", minor);
    json_put_text(money, "currency", currency);
    json_put(o, key, money);
}

void occasion_put_time(struct arena *a, struct json_object *o, const char *key, int64_t wall_ms)
{
    struct json_object *at = json_object_in(a);
    json_put_int(at, "at_ms", wall_ms);
    json_put(o, key, at);
}

void occasion_put_path(struct arena *a, struct json_object *o, const char *key,
                       const char *const segments[])
{
    struct json_object *path = json_object_in(a);
    struct json_object *list = json_array_in(a);
    for (int i = 0; segments[i] != NULL; i++)
        json_add(list, json_object_new_string(segments[i]));
    json_put(path, "path", list);
    json_put(o, key, path);
}

void occasion_put_known(struct json_object *o, const char *key, const char *text)
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

static const char *what_is_known(const char *state)
{
    enum refund_state s;
    CHECK(machine_state_parse(state, &s));
    return stands[s];
}

static struct json_object *refund_facts(struct arena *a, const struct refund *r, const char *state)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "refund_id", r->unique_request_id);
    json_put_text(o, "order_id", r->order_id);
    json_put_text(o, "txn_id", r->txn_id);
    occasion_put_money(a, o, "amount", r->amount_minor, r->currency);
    json_put_text(o, "gateway", r->gateway);
    json_put_text(o, "reason", r->reason);
    json_put_text(o, "by", str_eq(r->source, "AUTO") ? "the desk itself" : r->initiated_by);
    occasion_put_time(a, o, "created", r->created_ms);
    json_put_int(o, "attempts", r->attempts);
    json_put_bool(o, "sent", r->sent);
    occasion_put_path(a, o, "link", OCCASION_PATH("refunds", id_text(a, r->id)));
    occasion_put_known(o, "stands", what_is_known(state));
    occasion_put_known(o, "checked_by", r->checked_by);
    occasion_put_known(o, "ref", r->gateway_ref);
    occasion_put_known(o, "arn", r->arn);
    occasion_put_known(o, "error_code", r->error_code);
    occasion_put_known(o, "error_message", r->error_message);
    return o;
}

static enum rc write_refund(struct sql *q, struct arena *a, enum occasion_kind kind,
                            const struct refund *r, struct json_object *facts, int64_t now_ms,
                            struct err *e)
{
    const struct occasion of = {
        .merchant = r->merchant,
        .kind = kind,
        .subject = id_text(a, r->id),
        .facts = facts,
        .maker = r->initiated_by,
        .now_ms = now_ms,
    };
    return occasion_write(q, a, &of, e);
}

enum rc occasion_of_refund(struct sql *q, struct arena *a, enum occasion_kind kind,
                           const struct refund *r, const char *state, int64_t now_ms, struct err *e)
{
    return write_refund(q, a, kind, r, refund_facts(a, r, state), now_ms, e);
}

enum rc occasion_of_old_refund(struct sql *q, struct arena *a, const struct refund *r,
                               int64_t review_ms, int64_t now_ms, struct err *e)
{
    struct json_object *facts = refund_facts(a, r, r->state);
    occasion_put_time(a, facts, "review", review_ms);
    return write_refund(q, a, OCCASION_DAY_7, r, facts, now_ms, e);
}

/* ---- payments ----------------------------------------------------------------------------------
 */

/* "17 min 04 s" */
static const char *duration(struct arena *a, int64_t ms)
{
    int64_t s = ms / CLOCK_SECOND_MS, min = s / 60, h = min / 60;
    if (h > 0)
        return arena_printf(a, "%" PRId64 " h %02d min", h, (int)(min % 60));
    return arena_printf(a, "%" PRId64 " min %02d s", min, (int)(s % 60));
}

enum rc occasion_of_conflict(struct sql *q, struct arena *a, enum occasion_kind kind,
                             const char *order_id, const struct txn *t, const struct conflict *c,
                             const struct refund *refund, const char *also, int64_t now_ms,
                             struct err *e)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "order_id", order_id);
    json_put_text(o, "txn_id", t->txn_id);
    occasion_put_money(a, o, "amount", t->amount_minor, t->currency);
    occasion_put_known(o, "gateway", t->gateway);
    json_put_text(o, "kind", c->kind);
    json_put_text(o, "state", c->state);
    occasion_put_time(a, o, "started", c->initiated_ms);
    occasion_put_time(a, o, "succeeded", c->success_ms);
    occasion_put_path(a, o, "link", OCCASION_PATH("orders", order_id));
    occasion_put_known(o, "kept_txn_id", c->kept_txn_id);
    occasion_put_known(o, "said", c->said);
    if (c->threshold_minutes > 0) {
        json_put_int(o, "threshold", c->threshold_minutes);
        json_put_text(o, "late", duration(a, c->success_ms - c->initiated_ms));
    }
    if (refund != NULL) {
        json_put_text(o, "refund_id", refund->unique_request_id);
        occasion_put_money(a, o, "refunded", refund->amount_minor, refund->currency);
        json_put_bool(o, "awaits_approval", str_eq(refund->state, "AWAITING_APPROVAL"));
    }
    const struct occasion of = {
        .merchant = c->merchant,
        .kind = kind,
        .subject = id_text(a, c->txn_row),
        .facts = o,
        .also = also,
        .now_ms = now_ms,
    };
    return occasion_write(q, a, &of, e);
}

/* ---- batches -----------------------------------------------------------------------------------
 */

static void put_totals(struct arena *a, struct json_object *o, const struct batch_total *totals,
                       int n)
{
    struct json_object *list = json_array_in(a);
    for (int i = 0, k; i < n; i = k) {
        int64_t sum_minor = 0;
        for (k = i; k < n && str_eq(totals[k].currency, totals[i].currency); k++)
            sum_minor += totals[k].good_minor;
        if (sum_minor == 0)
            continue;
        struct json_object *total = json_object_in(a);
        occasion_put_money(a, total, "amount", sum_minor, totals[i].currency);
        json_add(list, total);
    }
    json_put(o, "totals", list);
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
    occasion_put_time(a, o, "created", b->created_ms);
    occasion_put_path(a, o, "link", OCCASION_PATH("batch", "batch-refunds", id_text(a, b->id)));
    put_totals(a, o, totals, n);
    occasion_put_known(o, "description", b->description);
    occasion_put_known(o, "checked_by", b->checked_by);
    occasion_put_known(o, "said", b->said);
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

/* ---- gateways ----------------------------------------------------------------------------------
 */

enum rc occasion_of_pause(struct sql *q, struct arena *a, const struct gateway_row *g,
                          const char *by, const char *why, int64_t now_ms, struct err *e)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "gateway", g->name);
    json_put_text(o, "by", by);
    occasion_put_known(o, "said", why);
    occasion_put_time(a, o, "paused", now_ms);
    occasion_put_path(a, o, "link", OCCASION_PATH("refunds"));
    const struct occasion of = {
        .merchant = g->merchant,
        .kind = OCCASION_GATEWAY_PAUSED,
        .subject = arena_printf(a, "%s/%" PRId64, g->name, now_ms),
        .facts = o,
        .now_ms = now_ms,
    };
    return occasion_write(q, a, &of, e);
}

/* ---- endpoints ---------------------------------------------------------------------------------
 */

enum rc occasion_of_endpoint(struct sql *q, struct arena *a, const struct endpoint *p,
                             int64_t now_ms, struct err *e)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "url", p->url);
    occasion_put_known(o, "said", p->said);
    occasion_put_time(a, o, "disabled", now_ms);
    occasion_put_path(a, o, "link", OCCASION_PATH("settings", "webhooks"));
    const struct occasion of = {
        .merchant = p->merchant,
        .kind = OCCASION_ENDPOINT_DISABLED,
        .subject = arena_printf(a, "%s/%" PRId64, id_text(a, p->id), now_ms),
        .facts = o,
        .now_ms = now_ms,
    };
    return occasion_write(q, a, &of, e);
}
