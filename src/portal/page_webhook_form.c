/* The form of an endpoint: a new one, whose answer shows the signing secret and is kept nowhere,
 * and a change of one. What identifies the desk there is never shown: it is kept or replaced. */
#include "portal/portal.h"
#include "portal/settings_form.h"
#include "portal/shell.h"
#include "portal/webhook_secret.h"
#include "portal/webhook_view.h"

#include "core/id.h"
#include "refund/announce.h"
#include "refund/endpoint_form.h"
#include <string.h>

enum { HEADERS_AT_ONCE = 3 /* fields shown; the rest is folded */ };

struct work {
    struct req *req;
    struct merchant merchant;
    struct endpoint endpoint; /* id 0: a new one */
    const char **events;
    int n_events;
    bool typed; /* the form was sent and is shown again */
    struct endpoint_answer answer;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    int64_t merchant = w->req->actor.merchant, id = w->endpoint.id;
    enum rc rc = merchants_get(q, a, merchant, &w->merchant, e);
    if (rc == RC_OK && id)
        rc = endpoints_get(q, a, merchant, id, &w->endpoint, e);
    if (rc == RC_OK && id)
        rc = endpoints_events(q, a, merchant, id, &w->events, &w->n_events, e);
    return rc;
}

static const char *typed(const struct work *w, const char *field)
{
    return w->typed ? form_get(&w->req->form, field) : NULL;
}

static const char *event_field(struct arena *a, const char *name)
{
    return arena_printf(a, "event_%s", name);
}

/* ---- the page ----------------------------------------------------------------------------------
 */

static const struct {
    const char *field, *label;
} labels[] = {
    {"url", "The address"},       {"sign_in", "The sign-in"}, {"username", "The user name"},
    {"password", "The password"}, {"headers", "The headers"}, {"events", "The events"},
    {"any_2xx", "The switch"},    {"state", "The endpoint"},
};

static void fill_faults(const struct work *w, struct page_node *root)
{
    for (int i = 0; i < w->answer.checked.n_faults; i++) {
        const struct setting_fault *fault = &w->answer.checked.faults[i];
        for (size_t k = 0; k < sizeof labels / sizeof labels[0]; k++)
            if (str_eq(fault->field, labels[k].field))
                page_set(page_child(root, "errors"), labels[k].field,
                         arena_printf(w->req->arena, "%s %s.", labels[k].label, fault->reason));
    }
}

/* keep, replace or none: as typed, else what is there is kept. */
static void fill_how(const struct work *w, struct page_node *n, const char *field, const char *kept)
{
    const char *how = str_or(typed(w, field), kept ? "keep" : "none");
    page_set(n, "kept", kept);
    page_flag(n, "keep", kept && str_eq(how, "keep"));
    page_flag(n, "replace", str_eq(how, "replace"));
    page_flag(n, "none", str_eq(how, "none"));
}

/* Values are never sent back, wrong ones neither: they are secrets. */
static void fill_headers(const struct work *w, struct page_node *root)
{
    struct arena *a = w->req->arena;
    for (int i = 0; i < LIMIT_ENDPOINT_HEADERS; i++) {
        struct page_node *n = page_add(root, i < HEADERS_AT_ONCE ? "headers" : "more_headers");
        const char *name = typed(w, arena_printf(a, "header_name_%d", i + 1));
        page_set(n, "number", arena_printf(a, "%d", i + 1));
        page_set(n, "name", name);
        if (i >= HEADERS_AT_ONCE && !str_empty(name))
            page_flag(root, "more_open", true);
    }
}

static bool is_ticked(const struct work *w, const struct announce_name *name)
{
    if (w->typed)
        return typed(w, event_field(w->req->arena, name->name)) != NULL;
    return w->endpoint.id == 0 ? name->is_default
                               : endpoint_wants(w->events, w->n_events, name->name);
}

static void fill_events(const struct work *w, struct page_node *root)
{
    int count;
    const struct announce_name *names = announce_names(&count);
    for (int i = 0; i < count; i++) {
        struct page_node *n = page_add(root, "events");
        page_set(n, "name", names[i].name);
        page_set(n, "means", names[i].means);
        page_flag(n, "on", is_ticked(w, &names[i]));
    }
}

static void fill_notice(const struct work *w, struct page_node *root)
{
    const struct endpoint *p = &w->endpoint;
    const char *said = str_or(p->said, "Nobody said why");
    struct page_node *n = page_child(root, "notice");
    if (w->answer.checked.n_faults > 0) {
        page_set(n, "color", "danger");
        page_set(n, "title", "Nothing was saved.");
        page_set(n, "text",
                 arena_printf(w->req->arena,
                              "%s Passwords and values of headers have to be typed again.",
                              settings_form_advice(w->answer.checked.stale)));
        page_flag(n, "urgent", true);
    } else if (p->id && str_eq(p->state, "DISABLED")) {
        page_set(n, "color", "warning");
        page_set(n, "title", "This endpoint is disabled.");
        page_set(
            n, "text",
            arena_printf(w->req->arena,
                         "%s%s Saving enables it again; what happens until then it never hears.",
                         said, str_ends(said, ".") ? "" : "."));
    }
}

static const char *shown_field(struct arena *a, const char *field)
{
    return arena_printf(a, SETTINGS_SHOWN "%s", field);
}

/* On the way back from a fault still what the first form showed. */
static void fill_shown(const struct work *w, struct page_node *root)
{
    struct arena *a = w->req->arena;
    struct endpoint_seen seen[ENDPOINT_SEEN];
    endpoint_see(a, &w->endpoint, w->events, w->n_events, seen);
    for (int i = 0; i < ENDPOINT_SEEN; i++) {
        struct page_node *n = page_add(root, "shown");
        const char *name = shown_field(a, endpoint_seen_fields[i]);
        page_set(n, "name", name);
        page_set(n, "value", str_or(w->answer.checked.stale ? NULL : typed(w, name), seen[i].text));
    }
}

