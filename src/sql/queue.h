/*
 * The calls that wait for the writer: a list of what stands on the callers' stacks. Private to
 * sql_writer.c.
 */
#ifndef SQL_QUEUE_H
#define SQL_QUEUE_H

#include "sql/sql.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

struct sql_job {
    sql_fn *fn;
    void *arg;
    enum rc rc;
    struct err err;
    bool queued; /* under the queue's mutex */
    struct sql_job *prev, *next;
    sem_t done;
    atomic_bool finished; /* orders the result before the caller's look at it */
};

struct sql_queue {
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    struct sql_job *first, *last;
    int length;
    bool idle; /* the writer sleeps on `arrived` */
    bool stopping;
};

/* An empty queue; destroyed when nobody waits in it. */
void sql_queue_init(struct sql_queue *q);
void sql_queue_destroy(struct sql_queue *q);
/* False: LIMIT_SQL_QUEUE calls wait already. */
bool sql_queue_put(struct sql_queue *q, struct sql_job *j);
struct sql_job *sql_queue_take(struct sql_queue *q); /* NULL: empty */
/* True when the call was still waiting and now is out of the queue. */
bool sql_queue_withdraw(struct sql_queue *q, struct sql_job *j);
/* Sleeps until there is work; false when there is none and never will be. */
bool sql_queue_wait(struct sql_queue *q);
void sql_queue_stop(struct sql_queue *q); /* nothing is put after this */
int sql_queue_length(struct sql_queue *q);

#endif
