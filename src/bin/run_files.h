/*
 * The instance folder of `make run`: made, locked to one supervisor, filled with what lighttpd
 * reads; and the demo's credentials.
 */
#ifndef BIN_RUN_FILES_H
#define BIN_RUN_FILES_H

#include "core/arena.h"
#include "core/err.h"
#include <stdbool.h>
#include <stdint.h>

struct run_ports {
    int64_t portal, api, simgate;
};

struct run_place {
    const char *home;     /* absolute */
    const char *programs; /* folder of the built programs: the build tree */
    const char *source;   /* the source tree */
    struct run_ports ports;
};

/* Makes home, home/run and home/run/uploads (0700) and takes home/run/lock, which lasts as long as
 * the process. RC_CONFLICT: another one runs in this folder. RC_INVALID: a path with characters
 * that lighttpd's command lines cannot carry. */
MUSTCHECK enum rc run_files_prepare(struct arena *a, const struct run_place *p, struct err *e);

/* Writes home/run/lighttpd.conf and home/run/errors.lua from their .in files. */
MUSTCHECK enum rc run_files_lighttpd(struct arena *a, const struct run_place *p, struct err *e);

/* True when the demo is to be made: there is no database, or making it was interrupted. Leaves a
 * mark that run_files_demo_done takes away. */
bool run_files_demo_wanted(struct arena *a, const struct run_place *p);
void run_files_demo_done(struct arena *a, const struct run_place *p);

/* Puts the ports of this start into home/demo/credentials.json and gives what to show of it, a
 * line each; "" when the instance has no demo. */
MUSTCHECK enum rc run_files_credentials(struct arena *a, const struct run_place *p,
                                        const char **shown, struct err *e);

/* http://127.0.0.1:PORT */
char *run_files_url(struct arena *a, int64_t port);

#endif
