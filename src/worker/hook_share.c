#include "worker/hook_share.h"

#include "core/err.h"
#include "core/limits.h"

#include <stddef.h>

#define SLOW_FLIGHTS (LIMIT_WORKER_FLIGHTS / 2)
#define SHARE        8

int hook_share(bool is_slow, int open, int all, int slow)
{
    int free = LIMIT_WORKER_FLIGHTS - all;
    if (is_slow && SLOW_FLIGHTS - slow < free)
        free = SLOW_FLIGHTS - slow;
    if (free <= 0)
        return 0;
    int allowed = free / SHARE > 1 ? free / SHARE : 1;
    if (allowed > LIMIT_ENDPOINT_FLIGHTS)
        allowed = LIMIT_ENDPOINT_FLIGHTS;
    return allowed > open ? allowed - open : 0;
}

/* 16 retries in 24 hours. */
static const struct {
    int times;
    int64_t units;
} schedule[] = {{1, 1}, {2, 5}, {5, 10}, {5, 60}, {3, 360}};

int64_t hook_retry_ms(int64_t attempts, int64_t unit_ms, int parts)
{
    CHECK(attempts >= 1 && parts >= 0 && parts <= 200);
    for (size_t i = 0; i < sizeof schedule / sizeof schedule[0]; i++) {
        if (attempts <= schedule[i].times)
            return schedule[i].units * unit_ms * (900 + parts) / 1000;
        attempts -= schedule[i].times;
    }
    return 0;
}
