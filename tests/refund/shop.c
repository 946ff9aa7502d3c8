#include "refund/shop.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/apply.h"
#include "refund/intake.h"
#include "store/events.h"
#include "store/gateways.h"
#include "support/suite.h"
#include <string.h>

struct app shop;
struct actor shop_actor;
struct seal_secret shop_secret;

static enum rc add_gateways(struct sql *q, void *arg, struct err *e)
{
    static const struct {
        const char *name, *adapter;
        int64_t gateway_id;
        bool can_refund;
    } rows[] = {{"RAZORPAY", "simulator", 23, true},
                {"STRIPE", "simulator", 11, true},
                {"LEGACY", NULL, 9, false}};
    (void)arg;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct gateway_row g = {.id = id_new(),
                                      .merchant = desk.merchant,
                                      .name = rows[i].name,
                                      .gateway_id = rows[i].gateway_id,
                                      .adapter = rows[i].adapter,
                                      .can_refund = rows[i].can_refund};
        enum rc rc = gateways_insert(q, &g, e);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static void open_keys(void)
{
    struct err e;
    const char *secret = arena_printf(desk.arena, "%s/worker.secret", desk.folder);
    const char *public = arena_printf(desk.arena, "%s/worker.public", desk.folder);
    ck_assert_int_eq(secret_keys_create(secret, public, &e), RC_OK);
    ck_assert_int_eq(secret_load_secret(secret, &shop_secret, &e), RC_OK);
    shop.worker_key = shop_secret.pub;
}

void shop_open(void)
{
    desk_open();
    desk_write(add_gateways, NULL);
    memset(&shop, 0, sizeof shop);
    open_keys();
    shop.db = desk.db;
    shop.clock.fixed_ms = SHOP_NOW_MS;
    shop.log = (struct log){.program = "test", .least = LOG_ERROR, .fd = 2};
    shop.wake_fd = -1;
    shop_actor = (struct actor){.kind = ACTOR_API,
                                .merchant = desk.merchant,
                                .merchant_id = "demo_merchant",
                                .name = "API"};
}

void shop_close(void)
{
    desk_close();
}

struct add_work {
    struct shop_order in;
    struct order order;
    struct txn txn;
};

static enum rc add_fn(struct sql *q, void *arg, struct err *e)
{
    struct add_work *w = arg;
    enum rc rc = orders_insert(q, &w->order, orders_key(desk.arena, w->order.order_id), e);
    if (rc == RC_OK && !w->in.no_txn)
        rc = intake_txn(q, desk.arena, &w->order, &w->txn, SHOP_NOW_MS, e);
    if (rc == RC_OK)
        w->order.status = w->in.status;
    return rc == RC_OK ? orders_update(q, &w->order, e) : rc;
}

int64_t shop_add(struct shop_order o)
{
    o.status = str_or(o.status, "CHARGED");
    o.currency = str_or(o.currency, "INR");
    o.amount_minor = o.amount_minor != 0 ? o.amount_minor : 100000;
    int64_t created_ms = SHOP_NOW_MS - (o.age_days != 0 ? o.age_days * CLOCK_DAY_MS : 3600000);
    bool charged = str_eq(o.status, "CHARGED");
    struct add_work w = {
        .in = o,
        .order = {.id = id_new(),
                  .merchant = desk.merchant,
                  .order_id = o.order_id,
                  .public_id = id_random_hex(desk.arena, "ordeh_", 32),
                  .status = o.status,
                  .amount_minor = o.amount_minor,
                  .effective_minor = o.amount_minor,
                  .currency = o.currency,
                  .is_cod = o.is_cod,
                  .is_split_payment = o.is_split_payment,
                  .offer_minimum_minor = -1,
                  .facts = "{}",
                  .created_ms = created_ms,
                  .updated_ms = created_ms},
        .txn = {.txn_id = arena_printf(desk.arena, "%s-1", o.order_id),
                .status = o.status,
                .amount_minor = o.amount_minor,
                .net_minor = o.amount_minor,
                .tax_minor = -1,
                .surcharge_minor = -1,
                .currency = o.currency,
                .gateway = str_or(o.gateway, "RAZORPAY"),
                .gateway_id = 23,
                .payment_method_type = str_or(o.method, "CARD"),
                .payment_method = str_or(o.method, "VISA"),
                .payment_id =
                    o.no_payment_id ? NULL : arena_printf(desk.arena, "pay_%s", o.order_id),
                .facts = "{}",
                .created_ms = created_ms,
                .charged_ms = charged ? created_ms + 1000 : 0},
    };
    desk_write(add_fn, &w);
    return w.order.id;
}

static enum rc add_txn_fn(struct sql *q, void *arg, struct err *e)
{
    struct add_work *w = arg;
    enum rc rc = orders_get(q, desk.arena, w->order.id, &w->order, e);
    if (rc == RC_OK)
        rc = intake_txn(q, desk.arena, &w->order, &w->txn, SHOP_NOW_MS, e);
    return rc;
}

void shop_add_txn(int64_t order, const char *txn_id, const char *status, int64_t amount_minor)
{
    struct add_work w = {.order = {.id = order},
                         .txn = {.txn_id = txn_id,
                                 .status = status,
                                 .amount_minor = amount_minor,
                                 .net_minor = -1,
                                 .tax_minor = -1,
                                 .surcharge_minor = -1,
                                 .currency = "INR",
                                 .gateway = "RAZORPAY",
                                 .payment_id = arena_printf(desk.arena, "pay_%s", txn_id),
                                 .facts = "{}",
                                 .created_ms = SHOP_NOW_MS - 1000,
                                 .charged_ms = str_eq(status, "CHARGED") ? SHOP_NOW_MS : 0}};
    desk_write(add_txn_fn, &w);
}

static enum rc add_gateway(struct sql *q, void *arg, struct err *e)
{
    const struct gateway_row *g = arg;
    return gateways_insert(q, g, e);
}

void shop_gateway(struct gateway_row g)
{
    g.id = id_new();
    g.merchant = desk.merchant;
    g.adapter = "simulator";
    desk_write(add_gateway, &g);
}

struct split_work {
    int64_t order;
    const struct party *parties;
    int n;
};

static enum rc split_fn(struct sql *q, void *arg, struct err *e)
{
    const struct split_work *w = arg;
    return split_insert_order(q, w->order, w->parties, w->n, e);
}

void shop_split(int64_t order, const struct party *parties, int n)
{
    struct split_work w = {order, parties, n};
    desk_write(split_fn, &w);
}

static enum rc get_order(struct sql *q, void *arg, struct err *e)
{
    struct order *o = arg;
    return orders_get(q, desk.arena, o->id, o, e);
}

struct order shop_order_row(int64_t id)
{
    struct order o = {.id = id};
    desk_look(get_order, &o);
    return o;
}

static enum rc get_txn(struct sql *q, void *arg, struct err *e)
{
    struct txn *t = arg;
    return txns_by_txn_id(q, desk.arena, desk.merchant, t->txn_id, t, e);
}

struct txn shop_txn(const char *txn_id)
{
    struct txn t = {.txn_id = txn_id};
    desk_look(get_txn, &t);
    return t;
}

static enum rc get_refund(struct sql *q, void *arg, struct err *e)
{
    struct refund *r = arg;
    return refunds_get(q, desk.arena, r->id, r, e);
}

struct refund shop_refund(int64_t id)
{
    struct refund r = {.id = id};
    desk_look(get_refund, &r);
    return r;
}

static enum rc get_view(struct sql *q, void *arg, struct err *e)
{
    struct refund_view *v = arg;
    const struct refund r = v->refund;
    return refund_view_of(q, desk.arena, &r, v, e);
}

struct refund_view shop_view(int64_t refund)
{
    struct refund_view v = {.refund = shop_refund(refund)};
    desk_look(get_view, &v);
    return v;
}

struct frozen_work {
    const struct refund *refund;
    struct event *events;
    int n;
};

static enum rc get_events(struct sql *q, void *arg, struct err *e)
{
    struct frozen_work *w = arg;
    return events_of(q, desk.arena, w->refund->order_row, w->refund->id, &w->events, &w->n, e);
}

const char *shop_frozen(struct refund refund)
{
    struct frozen_work w = {.refund = &refund};
    desk_look(get_events, &w);
    ck_assert_int_gt(w.n, 0);
    return w.events[0].frozen;
}

struct count_work {
    const char *kind;
    int count;
};

enum rc shop_claim(struct sql *q, int64_t now_ms, int64_t lease_ms, struct job **out, int *n,
                   struct err *e)
{
    struct job_lane *lanes;
    int n_lanes, more;
    struct job *all = arena_array(desk.arena, LIMIT_WORKER_FLIGHTS, sizeof *all), *jobs;
    *n = 0;
    enum rc rc = jobs_lanes(q, desk.arena, &lanes, &n_lanes, e);
    for (int i = 0; rc == RC_OK && i < n_lanes; i++) {
        rc = jobs_claim(q, desk.arena, lanes[i].lane, now_ms, lease_ms, LIMIT_WORKER_FLIGHTS, &jobs,
                        &more, e);
        CHECK(rc != RC_OK || *n + more <= LIMIT_WORKER_FLIGHTS);
        for (int k = 0; rc == RC_OK && k < more; k++)
            all[(*n)++] = jobs[k];
    }
    *out = all;
    return rc;
}

/* Looks by claiming far in the future and undoing it. */
static enum rc count_fn(struct sql *q, void *arg, struct err *e)
{
    struct count_work *w = arg;
    struct job *jobs;
    int n = 0;
    w->count = 0;
    enum rc rc = shop_claim(q, INT64_MAX / 2, 0, &jobs, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        w->count += str_eq(jobs[i].kind, w->kind);
    return rc == RC_OK ? ERR(e, RC_BUSY, "only looking", "undo") : rc;
}

int shop_jobs(const char *kind)
{
    struct count_work w = {.kind = kind};
    desk_refuses(count_fn, &w, RC_BUSY);
    return w.count;
}

struct refund_answer shop_ask_full(struct refund_request req)
{
    struct refund_answer answer;
    struct err e = {0};
    struct refund_request *kept = arena_alloc(desk.arena, sizeof *kept);
    *kept = req;
    if (kept->actor == NULL)
        kept->actor = &shop_actor;
    enum rc rc = refund_create(&shop, desk.arena, kept, &answer, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return answer;
}

struct refund_answer shop_ask(const char *order_id, const char *unique_request_id,
                              const char *amount)
{
    return shop_ask_full((struct refund_request){
        .order_id = order_id,
        .unique_request_id = unique_request_id,
        .amount_given = amount != NULL ? GIVEN_TEXT : GIVEN_ABSENT,
        .amount = amount,
    });
}

struct apply_work {
    int64_t refund;
    enum refund_event event;
    struct machine_step step;
};

static enum rc apply_fn(struct sql *q, void *arg, struct err *e)
{
    struct apply_work *w = arg;
    const struct refund_news news = {
        .actor = "test", .gateway_ref = "rfnd_1", .due_ms = shop.clock.fixed_ms};
    return refund_apply(q, desk.arena, w->refund, w->event, &news, shop.clock.fixed_ms, &w->step,
                        e);
}

struct machine_step shop_apply(int64_t refund, enum refund_event event)
{
    struct apply_work w = {.refund = refund, .event = event};
    desk_write(apply_fn, &w);
    return w.step;
}
