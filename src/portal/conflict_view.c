#include "portal/conflict_view.h"

#include "portal/conflict_words.h"
#include "portal/shell.h"

#include "core/limits.h"
#include "store/gateways.h"
#include "store/would.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST_AWAITING   1000
#define AWAITING_WITHIN (30 * CLOCK_DAY_MS) /* an approval expires long before */

/* ---- reading -----------------------------------------------------------------------------------
 */

static int by_name(const void *x, const void *y)
{
    const char *const *a = x, *const *b = y;
    return strcmp(*a, *b);
}

/* Sorted, each once. */
static int tidy_names(const char **names, int n)
{
    int kept = 0;
    qsort(names, (size_t)n, sizeof *names, by_name);
    for (int i = 0; i < n; i++)
        if (kept == 0 || !str_eq(names[kept - 1], names[i]))
            names[kept++] = names[i];
    return kept;
}

static enum rc read_gateways(struct sql *q, struct conflict_view *v, struct err *e)
{
    struct arena *a = v->req->arena;
    const char **names = arena_array(a, 3 * LIMIT_GATEWAYS, sizeof *names);
    struct gateway_row *rows;
    int n = 0, n_rows = 0;
    enum rc rc = would_gateways(q, a, v->merchant.id, LIMIT_GATEWAYS, names, &n, e);
    if (rc == RC_OK)
        rc = gateways_list(q, a, v->merchant.id, &rows, &n_rows, e);
    for (int i = 0; rc == RC_OK && i < n_rows; i++)
        if (rows[i].can_refund)
            names[n++] = rows[i].name;
    for (int i = 0; i < v->now.n_gateways; i++)
        names[n++] = v->now.gateways[i].gateway;
    n = tidy_names(names, n);
    v->gateways = names;
    v->n_gateways = n < LIMIT_GATEWAYS ? n : LIMIT_GATEWAYS;
    return rc;
}

static enum rc read_currencies(struct sql *q, struct conflict_view *v, struct err *e)
{
    struct arena *a = v->req->arena;
    const char **names = arena_array(a, 2 * LIMIT_CURRENCIES + 1, sizeof *names);
    struct merchant_currency *rows;
    int n = 0, n_rows = 0;
    enum rc rc = merchants_currencies(q, a, v->merchant.id, &rows, &n_rows, e);
    names[n++] = v->merchant.default_currency;
    for (int i = 0; rc == RC_OK && i < n_rows; i++)
        names[n++] = rows[i].currency;
    for (int i = 0; i < v->now.n_ceilings; i++)
        names[n++] = v->now.ceilings[i].currency;
    n = tidy_names(names, n);
    v->currencies = names;
    v->n_currencies = n < LIMIT_CEILINGS_SHOWN ? n : LIMIT_CEILINGS_SHOWN;
    return rc;
}

static enum rc read_refused(struct sql *q, struct conflict_view *v, struct err *e)
{
    struct arena *a = v->req->arena;
    struct conflict *rows;
    const char *txn_id, *gateway;
    int n = 0;
    enum rc rc = conflicts_refused(q, a, v->merchant.id, LIMIT_REFUSED_SHOWN, &rows, &n, e);
    v->refused = arena_array(a, (size_t)n + 1, sizeof *v->refused);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        struct conflict_refused *r = &v->refused[v->n_refused++];
        r->conflict = &rows[i];
        rc = would_name(q, a, rows[i].txn_row, &r->order_id, &txn_id, &gateway, e);
    }
    return rc;
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct conflict_view *v = arg;
    struct req *r = v->req;
    *v = (struct conflict_view){.req = r};
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &v->merchant, e);
    if (rc == RC_OK)
        rc = conflict_settings_get(q, r->arena, v->merchant.id, &v->now, e);
    if (rc == RC_OK)
        rc = read_gateways(q, v, e);
    if (rc == RC_OK)
        rc = read_currencies(q, v, e);
    if (rc == RC_OK)
        rc = read_refused(q, v, e);
    return rc == RC_OK ? would_awaiting(q, v->merchant.id, r->now_ms - AWAITING_WITHIN,
                                        MOST_AWAITING, &v->awaiting, e)
                       : rc;
}

