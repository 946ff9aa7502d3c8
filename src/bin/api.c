/*
 * refunddesk-api: the HTTP API for merchants' programs.
 */
#include "api/api.h"
#include "bin/serve.h"
#include <stddef.h>

int main(int argc, char **argv)
{
    static const struct serve_program PROGRAM = {
        .name = "refunddesk-api",
        .what = "Serves the HTTP API over FastCGI.",
        .slot = ID_API,
        .web = &api_program,
        .threads_offset = offsetof(struct config, api_threads),
    };
    return serve_main(argc, argv, &PROGRAM);
}
