#include "api/api.h"
#include "api/errors.h"
#include "api/fields.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/intake.h"
#include "refund/order_body.h"
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
    if (rc == RC_OK)
        reply_json(p, 200, json_write(r->arena, order_body(r->arena, &v.view)));
    return rc;
}

enum rc api_order_get(struct req *r, struct reply *p, struct err *e)
{
    enum rc rc = order_reply(r, p, r->params[0], e);
    if (rc != RC_NOT_FOUND)
        return rc;
    errors_order_unknown(r, p, r->params[0]);
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

static struct intake_order order_asked(const struct req *r, struct api_faults *faults)
{
    static const char *const UDF[] = {"udf1", "udf2", "udf3", "udf4", "udf5",
                                      "udf6", "udf7", "udf8", "udf9", "udf10"};
    struct intake_order in = {.actor = &r->actor,
                              .order_id = fields_text(r, "order_id", faults),
                              .amount = fields_text(r, "amount", faults),
                              .currency = fields_text(r, "currency", faults),
                              .customer_id = fields_text(r, "customer_id", faults),
                              .customer_email = fields_text(r, "customer_email", faults),
                              .customer_phone = fields_text(r, "customer_phone", faults),
                              .product_id = fields_text(r, "product_id", faults),
                              .description = fields_text(r, "description", faults),
                              .return_url = fields_text(r, "return_url", faults),
                              .metadata = form_object(r->arena, &r->form, "metadata")};
    for (size_t i = 0; i < sizeof UDF / sizeof UDF[0]; i++)
        in.udf[i] = fields_text(r, UDF[i], faults);
    return in;
}

static void refuse_order(struct req *r, struct reply *p, const struct intake_answer *answer)
{
    struct api_fault faults[INTAKE_MAX_FAULTS];
    for (int i = 0; i < answer->n_faults; i++)
        faults[i] = (struct api_fault){answer->faults[i].field, answer->faults[i].reason};
    const char *message =
        arena_printf(r->arena, "%s: %s", str_or(faults[0].field, "order"), faults[0].reason);
    errors_bad_request(r, p, message, faults, answer->n_faults);
}

enum rc api_order_create(struct req *r, struct reply *p, struct err *e)
{
    struct api_faults faults = {0};
    struct intake_order in = order_asked(r, &faults);
    if (faults.n > 0) {
        const struct api_fault *first = &faults.of[0];
        errors_bad_request(r, p, arena_printf(r->arena, "%s %s", first->field, first->reason),
                           faults.of, faults.n);
        return RC_OK;
    }
    struct intake_answer *answer = arena_alloc(r->arena, sizeof *answer);
    enum rc rc = intake_order_create(r->app, r->arena, &in, answer, e);
    if (rc != RC_OK)
        return rc;
    if (answer->n_faults > 0) {
        refuse_order(r, p, answer);
        return RC_OK;
    }
    if (answer->differs) {
        struct api_fault other = {"order_id", "exists with another amount or currency"};
        errors_bad_request(r, p, "The order_id exists with another amount or currency.", &other, 1);
        return RC_OK;
    }
    if (!answer->created)
        return order_reply(r, p, in.order_id, e);
    struct order_view fresh = {.merchant_id = r->actor.merchant_id, .order = answer->order};
    const char *body = json_write(r->arena, order_body(r->arena, &fresh));
    if (answer->charging)
        wait_for_charge(r, answer->order.id);
    reply_json(p, 200, body);
    return RC_OK;
}