static void fill(const struct work *w, struct page_node *root)
{
    struct arena *a = w->req->arena;
    const struct endpoint *p = &w->endpoint;
    const char *kept = p->username ? arena_printf(a, "“%s” and its password", p->username) : NULL;

    fill_notice(w, root);
    fill_faults(w, root);
    page_set(root, "action", p->id ? webhook_view_path(a, p->id, "/edit") : WEBHOOK_PATH "/new");
    page_set(root, "back", p->id ? webhook_view_path(a, p->id, "") : WEBHOOK_PATH);
    page_flag(root, "is_new", p->id == 0);
    page_flag(root, "is_disabled", p->id && str_eq(p->state, "DISABLED"));
    page_flag(root, "allow_private", w->req->app->config.webhook_allow_private);
    if (p->id)
        fill_shown(w, root);
    else
        page_set(root, "id", id_text(a, id_new()));
    page_set(root, "url", w->typed ? typed(w, "url") : p->url);
    page_set(root, "username", typed(w, "username"));
    page_flag(root, "any_2xx", w->typed ? typed(w, "any_2xx") != NULL : p->any_2xx);
    fill_how(w, page_child(root, "sign_in"), "sign_in", kept);
    fill_how(w, page_child(root, "headers_how"), "headers", endpoint_header_names(a, p));
    fill_headers(w, root);
    fill_events(w, root);
}

static enum rc show(struct work *w, struct reply *p, struct err *e)
{
    struct req *r = w->req;
    enum rc rc = sql_read(r->app->db, read_page, w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/webhook_form", WEBHOOK_TITLE, &w->merchant);
    fill(w, page_root(page));
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_webhook_new(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    return show(&w, p, e);
}

enum rc page_webhook_edit(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = webhook_view_id(r, 0, &w.endpoint.id, e);
    return rc == RC_OK ? show(&w, p, e) : rc;
}

/* ---- what was typed ----------------------------------------------------------------------------
 */

static const char *trimmed(const struct req *r, const char *field)
{
    return str_trim(r->arena, str_or(form_get(&r->form, field), ""));
}

static enum endpoint_how how_of(const struct req *r, const char *field)
{
    const char *how = form_get(&r->form, field);
    if (str_eq(how, "replace"))
        return ENDPOINT_REPLACE;
    return str_eq(how, "none") ? ENDPOINT_NONE : ENDPOINT_KEEP;
}

/* A row with neither name nor value is no header. */
static void read_headers(const struct req *r, struct endpoint_wish *wish)
{
    for (int i = 1; i <= LIMIT_ENDPOINT_HEADERS; i++) {
        const struct endpoint_header h = {
            trimmed(r, arena_printf(r->arena, "header_name_%d", i)),
            trimmed(r, arena_printf(r->arena, "header_value_%d", i)),
        };
        if (!str_empty(h.name) || !str_empty(h.value))
            wish->headers[wish->n_headers++] = h;
    }
}

static struct endpoint_wish wish_of(const struct req *r)
{
    struct endpoint_wish wish = {.url = trimmed(r, "url"),
                                 .sign_in = how_of(r, "sign_in"),
                                 .username = trimmed(r, "username"),
                                 .password = str_or(form_get(&r->form, "password"), ""),
                                 .headers_how = how_of(r, "headers"),
                                 .any_2xx = form_get(&r->form, "any_2xx") != NULL};
    int count;
    const struct announce_name *names = announce_names(&count);
    read_headers(r, &wish);
    for (int i = 0; i < ENDPOINT_SEEN; i++)
        wish.shown[i] = form_get(&r->form, shown_field(r->arena, endpoint_seen_fields[i]));
    wish.events = arena_array(r->arena, (size_t)count, sizeof *wish.events);
    for (int i = 0; i < count; i++)
        if (form_get(&r->form, event_field(r->arena, names[i].name)))
            wish.events[wish.n_events++] = names[i].name;
    return wish;
}

enum rc page_webhook_new_post(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r, .typed = true};
    struct endpoint_wish wish = wish_of(r);
    const char *id = form_get(&r->form, "id");
    if (!id || !id_parse(id, &wish.id))
        wish.id = 0;
    enum rc rc = endpoint_create(r->app, r->arena, &r->actor, &wish, &w.answer, e);
    if (rc != RC_OK)
        return rc;
    if (w.answer.checked.n_faults > 0)
        return show(&w, p, e);
    if (w.answer.again) {
        reply_redirect(p, webhook_view_path(r->arena, wish.id, "?done=again"));
        return RC_OK;
    }
    rc = sql_read(r->app->db, read_page, &w, e);
    if (rc == RC_OK)
        webhook_secret_show(r, p, &w.merchant, wish.id, wish.url, w.answer.secret, 0);
    return rc;
}

enum rc page_webhook_edit_post(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r, .typed = true};
    struct endpoint_wish wish = wish_of(r);
    enum rc rc = webhook_view_id(r, 0, &wish.id, e);
    if (rc == RC_OK)
        rc = endpoint_change(r->app, r->arena, &r->actor, &wish, &w.answer, e);
    if (rc != RC_OK)
        return rc;
    w.endpoint.id = wish.id;
    if (w.answer.checked.n_faults > 0)
        return show(&w, p, e);
    reply_redirect(p, webhook_view_path(r->arena, wish.id,
                                        w.answer.checked.changed ? "?done=saved" : "?done=same"));
    return RC_OK;
}
