#include "core/digest.h"
#include <sodium.h>
#include <string.h>

void digest_init(void)
{
    CHECK(sodium_init() >= 0);
}

void digest_sha256(const void *data, size_t n, uint8_t out[DIGEST_BYTES])
{
    _Static_assert(DIGEST_BYTES == crypto_hash_sha256_BYTES, "a SHA-256 digest");
    crypto_hash_sha256(out, data, n);
}

struct digest_sum {
    crypto_hash_sha256_state state;
};

struct digest_sum *digest_sum_new(struct arena *a)
{
    struct digest_sum *s = arena_alloc(a, sizeof *s);
    crypto_hash_sha256_init(&s->state);
    return s;
}

void digest_sum_add(struct digest_sum *s, const void *data, size_t n)
{
    crypto_hash_sha256_update(&s->state, data, n);
}

void digest_sum_end(struct digest_sum *s, uint8_t out[DIGEST_BYTES])
{
    crypto_hash_sha256_final(&s->state, out);
}

char *digest_sha256_hex(struct arena *a, const void *data, size_t n)
{
    uint8_t sum[DIGEST_BYTES];
    digest_sha256(data, n, sum);
    return digest_hex(a, sum, sizeof sum);
}

void digest_hmac(const void *key, size_t key_n, const void *data, size_t n,
                 uint8_t out[DIGEST_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_n);
    crypto_auth_hmacsha256_update(&state, data, n);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

bool digest_equal(const void *a, size_t a_n, const void *b, size_t b_n)
{
    return a_n == b_n && (a_n == 0 || sodium_memcmp(a, b, a_n) == 0);
}

void digest_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

char *digest_hex(struct arena *a, const void *data, size_t n)
{
    size_t size;
    CHECK(!__builtin_mul_overflow(n, (size_t)2, &size) && !__builtin_add_overflow(size, 1, &size));
    char *hex = arena_alloc(a, size);
    sodium_bin2hex(hex, size, data, n);
    return hex;
}

int digest_unhex(const char *hex, void *out, size_t out_n)
{
    size_t n, length = strlen(hex);
    if (length % 2 != 0 || length / 2 != out_n)
        return -1;
    return sodium_hex2bin(out, out_n, hex, length, NULL, &n, NULL) == 0 && n == out_n ? 0 : -1;
}

char *digest_base64(struct arena *a, const void *data, size_t n)
{
    const int variant = sodium_base64_VARIANT_ORIGINAL;
    size_t size = sodium_base64_encoded_len(n, variant);
    char *text = arena_alloc(a, size);
    sodium_bin2base64(text, size, data, n, variant);
    return text;
}

char *digest_base64url(struct arena *a, const void *data, size_t n)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    CHECK(n < SIZE_MAX / 2);
    size_t size = sodium_base64_encoded_len(n, variant);
    char *text = arena_alloc(a, size);
    sodium_bin2base64(text, size, data, n, variant);
    return text;
}

uint8_t *digest_unbase64(struct arena *a, const char *text, size_t *out_n)
{
    size_t length = strlen(text), n;
    bool padded = length > 0 && text[length - 1] == '=';
    int variant =
        padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
    const char *end;
    size_t room = length / 4 * 3 + 3;
    uint8_t *out = arena_alloc(a, room + 1);
    if (sodium_base642bin(out, room, text, length, NULL, &n, &end, variant) != 0)
        return NULL;
    if (end != text + length)
        return NULL;
    out[n] = '\0';
    *out_n = n;
    return out;
}
