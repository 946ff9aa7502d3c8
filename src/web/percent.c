#include "web/percent.h"
#include "core/str.h"
#include <stdbool.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

char *percent_decode(struct arena *a, const char *text, size_t n, enum percent_kind kind)
{
    char *out = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '+' && kind == PERCENT_FORM) {
            c = ' ';
        } else if (c == '%') {
            bool whole = n - i > 2;
            int high = whole ? hex_value(text[i + 1]) : -1;
            int low = whole ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
            if (c == '/' && kind == PERCENT_PATH)
                return NULL;
        }
        out[len++] = c;
    }
    return str_utf8_valid(out, len) ? out : NULL;
}

static char *encode(struct arena *a, const char *text, const char *kept)
{
    static const char HEX[] = "0123456789ABCDEF";
    char *out = arena_array(a, strlen(text) * 3 + 1, 1);
    size_t len = 0;
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr(kept, c) != NULL;
        if (plain) {
            out[len++] = (char)c;
        } else {
            out[len++] = '%';
            out[len++] = HEX[c >> 4];
            out[len++] = HEX[c & 15];
        }
    }
    return out;
}

char *percent_encode(struct arena *a, const char *text)
{
    return encode(a, text, "-._~");
}

char *percent_encode_path(struct arena *a, const char *path)
{
    return encode(a, path, "-._~/");
}
