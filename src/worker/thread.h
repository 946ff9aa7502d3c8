/*
 * A thread of the worker beside its loop: woken with it, ended with it. Signals stay with main.
 */
#ifndef WORKER_THREAD_H
#define WORKER_THREAD_H

#include "core/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct worker_thread {
    pthread_t id;
    pthread_mutex_t mutex;
    pthread_cond_t news;
    bool woken, stopping; /* under the mutex */
};

/* Runs fn(arg), which ends when worker_thread_stopping() says so. *t stays where it is until
 * worker_thread_stop(). what: "that runs batches", for the error. */
MUSTCHECK enum rc worker_thread_start(struct worker_thread *t, void *(*fn)(void *), void *arg,
                                      const char *what, struct err *e);
/* From any thread. */
bool worker_thread_stopping(struct worker_thread *t);
/* For fn: until it is woken or told to stop, at most ms. */
void worker_thread_wait(struct worker_thread *t, int64_t ms);
/* Ends a wait, or the next one. */
void worker_thread_wake(struct worker_thread *t);
/* Tells fn to end and waits until it has. */
void worker_thread_stop(struct worker_thread *t);

#endif
