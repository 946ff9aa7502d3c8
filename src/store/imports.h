/*
 * How far an import of a file has come; the file is known by the digest of its bytes. Written in
 * the transaction of the lines it counts, so that an import goes on where it stopped.
 */
#ifndef STORE_IMPORTS_H
#define STORE_IMPORTS_H

#include "core/digest.h"
#include "sql/sql.h"

struct import_row {
    int64_t merchant;
    uint8_t file_sha256[DIGEST_BYTES];
    const char *file_name;
    int64_t position;                /* bytes that are done */
    int64_t lines;                   /* physical lines that are done */
    int64_t applied, known, refused; /* orders: taken in, told before, not taken */
    int64_t report_bytes;            /* of the report of what was refused */
    int64_t started_ms, finished_ms; /* finished 0: not yet */
};

/* Texts in the arena; RC_NOT_FOUND when the merchant never began this file. */
MUSTCHECK enum rc imports_get(struct sql *q, struct arena *a, int64_t merchant,
                              const uint8_t file_sha256[DIGEST_BYTES], struct import_row *out,
                              struct err *e);
/* Inserts or replaces. */
MUSTCHECK enum rc imports_put(struct sql *q, const struct import_row *i, struct err *e);

#endif
