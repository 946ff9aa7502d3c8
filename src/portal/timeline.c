#include "portal/timeline.h"

#include "core/json.h"
#include "core/money.h"
#include "portal/webhook_view.h"
#include "refund/endpoint_form.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* {amount}, {actor}, {gateway}, {attempt} come from the event and what it froze. */
static const struct {
    const char *name;
    const char *sentence;
} sentences[] = {
    {"REFUND_INITIATED", "Refund of {amount} created by {actor}"},
    {"AUTO_REFUND_INITIATED", "Refund of {amount} created automatically"},
    {"ORDER_REFUNDED", "{gateway} refunded {amount}"},
    {"AUTO_REFUND_SUCCEEDED", "{gateway} refunded {amount} automatically"},
    {"ORDER_REFUND_FAILED", "Refund of {amount} failed"},
    {"AUTO_REFUND_FAILED", "Automatic refund of {amount} failed"},
    {"REFUND_MANUAL_REVIEW_NEEDED", "Refund of {amount} needs a person"},
    {"REFUND_ARN_CAPTURED", "{gateway} gave the bank reference"},
    {"ORDER_SUCCEEDED", "Order charged"},
    {"ORDER_FAILED", "Payment failed"},
    {"ORDER_CREATED", "Order came in"},
    {"TXN_CREATED", "Payment started"},
    {"TXN_CHARGED", "{gateway} charged {amount}"},
    {"TXN_FAILED", "Payment failed"},
    {"refund.approved", "Refund of {amount} approved by {actor}"},
    {"refund.sending", "Sending to {gateway}, attempt {attempt}"},
    {"refund.accepted", "{gateway} accepted the refund"},
    {"refund.not_sent", "{gateway} could not be reached; it will be sent again"},
    {"refund.low_balance", "The balance at {gateway} is too low; it will be sent again"},
    {"refund.unknown", "Outcome unknown; {gateway} will be asked"},
    {"refund.lease_lost", "Sending was interrupted; {gateway} will be asked"},
    {"refund.absent", "{gateway} does not know the refund; it will be sent again"},
    {"refund.exception", "{gateway} contradicts what is known: a person must look at it"},
};

/* A word of a sentence and what it stands for. */
struct words {
    const char *amount, *actor, *gateway, *attempt;
};

static const char *word(const struct words *w, const char *name, size_t n)
{
    const struct {
        const char *name, *value;
    } all[] = {{"amount", w->amount},
               {"actor", w->actor},
               {"gateway", w->gateway},
               {"attempt", w->attempt}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strlen(all[i].name) == n && strncmp(all[i].name, name, n) == 0)
            return str_or(all[i].value, "");
    return "";
}

static const char *fill_in(struct arena *a, const char *sentence, const struct words *w)
{
    struct buf out;
    buf_init(&out, a);
    for (const char *s = sentence; *s;) {
        const char *open = strchr(s, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_puts(&out, s);
            break;
        }
        buf_add(&out, s, (size_t)(open - s));
        buf_puts(&out, word(w, open + 1, (size_t)(close - open - 1)));
        s = close + 1;
    }
    return buf_text(&out);
}

static const char *sentence_of(const char *name)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (str_eq(sentences[i].name, name))
            return sentences[i].sentence;
    return NULL;
}

static const char *frozen_amount(const struct rows_ctx *c, struct json_object *frozen)
{
    const char *amount = json_text(c->arena, frozen, "amount");
    const char *currency = json_text(c->arena, frozen, "currency");
    int64_t minor;
    if (!amount || !currency || money_exponent(currency) < 0 ||
        money_parse(amount, currency, &minor) != MONEY_OK)
        return NULL;
    return format_money(c->arena, &c->format, minor, currency);
}

/* The line below: what the gateway or the person gave as cause. */
static const char *frozen_sub(const struct rows_ctx *c, const char *event,
                              struct json_object *frozen)
{
    struct arena *a = c->arena;
    const char *message = json_text(a, frozen, "error_message");
    const char *code = json_text(a, frozen, "error_code");
    const char *detail = json_text(a, frozen, "detail");
    const char *hold = json_text(a, frozen, "hold_until_ms");
    int64_t hold_ms;

    if (message && code)
        return arena_printf(a, "%s · %s", message, code);
    if (message || code)
        return message ? message : code;
    if (str_eq(event, "REFUND_ARN_CAPTURED"))
        return json_text(a, frozen, "arn");
    if (json_text(a, frozen, "ref"))
        return json_text(a, frozen, "ref");
    if (detail)
        return detail;
    if (hold && str_eq(json_text(a, frozen, "state"), "HELD") && str_parse_i64(hold, &hold_ms))
        return arena_printf(a, "held until %s", format_clock(a, &c->format, hold_ms, c->now_ms));
    return NULL;
}

