/*
 * What the two FastCGI programs have in common: options, configuration, database, serving.
 */
#ifndef BIN_SERVE_H
#define BIN_SERVE_H

#include "core/id.h"
#include "web/fcgi.h"

struct serve_program {
    const char *name; /* "refunddesk-portal" */
    const char *what; /* one sentence for --help */
    enum id_slot slot;
    const struct web_program *web;
    bool templates;
    size_t threads_offset; /* of the int64_t in struct config that says how many */
};

/* main() of such a program. Never makes or migrates a database. */
int serve_main(int argc, char **argv, const struct serve_program *program);

#endif
