/* One endpoint: what it is, what a person can do with it, and the log of what is on its way there.
 */
#include "portal/facts.h"
#include "portal/portal.h"
#include "portal/shell.h"
#include "portal/webhook_view.h"

#include "core/id.h"
#include "core/limits.h"
#include "refund/announce.h"
#include "refund/endpoint_form.h"
#include "view/day.h"
#include <inttypes.h>
#include <string.h>

static const struct {
    const char *tab, *state, *label;
} tabs[] = {
    {"", NULL, "All"},
    {"waiting", "WAITING", "Waiting"},
    {"delivered", "DELIVERED", "Delivered"},
    {"failed", "FAILED", "Failed"},
};
enum { N_TABS = sizeof tabs / sizeof tabs[0] };

struct work {
    struct req *req;
    int tab;
    int64_t before_ms, before_id; /* 0: from the newest */
    struct merchant merchant;
    struct endpoint endpoint;
    const char **events;
    int n_events, waiting, retried;
    struct delivery *rows; /* one more than a page */
    int n_rows;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    int64_t merchant = w->req->actor.merchant, id = w->endpoint.id;
    enum rc rc = merchants_get(q, a, merchant, &w->merchant, e);
    if (rc == RC_OK)
        rc = endpoints_get(q, a, merchant, id, &w->endpoint, e);
    if (rc == RC_OK)
        rc = endpoints_events(q, a, merchant, id, &w->events, &w->n_events, e);
    if (rc == RC_OK)
        rc = deliveries_waiting(q, id, LIMIT_DELIVERIES_RESENT, &w->waiting, &w->retried, e);
    if (rc == RC_OK)
        rc = deliveries_list(q, a, id, tabs[w->tab].state, w->before_ms, w->before_id,
                             LIMIT_DELIVERIES_SHOWN + 1, &w->rows, &w->n_rows, e);
    return rc;
}

/* "1795251667000-01h4v2k9q8c0m" */
static enum rc read_place(struct work *w, struct err *e)
{
    struct arena *a = w->req->arena;
    const char *tab = form_get(&w->req->query, "tab"), *after = form_get(&w->req->query, "after");
    const char *dash = after ? strchr(after, '-') : NULL;
    for (int i = 0; i < N_TABS; i++)
        if (str_eq(tabs[i].tab, tab))
            w->tab = i;
    if (!after)
        return RC_OK;
    if (dash && str_parse_i64(arena_strndup(a, after, (size_t)(dash - after)), &w->before_ms) &&
        id_parse(dash + 1, &w->before_id))
        return RC_OK;
    return ERR(e, RC_INVALID, "This place in the log does not exist.", "page key %s", after);
}

/* ---- what it is --------------------------------------------------------------------------------
 */

static void fill_facts(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    struct arena *a = c->arena;
    const struct endpoint *p = &w->endpoint;
    struct json_object *names = json_built_in(a, p->headers, strlen(p->headers));
    struct facts_group g = facts_group(c, root, NULL);
    struct buf b;

    buf_init(&b, a);
    for (size_t i = 0; i < json_object_array_length(names); i++)
        buf_printf(&b, "%s%s: (set)", i ? ", " : "",
                   json_object_get_string(json_object_array_get_idx(names, i)));
    facts_put(&g, "Sign-in",
              p->username ? arena_printf(a, "%s, password set", p->username) : "none");
    facts_put(&g, "Own headers", b.len ? buf_text(&b) : "none");
    facts_put(&g, "Counts as delivered", p->any_2xx ? "any 2xx" : "200 only");
    facts_put(&g, "Created by", p->created_by);
    facts_put_time(&g, "Created", p->created_ms);
    facts_put_time(&g, "Changed", p->updated_ms);
    facts_put_id(&g, "Endpoint", id_text(a, p->id));
}

static void fill_secret(const struct rows_ctx *c, struct page_node *root, const struct endpoint *p)
{
    page_set(root, "seen", arena_printf(c->arena, "%" PRId64, p->updated_ms));
    if (p->old_until_ms > c->now_ms)
        page_set(root, "old_until", format_time_full(c->arena, &c->format, p->old_until_ms));
}

/* All that may be sent as a test; what it hears of stands first and says so. */
static void fill_events(struct page_node *root, const struct work *w)
{
    int count;
    const struct announce_name *names = announce_names(&count);
    for (int i = 0; i < count; i++) {
        if (endpoint_wants(w->events, w->n_events, names[i].name)) {
            struct page_node *n = page_add(root, "events");
            page_set(n, "name", names[i].name);
            page_set(n, "means", names[i].means);
        }
        page_set(page_add(root, "choices"), "name", names[i].name);
    }
}

/* ---- the log -----------------------------------------------------------------------------------
 */

