/*
 * Percent-encoding of RFC 3986 and of forms.
 */
#ifndef WEB_PERCENT_H
#define WEB_PERCENT_H

#include "core/arena.h"

enum percent_kind {
    PERCENT_FORM, /* "+" is a space */
    PERCENT_PATH  /* "+" is a plus; an encoded slash is refused */
};

/* NULL for a broken escape, a zero byte or text that is not UTF-8. */
char *percent_decode(struct arena *a, const char *text, size_t n, enum percent_kind kind);

/* Everything but A-Z a-z 0-9 - . _ ~ as %XX. */
char *percent_encode(struct arena *a, const char *text);
/* The same but for slashes: a decoded path becomes one that can be sent again. */
char *percent_encode_path(struct arena *a, const char *path);

#endif
