/*
 * Secrets at rest. Gateway keys are sealed to the worker's public key (crypto_box_seal): portal and
 * refundctl can write them, only the worker, who alone may read the secret key file, opens them.
 * Passwords are Argon2id strings.
 */
#ifndef CORE_SECRET_H
#define CORE_SECRET_H

#include "core/arena.h"
#include "core/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seal_public {
    uint8_t key[32];
};
struct seal_secret {
    struct seal_public pub;
    uint8_t key[32];
};

/* Makes a key pair in two files (secret 0600, public 0644); leaves existing ones alone. */
MUSTCHECK enum rc secret_keys_create(const char *secret_path, const char *public_path,
                                     struct err *e);
MUSTCHECK enum rc secret_load_public(const char *path, struct seal_public *out, struct err *e);
/* Refuses a file that others may read. */
MUSTCHECK enum rc secret_load_secret(const char *path, struct seal_secret *out, struct err *e);
void secret_wipe(struct seal_secret *s);

/* The sealed bytes, *sealed_n of them; differs each time, also for the same text. */
uint8_t *secret_seal(struct arena *a, const struct seal_public *to, const void *text, size_t n,
                     size_t *sealed_n);
/* NULL when it was sealed to another key or was altered. Result is zero-terminated. */
char *secret_open(struct arena *a, const struct seal_secret *with, const void *sealed, size_t n,
                  size_t *text_n);

#define SECRET_HASH_MAX 128
enum secret_cost { SECRET_INTERACTIVE, SECRET_TEST /* least cost: tests and the demo's speed */ };

/* An Argon2id string with its own salt. RC_INVALID: empty; RC_TOO_LARGE; RC_BUSY: no memory. */
MUSTCHECK enum rc secret_password_hash(const char *password, enum secret_cost cost,
                                       char out[SECRET_HASH_MAX], struct err *e);
/* hash NULL: spends the same time on a dummy, so that unknown users are not told apart. */
bool secret_password_verify(const char *hash, const char *password);

#endif
