#include "core/id.h"
#include "core/money.h"
#include "core/str.h"
#include "ctl/demo.h"

/* What a draw needs to know of the order while it is made. */
struct making {
    struct demo *d;
    struct demo_order *o;
    const char *currency;
    int64_t left_minor; /* of the effective amount, for "rest" */
};

static bool is_charged(const char *status)
{
    const struct order_status *s = order_status_find(status);
    CHECK(s != NULL);
    return s->cls == CLASS_REFUNDABLE;
}

/* Statuses in which the gateway has given the payment an id. */
static bool has_payment(const char *status)
{
    static const char *const with[] = {"AUTHORIZED",        "VOIDED",
                                       "VOID_INITIATED",    "VOID_FAILED",
                                       "CAPTURE_INITIATED", "CAPTURE_FAILED"};
    for (size_t k = 0; k < sizeof with / sizeof *with; k++)
        if (str_eq(status, with[k]))
            return true;
    return is_charged(status);
}

/* ---- order
 * ------------------------------------------------------------------------------------------ */

static struct json_object *draw_product(struct making *m)
{
    for (;;) {
        struct json_object *product = demo_pick(&m->o->random, m->d->source.products);
        if (json_has(json_get(product, "prices"), m->currency))
            return product;
    }
}

static void fill_customer(struct making *m, struct order *row)
{
    struct arena *a = m->d->arena;
    const char *id = json_text(a, m->o->recipe, "customer");
    struct json_object *customer = id ? demo_find(a, m->d->source.customers, "id", id)
                                      : demo_pick(&m->o->random, m->d->source.customers);
    row->customer_id = json_text(a, customer, "id");
    row->customer_email = json_text(a, customer, "email");
    row->customer_phone = json_text(a, customer, "phone");
}

static void fill_goods(struct making *m, struct order *row)
{
    struct arena *a = m->d->arena;
    struct json_object *product = draw_product(m);
    const char *fixed = json_text(a, m->o->recipe, "amount");
    int64_t quantity = fixed ? 1 : 1 + demo_below(&m->o->random, 4) / 3;
    row->product_id = json_text(a, product, "id");
    row->description = json_text(a, product, "description");
    if (!fixed)
        fixed = json_text(a, json_get(product, "prices"), m->currency);
    row->amount_minor = demo_minor(fixed, m->currency) * quantity;
}

static void fill_hostile(struct order *row)
{
    row->customer_id = row->customer_email = row->customer_phone = DEMO_HOSTILE;
    row->product_id = row->description = DEMO_HOSTILE;
    row->return_url = "javascript:alert(1)//" DEMO_HOSTILE;
}

static void make_row(struct making *m)
{
    struct demo *d = m->d;
    struct order *row = &m->o->row;
    struct json_object *recipe = m->o->recipe, *offer = json_get(recipe, "offer");
    row->id = id_new();
    row->merchant = d->merchant;
    row->public_id =
        demo_pattern(d->arena, &m->o->random, "ordeh_~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~");
    row->status = str_or(json_text(d->arena, recipe, "status"), "CHARGED");
    row->currency = m->currency;
    fill_customer(m, row);
    fill_goods(m, row);
    row->return_url = "https://shop.example/orders/done";
    if (demo_flag(recipe, "hostile"))
        fill_hostile(row);
    row->is_cod = demo_flag(recipe, "cod");
    row->is_split_payment = demo_flag(recipe, "split_payment");
    row->offer_minimum_minor = -1;
    row->effective_minor = row->amount_minor;
    if (offer) {
        row->offer_minimum_minor = demo_minor(json_text(d->arena, offer, "minimum"), m->currency);
        row->effective_minor -= demo_minor(json_text(d->arena, offer, "discount"), m->currency);
    }
    row->effective_minor += row->amount_minor * demo_int(recipe, "surcharge_percent", 0) / 100;
    row->facts = demo_order_facts(d, m->o, offer);
    row->updated_ms = row->created_ms;
    m->o->key = orders_key(d->arena, row->order_id);
    demo_make_parties(d, m->o);
}

/* ---- transactions
 * ------------------------------------------------------------------------------------ */

static int64_t weight_of(struct json_object *method, const char *currency)
{
    return json_has(json_get(method, "routes"), currency) ? demo_int(method, "weight", 0) : 0;
}

static struct json_object *draw_method(struct making *m)
{
    struct json_object *methods = m->d->source.methods;
    int64_t all = 0;
    for (size_t k = 0; k < demo_count(methods); k++)
        all += weight_of(demo_item(methods, k), m->currency);
    int64_t at = demo_below(&m->o->random, all);
    size_t k = 0;
    while ((at -= weight_of(demo_item(methods, k), m->currency)) >= 0)
        k++;
    return demo_item(methods, k);
}

static const char *told(struct making *m, struct json_object *recipe, const char *key)
{
    const char *own = json_text(m->d->arena, recipe, key);
    return own ? own : json_text(m->d->arena, m->o->recipe, key);
}

