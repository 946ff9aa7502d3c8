/*
 * What the files of this room share. Nobody else includes it.
 */
#ifndef SQL_PRIVATE_H
#define SQL_PRIVATE_H

#include "core/limits.h"
#include "sql/ops.h"
#include <pthread.h>

/* ---- a connection and its prepared statements (cursor.c, list.c) -------------------------- */

struct sql_slot {
    struct sql_stmt *stmt; /* NULL: not prepared yet */
    bool busy;             /* between sql_begin and sql_end */
    bool once;             /* not in a cache: freed by sql_end */
};

/* Composed statements: a set-associative cache, the least recently used of a set gives way. */
#define LIST_SETS 32
#define LIST_WAYS 4

struct sql_list_slot {
    struct sql_slot slot;
    struct sql_list list;
    uint64_t used; /* 0: never */
};

struct sql {
    const struct sql_ops *ops;
    const struct sql_catalog *catalog;
    struct sql_conn *conn;
    struct sql_slot *blocks; /* one for each block of the catalog */
    struct sql_list_slot *lists;
    uint64_t list_tick;
    int open_cursors;
    bool failed; /* since sql_call_start: a statement failed for another reason than a constraint */
};

/* A connection with its prepared statements; sql_session_close ends it. */
MUSTCHECK enum rc sql_session_open(struct sql **out, const struct sql_ops *ops,
                                   const struct sql_catalog *catalog, const char *path, bool create,
                                   bool read_only, struct err *e);
void sql_session_close(struct sql *q); /* NULL is fine */

/* Runs fn. CHECKs that it ended its cursors; RC_IO when it passed over a statement that failed. */
MUSTCHECK enum rc sql_session_call(struct sql *q, sql_fn *fn, void *arg, struct err *e);

/* The slot of a combination, to be prepared if its stmt is NULL. */
struct sql_slot *sql_list_find(struct sql *q, const struct sql_list *list);
/* The text of a combination, to be freed; arguments are renumbered. */
char *sql_list_compose(const struct sql_catalog *catalog, const struct sql_list *list);
/* CHECKs the arguments of a combination. */
void sql_list_check_args(const struct sql_catalog *catalog, const struct sql_list *list,
                         struct sql_args args);

/* ---- the lock between processes (lock.c) -------------------------------------------------- */

/* Two files beside the database: <path>-turnstile and <path>-write. flock alone is unfair. */
struct sql_lock {
    int turnstile_fd;
    int write_fd;
};
MUSTCHECK enum rc sql_lock_open(struct sql_lock *l, const char *path, struct err *e);
void sql_lock_close(struct sql_lock *l);
MUSTCHECK enum rc sql_lock_take(struct sql_lock *l, struct err *e); /* waits */
void sql_lock_release(struct sql_lock *l);

/* Who has the database open: all share a third file, or one has it alone. *fd is held as long as
 * the database is open. RC_BUSY when the others do not allow it. */
MUSTCHECK enum rc sql_presence_open(int *fd, const char *path, bool alone, struct err *e);

/* ---- the writer (sql_writer.c) ------------------------------------------------------------ */

struct sql_writer;
struct sql_writer_options {
    const struct sql_ops *ops;
    const struct sql_catalog *catalog;
    const struct log *log;
    const char *path;
    struct sql_lock *lock;
    int64_t write_wait_ms;
    int batch_limit;
};
/* Takes the connection over. What the options point to outlives the writer. */
struct sql_writer *sql_writer_start(const struct sql_writer_options *options, struct sql *q);
MUSTCHECK enum rc sql_writer_run(struct sql_writer *w, sql_fn *fn, void *arg, struct err *e);
int sql_writer_waiting(struct sql_writer *w);
void sql_writer_stop(struct sql_writer *w); /* after the waiting calls were served */

#endif
