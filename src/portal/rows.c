#include "portal/rows.h"

#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "refund/machine.h"
#include <inttypes.h>
#include <string.h>

#define LIVE_FRESH_MS (5 * CLOCK_MINUTE_MS)

void rows_time(const struct rows_ctx *c, struct page_node *n, int64_t wall_ms)
{
    page_set(n, "text", format_time(c->arena, &c->format, wall_ms, c->now_ms));
    page_set(n, "age",
             arena_printf(c->arena, "%s · %s", format_time_full(c->arena, &c->format, wall_ms),
                          format_age(c->arena, wall_ms, c->now_ms)));
}

/* ---- badges ------------------------------------------------------------------------------------
 */

const char *rows_words(struct arena *a, const char *name)
{
    static const struct {
        const char *name, *word;
    } special[] = {{"COD_INITIATED", "COD initiated"},
                   {"PENDING_VBV", "Pending VBV"},
                   {"VBV_SUCCESSFUL", "VBV successful"},
                   {"ACCOUNT_IFSC", "Account with IFSC"},
                   {"UPI_ID", "UPI id"}};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (str_eq(special[i].name, name))
            return special[i].word;
    char *word = str_lower(a, name);
    for (char *c = word; *c; c++)
        if (*c == '_')
            *c = ' ';
    if (*word >= 'a' && *word <= 'z')
        *word = (char)(*word - 'a' + 'A');
    return word;
}

static const char *const class_colors[] = {
    [CLASS_PENDING] = "blue",
    [CLASS_REFUNDABLE] = "green",
    [CLASS_COD] = "secondary",
    [CLASS_UNSUCCESSFUL] = "red",
};

void rows_order_badge(const struct rows_ctx *c, struct page_node *n, const char *status)
{
    const struct order_status *s = order_status_find(status);
    bool is_auto = str_eq(status, "AUTO_REFUNDED");
    page_set(n, "color", is_auto ? "purple" : s ? class_colors[s->cls] : "secondary");
    page_set(n, "word", rows_words(c->arena, status));
}

static const struct {
    const char *status, *color, *word;
} refund_badges[] = {
    {"PENDING", "blue", "Pending"},
    {"SUCCESS", "green", "Success"},
    {"FAILURE", "red", "Failure"},
    {"MANUAL_REVIEW", "yellow", "Manual Review"},
};

void rows_status_badge(struct page_node *n, const char *public_status)
{
    for (size_t i = 0; i < sizeof refund_badges / sizeof refund_badges[0]; i++) {
        if (str_eq(refund_badges[i].status, public_status)) {
            page_set(n, "color", refund_badges[i].color);
            page_set(n, "word", refund_badges[i].word);
        }
    }
}

void rows_refund_badge(struct page_node *n, const struct refund *r)
{
    rows_status_badge(n, r->status);
    if (str_eq(r->state, machine_state_name(STATE_AWAITING_APPROVAL))) {
        page_set(n, "color", "yellow");
        page_set(n, "word", "Awaiting approval");
    } else if (str_eq(r->status, "FAILURE") && str_eq(r->error_code, "CANCELLED")) {
        page_set(n, "color", "secondary");
        page_set(n, "word", "Cancelled");
    }
}

/* ---- who paid how ------------------------------------------------------------------------------
 */

const char *rows_method(struct arena *a, const struct txn *t)
{
    const char *type = str_or(t->payment_method_type, ""), *method = str_or(t->payment_method, "");
    bool twice = str_eq(type, method) || str_empty(method);
    return twice ? type : arena_printf(a, "%s%s%s", type, *type ? " " : "", method);
}

const char *rows_paid_with(struct arena *a, const struct txn *t)
{
    const char *gateway = str_or(t->gateway, ""), *how = rows_method(a, t);
    return arena_printf(a, "%s%s%s", gateway, *gateway && *how ? " · " : "", how);
}

