/*
 * refunddesk-worker: sends refunds to gateways and settles what became of them.
 */
#include "worker/worker.h"
#include "bin/program.h"
#include "worker/batch_runner.h"
#include "worker/hook_runner.h"
#include "worker/mail_runner.h"
#include <signal.h>
#include <stdlib.h>

static volatile int stopping;
static const struct app *awake; /* whose wake-up socket ends the wait */

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    app_wake_worker(awake);
}

static void take_signals(const struct app *app)
{
    struct sigaction action = {.sa_handler = on_stop};
    awake = app;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum rc open_worker(struct worker *w, struct arena *a, struct err *e)
{
    const struct config *c = &w->app->config;
    const struct http_options http = {.connect_timeout_ms = c->connect_timeout_ms,
                                      .request_timeout_ms = c->request_timeout_ms,
                                      .allow_loopback_http = true};
    enum rc rc = secret_load_secret(config_path(a, c, "keys/worker.key"), &w->secret, e);
    if (rc == RC_OK)
        rc = worker_open_wake(w, e);
    if (rc == RC_OK)
        rc = http_open(&w->http, &http, e);
    if (rc == RC_OK)
        rc = batch_runner_start(w->app, &w->batches, e);
    if (rc == RC_OK)
        rc = mail_runner_start(w->app, &w->mails, e);
    if (rc == RC_OK)
        rc = hook_runner_start(w->app, &w->secret, &w->hooks, e);
    return rc;
}

static int run(struct app *app, struct arena *a)
{
    struct worker w = {.app = app, .wake_fd = -1};
    struct err e;
    take_signals(app);
    if (open_worker(&w, a, &e) != RC_OK)
        return program_fail(app, "starting", &e);
    log_event(&app->log, LOG_INFO, "started", NULL);
    worker_run(&w, &stopping);
    mail_runner_stop(w.mails);
    batch_runner_stop(w.batches);
    hook_runner_stop(w.hooks);
    log_event(&app->log, LOG_INFO, "stopped", NULL);
    http_close(w.http);
    secret_wipe(&w.secret);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct program program = {
        .name = "refunddesk-worker",
        .log_name = "worker",
        .what = "Claims jobs, calls payment gateways, and applies what they answer.",
        .slot = ID_WORKER,
        .run = run,
    };
    return program_main(argc, argv, &program);
}