static void fill_one(const struct rows_ctx *c, struct page_node *n, const struct event *ev)
{
    struct arena *a = c->arena;
    struct json_object *frozen = NULL;
    struct err ignored;
    struct words w = {.actor = ev->actor, .gateway = "the gateway"};
    struct page_node *at = page_child(n, "at");

    page_set(at, "text", format_clock(a, &c->format, ev->at_ms, c->now_ms));
    page_set(at, "age",
             arena_printf(a, "%s · %s", format_time_full(a, &c->format, ev->at_ms),
                          format_age(a, ev->at_ms, c->now_ms)));
    if (!str_empty(ev->frozen) &&
        json_read(a, ev->frozen, strlen(ev->frozen), &frozen, &ignored) == RC_OK) {
        w.amount = frozen_amount(c, frozen);
        w.gateway = str_or(json_text(a, frozen, "gateway"), w.gateway);
        w.attempt = json_text(a, frozen, "attempts");
        page_set(n, "sub", frozen_sub(c, ev->name, frozen));
        page_set(n, "words", json_text(a, frozen, "words"));
    }
    const char *sentence = sentence_of(ev->name);
    page_set(n, "text", sentence ? fill_in(a, sentence, &w) : ev->name);
}

void timeline_fill(const struct rows_ctx *c, struct page_node *root, const struct event *events,
                   int count)
{
    for (int i = 0; i < count; i++)
        fill_one(c, page_add(root, "events"), &events[i]);
}

static int newest_first(const void *x, const void *y)
{
    const struct event *a = x, *b = y;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? 1 : -1;
    return (a->id < b->id) - (a->id > b->id);
}

/* ---- who was told ------------------------------------------------------------------------------
 */

static const char *fate(const struct rows_ctx *c, const struct notified *w)
{
    struct arena *a = c->arena;
    const char *answer = webhook_view_answer(a, w->status, w->took_ms);
    if (str_eq(w->state, "DELIVERED"))
        return answer;
    if (str_eq(w->state, "FAILED"))
        return w->attempts
                   ? arena_printf(a, "not delivered, %s at attempt %" PRId64, answer, w->attempts)
                   : "not delivered";
    if (w->attempts == 0)
        return "not delivered yet";
    return arena_printf(a, "not delivered yet, %s at attempt %" PRId64 ", next %s", answer,
                        w->attempts, format_clock(a, &c->format, w->due_ms, c->now_ms));
}

void timeline_add_notified(const struct rows_ctx *c, struct event **events, int *count,
                           const struct notified *notified, int n)
{
    struct event *all = arena_array(c->arena, (size_t)(*count + n), sizeof *all);
    for (int i = 0; i < *count; i++)
        all[i] = (*events)[i];
    for (int i = 0; i < n; i++) {
        const struct notified *w = &notified[i];
        all[*count + i] =
            (struct event){.name = arena_printf(c->arena, "Webhook %s: %s (%s)", w->name,
                                                fate(c, w), endpoint_host(c->arena, w->url)),
                           .at_ms = w->tried_ms ? w->tried_ms : w->created_ms};
    }
    *count += n;
    qsort(all, (size_t)*count, sizeof *all, newest_first);
    *events = all;
}

/* ---- how it began ------------------------------------------------------------------------------
 */

static const char *frozen_payment(struct arena *a, const struct txn *t)
{
    struct json_object *o = json_object_in(a);
    json_put_money(a, o, "amount", t->amount_minor, t->currency);
    json_put_text(o, "currency", t->currency);
    json_put_text(o, "gateway", t->gateway);
    json_put_text(o, "detail", t->txn_id);
    return json_write(a, o);
}

/* Where an event says the same as a row, the row speaks: not every way in leaves the event. */
static bool told_by_rows(const char *event)
{
    static const char *const names[] = {"ORDER_CREATED", "ORDER_SUCCEEDED", "TXN_CHARGED"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(event, names[i]))
            return true;
    return false;
}

void timeline_fill_order(const struct rows_ctx *c, struct page_node *root,
                         const struct order_view *v, const struct event *events, int count)
{
    struct event *all = arena_array(c->arena, (size_t)(count + v->n_txns + 1), sizeof *all);
    int n = 0;
    for (int i = 0; i < count; i++)
        if (!told_by_rows(events[i].name))
            all[n++] = events[i];
    for (int i = 0; i < v->n_txns; i++)
        if (v->txns[i].charged_ms)
            all[n++] = (struct event){.name = "TXN_CHARGED",
                                      .at_ms = v->txns[i].charged_ms,
                                      .frozen = frozen_payment(c->arena, &v->txns[i])};
    all[n++] = (struct event){.name = "ORDER_CREATED", .at_ms = v->order.created_ms};
    qsort(all, (size_t)n, sizeof *all, newest_first);
    timeline_fill(c, root, all, n);
}
