#include "portal/refund_form.h"

#include "portal/shell.h"
#include <inttypes.h>

static const char *money(const struct refund_form *f, int64_t minor)
{
    return format_money(f->ctx.arena, &f->ctx.format, minor, f->view.order.currency);
}

static int64_t left_of(const struct refund_form *f)
{
    return f->txn ? f->txn->amount_minor - f->txn->held_minor : 0;
}

/* What the customer gets and what stays; false while the amount is no amount. */
static bool amount_and_rest(const struct refund_form *f, int64_t *wanted, int64_t *rest)
{
    if (!f->amount || money_parse(f->amount, f->view.order.currency, wanted) != MONEY_OK)
        return false;
    *rest = left_of(f) - *wanted;
    return *rest >= 0;
}

static bool must_type(const struct refund_form *f, int64_t wanted)
{
    return f->currency.confirm_minor > 0 && wanted >= f->currency.confirm_minor;
}

bool refund_form_typed_right(const struct refund_form *form)
{
    int64_t wanted, rest, typed;
    if (!amount_and_rest(form, &wanted, &rest) || !must_type(form, wanted))
        return true;
    return form->typed && money_parse(form->typed, form->view.order.currency, &typed) == MONEY_OK &&
           typed == wanted;
}

const char *refund_form_rest(const struct refund_form *form)
{
    return money_text(form->ctx.arena, left_of(form), form->view.order.currency);
}

/* A remainder that no later refund could give back; "" when it is none. */
static const char *lost_words(const struct refund_form *f, int64_t rest)
{
    if (rest <= 0 || rest >= f->currency.minimum_minor)
        return "";
    return ", which is less than the smallest refund and could never be given back";
}

/* ---- refusals ----------------------------------------------------------------------------------
 */

/* Plain words, with the numbers that mend it where there are some. */
static const char *refusal_text(const struct refund_form *f)
{
    const struct refund_answer *answer = f->answer;
    struct arena *a = f->ctx.arena;

    switch (answer->cause) {
    case CAUSE_EXCEEDS:
        if (answer->refundable_minor <= 0)
            return "Nothing is left to refund.";
        return arena_printf(a, "More than is refundable: %s is left.",
                            money(f, answer->refundable_minor));
    case CAUSE_BELOW_MINIMUM:
        return arena_printf(a, "The smallest refund is %s.", money(f, f->currency.minimum_minor));
    case CAUSE_TOO_MANY_DECIMALS:
        return arena_printf(a, "%s has %d decimals, and this is more or too large an amount.",
                            f->view.order.currency, money_exponent(f->view.order.currency));
    case CAUSE_SPLIT_OR_BENEFICIARY:
        if (f->is_payout && f->payout.n_gateways == 0)
            return "None of the merchant's gateways can pay out. A person with the right to change "
                   "settings can add one.";
        if (f->is_payout && !str_eq(answer->detail, "parts") && answer->field &&
            !str_starts(answer->field, "metadata"))
            return "Look at where it goes.";
        if (str_eq(answer->detail, "parts"))
            return f->split.sum_minor == 0 ? "Say what at least one party gives back."
                                           : "Look at what each party gives back.";
        return str_or(answer->detail, cause_row(answer->cause)->plain);
    case CAUSE_MISSING_FIELD:
        if (str_eq(answer->detail, "refund_reason"))
            return "Choose a reason.";
        break;
    case CAUSE_BAD_REQUEST:
        if (str_eq(answer->detail, "id"))
            return "This form was too old to be used. Look at it once more and send it again.";
        break;
    case CAUSE_ORDER_TOO_OLD:
        return arena_printf(a,
                            "The order is older than %" PRId64
                            " days, so it cannot be refunded to its payment method any more.",
                            f->merchant.order_age_days);
    case CAUSE_TOO_MANY_REFUNDS:
        return arena_printf(a, "The order has %" PRId64 " refunds already, as many as it may have.",
                            f->merchant.refund_limit);
    default:
        break;
    }
    return cause_row(answer->cause)->plain;
}

/* Which part of the form a refusal stands beside. */
static const struct {
    const char *field, *node, *id;
} places[] = {
    {"amount", "amount_error", "amount-error"},  {"parts", "amount_error", "amount-error"},
    {"refund_type", "type_error", "type-error"}, {"refund_reason", "reason_error", "reason-error"},
    {"note", "note_error", "note-error"},
};

