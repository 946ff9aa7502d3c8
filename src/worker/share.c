#include "worker/share.h"

#include "core/err.h"

#define SLOW_CALLS (LIMIT_WORKER_FLIGHTS / 2)

static bool is_slow(const struct share *s, uint64_t key)
{
    return s->slow[key % SHARE_SLOW_ROWS] == key;
}

void share_begin(struct share *s, void *tag, uint64_t key, int64_t now_mono_ms)
{
    CHECK(s->n_open < LIMIT_WORKER_FLIGHTS);
    s->open[s->n_open++] = (struct share_call){tag, key, now_mono_ms};
}

void share_end(struct share *s, const struct share_rule *rule, const void *tag, int64_t took_ms)
{
    int i = 0;
    while (i < s->n_open && s->open[i].tag != tag)
        i++;
    CHECK(i < s->n_open);
    uint64_t key = s->open[i].key;
    s->slow[key % SHARE_SLOW_ROWS] = took_ms > rule->slow_ms ? key : 0;
    s->open[i] = s->open[--s->n_open];
}

void share_look(struct share *s, const struct share_rule *rule, int64_t now_mono_ms)
{
    for (int i = 0; i < s->n_open; i++) {
        const struct share_call *c = &s->open[i];
        if (now_mono_ms - c->since_mono_ms > rule->slow_ms)
            s->slow[c->key % SHARE_SLOW_ROWS] = c->key;
    }
}

int share_room(const struct share *s, const struct share_rule *rule, uint64_t key, int claimed)
{
    int open = 0, slow = 0;
    for (int i = 0; i < s->n_open; i++) {
        open += s->open[i].key == key;
        slow += is_slow(s, s->open[i].key);
    }
    return share_of(rule, is_slow(s, key), open, s->n_open + claimed, slow);
}

int share_of(const struct share_rule *rule, bool slow_key, int open, int all, int slow)
{
    int free = LIMIT_WORKER_FLIGHTS - all;
    if (slow_key && SLOW_CALLS - slow < free)
        free = SLOW_CALLS - slow;
    if (free <= 0)
        return 0;
    int allowed = free / (slow_key ? rule->slow_part : rule->part);
    if (allowed < 1)
        allowed = 1;
    if (allowed > rule->most)
        allowed = rule->most;
    return allowed > open ? allowed - open : 0;
}
