/* The keys, as a page; `?` shows it in the popup. Only keys that lead somewhere are told. */
#include "portal/portal.h"
#include "portal/shell.h"

static const struct {
    const char *keys, *what;
    enum module module; /* MODULE_NONE: for everybody */
} shortcuts[] = {
    {"/", "Search any id", MODULE_ORDERS},    {"g o", "Go to Orders", MODULE_ORDERS},
    {"g r", "Go to Refunds", MODULE_REFUNDS}, {"g b", "Go to Bulk Operations", MODULE_REFUNDS},
    {"?", "Show these keys", MODULE_NONE},    {"Esc", "Close the popup or menu", MODULE_NONE},
};

struct work {
    struct req *req;
    struct merchant merchant;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return merchants_get(q, w->req->arena, w->req->actor.merchant, &w->merchant, e);
}

enum rc page_help(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    enum rc rc = sql_read(r->app->db, read_page, &w, e);
    if (rc != RC_OK)
        return rc;
    struct page *page = shell_page(r, "page/help", "Keyboard", &w.merchant);
    page_set(page_root(page), "back", shell_home(r));
    for (size_t i = 0; i < sizeof shortcuts / sizeof shortcuts[0]; i++) {
        if (shortcuts[i].module != MODULE_NONE && !shell_may(r, shortcuts[i].module, RIGHT_READ))
            continue;
        struct page_node *n = page_add(page_root(page), "shortcuts");
        page_set(n, "keys", shortcuts[i].keys);
        page_set(n, "what", shortcuts[i].what);
    }
    reply_page(p, 200, page);
    return RC_OK;
}