static const struct {
    const char *type, *label;
} method_types[] = {
    {"NB", "Net banking"},
    {"UPI", "UPI"},
    {"WALLET", "Wallet"},
    {"CARD", "Card"},
    {"CONSUMER_FINANCE", "Consumer finance"},
};

static const char *type_label(const char *type)
{
    for (size_t i = 0; i < sizeof method_types / sizeof method_types[0]; i++)
        if (str_eq(type, method_types[i].type))
            return method_types[i].label;
    return type;
}

static const char *last_four(struct arena *a, const struct txn *t)
{
    struct json_object *facts;
    struct err ignored;
    if (str_empty(t->facts) || json_read(a, t->facts, strlen(t->facts), &facts, &ignored) != RC_OK)
        return NULL;
    struct json_object *card = json_get(facts, "card");
    return card ? json_text(a, card, "last_four_digits") : NULL;
}

const char *rows_goes_back_to(struct arena *a, const struct txn *t)
{
    const char *type = str_or(t->payment_method_type, ""), *method = str_or(t->payment_method, "");
    const char *digits = last_four(a, t), *how;

    if (!str_empty(digits))
        how = arena_printf(a, "%s •• %s", *method ? method : type_label(type), digits);
    else if (str_eq(type, "CARD") || str_eq(type, method) || !*type)
        how = *method ? method : type_label(type);
    else
        how = arena_printf(a, "%s%s%s", type_label(type), *method ? " · " : "", method);
    if (!*how)
        how = "the payment method used";
    return str_empty(t->gateway) ? how : arena_printf(a, "%s by %s", how, t->gateway);
}

const char *rows_pays_to(struct arena *a, const struct payee *p, const char *gateway)
{
    const char *whom = arena_printf(a, "the account %s of %s", p->masked, p->name);
    return str_empty(gateway) ? whom : arena_printf(a, "%s by %s", whom, gateway);
}

const char *rows_customer(struct arena *a, const struct order *o)
{
    if (!str_empty(o->customer_id) && !str_empty(o->customer_email))
        return arena_printf(a, "%s · %s", o->customer_id, o->customer_email);
    const char *const known[] = {o->customer_id, o->customer_email, o->customer_phone};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!str_empty(known[i]))
            return known[i];
    return "guest";
}

/* ---- the state of a refund in words ------------------------------------------------------------
 */

static enum refund_state state_of(const struct refund *r)
{
    enum refund_state s;
    CHECK(machine_state_parse(r->state, &s));
    return s;
}

/* ", next try 14:40" while that is to come. */
static const char *next_check(const struct rows_ctx *c, const struct refund *r, const char *what)
{
    if (r->next_check_ms <= c->now_ms)
        return "";
    return arena_printf(c->arena, ", %s %s", what,
                        format_clock(c->arena, &c->format, r->next_check_ms, c->now_ms));
}

static const char *failure_words(const struct rows_ctx *c, const struct refund *r)
{
    const char *who = r->sent ? str_or(r->gateway, "Gateway") : NULL;
    const char *what = str_or(r->error_message, r->error_code);
    if (str_empty(what))
        return NULL;
    return who ? arena_printf(c->arena, "%s: %s", who, what) : what;
}

