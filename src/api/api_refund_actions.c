/*
 * POST /refunds/{unique_request_id}/cancel and POST /v2/refunds/{unique_request_id}/sync.
 */
#include "api/api.h"
#include "api/fields.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/create.h"
#include "refund/refund_body.h"
#include "refund/sync.h"
#include "store/refund_list.h"
#include "web/slow.h"

enum { POLL_FIRST_MS = 5, POLL_MAX_MS = 100 };

/* ---- which refund -------------------------------------------------------------------------------
 */

struct sought {
    struct req *r;
    const char *unique_request_id;
    const char *order_id; /* NULL: any, if only one order has it */
    struct refund_view view;
    bool ambiguous;
};

static enum rc by_order(struct sql *q, struct sought *s, struct refund *out, struct err *e)
{
    struct arena *a = s->r->arena;
    struct order o;
    enum rc rc = orders_by_key(q, a, s->r->actor.merchant, orders_key(a, s->order_id), &o, e);
    return rc == RC_OK ? refunds_by_unique_request_id(q, a, o.id, s->unique_request_id, out, e)
                       : rc;
}

static enum rc by_id_alone(struct sql *q, struct sought *s, struct refund *out, struct err *e)
{
    const struct refund_filter filter = {.merchant = s->r->actor.merchant,
                                         .unique_request_id = s->unique_request_id};
    const struct list_page page = {.rows = 1};
    struct refund *rows;
    int count;
    enum rc rc = refund_list_page(q, s->r->arena, &filter, &page, &rows, &count, &s->ambiguous, e);
    if (rc != RC_OK)
        return rc;
    if (count == 0)
        return ERR(e, RC_NOT_FOUND, "There is no refund with this unique_request_id.", "none");
    *out = rows[0];
    return RC_OK;
}

static enum rc find_refund(struct sql *q, void *arg, struct err *e)
{
    struct sought *s = arg;
    struct refund found;
    s->ambiguous = false;
    enum rc rc = s->order_id ? by_order(q, s, &found, e) : by_id_alone(q, s, &found, e);
    return rc == RC_OK ? refund_view_of(q, s->r->arena, &found, &s->view, e) : rc;
}

/* True when *p is the answer already: there is none, or there are several. */
static bool not_one(struct sought *s, struct reply *p, enum rc *rc, struct err *e)
{
    struct api_faults several = {0};
    *rc = sql_read(s->r->app->db, find_refund, s, e);
    if (*rc == RC_NOT_FOUND) {
        errors_coded(s->r, p, 404, "NOT_FOUND",
                     s->order_id ? "The order has no refund with this unique_request_id."
                                 : "There is no refund with this unique_request_id.",
                     NULL);
        *rc = RC_OK;
        return true;
    }
    if (*rc != RC_OK || !s->ambiguous)
        return *rc != RC_OK;
    errors_fault(&several, "order_id",
                 "is needed: several orders have a refund with this unique_request_id");
    errors_coded(s->r, p, 400, "INVALID_REQUEST", "order_id: is needed to tell which refund.",
                 &several);
    return true;
}

/* Reads who is meant and which fields are wrong; true when *p or *rc is the answer. */
static bool begin(struct sought *s, struct req *r, struct reply *p, struct api_faults *faults,
                  enum rc *rc, struct err *e)
{
    *s = (struct sought){.r = r, .unique_request_id = r->params[0]};
    s->order_id = fields_text(r, "order_id", faults);
    if (str_empty(s->order_id))
        s->order_id = NULL;
    if (faults->n == 0)
        return not_one(s, p, rc, e);
    errors_coded(r, p, 400, "INVALID_REQUEST",
                 arena_printf(r->arena, "%s: %s", faults->of[0].field, faults->of[0].reason),
                 faults);
    *rc = RC_OK;
    return true;
}

/* The refund as it is now. */
static enum rc look_again(struct sql *q, void *arg, struct err *e)
{
    struct sought *s = arg;
    struct refund now;
    enum rc rc = refunds_get(q, s->r->arena, s->view.refund.id, &now, e);
    return rc == RC_OK ? refund_view_of(q, s->r->arena, &now, &s->view, e) : rc;
}

/* ---- cancel
 * ------------------------------------------------------------------------------------------ */

