#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

struct scan {
    struct arena *arena;
    const char *text;
    size_t n, at;
    int depth;
    size_t elements;
    bool trusted;      /* the program's own text: as large as it is */
    struct buf string; /* the string read last, unescaped */
    enum rc rc;
    const char *wrong;
    size_t wrong_at;
};

static bool read_value(struct scan *s, struct json_object **out);

static bool refuse(struct scan *s, size_t at, const char *wrong)
{
    s->rc = RC_INVALID;
    s->wrong = wrong;
    s->wrong_at = at;
    return false;
}

static bool refuse_size(struct scan *s, const char *what, unsigned limit)
{
    refuse(s, s->at, arena_printf(s->arena, "%s (at most %u)", what, limit));
    s->rc = RC_TOO_LARGE;
    return false;
}

/* The byte at the cursor; -1 at the end. */
static int peek(const struct scan *s)
{
    return s->at < s->n ? (unsigned char)s->text[s->at] : -1;
}

static bool take(struct scan *s, char c)
{
    if (peek(s) != (unsigned char)c)
        return false;
    s->at++;
    return true;
}

static void skip_space(struct scan *s)
{
    while (take(s, ' ') || take(s, '\t') || take(s, '\n') || take(s, '\r'))
        continue;
}

static bool refuse_byte(struct scan *s, const char *expected)
{
    int c = peek(s);
    if (c < 0)
        return refuse(s, s->at, arena_printf(s->arena, "it ends where %s is expected", expected));
    const char *found = c > 0x20 && c < 0x7f ? arena_printf(s->arena, "'%c'", c)
                                             : arena_printf(s->arena, "byte 0x%02x", (unsigned)c);
    return refuse(s, s->at, arena_printf(s->arena, "%s where %s is expected", found, expected));
}

static bool read_hex4(struct scan *s, unsigned *out)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        int c = peek(s);
        if (c >= '0' && c <= '9')
            value = value << 4 | (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (unsigned)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            value = value << 4 | (unsigned)(c - 'A' + 10);
        else
            return refuse_byte(s, "a hex digit of a \\u escape");
    }
    *out = value;
    return true;
}

