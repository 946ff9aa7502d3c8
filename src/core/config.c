#include "core/config.h"
#include "core/config_table.h"
#include "core/limits.h"
#include "core/str.h"
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN_BYTES = 60 /* of a value or path in an error's text */, KEYS_MAX = 64 };

struct load {
    struct arena *arena;
    const struct config_key *keys;
    size_t key_count;
    struct config *config;
    FILE *file;
    const char *path;
    int line;
    bool seen[KEYS_MAX];
    const char *wrong; /* the first fault; reading stops there */
    int wrong_line;
};

static void refuse(struct load *l, const char *wrong)
{
    if (l->wrong)
        return;
    l->wrong = wrong;
    l->wrong_line = l->line;
}

static bool is_section(const struct load *l, const char *name, size_t n)
{
    for (size_t i = 0; i < l->key_count; i++) {
        if (strlen(l->keys[i].section) == n && memcmp(l->keys[i].section, name, n) == 0)
            return true;
    }
    return false;
}

/* "database, web … or log" */
static const char *sections(const struct load *l)
{
    struct buf b;
    buf_init(&b, l->arena);
    for (size_t i = 0; i < l->key_count; i++) {
        const char *section = l->keys[i].section;
        if (i > 0 && str_eq(section, l->keys[i - 1].section))
            continue;
        bool last = str_eq(section, l->keys[l->key_count - 1].section);
        buf_printf(&b, "%s%s", i == 0 ? "" : last ? " or " : ", ", section);
    }
    return buf_text(&b);
}

static void check_section(struct load *l, const char *line)
{
    const char *name = line + 1, *end = strchr(name, ']');
    if (*line != '[' || !end || is_section(l, name, (size_t)(end - name)))
        return;
    refuse(l, arena_printf(l->arena, "there is no section [%.*s]: use %s",
                           (int)(end - name < SHOWN_BYTES ? end - name : SHOWN_BYTES), name,
                           sections(l)));
}

/* inih's reader: one line, counted, without leading blanks (they would continue a value). */
static char *next_line(char *line, int size, void *arg)
{
    struct load *l = arg;
    int c, n = 0, bytes = 0;
    if (l->wrong || (c = getc_unlocked(l->file)) == EOF)
        return NULL;
    l->line++;
    for (; c != EOF && c != '\n'; c = getc_unlocked(l->file)) {
        if (c == '\0')
            refuse(l, "it contains a NUL byte: save it as plain text");
        if (++bytes > LIMIT_CONFIG_LINE_BYTES || n > size - 3) {
            refuse(l, arena_printf(l->arena, "the line is longer than %d bytes: shorten it",
                                   LIMIT_CONFIG_LINE_BYTES));
            return NULL;
        }
        if (n > 0 || (c != ' ' && c != '\t'))
            line[n++] = (char)c;
    }
    line[n] = '\0';
    check_section(l, line);
    if (l->wrong)
        return NULL;
    line[n++] = '\n';
    line[n] = '\0';
    return line;
}

static const struct config_key *find_key(const struct load *l, const char *section,
                                         const char *name)
{
    for (size_t i = 0; i < l->key_count; i++) {
        if (str_eq(l->keys[i].section, section) && str_eq(l->keys[i].name, name))
            return &l->keys[i];
    }
    return NULL;
}

static int take_value(void *arg, const char *section, const char *name, const char *value)
{
    struct load *l = arg;
    if (l->wrong)
        return 1;
    const struct config_key *k = find_key(l, section, name);
    if (!k) {
        refuse(l, arena_printf(l->arena, "there is no setting %.30s.%.60s: --help lists them all",
                               *section ? section : "(no section)", name));
        return 1;
    }
    if (l->seen[k - l->keys]) {
        refuse(l, arena_printf(l->arena, "%s.%s is set a second time: keep one of the two", section,
                               name));
        return 1;
    }
    l->seen[k - l->keys] = true;
    const char *must_be = config_set(l->arena, l->config, k, value);
    if (must_be)
        refuse(l, arena_printf(l->arena, "%s.%s = %.*s: it must be %s", section, name, SHOWN_BYTES,
                               value, must_be));
    return 1;
}

static const char *short_path(struct arena *a, const char *path)
{
    size_t n = strlen(path);
    return n <= SHOWN_BYTES ? path : arena_printf(a, "...%s", path + n - SHOWN_BYTES);
}

static enum rc read_file(struct load *l, struct err *e)
{
    int syntax_line = ini_parse_stream(next_line, l, take_value, l);
    if (ferror(l->file))
        return ERR(e, RC_IO, "The configuration cannot be read.", "read %s: %s", l->path,
                   strerror(errno));
    if (syntax_line > 0 && (!l->wrong || syntax_line < l->wrong_line)) {
        l->wrong = "it is neither [section], key = value nor a comment";
        l->wrong_line = syntax_line;
    }
    if (!l->wrong)
        return RC_OK;
    const char *text = arena_printf(l->arena, "%s, line %d: %s.", short_path(l->arena, l->path),
                                    l->wrong_line, l->wrong);
    return ERR(e, RC_INVALID, text, "%s:%d: %s", l->path, l->wrong_line, l->wrong);
}

