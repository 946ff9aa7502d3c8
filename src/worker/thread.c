#include "worker/thread.h"

#include <signal.h>
#include <time.h>

static void end(struct worker_thread *t)
{
    pthread_cond_destroy(&t->news);
    pthread_mutex_destroy(&t->mutex);
}

enum rc worker_thread_start(struct worker_thread *t, void *(*fn)(void *), void *arg,
                            const char *what, struct err *e)
{
    pthread_condattr_t by_monotonic;
    sigset_t all, before;
    *t = (struct worker_thread){.woken = false};
    CHECK(pthread_mutex_init(&t->mutex, NULL) == 0 && pthread_condattr_init(&by_monotonic) == 0 &&
          pthread_condattr_setclock(&by_monotonic, CLOCK_MONOTONIC) == 0 &&
          pthread_cond_init(&t->news, &by_monotonic) == 0);
    pthread_condattr_destroy(&by_monotonic);
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_BLOCK, &all, &before) == 0);
    int failed = pthread_create(&t->id, NULL, fn, arg);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    if (failed == 0)
        return RC_OK;
    end(t);
    return ERR(e, RC_IO, "A thread of the worker cannot be started.", "the thread %s: error %d",
               what, failed);
}

bool worker_thread_stopping(struct worker_thread *t)
{
    pthread_mutex_lock(&t->mutex);
    bool stopping = t->stopping;
    pthread_mutex_unlock(&t->mutex);
    return stopping;
}

void worker_thread_wait(struct worker_thread *t, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&t->mutex);
    while (!t->woken && !t->stopping && pthread_cond_timedwait(&t->news, &t->mutex, &until) == 0)
        continue;
    t->woken = false;
    pthread_mutex_unlock(&t->mutex);
}

void worker_thread_wake(struct worker_thread *t)
{
    pthread_mutex_lock(&t->mutex);
    t->woken = true;
    pthread_cond_signal(&t->news);
    pthread_mutex_unlock(&t->mutex);
}

void worker_thread_stop(struct worker_thread *t)
{
    pthread_mutex_lock(&t->mutex);
    t->stopping = true;
    pthread_cond_signal(&t->news);
    pthread_mutex_unlock(&t->mutex);
    pthread_join(t->id, NULL);
    end(t);
}
