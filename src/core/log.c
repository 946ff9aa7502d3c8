#include "core/log.h"
#include "core/limits.h"
#include "core/str.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CUT   "…"
#define WRONG "\xef\xbf\xbd"

/* Room that is always kept: the cut mark, the closing quote and brace, the line feed. */
enum { TAIL_BYTES = sizeof CUT + 3, ESCAPE_BYTES = 6 };

struct line {
    size_t len;
    char data[LIMIT_LOG_LINE_BYTES];
};

static const char *const LEVELS[] = {"debug", "info", "warn", "error"};

static void line_add(struct line *l, const char *text, size_t n)
{
    memcpy(l->data + l->len, text, n);
    l->len += n;
}

/* Writes the character at s as JSON into out and tells how many bytes of s it was. */
static size_t escape(const char *s, char out[ESCAPE_BYTES + 1])
{
    unsigned char c = (unsigned char)*s;
    size_t n = str_utf8_next(s, strlen(s));
    if (n == 0) {
        snprintf(out, ESCAPE_BYTES + 1, "%s", WRONG);
        return 1;
    }
    if (c == '"' || c == '\\')
        snprintf(out, ESCAPE_BYTES + 1, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
        snprintf(out, ESCAPE_BYTES + 1, "\\u%04x", c);
    else
        snprintf(out, ESCAPE_BYTES + 1, "%.*s", (int)n, s);
    return n;
}

static void line_quote(struct line *l, const char *text)
{
    line_add(l, "\"", 1);
    while (*text) {
        char out[ESCAPE_BYTES + 1];
        text += escape(text, out);
        size_t n = strlen(out);
        if (l->len + n + TAIL_BYTES > sizeof l->data) {
            line_add(l, CUT, sizeof CUT - 1);
            break;
        }
        line_add(l, out, n);
    }
    line_add(l, "\"", 1);
}

static void line_pair(struct line *l, const char *key, const char *value)
{
    size_t least = strlen(key) + sizeof ",\"\":null" + TAIL_BYTES;
    if (l->len + least > sizeof l->data)
        return;
    line_add(l, l->len ? "," : "{", 1);
    line_quote(l, key);
    line_add(l, ":", 1);
    if (value)
        line_quote(l, value);
    else
        line_add(l, "null", 4);
}

static void line_time(struct line *l)
{
    struct timeval now;
    struct tm tm;
    char second[32], at[48];
    gettimeofday(&now, NULL);
    CHECK(gmtime_r(&now.tv_sec, &tm) != NULL);
    CHECK(strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &tm) > 0);
    snprintf(at, sizeof at, "%s.%03dZ", second, (int)(now.tv_usec / 1000));
    line_pair(l, "at", at);
}

/* A log that cannot be written must not stop the program: there is nobody to tell. */
static void line_write(struct line *l, int fd)
{
    line_add(l, "}\n", 2);
    for (size_t done = 0; done < l->len;) {
        ssize_t n = write(fd, l->data + done, l->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

bool log_level_parse(const char *name, enum log_level *level)
{
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++) {
        if (str_eq(name, LEVELS[i])) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_event(const struct log *l, enum log_level level, const char *event, ...)
{
    if (level < l->least)
        return;
    struct line line = {.len = 0};
    line_time(&line);
    line_pair(&line, "level", LEVELS[level]);
    line_pair(&line, "program", str_or(l->program, ""));
    line_pair(&line, "event", event);

    va_list ap;
    va_start(ap, event);
    for (const char *key; (key = va_arg(ap, const char *)) != NULL;)
        line_pair(&line, key, va_arg(ap, const char *));
    va_end(ap);
    line_write(&line, l->fd > 0 ? l->fd : STDERR_FILENO);
}

void log_err(const struct log *l, const char *during, const struct err *e)
{
    char at[16];
    snprintf(at, sizeof at, "%d", e->line);
    bool ours = e->rc == RC_IO || e->rc == RC_INTERNAL;
    log_event(l, ours ? LOG_ERROR : LOG_WARN, "error", "during", during, "rc", rc_name(e->rc),
              "text", e->text, "detail", e->detail, "file", e->file, "line", at, NULL);
}