/* REFUNDDESK_<SECTION>_<KEY> in the environment wins over the file. */
static enum rc read_environment(struct load *l, struct err *e)
{
    for (size_t i = 0; i < l->key_count; i++) {
        const struct config_key *k = &l->keys[i];
        char *name = arena_printf(l->arena, "REFUNDDESK_%s_%s", k->section, k->name);
        for (char *c = name; *c; c++)
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        const char *value = getenv(name);
        const char *must_be = value ? config_set(l->arena, l->config, k, value) : NULL;
        if (must_be)
            return ERR(e, RC_INVALID,
                       arena_printf(l->arena, "%s = %.*s: it must be %s.", name, SHOWN_BYTES, value,
                                    must_be),
                       "environment %s", name);
    }
    return RC_OK;
}

/* What two values, or a value and the folder, must be to each other. */
static enum rc check_whole(struct arena *a, const struct config *c, const char *path, struct err *e)
{
    size_t count;
    const struct config_order *orders = config_orders(&count);
    for (size_t i = 0; i < count; i++) {
        int64_t longer = config_ms_at(c, orders[i].longer_offset),
                than = config_ms_at(c, orders[i].than_offset);
        if (longer > than || (orders[i].equal_is_fine && longer == than))
            continue;
        const char *text =
            arena_printf(a, "%s: %s (%s) must %s %s (%s): raise the first or lower the second.",
                         short_path(a, path), orders[i].longer, config_show_ms(a, longer),
                         orders[i].equal_is_fine ? "not be shorter than" : "be longer than",
                         orders[i].than, config_show_ms(a, than));
        return ERR(e, RC_INVALID, text, "%s: %s", path, orders[i].longer);
    }
    const char *socket_path = config_path(a, c, c->wake_socket);
    if (strlen(socket_path) > LIMIT_SOCKET_PATH_BYTES) {
        const char *text = arena_printf(
            a,
            "worker.wake_socket makes a path of %zu bytes, a socket takes %d: use a shorter one.",
            strlen(socket_path), LIMIT_SOCKET_PATH_BYTES);
        return ERR(e, RC_INVALID, text, "%s: wake_socket %s", path, socket_path);
    }
    return RC_OK;
}

static const char *absolute(struct arena *a, const char *path)
{
    char *real = realpath(path, NULL);
    if (real) {
        const char *copy = arena_strdup(a, real);
        free(real);
        return copy;
    }
    if (*path == '/')
        return arena_strdup(a, path);
    char *cwd = getcwd(NULL, 0);
    const char *below = str_starts(path, "./") ? path + 2 : path;
    const char *joined = arena_printf(a, "%s/%s", str_or(cwd, ""), below);
    free(cwd);
    return joined;
}

enum rc config_load(struct arena *a, const char *home, const char *path, struct config *out,
                    struct err *e)
{
    struct config c = {.home = home ? absolute(a, home) : config_home(a)};
    struct load l = {.arena = a, .config = &c, .path = path};
    l.keys = config_keys(&l.key_count);
    CHECK(l.key_count <= KEYS_MAX);
    for (size_t i = 0; i < l.key_count; i++)
        CHECK(config_set(a, &c, &l.keys[i], l.keys[i].preset) == NULL);

    if (!path)
        l.path = config_path(a, &c, "refunddesk.conf");
    enum rc rc = RC_OK;
    l.file = fopen(l.path, "re");
    if (l.file) {
        rc = read_file(&l, e);
        fclose(l.file);
    } else if (path || errno != ENOENT) {
        const char *text = arena_printf(a, "The configuration %s cannot be read: %s.",
                                        short_path(a, l.path), strerror(errno));
        rc = ERR(e, errno == ENOENT ? RC_NOT_FOUND : RC_IO, text, "open %s", l.path);
    }
    if (rc == RC_OK)
        rc = read_environment(&l, e);
    if (rc == RC_OK)
        rc = check_whole(a, &c, l.path, e);
    if (rc == RC_OK)
        *out = c;
    return rc;
}

const char *config_home(struct arena *a)
{
    const char *home = getenv("REFUNDDESK_HOME");
    return absolute(a, home && *home ? home : "./var");
}

const char *config_path(struct arena *a, const struct config *c, const char *path)
{
    return *path == '/' ? arena_strdup(a, path) : arena_printf(a, "%s/%s", c->home, path);
}

const char *config_database(struct arena *a, const struct config *c)
{
    static const char scheme[] = "sqlite:";
    if (!str_starts(c->database_url, scheme))
        return c->database_url;
    return arena_printf(a, "%s%s", scheme, config_path(a, c, c->database_url + sizeof scheme - 1));
}

void config_print_help(FILE *to)
{
    size_t count;
    const struct config_key *keys = config_keys(&count);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "%s.%s = %s   %s\n", keys[i].section, keys[i].name,
                *keys[i].preset ? keys[i].preset : "(none)", keys[i].sentence);
}
