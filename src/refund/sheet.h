/*
 * What others tell of an order or a transaction, field by field, each with the time of the event
 * that told it: the later one holds, at the same time the greater text. So the end is the same in
 * whatever order news arrive. A field is a column of the row or a member of its `facts`; the times
 * stand in facts under "told": {"at": of most, "<path>": of the others}.
 */
#ifndef REFUND_SHEET_H
#define REFUND_SHEET_H

#include "core/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct json_object;

#define SHEET_TIMES "told" /* the member of facts that is the desk's own, not for people */

enum sheet_kind {
    SHEET_TEXT,
    SHEET_BOOL,
    SHEET_INT,    /* a column that is 0 when not told */
    SHEET_MONEY,  /* a column in minor units, -1 when not told */
    SHEET_OBJECT, /* kept as it was told */
    SHEET_ARRAY,
    SHEET_ANY
};

struct sheet_field {
    const char *path; /* "udf1", "card.card_brand": as the vendor's object has it */
    enum sheet_kind kind;
    int limit;  /* bytes of a text, or of the JSON of a tree */
    int column; /* offset in the row's struct; SHEET_NO_COLUMN: a fact */
};
#define SHEET_NO_COLUMN (-1)

/* The fields of one kind of row; those of one group ("card.…") stand together. */
struct sheet_table {
    const struct sheet_field *fields;
    int n;
};

#define SHEET_FIELDS_MAX 48
struct sheet {
    /* NULL: not told. Columns: the text, or the number's; facts: JSON */
    const char *value[SHEET_FIELDS_MAX];
    int64_t at_ms[SHEET_FIELDS_MAX];
    const char *extra; /* members of facts that the table does not know, joined by commas; NULL */
};

/* A stored row as a sheet; row is the struct that the table's offsets are of. */
void sheet_read_row(struct arena *a, const struct sheet_table *t, const void *row,
                    const char *facts, struct sheet *out);
/* The row's columns, and its facts as the result. */
const char *sheet_write_row(struct arena *a, const struct sheet_table *t, const struct sheet *s,
                            void *row);
/* What was told at at_ms, into s. True when a value or its time is another one now.
 */
bool sheet_merge(const struct sheet_table *t, struct sheet *s, const struct sheet *told,
                 int64_t at_ms);
/* The index of a path; CHECKs that there is one. */
int sheet_index(const struct sheet_table *t, const char *path);

#endif
