#include "gateway/hook_verify.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

enum { HEX_BYTES = 2 * DIGEST_BYTES, TIME_DIGITS = 12 };

/* Exactly 64 hex digits that are this digest. */
static bool is_digest(const char *hex, size_t n, const uint8_t mac[DIGEST_BYTES])
{
    char text[HEX_BYTES + 1];
    uint8_t given[DIGEST_BYTES];
    if (n != HEX_BYTES)
        return false;
    memcpy(text, hex, n);
    text[n] = '\0';
    return digest_unhex(text, given, sizeof given) == 0 &&
           digest_equal(given, sizeof given, mac, DIGEST_BYTES);
}

/* ---- X-Razorpay-Signature: hex HMAC-SHA256 of the body
 * ------------------------------------------- */

static bool verify_razorpay(const struct hook_message *m, const void *secret, size_t secret_n)
{
    uint8_t mac[DIGEST_BYTES];
    digest_hmac(secret, secret_n, m->body, m->body_n, mac);
    return m->signature != NULL && is_digest(m->signature, strlen(m->signature), mac);
}

/* ---- Stripe-Signature: t=<seconds>,v1=<hex>[,v1=…], over "<t>.<body>"
 * ----------------------------
 */

struct item {
    const char *key, *value;
    size_t key_n, value_n;
};

/* The next "key=value" of a list with commas; false at the end. */
static bool next_item(const char **at, struct item *out)
{
    if (**at == '\0')
        return false;
    const char *item = *at;
    size_t n = strcspn(item, ",");
    const char *equals = memchr(item, '=', n);
    *at = item + n + (item[n] == ',');
    out->key = item;
    out->key_n = equals != NULL ? (size_t)(equals - item) : n;
    out->value = equals != NULL ? equals + 1 : item + n;
    out->value_n = (size_t)(item + n - out->value);
    return true;
}

static bool is_key(const struct item *i, const char *key)
{
    return i->key_n == strlen(key) && memcmp(i->key, key, i->key_n) == 0;
}

/* The one time there must be, as it is written. */
static bool find_time(const char *header, char text[TIME_DIGITS + 1], int64_t *seconds)
{
    struct item item;
    int found = 0;
    while (next_item(&header, &item)) {
        if (!is_key(&item, "t"))
            continue;
        if (item.value_n == 0 || item.value_n > TIME_DIGITS)
            return false;
        memcpy(text, item.value, item.value_n);
        text[item.value_n] = '\0';
        found++;
    }
    return found == 1 && str_parse_i64(text, seconds);
}

static bool is_fresh(int64_t seconds, int64_t now_ms)
{
    int64_t at_ms = seconds * CLOCK_SECOND_MS;
    int64_t away_ms = at_ms > now_ms ? at_ms - now_ms : now_ms - at_ms;
    return away_ms <= HOOK_TOLERANCE_MS;
}

/* HMAC of the time, a point and the body. */
static void sign_with_time(const char *time, const struct hook_message *m, const void *secret,
                           size_t secret_n, uint8_t mac[DIGEST_BYTES])
{
    struct arena *a = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    struct buf signed_text;
    buf_init(&signed_text, a);
    buf_puts(&signed_text, time);
    buf_putc(&signed_text, '.');
    buf_add(&signed_text, m->body, m->body_n);
    digest_hmac(secret, secret_n, signed_text.data, signed_text.len, mac);
    arena_free(a);
}

static bool verify_stripe(const struct hook_message *m, const void *secret, size_t secret_n)
{
    char time[TIME_DIGITS + 1];
    int64_t seconds;
    uint8_t mac[DIGEST_BYTES];
    struct item item;
    bool matches = false;
    if (m->signature == NULL || !find_time(m->signature, time, &seconds) ||
        !is_fresh(seconds, m->now_ms))
        return false;
    sign_with_time(time, m, secret, secret_n, mac);
    for (const char *at = m->signature; next_item(&at, &item);) {
        if (is_key(&item, "v1") && is_digest(item.value, item.value_n, mac))
            matches = true;
    }
    return matches;
}

/* ---- the table ----------------------------------------------------------------------------------
 */

static const struct hook_scheme schemes[] = {
    {"razorpay", "x-razorpay-signature", verify_razorpay},
    {"stripe", "stripe-signature", verify_stripe},
};

const struct hook_scheme *hook_scheme_find(const char *source)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (str_eq(schemes[i].source, source))
            return &schemes[i];
    }
    return NULL;
}
