/* Settings > API keys. Making a key answers with a page instead of 303, because the key's text is
 * shown there and nowhere else; the form's one-time id is the key's row, so that sending it again
 * makes no second one. Revoking is asked once more in words. */
#include "portal/portal.h"
#include "portal/rows.h"
#include "portal/settings_form.h"
#include "portal/shell.h"

#include "core/id.h"
#include "core/limits.h"
#include "refund/keys.h"
#include <inttypes.h>
#include <string.h>

#define PATH  "/settings/api-keys"
#define TITLE "Settings · API keys"

enum { UNUSABLE_SHOWN = 25 }; /* the newest of those that are revoked or expired */

struct work {
    struct req *req;
    struct merchant merchant;
    struct api_key *keys;
    int n_keys;
    bool typed;               /* the form was sent and is shown again */
    struct key_answer answer; /* what was wrong with it */
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    return rc == RC_OK ? api_keys_list(q, a, w->merchant.id, &w->keys, &w->n_keys, e) : rc;
}

/* ---- the list ----------------------------------------------------------------------------------
 */

static const struct {
    const char *state, *word, *color;
} states[] = {
    {"active", "Active", "green"},
    {"expired", "Expired", "secondary"},
    {"revoked", "Revoked", "red"},
};

static void fill_state(struct page_node *n, const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (!str_eq(states[i].state, state))
            continue;
        page_set(n, "color", states[i].color);
        page_set(n, "word", states[i].word);
    }
}

static void fill_time(const struct rows_ctx *c, struct page_node *row, const char *key,
                      int64_t wall_ms)
{
    if (wall_ms)
        rows_time(c, page_child(row, key), wall_ms);
}

static const char *revoke_path(struct arena *a, int64_t id)
{
    return arena_printf(a, PATH "/%s/revoke", id_text(a, id));
}

static void fill_key(const struct rows_ctx *c, struct page_node *row, const struct api_key *k,
                     bool may_write)
{
    struct arena *a = c->arena;
    const char *state = keys_state(k, c->now_ms);

    page_set(row, "name", k->name);
    page_set(row, "prefix", arena_printf(a, "%s…", k->prefix));
    page_set(row, "scopes", keys_scopes_text(a, k->scopes));
    fill_state(page_child(row, "state"), state);
    fill_time(c, row, "created", k->created_ms);
    fill_time(c, row, "used", k->used_ms);
    fill_time(c, row, "expires", k->expires_ms);
    fill_time(c, row, "revoked", k->revoked_ms);
    if (may_write && !k->revoked_ms)
        page_set(row, "revoke", revoke_path(a, k->id));
}

static void fill_list(const struct work *w, struct page_node *root, bool may_write)
{
    struct rows_ctx c = {w->req->arena, shell_format(&w->merchant), w->req->now_ms, false};
    int usable = 0, others = 0;

    for (int i = 0; i < w->n_keys; i++) {
        bool active = str_eq(keys_state(&w->keys[i], c.now_ms), "active");
        usable += active;
        others += !active;
        if (active || others <= UNUSABLE_SHOWN)
            fill_key(&c, page_add(root, "keys"), &w->keys[i], may_write);
    }
    if (others > UNUSABLE_SHOWN)
        page_set(root, "hidden",
                 arena_printf(c.arena,
                              "%d older keys that are revoked or expired are not shown; refundctl "
                              "api-key list shows them.",
                              others - UNUSABLE_SHOWN));
    page_flag(root, "may_write", may_write);
    page_flag(root, "full", usable >= LIMIT_API_KEYS_USABLE);
}

/* ---- the form ----------------------------------------------------------------------------------
 */

static const struct {
    const char *field, *label;
} labels[] = {{"name", "A name"}, {"scopes", "What it may do"}, {"days", "The number of days"}};

static void fill_faults(const struct work *w, struct page_node *form)
{
    struct arena *a = w->req->arena;
    for (int i = 0; i < w->answer.checked.n_faults; i++) {
        const struct setting_fault *fault = &w->answer.checked.faults[i];
        for (size_t k = 0; k < sizeof labels / sizeof labels[0]; k++)
            if (str_eq(fault->field, labels[k].field))
                page_set(page_child(form, "errors"), labels[k].field,
                         arena_printf(a, "%s %s.", labels[k].label, fault->reason));
    }
}

static const char *typed(const struct work *w, const char *field)
{
    return w->typed ? form_get(&w->req->form, field) : NULL;
}

static void fill_form(const struct work *w, struct page_node *root)
{
    struct page_node *form = page_child(root, "form");
    struct arena *a = w->req->arena;
    int count;
    const struct key_scope *scopes = keys_scopes(&count);

    page_set(form, "id", id_text(a, id_new()));
    page_set(form, "name", typed(w, "name"));
    page_set(form, "days", typed(w, "days"));
    for (int i = 0; i < count; i++) {
        struct page_node *n = page_add(form, "scopes");
        page_set(n, "name", scopes[i].name);
        page_set(n, "help", scopes[i].help);
        page_flag(n, "on",
                  !w->typed || typed(w, arena_printf(a, "scope_%s", scopes[i].name)) != NULL);
    }
    fill_faults(w, form);
}

/* What the address says was done. */
static const struct {
    const char *done, *color, *title, *text;
} notices[] = {
    {"revoked", "success", "Revoked.", "Requests with that key are refused within 5 seconds."},
    {"again", "info", "Nothing was done twice.",
     "That form had made its key already. The key was shown once and cannot be shown again: if you "
     "did not keep it, revoke it and make another one."},
};

