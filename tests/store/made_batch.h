/*
 * Batches as a reader leaves them, put in directly.
 */
#ifndef STORE_MADE_BATCH_H
#define STORE_MADE_BATCH_H

#include "store/batches.h"

/* The SHA-256 of every one that was read. */
extern const uint8_t made_batch_digest[DIGEST_BYTES];

/* READING, by "maker", at MADE_T0_MS. */
struct batch made_batch(const char *name);
/* Writes *b with its new status. */
void made_batch_move(struct batch *b, const char *status);
/* Awaiting confirmation: so many rows, one of them bad; INR. */
struct batch made_batch_read(const char *name, int64_t rows, int64_t amount_minor);

#endif