static void fill_refusal(const struct refund_form *f, struct page_node *root)
{
    const struct cause_row *row = cause_row(f->answer->cause);
    const char *field = row->field ? row->field : f->answer->detail;
    if (f->split.n > 0 && f->answer->cause == CAUSE_SPLIT_OR_BENEFICIARY &&
        (!f->answer->field || str_starts(f->answer->field, "metadata")))
        field = "parts";

    for (size_t i = 0; !f->closed && i < sizeof places / sizeof places[0]; i++) {
        if (!str_eq(places[i].field, field))
            continue;
        struct page_node *n = page_child(root, places[i].node);
        page_set(n, "id", places[i].id);
        page_set(n, "text", refusal_text(f));
        page_set(n, "code", row->code);
        return;
    }
    struct page_node *n = page_child(root, "notice");
    page_set(n, "color", "danger");
    page_set(n, "title",
             !f->closed     ? "Not created."
             : f->is_payout ? "Cannot be paid out."
                            : "Cannot be refunded.");
    page_set(n, "text", refusal_text(f));
    page_set(n, "code", row->code);
    page_flag(n, "urgent", true);
}

/* ---- parts -------------------------------------------------------------------------------------
 */

static const char *paid_words(const struct refund_form *f)
{
    struct arena *a = f->ctx.arena;
    int64_t at_ms = f->txn->charged_ms ? f->txn->charged_ms : f->txn->created_ms;
    const char *gateway = str_or(f->txn->gateway, "");
    return arena_printf(a, "%s %s%s%s", format_time(a, &f->ctx.format, at_ms, f->ctx.now_ms),
                        format_zone(a, &f->ctx.format, at_ms), *gateway ? " · " : "", gateway);
}

static const char *hold_words(const struct refund_form *f)
{
    struct arena *a = f->ctx.arena;
    int64_t until_ms = f->ctx.now_ms + f->merchant.hold_ms;
    if (f->merchant.hold_ms == 0)
        return "Sent at once: it cannot be cancelled afterwards";
    return arena_printf(a, "Held until %s %s; can be cancelled until then",
                        format_clock(a, &f->ctx.format, until_ms, f->ctx.now_ms),
                        format_zone(a, &f->ctx.format, until_ms));
}

static void fill_reasons(const struct refund_form *f, struct page_node *root)
{
    int count;
    const char *const *reasons = refund_reasons(&count);
    for (int i = 0; i < count; i++) {
        struct page_node *n = page_add(root, "reasons");
        page_set(n, "value", reasons[i]);
        page_set(n, "label", refund_reason_label(reasons[i]));
        page_flag(n, "chosen", str_eq(reasons[i], f->reason));
    }
}

static const struct {
    const char *type, *label;
} types[] = {{"STANDARD", "Standard"}, {"INSTANT", "Instant"}};

static void fill_types(const struct refund_form *f, struct page_node *root)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        bool chosen = str_eq(types[i].type, f->type);
        if (chosen && i > 0)
            page_set(root, "type_label", types[i].label);
        if (!f->can_instant)
            continue;
        struct page_node *n = page_add(root, "types");
        page_set(n, "value", types[i].type);
        page_set(n, "label", types[i].label);
        page_flag(n, "chosen", chosen);
    }
    page_set(root, "type", f->type);
}

static void fill_parts(struct refund_form *f, struct page_node *root)
{
    const char *currency = f->view.order.currency;
    if (f->split.n == 0)
        return;
    if (!f->split.typed) {
        split_form_rest(&f->split, &f->ctx, currency);
        f->amount = money_text(f->ctx.arena, f->split.sum_minor, currency);
    }
    split_form_fill(&f->split, &f->ctx, currency, root);
}

static const char *live_words(const struct refund_form *f)
{
    struct arena *a = f->ctx.arena;
    const char *currency = f->view.order.currency;
    int64_t wanted, rest;
    if (!amount_and_rest(f, &wanted, &rest))
        return NULL;
    return arena_printf(a, "Customer gets %s · %s stays refundable%s",
                        format_amount(a, &f->ctx.format, wanted, currency),
                        format_amount(a, &f->ctx.format, rest, currency), lost_words(f, rest));
}

static void fill_amount(struct refund_form *f, struct page_node *root)
{
    struct arena *a = f->ctx.arena;
    const char *currency = f->view.order.currency;
    const char *rest = refund_form_rest(f);

    if (!f->amount)
        f->amount = rest;
    page_set(root, "amount", f->amount);
    page_set(root, "rest", rest);
    page_set(root, "left_minor", arena_printf(a, "%" PRId64, left_of(f)));
    page_set(root, "minimum_minor", arena_printf(a, "%" PRId64, f->currency.minimum_minor));
    page_set(root, "decimals", arena_printf(a, "%d", money_exponent(currency)));
    page_set(root, "live", live_words(f));
}

