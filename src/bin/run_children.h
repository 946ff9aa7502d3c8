/*
 * The processes of `make run`: started, watched, started again, ended; nothing is left behind.
 *
 * Each child has a process group of its own, so that Ctrl-C reaches the supervisor alone and it
 * decides the order. Orphans of a child (lighttpd's programs) come to the supervisor, who is their
 * subreaper. Should the supervisor itself be killed, the kernel sends each child its stop signal.
 */
#ifndef BIN_RUN_CHILDREN_H
#define BIN_RUN_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { RUN_ARGS_MAX = 8, RUN_CHILDREN_MAX = 3 };

struct run_child {
    const char *name;
    const char *argv[RUN_ARGS_MAX];           /* NULL-terminated; argv[0] is the path */
    int stop_signal;                          /* that which ends it after the work in hand */
    int64_t stop_ms;                          /* SIGKILL after that */
    pid_t pid;                                /* 0: not running */
    int64_t started_ms, start_at_ms, wait_ms; /* monotonic; wait before the next start */
};

struct run_children {
    struct run_child child[RUN_CHILDREN_MAX]; /* in the order of starting; ended backwards */
    int n;
    const char *home; /* where they run */
    bool stopping;    /* SIGINT, SIGTERM or SIGHUP came */
    bool hurry;       /* and a second one: no more waiting */
};

/* Blocks the signals it waits for and becomes the subreaper. */
void run_children_prepare(void);

/* Starts the i-th child; false (and a line on stderr) when fork fails. */
bool run_children_start(struct run_children *rc, int i);

/* Runs a program to its end; its exit status, 128 + n after signal n, -1 when it cannot start or
 * a stop signal came (the program is ended then). */
int run_children_once(struct run_children *rc, const char *const argv[]);

/* Takes up to wait_ms of events: ends of children (noted, named on stderr, to be started again
 * after a back-off) and stop signals. Starts what is due. */
void run_children_watch(struct run_children *rc, int64_t wait_ms);

/* Ends the children, last started first, then whatever orphans there are. */
void run_children_stop(struct run_children *rc);

#endif
