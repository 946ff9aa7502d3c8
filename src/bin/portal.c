/*
 * refunddesk-portal: the pages for people.
 */
#include "portal/portal.h"
#include "bin/program.h"
#include "web/fcgi.h"

static int run(struct app *app, struct arena *a)
{
    const struct fcgi_options options = {(int)app->config.portal_threads, true};
    (void)a;
    return fcgi_serve(app, &portal_program, &options);
}

int main(int argc, char **argv)
{
    static const struct program program = {
        .name = "refunddesk-portal",
        .log_name = "portal",
        .what = "Serves the portal's pages over FastCGI.\n" FCGI_STARTED_BY,
        .slot = ID_PORTAL,
        .opens_desk_key = true,
        .before_threads = fcgi_block_signals,
        .run = run,
    };
    return program_main(argc, argv, &program);
}
