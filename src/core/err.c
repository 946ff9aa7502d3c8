#include "core/err.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const RC_NAMES[RC_COUNT] = {
    [RC_OK] = "OK",
    [RC_NOT_FOUND] = "NOT_FOUND",
    [RC_INVALID] = "INVALID",
    [RC_DENIED] = "DENIED",
    [RC_UNAUTHORIZED] = "UNAUTHORIZED",
    [RC_CONFLICT] = "CONFLICT",
    [RC_TOO_LARGE] = "TOO_LARGE",
    [RC_UNSUPPORTED] = "UNSUPPORTED",
    [RC_LIMITED] = "LIMITED",
    [RC_BUSY] = "BUSY",
    [RC_IO] = "IO",
    [RC_INTERNAL] = "INTERNAL",
};

/* Never cuts inside a UTF-8 character. */
static void copy_cut(char *dst, size_t size, const char *src)
{
    size_t n = strlen(src);
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)src[n] & 0xc0) == 0x80)
            n--;
    }
    memmove(dst, src, n);
    dst[n] = '\0';
}

enum rc err_fill(struct err *e, enum rc rc, const char *file, int line, const char *text,
                 const char *detail_fmt, ...)
{
    /* text and the arguments may point into *e: an error that is told again with more detail. */
    char detail[sizeof e->detail * 2];
    va_list ap;
    va_start(ap, detail_fmt);
    int n = vsnprintf(detail, sizeof detail, detail_fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    CHECK(rc > RC_OK && rc < RC_COUNT);

    e->rc = rc;
    copy_cut(e->text, sizeof e->text, text);
    copy_cut(e->detail, sizeof e->detail, detail);
    e->file = file;
    e->line = line;
    return rc;
}

const char *rc_name(enum rc rc)
{
    CHECK(rc >= 0 && rc < RC_COUNT);
    return RC_NAMES[rc];
}

_Noreturn void err_bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "bug: %s:%d: %s\n", file, line, what);
    fflush(stderr);
    abort();
}
