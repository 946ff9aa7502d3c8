/*
 * The corpora without a fuzzer: every file of tests/fuzz/corpus/<target> is read once, in pieces
 * cut off at its end, too. Ends "N passed, N failed"; a file that fails ends the program by its
 * CHECK.
 */
#include "core/digest.h"
#include "targets.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20, CUTS = 8 };

static char *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *bytes = malloc(MOST_BYTES);
    CHECK(f != NULL && bytes != NULL);
    *n = fread(bytes, 1, MOST_BYTES, f);
    CHECK(ferror(f) == 0 && fclose(f) == 0);
    return bytes;
}

static void run(const struct fuzz_target *t, const char *path)
{
    size_t n;
    char *bytes = read_file(path, &n);
    fuzz_once(t, bytes, n);
    for (size_t cut = 1; cut < CUTS && cut <= n; cut++)
        fuzz_once(t, bytes, n - cut);
    free(bytes);
}

static int run_corpus(const struct fuzz_target *t, const char *source)
{
    char folder[1024], path[2048];
    int done = 0;
    snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", source, t->name);
    DIR *d = opendir(folder);
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        printf("%s\n", path);
        fflush(stdout); /* the last one named is the one that failed */
        run(t, path);
        done++;
    }
    if (d != NULL)
        closedir(d);
    return done;
}

int main(void)
{
    const char *source = getenv("SRCDIR");
    int passed = 0, failed = 0;
    digest_init();
    for (const struct fuzz_target *t = fuzz_targets; t->name; t++) {
        int done = run_corpus(t, source ? source : ".");
        if (done == 0)
            printf("%s has no corpus\n", t->name);
        passed += done;
        failed += done == 0;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
