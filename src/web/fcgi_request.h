/*
 * From what a web server hands over to a struct req. Private to src/web: no libfcgi here, so that
 * it can be tested without a socket.
 */
#ifndef WEB_FCGI_REQUEST_H
#define WEB_FCGI_REQUEST_H

#include "web/request.h"

/* Fills a zeroed *r but for the body: method, target, headers, address, id, time. `envp` is copied.
 * *body_n: how many bytes of body are to be read. What is wrong goes to r->edge, and nothing is to
 * be read then. */
void fcgi_request_read(struct req *r, struct app *app, struct arena *a, char *const *envp,
                       size_t *body_n);

/* Marks a request whose body could not be read whole. */
void fcgi_request_broken(struct req *r, size_t got, size_t wanted);

#endif
