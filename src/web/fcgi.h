/*
 * The only user of libfcgi: threads that accept, read whole bodies, dispatch and answer.
 */
#ifndef WEB_FCGI_H
#define WEB_FCGI_H

#include "web/route.h"

struct fcgi_options {
    int threads;
    bool templates; /* each thread loads its own set */
};

/* Serves FastCGI on descriptor 0 until SIGINT or SIGTERM; requests in hand finish. Returns the
 * process's exit code. Signals are blocked in the threads and taken by the caller's thread. */
int fcgi_serve(struct app *app, const struct web_program *program,
               const struct fcgi_options *options);

#endif
