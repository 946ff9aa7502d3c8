#include "api/api.h"
#include "api/once.h"
#include "api/order_fields.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/order_body.h"
#include "refund/order_update.h"
#include "web/slow.h"

enum { POLL_FIRST_MS = 5, POLL_MAX_MS = 50 };

/* ---- reading an order --------------------------------------------------------------------------
 */

struct view_read {
    const struct req *r;
    const char *order_id;
    struct order_view view;
};

static enum rc read_view(struct sql *q, void *arg, struct err *e)
{
    struct view_read *v = arg;
    const struct actor *actor = &v->r->actor;
    return order_view_read(q, v->r->arena, actor->merchant, actor->merchant_id, v->order_id,
                           &v->view, e);
}

/* 200 with the order and its refunds, read in one snapshot. RC_NOT_FOUND: *p is untouched. */
static enum rc order_reply(struct req *r, struct reply *p, const char *order_id, struct err *e)
{
    struct view_read v = {.r = r, .order_id = order_id};
    enum rc rc = sql_read(r->app->db, read_view, &v, e);
    v.view.now_ms = clock_wall_ms(&r->app->clock);
    if (rc == RC_OK)
        reply_json(p, 200, json_write(r->arena, order_body(r->arena, &v.view)));
    return rc;
}

enum rc api_order_get(struct req *r, struct reply *p, struct err *e)
{
    static const struct intake_fault MISSING = {"order_id", "is missing"};
    const char *order_id = order_fields_id(r);
    if (!order_id) {
        order_fields_refuse(r, p, &MISSING, 1);
        return RC_OK;
    }
    enum rc rc = order_reply(r, p, order_id, e);
    if (rc != RC_NOT_FOUND)
        return rc;
    errors_order_unknown(r, p, order_id);
    return RC_OK;
}

/* ---- POST /orders
 * -------------------------------------------------------------------------------- */

struct charge_wait {
    struct arena *arena;
    int64_t order;
    bool charged;
};

static enum rc read_status(struct sql *q, void *arg, struct err *e)
{
    struct charge_wait *w = arg;
    struct order o;
    enum rc rc = orders_get(q, w->arena, w->order, &o, e);
    w->charged = rc == RC_OK && !str_eq(o.status, "NEW");
    return rc;
}

/* So that a client that asks right after its order sees it charged. When too many wait already,
 * nobody loses anything by an answer that comes at once. */
static void wait_for_charge(struct req *r, int64_t order)
{
    struct charge_wait w = {.arena = r->arena, .order = order};
    struct err e;
    int64_t until_ms = clock_mono_ms() + r->app->config.test_charge_wait_ms;
    if (slow_enter(SLOW_WAIT, &e) != RC_OK)
        return;
    for (int64_t pause_ms = POLL_FIRST_MS; clock_mono_ms() < until_ms; pause_ms *= 2) {
        clock_sleep_ms(pause_ms < POLL_MAX_MS ? pause_ms : POLL_MAX_MS);
        if (sql_read(r->app->db, read_status, &w, &e) != RC_OK || w.charged)
            break;
    }
    slow_leave(SLOW_WAIT);
}

/* Says what came of it: in the transaction (q) or after it. */
static enum rc say_created(struct req *r, struct reply *p, struct sql *q, void *ctx, struct err *e)
{
    static const struct intake_fault DIFFERS = {"order_id",
                                                "exists with another amount or currency"};
    const struct intake_answer *answer = ctx;
    struct view_read v = {.r = r, .order_id = answer->order.order_id};
    enum rc rc = RC_OK;
    if (answer->n_faults > 0 || answer->differs) {
        order_fields_refuse(r, p, answer->differs ? &DIFFERS : answer->faults,
                            answer->differs ? 1 : answer->n_faults);
        return RC_OK;
    }
    if (answer->created)
        v.view = (struct order_view){.merchant_id = r->actor.merchant_id, .order = answer->order};
    else
        rc = q ? read_view(q, &v, e) : sql_read(r->app->db, read_view, &v, e);
    if (rc == RC_OK)
        reply_json(p, 200, json_write(r->arena, order_body(r->arena, &v.view)));
    return rc;
}

enum rc api_order_create(struct req *r, struct reply *p, struct err *e)
{
    struct intake_order *in = order_fields_read(r);
    struct intake_answer *answer = arena_alloc(r->arena, sizeof *answer);
    struct once once;
    if (!once_begin(&once, r, p, say_created, answer))
        return RC_OK;
    in->decision = &once.decision;
    enum rc rc = once_end(&once, intake_order_create(r->app, r->arena, in, answer, e), e);
    if (rc == RC_OK && answer->charging)
        wait_for_charge(r, answer->order.id);
    return rc;
}

/* ---- POST /orders/{order_id}
 * ------------------------------------------------------------------------- */

/* The order may be named in the path and in the body: the same one. */
static bool names_another(const struct intake_order *in, const char *order_id)
{
    return in->order_id && !str_ieq(in->order_id, order_id);
}

enum rc api_order_update(struct req *r, struct reply *p, struct err *e)
{
    static const struct intake_fault MISSING = {"order_id", "is missing"};
    static const struct intake_fault ANOTHER = {"order_id", "differs from the one of the path"};
    struct intake_order *in = order_fields_read(r);
    const char *order_id = order_fields_id(r);
    if (!order_id || names_another(in, order_id)) {
        order_fields_refuse(r, p, order_id ? &ANOTHER : &MISSING, 1);
        return RC_OK;
    }
    in->order_id = order_id;
    struct intake_answer *answer = arena_alloc(r->arena, sizeof *answer);
    enum rc rc = order_update(r->app, r->arena, in, answer, e);
    if (rc == RC_OK && answer->n_faults == 0)
        rc = order_reply(r, p, order_id, e);
    else if (rc == RC_OK)
        order_fields_refuse(r, p, answer->faults, answer->n_faults);
    if (rc != RC_NOT_FOUND)
        return rc;
    errors_order_unknown(r, p, order_id);
    return RC_OK;
}