static void fill_gateway(struct making *m, struct json_object *recipe, struct json_object *method,
                         struct txn *t)
{
    struct arena *a = m->d->arena;
    struct json_object *routes = json_get(json_get(method, "routes"), m->currency);
    if (demo_count(routes) == 0)
        return;
    const char *drawn = json_object_get_string(demo_pick(&m->o->random, routes));
    t->gateway = arena_strdup(a, str_or(told(m, recipe, "gateway"), drawn));
    struct json_object *gateway = demo_gateway(m->d, t->gateway);
    t->gateway_id = demo_int(gateway, "gateway_id", 0);
    t->gateway_reference_id = json_text(a, gateway, "reference");
    if (has_payment(t->status) && !demo_flag(recipe, "no_payment_id"))
        t->payment_id = demo_pattern(a, &m->o->random, json_text(a, gateway, "payment_id"));
}

static void fill_amounts(struct making *m, struct json_object *recipe, struct txn *t)
{
    const struct order *row = &m->o->row;
    int64_t percent = demo_int(recipe, "percent", 100);
    t->amount_minor =
        demo_flag(recipe, "rest") ? m->left_minor : row->effective_minor * percent / 100;
    if (row->is_split_payment)
        m->left_minor -= t->amount_minor;
    t->currency = m->currency;
    t->tax_minor = t->surcharge_minor = -1;
    t->net_minor = t->amount_minor;
    if (row->effective_minor > row->amount_minor) {
        t->surcharge_minor = row->effective_minor - row->amount_minor;
        t->net_minor = row->amount_minor;
    }
}

static void fill_times(struct making *m, struct txn *t)
{
    struct demo_random *r = &m->o->random;
    int nth = m->o->n_txns;
    int64_t took_ms = t->is_conflicted ? demo_between(r, 11 * 60 + 1, 17 * 60) * CLOCK_SECOND_MS
                                       : demo_between(r, 6 * CLOCK_SECOND_MS, 50 * CLOCK_SECOND_MS);
    t->created_ms = m->o->row.created_ms + nth * 2 * CLOCK_MINUTE_MS +
                    demo_between(r, 15 * CLOCK_SECOND_MS, 60 * CLOCK_SECOND_MS);
    if (is_charged(t->status))
        t->charged_ms = t->created_ms + took_ms;
}

static void make_txn(struct making *m, struct json_object *recipe)
{
    struct demo *d = m->d;
    struct demo_order *o = m->o;
    CHECK(o->n_txns < DEMO_TXNS_MAX);
    struct txn *t = &o->txns[o->n_txns];
    const char *named = told(m, recipe, "method");
    struct json_object *method =
        named ? demo_find(d->arena, d->source.methods, "name", named) : draw_method(m);
    t->id = id_new();
    t->merchant = d->merchant;
    t->order_row = o->row.id;
    t->txn_id = arena_printf(d->arena, "%s-%s-%d", d->merchant_id, o->row.order_id, o->n_txns + 1);
    t->txn_uuid = demo_pattern(d->arena, &o->random, "e@@@@@@@@@@@@@@@@@@@@");
    t->status = str_or(json_text(d->arena, recipe, "status"), o->row.status);
    t->payment_method_type = json_text(d->arena, method, "type");
    t->payment_method = json_text(d->arena, method, "method");
    t->auth_type = json_text(d->arena, method, "auth_type");
    t->is_conflicted = demo_flag(recipe, "conflicted");
    fill_gateway(m, recipe, method, t);
    fill_amounts(m, recipe, t);
    fill_times(m, t);
    if (demo_flag(o->recipe, "hostile"))
        t->gateway_reference_id = DEMO_HOSTILE;
    t->facts = demo_txn_facts(d, o, t, method);
    o->n_txns++;
    if (t->charged_ms && !o->row.kept_txn)
        o->row.kept_txn = t->id;
    if (t->created_ms > o->row.updated_ms)
        o->row.updated_ms = t->created_ms;
    if (t->charged_ms > o->row.updated_ms)
        o->row.updated_ms = t->charged_ms;
    demo_tell_txn(d, o, t);
}

void demo_make_order(struct demo *d, struct demo_order *o)
{
    struct making m = {
        .d = d, .o = o, .currency = str_or(json_text(d->arena, o->recipe, "currency"), "INR")};
    struct json_object *txns = json_get(o->recipe, "txns"), *plain = json_object_in(d->arena);
    o->events = arena_array(d->arena, DEMO_EVENTS_MAX, sizeof *o->events);
    make_row(&m);
    demo_add_event(d, o, NULL, "ORDER_CREATED", "API", o->row.created_ms, NULL);
    m.left_minor = o->row.effective_minor;
    for (size_t k = 0; k < demo_count(txns); k++)
        make_txn(&m, demo_item(txns, k));
    if (!txns)
        make_txn(&m, plain);
}
