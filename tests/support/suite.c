#include "support/suite.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/limits.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A case that takes longer hangs: Check's own 4 s are too few on a busy machine. */
#define CASE_S "120"

static char base[512];
static struct arena *arena;

static char *make_dir(const char *below, const char *prefix)
{
    char *path = NULL;
    CHECK(asprintf(&path, "%s/%s-XXXXXX", below, prefix) > 0);
    CHECK(mkdtemp(path) != NULL);
    return path;
}

static void make_base(const char *room)
{
    const char *tmp = getenv("TMPDIR");
    char *path = make_dir(tmp && *tmp ? tmp : "/tmp", room);
    CHECK(strlen(path) < sizeof base);
    memcpy(base, path, strlen(path) + 1);
    free(path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

char *suite_tmpdir(void)
{
    return make_dir(base, "t");
}

static void setup(void)
{
    arena = arena_new(LIMIT_ARENA_REQUEST_BYTES);
}

static void teardown(void)
{
    arena_free(arena);
    arena = NULL;
}

struct arena *suite_arena(void)
{
    return arena;
}

Suite *suite_of(const char *name, TCase **tcase)
{
    Suite *s = suite_create(name);
    *tcase = tcase_create(name);
    tcase_add_checked_fixture(*tcase, setup, teardown);
    suite_add_tcase(s, *tcase);
    return s;
}

int suite_main(const char *room, suite_fn *const suites[], size_t count)
{
    digest_init();
    id_init(ID_TEST, 0);
    make_base(room);
    CHECK(setenv("CK_DEFAULT_TIMEOUT", CASE_S, 0) == 0);
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; i < count; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    int run = srunner_ntests_run(runner);
    srunner_free(runner);
    (void)nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