/* A large amount is typed once more; the error says how when it was typed wrong. */
static void fill_typing(const struct refund_form *f, struct page_node *root, int64_t wanted)
{
    const char *text = money_text(f->ctx.arena, wanted, f->view.order.currency);
    if (!must_type(f, wanted))
        return;
    page_set(root, "to_type", text);
    if (!f->typed_wrong)
        return;
    page_set(root, "typed", f->typed);
    page_set(root, "typed_error",
             arena_printf(
                 f->ctx.arena, "%s Type exactly %s to confirm; nothing was refunded.",
                 str_empty(f->typed) ? "The amount is missing." : "This is another amount.", text));
}

/* The rest would be lost: a warning, with the way to refund all. */
static void fill_rest_warning(const struct refund_form *f, struct page_node *root, int64_t rest)
{
    if (!*lost_words(f, rest))
        return;
    struct page_node *n = page_child(root, "notice");
    page_set(n, "color", "warning");
    page_set(n, "title", "A rest would be lost.");
    page_set(n, "text",
             arena_printf(f->ctx.arena, "Refund all that is left, or leave at least %s.",
                          money(f, f->currency.minimum_minor)));
    page_set(root, "all", money(f, left_of(f)));
}

static void fill_confirmation(const struct refund_form *f, struct page_node *root)
{
    struct arena *a = f->ctx.arena;
    int64_t wanted = 0, rest = 0;
    if (!amount_and_rest(f, &wanted, &rest))
        return;
    page_flag(root, "confirm", true);
    page_set(root, "confirm_amount", money(f, wanted));
    page_set(root, "confirm_words",
             arena_printf(a, "It %s to %s. %s stays refundable%s.",
                          f->is_payout ? "does not go back" : "goes back",
                          rows_goes_back_to(a, f->txn), money(f, rest), lost_words(f, rest)));
    page_set(root, "reason_label", refund_reason_label(f->reason));
    fill_typing(f, root, wanted);
    fill_rest_warning(f, root, rest);
}

/* The page that pays out: "/orders/…/payout?txn=…&". */
static const char *payout_path(const struct refund_form *f)
{
    struct arena *a = f->ctx.arena;
    const char *path = web_path(a, "/orders/", f->view.order.order_id, "/payout?");
    return f->txn ? web_path(a, arena_printf(a, "%stxn=", path), f->txn->txn_id, "&") : path;
}

/* What a popup cannot do back to its source may go to another account. */
static bool may_pay_out(const struct refund_form *f)
{
    enum cause why = f->closed && f->answer ? f->answer->cause : CAUSE_NONE;
    return !f->is_payout && f->txn && f->payout.n_gateways > 0 &&
           (why == CAUSE_NONE || why == CAUSE_ORDER_TOO_OLD || why == CAUSE_GATEWAY_CANNOT);
}

static enum rc fill_payout(const struct refund_form *f, struct page_node *root, struct err *e)
{
    if (may_pay_out(f) && !f->confirm)
        page_set(root, "payout", payout_path(f));
    if (!f->is_payout)
        return RC_OK;
    payout_form_fill(&f->payout, &f->ctx, payout_path(f), f->answer, root);
    if (!f->confirm)
        return RC_OK;
    return payout_form_confirm(&f->payout, &f->ctx, &f->req->app->worker_key, root, e);
}

enum rc refund_form_page(const struct refund_form *form, struct page **out, struct err *e)
{
    struct refund_form f = *form;
    struct arena *a = f.ctx.arena;
    const struct order *o = &f.view.order;
    struct page *page = f.is_payout
                            ? shell_page(f.req, "page/payout_create", "Pay out", &f.merchant)
                            : shell_page(f.req, "page/refund_create", "Create Refund", &f.merchant);
    struct page_node *root = page_root(page);

    page_set(root, "order_id", o->order_id);
    page_set(root, "action",
             web_path(a, "/orders/", o->order_id, f.is_payout ? "/payout" : "/refund"));
    page_set(root, "back", web_path(a, "/orders/", o->order_id, ""));
    page_set(root, "customer", rows_customer(a, o));
    page_set(root, "currency", o->currency);
    page_set(root, "id", f.id);
    page_flag(root, "closed", f.closed);
    if (f.txn) {
        page_set(root, "txn", f.txn->txn_id);
        page_set(root, "paid", paid_words(&f));
        page_set(root, "goes_back_to", rows_goes_back_to(a, f.txn));
        if (f.txn->charged_ms)
            rows_equation(&f.ctx, page_child(root, "equation"), f.txn);
    }
    fill_parts(&f, root);
    fill_amount(&f, root);
    if (!f.is_payout)
        fill_types(&f, root);
    fill_reasons(&f, root);
    page_set(root, "reason", f.reason);
    page_set(root, "note", str_empty(f.note) ? NULL : f.note);
    if (!f.closed)
        page_set(root, "hold", hold_words(&f));
    if (f.answer)
        fill_refusal(&f, root);
    if (f.confirm)
        fill_confirmation(&f, root);
    *out = page;
    return fill_payout(&f, root, e);
}
