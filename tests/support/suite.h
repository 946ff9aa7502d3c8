/*
 * What every room's test binary shares.
 */
#ifndef SUPPORT_SUITE_H
#define SUPPORT_SUITE_H

#include "core/arena.h"
#include <check.h>
#include <stddef.h>

/* What each t_<file>.c exports; it declares itself (suite_fn t_money_suite;) above the definition.
 */
typedef Suite *suite_fn(void);

/* Runs the suites of a room after digest_init() and id_init(ID_TEST); Check's own variables
 * (CK_VERBOSITY, CK_RUN_SUITE, CK_FORK, …) hold. Returns what main() returns: 0 when all passed. */
int suite_main(const char *room, suite_fn *const suites[], size_t count);

/* A suite of one test case; *tcase takes the tests: tcase_add_test(tcase, rejects_exponent). */
Suite *suite_of(const char *name, TCase **tcase);

/* The arena of the test that runs, in a suite made by suite_of. */
struct arena *suite_arena(void);

/* A new empty directory; the caller frees the path. suite_main removes it with what is in it. */
char *suite_tmpdir(void);

#endif
