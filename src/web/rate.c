#include "web/rate.h"
#include "core/clock.h"
#include "core/limits.h"
#include <pthread.h>
#include <stdbool.h>

/* One request, in the parts that a token has: per_s of them come each ms. */
#define TOKEN CLOCK_SECOND_MS

struct bucket {
    int64_t key;   /* 0: free */
    int64_t level; /* parts of tokens, as of … */
    int64_t at_ms;
};

static struct bucket buckets[LIMIT_RATE_BUCKETS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Full again, so that forgetting it changes nothing. */
static bool is_spare(const struct bucket *b, int64_t now_ms)
{
    return b->key == 0 || now_ms - b->at_ms >= CLOCK_SECOND_MS;
}

/* The key's own bucket, else a spare one; NULL when there is none. A key's bucket never lies behind
 * one that was never used. */
static struct bucket *find(int64_t key, int64_t now_ms)
{
    struct bucket *spare = NULL;
    for (int i = 0; i < LIMIT_RATE_BUCKETS; i++) {
        struct bucket *b = &buckets[((uint64_t)key + (uint64_t)i) % LIMIT_RATE_BUCKETS];
        if (b->key == key)
            return b;
        if (!spare && is_spare(b, now_ms))
            spare = b;
        if (b->key == 0)
            break;
    }
    return spare;
}

static bool take(struct bucket *b, int64_t key, int64_t per_s, int64_t now_ms)
{
    int64_t most = per_s * TOKEN;
    int64_t passed_ms = now_ms - b->at_ms;
    if (b->key != key || passed_ms >= CLOCK_SECOND_MS)
        b->level = most;
    else if (passed_ms > 0)
        b->level += passed_ms * per_s;
    if (b->level > most)
        b->level = most;
    b->key = key;
    b->at_ms = now_ms;
    if (b->level < TOKEN)
        return false;
    b->level -= TOKEN;
    return true;
}

enum rc rate_take(int64_t key, int64_t per_s, int64_t now_ms, struct err *e)
{
    if (per_s == 0)
        return RC_OK;
    pthread_mutex_lock(&mutex);
    struct bucket *b = find(key, now_ms);
    bool taken = b && take(b, key, per_s, now_ms);
    pthread_mutex_unlock(&mutex);
    if (taken)
        return RC_OK;
    if (!b)
        return ERR(e, RC_BUSY, "The server is busy. Try again in a moment.", "%d keys at once",
                   LIMIT_RATE_BUCKETS);
    return ERR(e, RC_LIMITED, "Too many requests with this API key. Wait a second, then try again.",
               "over %lld a second", (long long)per_s);
}
