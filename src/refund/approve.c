#include "refund/approve.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/apply.h"
#include "sql/sql.h"
#include "store/audit.h"
#include "store/merchants.h"

#include <string.h>

struct work {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t refund;
    const char *reason; /* NULL: approved */
    int64_t now_ms;
};

static enum rc read_waiting(struct sql *q, const struct work *w, struct refund *r, struct err *e)
{
    enum rc rc = refunds_get(q, w->arena, w->refund, r, e);
    if (rc != RC_OK)
        return rc;
    if (r->merchant != w->actor->merchant)
        return ERR(e, RC_NOT_FOUND, "There is no such refund.", "refund of another merchant");
    if (str_eq(r->initiated_by, w->actor->name))
        return ERR(e, RC_DENIED,
                   "You asked for this refund yourself: somebody else must approve or reject it.",
                   "maker %s is the checker", r->initiated_by);
    return RC_OK;
}

static enum rc record(struct sql *q, const struct work *w, const struct refund *r, const char *to,
                      struct err *e)
{
    struct json_object *detail = json_object_in(w->arena);
    json_put_text(detail, "from", r->state);
    json_put_text(detail, "to", to);
    json_put_money(w->arena, detail, "amount", r->amount_minor, r->currency);
    json_put_text(detail, "currency", r->currency);
    if (w->reason != NULL)
        json_put_text(detail, "reason", w->reason);
    const struct audit_entry entry = {
        .merchant = r->merchant,
        .at_ms = w->now_ms,
        .actor = w->actor->name,
        .action = w->reason == NULL ? "refund.approved" : "refund.rejected",
        .subject = arena_printf(w->arena, "%s/%s", r->order_id, r->unique_request_id),
        .detail = json_write(w->arena, detail),
    };
    return audit_add(q, &entry, e);
}

static enum rc decide_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    bool approved = w->reason == NULL;
    struct refund r;
    struct merchant m;
    struct machine_step step;
    w->now_ms = clock_wall_ms(&w->app->clock);
    enum rc rc = read_waiting(q, w, &r, e);
    if (rc == RC_OK)
        rc = merchants_get(q, w->arena, r.merchant, &m, e);
    if (rc != RC_OK)
        return rc;
    struct refund_news news = {.actor = w->actor->name, .due_ms = w->now_ms + m.hold_ms};
    if (!approved) {
        news.error_code = "REJECTED";
        news.error_message =
            arena_printf(w->arena, "Rejected by %s: %s", w->actor->name, w->reason);
    }
    rc = refund_apply(q, w->arena, r.id, approved ? EVENT_APPROVE : EVENT_REJECT, &news, w->now_ms,
                      &step, e);
    if (rc == RC_OK && step.verdict != VERDICT_MOVE)
        return ERR(e, RC_CONFLICT, "This refund does not wait for approval any more.",
                   "decision in state %s", r.state);
    return rc == RC_OK ? record(q, w, &r, machine_state_name(step.to), e) : rc;
}

enum rc refund_approve(struct app *app, struct arena *arena, const struct actor *actor,
                       int64_t refund, struct err *e)
{
    struct work w = {.app = app, .arena = arena, .actor = actor, .refund = refund};
    enum rc rc = sql_tx(app->db, decide_fn, &w, e);
    if (rc == RC_OK)
        app_wake_worker(app);
    return rc;
}

enum rc refund_reject(struct app *app, struct arena *arena, const struct actor *actor,
                      int64_t refund, const char *reason, struct err *e)
{
    struct work w = {
        .app = app, .arena = arena, .actor = actor, .refund = refund, .reason = reason};
    if (str_empty(reason) || reason[strspn(reason, " \t\r\n")] == '\0')
        return ERR(e, RC_INVALID, "Say why it is rejected: the one who asked must know.",
                   "no reason");
    if (strlen(reason) > LIMIT_NOTE)
        return ERR(e, RC_INVALID, "The reason is longer than 500 bytes. Say it shorter.",
                   "reason of %zu bytes", strlen(reason));
    return sql_tx(app->db, decide_fn, &w, e);
}
