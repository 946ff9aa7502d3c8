/*
 * refunddesk-portal: the pages for people.
 */
#include "portal/portal.h"
#include "bin/serve.h"
#include <stddef.h>

int main(int argc, char **argv)
{
    static const struct serve_program PROGRAM = {
        .name = "refunddesk-portal",
        .what = "Serves the portal's pages over FastCGI.",
        .slot = ID_PORTAL,
        .web = &portal_program,
        .templates = true,
        .threads_offset = offsetof(struct config, portal_threads),
    };
    return serve_main(argc, argv, &PROGRAM);
}