enum rc api_refund_cancel(struct req *r, struct reply *p, struct err *e)
{
    struct sought s;
    struct api_faults faults = {0};
    enum rc rc;
    if (begin(&s, r, p, &faults, &rc, e))
        return rc;
    rc = refund_cancel(r->app, r->arena, &r->actor, s.view.refund.id, e);
    if (rc == RC_CONFLICT) {
        errors_coded(r, p, 400, "REFUND_NOT_CANCELLABLE", e->text, NULL);
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = sql_read(r->app->db, look_again, &s, e);
    if (rc == RC_OK)
        reply_json(p, 200, json_write(r->arena, refund_flat_body(r->arena, &s.view)));
    return rc;
}

/* ---- sync
 * -------------------------------------------------------------------------------------------- */

struct sync_work {
    struct req *r;
    int64_t refund;
    int64_t now_ms;
    struct sync_answer answer;
    bool ended;
};

static enum rc ask_fn(struct sql *q, void *arg, struct err *e)
{
    struct sync_work *w = arg;
    return refund_sync_request(q, w->r->arena, w->refund, LANE_SYNC, w->r->app->config.sync_cool_ms,
                               w->now_ms, &w->answer, e);
}

static enum rc ended_fn(struct sql *q, void *arg, struct err *e)
{
    struct sync_work *w = arg;
    return refund_sync_ended(q, w->refund, w->answer.asked_ms, &w->ended, e);
}

/* What is known is answered when the worker does not come to it, or too many wait already. */
static void wait_for_end(struct sync_work *w)
{
    struct err e;
    int64_t until_ms = clock_mono_ms() + w->r->app->config.sync_wait_ms;
    app_wake_worker(w->r->app);
    if (slow_enter(SLOW_WAIT, &e) != RC_OK)
        return;
    for (int64_t pause_ms = POLL_FIRST_MS; clock_mono_ms() < until_ms; pause_ms *= 2) {
        clock_sleep_ms(pause_ms < POLL_MAX_MS ? pause_ms : POLL_MAX_MS);
        if (sql_read(w->r->app->db, ended_fn, w, &e) != RC_OK || w->ended)
            break;
    }
    slow_leave(SLOW_WAIT);
}

static void too_soon(struct req *r, struct reply *p, int64_t wait_ms)
{
    int64_t wait_s = (wait_ms + CLOCK_SECOND_MS - 1) / CLOCK_SECOND_MS;
    errors_coded(r, p, 429, "TOO_MANY_REQUESTS", refund_sync_text(SYNC_COOLING), NULL);
    reply_header(p, "Retry-After", arena_printf(r->arena, "%lld", (long long)wait_s));
}

/* force_sync as JSON boolean or as text; absent is false: only a look. */
static bool read_force(const struct req *r, struct api_faults *faults)
{
    const char *text = req_value(r, "force_sync");
    bool yes = str_eq(text, "true");
    if (text && !yes && !str_eq(text, "false"))
        errors_fault(faults, "force_sync", "must be true or false");
    return yes;
}

enum rc api_refund_sync(struct req *r, struct reply *p, struct err *e)
{
    struct sought s;
    struct api_faults faults = {0};
    enum rc rc;
    bool force = read_force(r, &faults);
    if (begin(&s, r, p, &faults, &rc, e))
        return rc;
    const char *before = json_write(r->arena, refund_flat_body(r->arena, &s.view));
    struct sync_work w = {
        .r = r, .refund = s.view.refund.id, .now_ms = clock_wall_ms(&r->app->clock)};
    if (force)
        rc = sql_tx(r->app->db, ask_fn, &w, e);
    if (rc == RC_OK && force && w.answer.verdict == SYNC_COOLING) {
        too_soon(r, p, w.answer.wait_ms);
        return RC_OK;
    }
    if (rc == RC_OK && force && w.answer.verdict == SYNC_ASKED)
        wait_for_end(&w);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, look_again, &s, e);
    if (rc != RC_OK)
        return rc;
    struct json_object *body = refund_flat_body(r->arena, &s.view);
    bool changed = !str_eq(json_write(r->arena, body), before);
    json_put_bool(body, "changed", changed);
    reply_json(p, 200, json_write(r->arena, body));
    return RC_OK;
}
