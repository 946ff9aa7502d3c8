/*
 * The table behind config.h, for config.c alone: what each setting is, and how a value is read.
 */
#ifndef CORE_CONFIG_TABLE_H
#define CORE_CONFIG_TABLE_H

#include "core/config.h"
#include <stddef.h>

enum config_kind {
    KIND_INT,
    KIND_MS,
    KIND_BOOL,
    KIND_TEXT,
    KIND_OPTIONAL, /* a text; NULL when it is empty */
    KIND_LEVEL,
    KIND_TLS,
    KIND_URL
};

struct config_key {
    const char *section, *name;
    size_t offset; /* in struct config */
    enum config_kind kind;
    const char *preset; /* as it would stand in the file */
    int64_t min, max;   /* of KIND_INT and KIND_MS */
    const char *sentence;
};

/* One time must be longer than another (or as long). */
struct config_order {
    const char *longer, *than; /* "section.key" */
    size_t longer_offset, than_offset;
    bool equal_is_fine;
};

/* The tables themselves, in the order of --help; *count is set. */
const struct config_key *config_keys(size_t *count);
const struct config_order *config_orders(size_t *count);

/* NULL when the text was put into the config (a copy of it), else what it must be: "true or
 * false". */
const char *config_set(struct arena *a, struct config *c, const struct config_key *k,
                       const char *text);

/* "90s", "15min", or plain ms; false when it is not a time. */
bool config_parse_ms(const char *text, int64_t *ms);
/* In the largest unit that leaves a whole number. */
char *config_show_ms(struct arena *a, int64_t ms);
int64_t config_ms_at(const struct config *c, size_t offset);

#endif
