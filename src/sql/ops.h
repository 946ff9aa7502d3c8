/*
 * What an engine must do, as a const table chosen by the database URL; sql_fault.c wraps one and
 * fails the k-th call. Private to src/sql (and its tests).
 */
#ifndef SQL_OPS_H
#define SQL_OPS_H

#include "sql/sql.h"

struct sql_conn; /* the engine's own */
struct sql_stmt;

enum sql_step { SQL_STEP_ROW, SQL_STEP_DONE, SQL_STEP_ERROR };

struct sql_ops {
    const char *scheme; /* "sqlite:" */
    /* What stands for @INT@, @BYTES@ and @STRICT@ in migrations. */
    const char *type_int, *type_bytes, *word_strict;
    const char *roomy; /* a script: more memory for a connection that has the database alone */
    enum rc (*open)(struct sql_conn **out, const char *path, bool create, bool read_only,
                    struct err *e);
    void (*close)(struct sql_conn *c);
    /* Several statements without results: BEGIN, COMMIT, SAVEPOINT, migrations. */
    enum rc (*script)(struct sql_conn *c, const char *text, struct err *e);
    enum rc (*prepare)(struct sql_conn *c, const char *text, struct sql_stmt **out, struct err *e);
    void (*finalize)(struct sql_stmt *s);
    enum rc (*bind)(struct sql_stmt *s, int index, const struct sql_val *v, struct err *e);
    enum sql_step (*step)(struct sql_stmt *s, enum rc *rc, struct err *e);
    void (*reset)(struct sql_stmt *s);
    bool (*col_i64)(struct sql_stmt *s, int column, int64_t *v);         /* false: NULL */
    const void *(*col_bytes)(struct sql_stmt *s, int column, size_t *n); /* NULL: NULL */
    int (*columns)(struct sql_stmt *s);
    int64_t (*changes)(struct sql_conn *c);
    bool (*in_tx)(struct sql_conn *c); /* false after the engine rolled back by itself */
    /* Bytes of the WAL that are in use (not the size of the file, which never shrinks), as of this
     * connection's last commit; 0 where there is none. */
    int64_t (*wal_bytes)(struct sql_conn *c);
    enum rc (*checkpoint)(struct sql_conn *c, struct err *e); /* PASSIVE; caller holds the lock */
    enum rc (*backup)(struct sql_conn *c, const char *to_path, struct err *e);
    /* "ok" or what is wrong with the file and its foreign keys. */
    enum rc (*integrity)(struct sql_conn *c, struct arena *a, const char **report, struct err *e);
};

extern const struct sql_ops sql_ops_sqlite;

/* For tests: every db opened after this call uses `ops`; NULL: the one of the URL. */
void sql_use_ops(const struct sql_ops *ops);

/* For tests: calls that are in the writer's queue and not begun. */
int sql_waiting(struct sql_db *db);

/* sql_fault.c: the ops of `real` with a fault at the k-th call of a kind. */
enum sql_fault_kind {
    SQL_FAULT_NONE,
    SQL_FAULT_STEP,
    SQL_FAULT_SCRIPT,
    SQL_FAULT_PREPARE,
    SQL_FAULT_COMMIT
};
/* `rolled_back`: the engine also rolls the transaction back by itself, as SQLite does after EIO. */
void sql_fault_arm(enum sql_fault_kind kind, int k, enum rc rc, bool rolled_back);
int sql_fault_calls(void); /* calls of the armed kind so far: a sweep ends when k > calls */
const struct sql_ops *sql_fault_ops(const struct sql_ops *real);

/* migrate.c: checks the schema against the catalog and, if the options say so, applies what is
 * missing. The caller holds the write lock. RC_CONFLICT: the schema is not ours; the text says what
 * to do. */
MUSTCHECK enum rc sql_migrate(const struct sql_ops *ops, struct sql_conn *c,
                              const struct sql_options *options, struct err *e);

#endif
