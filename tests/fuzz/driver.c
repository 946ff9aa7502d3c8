/*
 * libFuzzer's side: the target is the one that $FUZZ_TARGET names.
 */
#include "core/digest.h"
#include "targets.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer's own names. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *name = getenv("FUZZ_TARGET");
    target = name ? fuzz_find(name) : NULL;
    if (!target) {
        fputs("FUZZ_TARGET must name one of:", stderr);
        for (const struct fuzz_target *t = fuzz_targets; t->name; t++)
            fprintf(stderr, " %s", t->name);
        fputc('\n', stderr);
        exit(2);
    }
    digest_init();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    fuzz_once(target, bytes, n);
    return 0;
}
