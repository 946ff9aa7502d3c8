/*
 * The portal: its program (routes, error face, page frame) for web/fcgi.c.
 */
#ifndef PORTAL_PORTAL_H
#define PORTAL_PORTAL_H

#include "web/route.h"

extern const struct web_program portal_program;

/* One handler for each row of the route table (routes.c). */
web_handler page_home, page_login, page_login_post, page_logout;
web_handler page_orders, page_order;
web_handler page_refund_create, page_refund_create_post;
web_handler page_refunds, page_refund, page_refund_cancel;

#endif
