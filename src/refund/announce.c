#include "refund/announce.h"

#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "refund/order_body.h"
#include "store/merchants.h"
#include "store/webhooks.h"

/* The order as GET /orders/{order_id} tells it, with its newest refunds. */
static enum rc read_order(struct sql *q, struct arena *a, const struct event *ev, int64_t now_ms,
                          struct order_view *v, struct err *e)
{
    struct merchant m;
    struct order o;
    enum rc rc = merchants_get(q, a, ev->merchant, &m, e);
    if (rc == RC_OK)
        rc = orders_get(q, a, ev->order_row, &o, e);
    if (rc == RC_OK)
        rc = order_view_newest(q, a, m.merchant_id, &o, LIMIT_WEBHOOK_REFUNDS, v, e);
    if (rc == RC_OK)
        v->now_ms = now_ms;
    return rc;
}

const char *announce_body(struct arena *a, const char *event_id, const char *name, int64_t at_ms,
                          const struct order_view *v, bool is_test)
{
    struct json_object *o = json_object_in(a), *content = json_object_in(a);
    json_put_text(o, "id", event_id);
    json_put_text(o, "event_name", name);
    json_put_text(o, "date_created", clock_iso(a, at_ms));
    if (is_test)
        json_put_bool(o, "test", true);
    json_put(content, "order", order_body(a, v));
    json_put(o, "content", content);
    return json_write(a, o);
}

static enum rc deliver(struct sql *q, const struct webhook *w, const int64_t *endpoints, int n,
                       struct err *e)
{
    enum rc rc = webhooks_insert(q, w, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        const struct delivery d = {
            .id = id_new(),
            .merchant = w->merchant,
            .endpoint = endpoints[i],
            .webhook = w->id,
            .due_ms = w->created_ms,
            .created_ms = w->created_ms,
        };
        rc = deliveries_insert(q, &d, e);
    }
    return rc;
}

/* Nobody wants most events: that is one look at an index. What a webhook takes is its own arena's,
 * because a batch of refunds shares the caller's. */
static enum rc tell(struct sql *q, const struct event *ev, int64_t now_ms, struct err *e)
{
    int64_t endpoints[LIMIT_ENDPOINTS];
    int n = 0;
    if (!announce_is_public(ev->name))
        return RC_OK;
    enum rc rc = endpoints_wanting(q, ev->merchant, ev->name, endpoints, &n, e);
    if (rc != RC_OK || n == 0)
        return rc;
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    struct order_view v;
    rc = read_order(q, a, ev, now_ms, &v, e);
    if (rc == RC_OK) {
        struct webhook w = {
            .id = ev->id,
            .merchant = ev->merchant,
            .order_row = ev->order_row,
            .refund_row = ev->refund_row,
            .event_id = id_random_hex(a, "evt_V2_", 32),
            .name = ev->name,
            .created_ms = now_ms,
        };
        w.body = announce_body(a, w.event_id, ev->name, ev->at_ms, &v, false);
        rc = deliver(q, &w, endpoints, n, e);
    }
    arena_free(a);
    return rc;
}

static enum rc write_row(struct sql *q, const struct event *ev, struct event *row, struct err *e)
{
    *row = *ev;
    if (row->id == 0)
        row->id = id_new();
    return events_add(q, row, e);
}

enum rc announce(struct sql *q, const struct event *ev, int64_t now_ms, struct err *e)
{
    struct event row;
    enum rc rc = write_row(q, ev, &row, e);
    return rc == RC_OK ? tell(q, &row, now_ms, e) : rc;
}

enum rc announce_note(struct sql *q, struct arena *a, struct announce_later *later,
                      const struct event *ev, struct err *e)
{
    if (later->n == later->room) {
        int room = later->room > 0 ? 2 * later->room : 8;
        later->events = arena_grow(a, later->events, (size_t)later->room * sizeof *later->events,
                                   (size_t)room * sizeof *later->events);
        later->room = room;
    }
    enum rc rc = write_row(q, ev, &later->events[later->n], e);
    later->n += rc == RC_OK;
    return rc;
}

enum rc announce_all(struct sql *q, struct announce_later *later, int64_t now_ms, struct err *e)
{
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < later->n; i++)
        rc = tell(q, &later->events[i], now_ms, e);
    *later = (struct announce_later){0};
    return rc;
}
