#include "refund/batch_map.h"

#include "core/arena.h"
#include "core/digest.h"
#include "core/limits.h"

#include <string.h>

enum { FIRST_ROOM = 1024 };

struct slot {
    uint64_t key; /* 0: free */
    int64_t value;
};

struct batch_map {
    struct arena *own;   /* of this struct */
    struct arena *table; /* of the slots: another one each time they grow */
    struct slot *slots;
    size_t room, used; /* room is a power of two, at most half full */
};

static struct slot *find(struct slot *slots, size_t room, uint64_t key)
{
    size_t i = (size_t)key & (room - 1);
    while (slots[i].key != 0 && slots[i].key != key)
        i = (i + 1) & (room - 1);
    return &slots[i];
}

static void make_table(struct batch_map *m, size_t room)
{
    m->table = arena_new(LIMIT_ARENA_BATCH_BYTES);
    m->slots = arena_array(m->table, room, sizeof *m->slots);
    m->room = room;
}

struct batch_map *batch_map_new(void)
{
    struct arena *own = arena_new(sizeof(struct batch_map) * 2);
    struct batch_map *m = arena_alloc(own, sizeof *m);
    m->own = own;
    make_table(m, FIRST_ROOM);
    return m;
}

void batch_map_free(struct batch_map *m)
{
    if (m == NULL)
        return;
    arena_free(m->table);
    arena_free(m->own);
}

static void grow(struct batch_map *m)
{
    const struct batch_map old = *m;
    make_table(m, old.room * 2);
    for (size_t i = 0; i < old.room; i++) {
        if (old.slots[i].key != 0)
            *find(m->slots, m->room, old.slots[i].key) = old.slots[i];
    }
    arena_free(old.table);
}

int64_t *batch_map_at(struct batch_map *m, uint64_t key)
{
    struct slot *s = find(m->slots, m->room, key);
    if (s->key == key)
        return &s->value;
    if (++m->used * 2 > m->room) {
        grow(m);
        s = find(m->slots, m->room, key);
    }
    s->key = key;
    return &s->value;
}

uint64_t batch_map_key(enum batch_map_kind kind, int64_t row, int64_t number, const char *text)
{
    const int64_t numbers[] = {(int64_t)kind, row, number};
    uint8_t key[DIGEST_BYTES], inner[sizeof numbers + DIGEST_BYTES];
    uint64_t first;
    memcpy(inner, numbers, sizeof numbers);
    digest_sha256(text, strlen(text), inner + sizeof numbers);
    digest_sha256(inner, sizeof inner, key);
    memcpy(&first, key, sizeof first);
    return first != 0 ? first : 1;
}