enum rc conflict_view_read(struct req *r, struct conflict_view *out, struct err *e)
{
    out->req = r;
    return sql_read(r->app->db, read_page, out, e);
}

/* ---- the form ----------------------------------------------------------------------------------
 */

static const char *sent(const struct conflict_view *v, const char *field)
{
    return form_get(&v->req->form, field);
}

/* What a numbered field is called in the form. */
static const char *numbered(const struct conflict_view *v, const char *field, int row)
{
    return arena_printf(v->req->arena, "%s_%d", field, row);
}

/* The value that stands in the field, what the person has seen before it, and what is wrong with
 * it, also beside what would have happened. */
static void fill_value(const struct conflict_view *v, struct page_node *root, struct page_node *n,
                       const char *label, const char *field, const char *now)
{
    struct arena *a = v->req->arena;
    const char *shown = NULL;
    if (v->typed && !v->answer.stale)
        shown = sent(v, arena_printf(a, SETTINGS_SHOWN "%s", field));
    page_set(n, "name", field);
    page_set(n, "value", v->typed ? str_or(sent(v, field), "") : now);
    page_set(n, "shown", shown ? shown : now);
    for (int i = 0; v->typed && i < v->answer.n_faults; i++) {
        const struct setting_fault *fault = &v->answer.faults[i];
        if (!str_eq(fault->field, field))
            continue;
        const char *words = arena_printf(a, "%s %s.", label, fault->reason);
        page_set(n, "error", words);
        if (v->previewing)
            page_set(page_add(root, "faults"), "text", words);
    }
}

static void fill_fields(const struct conflict_view *v, struct page_node *root)
{
    for (int i = 0; i < CONFLICT_FIELDS; i++) {
        const struct conflict_field *f = &conflict_fields[i];
        struct page_node *n = page_add(root, "fields");
        const char *now = conflict_form_text(v->req->arena, f->field, &v->now);
        bool is_emails = str_eq(f->field, "emails");
        page_set(n, "label", f->label);
        page_set(n, "help",
                 is_emails
                     ? arena_printf(v->req->arena, "%s %s", f->help, shell_where_mails_go(v->req))
                     : f->help);
        page_flag(n, "switch", f->is_switch);
        page_flag(n, "emails", is_emails);
        page_flag(n, "unused", is_emails && !v->now.notify);
        fill_value(v, root, n, f->label, f->field, now);
        page_flag(n, "on", f->is_switch && !str_empty(v->typed ? sent(v, f->field) : now));
    }
}

static void fill_gateway(const struct conflict_view *v, struct page_node *root, const char *name,
                         int row)
{
    struct arena *a = v->req->arena;
    struct page_node *n = page_add(root, "gateways");
    page_set(n, "key", numbered(v, "gateway", row));
    page_set(n, "gateway", name);
    fill_value(v, root, n, arena_printf(a, "The threshold of %s", name),
               numbered(v, "gateway_minutes", row), conflict_form_minutes_text(a, &v->now, name));
}

/* The rows that were sent, else all that are known. */
static void fill_gateways(const struct conflict_view *v, struct page_node *root)
{
    bool any = false;
    for (int row = 0; v->typed && row <= LIMIT_GATEWAYS; row++) {
        const char *name = sent(v, numbered(v, "gateway", row));
        if (name == NULL)
            continue;
        fill_gateway(v, root, name, row);
        any = true;
    }
    for (int row = 0; !any && row < v->n_gateways; row++)
        fill_gateway(v, root, v->gateways[row], row);
    page_flag(root, "any_minutes", v->now.n_gateways > 0);
}

static bool is_known_currency(const struct conflict_view *v, const char *code)
{
    for (int i = 0; i < v->n_currencies; i++)
        if (str_eq(v->currencies[i], code))
            return true;
    return false;
}

