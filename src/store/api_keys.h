/*
 * API keys: 256 random bits, stored hashed; only the prefix can be shown again.
 */
#ifndef STORE_API_KEYS_H
#define STORE_API_KEYS_H

#include "core/digest.h"
#include "sql/sql.h"

struct api_key {
    int64_t id;
    int64_t merchant;
    const char *merchant_id;
    const char *prefix;
    const char *name;
    int scopes;                                          /* SCOPE_… of store/actor.h */
    int64_t created_ms, expires_ms, revoked_ms, used_ms; /* 0: none */
    const char *made_by; /* the portal user who made it; NULL: refundctl */
    int64_t rate_per_s;  /* the merchant's setting; 0: no limit */
};

/* key_hash: SHA-256 of the key's text. */
MUSTCHECK enum rc api_keys_insert(struct sql *q, const struct api_key *k,
                                  const uint8_t key_hash[DIGEST_BYTES], struct err *e);
/* A usable key: RC_NOT_FOUND when unknown, revoked or expired at now_ms. */
MUSTCHECK enum rc api_keys_get(struct sql *q, struct arena *a, const uint8_t key_hash[DIGEST_BYTES],
                               int64_t now_ms, struct api_key *out, struct err *e);
MUSTCHECK enum rc api_keys_used(struct sql *q, int64_t id, int64_t now_ms, struct err *e);
/* From now on the key is refused (within the seconds that a process may remember it).
 * RC_NOT_FOUND: no such key, or it was revoked before. */
MUSTCHECK enum rc api_keys_revoke(struct sql *q, int64_t id, int64_t now_ms, struct err *e);
/* Whatever its state. */
MUSTCHECK enum rc api_keys_by_id(struct sql *q, struct arena *a, int64_t id, struct api_key *out,
                                 struct err *e);
/* Newest first, at most LIMIT_API_KEYS, revoked ones too; the array lives in the arena. */
MUSTCHECK enum rc api_keys_list(struct sql *q, struct arena *a, int64_t merchant,
                                struct api_key **out, int *count, struct err *e);

#endif
