#include "targets.h"

#include "core/digest.h"
#include "core/str.h"
#include "notify/mail_encode.h"

#include <string.h>

#define LINE_BYTES 76

/* Only lines of printable ASCII, ended by CRLF. */
static void check_lines(const char *bytes, bool body)
{
    while (*bytes) {
        size_t n = strcspn(bytes, "\r\n");
        CHECK(n <= LINE_BYTES && str_starts(bytes + n, "\r\n"));
        CHECK(!body || (*bytes != '.' && !str_starts(bytes, "From ")));
        for (size_t i = 0; i < n; i++)
            CHECK(bytes[i] >= ' ' && bytes[i] <= '~');
        bytes += n + 2;
    }
}

static const char *decode_body(struct arena *a, const char *p)
{
    struct buf out;
    uint8_t byte;
    buf_init(&out, a);
    for (; *p; p++) {
        if (str_starts(p, "=\r\n")) {
            p += 2;
        } else if (*p == '=') {
            CHECK(digest_unhex(arena_strndup(a, p + 1, 2), &byte, 1) == 0);
            buf_putc(&out, (char)byte);
            p += 2;
        } else if (*p != '\r') {
            buf_putc(&out, *p);
        }
    }
    return buf_text(&out);
}

static const char *decode_header(struct arena *a, const char *p)
{
    static const char BEGIN[] = " =?UTF-8?B?";
    struct buf out;
    buf_init(&out, a);
    p += strlen("Subject:");
    if (!str_starts(p, BEGIN))
        return arena_strndup(a, p + 1, strcspn(p, "\r") - 1);
    while (*p) {
        size_t n, length = strcspn(p + strlen(BEGIN), "?");
        CHECK(str_starts(p, BEGIN));
        p += strlen(BEGIN);
        const uint8_t *word = digest_unbase64(a, arena_strndup(a, p, length), &n);
        CHECK(word != NULL && str_utf8_valid((const char *)word, n));
        buf_add(&out, word, n);
        p += length;
        CHECK(str_starts(p, "?=\r\n"));
        p += 4;
    }
    return buf_text(&out);
}

/* A text in a header and as a body: nothing but lines of mail, which read back as the text. */
void fuzz_mail(struct arena *a, const char *text, size_t n)
{
    struct buf header, body;
    (void)n;
    buf_init(&header, a);
    buf_init(&body, a);
    mail_put_header(&header, "Subject", text);
    mail_put_body(&body, text);
    check_lines(buf_text(&header), false);
    CHECK(str_eq(decode_header(a, buf_text(&header)), mail_clean(a, text)));
    check_lines(buf_text(&body), true);
    CHECK(strstr(buf_text(&body), "=_") == NULL);
    const char *again = decode_body(a, buf_text(&body));
    CHECK(str_starts(again, text));
    CHECK(str_eq(again + strlen(text), *text == '\0' || str_ends(text, "\n") ? "" : "\n"));
}
