#include "portal/split_form.h"

#include "core/money.h"

static const char *name_of(const struct party *p)
{
    return str_empty(p->party) ? "Marketplace" : p->party;
}

static int64_t left_of(const struct party *p)
{
    return p->amount_minor - p->given_minor;
}

static const char *field_name(struct arena *a, int i)
{
    return arena_printf(a, "part.%d", i);
}

/* What is wrong with a part, NULL when nothing; *minor is 0 for an empty one. */
static const char *judge(const struct rows_ctx *c, const struct party *p, const char *text,
                         const char *currency, int64_t *minor)
{
    *minor = 0;
    if (str_empty(text))
        return NULL;
    switch (money_parse(text, currency, minor)) {
    case MONEY_OK:
        break;
    case MONEY_TOO_MANY_DECIMALS:
        return arena_printf(c->arena, "%s has %d decimals.", currency, money_exponent(currency));
    default:
        return "Digits, with a point before the decimals.";
    }
    if (*minor <= left_of(p))
        return NULL;
    return arena_printf(c->arena, "More than it has left: %s.",
                        format_money(c->arena, &c->format, left_of(p), currency));
}

/* Vendors who give nothing back are not told; the marketplace always is. */
static void add_part(struct split_form *s, const struct party *p, const char *text, int64_t minor)
{
    if (minor == 0 && !str_empty(p->party))
        return;
    s->ask.parts[s->ask.n++] = (struct split_part){p->party, minor == 0 ? "0" : text};
}

static void judge_all(struct split_form *s, const struct rows_ctx *c, const char *currency)
{
    s->errors = arena_array(c->arena, (size_t)s->n, sizeof *s->errors);
    s->ask = (struct split_ask){.parts = arena_array(c->arena, (size_t)s->n, sizeof *s->ask.parts)};
    s->sum_minor = 0;
    s->wrong = false;
    for (int i = 0; i < s->n; i++) {
        int64_t minor;
        s->errors[i] = judge(c, &s->parties[i], s->typed[i], currency, &minor);
        s->wrong = s->wrong || s->errors[i];
        if (s->errors[i])
            continue;
        s->sum_minor += minor;
        add_part(s, &s->parties[i], s->typed[i], minor);
    }
    s->wrong = s->wrong || s->sum_minor == 0;
}

void split_form_take(struct split_form *s, const struct rows_ctx *c, const char *currency,
                     const struct form *from)
{
    s->typed = arena_array(c->arena, (size_t)s->n, sizeof *s->typed);
    for (int i = 0; i < s->n; i++) {
        const char *text = form_get(from, field_name(c->arena, i));
        s->typed[i] = text ? str_trim(c->arena, text) : NULL;
    }
    judge_all(s, c, currency);
}

void split_form_rest(struct split_form *s, const struct rows_ctx *c, const char *currency)
{
    s->typed = arena_array(c->arena, (size_t)s->n, sizeof *s->typed);
    for (int i = 0; i < s->n; i++)
        s->typed[i] = money_text(c->arena, left_of(&s->parties[i]), currency);
    judge_all(s, c, currency);
}

static void fill_party(const struct rows_ctx *c, struct page_node *n, const struct party *p,
                       const char *currency)
{
    struct arena *a = c->arena;
    page_set(n, "party", name_of(p));
    page_flag(n, "is_id", !str_empty(p->party));
    page_set(n, "amount", format_amount(a, &c->format, p->amount_minor, currency));
    page_set(n, "given", format_amount(a, &c->format, p->given_minor, currency));
    page_set(n, "left", format_amount(a, &c->format, left_of(p), currency));
}

void split_form_fill_order(const struct rows_ctx *c, struct page_node *root,
                           const struct party *parties, int n, const char *currency)
{
    for (int i = 0; i < n; i++)
        fill_party(c, page_add(root, "parts"), &parties[i], currency);
}

/* The part of a refund that is this party's; NULL: it gives nothing back. */
static const struct party *part_of(const struct party *p, const struct party *parts, int n_parts)
{
    for (int k = 0; k < n_parts; k++)
        if (str_eq(p->party, parts[k].party))
            return &parts[k];
    return NULL;
}

const char *split_form_query(struct arena *a, const struct party *parties, int n,
                             const struct party *parts, int n_parts, const char *currency)
{
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < n; i++) {
        const struct party *part = part_of(&parties[i], parts, n_parts);
        if (part)
            buf_printf(&b, "&%s=%s", field_name(a, i), money_text(a, part->amount_minor, currency));
    }
    return buf_text(&b);
}

void split_form_fill_refund(const struct rows_ctx *c, struct page_node *root,
                            const struct party *parties, int n, const struct party *parts,
                            int n_parts, const char *currency)
{
    for (int i = 0; i < n; i++) {
        const struct party *part = part_of(&parties[i], parts, n_parts);
        if (!part)
            continue;
        struct page_node *row = page_add(root, "parts");
        fill_party(c, row, &parties[i], currency);
        page_set(row, "gives", format_amount(c->arena, &c->format, part->amount_minor, currency));
    }
}

void split_form_fill(const struct split_form *s, const struct rows_ctx *c, const char *currency,
                     struct page_node *root)
{
    struct arena *a = c->arena;
    for (int i = 0; i < s->n; i++) {
        struct page_node *n = page_add(root, "parts");
        int64_t minor = 0;
        fill_party(c, n, &s->parties[i], currency);
        page_set(n, "name", field_name(a, i));
        page_set(n, "id", arena_printf(a, "part-%d", i));
        page_set(n, "value", str_or(s->typed[i], ""));
        page_set(n, "rest", money_text(a, left_of(&s->parties[i]), currency));
        page_set(n, "error", s->errors[i]);
        if (!str_empty(s->typed[i]) && money_parse(s->typed[i], currency, &minor) != MONEY_OK)
            minor = 0;
        page_set(n, "gives", format_amount(a, &c->format, minor, currency));
    }
}
