#include "ctl/import.h"

#include "core/limits.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* A ring: the thread fills, the caller takes; those between are full. */
struct import_ahead {
    struct import_lines *lines;
    struct import_block blocks[IMPORT_BLOCKS];
    int n_blocks;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    int64_t filled, taken, given_back; /* counts: block k is in blocks[k % n_blocks] */
    bool stopping;
};

static void fill(struct import_ahead *r, struct import_block *b)
{
    int64_t bytes = 0;
    bool end = false;
    arena_clear(b->arena);
    b->n = 0;
    b->rc = RC_OK;
    while (b->n < IMPORT_BLOCK_LINES && bytes < IMPORT_BLOCK_BYTES) {
        b->rc = import_lines_next(r->lines, b->arena, &b->lines[b->n], &end, &b->err);
        if (b->rc != RC_OK || end)
            break;
        b->lines[b->n].arena = b->arena;
        bytes += (int64_t)b->lines[b->n++].text_bytes;
    }
    b->last = end || b->rc != RC_OK;
}

/* The block that may be filled next; NULL: it is time to go. */
static struct import_block *wait_for_room(struct import_ahead *r)
{
    CHECK(pthread_mutex_lock(&r->mutex) == 0);
    while (!r->stopping && r->filled - r->given_back == r->n_blocks)
        CHECK(pthread_cond_wait(&r->moved, &r->mutex) == 0);
    struct import_block *b = r->stopping ? NULL : &r->blocks[r->filled % r->n_blocks];
    CHECK(pthread_mutex_unlock(&r->mutex) == 0);
    return b;
}

static void count_up(struct import_ahead *r, int64_t *count)
{
    CHECK(pthread_mutex_lock(&r->mutex) == 0);
    ++*count;
    CHECK(pthread_cond_broadcast(&r->moved) == 0);
    CHECK(pthread_mutex_unlock(&r->mutex) == 0);
}

static void *read_ahead(void *arg)
{
    struct import_ahead *r = arg;
    struct import_block *b;
    bool last = false;
    while (!last && (b = wait_for_room(r)) != NULL) {
        fill(r, b);
        last = b->last;
        count_up(r, &r->filled);
    }
    return NULL;
}

struct import_ahead *import_ahead_start(struct import_lines *lines, int n_blocks)
{
    sigset_t all, before;
    struct import_ahead *r = calloc(1, sizeof *r);
    CHECK(r != NULL);
    CHECK(n_blocks >= 2 && n_blocks <= IMPORT_BLOCKS);
    r->lines = lines;
    r->n_blocks = n_blocks;
    for (int i = 0; i < r->n_blocks; i++)
        r->blocks[i].arena = arena_new(LIMIT_ARENA_CTL_BYTES);
    CHECK(pthread_mutex_init(&r->mutex, NULL) == 0 && pthread_cond_init(&r->moved, NULL) == 0);
    /* signals are for the program's main thread */
    CHECK(sigfillset(&all) == 0 && pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    CHECK(pthread_create(&r->thread, NULL, read_ahead, r) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return r;
}

struct import_block *import_ahead_take(struct import_ahead *r)
{
    CHECK(pthread_mutex_lock(&r->mutex) == 0);
    while (r->taken == r->filled)
        CHECK(pthread_cond_wait(&r->moved, &r->mutex) == 0);
    struct import_block *b = &r->blocks[r->taken++ % r->n_blocks];
    CHECK(pthread_mutex_unlock(&r->mutex) == 0);
    return b;
}

void import_ahead_give_back(struct import_ahead *r, struct import_block *b)
{
    CHECK(b == &r->blocks[r->given_back % r->n_blocks]);
    count_up(r, &r->given_back);
}

void import_ahead_stop(struct import_ahead *r)
{
    CHECK(pthread_mutex_lock(&r->mutex) == 0);
    r->stopping = true;
    CHECK(pthread_cond_broadcast(&r->moved) == 0);
    CHECK(pthread_mutex_unlock(&r->mutex) == 0);
    CHECK(pthread_join(r->thread, NULL) == 0);
    for (int i = 0; i < r->n_blocks; i++)
        arena_free(r->blocks[i].arena);
    CHECK(pthread_cond_destroy(&r->moved) == 0 && pthread_mutex_destroy(&r->mutex) == 0);
    free(r);
}
