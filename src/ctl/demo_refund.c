#include "core/id.h"
#include "core/money.h"
#include "core/str.h"
#include "ctl/demo.h"
#include "refund/machine.h"

enum { REVIEW_AFTER_DAYS = 10 };

/* The span in which an order's refunds were made. */
struct span {
    int64_t from_ms, ms;
    int at, all; /* this one and how many in all */
};

static int refunds_in(struct json_object *list)
{
    int64_t all = 0;
    for (size_t k = 0; k < demo_count(list); k++)
        all += demo_int(demo_item(list, k), "times", 1);
    CHECK(all <= DEMO_REFUNDS_MAX);
    return (int)all;
}

/* Up to 30 days, and never later than four fifths of the way to now. */
static struct span span_of(struct demo *d, struct demo_order *o, int all)
{
    int64_t from_ms = o->row.updated_ms, until_now_ms = d->now_ms - from_ms;
    int64_t ms = demo_between(&o->random, 3 * CLOCK_DAY_MS, 30 * CLOCK_DAY_MS);
    return (struct span){from_ms, ms < until_now_ms / 5 * 4 ? ms : until_now_ms / 5 * 4, 0, all};
}

static int64_t whole_units(int64_t minor, const char *currency)
{
    int64_t unit = 1;
    for (int k = money_exponent(currency); k > 0; k--)
        unit *= 10;
    return minor >= 10 * unit ? minor / unit * unit : minor;
}

int64_t demo_refund_amount(struct demo *d, struct json_object *recipe, const struct txn *t)
{
    const char *fixed = json_text(d->arena, recipe, "amount");
    if (fixed)
        return demo_minor(fixed, t->currency);
    if (demo_flag(recipe, "rest"))
        return t->amount_minor - t->held_minor;
    int64_t percent = demo_int(recipe, "percent", 100);
    int64_t minor = t->amount_minor * percent / 100;
    return percent == 100 ? minor : whole_units(minor, t->currency);
}

static void fill_source(struct demo *d, struct demo_order *o, struct json_object *recipe,
                        struct refund *r)
{
    static const struct {
        const char *source, *initiated_by, *id;
    } SOURCES[] = {{"PORTAL", "maker", "erf_~~~~~~~~~~~~~~~~"},
                   {"API", "API", "rfd_########"},
                   {"AUTO", "AUTO_REFUNDED", "AR@@@@@@@@@@@@@@"},
                   {"BATCH", "maker", ""}};
    size_t k = 0;
    r->source = str_or(json_text(d->arena, recipe, "source"), SOURCES[0].source);
    while (!str_eq(SOURCES[k].source, r->source))
        CHECK(++k < sizeof SOURCES / sizeof *SOURCES);
    r->initiated_by = str_or(json_text(d->arena, recipe, "by"), SOURCES[k].initiated_by);
    r->unique_request_id = str_or(json_text(d->arena, recipe, "id"),
                                  demo_pattern(d->arena, &o->random, SOURCES[k].id));
}

/* Created, sent two seconds later, settled hours or days after that, all before now. */
static void fill_times(struct demo *d, struct demo_order *o, struct span *s, struct refund *r)
{
    struct demo_random *rnd = &o->random;
    int64_t step_ms = s->ms / (s->all + 1);
    r->created_ms = s->from_ms + step_ms * ++s->at + demo_below(rnd, step_ms / 4 + 1);
    if (str_eq(r->source, "AUTO"))
        r->created_ms = s->from_ms + 2 * CLOCK_SECOND_MS;
    r->hold_until_ms = r->created_ms;
    r->sent_ms = r->created_ms + 2 * CLOCK_SECOND_MS;
    int64_t left_ms = (d->now_ms - r->sent_ms) / 5 * 4;
    int64_t took_ms = str_eq(r->state, "FAILURE")
                          ? demo_between(rnd, CLOCK_SECOND_MS, 20 * CLOCK_SECOND_MS)
                          : demo_between(rnd, 2 * CLOCK_HOUR_MS, 4 * CLOCK_DAY_MS);
    r->updated_ms = r->sent_ms + (took_ms < left_ms ? took_ms : left_ms);
    if (str_eq(r->state, "MANUAL_REVIEW"))
        r->updated_ms = r->created_ms + REVIEW_AFTER_DAYS * CLOCK_DAY_MS;
    if (str_eq(r->state, "ACCEPTED"))
        r->updated_ms = r->sent_ms + CLOCK_SECOND_MS;
    if (str_eq(r->state, "SUCCESS"))
        r->processed_ms = r->updated_ms;
    CHECK(r->updated_ms < d->now_ms);
}

/* ---- what the gateway said
 * --------------------------------------------------------------------------- */

