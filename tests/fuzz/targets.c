#include "targets.h"

#include "core/limits.h"
#include "core/str.h"

const struct fuzz_target fuzz_targets[] = {
    {"address", fuzz_address},
    {"basic", fuzz_basic},
    {"batch", fuzz_batch},
    {"multipart", fuzz_multipart},
    {"csv", fuzz_csv},
    {"form", fuzz_form},
    {"json", fuzz_json},
    {"money", fuzz_money},
    {"payee", fuzz_payee},
    {"percent", fuzz_percent},
    {"request", fuzz_target_of_request},
    {"split", fuzz_split},
    {"time", fuzz_time},
    {"version", fuzz_version},
    {"order", fuzz_order},
    {"mask", fuzz_mask},
    {"hook", fuzz_hook},
    {"mail", fuzz_mail},
    {"signature", fuzz_signature},
    {0},
};

const struct fuzz_target *fuzz_find(const char *name)
{
    for (const struct fuzz_target *t = fuzz_targets; t->name; t++) {
        if (str_eq(t->name, name))
            return t;
    }
    return NULL;
}

void fuzz_once(const struct fuzz_target *t, const void *bytes, size_t n)
{
    struct arena *a = arena_new(4 * LIMIT_ARENA_REQUEST_BYTES);
    t->run(a, arena_strndup(a, bytes, n), n);
    arena_free(a);
}
