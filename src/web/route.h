/*
 * Routes are a table of data; the dispatcher checks what a row asks for, the handler only works.
 * Order of checks: route and method (404, 405 with Allow), body limit and type (413, 415), who
 * (401, or 303 to /login), right or scope (403), the fields' syntax (400), CSRF (403), declared
 * fields (400), handler.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/request.h"

enum web_auth { AUTH_NONE, AUTH_SESSION, AUTH_KEY };

enum { FIELD_REQUIRED = 1 };
struct web_field {
    const char *name;
    size_t max_bytes;
    unsigned flags;
};

/* The fields of a route whose handler reads r->body itself, whatever its type. */
extern const struct web_field web_raw_body[];
/* The fields of a route whose body is a file of at most body_limit bytes, up to LIMIT_UPLOAD_BYTES,
 * that the handler reads as it comes: web/upload.h. */
extern const struct web_field web_upload[];

typedef enum rc web_handler(struct req *r, struct reply *p, struct err *e);

struct route {
    const char *method;
    const char *path; /* "/orders/{order_id}/refunds": {…} is one segment */
    enum web_auth auth;
    enum module module;             /* AUTH_SESSION: the module and … */
    enum right right;               /* … the right it needs; MODULE_NONE: any user */
    int scope;                      /* AUTH_KEY: SCOPE_… */
    size_t body_limit;              /* 0: no body is read */
    const struct web_field *fields; /* ends with a NULL name; NULL: the handler checks */
    web_handler *handler;
};

/* A program's face: its routes, and how it says that something went wrong. */
struct web_program {
    const char *name; /* "portal" */
    const struct route *routes;
    int n_routes;
    /* Fills *p for an error: a page (portal) or JSON (API). e->text is for the person. */
    void (*error)(struct req *r, struct reply *p, int status, const struct err *e);
    /* Portal only: adds what every page has (menu, user, band, CSRF token); NULL otherwise. A
     * program with it talks to browsers: form bodies only, CSRF on every POST, /login. */
    enum rc (*decorate)(struct req *r, struct page *page, struct err *e);
};

/* rc -> HTTP status: one table. */
int web_status(enum rc rc);

/* The whole of a request but transport: routing, checks, handler, error face. Never fails: *p is
 * always filled. Templates may be NULL (API); pages are rendered into p->body. */
void web_dispatch(const struct web_program *program, struct templates *templates, struct req *r,
                  struct reply *p);

/* CHECKs a program's table at start: handlers set, paths well formed, POSTs of the portal with
 * AUTH_SESSION and a body limit (its /login excepted). */
void web_check(const struct web_program *program);

#endif
