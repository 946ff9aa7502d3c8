#include "core/id.h"
#include "core/clock.h"
#include "core/digest.h"
#include <stdatomic.h>
#include <string.h>

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */

enum { COUNTER_BITS = 16, SLOT_BITS = 6, MS_BITS = 41, TEXT_CHARS = 13, UUID_BYTES = 16 };

static int64_t slot;
/* Two runs of one program in the same ms (refundctl) begin at different counts. */
static int64_t first_count;
/* ms since the epoch, then the counter. */
static _Atomic int64_t last;

void id_init(enum id_slot program, int node)
{
    CHECK(program >= ID_PORTAL && program <= ID_TEST && program < 8);
    CHECK(node >= 0 && node < 8);
    digest_init();
    uint16_t random;
    digest_random(&random, sizeof random);
    first_count = random & 0x7fff;
    slot = (int64_t)node << 3 | (int64_t)program;
}

int64_t id_new(void)
{
    CHECK(slot != 0);
    int64_t ms = clock_wall_ms(NULL) - EPOCH_MS;
    CHECK(ms > 0 && ms < INT64_C(1) << MS_BITS);
    int64_t fresh = ms << COUNTER_BITS | first_count;
    int64_t before = atomic_load(&last), next;
    /* A full counter runs over into the next ms: rising all the same. */
    do {
        next = fresh > before ? fresh : before + 1;
    } while (!atomic_compare_exchange_weak(&last, &before, next));
    int64_t count = next & ((INT64_C(1) << COUNTER_BITS) - 1);
    return next >> COUNTER_BITS << (COUNTER_BITS + SLOT_BITS) | slot << COUNTER_BITS | count;
}

static const char DIGITS[] = "0123456789abcdefghjkmnpqrstvwxyz";

char *id_text(struct arena *a, int64_t id)
{
    CHECK(id >= 0);
    char *text = arena_alloc(a, TEXT_CHARS + 1);
    for (int i = TEXT_CHARS - 1; i >= 0; i--) {
        text[i] = DIGITS[id & 31];
        id >>= 5;
    }
    return text;
}

static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    if (c == 'o')
        return 0;
    if (c == 'i' || c == 'l')
        return 1;
    const char *at = c ? strchr(DIGITS, c) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

bool id_parse(const char *text, int64_t *id)
{
    uint64_t value = 0;
    if (!text || strnlen(text, TEXT_CHARS + 1) != TEXT_CHARS)
        return false;
    if (digit_value(text[0]) > 7)
        return false;
    for (int i = 0; i < TEXT_CHARS; i++) {
        int digit = digit_value(text[i]);
        if (digit < 0)
            return false;
        value = value << 5 | (uint64_t)digit;
    }
    if (value == 0 || value > INT64_MAX)
        return false;
    *id = (int64_t)value;
    return true;
}

char *id_random_hex(struct arena *a, const char *prefix, size_t hex_digits)
{
    uint8_t bytes[64];
    CHECK(hex_digits <= 2 * sizeof bytes);
    digest_random(bytes, sizeof bytes);
    return arena_printf(a, "%s%.*s", prefix, (int)hex_digits, digest_hex(a, bytes, sizeof bytes));
}

char *id_uuid(struct arena *a)
{
    uint8_t b[UUID_BYTES];
    digest_random(b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    const char *hex = digest_hex(a, b, sizeof b);
    return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}
