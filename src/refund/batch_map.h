/*
 * What the rows of a file have asked for so far, by 64-bit keys: one table, which grows. Only
 * verdicts before a run hang on it, so two keys that fall together (one in 10^8 for the largest
 * file) cost a wrong warning, never money.
 */
#ifndef REFUND_BATCH_MAP_H
#define REFUND_BATCH_MAP_H

#include <stdint.h>

/* What a key counts. */
enum batch_map_kind { MAP_HELD, MAP_COUNT, MAP_ID, MAP_AMOUNT, MAP_PARTY };

struct batch_map;

/* An empty map. */
struct batch_map *batch_map_new(void);
void batch_map_free(struct batch_map *m); /* NULL: nothing */
/* The value of a key, made 0 when it was not there. Valid until the next call. */
int64_t *batch_map_at(struct batch_map *m, uint64_t key);

/* Of a row id with a number or a text ("" for none). */
uint64_t batch_map_key(enum batch_map_kind kind, int64_t row, int64_t number, const char *text);

#endif
