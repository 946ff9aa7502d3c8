/* /profile: who one is here, what one may, and which mails one gets. */
#include "portal/portal.h"
#include "portal/shell.h"

#include "refund/profile.h"

#define PATH "/profile"

struct work {
    struct req *req;
    struct merchant merchant;
    struct profile_mails mails;
    bool typed;                    /* the form was sent and is shown again */
    struct settings_answer answer; /* what was wrong with it */
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    const struct req *r = w->req;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &w->merchant, e);
    if (rc == RC_OK && !w->typed)
        rc = profile_mails_get(q, r->arena, r->actor.user, r->actor.rights, &w->mails, e);
    return rc;
}

/* ---- who one is --------------------------------------------------------------------------------
 */

static const struct {
    enum module module;
    const char *label;
} modules[] = {
    {MODULE_ORDERS, "Orders"},       {MODULE_REFUNDS, "Refunds, batches"},
    {MODULE_APPROVALS, "Approvals"}, {MODULE_SETTINGS, "Settings"},
    {MODULE_USERS, "Users"},         {MODULE_AUDIT, "Audit log"},
};

static const char *const right_words[] = {
    [RIGHT_NONE] = "None", [RIGHT_READ] = "Read", [RIGHT_WRITE] = "Read and write"};

static void add_fact(struct page_node *root, const char *list, const char *label, const char *value)
{
    struct page_node *n = page_add(root, list);
    page_set(n, "label", label);
    page_set(n, "value", value);
}

static void fill_person(const struct work *w, struct page_node *root)
{
    const struct req *r = w->req;
    const struct format f = shell_format(&w->merchant);
    add_fact(root, "facts", "Name", r->actor.name);
    add_fact(root, "facts", "Role", r->session->user.role);
    add_fact(root, "facts", "Merchant", w->merchant.name);
    add_fact(root, "facts", "User since",
             format_time_full(r->arena, &f, r->session->user.created_ms));
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
        add_fact(root, "rights", modules[i].label, right_words[r->actor.rights[modules[i].module]]);
}

/* ---- mails -------------------------------------------------------------------------------------
 */

static const char *help_of(const struct req *r, const struct occasion_row *row)
{
    if (row->maker != OCCASION_MAKER_ALWAYS || !shell_may(r, MODULE_REFUNDS, RIGHT_WRITE))
        return row->help;
    return arena_printf(r->arena, "%s Those of your own come in any case.", row->help);
}

static const char *where_mails_go(const struct req *r)
{
    const struct config *c = &r->app->config;
    if (c->mail_host != NULL)
        return arena_printf(r->arena, "Mails go out by the mail server %s.", c->mail_host);
    return arena_printf(r->arena,
                        "No mail server is set up: mails are written to the folder %s of the "
                        "instance, and reach nobody.",
                        c->mail_folder);
}

static void fill_mails(const struct work *w, struct page_node *root)
{
    const struct req *r = w->req;
    const char *email = w->typed ? form_get(&r->form, "email") : w->mails.email;
    page_set(root, "email", email);
    page_set(root, "where", where_mails_go(r));
    for (int i = 0; i < w->answer.n_faults; i++)
        page_set(root, "email_error",
                 arena_printf(r->arena, "The address %s.", w->answer.faults[i].reason));
    for (int i = 0; i < OCCASION_COUNT; i++) {
        const struct occasion_row *row = occasion_row(i);
        if (!occasion_allowed(i, r->actor.rights))
            continue;
        struct page_node *n = page_add(root, "kinds");
        page_set(n, "name", row->name);
        page_set(n, "label", row->label);
        page_set(n, "help", help_of(r, row));
        page_flag(n, "on", w->mails.wants[i]);
    }
}

static void fill_notice(const struct work *w, struct page_node *root)
{
    struct page_node *n = page_child(root, "notice");
    const char *done = form_get(&w->req->query, "done");
    bool saved = str_eq(done, "saved");
    if (w->answer.n_faults > 0) {
        page_set(n, "color", "danger");
        page_set(n, "title", "Nothing was saved.");
        page_set(n, "text", "The address cannot be used; see below.");
        page_flag(n, "urgent", true);
    } else if (saved || str_eq(done, "same")) {
        page_set(n, "color", saved ? "success" : "info");
        page_set(n, "title", saved ? "Saved." : "Nothing was changed.");
        page_set(n, "text",
                 w->mails.email != NULL
                     ? arena_printf(w->req->arena, "Your mails go to %s.", w->mails.email)
                     : "You have no address here: you get no mails.");
    }
}

static enum rc show(struct work *w, struct reply *p, struct err *e)
{
    struct req *r = w->req;
    enum rc rc = sql_read(r->app->db, read_page, w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/profile", "Profile", &w->merchant);
    fill_notice(w, page_root(page));
    fill_person(w, page_root(page));
    fill_mails(w, page_root(page));
    reply_page(p, 200, page);
    return RC_OK;
}

enum rc page_profile(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    return show(&w, p, e);
}

enum rc page_profile_mails_post(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r, .typed = true};
    const char *email = str_trim(r->arena, str_or(form_get(&r->form, "email"), ""));
    w.mails.email = str_empty(email) ? NULL : email;
    for (int i = 0; i < OCCASION_COUNT; i++)
        w.mails.wants[i] =
            form_get(&r->form, arena_printf(r->arena, "mail_%s", occasion_row(i)->name)) != NULL;
    enum rc rc = profile_save(r->app, r->arena, &r->actor, &w.mails, &w.answer, e);
    if (rc != RC_OK)
        return rc;
    if (w.answer.n_faults > 0)
        return show(&w, p, e);
    reply_redirect(p, w.answer.changed ? PATH "?done=saved" : PATH "?done=same");
    return RC_OK;
}
