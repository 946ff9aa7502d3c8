/*
 * Two small programs to dispatch to, one for browsers and one for API keys, and what became of it.
 */
#ifndef TESTS_WEB_FACES_H
#define TESTS_WEB_FACES_H

#include "web/double.h"

extern const struct web_program faces_browser, faces_api;

extern struct double_app faces;
extern struct reply faces_reply; /* of the last faces_run */
extern int faces_handled;        /* handlers called */
extern char faces_seen[300];     /* the first parameter that one saw */

/* A checked fixture. */
void faces_open(void);
void faces_close(void);

/* Dispatches; the status. */
int faces_run(const struct web_program *program, struct req *r);

const char *faces_sign_in(const char *name); /* the cookie's value */
struct req *faces_with(struct req *r, const char *session);
/* The token that forms of this session carry. */
const char *faces_form_token(const char *session);

/* For programs of a test's own. */
web_handler faces_echo;
void faces_error(struct req *r, struct reply *p, int status, const struct err *e);
enum rc faces_decorate(struct req *r, struct page *page, struct err *e);

#endif
