/*
 * init and migrate: what the other programs expect to find.
 */
#include "core/id.h"
#include "core/secret.h"
#include "core/str.h"
#include "ctl/commands.h"
#include "sql/queries.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct ctl_option init_options[] = {
    {"--demo", NULL, "for plain http on loopback: cookies without \"secure\""},
    {0},
};

/* mkdir -p; what is new gets `mode`. An instance folder that others may enter is closed to them. */
static enum rc make_folder(struct ctl *c, const char *path, mode_t mode, struct err *e)
{
    char *copy = arena_strdup(c->arena, path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)!mkdir(copy, 0755);
        *slash = '/';
    }
    if (mkdir(path, mode) == 0 && chmod(path, mode) == 0) {
        printf("made %s\n", path);
        return RC_OK;
    }
    struct stat st;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return RC_OK;
    return ERR(e, RC_IO,
               arena_printf(c->arena, "%.160s cannot be made: %s.", path, strerror(errno)),
               "mkdir %s: %s", path, strerror(errno));
}

static enum rc close_to_others(struct ctl *c, const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st) == 0 &&
        ((st.st_mode & S_IRWXO) == 0 || chmod(path, st.st_mode & 0770) == 0))
        return RC_OK;
    return ERR(e, RC_IO,
               arena_printf(c->arena, "%.160s is open to other users and cannot be closed: %s.",
                            path, strerror(errno)),
               "chmod %s: %s", path, strerror(errno));
}

/* ---- refunddesk.conf
 * -------------------------------------------------------------------------------- */

/* One line of config_print_help, "section.key = default   sentence", as it stands in a file: every
 * setting as a comment, so that a later release's defaults hold until somebody decides. */
static void add_setting(struct buf *b, char *line, const char **section, bool demo)
{
    char *dot = strchr(line, '.'), *equals = dot ? strstr(dot, " = ") : NULL;
    char *gap = equals ? strstr(equals, "   ") : NULL;
    CHECK(gap != NULL);
    *dot = *equals = *gap = '\0';
    const char *key = dot + 1, *preset = equals + 3, *sentence = gap + 3;
    if (!str_eq(*section, line)) {
        *section = arena_strdup(b->arena, line);
        buf_printf(b, "\n[%s]\n", line);
    }
    buf_printf(b, "# %s\n", sentence);
    if (demo && str_eq(line, "web") && str_eq(key, "cookie_secure"))
        buf_printf(b, "%s = false\n", key);
    else
        buf_printf(b, "# %s = %s\n", key, preset);
}

static const char *configuration(struct arena *a, bool demo)
{
    char *help = NULL, *rest, *line;
    size_t n = 0;
    const char *section = NULL;
    struct buf b;
    FILE *to = open_memstream(&help, &n);
    CHECK(to != NULL);
    config_print_help(to);
    CHECK(fclose(to) == 0);
    buf_init(&b, a);
    buf_puts(&b, "# refunddesk. What is commented out is the default. Times: 500ms, 5s, 15min, 8h, "
                 "10d.\n");
    rest = help;
    while ((line = strsep(&rest, "\n")) != NULL)
        if (*line)
            add_setting(&b, line, &section, demo);
    free(help);
    return buf_text(&b);
}

static enum rc make_configuration(struct ctl *c, struct err *e)
{
    const char *path = arena_printf(c->arena, "%s/refunddesk.conf", c->home);
    if (access(path, F_OK) == 0)
        return RC_OK;
    enum rc rc =
        ctl_write_file(c, path, 0644, configuration(c->arena, ctl_option(c, "--demo") != NULL), e);
    if (rc == RC_OK)
        printf("made %s\n", path);
    return rc;
}

/* ---- keys
 * -------------------------------------------------------------------------------------------- */

static enum rc make_keys(struct ctl *c, struct err *e)
{
    static const char *const owners[] = {"worker", "desk"};
    const char *folder = arena_printf(c->arena, "%s/keys", c->home);
    enum rc rc = make_folder(c, folder, 0711, e);
    for (size_t i = 0; rc == RC_OK && i < sizeof owners / sizeof owners[0]; i++) {
        const char *secret = arena_printf(c->arena, "%s/%s.key", folder, owners[i]);
        const char *public = arena_printf(c->arena, "%s/%s.pub", folder, owners[i]);
        bool there = access(secret, F_OK) == 0;
        rc = secret_keys_create(secret, public, e);
        if (rc == RC_OK && !there)
            printf("made %s and %s\n", secret, public);
    }
    return rc;
}

/* ---- database
 * ---------------------------------------------------------------------------------------- */

struct applied {
    struct ctl *c;
    int64_t since_ms;
    int64_t version;
    struct buf names;
};

static enum rc read_applied(struct sql *q, void *arg, struct err *e)
{
    struct applied *x = arg;
    struct sql_cur c;
    sql_begin(q, &c, SQL_SCHEMA_MIGRATIONS, SQL_NO_ARGS);
    while (sql_next(&c)) {
        x->version = sql_i64(&c);
        const char *name = sql_text(&c, x->c->arena);
        if (sql_i64(&c) >= x->since_ms)
            buf_printf(&x->names, "applied %lld %s\n", (long long)x->version, name);
    }
    return sql_end(&c, e);
}

static enum rc migrate(struct ctl *c, bool create, struct err *e)
{
    struct applied x = {.c = c, .since_ms = clock_wall_ms(&c->app.clock)};
    buf_init(&x.names, c->arena);
    enum rc rc = ctl_open(c, create, true, e);
    if (rc == RC_OK)
        rc = sql_read(c->app.db, read_applied, &x, e);
    if (rc != RC_OK)
        return rc;
    fputs(buf_text(&x.names), stdout);
    printf("the schema is at version %lld%s\n", (long long)x.version,
           x.names.len ? "" : "; nothing to do");
    return RC_OK;
}

/* An instance of an earlier release may lack keys that a later one needs. */
enum rc cmd_migrate(struct ctl *c, struct err *e)
{
    enum rc rc = make_keys(c, e);
    return rc == RC_OK ? migrate(c, false, e) : rc;
}

enum rc cmd_init(struct ctl *c, struct err *e)
{
    enum rc rc = make_folder(c, c->home, 0700, e);
    if (rc == RC_OK)
        rc = close_to_others(c, c->home, e);
    if (rc == RC_OK)
        rc = make_configuration(c, e);
    if (rc == RC_OK)
        rc = config_load(c->arena, c->home, NULL, &c->app.config, e);
    if (rc != RC_OK)
        return rc;
    c->home = c->app.config.home;
    id_init(ID_CTL, (int)c->app.config.node);
    rc = make_keys(c, e);
    return rc == RC_OK ? migrate(c, true, e) : rc;
}
