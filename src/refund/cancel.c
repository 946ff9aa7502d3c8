#include "refund/apply.h"
#include "refund/create.h"

#include "core/str.h"
#include "sql/sql.h"
#include "store/audit.h"

struct work {
    struct arena *arena;
    const struct actor *actor;
    int64_t refund;
    int64_t now_ms;
};

static enum rc cancel_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct refund r;
    struct machine_step step;
    enum rc rc = refunds_get(q, w->arena, w->refund, &r, e);
    if (rc != RC_OK)
        return rc;
    if (r.merchant != w->actor->merchant)
        return ERR(e, RC_NOT_FOUND, "There is no such refund.", "refund of another merchant");

    const struct refund_news news = {
        .actor = w->actor->name,
        .error_code = "CANCELLED",
        .error_message = arena_printf(w->arena, "Cancelled by %s", w->actor->name),
    };
    rc = refund_apply(q, w->arena, r.id, EVENT_CANCEL, &news, w->now_ms, &step, e);
    if (rc != RC_OK)
        return rc;
    if (step.verdict != VERDICT_MOVE)
        return ERR(e, RC_CONFLICT,
                   "This refund can no longer be cancelled: it is on its way to the gateway or has "
                   "ended.",
                   "cancel in state %s", r.state);
    const struct audit_entry entry = {
        .merchant = r.merchant,
        .at_ms = w->now_ms,
        .actor = w->actor->name,
        .action = "refund.cancelled",
        .subject = arena_printf(w->arena, "%s/%s", r.order_id, r.unique_request_id),
        .detail = arena_printf(w->arena, "{\"from\":\"%s\",\"to\":\"FAILURE\"}", r.state),
    };
    return audit_add(q, &entry, e);
}

enum rc refund_cancel(struct app *app, struct arena *arena, const struct actor *actor,
                      int64_t refund, struct err *e)
{
    struct work w = {arena, actor, refund, clock_wall_ms(&app->clock)};
    enum rc rc = sql_tx(app->db, cancel_fn, &w, e);
    if (rc == RC_OK)
        app_wake_worker(app); /* somebody may want to hear of it */
    return rc;
}
