#include "refund/endpoint_form.h"

#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/endpoint_parts.h"
#include "refund/endpoint_rules.h"

struct work {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t id, now_ms;
    /* rotate */
    int64_t seen_ms, old_ms;
    struct sealed secret;
    /* move */
    enum endpoint_move move;
    /* resend */
    int64_t delivery, from_ms, to_ms;
    int n;
    struct endpoint row;
};

static struct work begin(struct app *app, struct arena *a, const struct actor *actor, int64_t id)
{
    return (struct work){
        .app = app, .arena = a, .actor = actor, .id = id, .now_ms = clock_wall_ms(&app->clock)};
}

static enum rc read_row(struct sql *q, struct work *w, struct err *e)
{
    return endpoints_get(q, w->arena, w->actor->merchant, w->id, &w->row, e);
}

static enum rc audit(struct sql *q, const struct work *w, const char *action,
                     struct json_object *before, struct json_object *after, struct err *e)
{
    return endpoint_audit(q, w->app, w->arena, w->actor, action, w->id, before, after, e);
}

/* ---- the signing secret ------------------------------------------------------------------------
 */

static const char *time_or_none(struct arena *a, int64_t ms)
{
    return ms ? clock_iso(a, ms) : NULL;
}

static enum rc rotate_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct json_object *before = json_object_in(w->arena), *after = json_object_in(w->arena);
    enum rc rc = read_row(q, w, e);
    if (rc != RC_OK)
        return rc;
    if (w->row.updated_ms != w->seen_ms)
        return ERR(e, RC_CONFLICT,
                   "The endpoint was changed since this form was opened; perhaps its secret was "
                   "rotated by the same form. Nothing was done now. A secret that was not copied "
                   "is replaced by rotating once more.",
                   "endpoint %lld: not as it was shown", (long long)w->id);
    json_put_text(before, "old_secret_until", time_or_none(w->arena, w->row.old_until_ms));
    w->row.old_secret = w->old_ms ? w->row.secret : (struct sealed){NULL, 0};
    w->row.old_until_ms = w->old_ms ? w->now_ms + w->old_ms : 0;
    w->row.secret = w->secret;
    w->row.updated_ms = w->now_ms > w->seen_ms ? w->now_ms : w->seen_ms + 1;
    json_put_text(after, "old_secret_until", time_or_none(w->arena, w->row.old_until_ms));
    rc = endpoints_update(q, &w->row, e);
    return rc == RC_OK ? audit(q, w, "endpoint.secret_rotated", before, after, e) : rc;
}

enum rc endpoint_rotate(struct app *app, struct arena *a, const struct actor *actor, int64_t id,
                        int64_t seen_ms, int64_t old_ms, const char **secret, struct err *e)
{
    struct work w = begin(app, a, actor, id);
    w.seen_ms = seen_ms;
    w.old_ms = old_ms;
    *secret = webhook_secret_new(a);
    w.secret = endpoint_sealed(app, a, *secret);
    return sql_tx(app->db, rotate_fn, &w, e);
}

/* ---- pause, resume, disable, delete ------------------------------------------------------------
 */

enum { IS_ACTIVE = 1, IS_PAUSED = 2, IS_DISABLED = 4 };

static const struct {
    enum endpoint_move move;
    int from;
    const char *state, *action, *said; /* said: "… by NAME"; NULL: nothing */
    bool ends;                         /* it hears of nothing any more */
} moves[] = {
    {ENDPOINT_PAUSE, IS_ACTIVE, "PAUSED", "endpoint.paused", "Paused", false},
    {ENDPOINT_RESUME, IS_PAUSED, "ACTIVE", "endpoint.resumed", NULL, false},
    {ENDPOINT_DISABLE, IS_ACTIVE | IS_PAUSED, "DISABLED", "endpoint.disabled", "Disabled", true},
    {ENDPOINT_DELETE, IS_ACTIVE | IS_PAUSED | IS_DISABLED, "DELETED", "endpoint.deleted", "Deleted",
     true},
};

static int state_bit(const char *state)
{
    if (str_eq(state, "ACTIVE"))
        return IS_ACTIVE;
    return str_eq(state, "PAUSED") ? IS_PAUSED : IS_DISABLED;
}

bool endpoint_can(const struct endpoint *p, enum endpoint_move move)
{
    return (moves[move].from & state_bit(p->state)) != 0;
}

/* The column wants a secret; nobody will ever have this one. */
static void forget(struct work *w)
{
    w->row.username = NULL;
    w->row.password = w->row.header_values = w->row.old_secret = (struct sealed){NULL, 0};
    w->row.old_until_ms = 0;
    w->row.headers = "[]";
    w->row.secret = w->secret;
}

