/*
 * Text: a growable buffer in an arena, and the few comparisons the programs need.
 * All text is UTF-8 and zero-terminated; lengths are bytes.
 */
#ifndef CORE_STR_H
#define CORE_STR_H

#include "core/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* data is always zero-terminated once something was added; len excludes the terminator. */
struct buf {
    struct arena *arena;
    char *data;
    size_t len;
    size_t cap;
};

/* An empty buffer that grows in the arena; all of these add at its end. */
void buf_init(struct buf *b, struct arena *a);
void buf_add(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The text so far ("" when nothing was added). */
const char *buf_text(const struct buf *b);

bool str_eq(const char *a, const char *b);  /* NULL equals NULL only */
bool str_ieq(const char *a, const char *b); /* ASCII case folded */
bool str_empty(const char *s);              /* NULL or "" */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
const char *str_or(const char *s, const char *otherwise); /* otherwise when NULL */
/* Copies at most size-1 bytes and terminates; false when it had to cut. */
bool str_copy(char *dst, size_t size, const char *src);

char *str_lower(struct arena *a, const char *s); /* ASCII only; other bytes as they are */
/* Without leading and trailing ASCII white space. */
char *str_trim(struct arena *a, const char *s);

/* True when the n bytes are well-formed UTF-8 without NUL, surrogates or overlongs. */
bool str_utf8_valid(const char *s, size_t n);
/* Bytes of the well-formed character that begins at s (n bytes are there); 0: it is not one. */
size_t str_utf8_next(const char *s, size_t n);
/* True when every byte is 0x20..0x7e. */
bool str_printable_ascii(const char *s);
/* Bytes of the longest whole-character prefix that is at most n bytes. */
size_t str_utf8_cut(const char *s, size_t n);

/* Digits only, no sign, no overflow. */
bool str_parse_i64(const char *s, int64_t *out);

#endif
