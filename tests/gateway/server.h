/*
 * A TCP server of the test's own: each connection gets one step of a script.
 */
#ifndef TEST_GATEWAY_SERVER_H
#define TEST_GATEWAY_SERVER_H

#include <pthread.h>
#include <stddef.h>

enum server_then {
    THEN_CLOSE,     /* in order (FIN) */
    THEN_RESET,     /* RST */
    THEN_HOLD,      /* stays open and silent until the test ends */
    THEN_KEEP_OPEN, /* goes on to the next connection and leaves this one open */
    THEN_NEXT       /* waits for a second request on the same connection, then RST */
};

struct server_step {
    const char *reply; /* sent after a whole request was read; NULL: nothing */
    size_t reply_n;    /* 0: strlen */
    enum server_then then;
};

#define SERVER_STEPS 4

struct server {
    int fd;
    int port;
    int stop_fd;
    pthread_t thread;
    struct server_step steps[SERVER_STEPS];
    int n_steps;
    int connections; /* read after server_stop */
    int requests;    /* whole requests, over all connections */
    char last_request[8192];
};

/* Listens on 127.0.0.1 and serves the steps in order, then refuses no more than it must. */
void server_start(struct server *s, const struct server_step *steps, int n_steps);
void server_stop(struct server *s);

/* A port of 127.0.0.1 that is bound but not listened on; *fd keeps it. */
int server_closed_port(int *fd);

#endif
