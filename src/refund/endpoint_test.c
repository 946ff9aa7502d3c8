#include "refund/endpoint_form.h"

#include "core/id.h"
#include "core/json.h"
#include "core/str.h"
#include "refund/announce.h"
#include "refund/endpoint_parts.h"
#include "refund/order_body.h"
#include "store/order_list.h"

#define SAMPLE_ORDER_ID  "SAMPLE-1"
#define SAMPLE_PUBLIC_ID "ordeh_00000000000000000000000000000000"

enum { SAMPLE_MINOR = 50000 };

struct work {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t id, delivery, now_ms;
    const char *event, *event_id;
};

/* For who has no order yet. */
static void make_sample(const struct work *w, const char *currency, struct order_view *out)
{
    *out = (struct order_view){.order = {.merchant = w->actor->merchant,
                                         .order_id = SAMPLE_ORDER_ID,
                                         .public_id = SAMPLE_PUBLIC_ID,
                                         .status = "NEW",
                                         .amount_minor = SAMPLE_MINOR,
                                         .effective_minor = SAMPLE_MINOR,
                                         .currency = currency,
                                         .offer_minimum_minor = -1,
                                         .facts = "{}",
                                         .created_ms = w->now_ms}};
}

static enum rc read_sample(struct sql *q, const struct work *w, struct order_view *out,
                           struct err *e)
{
    const struct order_filter filter = {.merchant = w->actor->merchant};
    const struct list_page newest = {.rows = 1};
    struct order_row *orders;
    struct merchant m;
    int n;
    bool more;
    enum rc rc = merchants_get(q, w->arena, w->actor->merchant, &m, e);
    if (rc == RC_OK)
        rc = order_list_page(q, w->arena, &filter, &newest, &orders, &n, &more, e);
    if (rc != RC_OK)
        return rc;
    make_sample(w, m.default_currency, out);
    if (n > 0)
        rc = order_view_newest(q, w->arena, m.merchant_id, &orders[0].order, LIMIT_WEBHOOK_REFUNDS,
                               out, e);
    out->merchant_id = m.merchant_id;
    return rc;
}

static enum rc insert(struct sql *q, const struct work *w, struct err *e)
{
    struct order_view view;
    enum rc rc = read_sample(q, w, &view, e);
    if (rc != RC_OK)
        return rc;
    const struct webhook webhook = {
        .id = w->delivery,
        .merchant = w->actor->merchant,
        .event_id = w->event_id,
        .name = w->event,
        .body = announce_body(w->arena, w->event_id, w->event, w->now_ms, &view, true),
        .created_ms = w->now_ms};
    const struct delivery d = {.id = w->delivery,
                               .merchant = w->actor->merchant,
                               .endpoint = w->id,
                               .webhook = w->delivery,
                               .due_ms = w->now_ms,
                               .created_ms = w->now_ms};
    rc = webhooks_insert(q, &webhook, e);
    return rc == RC_OK ? deliveries_insert(q, &d, e) : rc;
}

static enum rc test_fn(struct sql *q, void *arg, struct err *e)
{
    const struct work *w = arg;
    struct endpoint p;
    struct delivery before;
    struct err none;
    struct json_object *after = json_object_in(w->arena);
    enum rc rc = endpoints_get(q, w->arena, w->actor->merchant, w->id, &p, e);
    if (rc != RC_OK)
        return rc;
    rc = deliveries_get(q, w->arena, w->actor->merchant, w->delivery, &before, &none);
    if (rc == RC_OK && before.endpoint != w->id)
        return ERR(e, RC_CONFLICT, "This form cannot be used: open it again.", "id of another");
    if (rc == RC_OK)
        return rc;
    if (rc != RC_NOT_FOUND) {
        *e = none;
        return rc;
    }
    if (!str_eq(p.state, "ACTIVE"))
        return ERR(e, RC_CONFLICT, "Only an active endpoint is sent test events.",
                   "endpoint %lld is %s", (long long)p.id, p.state);
    json_put_text(after, "event_name", w->event);
    json_put_text(after, "event", w->event_id);
    rc = insert(q, w, e);
    return rc == RC_OK ? endpoint_audit(q, w->app, w->arena, w->actor, "endpoint.tested", w->id,
                                        NULL, after, e)
                       : rc;
}

enum rc endpoint_test(struct app *app, struct arena *a, const struct actor *actor, int64_t id,
                      int64_t delivery, const char *event, struct err *e)
{
    struct work w = {.app = app,
                     .arena = a,
                     .actor = actor,
                     .id = id,
                     .delivery = delivery,
                     .now_ms = clock_wall_ms(&app->clock),
                     .event = event,
                     .event_id = id_random_hex(a, "evt_V2_", 32)};
    if (!announce_is_public(event))
        return ERR(e, RC_INVALID, "There is no such event: choose one of the list.", "event %s",
                   str_or(event, "none"));
    if (delivery <= 0 || delivery >= id_new())
        return ERR(e, RC_INVALID, "This form is too old: open the endpoint again.", "id to come");
    enum rc rc = sql_tx(app->db, test_fn, &w, e);
    if (rc == RC_OK)
        app_wake_worker(app);
    return rc;
}