static void fill_notice(const struct work *w, struct page_node *root)
{
    struct page_node *n = page_child(root, "notice");
    const char *done = form_get(&w->req->query, "done");

    if (w->answer.checked.n_faults > 0) {
        page_set(n, "color", "danger");
        page_set(n, "title", "No key was made.");
        page_set(n, "text", "Look at the form once more and send it again.");
        page_flag(n, "urgent", true);
        return;
    }
    for (size_t i = 0; done && i < sizeof notices / sizeof notices[0]; i++) {
        if (!str_eq(notices[i].done, done))
            continue;
        page_set(n, "color", notices[i].color);
        page_set(n, "title", notices[i].title);
        page_set(n, "text", notices[i].text);
    }
}

static enum rc show(struct work *w, struct reply *p, struct err *e)
{
    struct req *r = w->req;
    enum rc rc = sql_read(r->app->db, read_page, w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/api_keys", TITLE, &w->merchant);
    struct page_node *root = page_root(page);
    bool may_write = shell_may(r, MODULE_SETTINGS, RIGHT_WRITE);

    fill_notice(w, root);
    fill_list(w, root, may_write);
    if (may_write)
        fill_form(w, root);
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_api_keys(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    return show(&w, p, e);
}

/* ---- making one --------------------------------------------------------------------------------
 */

static struct key_wish wish_of(const struct req *r)
{
    struct key_wish wish = {.name = str_trim(r->arena, str_or(form_get(&r->form, "name"), "")),
                            .days = str_trim(r->arena, str_or(form_get(&r->form, "days"), ""))};
    const char *id = form_get(&r->form, "id");
    int count;
    const struct key_scope *scopes = keys_scopes(&count);

    if (!id || !id_parse(id, &wish.id))
        wish.id = 0;
    for (int i = 0; i < count; i++)
        if (form_get(&r->form, arena_printf(r->arena, "scope_%s", scopes[i].name)))
            wish.scopes |= scopes[i].bit;
    return wish;
}

static enum rc read_merchant(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return merchants_get(q, w->req->arena, w->req->actor.merchant, &w->merchant, e);
}

static enum rc show_made(struct work *w, struct reply *p, struct err *e)
{
    struct req *r = w->req;
    const struct key_made *made = &w->answer.made;
    enum rc rc = sql_read(r->app->db, read_merchant, w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/api_key_made", TITLE, &w->merchant);
    struct page_node *root = page_root(page);
    struct format f = shell_format(&w->merchant);

    page_set(root, "key", made->text);
    page_set(root, "name", made->key.name);
    page_set(root, "scopes", keys_scopes_text(r->arena, made->key.scopes));
    if (made->key.expires_ms)
        page_set(root, "expires", format_time_full(r->arena, &f, made->key.expires_ms));
    page_set(root, "back", PATH);
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_api_keys_post(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r, .typed = true};
    const struct key_wish wish = wish_of(r);
    enum rc rc = keys_make(r->app, r->arena, &r->actor, &wish, &w.answer, e);
    if (rc != RC_OK)
        return rc;
    if (w.answer.checked.n_faults > 0)
        return show(&w, p, e);
    if (w.answer.again) {
        reply_redirect(p, PATH "?done=again");
        return RC_OK;
    }
    return show_made(&w, p, e);
}

/* ---- revoking one ------------------------------------------------------------------------------
 */

struct revoking {
    struct settings_form form;
    int64_t id;
    struct api_key key;
};

static enum rc read_key(struct sql *q, void *arg, struct err *e)
{
    struct revoking *v = arg;
    const struct req *r = v->form.req;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &v->form.merchant, e);
    return rc == RC_OK ? keys_get(q, r->arena, &r->actor, v->id, &v->key, e) : rc;
}

static enum rc ask(struct revoking *v, struct reply *p, struct err *e)
{
    struct arena *a = v->form.req->arena;
    enum rc rc = sql_read(v->form.req->app->db, read_key, v, e);
    if (rc != RC_OK)
        return rc;
    const struct format f = shell_format(&v->form.merchant);
    const char *used = v->key.used_ms ? arena_printf(a, "it was last used %s",
                                                     format_time_full(a, &f, v->key.used_ms))
                                      : "it was never used";
    const struct settings_question question = {
        .title = "Revoke this API key?",
        .words = arena_printf(a,
                              "requests with the key “%s” (%s…) are refused from then on; %s. A "
                              "revoked key never works again.",
                              v->key.name, v->key.prefix, used),
        .act = "Revoke the key",
        .action = revoke_path(a, v->id)};
    reply_page(p, 200, settings_form_question(&v->form, &question));
    return RC_OK;
}

enum rc page_api_key_revoke(struct req *r, struct reply *p, struct err *e)
{
    struct revoking v = {.form = {.req = r, .title = TITLE}};
    const char *step = form_get(&r->form, "step");
    enum rc rc = RC_OK;

    if (!id_parse(r->params[0], &v.id))
        return ERR(e, RC_NOT_FOUND, "There is no such API key.", "not an id: %s", r->params[0]);
    if (str_eq(step, "edit")) {
        reply_redirect(p, PATH);
    } else if (str_eq(step, "confirmed")) {
        rc = keys_revoke(r->app, r->arena, &r->actor, v.id, e);
        if (rc == RC_OK)
            reply_redirect(p, PATH "?done=revoked");
    } else {
        rc = ask(&v, p, e);
    }
    return rc;
}
