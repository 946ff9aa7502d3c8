/* /profile: who one is here, what one may, which mails one gets, and another password. */
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/limits.h"
#include "refund/profile.h"
#include "web/session.h"
#include <string.h>

#define PATH "/profile"

struct work {
    struct req *req;
    struct merchant merchant;
    struct profile_mails mails;
    bool typed;                                      /* the form was sent and is shown again */
    struct settings_answer answer;                   /* what was wrong with it */
    const char *old_fault, *new_fault, *again_fault; /* of the passwords; NULL: none */
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

static void fill_mails(const struct work *w, struct page_node *root)
{
    const struct req *r = w->req;
    const char *email = w->typed ? form_get(&r->form, "email") : w->mails.email;
    page_set(root, "email", email);
    page_set(root, "where", shell_where_mails_go(r));
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

static bool has_password_fault(const struct work *w)
{
    return w->old_fault != NULL || w->new_fault != NULL || w->again_fault != NULL;
}

/* What the address says was done; text NULL: where mails go now. */
static const struct {
    const char *done, *color, *title, *text;
} notices[] = {
    {"saved", "success", "Saved.", NULL},
    {"same", "info", "Nothing was changed.", NULL},
    {"password", "success", "The password is changed.",
     "Wherever else you were logged in, you are not any more."},
};

static const char *mails_go(const struct work *w)
{
    return w->mails.email == NULL
               ? "You have no address here: you get no mails."
               : arena_printf(w->req->arena, "Your mails go to %s.", w->mails.email);
}

static void set_notice(struct page_node *root, const char *color, const char *title,
                       const char *text)
{
    struct page_node *n = page_child(root, "notice");
    page_set(n, "color", color);
    page_set(n, "title", title);
    page_set(n, "text", text);
    page_flag(n, "urgent", str_eq(color, "danger"));
}

static void fill_notice(const struct work *w, struct page_node *root)
{
    const char *done = form_get(&w->req->query, "done");
    if (w->answer.n_faults > 0)
        set_notice(root, "danger", "Nothing was saved.", "The address cannot be used; see below.");
    if (has_password_fault(w))
        set_notice(root, "danger", "The password is as it was.", "See below what is wrong.");
    for (size_t i = 0; done != NULL && i < sizeof notices / sizeof notices[0]; i++) {
        if (str_eq(notices[i].done, done))
            set_notice(root, notices[i].color, notices[i].title,
                       notices[i].text != NULL ? notices[i].text : mails_go(w));
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
    page_set(page_root(page), "old_error", w->old_fault);
    page_set(page_root(page), "new_error", w->new_fault);
    page_set(page_root(page), "again_error", w->again_fault);
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

/* ---- another password --------------------------------------------------------------------------
 */

static void judge_password(const struct req *r, struct work *w)
{
    const char *password = str_or(form_get(&r->form, "password"), "");
    size_t n = strlen(password);
    if (n < LIMIT_PASSWORD_LEAST || n > LIMIT_PASSWORD_BYTES)
        w->new_fault = "A password has 8 to 1024 characters.";
    else if (!str_eq(password, form_get(&r->form, "again")))
        w->again_fault = "The two new passwords differ.";
}

enum rc page_profile_password_post(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    struct err why;
    judge_password(r, &w);
    if (has_password_fault(&w))
        return show(&w, p, e);
    enum rc rc = session_set_password(r, p, str_or(form_get(&r->form, "old"), ""),
                                      form_get(&r->form, "password"), &why);
    if (rc == RC_OK) {
        reply_redirect(p, PATH "?done=password");
        return RC_OK;
    }
    if (rc == RC_UNAUTHORIZED)
        w.old_fault = "This is not your password.";
    else if (rc == RC_LIMITED || rc == RC_BUSY)
        w.old_fault = why.text;
    if (w.old_fault != NULL)
        return show(&w, p, e);
    *e = why;
    return rc;
}
