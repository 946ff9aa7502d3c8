#include "core/arena.h"
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define HIDE(p, n) ((void)(p), (void)(n))
#define SHOW(p, n) ((void)(p), (void)(n))
#endif

enum { ALIGN = alignof(max_align_t), BLOCK_BYTES = 32 << 10, WARM_BLOCKS = 4 };

struct block {
    struct block *older;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

struct cleanup {
    struct cleanup *older;
    void (*fn)(void *);
    void *ptr;
};

struct arena {
    size_t ceiling;
    size_t used;
    struct block *newest;
    struct block *warm; /* of BLOCK_BYTES, empty: the next use needs no malloc */
    int n_warm;
    struct cleanup *cleanups;
};

static size_t round_up(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static struct block *warm_take(struct arena *a)
{
    struct block *b = a->warm;
    a->warm = b->older;
    a->n_warm--;
    return b;
}

static void block_add(struct arena *a, size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    struct block *b =
        size == BLOCK_BYTES && a->warm ? warm_take(a) : (struct block *)malloc(sizeof *b + size);
    CHECK(b != NULL);
    *b = (struct block){.older = a->newest, .size = size};
    HIDE(b->data, size);
    a->newest = b;
}

static void block_free(struct block *b)
{
    SHOW(b->data, b->size);
    free(b);
}

static void warm_give(struct arena *a, struct block *b)
{
    HIDE(b->data, b->size);
    b->older = a->warm;
    a->warm = b;
    a->n_warm++;
}

struct arena *arena_new(size_t ceiling_bytes)
{
    struct arena *a = calloc(1, sizeof *a);
    CHECK(a != NULL);
    a->ceiling = ceiling_bytes;
    return a;
}

static void run_cleanups(struct arena *a)
{
    while (a->cleanups) {
        struct cleanup *c = a->cleanups;
        a->cleanups = c->older;
        c->fn(c->ptr);
    }
}

void arena_clear(struct arena *a)
{
    run_cleanups(a);
    while (a->newest) {
        struct block *b = a->newest;
        a->newest = b->older;
        if (b->size == BLOCK_BYTES && a->n_warm < WARM_BLOCKS)
            warm_give(a, b);
        else
            block_free(b);
    }
    a->used = 0;
}

void arena_wipe(struct arena *a)
{
    run_cleanups(a);
    for (struct block *b = a->newest; b; b = b->older) {
        SHOW(b->data, b->size);
        explicit_bzero(b->data, b->used);
    }
    arena_clear(a);
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_clear(a);
    while (a->warm)
        block_free(warm_take(a));
    free(a);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    CHECK(bytes <= a->ceiling);
    size_t rounded = round_up(bytes ? bytes : 1);
    CHECK(rounded <= a->ceiling - a->used);
    if (!a->newest || rounded > a->newest->size - a->newest->used)
        block_add(a, rounded);
    struct block *b = a->newest;
    void *p = b->data + b->used;
    b->used += rounded;
    a->used += rounded;
    SHOW(p, bytes);
    memset(p, 0, bytes);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    CHECK(!__builtin_mul_overflow(count, size, &bytes));
    return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *p, size_t old_bytes, size_t new_bytes)
{
    if (!p)
        return arena_alloc(a, new_bytes);
    CHECK(new_bytes >= old_bytes && new_bytes <= a->ceiling);
    struct block *b = a->newest;
    unsigned char *end = (unsigned char *)p + round_up(old_bytes ? old_bytes : 1);
    size_t more = round_up(new_bytes ? new_bytes : 1) - round_up(old_bytes ? old_bytes : 1);
    if (end == b->data + b->used && more <= b->size - b->used) {
        CHECK(more <= a->ceiling - a->used);
        b->used += more;
        a->used += more;
        SHOW(p, new_bytes);
        memset((unsigned char *)p + old_bytes, 0, new_bytes - old_bytes);
        return p;
    }
    void *q = arena_alloc(a, new_bytes);
    memcpy(q, p, old_bytes);
    return q;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    CHECK(n < SIZE_MAX);
    char *copy = arena_alloc(a, n + 1);
    if (n > 0)
        memcpy(copy, s, n);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    char small[256]; /* nearly all texts: formatted once */
    int n = vsnprintf(small, sizeof small, fmt, ap);
    CHECK(n >= 0);
    char *text = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof small)
        memcpy(text, small, (size_t)n + 1);
    else
        vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *ptr)
{
    struct cleanup *c = arena_alloc(a, sizeof *c);
    *c = (struct cleanup){.older = a->cleanups, .fn = fn, .ptr = ptr};
    a->cleanups = c;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