const char *rows_truth(const struct rows_ctx *c, const struct refund *r)
{
    struct arena *a = c->arena;
    const char *gateway = str_or(r->gateway, "the gateway");

    switch (state_of(r)) {
    case STATE_AWAITING_APPROVAL:
        return str_eq(r->source, "AUTO") ? "A person must approve it"
                                         : "A second person must approve it";
    case STATE_HELD:
        if (r->hold_until_ms <= c->now_ms)
            return "Queued";
        return arena_printf(a, "Held until %s",
                            format_clock(a, &c->format, r->hold_until_ms, c->now_ms));
    case STATE_QUEUED:
        if (r->attempts == 0)
            return "Queued";
        return arena_printf(a, "Queued again after attempt %" PRId64 "%s", r->attempts,
                            next_check(c, r, "next"));
    case STATE_SENDING:
        return arena_printf(a, "Sending, attempt %" PRId64, r->attempts);
    case STATE_ACCEPTED:
        return arena_printf(a, "Accepted by %s, no bank reference yet", gateway);
    case STATE_UNKNOWN:
        return "Outcome unknown, asking the gateway";
    case STATE_LOW_BALANCE:
        return arena_printf(a, "The balance at %s is too low, waiting%s", gateway,
                            next_check(c, r, "next try"));
    case STATE_SUCCESS:
        return str_empty(r->arn) ? NULL : arena_printf(a, "Bank ref. %s", r->arn);
    case STATE_FAILURE:
        return failure_words(c, r);
    case STATE_MANUAL_REVIEW:
        return "Pending for too long: a person must look at it";
    case STATE_COUNT:
        break;
    }
    return NULL;
}

/* What the desk does next by itself, in each state that waits. */
static const char *const next_acts[STATE_COUNT] = {
    [STATE_HELD] = "Is sent to %s",
    [STATE_QUEUED] = "Is sent to %s",
    [STATE_ACCEPTED] = "Asks %s again",
    [STATE_UNKNOWN] = "Asks %s again",
    [STATE_LOW_BALANCE] = "Is sent to %s again",
};

static const char *next_act(struct arena *a, enum refund_state s, const char *gateway)
{
    const char *act = next_acts[s], *place = strstr(act, "%s");
    return arena_printf(a, "%.*s%s%s", (int)(place - act), act, gateway, place + 2);
}

const char *rows_next(const struct rows_ctx *c, const struct refund *r, bool stopped)
{
    struct arena *a = c->arena;
    enum refund_state s = state_of(r);
    int64_t at_ms = s == STATE_HELD ? r->hold_until_ms : r->next_check_ms;

    if (!next_acts[s])
        return NULL;
    if (stopped && s != STATE_ACCEPTED && s != STATE_UNKNOWN)
        return "Waits: all sending is stopped";
    const char *act = next_act(a, s, str_or(r->gateway, "the gateway"));
    if (at_ms <= c->now_ms)
        return arena_printf(a, "%s at any moment", act);
    return arena_printf(a, "%s at %s %s", act, format_clock(a, &c->format, at_ms, c->now_ms),
                        format_zone(a, &c->format, at_ms));
}

bool rows_needs_person(const struct refund *r)
{
    enum refund_state s = state_of(r);
    return s == STATE_AWAITING_APPROVAL || s == STATE_MANUAL_REVIEW;
}

bool rows_can_cancel(const struct rows_ctx *c, const struct refund *r)
{
    enum refund_state s = state_of(r);
    if (!c->may_refund || machine_step(s, EVENT_CANCEL, r->sent).verdict != VERDICT_MOVE)
        return false;
    return s != STATE_HELD || r->hold_until_ms > c->now_ms;
}

/* ---- parts -------------------------------------------------------------------------------------
 */

void rows_equation(const struct rows_ctx *c, struct page_node *n, const struct txn *t)
{
    struct arena *a = c->arena;
    const struct format *f = &c->format;
    page_set(n, "charged", format_amount(a, f, t->amount_minor, t->currency));
    page_set(n, "refunded", format_amount(a, f, t->refunded_minor, t->currency));
    page_set(n, "pending", format_amount(a, f, t->held_minor - t->refunded_minor, t->currency));
    page_set(n, "left", format_money(a, f, t->amount_minor - t->held_minor, t->currency));
}

void rows_live(const struct rows_ctx *c, struct page_node *root, const char *path, bool pending,
               int64_t seen)
{
    struct page_node *n = page_child(root, "live");
    if (!pending)
        return;
    /* what has stood for long will hardly move within seconds */
    bool fresh = c->now_ms - seen < LIVE_FRESH_MS;
    page_set(n, "href", arena_printf(c->arena, "%s?seen=%s", path, id_text(c->arena, seen)));
    page_set(n, "every", fresh ? "every 4s" : "every 30s");
    page_set(n, "reload", path);
}

