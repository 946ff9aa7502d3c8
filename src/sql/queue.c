#include "sql/queue.h"
#include "core/limits.h"

void sql_queue_init(struct sql_queue *q)
{
    *q = (struct sql_queue){.first = NULL};
    CHECK(pthread_mutex_init(&q->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&q->arrived, NULL) == 0);
}

void sql_queue_destroy(struct sql_queue *q)
{
    CHECK(pthread_cond_destroy(&q->arrived) == 0);
    CHECK(pthread_mutex_destroy(&q->mutex) == 0);
}

static void lock(struct sql_queue *q)
{
    CHECK(pthread_mutex_lock(&q->mutex) == 0);
}

static void unlock(struct sql_queue *q)
{
    CHECK(pthread_mutex_unlock(&q->mutex) == 0);
}

static void append(struct sql_queue *q, struct sql_job *j)
{
    j->next = NULL;
    j->prev = q->last;
    if (q->last != NULL)
        q->last->next = j;
    else
        q->first = j;
    q->last = j;
    j->queued = true;
    q->length++;
}

static void unlink_job(struct sql_queue *q, struct sql_job *j)
{
    if (j->prev != NULL)
        j->prev->next = j->next;
    else
        q->first = j->next;
    if (j->next != NULL)
        j->next->prev = j->prev;
    else
        q->last = j->prev;
    j->queued = false;
    q->length--;
}

bool sql_queue_put(struct sql_queue *q, struct sql_job *j)
{
    lock(q);
    CHECK(!q->stopping);
    bool room = q->length < LIMIT_SQL_QUEUE;
    bool wake = room && q->idle;
    if (room)
        append(q, j);
    if (wake)
        q->idle = false;
    unlock(q);
    if (wake)
        CHECK(pthread_cond_signal(&q->arrived) == 0);
    return room;
}

struct sql_job *sql_queue_take(struct sql_queue *q)
{
    lock(q);
    struct sql_job *j = q->first;
    if (j != NULL)
        unlink_job(q, j);
    unlock(q);
    return j;
}

bool sql_queue_withdraw(struct sql_queue *q, struct sql_job *j)
{
    lock(q);
    bool withdrawn = j->queued;
    if (withdrawn)
        unlink_job(q, j);
    unlock(q);
    return withdrawn;
}

bool sql_queue_wait(struct sql_queue *q)
{
    lock(q);
    while (q->first == NULL && !q->stopping) {
        q->idle = true;
        CHECK(pthread_cond_wait(&q->arrived, &q->mutex) == 0);
    }
    q->idle = false;
    bool work = q->first != NULL;
    unlock(q);
    return work;
}

void sql_queue_stop(struct sql_queue *q)
{
    lock(q);
    q->stopping = true;
    unlock(q);
    CHECK(pthread_cond_signal(&q->arrived) == 0);
}

int sql_queue_length(struct sql_queue *q)
{
    lock(q);
    int length = q->length;
    unlock(q);
    return length;
}
