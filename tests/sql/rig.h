/*
 * A database of the fixture's catalog in a directory of its own, calls in threads, a gate that
 * keeps the writer from beginning, and an engine that counts and can be told to fail.
 */
#ifndef TESTS_SQL_RIG_H
#define TESTS_SQL_RIG_H

#include "sql/fixture_queries.h"
#include "sql/ops.h"
#include "support/suite.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

suite_fn t_cursor_suite, t_list_suite, t_sql_suite, t_migrate_suite, t_writer_suite, t_fault_suite,
    t_process_suite;

struct rig {
    char *dir, *path, *url;
    struct sql_options options; /* the fixture's catalog, create, migrate; may be changed */
    struct sql_db *db;
    struct arena *arena;
    int gate_fd;
};

void rig_init(struct rig *r); /* not opened yet */
void rig_open(struct rig *r); /* fails the test when it cannot */
void rig_reopen(struct rig *r);
void rig_close(struct rig *r);

/* Keeps every writer of this database before its BEGIN, until it is opened. */
void rig_shut_gate(struct rig *r);
void rig_open_gate(struct rig *r);
/* Until n calls are in the queue. */
void rig_wait_queued(struct rig *r, int n);

/* ---- writes ------------------------------------------------------------------------------- */

/* Inserts the item and a note about it. */
struct put {
    int64_t id;
    const char *name;    /* NULL: "item <id>" */
    enum rc then_answer; /* after the writes; not RC_OK: the function refuses */
    atomic_int runs;
};
enum rc put_item(struct sql *q, void *arg, struct err *e);

struct call {
    struct sql_db *db;
    sql_fn *fn;
    void *arg;
    enum rc rc;
    struct err err;
    pthread_t thread;
};
void call_start(struct call *c, struct rig *r, sql_fn *fn, void *arg);
enum rc call_join(struct call *c);

/* ---- what is there ------------------------------------------------------------------------ */

int64_t rig_count(struct rig *r);
/* Items and notes with this id: 0, or 2 when both are there. */
int64_t rig_rows_of(struct rig *r, int64_t id);

/* ---- the engine that counts --------------------------------------------------------------- */

struct probe {
    atomic_int commits;      /* answered RC_OK */
    atomic_int busy_commits; /* so many COMMITs are answered RC_BUSY first */
    atomic_int failing_rollbacks;
    atomic_int opened;
    atomic_int checkpoints;
};
extern struct probe probe;
/* Every database opened from now on uses it, over `real`; everything is counted from 0. */
void probe_use(const struct sql_ops *real);

#endif
