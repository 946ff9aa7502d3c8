/*
 * refunddesk-api: the HTTP API for merchants' servers.
 */
#include "api/api.h"
#include "bin/program.h"
#include "web/fcgi.h"

static int run(struct app *app, struct arena *a)
{
    const struct fcgi_options options = {(int)app->config.api_threads, false};
    (void)a;
    return fcgi_serve(app, &api_program, &options);
}

int main(int argc, char **argv)
{
    static const struct program program = {
        .name = "refunddesk-api",
        .log_name = "api",
        .what = "Serves the HTTP API over FastCGI.\n" FCGI_STARTED_BY,
        .slot = ID_API,
        .opens_desk_key = true,
        .before_threads = fcgi_block_signals,
        .run = run,
    };
    return program_main(argc, argv, &program);
}
