#include "web/slow.h"
#include "core/limits.h"
#include <stdatomic.h>

struct gate {
    int places;
    atomic_int taken;
};

static struct gate gates[SLOW_GATE_COUNT] = {
    [SLOW_WAIT] = {.places = 1},
    [SLOW_HASH] = {.places = LIMIT_HASHING_THREADS},
};

void slow_init(int threads)
{
    gates[SLOW_WAIT].places = threads >= 4 ? threads / 4 : 1;
}

enum rc slow_enter(enum slow_gate gate, struct err *e)
{
    CHECK(gate < SLOW_GATE_COUNT);
    struct gate *g = &gates[gate];
    if (atomic_fetch_add(&g->taken, 1) < g->places)
        return RC_OK;
    atomic_fetch_sub(&g->taken, 1);
    return ERR(e, RC_BUSY, "The server is busy. Try again in a moment.", "gate %d is full",
               (int)gate);
}

void slow_leave(enum slow_gate gate)
{
    CHECK(gate < SLOW_GATE_COUNT);
    CHECK(atomic_fetch_sub(&gates[gate].taken, 1) > 0);
}
