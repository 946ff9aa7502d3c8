/*
 * The supervisor of `make run`: simulator, worker and lighttpd (which starts portal and API) in
 * one instance folder, in the foreground, until Ctrl-C.
 *
 *   REFUNDDESK_HOME (./var)  PORTAL_PORT (8080)  API_PORT (8081)  SIMGATE_PORT (8082)
 */
#include "bin/run_children.h"
#include "bin/run_files.h"
#include "core/config.h"
#include "core/limits.h"
#include "core/str.h"
#include <arpa/inet.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { SIMGATE, WORKER, LIGHTTPD, CHILDREN };
enum { READY_STEPS = 100, READY_STEP_MS = 100, WATCH_MS = 1000, PORT_MAX = 65535 };

static int complain(const char *text)
{
    fprintf(stderr, "run-instance: %s\n", text);
    return 1;
}

static struct sockaddr_in loopback(int64_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static bool port_is_free(int64_t port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool is_free = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0;
    close(fd);
    return is_free;
}

/* The ports, each free and none twice. One line says what is wrong. */
static bool read_ports(struct arena *a, struct run_ports *ports)
{
    const struct {
        const char *variable, *preset;
        int64_t *port;
    } rows[] = {{"PORTAL_PORT", "8080", &ports->portal},
                {"API_PORT", "8081", &ports->api},
                {"SIMGATE_PORT", "8082", &ports->simgate}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = str_or(getenv(rows[i].variable), rows[i].preset);
        if (!str_parse_i64(text, rows[i].port) || *rows[i].port < 1 || *rows[i].port > PORT_MAX) {
            complain(arena_printf(a, "%s=%.40s is not a port: use a number from 1 to %d",
                                  rows[i].variable, text, PORT_MAX));
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (*rows[k].port == *rows[i].port) {
                complain(arena_printf(a, "%s and %s are the same port", rows[k].variable,
                                      rows[i].variable));
                return false;
            }
        }
        if (!port_is_free(*rows[i].port)) {
            complain(arena_printf(a, "port %" PRId64 " is taken: set %s to a free one",
                                  *rows[i].port, rows[i].variable));
            return false;
        }
    }
    return true;
}

/* What the programs of a build tree must be told; what the caller has set stays. */
static void set_environment(struct arena *a, const struct run_place *p)
{
    setenv("REFUNDDESK_HOME", p->home, 1);
    setenv("REFUNDDESK_SIMULATOR_URL", run_files_url(a, p->ports.simgate), 1);
    setenv("REFUNDDESK_WEB_API_URL", run_files_url(a, p->ports.api), 0);
    setenv("REFUNDDESK_WEB_PORTAL_URL", run_files_url(a, p->ports.portal), 0);
    setenv("REFUNDDESK_WEB_TEMPLATES_DIR", arena_printf(a, "%s/templates", p->source), 0);
    setenv("REFUNDDESK_WEB_COOKIE_SECURE", "false", 0);
    setenv("REFUNDDESK_WEBHOOK_ALLOW_PRIVATE", "true", 0); /* a developer's own receiver */
    setenv("REFUNDDESK_DEMO_DIR", arena_printf(a, "%s/db/demo", p->source), 0);
}

static bool find_place(struct arena *a, struct run_place *p)
{
    static char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = n > 0 ? strrchr(self, '/') : NULL;
    if (!slash)
        return false;
    *slash = '\0';
    p->home = config_home(a);
    p->programs = self;
    p->source = RUN_SOURCE_DIR;
    return true;
}

/* Makes database, keys and demo when there are none; brings an older database up to date. */
static bool fill_instance(struct arena *a, const struct run_place *p, struct run_children *rc)
{
    const char *ctl = arena_printf(a, "%s/refundctl", p->programs);
    const char *const init[] = {ctl, "--home", p->home, "init", "--demo", NULL};
    const char *const demo[] = {ctl,
                                "--home",
                                p->home,
                                "demo",
                                "--portal-url",
                                run_files_url(a, p->ports.portal),
                                "--api-url",
                                run_files_url(a, p->ports.api),
                                NULL};
    bool wanted = run_files_demo_wanted(a, p);
    if (run_children_once(rc, init) != 0)
        return false;
    if (!wanted)
        return true;
    fprintf(stderr, "run-instance: making the demo in %s\n", p->home);
    if (run_children_once(rc, demo) != 0)
        return false;
    run_files_demo_done(a, p);
    return true;
}

static void plan(struct arena *a, const struct run_place *p, struct run_children *rc)
{
    rc->n = CHILDREN;
    rc->home = p->home;
    rc->child[SIMGATE] = (struct run_child){
        .name = "refunddesk-simgate",
        .argv = {arena_printf(a, "%s/refunddesk-simgate", p->programs), "--home", p->home, "--port",
                 arena_printf(a, "%" PRId64, p->ports.simgate)},
        .stop_signal = SIGTERM,
        .stop_ms = 5000};
    rc->child[WORKER] = (struct run_child){
        .name = "refunddesk-worker",
        .argv = {arena_printf(a, "%s/refunddesk-worker", p->programs), "--home", p->home},
        .stop_signal = SIGTERM,
        .stop_ms = 35000};
    rc->child[LIGHTTPD] = (struct run_child){
        .name = "lighttpd",
        .argv = {RUN_LIGHTTPD, "-D", "-f", arena_printf(a, "%s/run/lighttpd.conf", p->home)},
        .stop_signal = SIGINT, /* its graceful stop */
        .stop_ms = 15000};
}

/* True once the portal answers a request. */
static bool answers(int64_t port)
{
    struct sockaddr_in address = loopback(port);
    struct timeval second = {.tv_sec = 1};
    static const char ask[] = "GET /login HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    char head[5] = "";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
              send(fd, ask, sizeof ask - 1, MSG_NOSIGNAL) == (ssize_t)sizeof ask - 1 &&
              recv(fd, head, sizeof head, MSG_WAITALL) == (ssize_t)sizeof head &&
              memcmp(head, "HTTP/", sizeof head) == 0;
    close(fd);
    return ok;
}

static bool wait_ready(const struct run_place *p, struct run_children *rc)
{
    for (int i = 0; i < READY_STEPS && !rc->stopping; i++) {
        run_children_watch(rc, READY_STEP_MS);
        if (rc->child[LIGHTTPD].pid == 0)
            return false;
        if (!rc->stopping && answers(p->ports.portal) && answers(p->ports.api))
            return true;
    }
    return false;
}

static void announce(const struct run_place *p, const char *shown)
{
    printf("\nrefunddesk runs in %s; Ctrl-C ends it.\n"
           "  portal     http://127.0.0.1:%" PRId64 "\n"
           "  API        http://127.0.0.1:%" PRId64 "\n"
           "  simulator  http://127.0.0.1:%" PRId64 "\n%s\n",
           p->home, p->ports.portal, p->ports.api, p->ports.simgate, shown);
    fflush(stdout);
}

static int serve(struct arena *a, const struct run_place *p, struct run_children *rc)
{
    struct err e;
    const char *shown;
    if (!fill_instance(a, p, rc))
        return rc->stopping ? 0 : complain("the database could not be made; see above");
    if (run_files_credentials(a, p, &shown, &e) != RC_OK || run_files_lighttpd(a, p, &e) != RC_OK)
        return complain(e.text);
    plan(a, p, rc);
    for (int i = 0; i < rc->n; i++) {
        if (!run_children_start(rc, i))
            return 1;
    }
    if (!wait_ready(p, rc))
        return rc->stopping ? 0 : complain("the portal does not answer; see above");
    announce(p, shown);
    while (!rc->stopping)
        run_children_watch(rc, WATCH_MS);
    fprintf(stderr, "run-instance: stopping; requests in hand finish (Ctrl-C again: at once)\n");
    return 0;
}

static int run(struct arena *a)
{
    struct run_place place = {0};
    struct run_children children = {0};
    struct err e;
    if (!find_place(a, &place))
        return complain("/proc is not there");
    if (!read_ports(a, &place.ports))
        return 1;
    if (run_files_prepare(a, &place, &e) != RC_OK)
        return complain(e.text);
    children.home = place.home;
    set_environment(a, &place);
    int status = serve(a, &place, &children);
    run_children_stop(&children);
    return status;
}

int main(void)
{
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    umask(077);
    run_children_prepare();
    int status = run(a);
    arena_free(a);
    return status;
}