static void add_utf8(struct buf *b, unsigned c)
{
    if (c < 0x80) {
        buf_putc(b, (char)c);
    } else if (c < 0x800) {
        buf_putc(b, (char)(0xc0 | c >> 6));
        buf_putc(b, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_putc(b, (char)(0xe0 | c >> 12));
        buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_putc(b, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_putc(b, (char)(0xf0 | c >> 18));
        buf_putc(b, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_putc(b, (char)(0x80 | (c & 0x3f)));
    }
}

/* After "\u". */
static bool read_unicode_escape(struct scan *s)
{
    size_t from = s->at - 2;
    unsigned c, low;
    if (!read_hex4(s, &c))
        return false;
    if (c == 0)
        return refuse(s, from, "\\u0000 is not accepted in a string");
    if (c >= 0xdc00 && c <= 0xdfff)
        return refuse(s, from, "half of a surrogate pair");
    if (c >= 0xd800 && c <= 0xdbff) {
        if (!take(s, '\\') || !take(s, 'u'))
            return refuse(s, from, "half of a surrogate pair");
        if (!read_hex4(s, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return refuse(s, from, "half of a surrogate pair");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    add_utf8(&s->string, c);
    return true;
}

/* After the backslash. */
static bool read_escape(struct scan *s)
{
    static const char NAMES[] = "\"\\/bfnrt", BYTES[] = "\"\\/\b\f\n\r\t";
    if (take(s, 'u'))
        return read_unicode_escape(s);
    int c = peek(s);
    const char *name = c > 0 ? strchr(NAMES, c) : NULL;
    if (!name)
        return refuse_byte(s, "one of \" \\ / b f n r t u after a backslash");
    buf_putc(&s->string, BYTES[name - NAMES]);
    s->at++;
    return true;
}

/* After the opening quote; the text is in s->string. */
static bool read_string(struct scan *s)
{
    size_t from = s->at - 1;
    s->string.len = 0;
    buf_puts(&s->string, "");
    for (;;) {
        int c = peek(s);
        if (c < 0)
            return refuse(s, from, "a string that does not end");
        if (c < 0x20)
            return refuse(s, s->at, "a raw control byte in a string (write it as \\u00XX)");
        if (take(s, '"'))
            return true;
        if (take(s, '\\')) {
            if (!read_escape(s))
                return false;
            continue;
        }
        size_t length = str_utf8_next(s->text + s->at, s->n - s->at);
        if (length == 0)
            return refuse(s, s->at, "bytes that are not UTF-8");
        buf_add(&s->string, s->text + s->at, length);
        s->at += length;
    }
}

static bool read_digits(struct scan *s)
{
    size_t from = s->at;
    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
    return s->at > from || refuse_byte(s, "a digit");
}

static struct json_object *new_number(const char *text, bool whole)
{
    int64_t value;
    bool minus = *text == '-';
    if (whole && str_parse_i64(text + minus, &value) && !(minus && value == 0))
        return json_object_new_int64(minus ? -value : value);
    return json_object_new_double_s(0, text);
}

static bool read_number(struct scan *s, struct json_object **out)
{
    size_t from = s->at;
    bool whole = true;
    take(s, '-');
    if (take(s, '0')) {
        if (peek(s) >= '0' && peek(s) <= '9')
            return refuse(s, from, "a number that begins with 0");
    } else if (!read_digits(s)) {
        return false;
    }
    if (take(s, '.')) {
        whole = false;
        if (!read_digits(s))
            return false;
    }
    if (take(s, 'e') || take(s, 'E')) {
        whole = false;
        if (!take(s, '+'))
            take(s, '-');
        if (!read_digits(s))
            return false;
    }
    *out = new_number(arena_strndup(s->arena, s->text + from, s->at - from), whole);
    CHECK(*out != NULL);
    return true;
}

static bool read_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if (s->n - s->at < n || memcmp(s->text + s->at, word, n) != 0)
        return refuse_byte(s, "a value");
    s->at += n;
    return true;
}

static bool count_element(struct scan *s)
{
    if (++s->elements > LIMIT_JSON_ELEMENTS && !s->trusted)
        return refuse_size(s, "too many elements", LIMIT_JSON_ELEMENTS);
    return true;
}

static bool read_member(struct scan *s, struct json_object *object)
{
    size_t from = s->at;
    if (!count_element(s))
        return false;
    if (!take(s, '"'))
        return refuse_byte(s, "a key in double quotes");
    if (!read_string(s))
        return false;
    const char *key = arena_strndup(s->arena, s->string.data, s->string.len);
    if (json_object_object_get_ex(object, key, NULL))
        return refuse(s, from, arena_printf(s->arena, "the key \"%.100s\" a second time", key));
    skip_space(s);
    if (!take(s, ':'))
        return refuse_byte(s, "a colon");
    struct json_object *value;
    if (!read_value(s, &value))
        return false;
    CHECK(json_object_object_add(object, key, value) == 0);
    return true;
}

static bool read_element(struct scan *s, struct json_object *array)
{
    struct json_object *value;
    if (!count_element(s) || !read_value(s, &value))
        return false;
    CHECK(json_object_array_add(array, value) == 0);
    return true;
}

static bool read_container(struct scan *s, char end, const char *expected,
                           bool (*read_one)(struct scan *, struct json_object *),
                           struct json_object *container)
{
    if (++s->depth > LIMIT_JSON_DEPTH && !s->trusted)
        return refuse_size(s, "nested too deeply", LIMIT_JSON_DEPTH);
    skip_space(s);
    if (!take(s, end)) {
        do {
            skip_space(s);
            if (!read_one(s, container))
                return false;
            skip_space(s);
        } while (take(s, ','));
        if (!take(s, end))
            return refuse_byte(s, expected);
    }
    s->depth--;
    return true;
}

/* What a failed read leaves half built is released here. */
static bool read_tree(struct scan *s, struct json_object **out)
{
    bool object = s->text[s->at++] == '{';
    struct json_object *tree = object ? json_object_new_object() : json_object_new_array();
    CHECK(tree != NULL);
    bool ok = object ? read_container(s, '}', "a comma or }", read_member, tree)
                     : read_container(s, ']', "a comma or ]", read_element, tree);
    if (ok)
        *out = tree;
    else
        json_object_put(tree);
    return ok;
}

static bool read_value(struct scan *s, struct json_object **out)
{
    *out = NULL;
    skip_space(s);
    int c = peek(s);
    switch (c) {
    case '{':
    case '[':
        return read_tree(s, out);
    case '"':
        s->at++;
        if (!read_string(s))
            return false;
        *out = json_object_new_string_len(s->string.data, (int)s->string.len);
        CHECK(*out != NULL);
        return true;
    case 't':
    case 'f':
        if (!read_word(s, c == 't' ? "true" : "false"))
            return false;
        *out = json_object_new_boolean(c == 't');
        CHECK(*out != NULL);
        return true;
    case 'n':
        return read_word(s, "null");
    default:
        return c == '-' || (c >= '0' && c <= '9') ? read_number(s, out) : refuse_byte(s, "a value");
    }
}

/* False, with nothing kept and s telling why. */
static bool read_whole(struct scan *s, struct json_object **root)
{
    *root = NULL;
    CHECK(s->n < INT32_MAX);
    buf_init(&s->string, s->arena);
    bool ok = read_value(s, root);
    if (ok) {
        skip_space(s);
        ok = s->at == s->n || refuse_byte(s, "the end");
    }
    if (!ok)
        json_object_put(*root);
    return ok;
}

struct json_object *json_built_in(struct arena *a, const char *text, size_t n)
{
    struct scan s = {.arena = a, .text = text, .n = n, .trusted = true};
    struct json_object *root;
    CHECK(read_whole(&s, &root));
    return json_keep(a, root);
}

/* What reading needs besides the tree is not the caller's to keep. */
enum rc json_read(struct arena *a, const char *text, size_t n, struct json_object **out,
                  struct err *e)
{
    struct scan s = {.arena = arena_new(LIMIT_ARENA_REQUEST_BYTES), .text = text, .n = n};
    struct json_object *root;
    const char *why = NULL;
    if (!read_whole(&s, &root))
        why = arena_printf(a, "The JSON is not accepted at byte %zu: %s.", s.wrong_at, s.wrong);
    arena_free(s.arena);
    if (why != NULL)
        return ERR(e, s.rc, why, "json of %zu bytes", n);
    *out = json_keep(a, root);
    return RC_OK;
}
