#include "portal/portal.h"
#include "portal/shell.h"
#include "web/session.h"

static const char *safe_next(const char *next)
{
    return !str_empty(next) && web_path_is_local(next) ? next : "/";
}

static struct page *login_page(struct req *r)
{
    struct page *page = shell_page(r, "page/login", "Log in", NULL);
    page_set(page_root(page), "next", safe_next(req_value(r, "next")));
    return page;
}

enum rc page_home(struct req *r, struct reply *p, struct err *e)
{
    (void)e;
    reply_redirect(p, shell_home(r));
    return RC_OK;
}

enum rc page_login(struct req *r, struct reply *p, struct err *e)
{
    (void)e;
    reply_page(p, 200, login_page(r));
    return RC_OK;
}

enum rc page_login_post(struct req *r, struct reply *p, struct err *e)
{
    const char *name = str_or(form_get(&r->form, "name"), "");
    const char *password = str_or(form_get(&r->form, "password"), "");
    struct err why;

    enum rc rc = session_login(r, p, name, password, &why);
    if (rc == RC_OK) {
        reply_redirect(p, safe_next(form_get(&r->form, "next")));
        return RC_OK;
    }
    if (rc != RC_UNAUTHORIZED && rc != RC_LIMITED && rc != RC_BUSY) {
        *e = why;
        return rc;
    }
    struct page *page = login_page(r);
    struct page_node *notice = page_child(page_root(page), "notice");
    page_set(page_root(page), "name", str_empty(name) ? NULL : name);
    page_set(notice, "color", "danger");
    page_set(notice, "title", "Not logged in.");
    page_set(notice, "text", why.text);
    page_flag(notice, "urgent", true);
    reply_page(p, web_status(rc), page);
    return RC_OK;
}

enum rc page_logout(struct req *r, struct reply *p, struct err *e)
{
    enum rc rc = session_logout(r, p, e);
    if (rc == RC_OK)
        reply_redirect(p, "/login");
    return rc;
}
