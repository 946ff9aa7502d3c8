/*
 * refunddesk-worker: sends refunds to gateways and settles what became of them.
 */
#include "worker/worker.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/str.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#define PROGRAM    "refunddesk-worker"
#define EXIT_USAGE 2

static const char help[] =
    "Usage: " PROGRAM " [--home DIR] [--config FILE]\n"
    "Claims jobs, calls payment gateways, and applies what they answer.\n"
    "\n"
    "  --home DIR       instance folder (default: $REFUNDDESK_HOME, else ./var)\n"
    "  --config FILE    configuration (default: refunddesk.conf in the instance folder)\n"
    "  --help           this text\n"
    "  --version        the version\n";

static const struct option options[] = {
    {"home", required_argument, NULL, 'h'},
    {"config", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'H'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static volatile int stopping;
static struct app app = {.log = {.program = "worker", .least = LOG_INFO, .fd = 2}, .wake_fd = -1};

/* Sets the flag and ends the wait: a datagram to our own wake-up socket. */
static void on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    app_wake_worker(&app);
}

static int fail(const char *during, const struct err *e)
{
    fprintf(stderr, PROGRAM ": %s\n", e->text);
    log_err(&app.log, during, e);
    return EXIT_FAILURE;
}

static enum rc open_all(struct arena *a, struct worker *w, struct err *e)
{
    const struct config *c = &app.config;
    const struct sql_options sql = {.catalog = &sql_catalog_desk,
                                    .clock = &app.clock,
                                    .log = &app.log,
                                    .write_wait_ms = c->write_wait_ms,
                                    .batch_limit = (int)c->batch_limit};
    const struct http_options http = {.connect_timeout_ms = c->connect_timeout_ms,
                                      .request_timeout_ms = c->request_timeout_ms,
                                      .allow_loopback_http = true};
    enum rc rc = secret_load_secret(config_path(a, c, "keys/worker.key"), &w->secret, e);
    if (rc == RC_OK) {
        w->has_secret = true;
        rc = sql_open(&app.db, config_database(a, c), &sql, e);
    }
    if (rc == RC_OK)
        rc = http_open(&w->http, &http, e);
    if (rc == RC_OK)
        rc = worker_open_wake(w, e);
    return rc;
}

static void take_signals(void)
{
    struct sigaction action = {.sa_handler = on_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int run(struct arena *a, const char *home, const char *config_file)
{
    struct worker w = {.app = &app, .wake_fd = -1};
    struct err e;
    if (config_load(a, home, config_file, &app.config, &e) != RC_OK)
        return fail("reading the configuration", &e);
    id_init(ID_WORKER, (int)app.config.node);
    if (open_all(a, &w, &e) != RC_OK)
        return fail("starting", &e);
    app_wake_open(&app);
    take_signals();
    log_event(&app.log, LOG_INFO, "started", NULL);
    worker_run(&w, &stopping);
    log_event(&app.log, LOG_INFO, "stopped", NULL);
    http_close(w.http);
    sql_close(app.db);
    app_wake_close(&app);
    secret_wipe(&w.secret);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new(64u << 10);
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
            fputs(help, stdout);
            return EXIT_SUCCESS;
        case 'v':
            puts(PROGRAM " " REFUNDDESK_VERSION);
            return EXIT_SUCCESS;
        default:
            return EXIT_USAGE;
        }
    }
    umask(077);
    prctl(PR_SET_DUMPABLE, 0); /* no core dump ever holds a gateway's key */
    digest_init();
    int status = run(a, home != NULL ? home : config_home(a), config_file);
    arena_free(a);
    return status;
}
