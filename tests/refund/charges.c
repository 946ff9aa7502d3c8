#include "refund/charges.h"
#include "core/str.h"
#include "refund/order_body.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "store/events.h"
#include "support/suite.h"
#include <stdlib.h>
#include <string.h>

static const char *quoted(const char *text)
{
    return arena_printf(desk.arena, "\"%s\"", text);
}

static const char *moment(int s)
{
    return s == NOT_TOLD ? NULL : quoted(clock_iso(desk.arena, CHARGES_T0_MS + s * INT64_C(1000)));
}

static const char *refunds_of(const struct charge *c)
{
    if (c->refunded == NULL)
        return NULL;
    return arena_printf(desk.arena,
                        "[{\"unique_request_id\":\"hand-%d\",\"status\":\"SUCCESS\",\"ref\":"
                        "\"rfnd_%d\",\"txn_id\":\"ORD-%d\",\"amount\":%s}]",
                        c->txn, c->txn, c->txn, c->refunded);
}

struct json_object *charge_told(const struct charge *c)
{
    const char *txn_id = arena_printf(desk.arena, "ORD-%d", c->txn);
    const char *gateway = quoted(str_or(c->gateway, "RAZORPAY"));
    struct json_object *order =
        TOLD({"order_id", "\"ORD\""}, {"id", "\"ordeh_1\""}, {"refunds", refunds_of(c)},
             {"txn_id", quoted(txn_id)}, {"txn_detail.txn_id", quoted(txn_id)},
             {"txn_detail.order_id", "\"ORD\""}, {"date_created", moment(0)},
             {"txn_uuid", quoted(txn_id)}, {"txn_detail.txn_uuid", quoted(txn_id)},
             {"status", quoted(c->status)}, {"txn_detail.status", quoted(c->status)},
             {"txn_detail.txn_amount", str_or(c->paid, "1")}, {"txn_detail.gateway", gateway},
             {"txn_detail.created", moment(c->created_s)},
             {"payment_gateway_response.txn_id", quoted(txn_id)},
             {"payment_gateway_response.created", moment(c->success_s)},
             {"payment_gateway_response.epg_txn_id",
              quoted(arena_printf(desk.arena, "pay_%s", txn_id))});
    return told_envelope(
        str_or(c->event, "TXN_EVENT"),
        arena_strdup(desk.arena, clock_iso(desk.arena, CHARGES_T0_MS + c->at_s * INT64_C(1000))),
        order);
}

/* ---- settings ---------------------------------------------------------------------------------
 */

struct conflict_settings charges_on(void)
{
    return (struct conflict_settings){.refund_conflicted = true,
                                      .conflicted_since_ms = CHARGES_T0_MS - 7200000,
                                      .threshold_minutes = 10,
                                      .refund_multiple = true,
                                      .multiple_since_ms = CHARGES_T0_MS - 7200000};
}

static enum rc set_fn(struct sql *q, void *arg, struct err *e)
{
    return conflict_settings_put(q, desk.merchant, arg, shop.clock.fixed_ms, e);
}

void charges_set(struct conflict_settings s)
{
    desk_write(set_fn, &s);
}

/* ---- the state --------------------------------------------------------------------------------
 */

static int by_txn_id(const void *a, const void *b)
{
    return strcmp(((const struct txn *)a)->txn_id, ((const struct txn *)b)->txn_id);
}

static const char *short_id(const struct order_view *v, int64_t txn_row)
{
    for (int i = 0; i < v->n_txns; i++) {
        if (v->txns[i].id == txn_row)
            return v->txns[i].txn_id + strlen("ORD-");
    }
    return "-";
}

static void put_conflict(struct buf *b, const struct order_view *v, const struct conflict *c,
                         bool all)
{
    if (!all && str_eq(c->state, "WITHDRAWN"))
        return;
    buf_printf(b, " %s:%s", c->kind, c->state);
    if (c->kept_txn != 0)
        buf_printf(b, "(kept %s)", short_id(v, c->kept_txn));
}

static void put_refund(struct buf *b, const struct refund *r, bool all)
{
    if (all || !str_eq(r->status, "FAILURE"))
        buf_printf(b, " [%lld %s %s]", (long long)r->amount_minor,
                   str_eq(r->source, "AUTO") ? r->reason : r->source, r->state);
}

const char *charges_state(struct sql *q, struct arena *a, bool all)
{
    struct order_view v = {0};
    struct conflict *conflicts;
    struct order o;
    struct buf b;
    int n;
    struct err e;
    buf_init(&b, a);
    ck_assert_int_eq(orders_by_key(q, a, desk.merchant, "ord", &o, &e), RC_OK);
    ck_assert_int_eq(order_view_of(q, a, "m", &o, &v, &e), RC_OK);
    ck_assert_int_eq(conflicts_of_order(q, a, o.id, &conflicts, &n, &e), RC_OK);
    qsort(v.txns, (size_t)v.n_txns, sizeof *v.txns, by_txn_id);
    buf_printf(&b, "%s kept %s%s%s", o.status, short_id(&v, o.kept_txn),
               o.is_conflicted ? " conflicted" : "", o.is_multiple ? " multiple" : "");
    for (int i = 0; i < v.n_txns; i++) {
        const struct txn *t = &v.txns[i];
        buf_printf(&b, "; %s %s", short_id(&v, t->id), t->status);
        if (t->told_status != NULL)
            buf_printf(&b, "(%s)", t->told_status);
        if (t->is_conflicted)
            buf_printf(&b, " conflicted");
        for (int k = 0; k < n; k++) {
            if (conflicts[k].txn_row == t->id)
                put_conflict(&b, &v, &conflicts[k], all);
        }
        for (int k = v.n_refunds - 1; k >= 0; k--) {
            if (v.refunds[k].txn_row == t->id)
                put_refund(&b, &v.refunds[k], all);
        }
    }
    return buf_text(&b);
}

static enum rc now_fn(struct sql *q, void *arg, struct err *e)
{
    const char **out = arg;
    (void)e;
    *out = charges_state(q, desk.arena, true);
    return RC_OK;
}

const char *charges_now(void)
{
    const char *state = NULL;
    desk_look(now_fn, &state);
    return state;
}

struct told_work {
    struct order_view view;
    struct event *events;
    int n_events;
};

static enum rc told_fn(struct sql *q, void *arg, struct err *e)
{
    struct told_work *w = arg;
    enum rc rc = order_view_read(q, desk.arena, desk.merchant, "m", "ORD", &w->view, e);
    return rc == RC_OK ? events_of(q, desk.arena, w->view.order.id, 0, &w->events, &w->n_events, e)
                       : rc;
}

struct refund charges_refund(void)
{
    struct told_work w = {0};
    desk_look(told_fn, &w);
    for (int i = 0; i < w.view.n_refunds; i++) {
        if (str_eq(w.view.refunds[i].source, "AUTO"))
            return w.view.refunds[i];
    }
    ck_abort_msg("there is no auto refund");
}

int charges_told(const char *event_name)
{
    struct told_work w = {0};
    int n = 0;
    desk_look(told_fn, &w);
    for (int i = 0; i < w.n_events; i++)
        n += str_eq(w.events[i].name, event_name);
    return n;
}

void charges_are(const char *state)
{
    ck_assert_str_eq(charges_now(), state);
}

void charges_tell(struct charge c)
{
    enum order_news_end end = told_apply(charge_told(&c));
    ck_assert_msg(end == NEWS_APPLIED || end == NEWS_KNOWN, "%d: %s", end, str_or(told_why, ""));
}
