/*
 * Batches of refunds as JSON.
 */
#ifndef API_BATCH_BODY_H
#define API_BATCH_BODY_H

#include "core/arena.h"
#include "store/batches.h"

struct json_object;

/* A batch with the totals of its file; released with the arena. */
struct json_object *batch_body(struct arena *a, const struct batch *b,
                               const struct batch_total *totals, int n_totals);
/* A row with its verdict, its status, and what became of its refund. */
struct json_object *batch_body_row(struct arena *a, const struct batch_row *r);

#endif
