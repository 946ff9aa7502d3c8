/*
 * Who may have how many calls open, so that whoever is slow or wants very much holds up nobody
 * else. Each caller is a key: an endpoint, a lane of jobs.
 */
#ifndef WORKER_SHARE_H
#define WORKER_SHARE_H

#include "core/limits.h"

#include <stdbool.h>
#include <stdint.h>

#define SHARE_SLOW_ROWS 1021 /* keys that are remembered as slow */

struct share_rule {
    int64_t slow_ms;     /* a call that takes longer */
    int part, slow_part; /* of what is free, one of so many */
    int most;            /* calls of one key */
};

struct share_call {
    void *tag;
    uint64_t key; /* never 0 */
    int64_t since_mono_ms;
};

struct share {
    struct share_call open[LIMIT_WORKER_FLIGHTS];
    int n_open;
    uint64_t slow[SHARE_SLOW_ROWS]; /* a later key takes the place of another */
};

/* A call was started; now_mono_ms: clock_mono_ms(). */
void share_begin(struct share *s, void *tag, uint64_t key, int64_t now_mono_ms);
/* Its key is slow from now on, or is not any more, by how long it took. */
void share_end(struct share *s, const struct share_rule *rule, const void *tag, int64_t took_ms);
/* One whose answer is late already is slow, whatever comes. */
void share_look(struct share *s, const struct share_rule *rule, int64_t now_mono_ms);

/* How many more calls `key` may open; `claimed` will be open besides. */
int share_room(const struct share *s, const struct share_rule *rule, uint64_t key, int claimed);

/* The same of a key that has `open` calls while `all` are open in all, `slow` of them of keys that
 * are slow: its part of what is free, at least one; those that are slow have half of all together.
 * Pure. */
int share_of(const struct share_rule *rule, bool is_slow, int open, int all, int slow);

#endif
