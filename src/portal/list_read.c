#include "portal/list_parts.h"

#include "core/id.h"
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "view/day.h"

#include <string.h>

const struct list_choice list_periods[] = {
    {"", "Any time"},      {"today", "Today"},      {"yesterday", "Yesterday"},
    {"7d", "Last 7 days"}, {"30d", "Last 30 days"}, {"month", "This month"},
    {NULL, NULL},
};

static const char *param(const struct req *r, const char *name)
{
    const char *value = form_get(&r->query, name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static int choice_index(const struct list_choice *choices, const char *value)
{
    for (int i = 0; choices[i].value != NULL; i++) {
        if (str_eq(choices[i].value, value))
            return i;
    }
    return -1;
}

static enum rc unknown(struct err *e, const char *name, const char *value)
{
    return ERR(e, RC_INVALID,
               "A filter in the address of this list does not exist. Clear the filters and choose "
               "again.",
               "%s=%s", name, value);
}

static enum rc read_tab(struct list_view *v, struct err *e)
{
    const char *tab = str_or(param(v->req, "tab"), "");
    v->tab = choice_index(v->kind->tabs, tab);
    return v->tab < 0 ? unknown(e, "tab", tab) : RC_OK;
}

static enum rc read_filters(struct list_view *v, struct err *e)
{
    CHECK(v->kind->n_filters <= LIST_MAX_FILTERS);
    for (int i = 0; i < v->kind->n_filters; i++) {
        const struct list_filter *f = &v->kind->filters[i];
        const char *value = str_trim(v->req->arena, str_or(param(v->req, f->param), ""));
        if (value[0] == '\0')
            continue;
        if (f->kind == FILTER_CHOICE && choice_index(f->choices, value) < 0)
            return unknown(e, f->param, value);
        v->values[i] = f->kind == FILTER_FLAG ? "1" : value;
        v->filtered = true;
    }
    return RC_OK;
}

/* ---- days
 * ---------------------------------------------------------------------------------------- */

static void preset(struct list_view *v)
{
    int64_t now_ms = v->req->now_ms;
    const struct format *f = &v->format;
    const struct {
        const char *period;
        int64_t from_ms, before_ms;
    } rows[] = {
        {"today", day_start(f, now_ms, 0), 0},
        {"yesterday", day_start(f, now_ms, -1), day_start(f, now_ms, 0)},
        {"7d", day_start(f, now_ms, -6), 0},
        {"30d", day_start(f, now_ms, -29), 0},
        {"month", day_month_start(f, now_ms), 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_eq(rows[i].period, v->period)) {
            v->from_ms = rows[i].from_ms;
            v->before_ms = rows[i].before_ms;
        }
    }
}

static enum rc read_day(struct list_view *v, const char *text, int days, int64_t *ms, struct err *e)
{
    int64_t start_ms;
    if (text == NULL)
        return RC_OK;
    if (!day_parse(&v->format, text, &start_ms))
        return ERR(e, RC_INVALID, "A day of the filter does not exist. Write it like 2026-11-21.",
                   "day %s", text);
    *ms = day_start(&v->format, start_ms, days);
    return RC_OK;
}

/* Days that are written win over a preset. */
static enum rc read_days(struct list_view *v, struct err *e)
{
    v->from = param(v->req, "from");
    v->to = param(v->req, "to");
    v->period = v->from != NULL || v->to != NULL ? NULL : param(v->req, "period");
    if (v->period != NULL && choice_index(list_periods, v->period) < 0)
        return unknown(e, "period", v->period);
    if (v->period != NULL)
        preset(v);
    v->filtered = v->filtered || v->period != NULL || v->from != NULL || v->to != NULL;
    enum rc rc = read_day(v, v->from, 0, &v->from_ms, e);
    if (rc == RC_OK)
        rc = read_day(v, v->to, 1, &v->before_ms, e);
    if (rc == RC_OK && v->before_ms != 0 && v->from_ms >= v->before_ms)
        return ERR(e, RC_INVALID, "The first day of the filter lies after its last. Swap them.",
                   "from %s to %s", str_or(v->from, ""), str_or(v->to, ""));
    return rc;
}

/* ---- amounts
 * -------------------------------------------------------------------------------------- */

static enum rc read_amount(const char *text, const char *currency, int64_t *minor, struct err *e)
{
    if (text == NULL)
        return RC_OK;
    if (money_parse(text, currency, minor) != MONEY_OK || *minor == 0)
        return ERR(
            e, RC_INVALID,
            "An amount of the filter cannot be read. Write an amount above 0 in digits, with "
            "a point before decimals, such as 1500.50.",
            "amount %s %s", text, currency);
    return RC_OK;
}

static enum rc read_amounts(struct list_view *v, const char *default_currency, struct err *e)
{
    v->currency = param(v->req, "currency");
    v->least = param(v->req, "least");
    v->most = param(v->req, "most");
    if (v->currency == NULL && (v->least != NULL || v->most != NULL))
        v->currency = default_currency;
    if (v->currency != NULL && money_exponent(v->currency) < 0)
        return ERR(e, RC_INVALID, "The currency of the filter is not an ISO 4217 code such as INR.",
                   "currency %s", v->currency);
    v->filtered = v->filtered || v->currency != NULL;
    enum rc rc = read_amount(v->least, v->currency, &v->least_minor, e);
    if (rc == RC_OK)
        rc = read_amount(v->most, v->currency, &v->most_minor, e);
    if (rc == RC_OK && v->most_minor != 0 && v->least_minor > v->most_minor)
        return ERR(e, RC_INVALID,
                   "The smallest amount of the filter is larger than its largest. Swap them.",
                   "from %s to %s", v->least, v->most);
    return rc;
}

/* ---- place
 * ----------------------------------------------------------------------------------------- */

/* "1795251667000-01h4v2k9q8c0m": a value of the sort column and an id. */
static bool read_key(struct list_view *v, const char *text)
{
    const char *dash = strchr(text, '-');
    struct arena *a = v->req->arena;
    return dash != NULL &&
           str_parse_i64(arena_strndup(a, text, (size_t)(dash - text)), &v->page.key_value) &&
           id_parse(dash + 1, &v->page.key_id);
}

static enum rc read_place(struct list_view *v, struct err *e)
{
    static const int64_t sizes[] = {LIMIT_PAGE_ROWS_DEFAULT, 50, LIMIT_PAGE_ROWS};
    const char *after = param(v->req, "after"), *before = param(v->req, "before");
    const char *key = after != NULL ? after : before, *rows = param(v->req, "rows");
    int64_t wanted = 0;
    v->page = (struct list_page){
        .sort = str_eq(param(v->req, "sort"), "amount") ? SORT_AMOUNT : SORT_CREATED,
        .ascending = str_eq(param(v->req, "order"), "asc"),
        .move = after != NULL    ? LIST_NEXT
                : before != NULL ? LIST_PREVIOUS
                                 : LIST_FIRST,
        .rows = LIMIT_PAGE_ROWS_DEFAULT,
    };
    if (rows != NULL && str_parse_i64(rows, &wanted)) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            if (sizes[i] == wanted)
                v->page.rows = (int)wanted;
        }
    }
    if (key != NULL && !read_key(v, key))
        return ERR(e, RC_INVALID, "This place in the list does not exist.", "page key %s", key);
    return RC_OK;
}

enum rc list_read(struct req *r, const struct list_kind *kind, const struct format *f,
                  const char *default_currency, struct list_view *out, struct err *e)
{
    memset(out, 0, sizeof *out);
    out->kind = kind;
    out->req = r;
    out->format = *f;
    enum rc rc = read_tab(out, e);
    if (rc == RC_OK)
        rc = read_filters(out, e);
    if (rc == RC_OK)
        rc = read_days(out, e);
    if (rc == RC_OK)
        rc = read_amounts(out, default_currency, e);
    return rc == RC_OK ? read_place(out, e) : rc;
}

const char *list_value(const struct list_view *v, const char *name)
{
    for (int i = 0; i < v->kind->n_filters; i++) {
        if (str_eq(v->kind->filters[i].param, name))
            return v->values[i];
    }
    CHECK(!"a filter of this list");
    return NULL;
}
