/*
 * The frame around every page: title, merchant, menu by rights, test-mode band, user, CSRF token.
 */
#ifndef PORTAL_SHELL_H
#define PORTAL_SHELL_H

#include "store/merchants.h"
#include "view/format.h"
#include "web/route.h"

/* A page with what the frame needs of the merchant; shell_decorate adds what it needs of the
 * request. `title` is the heading too. */
struct page *shell_page(struct req *r, const char *template_name, const char *title,
                        const struct merchant *m);

/* How this merchant reads money and times. */
struct format shell_format(const struct merchant *m);

/* True when somebody is logged in who has at least this right to the module. */
bool shell_may(const struct req *r, enum module module, enum right right);
/* The first entry of the menu that the actor may read; "/login" when there is none. */
const char *shell_home(const struct req *r);

/* A sentence: the mail server, or the folder while there is none. */
const char *shell_where_mails_go(const struct req *r);

/* web_program: every page, and the pages that say what went wrong. */
enum rc shell_decorate(struct req *r, struct page *page, struct err *e);
void shell_error(struct req *r, struct reply *p, int status, const struct err *e);

#endif
