#include "bin/program.h"
#include "core/digest.h"
#include "sql/sql.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
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

static void print_help(const struct program *p)
{
    printf("Usage: %s [--home DIR] [--config FILE]\n"
           "%s\n"
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

int program_fail(const struct app *app, const char *during, const struct err *e)
{
    fprintf(stderr, "refunddesk-%s: %s\n", app->log.program, e->text);
    log_err(&app->log, during, e);
    return EXIT_FAILURE;
}

static enum rc load_keys(const struct program *p, struct arena *a, struct app *app, struct err *e)
{
    const struct config *c = &app->config;
    enum rc rc = secret_load_public(config_path(a, c, "keys/worker.pub"), &app->worker_key, e);
    if (rc == RC_OK && p->opens_desk_key)
        rc = secret_load_secret(config_path(a, c, "keys/desk.key"), &app->desk_key, e);
    return rc;
}

static int open_and_run(const struct program *p, struct arena *a, const char *home,
                        const char *config_file)
{
    static struct app app; /* a signal handler may reach it until the very end */
    struct err e;
    app = (struct app){.log = {.program = p->log_name, .least = LOG_INFO, .fd = 2}, .wake_fd = -1};
    if (config_load(a, home, config_file, &app.config, &e) != RC_OK)
        return program_fail(&app, "reading the configuration", &e);
    (void)log_level_parse(app.config.log_level, &app.log.least);
    id_init(p->slot, (int)app.config.node);
    if (load_keys(p, a, &app, &e) != RC_OK)
        return program_fail(&app, "loading the keys", &e);
    const struct sql_options sql = {.catalog = &sql_catalog_desk,
                                    .clock = &app.clock,
                                    .log = &app.log,
                                    .write_wait_ms = app.config.write_wait_ms,
                                    .batch_limit = (int)app.config.batch_limit};
    if (sql_open(&app.db, config_database(a, &app.config), &sql, &e) != RC_OK)
        return program_fail(&app, "opening the database", &e);
    app_wake_open(&app);
    int code = p->run(&app, a);
    sql_close(app.db);
    app_wake_close(&app);
    secret_wipe(&app.desk_key);
    return code;
}

int program_main(int argc, char **argv, const struct program *program)
{
    static const struct rlimit no_core = {0, 0};
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
    if (program->before_threads != NULL)
        program->before_threads();
    umask(077);
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_DUMPABLE, 0);
    digest_init();
    struct arena *a = arena_new(ARENA_BYTES);
    int status = open_and_run(program, a, home != NULL ? home : config_home(a), config_file);
    arena_free(a);
    return status;
}
