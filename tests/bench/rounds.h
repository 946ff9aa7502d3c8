/*
 * A file of refunds that is read again and again: what batch_floor and batch_judge have in common.
 */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <stdbool.h>
#include <stddef.h>

struct rounds {
    char *bytes;
    size_t n;
    int count;
};

/* Of the arguments HOME FILE ROUNDS; false (said on stderr) when they cannot be used. */
bool rounds_read(struct rounds *r, int argc, char **argv);

/* Reads the file once for nothing and then `count` times; the median in microseconds. Gives the
 * bytes back. */
long long rounds_median_us(struct rounds *r, void (*read)(void *ctx, const char *bytes, size_t n),
                           void *ctx);

#endif
