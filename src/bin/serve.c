#include "bin/serve.h"
#include "core/digest.h"
#include "sql/sql.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { EXIT_USAGE = 2, ARENA_BYTES = 64 << 10 };

static const struct option options[] = {
    {"home", required_argument, NULL, 'h'},
    {"config", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'H'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static void print_help(const struct serve_program *p)
{
    printf("Usage: %s [--home DIR] [--config FILE]\n"
           "%s\n"
           "Started by lighttpd or a systemd socket: descriptor 0 is a listening socket.\n"
           "\n"
           "  --home DIR       instance folder (default: $REFUNDDESK_HOME, else ./var)\n"
           "  --config FILE    configuration (default: refunddesk.conf in the instance folder)\n"
           "  --help           this text\n"
           "  --version        the version\n"
           "\n"
           "Configuration:\n",
           p->name, p->what);
    config_print_help(stdout);
}

static int fail(const struct app *app, const char *during, const struct err *e)
{
    fprintf(stderr, "%s: %s\n", app->log.program, e->text);
    log_err(&app->log, during, e);
    return EXIT_FAILURE;
}

static int threads_of(const struct config *c, const struct serve_program *p)
{
    int64_t n;
    memcpy(&n, (const char *)c + p->threads_offset, sizeof n);
    return (int)n;
}

static int run(struct arena *a, const struct serve_program *p, const char *home,
               const char *config_file)
{
    struct app app = {.log = {.program = p->web->name, .least = LOG_INFO, .fd = 2}, .wake_fd = -1};
    struct err e;
    if (config_load(a, home, config_file, &app.config, &e) != RC_OK)
        return fail(&app, "reading the configuration", &e);
    (void)log_level_parse(app.config.log_level, &app.log.least);
    id_init(p->slot, (int)app.config.node);
    const struct sql_options sql = {.catalog = &sql_catalog_desk,
                                    .clock = &app.clock,
                                    .log = &app.log,
                                    .write_wait_ms = app.config.write_wait_ms,
                                    .batch_limit = (int)app.config.batch_limit};
    if (sql_open(&app.db, config_database(a, &app.config), &sql, &e) != RC_OK)
        return fail(&app, "opening the database", &e);
    app_wake_open(&app);
    const struct fcgi_options serve = {threads_of(&app.config, p), p->templates};
    int code = fcgi_serve(&app, p->web, &serve);
    app_wake_close(&app);
    sql_close(app.db);
    return code;
}

int serve_main(int argc, char **argv, const struct serve_program *program)
{
    static const struct rlimit NO_CORE = {0, 0}; /* passwords and keys pass through */
    const char *home = NULL, *config_file = NULL;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'h':
            home = optarg;
            break;
        case 'c':
            config_file = optarg;
            break;
        case 'H':
            print_help(program);
            return EXIT_SUCCESS;
        case 'v':
            printf("%s %s\n", program->name, REFUNDDESK_VERSION);
            return EXIT_SUCCESS;
        default:
            return EXIT_USAGE;
        }
    }
    fcgi_block_signals(); /* before any thread is there */
    umask(077);
    setrlimit(RLIMIT_CORE, &NO_CORE);
    digest_init();
    struct arena *a = arena_new(ARENA_BYTES);
    int status = run(a, program, home ? home : config_home(a), config_file);
    arena_free(a);
    return status;
}
