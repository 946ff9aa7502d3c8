#include "portal/conflict_view.h"

#include "portal/conflict_words.h"
#include "portal/shell.h"

#include "core/limits.h"
#include <inttypes.h>

struct filling {
    struct arena *arena;
    struct format format;
    int64_t now_ms;
};

static const char *how_many(const struct filling *f, int64_t n)
{
    return arena_printf(f->arena, "%s payment%s", format_count(f->arena, &f->format, n),
                        n == 1 ? "" : "s");
}

/* "12 · 82,310.00"; nothing for none. */
static void set_sum(const struct filling *f, struct page_node *n, const char *key, int64_t count,
                    int64_t minor, const struct would_total *t)
{
    if (count == 0)
        return;
    page_set(n, key,
             arena_printf(f->arena, "%s · %s", format_count(f->arena, &f->format, count),
                          t->too_large ? "too large to add up"
                                       : format_amount(f->arena, &f->format, minor, t->currency)));
}

static void fill_totals(const struct filling *f, struct page_node *n, const struct would *w)
{
    for (int i = 0; i < w->n_totals; i++) {
        const struct would_total *t = &w->totals[i];
        struct page_node *row = page_add(n, "totals");
        page_set(row, "currency", t->currency);
        set_sum(f, row, "conflicted", t->conflicted, t->conflicted_minor, t);
        set_sum(f, row, "multiple", t->multiple, t->multiple_minor, t);
    }
}

static void fill_row(const struct filling *f, struct page_node *n, const struct would_row *r)
{
    struct arena *a = f->arena;
    struct page_node *at = page_child(n, "at");
    page_set(n, "order_id", r->order_id);
    page_set(n, "href", web_path(a, "/orders/", r->order_id, ""));
    page_set(n, "txn_id", r->txn_id);
    page_set(n, "gateway", r->gateway);
    page_set(n, "amount", format_money(a, &f->format, r->amount_minor, r->currency));
    page_set(at, "text", format_time(a, &f->format, r->charged_ms, f->now_ms));
    page_set(at, "age", format_time_full(a, &f->format, r->charged_ms));
    page_set(n, "why",
             r->multiple
                 ? conflict_words_beside(a, r->kept_txn_id)
                 : conflict_words_late(a, r->created_ms, r->charged_ms, r->threshold_minutes));
}

/* What the rows do not say. */
static void fill_notes(const struct filling *f, struct page_node *n, const struct would *w)
{
    struct arena *a = f->arena;
    if (w->count > 0)
        page_set(page_add(n, "notes"), "text",
                 "Some of them the desk's own rules might still refuse: a payment of a gateway "
                 "that cannot refund, for one.");
    if (w->n_rows < w->count)
        page_set(page_add(n, "notes"), "text",
                 arena_printf(a, "The newest %d are listed.", w->n_rows));
    if (w->cut)
        page_set(page_add(n, "notes"), "text",
                 arena_printf(a,
                              "More than %s orders may be meant; only the newest were looked at.",
                              format_count(a, &f->format, LIMIT_WOULD_ORDERS)));
    if (w->shown_only > 0)
        page_set(page_add(n, "notes"), "text",
                 arena_printf(a,
                              "%s would only have been shown as conflicted or charged more than "
                              "once, because the switch for it is off.",
                              how_many(f, w->shown_only)));
}

void conflict_would_fill(const struct conflict_view *v, struct page_node *n)
{
    const struct would *w = v->would;
    const struct filling f = {v->req->arena, shell_format(&v->merchant), v->req->now_ms};
    page_set(n, "said",
             w->count == 0
                 ? "Nothing would have been refunded."
                 : arena_printf(f.arena, "%s would have been refunded.", how_many(&f, w->count)));
    fill_totals(&f, n, w);
    for (int i = 0; i < w->n_rows; i++)
        fill_row(&f, page_add(n, "rows"), &w->rows[i]);
    fill_notes(&f, n, w);
}