static const char *words_of(struct demo *d, const struct refund *r)
{
    struct json_object *words = json_object_in(d->arena);
    if (r->gateway_ref)
        json_put_text(words, "id", r->gateway_ref);
    json_put_text(words, "status",
                  str_eq(r->state, "SUCCESS")    ? "processed"
                  : str_eq(r->state, "ACCEPTED") ? "pending"
                                                 : "failed");
    json_put_money(d->arena, words, "amount", r->amount_minor, r->currency);
    if (r->arn)
        json_put_text(words, "arn", r->arn);
    if (r->error_code) {
        json_put_text(words, "error_code", r->error_code);
        json_put_text(words, "error_message", r->error_message);
    }
    return json_write(d->arena, words);
}

static void fill_answer(struct demo *d, struct demo_order *o, struct json_object *recipe,
                        struct refund *r)
{
    struct arena *a = d->arena;
    struct json_object *gateway = demo_gateway(d, r->gateway);
    r->gateway_ref = demo_pattern(a, &o->random, json_text(a, gateway, "refund_id"));
    if (str_eq(r->state, "SUCCESS"))
        r->arn = demo_pattern(a, &o->random, "7412###################");
    if (str_eq(r->state, "FAILURE")) {
        const char *code = json_text(a, recipe, "refusal");
        struct json_object *refusals = d->source.refusals;
        struct json_object *refusal =
            code ? demo_find(a, refusals, "code", code) : demo_pick(&o->random, refusals);
        r->gateway_ref = NULL;
        r->error_code = json_text(a, refusal, "code");
        r->error_message = json_text(a, refusal, "message");
    }
    if (!str_eq(r->state, "MANUAL_REVIEW"))
        r->gateway_words = words_of(d, r);
}

static void fill_hostile(struct refund *r)
{
    r->note = DEMO_HOSTILE;
    r->metadata = "{\"<script>alert(1)</script>\\\"'&\":\"<script>alert(1)</script>\\\"'&\"}";
    r->gateway_words = DEMO_HOSTILE;
    if (r->error_code) {
        r->error_code = r->error_message = r->unique_request_id = DEMO_HOSTILE;
    } else {
        r->gateway_ref = r->arn = DEMO_HOSTILE;
    }
}

/* ---- all of an order
 * ----------------------------------------------------------------------------------- */

static void make_refund(struct demo *d, struct demo_order *o, struct json_object *recipe,
                        struct span *s)
{
    int64_t nth = demo_int(recipe, "txn", -1);
    if (nth < 0)
        for (nth = 0; o->txns[nth].id != o->row.kept_txn; nth++)
            CHECK(nth < o->n_txns);
    struct txn *t = &o->txns[nth];
    struct refund *r = &o->refunds[o->n_refunds++];
    enum refund_state state;
    r->id = id_new();
    r->merchant = d->merchant;
    r->order_row = o->row.id;
    r->txn_row = t->id;
    r->order_id = o->row.order_id;
    r->txn_id = t->txn_id;
    r->amount_minor = demo_refund_amount(d, recipe, t);
    r->currency = t->currency;
    r->state = str_or(json_text(d->arena, recipe, "state"), "SUCCESS");
    CHECK(machine_state_parse(r->state, &state));
    r->status = machine_status(state);
    r->sent = true;
    r->attempts = 1;
    r->reason = str_or(json_text(d->arena, recipe, "reason"), "CANCELLATION");
    r->note = json_text(d->arena, recipe, "note");
    r->metadata = json_text(d->arena, recipe, "metadata");
    r->gateway = t->gateway;
    o->terms[o->n_refunds - 1] = demo_make_terms(d, recipe, r);
    fill_source(d, o, recipe, r);
    fill_times(d, o, s, r);
    fill_answer(d, o, recipe, r);
    if (demo_flag(o->recipe, "hostile"))
        fill_hostile(r);
    if (state != STATE_FAILURE)
        t->held_minor += r->amount_minor;
    if (state == STATE_SUCCESS)
        t->refunded_minor += r->amount_minor;
    demo_tell_refund(d, o, r);
}

void demo_make_refunds(struct demo *d, struct demo_order *o)
{
    struct json_object *list = json_get(o->recipe, "refunds");
    struct span s = span_of(d, o, refunds_in(list));
    if (s.all == 0)
        return;
    o->refunds = arena_array(d->arena, (size_t)s.all, sizeof *o->refunds);
    o->terms = arena_array(d->arena, (size_t)s.all, sizeof *o->terms);
    for (size_t k = 0; k < demo_count(list); k++)
        for (int64_t times = demo_int(demo_item(list, k), "times", 1); times > 0; times--)
            make_refund(d, o, demo_item(list, k), &s);
}

void demo_make_refund_at(struct demo *d, struct demo_order *o, struct json_object *recipe,
                         int64_t created_ms)
{
    struct span s = {.from_ms = created_ms, .all = 1};
    CHECK(o->n_refunds == 0);
    o->refunds = arena_array(d->arena, 1, sizeof *o->refunds);
    o->terms = arena_array(d->arena, 1, sizeof *o->terms);
    make_refund(d, o, recipe, &s);
}
