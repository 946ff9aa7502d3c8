#include "web/multipart.h"

#include "core/limits.h"
#include "core/str.h"
#include "web/percent.h"

#include <string.h>

#define CUT_OFF "The upload was cut off, or is not multipart/form-data as it says."

enum { BOUNDARY_MAX = 70, BUFFER_BYTES = 16384 };

struct multipart {
    struct arena *arena;
    const struct web_source *from;
    char delimiter[4 + BOUNDARY_MAX + 1]; /* CR LF "--" boundary */
    size_t delimiter_n;
    bool in_part, ended, source_ended;
    int parts;
    size_t have, at; /* buffer[at … have) is not used yet */
    char buffer[BUFFER_BYTES];
};

/* ---- parameters of a header --------------------------------------------------------------------
 */

/* The next `;` that stands in no quotes; NULL when there is none. */
static const char *next_parameter(const char *text)
{
    bool quoted = false;
    for (; *text != '\0' && (quoted || *text != ';'); text++) {
        if (quoted && text[0] == '\\' && text[1] == '"')
            text++;
        else if (*text == '"')
            quoted = !quoted;
    }
    return *text == ';' ? text : NULL;
}

/* The value of `name` in `; name=value; name="value"`; NULL when absent or unclosed. Browsers write
 * a quote in a name as %22; others as \". */
static const char *parameter(struct arena *a, const char *text, const char *name)
{
    size_t name_n = strlen(name);
    while ((text = next_parameter(text)) != NULL) {
        text += 1 + strspn(text + 1, " \t");
        if (strncasecmp(text, name, name_n) != 0 || text[name_n] != '=')
            continue;
        const char *value = text + name_n + 1;
        struct buf b;
        buf_init(&b, a);
        if (*value != '"') {
            buf_add(&b, value, strcspn(value, "; \t"));
            return buf_text(&b);
        }
        for (value++; *value != '"'; value++) {
            if (*value == '\0')
                return NULL;
            if (value[0] == '\\' && value[1] == '"')
                value++;
            buf_putc(&b, *value);
        }
        return buf_text(&b);
    }
    return NULL;
}

/* Windows' own clients send names in its code page: what is not ASCII cannot be told then. */
static const char *readable(struct arena *a, const char *text)
{
    if (text == NULL || str_utf8_valid(text, strlen(text)))
        return text;
    char *copy = arena_strdup(a, text);
    for (char *p = copy; *p != '\0'; p++) {
        if ((unsigned char)*p >= 0x80)
            *p = '_';
    }
    return copy;
}

/* filename*=UTF-8'language'… of RFC 5987 wins over filename="…". */
static const char *file_name_of(struct arena *a, const char *header)
{
    static const char CHARSET[] = "UTF-8'";
    const char *extended = parameter(a, header, "filename*");
    if (extended != NULL && strncasecmp(extended, CHARSET, sizeof CHARSET - 1) == 0) {
        const char *value = strchr(extended + sizeof CHARSET - 1, '\'');
        const char *decoded =
            value != NULL ? percent_decode(a, value + 1, strlen(value + 1), PERCENT_PATH) : NULL;
        if (decoded != NULL)
            return decoded;
    }
    return readable(a, parameter(a, header, "filename"));
}

/* ---- opening -----------------------------------------------------------------------------------
 */

static bool is_boundary(const char *text)
{
    static const char CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789'()+_,-./:=? ";
    size_t n = text != NULL ? strlen(text) : 0;
    return n > 0 && n <= BOUNDARY_MAX && strspn(text, CHARACTERS) == n && text[n - 1] != ' ';
}

enum rc multipart_open(struct arena *a, const char *content_type, const struct web_source *from,
                       struct multipart **out, struct err *e)
{
    static const char TYPE[] = "multipart/form-data";
    size_t n = strcspn(content_type, "; \t");
    if (n != sizeof TYPE - 1 || strncasecmp(content_type, TYPE, n) != 0)
        return ERR(e, RC_UNSUPPORTED, "The body must be multipart/form-data.", "content type %.80s",
                   content_type);
    const char *boundary = parameter(a, content_type, "boundary");
    if (!is_boundary(boundary))
        return ERR(e, RC_INVALID, "The Content-Type has no usable boundary.", "content type %.80s",
                   content_type);
    struct multipart *m = arena_alloc(a, sizeof *m);
    m->arena = a;
    m->from = from;
    m->delimiter_n = 4 + strlen(boundary);
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary, m->delimiter_n - 4);
    /* The first boundary may stand at the very beginning: as if a line ended before it. */
    memcpy(m->buffer, "\r\n", 2);
    m->have = 2;
    m->in_part = true; /* what stands before the first boundary is passed over */
    *out = m;
    return RC_OK;
}

/* ---- bytes -------------------------------------------------------------------------------------
 */

