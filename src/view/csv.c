#include "view/csv.h"

#include <string.h>

static void separate(struct buf *b)
{
    if (b->len > 0 && b->data[b->len - 1] != '\n')
        buf_putc(b, ',');
}

void csv_text(struct buf *b, const char *text)
{
    const char *t = str_or(text, "");
    bool quoted = strpbrk(t, ",\"\r\n") != NULL;
    bool formula = t[0] != '\0' && strchr("=+-@\t\r", t[0]) != NULL;
    /* An empty first cell must still be followed by a comma. */
    bool empty_first = t[0] == '\0' && (b->len == 0 || b->data[b->len - 1] == '\n');
    separate(b);
    if (quoted || empty_first)
        buf_putc(b, '"');
    if (formula)
        buf_putc(b, '\'');
    for (; *t != '\0'; t++) {
        if (*t == '"')
            buf_putc(b, '"');
        buf_putc(b, *t);
    }
    if (quoted || empty_first)
        buf_putc(b, '"');
}

void csv_number(struct buf *b, const char *digits)
{
    separate(b);
    buf_puts(b, digits);
}

void csv_end_row(struct buf *b)
{
    buf_puts(b, "\r\n");
}
