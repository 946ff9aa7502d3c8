/*
 * Ids. Rows have 63-bit integers that begin with the time (random keys cost a third of the write
 * rate) and are made by the program, never by the database:
 *     41 bits ms since 2020-01-01 · 6 bits slot of the program · 16 bits counter within the ms.
 * People see them as 13 characters of Crockford base32 ("01h4v2k9q8c0m").
 */
#ifndef CORE_ID_H
#define CORE_ID_H

#include "core/arena.h"
#include <stdbool.h>
#include <stdint.h>

enum id_slot { ID_PORTAL = 1, ID_API, ID_WORKER, ID_CTL, ID_SIMGATE, ID_TEST };

/* Once at start, before threads. node (0..7) tells machines apart that share a database. */
void id_init(enum id_slot slot, int node);

/* Unique and rising within the process; thread-safe. */
int64_t id_new(void);

/* 13 characters of base 32, in the order of the ids. */
char *id_text(struct arena *a, int64_t id);
/* Exactly 13 characters, any case, with Crockford's look-alikes (o is 0; i and l are 1); false for
 * anything else, for 0 and beyond 63 bits. */
bool id_parse(const char *text, int64_t *id);

/* prefix + n lower-case hex digits of randomness: "erf_" + 16, "ordeh_" + 32. */
char *id_random_hex(struct arena *a, const char *prefix, size_t hex_digits);
/* RFC 4122 version 4, lower case: request ids. */
char *id_uuid(struct arena *a);

#endif
