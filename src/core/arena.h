/*
 * One arena for each request and each job: bump allocation, freed at one spot.
 *
 * A function that takes `struct arena *` first returns memory that lives until arena_clear() or
 * arena_free(): the parameter is the ownership statement. Inputs are capped long before the
 * ceiling, so passing the ceiling (or malloc failing) is a bug or a dying machine: CHECK aborts.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/err.h"
#include <stdarg.h>
#include <stddef.h>

struct arena;

/* The ceiling is what one use may take; past it the program ends (CHECK). Never NULL. */
struct arena *arena_new(size_t ceiling_bytes);
void arena_free(struct arena *a);

/* Runs the deferred clean-ups (newest first), then forgets everything but a few warm blocks. */
void arena_clear(struct arena *a);

/* The same when it held secrets: all that was handed out is overwritten first. */
void arena_wipe(struct arena *a);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t bytes);
/* count * size with overflow checked. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Room for more in what arena_alloc gave: in place when it was the last thing handed out, else a
 * copy. The new bytes are zero. p NULL: a fresh piece. */
void *arena_grow(struct arena *a, void *p, size_t old_bytes, size_t new_bytes);

char *arena_strdup(struct arena *a, const char *s);            /* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n); /* adds the terminator */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

/* Calls fn(ptr) when the arena is cleared: for foreign objects (json-c). */
void arena_defer(struct arena *a, void (*fn)(void *), void *ptr);

/* Bytes handed out since the last clear. */
size_t arena_used(const struct arena *a);

#endif
