/*
 * refunddesk-simgate: plays payment gateways for test mode, demo and tests.
 */
#include "simgate/simgate.h"
#include "core/clock.h"
#include "core/config.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/log.h"
#include "core/str.h"
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define PROGRAM          "refunddesk-simgate"
#define DEFAULT_PORT     8082
#define DEFAULT_PENDING  3000
#define MAX_PENDING_MS   INT64_C(86400000)
#define EXIT_USAGE       2
#define MAIN_ARENA_BYTES (64u << 10)

static const char help[] =
    "Usage: " PROGRAM " [--home DIR] [--port N] [--pending-ms N]\n"
    "Plays payment gateways over HTTP on 127.0.0.1, with a ledger in DIR/simgate.db.\n"
    "\n"
    "  --home DIR       instance folder (default: $REFUNDDESK_HOME, else ./var)\n"
    "  --port N         port, 0 for any free one (default 8082)\n"
    "  --pending-ms N   how long payments of 700 and more are pending (default 3000)\n"
    "  --help           this text\n"
    "  --version        the version\n";

struct arguments {
    const char *home;
    int64_t port;
    int64_t pending_ms;
};

static const struct option options[] = {
    {"home", required_argument, NULL, 'h'},       {"port", required_argument, NULL, 'p'},
    {"pending-ms", required_argument, NULL, 'w'}, {"help", no_argument, NULL, 'H'},
    {"version", no_argument, NULL, 'v'},          {NULL, 0, NULL, 0},
};

static _Noreturn void refuse(const char *what, const char *which)
{
    fprintf(stderr, PROGRAM ": %s%s; see --help\n", what, which);
    exit(EXIT_USAGE);
}

static int64_t number(const char *name, const char *text, int64_t max)
{
    int64_t n;

    if (!str_parse_i64(text, &n) || n > max)
        refuse("not a number that fits: ", name);
    return n;
}

static void read_arguments(int argc, char **argv, struct arguments *args)
{
    int c;

    opterr = 0;
    while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (c) {
        case 'h':
            args->home = optarg;
            break;
        case 'p':
            args->port = number("--port", optarg, 65535);
            break;
        case 'w':
            args->pending_ms = number("--pending-ms", optarg, MAX_PENDING_MS);
            break;
        case 'H':
            fputs(help, stdout);
            exit(EXIT_SUCCESS);
        case 'v':
            puts(PROGRAM " " REFUNDDESK_VERSION);
            exit(EXIT_SUCCESS);
        case ':':
            refuse("this option needs a value: ", argv[optind - 1]);
        default:
            refuse("unknown option: ", argv[optind - 1]);
        }
    }
    if (optind < argc)
        refuse("unexpected: ", argv[optind]);
}

static const char *absolute_home(struct arena *a, const char *home)
{
    char *path = realpath(home, NULL);
    const char *copy;
    struct stat st;

    if (!path || stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        refuse("there is no such folder: ", home);
    copy = arena_strdup(a, path);
    free(path);
    return copy;
}

/* Blocks the signals that end it, for all threads to come. */
static void block_signals(sigset_t *ending)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigemptyset(ending);
    sigaddset(ending, SIGINT);
    sigaddset(ending, SIGTERM);
    CHECK(sigprocmask(SIG_BLOCK, ending, NULL) == 0);
    CHECK(sigaction(SIGPIPE, &ignore, NULL) == 0);
}

int main(int argc, char **argv)
{
    static const struct rlimit no_core = {0, 0};
    const struct log log = {.program = "simgate", .least = LOG_INFO, .fd = 2};
    struct arguments args = {.port = DEFAULT_PORT, .pending_ms = DEFAULT_PENDING};
    struct simgate_options wanted;
    struct arena *a = arena_new(MAIN_ARENA_BYTES);
    struct simgate *simgate;
    sigset_t ending;
    struct err e;
    int port = 0, got;

    read_arguments(argc, argv, &args);
    umask(077);
    setrlimit(RLIMIT_CORE, &no_core); /* accounts of payouts pass through */
    prctl(PR_SET_DUMPABLE, 0);
    digest_init();
    id_init(ID_SIMGATE, 0);
    block_signals(&ending);
    wanted = (struct simgate_options){
        .home = absolute_home(a, args.home ? args.home : config_home(a)),
        .port = (int)args.port,
        .pending_ms = args.pending_ms,
        .log = &log,
    };
    if (simgate_start(&simgate, &wanted, &port, &e) != RC_OK) {
        fprintf(stderr, PROGRAM ": %s (%s)\n", e.text, e.detail);
        arena_free(a);
        return EXIT_FAILURE;
    }
    log_event(&log, LOG_INFO, "started", "url", arena_printf(a, "http://127.0.0.1:%d", port), NULL);
    CHECK(sigwait(&ending, &got) == 0);
    simgate_stop(simgate);
    log_event(&log, LOG_INFO, "stopped", NULL);
    arena_free(a);
    return EXIT_SUCCESS;
}
