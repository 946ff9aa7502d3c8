#include "tests/bench/rounds.h"

#include "core/str.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_ROUNDS = 1000, MOST_BYTES = 16 << 20 };

bool rounds_read(struct rounds *r, int argc, char **argv)
{
    int64_t count = 0;
    *r = (struct rounds){0};
    FILE *f = argc == 4 ? fopen(argv[2], "rb") : NULL;
    if (f == NULL || !str_parse_i64(argv[3], &count) || count < 1 || count > MOST_ROUNDS) {
        fprintf(stderr, "Usage: %s HOME FILE ROUNDS\n", argv[0]);
        if (f != NULL)
            fclose(f);
        return false;
    }
    r->bytes = malloc(MOST_BYTES);
    if (r->bytes != NULL)
        r->n = fread(r->bytes, 1, MOST_BYTES, f);
    fclose(f);
    r->count = (int)count;
    return r->n > 0;
}

static long long now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

long long rounds_median_us(struct rounds *r, void (*read)(void *ctx, const char *bytes, size_t n),
                           void *ctx)
{
    static long long took_us[MOST_ROUNDS];
    read(ctx, r->bytes, r->n);
    for (int i = 0; i < r->count; i++) {
        long long began_us = now_us();
        read(ctx, r->bytes, r->n);
        took_us[i] = now_us() - began_us;
    }
    free(r->bytes);
    qsort(took_us, (size_t)r->count, sizeof took_us[0], by_size);
    return took_us[r->count / 2];
}
