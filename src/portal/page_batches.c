/* Payments > Bulk Operations > Refunds: the files that were uploaded, newest first unless asked
 * otherwise. */
#include "portal/batch_view.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/limits.h"
#include "web/percent.h"
#include <inttypes.h>

static const struct {
    const char *key;
    enum batch_sort sort;
} sorts[] = {
    {"created", BATCH_BY_CREATED}, {"name", BATCH_BY_NAME},   {"status", BATCH_BY_STATUS},
    {"amount", BATCH_BY_AMOUNT},   {"tasks", BATCH_BY_TASKS},
};
#define N_SORTS (sizeof sorts / sizeof sorts[0])

struct work {
    struct req *req;
    struct merchant merchant;
    struct batch_filter filter;
    const char *sort_key;
    int64_t page; /* from 0 */
    struct batch *rows;
    int count;
    bool more;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    enum rc rc = merchants_get(q, w->req->arena, w->req->actor.merchant, &w->merchant, e);
    if (rc != RC_OK)
        return rc;
    return batch_list_page(q, w->req->arena, &w->filter, &w->rows, &w->count, &w->more, e);
}

static enum rc read_address(struct work *w, struct err *e)
{
    const struct form *query = &w->req->query;
    const char *part = str_or(form_get(query, "part"), ""), *page = form_get(query, "page");
    const char *sort = str_or(form_get(query, "sort"), sorts[0].key);
    if (page &&
        (!str_parse_i64(page, &w->page) || w->page > LIMIT_PAGE_SKIP / LIMIT_PAGE_ROWS_DEFAULT))
        return ERR(e, RC_INVALID, "This place in the list does not exist.", "page %s", page);
    w->filter = (struct batch_filter){
        .merchant = w->req->actor.merchant,
        .name_part = part,
        .any_case = *part && !form_get(query, "aa"),
        .ascending = str_eq(form_get(query, "order"), "asc"),
        .rows = LIMIT_PAGE_ROWS_DEFAULT,
        .skip = (int)w->page * LIMIT_PAGE_ROWS_DEFAULT,
    };
    for (size_t i = 0; i < N_SORTS; i++) {
        if (!str_eq(sorts[i].key, sort))
            continue;
        w->sort_key = sort;
        w->filter.sort = sorts[i].sort;
    }
    if (!w->sort_key)
        return ERR(e, RC_INVALID, "The list cannot be sorted by this.", "sort %s", sort);
    return RC_OK;
}

static const char *address(const struct work *w, const char *sort, bool ascending, int64_t page)
{
    struct arena *a = w->req->arena;
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, BATCH_PATH "?sort=%s%s", sort, ascending ? "&order=asc" : "");
    if (*w->filter.name_part)
        buf_printf(&b, "&part=%s%s", percent_encode(a, w->filter.name_part),
                   w->filter.any_case ? "" : "&aa=1");
    if (page > 0)
        buf_printf(&b, "&page=%" PRId64, page);
    return buf_text(&b);
}

static void fill_sorts(const struct work *w, struct page_node *root)
{
    for (size_t i = 0; i < N_SORTS; i++) {
        struct page_node *n = page_child(page_child(root, "sort"), sorts[i].key);
        bool current = sorts[i].sort == w->filter.sort, up = w->filter.ascending;
        page_set(n, "href", address(w, sorts[i].key, current && !up, 0));
        page_set(n, "aria", !current ? "none" : up ? "ascending" : "descending");
        page_set(n, "arrow", !current ? "" : up ? "↑" : "↓");
    }
}

static void fill_row(const struct rows_ctx *c, struct page_node *n, const struct batch *b)
{
    struct arena *a = c->arena;
    page_set(n, "href", batch_view_path(a, b->id, ""));
    page_set(n, "file_name", b->file_name);
    batch_view_badge(page_child(n, "status"), b->status);
    page_set(n, "amount", batch_view_amount(c, b));
    rows_time(c, page_child(n, "created"), b->created_ms);
    rows_time(c, page_child(n, "updated"), b->updated_ms);
    page_set(n, "tasks", format_count(a, &c->format, b->rows_total));
    batch_view_progress(c, page_child(n, "progress"), b);
    if (b->rows_accepted > 0 && c->may_refund)
        page_set(n, "sync", batch_view_path(a, b->id, "/sync"));
}

static void fill_empty(const struct work *w, bool may_create, struct page_node *root)
{
    struct page_node *n = page_child(root, "empty");
    if (*w->filter.name_part) {
        page_set(n, "title", "Nothing matches");
        page_set(n, "text",
                 w->filter.any_case
                     ? "No file has this in its name. Search for a shorter part of it."
                     : "No file has this in its name, written just so. Switch Aa off to search "
                       "in any case.");
        page_set(n, "href", BATCH_PATH);
        page_set(n, "action", "Clear the search");
    } else if (w->page > 0) {
        page_set(n, "title", "The list ends before this page");
        page_set(n, "text", "There are fewer files than that.");
        page_set(n, "href", BATCH_PATH);
        page_set(n, "action", "Go to the first page");
    } else {
        page_set(n, "title", "No batch refunds yet");
        page_set(n, "text",
                 may_create ? "A CSV file with one refund a row: upload it, look at what each row "
                              "would do, confirm, and watch."
                            : "Nobody has uploaded a file yet. Who has the right to write refunds "
                              "can; a person with the role admin grants it.");
        if (may_create) {
            page_set(n, "href", BATCH_PATH "/new");
            page_set(n, "action", "Create Batch Refunds");
        }
    }
}

enum rc page_batches(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = read_address(&w, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/batches", "Bulk Operations", &w.merchant);
    struct page_node *root = page_root(page);
    struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms,
                         shell_may(r, MODULE_REFUNDS, RIGHT_WRITE)};
    page_set(root, "part", w.filter.name_part);
    page_flag(root, "any_case", w.filter.any_case);
    page_set(root, "sorted_by", w.sort_key);
    page_set(root, "sorted", w.filter.ascending ? "asc" : NULL);
    if (c.may_refund)
        page_set(root, "create", BATCH_PATH "/new");
    fill_sorts(&w, root);
    if (w.count == 0)
        fill_empty(&w, c.may_refund, root);
    for (int i = 0; i < w.count; i++)
        fill_row(&c, page_add(root, "rows"), &w.rows[i]);
    if (w.page > 0)
        page_set(root, "newer", address(&w, w.sort_key, w.filter.ascending, w.page - 1));
    if (w.more)
        page_set(root, "older", address(&w, w.sort_key, w.filter.ascending, w.page + 1));
    reply_page(p, 200, page);
    return RC_OK;
}