static enum rc move_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->arena;
    const char **events;
    int n_events;
    enum rc rc = read_row(q, w, e);
    if (rc == RC_OK)
        rc = endpoints_events(q, a, w->row.merchant, w->id, &events, &n_events, e);
    if (rc != RC_OK)
        return rc;
    if (!endpoint_can(&w->row, w->move))
        return ERR(e, RC_CONFLICT, "The endpoint is not in a state in which this can be done.",
                   "endpoint %lld is %s", (long long)w->id, w->row.state);
    struct json_object *before = endpoint_shown(a, &w->row, events, n_events);
    const char *said = moves[w->move].said;
    w->row.state = moves[w->move].state;
    w->row.said = said ? arena_printf(a, "%s by %s", said, w->actor->name) : NULL;
    w->row.updated_ms = w->now_ms;
    if (w->move == ENDPOINT_DELETE) {
        forget(w);
        n_events = 0;
        rc = endpoints_set_events(q, w->row.merchant, w->id, NULL, 0, e);
    }
    if (rc == RC_OK && moves[w->move].ends)
        rc = deliveries_fail_all(q, w->id, w->row.said, e);
    if (rc == RC_OK)
        rc = endpoints_update(q, &w->row, e);
    return rc == RC_OK ? audit(q, w, moves[w->move].action, before,
                               endpoint_shown(a, &w->row, events, n_events), e)
                       : rc;
}

enum rc endpoint_move(struct app *app, struct arena *a, const struct actor *actor, int64_t id,
                      enum endpoint_move move, struct err *e)
{
    struct work w = begin(app, a, actor, id);
    CHECK(moves[move].move == move);
    w.move = move;
    if (move == ENDPOINT_DELETE)
        w.secret = endpoint_sealed(app, a, webhook_secret_new(a));
    enum rc rc = sql_tx(app->db, move_fn, &w, e);
    if (rc == RC_OK)
        app_wake_worker(app);
    return rc;
}

/* ---- sending again -----------------------------------------------------------------------------
 */

static enum rc check_lives(const struct work *w, struct err *e)
{
    if (str_eq(w->row.state, "DISABLED"))
        return ERR(e, RC_CONFLICT, "The endpoint is disabled: enable it first, by its form.",
                   "endpoint %lld is disabled", (long long)w->id);
    return RC_OK;
}

static enum rc resend_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct delivery d;
    struct json_object *after = json_object_in(w->arena);
    enum rc rc = read_row(q, w, e);
    if (rc == RC_OK)
        rc = check_lives(w, e);
    if (rc == RC_OK)
        rc = deliveries_get(q, w->arena, w->actor->merchant, w->delivery, &d, e);
    if (rc == RC_OK && d.endpoint != w->id)
        return ERR(e, RC_NOT_FOUND, "There is no such delivery.", "of another endpoint");
    if (rc == RC_OK && str_eq(d.state, "WAITING"))
        return ERR(e, RC_CONFLICT, "It is on its way already.", "delivery %lld waits",
                   (long long)d.id);
    if (rc == RC_OK)
        rc = deliveries_resend(q, w->actor->merchant, w->delivery, w->now_ms, e);
    if (rc != RC_OK)
        return rc;
    json_put_text(after, "event", d.event_id);
    json_put_text(after, "was", d.state);
    return audit(q, w, "endpoint.resent", NULL, after, e);
}

enum rc endpoint_resend(struct app *app, struct arena *a, const struct actor *actor, int64_t id,
                        int64_t delivery, struct err *e)
{
    struct work w = begin(app, a, actor, id);
    w.delivery = delivery;
    enum rc rc = sql_tx(app->db, resend_fn, &w, e);
    if (rc == RC_OK)
        app_wake_worker(app);
    return rc;
}

static enum rc resend_failed_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct json_object *after = json_object_in(w->arena);
    w->n = 0;
    enum rc rc = read_row(q, w, e);
    if (rc == RC_OK)
        rc = check_lives(w, e);
    if (rc == RC_OK)
        rc = deliveries_resend_failed(q, w->id, w->from_ms, w->to_ms, w->now_ms,
                                      LIMIT_DELIVERIES_RESENT, &w->n, e);
    if (rc != RC_OK || w->n == 0)
        return rc;
    json_put_text(after, "from", clock_iso(w->arena, w->from_ms));
    json_put_text(after, "to", clock_iso(w->arena, w->to_ms));
    json_put_int(after, "deliveries", w->n);
    return audit(q, w, "endpoint.failed_resent", NULL, after, e);
}

enum rc endpoint_resend_failed(struct app *app, struct arena *a, const struct actor *actor,
                               int64_t id, int64_t from_ms, int64_t to_ms, int *n, struct err *e)
{
    struct work w = begin(app, a, actor, id);
    w.from_ms = from_ms;
    w.to_ms = to_ms;
    enum rc rc = sql_tx(app->db, resend_failed_fn, &w, e);
    *n = w.n;
    if (rc == RC_OK)
        app_wake_worker(app);
    return rc;
}
