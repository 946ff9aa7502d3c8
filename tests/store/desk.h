/*
 * A fresh desk database for one test: every statement of the schema, one merchant.
 */
#ifndef STORE_DESK_H
#define STORE_DESK_H

#include "sql/sql.h"

struct desk {
    struct arena *arena;
    struct sql_db *db;
    char *folder;     /* where refunddesk.db lies */
    int64_t merchant; /* row id of "demo_merchant" */
};

/* Opens and closes `desk`: a checked fixture (tcase_add_checked_fixture). */
extern struct desk desk;
void desk_open(void);
void desk_close(void);

/* sql_tx and sql_read that must succeed. */
void desk_write(sql_fn *fn, void *arg);
void desk_look(sql_fn *fn, void *arg);
/* sql_tx that must fail with rc; desk_error holds what it said. */
void desk_refuses(sql_fn *fn, void *arg, enum rc rc);
extern struct err desk_error;

#endif
