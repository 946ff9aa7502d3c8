/*
 * What a process has. Passed, never global. Owned by main().
 */
#ifndef CORE_APP_H
#define CORE_APP_H

#include "core/clock.h"
#include "core/config.h"
#include "core/log.h"
#include "core/secret.h"

struct sql_db;

struct app {
    struct config config;
    struct log log;
    struct clock clock;
    struct sql_db *db;
    struct seal_public worker_key; /* what only the worker may read is sealed to it */
    struct seal_secret desk_key;   /* portal and API: opens what they must read themselves */
    int wake_fd; /* datagram socket towards config.wake_socket; -1 when there is none */
};

/* Makes wake_fd (non-blocking). Each datagram is addressed anew, so a worker that was started again
 * is found without more ado. Without a socket the worker's own look (poll_ms) still finds jobs. */
void app_wake_open(struct app *app);
/* Closes wake_fd. */
void app_wake_close(struct app *app);

/* Tells the worker that jobs were written; never blocks, never fails: a lost datagram costs the
 * worker's next look (config poll_ms). */
void app_wake_worker(const struct app *app);

#endif
