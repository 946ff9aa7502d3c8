#include "portal/list_parts.h"

#include "core/id.h"
#include "core/money.h"
#include "core/str.h"

#include <inttypes.h>

/* ---- chips
 * ----------------------------------------------------------------------------------------- */

static void add_chip(const struct list_view *v, struct page_node *root, const char *text,
                     const char *href)
{
    struct page_node *n = page_add(root, "chips");
    page_set(n, "text", text);
    page_set(n, "href", href);
    page_set(n, "label", arena_printf(v->req->arena, "Remove the filter %s", text));
}

static const char *label_of(const struct list_choice *choices, const char *value)
{
    for (; choices->value != NULL; choices++) {
        if (str_eq(choices->value, value))
            return choices->label;
    }
    return value;
}

static void fill_chips(const struct list_view *v, struct page_node *root)
{
    struct arena *a = v->req->arena;
    if (v->period != NULL)
        add_chip(v, root, arena_printf(a, "Created: %s", label_of(list_periods, v->period)),
                 list_href(v, "", "period", NULL));
    if (v->from != NULL)
        add_chip(v, root, arena_printf(a, "Created from %s", v->from),
                 list_href(v, "", "from", NULL));
    if (v->to != NULL)
        add_chip(v, root, arena_printf(a, "Created to %s", v->to), list_href(v, "", "to", NULL));
    if (v->least != NULL)
        add_chip(v, root, arena_printf(a, "Amount ≥ %s %s", v->least, v->currency),
                 list_href(v, "", "least", NULL));
    if (v->most != NULL)
        add_chip(v, root, arena_printf(a, "Amount ≤ %s %s", v->most, v->currency),
                 list_href(v, "", "most", NULL));
    if (v->currency != NULL) {
        const struct list_choice all[] = {{"currency", NULL}, {"least", NULL}, {"most", NULL}};
        add_chip(v, root, arena_printf(a, "Currency: %s", v->currency),
                 list_address(v, "", all, 3));
    }
    for (int i = 0; i < v->kind->n_filters; i++) {
        const struct list_filter *f = &v->kind->filters[i];
        if (v->values[i] == NULL)
            continue;
        const char *said =
            f->kind == FILTER_CHOICE ? label_of(f->choices, v->values[i]) : v->values[i];
        add_chip(v, root,
                 f->kind == FILTER_FLAG ? f->label : arena_printf(a, "%s: %s", f->label, said),
                 list_href(v, "", f->param, NULL));
    }
}

/* ---- the form
 * ---------------------------------------------------------------------------------------- */

static void fill_choices(struct page_node *n, const struct list_choice *choices, const char *chosen)
{
    for (; choices->value != NULL; choices++) {
        struct page_node *option = page_add(n, "options");
        page_set(option, "value", choices->value);
        page_set(option, "label", choices->label);
        page_flag(option, "selected", str_eq(choices->value, str_or(chosen, "")));
    }
}

static void add_hidden(struct page_node *form, const char *name, const char *value)
{
    if (str_empty(value))
        return;
    struct page_node *n = page_add(form, "kept");
    page_set(n, "name", name);
    page_set(n, "value", value);
}

static void fill_form(const struct list_view *v, struct page_node *root)
{
    struct page_node *form = page_child(root, "filter");
    page_set(form, "action", v->kind->path);
    add_hidden(form, "tab", v->kind->tabs[v->tab].value);
    add_hidden(form, "sort", v->page.sort == SORT_AMOUNT ? "amount" : NULL);
    add_hidden(form, "order", v->page.ascending ? "asc" : NULL);
    add_hidden(form, "rows", form_get(&v->req->query, "rows"));
    fill_choices(page_child(form, "period"), list_periods, v->period);
    page_set(form, "from", v->from);
    page_set(form, "to", v->to);
    page_set(form, "currency", v->currency);
    page_set(form, "least", v->least);
    page_set(form, "most", v->most);
    for (int i = 0; i < v->kind->n_filters; i++) {
        const struct list_filter *f = &v->kind->filters[i];
        struct page_node *n = page_add(form, "fields");
        page_set(n, "param", f->param);
        page_set(n, "label", f->label);
        page_set(n, "hint", f->hint);
        page_set(n, "value", v->values[i]);
        page_flag(n, "is_flag", f->kind == FILTER_FLAG);
        page_flag(n, "is_choice", f->kind == FILTER_CHOICE);
        page_flag(n, "on", v->values[i] != NULL);
        if (f->kind == FILTER_CHOICE)
            fill_choices(n, f->choices, v->values[i]);
    }
}

/* ---- tabs, sorting, sizes
 * ------------------------------------------------------------------------------ */

static const char *tab_key(const struct list_view *v, int tab)
{
    const char *value = v->kind->tabs[tab].value;
    return value[0] == '\0' ? "all" : value;
}

static void fill_tabs(const struct list_view *v, struct page_node *root)
{
    for (int i = 0; v->kind->tabs[i].value != NULL; i++) {
        struct page_node *n = page_add(root, "tabs");
        page_set(n, "key", tab_key(v, i));
        page_set(n, "label", v->kind->tabs[i].label);
        page_set(n, "href", list_href(v, "", "tab", v->kind->tabs[i].value));
        page_flag(n, "current", i == v->tab);
    }
}

