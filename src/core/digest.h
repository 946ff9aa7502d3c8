/*
 * Digests, encodings and randomness, all by libsodium. digest_init() once at start.
 */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include "core/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 32

/* Starts libsodium; once, before anything else of this file. */
void digest_init(void);

/* SHA-256 of n bytes. */
void digest_sha256(const void *data, size_t n, uint8_t out[DIGEST_BYTES]);
/* SHA-256 of what comes piece by piece: made in the arena, fed, and ended once. */
struct digest_sum;
struct digest_sum *digest_sum_new(struct arena *a);
void digest_sum_add(struct digest_sum *s, const void *data, size_t n);
void digest_sum_end(struct digest_sum *s, uint8_t out[DIGEST_BYTES]);

/* Lower-case hex, 64 characters. */
char *digest_sha256_hex(struct arena *a, const void *data, size_t n);
/* Keyed: HMAC-SHA-256. */
void digest_hmac(const void *key, size_t key_n, const void *data, size_t n,
                 uint8_t out[DIGEST_BYTES]);

/* Constant time in n; lengths are compared first. */
bool digest_equal(const void *a, size_t a_n, const void *b, size_t b_n);

/* n bytes of the operating system's secure randomness. */
void digest_random(void *out, size_t n);

/* Lower-case, two digits a byte. */
char *digest_hex(struct arena *a, const void *data, size_t n);
/* 0 on success; exact length, hex digits of any case. */
int digest_unhex(const char *hex, void *out, size_t out_n);
/* Standard base64, padded. */
char *digest_base64(struct arena *a, const void *data, size_t n);
/* base64url without padding. */
char *digest_base64url(struct arena *a, const void *data, size_t n);
/* Standard base64, padding optional; *out_n set, a zero byte follows. NULL when it is not base64.
 */
uint8_t *digest_unbase64(struct arena *a, const char *text, size_t *out_n);

#endif
