/*
 * Which recipe becomes which order. Slot 0 is the newest order and has the highest number; the
 * further back, the thinner the orders lie: slot k of n is span * (k/n)² old.
 */
#include "core/str.h"
#include "ctl/demo.h"

enum { JITTER_MS = 20000 };

struct plan {
    struct demo *d;
    struct demo_random random;
    struct demo_order *slots; /* newest first */
    int64_t *age_ms;
    int n;
    int64_t newest; /* number of slot 0 */
};

static size_t orders_of(struct json_object *recipe)
{
    size_t numbers = demo_count(json_get(recipe, "numbers"));
    return numbers ? numbers : (size_t)demo_int(recipe, "count", 1);
}

static void set_ages(struct plan *p, struct json_object *merchant)
{
    int64_t newest_ms = demo_int(merchant, "newest_minutes", 1) * CLOCK_MINUTE_MS;
    int64_t span_s = (demo_int(merchant, "days", 1) * CLOCK_DAY_MS - newest_ms) / CLOCK_SECOND_MS;
    int64_t last = p->n > 1 ? p->n - 1 : 1;
    for (int64_t k = 0; k < p->n; k++)
        p->age_ms[k] = newest_ms + span_s * k * k / (last * last) * CLOCK_SECOND_MS;
}

static void take_slot(struct plan *p, int64_t k, struct json_object *recipe)
{
    struct demo_order *o = &p->slots[k];
    int64_t number = p->newest - k;
    o->recipe = recipe;
    o->random.state = p->random.state ^ (uint64_t)number * 0xd1342543de82ef95u;
    o->row.order_id = arena_printf(p->d->arena, "ORD_%lld", (long long)number);
    o->row.created_ms = p->d->now_ms - p->age_ms[k] - demo_below(&o->random, JITTER_MS);
}

static bool take_fixed(struct plan *p, struct json_object *recipe)
{
    struct json_object *numbers = json_get(recipe, "numbers");
    for (size_t i = 0; i < demo_count(numbers); i++) {
        int64_t k = p->newest - json_object_get_int64(demo_item(numbers, i));
        if (k < 0 || k >= p->n || p->slots[k].recipe)
            return false;
        take_slot(p, k, recipe);
    }
    return true;
}

static bool is_bound(struct json_object *recipe)
{
    return json_has(recipe, "older_than_days") || json_has(recipe, "newer_than_days");
}

/* A free slot whose age suits; -1: none. */
static int64_t draw_slot(struct plan *p, struct json_object *recipe)
{
    int64_t least_ms = demo_int(recipe, "older_than_days", 0) * CLOCK_DAY_MS;
    int64_t most_ms = demo_int(recipe, "newer_than_days", INT16_MAX) * CLOCK_DAY_MS;
    int64_t chosen = -1, seen = 0;
    for (int64_t k = 0; k < p->n; k++) {
        if (p->slots[k].recipe || p->age_ms[k] < least_ms || p->age_ms[k] > most_ms)
            continue;
        if (demo_below(&p->random, ++seen) == 0)
            chosen = k;
    }
    return chosen;
}

static bool take_drawn(struct plan *p, struct json_object *recipe)
{
    size_t count = demo_count(json_get(recipe, "numbers")) ? 0 : orders_of(recipe);
    for (size_t i = 0; i < count; i++) {
        int64_t k = draw_slot(p, recipe);
        if (k < 0)
            return false;
        take_slot(p, k, recipe);
    }
    return true;
}

/* The most bound recipes choose first. */
static enum rc fill(struct plan *p, struct json_object *recipes, struct err *e)
{
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < demo_count(recipes); i++) {
            struct json_object *recipe = demo_item(recipes, i);
            bool placed = true;
            if (round == 0)
                placed = take_fixed(p, recipe);
            else if (is_bound(recipe) == (round == 1))
                placed = take_drawn(p, recipe);
            if (!placed)
                return ERR(e, RC_INVALID, "A recipe of orders.json finds no room for its orders.",
                           "%s", str_or(json_text(p->d->arena, recipe, "about"), "?"));
        }
    }
    return RC_OK;
}

enum rc demo_plan(struct demo *d, struct err *e)
{
    struct json_object *recipes = d->source.orders, *merchant = d->source.merchant;
    struct plan p = {.d = d,
                     .random = {(uint64_t)demo_int(merchant, "seed", 1)},
                     .newest = demo_int(merchant, "newest_order", 1)};
    for (size_t i = 0; i < demo_count(recipes); i++)
        p.n += (int)orders_of(demo_item(recipes, i));
    p.slots = arena_array(d->arena, (size_t)p.n, sizeof *p.slots);
    p.age_ms = arena_array(d->arena, (size_t)p.n, sizeof *p.age_ms);
    set_ages(&p, merchant);
    enum rc rc = fill(&p, recipes, e);
    if (rc != RC_OK)
        return rc;
    d->orders = arena_array(d->arena, (size_t)p.n, sizeof *d->orders);
    d->n_orders = p.n;
    for (int k = 0; k < p.n; k++)
        d->orders[k] = p.slots[p.n - 1 - k];
    return RC_OK;
}
