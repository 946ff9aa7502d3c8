/*
 * The one writer thread of a process: group commit.
 *
 * A call puts itself into the queue and sleeps on its own semaphore. The writer takes the lock
 * between processes, begins a transaction, runs each waiting function in a SAVEPOINT, commits once
 * and only then wakes the callers, each with its own result. A call that has not begun when its
 * time is over takes itself out of the queue.
 */
#include "core/clock.h"
#include "sql/private.h"
#include "sql/queue.h"
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COMMIT_RETRY_MS 10
#define BEGIN_RETRY_MS  1

struct sql_writer {
    struct sql_writer_options o;
    struct sql *q;    /* NULL: to be opened again; the writer thread's own */
    int64_t wal_mark; /* bytes at the last checkpoint, 0 once the WAL began anew */
    pthread_t thread;

    struct sql_queue queue;
    atomic_int inside; /* callers that may still touch this struct */
};

/* A transaction's functions, in the order they ran. */
struct batch {
    struct sql_job *jobs[LIMIT_SQL_BATCH];
    int n;
};

/* ---- the caller's side -------------------------------------------------------------------- */

static struct timespec deadline_after(int64_t wait_ms)
{
    int64_t us = clock_mono_us() + wait_ms * 1000;
    return (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
}

static void wait_done(struct sql_job *j)
{
    while (sem_wait(&j->done) != 0)
        CHECK(errno == EINTR);
}

static enum rc queue_and_wait(struct sql_writer *w, sql_fn *fn, void *arg, struct err *e)
{
    struct sql_job j;
    j.fn = fn;
    j.arg = arg;
    j.rc = RC_IO;
    atomic_init(&j.finished, false);
    CHECK(sem_init(&j.done, 0, 0) == 0);
    struct timespec until = deadline_after(w->o.write_wait_ms);
    enum rc rc = RC_OK;
    if (!sql_queue_put(&w->queue, &j))
        rc = ERR(e, RC_BUSY, "Too many changes are waiting. Please try again.",
                 "%d calls wait for the writer", LIMIT_SQL_QUEUE);
    while (rc == RC_OK && sem_clockwait(&j.done, CLOCK_MONOTONIC, &until) != 0) {
        if (errno == EINTR)
            continue;
        CHECK(errno == ETIMEDOUT);
        if (sql_queue_withdraw(&w->queue, &j))
            rc = ERR(e, RC_BUSY, "The database is busy; nothing was changed. Please try again.",
                     "withdrawn after %lld ms", (long long)w->o.write_wait_ms);
        else
            wait_done(&j);
        break;
    }
    if (rc == RC_OK) {
        CHECK(atomic_load_explicit(&j.finished, memory_order_acquire));
        rc = j.rc;
        if (rc != RC_OK)
            *e = j.err;
    }
    CHECK(sem_destroy(&j.done) == 0);
    return rc;
}

enum rc sql_writer_run(struct sql_writer *w, sql_fn *fn, void *arg, struct err *e)
{
    CHECK(!pthread_equal(pthread_self(), w->thread));
    (void)atomic_fetch_add(&w->inside, 1);
    enum rc rc = queue_and_wait(w, fn, arg, e);
    (void)atomic_fetch_sub(&w->inside, 1);
    return rc;
}

/* ---- one function ------------------------------------------------------------------------- */

static enum rc script(struct sql_writer *w, const char *text, struct err *e)
{
    return w->o.ops->script(w->q->conn, text, e);
}

static bool in_tx(struct sql_writer *w)
{
    return w->o.ops->in_tx(w->q->conn);
}

static bool undo_one(struct sql_writer *w)
{
    struct err ignored;
    return script(w, "ROLLBACK TO f", &ignored) == RC_OK &&
           script(w, "RELEASE f", &ignored) == RC_OK && in_tx(w);
}

/* Runs a function in its SAVEPOINT. False when the transaction can no longer be trusted: what ran
 * before in it is lost and nothing more may run in it. The function itself has its result then. */
static bool run_one(struct sql_writer *w, struct sql_job *j)
{
    bool sound = true;
    enum rc rc = script(w, "SAVEPOINT f", &j->err);
    if (rc != RC_OK) {
        j->rc = rc;
        return in_tx(w);
    }
    rc = sql_session_call(w->q, j->fn, j->arg, &j->err);
    /* SQLite rolls back by itself after some errors; the next SAVEPOINT would then begin and its
     * RELEASE commit a transaction of its own. */
    if (!in_tx(w)) {
        sound = false;
        if (rc == RC_OK)
            rc = ERR(&j->err, RC_IO, "The database gave this change up.", "rolled back by itself");
    } else if (rc == RC_OK) {
        rc = script(w, "RELEASE f", &j->err);
        if (rc != RC_OK)
            sound = undo_one(w);
    } else {
        sound = undo_one(w);
    }
    j->rc = rc;
    return sound;
}

/* ---- transactions ------------------------------------------------------------------------- */

/* After this no transaction is open; a connection that cannot do that is given up. */
static void make_clean(struct sql_writer *w)
{
    struct err why = {0};
    if (!in_tx(w) || (script(w, "ROLLBACK", &why) == RC_OK && !in_tx(w)))
        return;
    if (w->o.log != NULL)
        log_err(w->o.log, "rolling back", &why);
    sql_session_close(w->q);
    w->q = NULL;
}

static enum rc begin(struct sql_writer *w, struct err *e)
{
    enum rc rc = RC_OK;
    if (w->q == NULL)
        rc = sql_session_open(&w->q, w->o.ops, w->o.catalog, w->o.path, false, false, e);
    if (rc != RC_OK)
        return rc;
    rc = script(w, "BEGIN IMMEDIATE", e);
    if (rc != RC_OK)
        make_clean(w);
    return rc;
}

/* BUSY leaves the transaction open: only the COMMIT is tried again. */
static enum rc commit(struct sql_writer *w, struct err *e)
{
    enum rc rc = script(w, "COMMIT", e);
    for (int tries = 1; rc == RC_BUSY && in_tx(w) && tries < LIMIT_SQL_COMMIT_TRIES; tries++) {
        clock_sleep_ms(COMMIT_RETRY_MS);
        rc = script(w, "COMMIT", e);
    }
    if (rc == RC_OK)
        return RC_OK;
    make_clean(w);
    struct err why = *e;
    return ERR(e, RC_IO, "The change could not be stored.", "commit: %s", why.detail);
}

static void commit_all(struct sql_writer *w, struct sql_job *const *jobs, int n)
{
    struct err why = {0};
    if (commit(w, &why) == RC_OK)
        return;
    if (w->o.log != NULL)
        log_err(w->o.log, "committing", &why);
    for (int i = 0; i < n; i++) {
        jobs[i]->rc = RC_IO;
        jobs[i]->err = why;
    }
}

static void run_alone(struct sql_writer *w, struct sql_job *j)
{
    j->rc = begin(w, &j->err);
    if (j->rc != RC_OK)
        return;
    if (run_one(w, j))
        commit_all(w, &j, 1);
    else
        make_clean(w);
}

/* The last of the batch ruined its transaction: it keeps its error, the others run again. */
static void run_again(struct sql_writer *w, struct batch *b)
{
    struct sql_job *culprit = b->jobs[b->n - 1];
    if (w->o.log != NULL)
        log_err(w->o.log, "group commit", &culprit->err);
    make_clean(w);
    for (int i = 0; i < b->n - 1; i++)
        run_alone(w, b->jobs[i]);
}

static void wake_all(struct batch *b)
{
    for (int i = 0; i < b->n; i++) {
        atomic_store_explicit(&b->jobs[i]->finished, true, memory_order_release);
        CHECK(sem_post(&b->jobs[i]->done) == 0);
    }
}

/* ---- the thread --------------------------------------------------------------------------- */

static void run_waiting(struct sql_writer *w, struct batch *b)
{
    int64_t end_us = clock_mono_us() + LIMIT_SQL_BATCH_MS * 1000;
    bool sound = true;
    while (sound && b->n < w->o.batch_limit && (b->n == 0 || clock_mono_us() < end_us)) {
        struct sql_job *j = sql_queue_take(&w->queue);
        if (j == NULL)
            break;
        b->jobs[b->n++] = j;
        sound = run_one(w, j);
    }
    if (!sound)
        run_again(w, b);
    else if (b->n > 0)
        commit_all(w, b->jobs, b->n);
    else
        make_clean(w);
}

/* Nothing can begin: BUSY waits on in the queue until the callers' time is over, else they are
 * told. */
static void refuse_waiting(struct sql_writer *w, struct batch *b, const struct err *why)
{
    if (why->rc == RC_BUSY) {
        clock_sleep_ms(BEGIN_RETRY_MS);
        return;
    }
    while (b->n < LIMIT_SQL_BATCH) {
        struct sql_job *j = sql_queue_take(&w->queue);
        if (j == NULL)
            break;
        j->rc = why->rc;
        j->err = *why;
        b->jobs[b->n++] = j;
    }
}

/* Pages that a reader still needs stay in the WAL; then it is tried again only after it has grown
 * by another quarter of the limit. */
static void checkpoint_if_due(struct sql_writer *w)
{
    if (w->q == NULL)
        return;
    int64_t bytes = w->o.ops->wal_bytes(w->q->conn);
    if (bytes <= (int64_t)LIMIT_WAL_BYTES || bytes < w->wal_mark)
        w->wal_mark = 0;
    if (bytes <= (int64_t)LIMIT_WAL_BYTES ||
        (w->wal_mark > 0 && bytes < w->wal_mark + (int64_t)LIMIT_WAL_BYTES / 4))
        return;
    struct err why;
    w->wal_mark = bytes;
    if (w->o.ops->checkpoint(w->q->conn, &why) != RC_OK && w->o.log != NULL)
        log_err(w->o.log, "checkpoint", &why);
}

static void serve(struct sql_writer *w)
{
    struct batch b;
    struct err why;
    b.n = 0;
    enum rc rc = sql_lock_take(w->o.lock, &why);
    bool locked = rc == RC_OK;
    if (locked)
        rc = begin(w, &why);
    if (rc == RC_OK)
        run_waiting(w, &b);
    else
        refuse_waiting(w, &b, &why);
    wake_all(&b);
    if (!locked)
        return;
    checkpoint_if_due(w);
    sql_lock_release(w->o.lock);
}

static void *writer_main(void *arg)
{
    struct sql_writer *w = arg;
    while (sql_queue_wait(&w->queue))
        serve(w);
    return NULL;
}

struct sql_writer *sql_writer_start(const struct sql_writer_options *options, struct sql *q)
{
    struct sql_writer *w = calloc(1, sizeof *w);
    CHECK(w != NULL);
    w->o = *options;
    w->q = q;
    sql_queue_init(&w->queue);
    sigset_t all, before; /* signals are for the program's main thread */
    CHECK(sigfillset(&all) == 0 && pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    CHECK(pthread_create(&w->thread, NULL, writer_main, w) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    (void)pthread_setname_np(w->thread, "sql-writer");
    return w;
}

int sql_writer_waiting(struct sql_writer *w)
{
    return sql_queue_length(&w->queue);
}

void sql_writer_stop(struct sql_writer *w)
{
    sql_queue_stop(&w->queue);
    CHECK(pthread_join(w->thread, NULL) == 0);
    while (atomic_load(&w->inside) > 0) /* answered, on their way out */
        clock_sleep_ms(1);
    sql_session_close(w->q);
    sql_queue_destroy(&w->queue);
    free(w);
}
