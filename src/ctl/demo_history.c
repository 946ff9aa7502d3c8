/*
 * What the timeline shows of an order: the same rows that intake and the worker would have written.
 */
#include "core/id.h"
#include "core/str.h"
#include "ctl/demo.h"
#include "refund/apply.h"
#include <stdlib.h>

void demo_add_event(struct demo *d, struct demo_order *o, const struct refund *r, const char *name,
                    const char *actor, int64_t at_ms, const char *frozen)
{
    CHECK(o->n_events < DEMO_EVENTS_MAX);
    o->events[o->n_events] = (struct event){.id = o->n_events,
                                            .merchant = d->merchant,
                                            .order_row = o->row.id,
                                            .refund_row = r ? r->id : 0,
                                            .name = name,
                                            .actor = actor,
                                            .at_ms = at_ms,
                                            .frozen = frozen ? frozen : "{}"};
    o->n_events++;
}

/* By time; what happened at once stays in the order it was told. */
static int is_later(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

void demo_sort_events(struct demo_order *o)
{
    qsort(o->events, (size_t)o->n_events, sizeof *o->events, is_later);
    for (int k = 0; k < o->n_events; k++)
        o->events[k].id = id_new();
}

void demo_tell_txn(struct demo *d, struct demo_order *o, const struct txn *t)
{
    const struct order_status *status = order_status_find(t->status);
    struct json_object *frozen = json_object_in(d->arena);
    json_put_text(frozen, "txn_id", t->txn_id);
    json_put_money(d->arena, frozen, "amount", t->amount_minor, t->currency);
    json_put_text(frozen, "currency", t->currency);
    json_put_text(frozen, "gateway", t->gateway);
    json_put_text(frozen, "status", t->status);
    const char *text = json_write(d->arena, frozen);
    const char *actor = str_or(t->gateway, "API");
    demo_add_event(d, o, NULL, "TXN_CREATED", "API", t->created_ms, text);
    if (t->charged_ms) {
        demo_add_event(d, o, NULL, "TXN_CHARGED", actor, t->charged_ms, text);
        if (o->row.kept_txn == t->id)
            demo_add_event(d, o, NULL, "ORDER_SUCCEEDED", actor, t->charged_ms, text);
    } else if (status->cls == CLASS_UNSUCCESSFUL) {
        int64_t at_ms = t->created_ms + demo_between(&o->random, 5, 60) * CLOCK_SECOND_MS;
        demo_add_event(d, o, NULL, "TXN_FAILED", actor, at_ms, text);
        if (str_eq(o->row.status, t->status))
            demo_add_event(d, o, NULL, "ORDER_FAILED", actor, at_ms, text);
    }
}

/* The refund as it was in `state`, with what was heard then. */
static void tell(struct demo *d, struct demo_order *o, const struct refund *r,
                 enum refund_state state, const char *name, int64_t at_ms,
                 const struct refund_news *news)
{
    struct refund then = *r;
    then.state = machine_state_name(state);
    then.status = machine_status(state);
    then.attempts = state == STATE_HELD ? 0 : r->attempts;
    demo_add_event(d, o, r, name, news->actor, at_ms, refund_freeze(d->arena, &then, news));
}

void demo_tell_refund(struct demo *d, struct demo_order *o, const struct refund *r)
{
    bool automatic = str_eq(r->source, "AUTO");
    struct refund_news begun = {.actor = r->initiated_by}, heard = {.actor = "worker"};
    enum refund_state end;
    CHECK(machine_state_parse(r->state, &end));
    tell(d, o, r, STATE_HELD, automatic ? "AUTO_REFUND_INITIATED" : "REFUND_INITIATED",
         r->created_ms, &begun);
    tell(d, o, r, STATE_SENDING, "refund.sending", r->sent_ms, &heard);
    heard.gateway_ref = r->gateway_ref;
    if (end != STATE_FAILURE)
        tell(d, o, r, STATE_ACCEPTED, "refund.accepted", r->sent_ms + CLOCK_SECOND_MS, &heard);
    if (end == STATE_ACCEPTED)
        return;
    heard.arn = r->arn;
    heard.error_code = r->error_code;
    heard.error_message = r->error_message;
    heard.words = r->gateway_words;
    const char *name = "REFUND_MANUAL_REVIEW_NEEDED";
    if (end == STATE_SUCCESS)
        name = automatic ? "AUTO_REFUND_SUCCEEDED" : "ORDER_REFUNDED";
    else if (end == STATE_FAILURE)
        name = automatic ? "AUTO_REFUND_FAILED" : "ORDER_REFUND_FAILED";
    tell(d, o, r, end, name, r->updated_ms, &heard);
}
