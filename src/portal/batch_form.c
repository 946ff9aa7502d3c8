#include "portal/batch_form.h"

#include "core/money.h"
#include <inttypes.h>

static const struct {
    const char *label;
    bool with_approval_only;
} steps[] = {
    [STEP_DESCRIPTION] = {"Description", true},  [STEP_FILE] = {"File", false},
    [STEP_CHECK] = {"Check and confirm", false}, [STEP_APPROVAL] = {"Approval", true},
    [STEP_PROGRESS] = {"Progress", false},
};

void batch_form_steps(struct page_node *root, bool maker_checker, enum batch_step current)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].with_approval_only && !maker_checker)
            continue;
        struct page_node *n = page_add(root, "steps");
        page_set(n, "label", steps[i].label);
        page_flag(n, "done", i < (size_t)current);
        page_flag(n, "current", i == (size_t)current);
    }
}

/* ---- totals ------------------------------------------------------------------------------------
 */

/* The totals are ordered by currency: how many from the first on have the same one. */
static int same_currency(const struct batch_total *totals, int n)
{
    int same = 1;
    while (same < n && str_eq(totals[same].currency, totals[0].currency))
        same++;
    return same;
}

static int64_t sum_of(const struct batch_total *totals, int n, bool all)
{
    int64_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += totals[i].good_minor + (all ? totals[i].bad_minor : 0);
    return sum;
}

const char *batch_form_sums(const struct rows_ctx *c, const struct batch_total *totals,
                            int n_totals, bool all)
{
    const char *text = NULL;
    for (int i = 0, n; i < n_totals; i += n) {
        n = same_currency(&totals[i], n_totals - i);
        int64_t sum = sum_of(&totals[i], n, all);
        if (sum == 0)
            continue;
        const char *money = format_money(c->arena, &c->format, sum, totals[i].currency);
        text = text ? arena_printf(c->arena, "%s · %s", text, money) : money;
    }
    return text;
}

static const char *field_name(struct arena *a, const char *currency)
{
    return arena_printf(a, "total_%s", currency);
}

/* Digits may be grouped as the page shows them. */
static const char *without_groups(struct arena *a, const char *text)
{
    char *plain = str_trim(a, text), *to = plain;
    for (const char *from = plain; *from; from++)
        if (*from != ',' && *from != ' ')
            *to++ = *from;
    *to = '\0';
    return plain;
}

void batch_form_take(struct batch_form *f, struct arena *a, const struct form *from,
                     const struct batch_total *totals, int n_totals)
{
    f->asked = true;
    f->run_mode = str_or(form_get(from, "run_mode"), "");
    f->typed = arena_array(a, (size_t)n_totals + 1, sizeof *f->typed);
    f->n_typed = 0;
    for (int i = 0; i < n_totals; i += same_currency(&totals[i], n_totals - i)) {
        const char *text = form_get(from, field_name(a, totals[i].currency));
        f->typed[f->n_typed++] =
            (struct batch_typed){totals[i].currency, text ? without_groups(a, text) : ""};
    }
}

static const char *typed_of(const struct batch_form *f, const char *currency)
{
    for (int i = 0; i < f->n_typed; i++)
        if (str_eq(f->typed[i].currency, currency))
            return f->typed[i].amount;
    return "";
}

static void fill_sum(const struct rows_ctx *c, struct page_node *n, const struct batch_total *t)
{
    const struct format *f = &c->format;
    page_set(n, "currency", t->currency);
    page_set(n, "gateway", *t->gateway ? t->gateway : "no gateway");
    page_set(n, "good_rows", format_count(c->arena, f, t->rows_good));
    page_set(n, "good",
             t->rows_good ? format_amount(c->arena, f, t->good_minor, t->currency) : "–");
    page_set(n, "bad_rows", format_count(c->arena, f, t->rows_bad));
    page_set(n, "bad", t->rows_bad ? format_amount(c->arena, f, t->bad_minor, t->currency) : "–");
}

static void fill_field(const struct rows_ctx *c, struct page_node *confirm,
                       const struct batch_form *form, const char *currency, int64_t sum)
{
    struct page_node *n = page_add(confirm, "fields");
    const char *name = field_name(c->arena, currency);
    page_set(n, "name", name);
    page_set(n, "currency", currency);
    page_set(n, "to_type", money_text(c->arena, sum, currency));
    page_set(n, "shown", format_money(c->arena, &c->format, sum, currency));
    page_set(n, "value", typed_of(form, currency));
    if (str_eq(form->fault.field, name))
        page_set(n, "error", form->fault.said);
}

void batch_form_fill(const struct rows_ctx *c, struct page_node *root, const struct batch_form *f,
                     const struct batch *b, const struct batch_total *totals, int n_totals)
{
    struct page_node *confirm = page_child(root, "confirm");
    int64_t good = b->rows_total - b->rows_bad;
    for (int i = 0; i < n_totals; i++)
        fill_sum(c, page_add(root, "sums"), &totals[i]);
    if (!c->may_refund || !str_eq(b->status, BATCH_AWAITING_CONFIRMATION) || good == 0)
        return;
    page_set(confirm, "action", batch_view_path(c->arena, b->id, "/confirm"));
    page_set(confirm, "sums", batch_form_sums(c, totals, n_totals, false));
    page_set(confirm, "good_rows", format_count(c->arena, &c->format, good));
    page_set(confirm, "bad_rows",
             b->rows_bad ? format_count(c->arena, &c->format, b->rows_bad) : NULL);
    page_flag(confirm, "all_or_none", str_eq(f->run_mode, "ALL_OR_NONE"));
    if (str_eq(f->fault.field, "run_mode"))
        page_set(confirm, "mode_error", f->fault.said);
    for (int i = 0, n; i < n_totals; i += n) {
        n = same_currency(&totals[i], n_totals - i);
        int64_t sum = sum_of(&totals[i], n, false);
        if (sum > 0)
            fill_field(c, confirm, f, totals[i].currency, sum);
    }
}