const char *rows_news(const struct rows_ctx *c, const struct refund *r)
{
    struct arena *a = c->arena;
    const char *truth = rows_truth(c, r), *word = r->status;
    for (size_t i = 0; i < sizeof refund_badges / sizeof refund_badges[0]; i++)
        if (str_eq(refund_badges[i].status, r->status))
            word = refund_badges[i].word;
    return arena_printf(a, "Refund of %s: %s%s%s",
                        format_money(a, &c->format, r->amount_minor, r->currency), word,
                        truth ? ". " : "", str_or(truth, ""));
}

bool rows_seen_is(const struct req *r, int64_t seen)
{
    const char *asked = form_get(&r->query, "seen");
    return asked && req_is_partial(r) && str_eq(asked, id_text(r->arena, seen));
}

struct page_node *rows_flag(struct page_node *root, const char *title, const char *text)
{
    struct page_node *n = page_add(root, "flags");
    page_set(n, "color", "warning");
    page_set(n, "title", title);
    page_set(n, "text", text);
    return n;
}

/* Kinds are made of machine names: what was heard, and what it was then. */
static const struct {
    const char *kind, *words;
} contradictions[] = {
    {"done_after_FAILURE", "The gateway reports that it succeeded after all"},
    {"accepted_after_FAILURE", "The gateway reports that it is under way after all"},
    {"refused_after_SUCCESS", "The gateway reports that it failed after all"},
};

static const char *contradiction(const char *kind)
{
    for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++)
        if (str_eq(contradictions[i].kind, kind))
            return contradictions[i].words;
    return "The gateway contradicts what is known";
}

void rows_exception(const struct rows_ctx *c, struct page_node *root, const struct exception *x)
{
    struct arena *a = c->arena;
    const char *held = "";
    if (x->held_minor > 0)
        held = arena_printf(a, " %s stays held meanwhile.",
                            format_money(a, &c->format, x->held_minor, x->currency));
    rows_flag(root, "A person must settle this refund.",
              arena_printf(a, "%s (%s, heard %s%s%s). Nothing was overwritten.%s",
                           contradiction(x->kind), x->unique_request_id,
                           format_time_full(a, &c->format, x->opened_ms),
                           str_empty(x->detail) ? "" : ": ", str_or(x->detail, ""), held));
}

void rows_refund(const struct rows_ctx *c, struct page_node *n, const struct refund *r)
{
    struct arena *a = c->arena;
    const char *id = id_text(a, r->id);

    rows_time(c, page_child(n, "at"), r->created_ms);
    page_set(n, "id", r->unique_request_id);
    page_set(n, "href", arena_printf(a, "/refunds/%s", id));
    page_set(n, "order_id", r->order_id);
    page_set(n, "order_href", web_path(a, "/orders/", str_or(r->order_id, ""), ""));
    page_set(n, "amount", format_money(a, &c->format, r->amount_minor, r->currency));
    rows_refund_badge(page_child(n, "status"), r);
    page_set(n, "truth", rows_truth(c, r));
    if (rows_needs_person(r))
        page_set(n, "advice", arena_printf(a, "/refunds/%s#now", id));
    if (rows_can_cancel(c, r))
        page_set(n, "cancel", arena_printf(a, "/refunds/%s/cancel", id));
    page_set(n, "gateway", r->gateway);
    if (!str_eq(r->refund_type, "STANDARD"))
        page_set(n, "type", rows_words(a, r->refund_type));
    page_set(n, "by", r->initiated_by);
}

const char *rows_why_not(enum cause cause)
{
    return cause == CAUSE_EXCEEDS ? "Nothing is left to refund." : cause_row(cause)->plain;
}