/* A row whose currency is not known yet has a field for it. */
static void fill_ceiling(const struct conflict_view *v, struct page_node *root, const char *code,
                         int row)
{
    struct arena *a = v->req->arena;
    struct page_node *n = page_add(root, "ceilings");
    const char *key = numbered(v, "ceiling_currency", row);
    bool known = is_known_currency(v, code);
    page_set(n, "key", key);
    page_set(n, "currency", code);
    page_flag(n, "known", known);
    for (int i = 0; v->typed && i < v->answer.n_faults; i++)
        if (str_eq(v->answer.faults[i].field, key)) {
            const char *words = arena_printf(a, "The currency %s.", v->answer.faults[i].reason);
            page_set(n, "code_error", words);
            if (v->previewing)
                page_set(page_add(root, "faults"), "text", words);
        }
    fill_value(v, root, n, arena_printf(a, "The daily ceiling %s%s", known ? "of " : "", code),
               numbered(v, "ceiling_amount", row),
               known ? conflict_form_ceiling_text(a, &v->now, code) : "");
}

static void fill_ceilings(const struct conflict_view *v, struct page_node *root)
{
    bool any = false, has_new = false;
    int next = 0;
    for (int row = 0; v->typed && row <= LIMIT_CURRENCIES; row++) {
        const char *code = sent(v, numbered(v, "ceiling_currency", row));
        if (code == NULL)
            continue;
        fill_ceiling(v, root, code, row);
        has_new = has_new || !is_known_currency(v, code);
        any = true;
        next = row + 1;
    }
    for (int row = 0; !any && row < v->n_currencies; row++)
        fill_ceiling(v, root, v->currencies[row], next++);
    if (!has_new)
        fill_ceiling(v, root, "", next);
    page_flag(root, "any_ceiling", v->now.n_ceilings > 0);
}

/* ---- the page ----------------------------------------------------------------------------------
 */

static void fill_refused(const struct conflict_view *v, struct page_node *root)
{
    struct arena *a = v->req->arena;
    const struct format f = shell_format(&v->merchant);
    for (int i = 0; i < v->n_refused; i++) {
        const struct conflict *c = v->refused[i].conflict;
        struct page_node *n = page_add(root, "refused"), *at = page_child(n, "at");
        page_set(n, "order_id", v->refused[i].order_id);
        page_set(n, "href", web_path(a, "/orders/", v->refused[i].order_id, ""));
        page_set(n, "txn_id", c->txn_id);
        page_set(n, "why", conflict_words_why(a, c));
        page_set(n, "said", c->said);
        page_set(at, "text", format_time(a, &f, c->first_ms, v->req->now_ms));
        page_set(at, "age", format_time_full(a, &f, c->first_ms));
    }
    if (v->n_refused == LIMIT_REFUSED_SHOWN)
        page_set(root, "refused_cut",
                 arena_printf(a, "The newest %d are listed.", LIMIT_REFUSED_SHOWN));
    if (v->awaiting > 0)
        page_set(root, "awaiting",
                 arena_printf(a, "%s%s auto refund%s", format_count(a, &f, v->awaiting),
                              v->awaiting == MOST_AWAITING ? " or more" : "",
                              v->awaiting == 1 ? " waits" : "s wait"));
}

static void fill_notice(const struct conflict_view *v, struct page_node *root)
{
    struct page_node *n = page_child(root, "notice");
    const char *done = form_get(&v->req->query, "done");
    if (v->typed && v->answer.n_faults > 0) {
        page_set(n, "color", "danger");
        page_set(n, "title", "Nothing was saved.");
        page_set(n, "text", settings_form_advice(v->answer.stale));
        page_flag(n, "urgent", true);
    } else if (str_eq(done, "saved")) {
        page_set(n, "color", "success");
        page_set(n, "title", "Saved.");
        page_set(n, "text", "The new values are in force, for successes from now on.");
    } else if (str_eq(done, "same")) {
        page_set(n, "color", "secondary");
        page_set(n, "title", "Nothing was changed.");
        page_set(n, "text", "Everything was as it is already.");
    }
}

struct page *conflict_view_page(const struct conflict_view *v)
{
    struct page *page = shell_page(v->req, "page/settings_conflict", CONFLICT_TITLE, &v->merchant);
    struct page_node *root = page_root(page);

    page_flag(root, "may_write", shell_may(v->req, MODULE_SETTINGS, RIGHT_WRITE));
    fill_notice(v, root);
    fill_fields(v, root);
    fill_gateways(v, root);
    fill_ceilings(v, root);
    fill_refused(v, root);
    if (v->would)
        conflict_would_fill(v, page_child(root, "would"));
    return page;
}
