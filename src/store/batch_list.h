/*
 * The list of a merchant's batches, what the audit log tells of one, and the batch of a refund.
 */
#ifndef STORE_BATCH_LIST_H
#define STORE_BATCH_LIST_H

#include "store/audit.h"
#include "store/batches.h"

enum batch_sort {
    BATCH_BY_CREATED,
    BATCH_BY_NAME,
    BATCH_BY_STATUS,
    BATCH_BY_AMOUNT,
    BATCH_BY_TASKS,
    BATCH_SORT_COUNT
};

struct batch_filter {
    int64_t merchant;
    const char *name_part; /* NULL or "": any name */
    bool any_case;         /* of ASCII letters */
    enum batch_sort sort;
    bool ascending; /* false: newest, largest, last first */
    int rows;       /* 1 … LIMIT_PAGE_ROWS */
    int skip;       /* 0 … LIMIT_PAGE_SKIP */
};

/* The array lives in the arena. *more: rows lie beyond. */
MUSTCHECK enum rc batch_list_page(struct sql *q, struct arena *a, const struct batch_filter *f,
                                  struct batch **out, int *count, bool *more, struct err *e);

/* How many rows of the batch nothing speaks against but have a warning. */
MUSTCHECK enum rc batch_list_warnings(struct sql *q, int64_t batch, int64_t *count, struct err *e);

struct batch_place {
    int64_t batch; /* 0: of no batch */
    int64_t row, line;
    const char *file_name;
};
/* The row of a file that a refund was made by. */
MUSTCHECK enum rc batch_list_of_refund(struct sql *q, struct arena *a, int64_t refund,
                                       struct batch_place *out, struct err *e);

/* What was done to a batch, newest first, at most 200; subjects are left out. The array lives in
 * the arena. */
MUSTCHECK enum rc batch_list_history(struct sql *q, struct arena *a, int64_t merchant,
                                     int64_t batch, struct audit_entry **out, int *count,
                                     struct err *e);

#endif
