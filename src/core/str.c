#include "core/str.h"
#include <stdio.h>
#include <string.h>

enum { BUF_FIRST_BYTES = 128 };

void buf_init(struct buf *b, struct arena *a)
{
    *b = (struct buf){.arena = a};
}

static void buf_reserve(struct buf *b, size_t more)
{
    size_t need;
    CHECK(!__builtin_add_overflow(b->len, more, &need) && need < SIZE_MAX / 4);
    need++;
    if (need <= b->cap)
        return;
    size_t cap = b->cap ? b->cap : BUF_FIRST_BYTES;
    while (cap < need)
        cap *= 2;
    b->data = arena_grow(b->arena, b->data, b->cap, cap);
    b->cap = cap;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
    buf_reserve(b, n);
    if (n > 0)
        memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    buf_reserve(b, (size_t)n);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    va_end(again);
    b->len += (size_t)n;
}

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_eq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}

bool str_ieq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool str_empty(const char *s)
{
    return !s || !*s;
}

bool str_starts(const char *s, const char *prefix)
{
    return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    if (!s)
        return false;
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

const char *str_or(const char *s, const char *otherwise)
{
    return s ? s : otherwise;
}

bool str_copy(char *dst, size_t size, const char *src)
{
    CHECK(size > 0);
    size_t n = strnlen(src, size);
    bool whole = n < size;
    if (!whole)
        n = size - 1;
    memcpy(dst, src, n);
    dst[n] = '\0';
    return whole;
}

char *str_lower(struct arena *a, const char *s)
{
    char *copy = arena_strdup(a, s);
    for (char *p = copy; p && *p; p++)
        *p = lower(*p);
    return copy;
}

char *str_trim(struct arena *a, const char *s)
{
    if (!s)
        return NULL;
    while (is_space(*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && is_space(s[n - 1]))
        n--;
    return arena_strndup(a, s, n);
}

/* Bytes of the well-formed character at s, 0 when there is none (RFC 3629, NUL excluded). */
static size_t utf8_length(const unsigned char *s, size_t n)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high, length;
    } FORMS[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    if (s[0] >= 0x01 && s[0] <= 0x7f)
        return 1;
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        if (s[0] < FORMS[i].first_low || s[0] > FORMS[i].first_high)
            continue;
        size_t length = FORMS[i].length;
        if (n < length || s[1] < FORMS[i].second_low || s[1] > FORMS[i].second_high)
            return 0;
        for (size_t k = 2; k < length; k++) {
            if ((s[k] & 0xc0) != 0x80)
                return 0;
        }
        return length;
    }
    return 0;
}

size_t str_utf8_next(const char *s, size_t n)
{
    return n > 0 ? utf8_length((const unsigned char *)s, n) : 0;
}

bool str_utf8_valid(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t length = str_utf8_next(s + i, n - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

bool str_printable_ascii(const char *s)
{
    for (; *s; s++) {
        if (*s < 0x20 || *s > 0x7e)
            return false;
    }
    return true;
}

size_t str_utf8_cut(const char *s, size_t n)
{
    size_t length = strnlen(s, n + 1);
    if (length <= n)
        return length;
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

bool str_parse_i64(const char *s, int64_t *out)
{
    int64_t value = 0;
    if (str_empty(s))
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return false;
        if (__builtin_mul_overflow(value, INT64_C(10), &value) ||
            __builtin_add_overflow(value, (int64_t)(*s - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}
