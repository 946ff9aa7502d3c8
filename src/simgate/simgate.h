/*
 * The gateway simulator: an HTTP server on 127.0.0.1 that plays any payment gateway, keeps a ledger
 * of its own and fails on demand (faults.h). It shares nothing with the desk but core and sql.
 */
#ifndef SIMGATE_SIMGATE_H
#define SIMGATE_SIMGATE_H

#include "core/err.h"
#include "core/log.h"
#include <stdint.h>

struct simgate;

struct simgate_options {
    const char *home;   /* folder of simgate.db; must exist */
    int port;           /* 0: any free one */
    int64_t pending_ms; /* how long the sandbox rule's pending payments are pending */
    const struct log *log;
};

/* Serves when it returns; *port is the port it listens on. Signals should be blocked before. */
MUSTCHECK enum rc simgate_start(struct simgate **out, const struct simgate_options *options,
                                int *port, struct err *e);

/* Takes no new connection, ends what a fault holds, lets requests in hand finish, closes. */
void simgate_stop(struct simgate *s);

#endif
