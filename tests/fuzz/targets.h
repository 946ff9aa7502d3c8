/*
 * What is fuzzed: functions that read bytes from outside. The same functions run under libFuzzer
 * (driver.c, `make fuzz`) and over the corpora alone (replay.c, `make check`).
 */
#ifndef FUZZ_TARGETS_H
#define FUZZ_TARGETS_H

#include "core/arena.h"
#include <stddef.h>

/* Reads n bytes, as they came, and CHECKs what must hold of any input. `text` is a copy with a
 * terminator in the arena; it may hold zero bytes. */
typedef void fuzz_fn(struct arena *a, const char *text, size_t n);

struct fuzz_target {
    const char *name; /* its corpus is tests/fuzz/corpus/<name> */
    fuzz_fn *run;
};

/* All of them; a row without a name ends the list. */
extern const struct fuzz_target fuzz_targets[];
/* NULL: there is no such target. */
const struct fuzz_target *fuzz_find(const char *name);
/* One input, in an arena of its own. */
void fuzz_once(const struct fuzz_target *t, const void *bytes, size_t n);

fuzz_fn fuzz_form, fuzz_json, fuzz_basic, fuzz_version, fuzz_percent, fuzz_target_of_request,
    fuzz_money, fuzz_time, fuzz_csv, fuzz_split, fuzz_payee, fuzz_order, fuzz_mask, fuzz_hook,
    fuzz_address, fuzz_signature, fuzz_batch, fuzz_mail,
    fuzz_multipart; /* the targets, by the name of their row */

#endif