/* More bytes behind those that are here; false when there are none to come or no room. */
static bool fill(struct multipart *m)
{
    if (m->at > 0) {
        memmove(m->buffer, m->buffer + m->at, m->have - m->at);
        m->have -= m->at;
        m->at = 0;
    }
    if (m->source_ended || m->have == BUFFER_BYTES)
        return false;
    ssize_t n = m->from->read(m->from->ctx, m->buffer + m->have, BUFFER_BYTES - m->have);
    m->source_ended = n <= 0;
    if (n > 0)
        m->have += (size_t)n;
    return n > 0;
}

ssize_t multipart_read(struct multipart *m, char *to, size_t room)
{
    if (!m->in_part)
        return 0;
    for (;;) {
        const char *from = m->buffer + m->at;
        size_t n = m->have - m->at;
        const char *found = memmem(from, n, m->delimiter, m->delimiter_n);
        if (found == from) {
            m->at += m->delimiter_n;
            m->in_part = false;
            return 0;
        }
        /* Without a delimiter its beginning may still be at the end of what is here. */
        size_t safe = found != NULL         ? (size_t)(found - from)
                      : n >= m->delimiter_n ? n - m->delimiter_n + 1
                                            : 0;
        if (safe > 0) {
            safe = safe < room ? safe : room;
            memcpy(to, from, safe);
            m->at += safe;
            return (ssize_t)safe;
        }
        if (!fill(m))
            return -1;
    }
}

static enum rc skip_part(struct multipart *m, struct err *e)
{
    char bytes[1024];
    size_t before_first = 0;
    ssize_t n;
    while ((n = multipart_read(m, bytes, sizeof bytes)) > 0) {
        before_first += (size_t)n;
        if (m->parts == 0 && before_first > LIMIT_PART_HEAD_BYTES)
            break;
    }
    if (n != 0)
        return ERR(e, RC_INVALID, CUT_OFF, "no boundary after part %d", m->parts);
    return RC_OK;
}

/* ---- heads -------------------------------------------------------------------------------------
 */

/* A line without its end; NULL when it does not end within `room`. */
static const char *read_line(struct multipart *m, size_t room)
{
    for (;;) {
        const char *from = m->buffer + m->at;
        const char *end = memmem(from, m->have - m->at, "\r\n", 2);
        if (end != NULL && (size_t)(end - from) > room)
            return NULL;
        if (end != NULL) {
            const char *line = arena_strndup(m->arena, from, (size_t)(end - from));
            m->at += (size_t)(end - from) + 2;
            return strlen(line) == (size_t)(end - from) ? line : NULL;
        }
        if (m->have - m->at > room || !fill(m))
            return NULL;
    }
}

static bool have_bytes(struct multipart *m, size_t n)
{
    while (m->have - m->at < n) {
        if (!fill(m))
            return false;
    }
    return true;
}

static enum rc bad_head(const struct multipart *m, struct err *e)
{
    return ERR(e, RC_INVALID, CUT_OFF, "the head of part %d", m->parts);
}

static enum rc read_head(struct multipart *m, struct multipart_part *part, struct err *e)
{
    static const char DISPOSITION[] = "content-disposition:";
    size_t room = LIMIT_PART_HEAD_BYTES;
    const char *line;
    *part = (struct multipart_part){NULL, NULL};
    while ((line = read_line(m, room)) != NULL && *line != '\0') {
        size_t n = strlen(line);
        room -= n < room ? n : room;
        if (strncasecmp(line, DISPOSITION, sizeof DISPOSITION - 1) != 0)
            continue;
        part->name = parameter(m->arena, line, "name");
        part->file_name = file_name_of(m->arena, line);
    }
    if (line == NULL || str_empty(part->name) || strlen(part->name) > LIMIT_FIELD_NAME_BYTES ||
        !str_utf8_valid(part->name, strlen(part->name)))
        return bad_head(m, e);
    m->in_part = true;
    return RC_OK;
}

enum rc multipart_next(struct multipart *m, struct multipart_part *part, bool *end, struct err *e)
{
    *end = m->ended;
    if (m->ended)
        return RC_OK;
    enum rc rc = skip_part(m, e);
    if (rc != RC_OK)
        return rc;
    if (!have_bytes(m, 2))
        return bad_head(m, e);
    if (memcmp(m->buffer + m->at, "--", 2) == 0) {
        *end = m->ended = true;
        return RC_OK;
    }
    if (++m->parts > LIMIT_PARTS)
        return ERR(e, RC_INVALID, "The upload has too many parts.", "over %d parts", LIMIT_PARTS);
    const char *rest = read_line(m, LIMIT_PART_HEAD_BYTES);
    if (rest == NULL || rest[strspn(rest, " \t")] != '\0')
        return bad_head(m, e);
    return read_head(m, part, e);
}
