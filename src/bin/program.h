/*
 * What the programs that run as services have in common: options, --help, configuration, database,
 * the worker's wake-up socket. Portal, API and worker differ in `run`.
 */
#ifndef BIN_PROGRAM_H
#define BIN_PROGRAM_H

#include "core/app.h"
#include "core/id.h"

struct program {
    const char *name;     /* "refunddesk-worker" */
    const char *log_name; /* "worker" */
    const char *what;     /* a sentence or two for --help */
    enum id_slot slot;
    bool opens_desk_key;          /* it reads what is sealed to keys/desk.key */
    void (*before_threads)(void); /* signals; before any thread is there. NULL: nothing */
    /* The program's work with an open app; returns the process's exit code. */
    int (*run)(struct app *app, struct arena *a);
};

/* main() of such a program. Never makes or migrates a database; leaves no core dump, because
 * passwords and keys pass through. */
int program_main(int argc, char **argv, const struct program *program);

/* Says on stderr and in the log what failed; returns EXIT_FAILURE. */
int program_fail(const struct app *app, const char *during, const struct err *e);

#endif
