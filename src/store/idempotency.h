/*
 * Answers kept under an Idempotency-Key (DOMAIN: HTTP API): the first one that was decided inside a
 * transaction, written in that same transaction, for ever.
 */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include "core/digest.h"
#include "sql/sql.h"

struct kept_answer {
    uint8_t asked_hash[DIGEST_BYTES]; /* SHA-256 of what was asked */
    int status;
    const char *body;
};

/* RC_NOT_FOUND when nothing is kept; texts in the arena. */
MUSTCHECK enum rc idempotency_get(struct sql *q, struct arena *a, int64_t merchant,
                                  const char *route, const char *key, struct kept_answer *out,
                                  struct err *e);
/* RC_CONFLICT when the key is there already. */
MUSTCHECK enum rc idempotency_put(struct sql *q, int64_t merchant, const char *route,
                                  const char *key, const struct kept_answer *answer, int64_t now_ms,
                                  struct err *e);

#endif