static void fill_row(const struct rows_ctx *c, struct page_node *n, const struct work *w,
                     const struct delivery *d)
{
    struct arena *a = c->arena;
    page_set(n, "href", webhook_view_delivery_path(a, d, ""));
    page_set(n, "event", d->name);
    if (d->order_id)
        page_set(n, "order_id", d->order_id);
    else
        page_flag(n, "test", true);
    webhook_view_delivery_state(page_child(n, "state"), d);
    page_set(n, "attempts", arena_printf(a, "%" PRId64, d->attempts));
    if (d->tried_ms)
        page_set(n, "answer", webhook_view_answer(a, d->status, d->took_ms));
    rows_time(c, page_child(n, "at"), d->created_ms);
    page_set(n, "next", webhook_view_next(c, &w->endpoint, d));
    if (!str_eq(d->state, "WAITING"))
        page_set(n, "resend", webhook_view_delivery_path(a, d, "/resend"));
}

static const char *log_path(const struct work *w, int tab, const char *after)
{
    struct arena *a = w->req->arena;
    const char *query = tab ? arena_printf(a, "?tab=%s", tabs[tab].tab) : "";
    if (after)
        query = arena_printf(a, "%s%safter=%s", query, tab ? "&" : "?", after);
    return webhook_view_path(a, w->endpoint.id, arena_printf(a, "%s#log", query));
}

static void fill_log(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    int shown = w->n_rows > LIMIT_DELIVERIES_SHOWN ? LIMIT_DELIVERIES_SHOWN : w->n_rows;
    for (int i = 0; i < N_TABS; i++) {
        struct page_node *n = page_add(root, "tabs");
        page_set(n, "label", tabs[i].label);
        page_set(n, "href", log_path(w, i, NULL));
        page_flag(n, "current", i == w->tab);
    }
    for (int i = 0; i < shown; i++)
        fill_row(c, page_add(root, "rows"), w, &w->rows[i]);
    if (w->before_id)
        page_set(root, "first", log_path(w, w->tab, NULL));
    if (shown < w->n_rows) {
        const struct delivery *last = &w->rows[shown - 1];
        page_set(root, "older",
                 log_path(w, w->tab,
                          arena_printf(c->arena, "%" PRId64 "-%s", last->created_ms,
                                       id_text(c->arena, last->id))));
    }
    page_flag(root, "filtered", w->tab != 0 || w->before_id != 0);
}

/* What it shows changed last at. */
static int64_t seen_of(const struct work *w)
{
    int64_t seen = w->endpoint.updated_ms;
    for (int i = 0; i < w->n_rows; i++) {
        const struct delivery *d = &w->rows[i];
        if (d->created_ms > seen)
            seen = d->created_ms;
        if (d->tried_ms > seen)
            seen = d->tried_ms;
    }
    return seen;
}

static void fill_live(const struct rows_ctx *c, struct page_node *root, const struct work *w)
{
    const struct endpoint *p = &w->endpoint;
    bool pending = w->waiting > 0 && str_eq(p->state, "ACTIVE") && !w->tab && !w->before_id;
    rows_live(c, root, webhook_view_path(c->arena, p->id, ""), pending, seen_of(w));
    if (w->waiting > 0)
        page_set(root, "waiting",
                 arena_printf(c->arena, "%d%s %s%s", w->waiting,
                              w->waiting >= LIMIT_DELIVERIES_RESENT ? " or more" : "",
                              w->waiting == 1 ? "waits" : "wait",
                              w->retried
                                  ? arena_printf(c->arena, ", %d of them tried before", w->retried)
                                  : ""));
}

enum rc page_webhook(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = webhook_view_id(r, 0, &w.endpoint.id, e);
    if (rc == RC_OK)
        rc = read_place(&w, e);
    if (rc == RC_OK)
        rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    if (rows_seen_is(r, seen_of(&w))) {
        reply_text(p, 204, "text/plain", "");
        return RC_OK;
    }
    struct page *page = shell_page(r, "page/webhook", WEBHOOK_TITLE, &w.merchant);
    struct page_node *root = page_root(page);
    const struct rows_ctx c = {r->arena, shell_format(&w.merchant), r->now_ms, false};
    bool may_write = shell_may(r, MODULE_SETTINGS, RIGHT_WRITE);

    webhook_view_notice(r, root);
    page_set(root, "url", w.endpoint.url);
    page_set(root, "own", webhook_view_path(r->arena, w.endpoint.id, ""));
    webhook_view_state(page_child(root, "state"), &w.endpoint);
    webhook_view_acts(root, &w.endpoint, may_write);
    page_flag(root, "may_write", may_write);
    page_set(root, "once", id_text(r->arena, id_new()));
    page_set(root, "today", day_text(r->arena, &c.format, r->now_ms));
    fill_facts(&c, root, &w);
    fill_secret(&c, root, &w.endpoint);
    fill_events(root, &w);
    fill_live(&c, root, &w);
    fill_log(&c, root, &w);
    reply_page(p, 200, page);
    return RC_OK;
}