static void fill_sort(const struct list_view *v, struct page_node *root, const char *key,
                      enum list_sort sort)
{
    struct page_node *n = page_child(page_child(root, "sort"), key);
    bool current = v->page.sort == sort;
    const struct list_choice to[] = {
        {"sort", sort == SORT_AMOUNT ? "amount" : NULL},
        {"order", current && !v->page.ascending ? "asc" : NULL},
    };
    page_set(n, "href", list_address(v, "", to, 2));
    page_set(n, "aria", !current ? "none" : v->page.ascending ? "ascending" : "descending");
    page_set(n, "arrow", !current ? "" : v->page.ascending ? "↑" : "↓");
}

static void fill_sizes(const struct list_view *v, struct page_node *root)
{
    static const char *const sizes[] = {"25", "50", "100"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct page_node *n = page_add(root, "sizes");
        page_set(n, "rows", sizes[i]);
        page_set(n, "href", list_href(v, "", "rows", i == 0 ? NULL : sizes[i]));
        page_flag(n, "current", str_eq(arena_printf(v->req->arena, "%d", v->page.rows), sizes[i]));
    }
}

void list_fill(const struct list_view *v, struct page_node *root)
{
    fill_tabs(v, root);
    fill_chips(v, root);
    fill_form(v, root);
    fill_sort(v, root, "created", SORT_CREATED);
    fill_sort(v, root, "amount", SORT_AMOUNT);
    fill_sizes(v, root);
    page_set(root, "totals_href", list_href(v, LIST_TOTALS, NULL, NULL));
    page_set(root, "export_href", list_href(v, LIST_EXPORT, NULL, NULL));
    page_flag(root, "filtered", v->filtered);
    page_set(root, "clear_href",
             arena_printf(v->req->arena, "%s%s%s", v->kind->path, v->tab != 0 ? "?tab=" : "",
                          v->kind->tabs[v->tab].value));
}

void list_fill_pager(const struct list_view *v, struct page_node *root, int count,
                     struct list_edge first, struct list_edge last, bool more)
{
    struct arena *a = v->req->arena;
    struct page_node *pager = page_child(root, "pager");
    bool back = v->page.move == LIST_NEXT || (v->page.move == LIST_PREVIOUS && more);
    bool on = v->page.move == LIST_PREVIOUS || more;
    if (count == 0)
        return;
    if (back)
        page_set(pager, "newer",
                 list_href(v, "", "before",
                           arena_printf(a, "%" PRId64 "-%s", first.value, id_text(a, first.id))));
    if (on)
        page_set(pager, "older",
                 list_href(v, "", "after",
                           arena_printf(a, "%" PRId64 "-%s", last.value, id_text(a, last.id))));
}

bool list_fill_beyond(const struct list_view *v, struct page_node *empty)
{
    if (v->page.move == LIST_FIRST)
        return false;
    page_set(empty, "title", "No more rows");
    page_set(empty, "text", "The list ends before this page.");
    page_set(empty, "href", list_href(v, "", NULL, NULL));
    page_set(empty, "action", "Back to the first page");
    return true;
}

/* ---- totals
 * ---------------------------------------------------------------------------------------------- */

static int64_t count_of(int tab, const struct list_total *totals, int n)
{
    int64_t count = 0;
    for (int i = 0; i < n; i++) {
        if (tab == 0 || totals[i].tab == tab)
            count += totals[i].rows;
    }
    return count;
}

/* One sum for each currency of the chosen tab: totals never mix currencies. */
static void fill_sums(const struct list_view *v, struct page_node *root,
                      const struct list_total *totals, int n)
{
    struct arena *a = v->req->arena;
    bool *done = arena_array(a, (size_t)n + 1, sizeof *done);
    for (int i = 0; i < n; i++) {
        int64_t sum = 0;
        bool fits = true;
        if (done[i] || (v->tab != 0 && totals[i].tab != v->tab))
            continue;
        for (int k = i; k < n; k++) {
            if ((v->tab != 0 && totals[k].tab != v->tab) ||
                !str_eq(totals[k].currency, totals[i].currency))
                continue;
            done[k] = true;
            fits = fits && !totals[k].too_large && money_add(sum, totals[k].amount_minor, &sum);
        }
        struct page_node *total = page_add(root, "sums");
        page_set(total, "text",
                 fits ? format_money(a, &v->format, sum, totals[i].currency)
                      : arena_printf(a, "%s: too large to add up", totals[i].currency));
    }
}

void list_fill_totals(const struct list_view *v, struct page_node *root, const char *noun,
                      const struct list_total *totals, int n)
{
    struct arena *a = v->req->arena;
    for (int i = 0; v->kind->tabs[i].value != NULL; i++) {
        struct page_node *tab = page_add(root, "counts");
        page_set(tab, "key", tab_key(v, i));
        page_set(tab, "label", v->kind->tabs[i].label);
        page_set(tab, "count", format_count(a, &v->format, count_of(i, totals, n)));
    }
    page_set(
        root, "rows_text",
        arena_printf(a, "%s %s", format_count(a, &v->format, count_of(v->tab, totals, n)), noun));
    fill_sums(v, root, totals, n);
    page_set(root, "back_href", list_href(v, "", NULL, NULL));
}
