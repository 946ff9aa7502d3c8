#include "portal/shell.h"

#include <string.h>

/* What exists, and what one must be allowed to read to see it. Rows of a group follow each other:
 * they stand below one entry, which leads to the first of them that may be read. */
static const struct menu_row {
    const char *href, *label;
    enum module module;
    const char *group;
} menu[] = {
    {"/orders", "Orders", MODULE_ORDERS, NULL},
    {"/refunds", "Refunds", MODULE_REFUNDS, NULL},
    {"/batch/batch-refunds", "Bulk Operations", MODULE_REFUNDS, NULL},
    {"/settings/conflict", "Conflict", MODULE_SETTINGS, "Settings"},
    {"/settings/webhooks", "Webhooks", MODULE_SETTINGS, "Settings"},
    {"/settings/api-keys", "API keys", MODULE_SETTINGS, "Settings"},
    {"/settings/general", "General", MODULE_SETTINGS, "Settings"},
    {"/api-docs", "API", MODULE_NONE, NULL},
};
#define N_MENU (sizeof menu / sizeof menu[0])

bool shell_may(const struct req *r, enum module module, enum right right)
{
    return r->session != NULL && r->actor.rights[module] >= right;
}

static const struct menu_row *first_page(const struct req *r)
{
    for (size_t i = 0; i < N_MENU; i++)
        if (shell_may(r, menu[i].module, RIGHT_READ))
            return &menu[i];
    return NULL;
}

const char *shell_home(const struct req *r)
{
    const struct menu_row *first = first_page(r);
    return first ? first->href : "/login";
}

struct format shell_format(const struct merchant *m)
{
    return (struct format){.time_zone = m->time_zone, .locale = m->locale};
}

/* "en_IN" as HTML and JavaScript have it. */
static char *language_tag(struct arena *a, const char *locale)
{
    char *tag = arena_strdup(a, locale);
    for (char *c = tag; *c; c++)
        if (*c == '_')
            *c = '-';
    return tag;
}

static void set_merchant(struct req *r, struct page_node *root, const struct merchant *m)
{
    struct format f = shell_format(m);
    page_set(root, "merchant", m->name);
    page_flag(root, "test_mode", m->test_mode);
    page_set(root, "zone", format_zone(r->arena, &f, r->now_ms));
    page_set(root, "locale", language_tag(r->arena, m->locale));
    if (m->sending_stopped) {
        page_set(root, "stopped_by", str_or(m->sending_stopped_by, "someone"));
        page_set(root, "stopped_why", str_or(m->sending_stopped_why, ""));
    }
}

