#include "notify/mail_encode.h"

#include "core/clock.h"

#include <string.h>

enum {
    LINE_BYTES = 76,
    PLAIN_BYTES = 60, /* of a header's text that may stand as it is, with its name in one line */
    WORD_BYTES = 39,  /* in one encoded word: with "Subject:" and its frame 73 */
};

/* ---- cleaning ---------------------------------------------------------------------------------
 */

/* The code point of a well-formed character of n bytes. */
static uint32_t code_point(const char *s, size_t n)
{
    static const unsigned char FIRST[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = (unsigned char)*s & FIRST[n];
    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)s[i] & 0x3f);
    return c;
}

static bool is_control(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } RANGES[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
                  {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e},
                  {0x2060, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}};
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++) {
        if (c >= RANGES[i].from && c <= RANGES[i].to)
            return true;
    }
    return false;
}

const char *mail_clean(struct arena *a, const char *text)
{
    struct buf out;
    size_t left = strlen(text);
    buf_init(&out, a);
    while (left > 0) {
        size_t n = str_utf8_next(text, left);
        if (n == 0)
            buf_putc(&out, '?');
        else if (is_control(code_point(text, n)))
            buf_putc(&out, ' ');
        else
            buf_add(&out, text, n);
        text += n == 0 ? 1 : n;
        left -= n == 0 ? 1 : n;
    }
    return buf_text(&out);
}

/* ---- headers ----------------------------------------------------------------------------------
 */

static void put_base64(struct buf *out, const char *bytes, size_t n)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        uint32_t group = (uint32_t)(unsigned char)bytes[i] << 16;
        if (i + 1 < n)
            group |= (uint32_t)(unsigned char)bytes[i + 1] << 8;
        if (i + 2 < n)
            group |= (unsigned char)bytes[i + 2];
        buf_putc(out, DIGITS[group >> 18]);
        buf_putc(out, DIGITS[group >> 12 & 63]);
        buf_putc(out, i + 1 < n ? DIGITS[group >> 6 & 63] : '=');
        buf_putc(out, i + 2 < n ? DIGITS[group & 63] : '=');
    }
}

void mail_put_header(struct buf *out, const char *name, const char *text)
{
    text = mail_clean(out->arena, text);
    buf_printf(out, "%s:", name);
    if (str_printable_ascii(text) && strlen(text) <= PLAIN_BYTES && strstr(text, "=?") == NULL) {
        buf_printf(out, " %s\r\n", text);
        return;
    }
    while (*text) {
        size_t n = str_utf8_cut(text, WORD_BYTES);
        buf_puts(out, " =?UTF-8?B?");
        put_base64(out, text, n);
        buf_puts(out, "?=\r\n");
        text += n;
    }
}

const char *mail_date(struct arena *a, int64_t wall_ms)
{
    static const char DAYS[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char MONTHS[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const char *iso = clock_iso(a, wall_ms); /* 2026-11-21T08:35:57Z */
    int month = (iso[5] - '0') * 10 + (iso[6] - '0');
    CHECK(wall_ms >= 0 && month >= 1 && month <= 12);
    return arena_printf(a, "%s, %.2s %s %.4s %.8s +0000", DAYS[(wall_ms / CLOCK_DAY_MS + 4) % 7],
                        iso + 8, MONTHS[month - 1], iso, iso + 11);
}

/* ---- bodies -----------------------------------------------------------------------------------
 */

static bool stands_alone(const char *text, const char *line)
{
    char c = *text;
    bool ends_line = text[1] == '\n' || text[1] == '\0';
    if (c == ' ')
        return !ends_line;
    if (c == '.' || c == 'F')
        return text != line; /* ".": the end of a mail; "From ": of one in a mailbox file */
    return c > ' ' && c <= '~' && c != '=';
}

/* One line, without its end. */
static void put_line(struct buf *out, const char *line, size_t n)
{
    static const char HEX[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < n; i++) {
        bool plain = stands_alone(line + i, line);
        size_t room = plain ? 1 : 3;
        if (column + room > LINE_BYTES - 1) {
            buf_puts(out, "=\r\n");
            column = 0;
            /* what now begins a line must not be what a line may not begin with */
            plain = plain && line[i] != '.' && line[i] != 'F';
            room = plain ? 1 : 3;
        }
        if (plain) {
            buf_putc(out, line[i]);
        } else {
            buf_putc(out, '=');
            buf_putc(out, HEX[(unsigned char)line[i] >> 4]);
            buf_putc(out, HEX[(unsigned char)line[i] & 15]);
        }
        column += room;
    }
    buf_puts(out, "\r\n");
}

void mail_put_body(struct buf *out, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        put_line(out, text, n);
        text += n;
        text += *text == '\n';
    }
}
