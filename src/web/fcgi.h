/*
 * The only user of libfcgi: threads that accept, read whole bodies, dispatch and answer.
 */
#ifndef WEB_FCGI_H
#define WEB_FCGI_H

#include "web/route.h"

/* The last sentence of such a program's --help. */
#define FCGI_STARTED_BY \
    "Started by lighttpd or a systemd socket: descriptor 0 is a listening socket."

struct fcgi_options {
    int threads;
    bool templates; /* each thread loads its own set */
};

/* First thing in main(): SIGINT, SIGTERM, SIGHUP and SIGUSR1 are blocked here and in every thread
 * that is started later; fcgi_serve() waits for them. */
void fcgi_block_signals(void);

/* Serves FastCGI on descriptor 0 until SIGINT or SIGTERM; requests in hand finish. Returns the
 * process's exit code. Signals are blocked in the threads and taken by the caller's thread. When a
 * request does not finish in its time the process ends here, with 0: nothing that was not
 * committed was told to anybody. */
int fcgi_serve(struct app *app, const struct web_program *program,
               const struct fcgi_options *options);

#endif