struct page *shell_page(struct req *r, const char *template_name, const char *title,
                        const struct merchant *m)
{
    struct page *page = page_new(r->arena, template_name);
    page_set(page_root(page), "title", title);
    if (m)
        set_merchant(r, page_root(page), m);
    return page;
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

static void set_entry(const struct req *r, struct page_node *entry, const struct menu_row *row)
{
    page_set(entry, "href", row->href);
    page_set(entry, "label", row->label);
    page_flag(entry, "current", is_below(r->path, row->href));
}

/* What belongs to no module is for everybody who is logged in. */
static bool may_see(const struct req *r, const struct menu_row *row)
{
    return row->module == MODULE_NONE || shell_may(r, row->module, RIGHT_READ);
}

/* The entries of a group are shown while one is at one of them. */
static void set_group(const struct req *r, struct page_node *entry, size_t from, size_t end)
{
    bool inside = false;
    page_set(entry, "href", menu[from].href);
    page_set(entry, "label", menu[from].group);
    for (size_t i = from; i < end; i++)
        inside = inside || is_below(r->path, menu[i].href);
    for (size_t i = from; inside && i < end; i++)
        if (may_see(r, &menu[i]))
            set_entry(r, page_add(entry, "inner"), &menu[i]);
    page_flag(entry, "inside", inside);
}

static void set_menu(const struct req *r, struct page_node *root)
{
    for (size_t i = 0, end; i < N_MENU; i = end) {
        end = i + 1;
        while (menu[i].group && end < N_MENU && str_eq(menu[end].group, menu[i].group))
            end++;
        size_t first = i;
        while (first < end && !may_see(r, &menu[first]))
            first++;
        if (first == end)
            continue;
        if (menu[first].group)
            set_group(r, page_add(root, "menu"), first, end);
        else
            set_entry(r, page_add(root, "menu"), &menu[first]);
    }
}

enum rc shell_decorate(struct req *r, struct page *page, struct err *e)
{
    struct page_node *root = page_root(page);
    (void)e;
    page_flag(root, "partial", req_is_partial(r));
    page_set(root, "request_id", r->request_id);
    page_set(root, "csrf", r->csrf_token);
    if (!r->session)
        return RC_OK;
    page_set(root, "user", r->actor.name);
    set_menu(r, root);
    return RC_OK;
}

/* ---- what went wrong ---------------------------------------------------------------------------
 */

static const struct {
    int status;
    const char *heading, *text, *advice;
} faults[] = {
    {400, "That cannot be used", "Something in the request is not right.",
     "Go back, correct it and try again."},
    {401, "Please log in", "You are not logged in, or you were away for too long.",
     "Log in again; nothing was changed."},
    {403, "Not allowed", "You have no right to do this.",
     "A person with the role admin can give you the right it needs."},
    {404, "There is no such page", "Nothing has this address, or it belongs to another merchant.",
     "Check the address, or search for the id above."},
    {405, "Not possible this way", "This address does not take that kind of request.",
     "Use the links and buttons of the pages."},
    {409, "Not possible any more", "Somebody or something was faster.",
     "Look at the page again to see how it stands now."},
    {413, "Too large", "More was sent than this page takes.", "Send less and try again."},
    {415, "Not understood", "The request came in a form this page does not read.",
     "Use the forms of the pages."},
    {429, "Too many tries", "This was tried too often in a short time.",
     "Wait some minutes and try again."},
    {500, "Our fault", "Something went wrong in the desk. It is written in its log.",
     "Try again. If it stays, give the request id below to the person who runs the desk."},
    {503, "Busy", "The desk has too much to do at this moment. Nothing was changed.",
     "Try again in some seconds."},
};
#define N_FAULTS (sizeof faults / sizeof faults[0])

static size_t fault_index(int status)
{
    size_t other = 0;
    for (size_t i = 0; i < N_FAULTS; i++) {
        if (faults[i].status == status)
            return i;
        if (faults[i].status == 500)
            other = i;
    }
    return other;
}

struct merchant_read {
    struct arena *arena;
    int64_t id;
    struct merchant merchant;
};

static enum rc read_merchant(struct sql *q, void *arg, struct err *e)
{
    struct merchant_read *read = arg;
    return merchants_get(q, read->arena, read->id, &read->merchant, e);
}

/* The frame of an error page: without a merchant when even that cannot be read. */
static const struct merchant *merchant_if_any(struct req *r, int status, struct merchant_read *read)
{
    struct err ignored;
    if (!r->session || status >= 500)
        return NULL;
    *read = (struct merchant_read){.arena = r->arena, .id = r->actor.merchant};
    return sql_read(r->app->db, read_merchant, read, &ignored) == RC_OK ? &read->merchant : NULL;
}

/* The page of what a button stood for; NULL: the path names nothing that has one. */
static const char *page_of_it(const struct req *r)
{
    static const char *const places[] = {"/refunds/", "/batch/batch-refunds/",
                                         "/settings/webhooks/", "/orders/"};
    for (size_t i = 0; r->params[0] && i < sizeof places / sizeof places[0]; i++)
        if (str_starts(r->path, places[i]))
            return web_path(r->arena, places[i], r->params[0], "");
    return NULL;
}

/* A button that says where it goes. */
static void set_way_on(const struct req *r, int status, struct page_node *root)
{
    const struct menu_row *first = first_page(r);
    const char *own = status == 409 ? page_of_it(r) : NULL;
    if (own) {
        page_set(root, "href", own);
        page_set(root, "action", "Look at it again");
        return;
    }
    page_set(root, "href", first ? first->href : "/login");
    if (first)
        page_set(root, "action",
                 arena_printf(r->arena, "Go to %s%s%s", str_or(first->group, ""),
                              first->group ? " > " : "", first->label));
    else
        page_set(root, "action", "Log in");
}

void shell_error(struct req *r, struct reply *p, int status, const struct err *e)
{
    size_t i = fault_index(status);
    struct merchant_read read;
    struct page *page =
        shell_page(r, "page/error", faults[i].heading, merchant_if_any(r, status, &read));
    struct page_node *root = page_root(page);
    bool own_words = status < 500 && e && !str_empty(e->text);

    page_set(root, "status", arena_printf(r->arena, "%d", status));
    page_set(root, "heading", faults[i].heading);
    page_set(root, "text", own_words ? e->text : faults[i].text);
    page_set(root, "advice", faults[i].advice);
    set_way_on(r, status, root);
    reply_page(p, status, page);
}

const char *shell_where_mails_go(const struct req *r)
{
    const struct config *c = &r->app->config;
    if (c->mail_host != NULL)
        return arena_printf(r->arena, "Mails go out by the mail server %s.", c->mail_host);
    return arena_printf(r->arena,
                        "No mail server is set up: mails are written to the folder %s of the "
                        "instance, and reach nobody.",
                        c->mail_folder);
}
