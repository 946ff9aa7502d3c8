/*
 * The database behind one small interface. `sqlite3.h` stands only in sql_sqlite.c.
 *
 * Statements. Every statement stands in db/queries/<family>.sql as a named block; the build makes
 * an enum and a table of them (a `struct sql_catalog`). Arguments are $1…$n in order of appearance.
 * A block's header says what goes in and comes out, a letter each (i integer, t text, b bytes):
 *
 *     -- name: order_by_key
 *     -- in: i merchant, t order_key
 *     -- out: i id, t order_id, i amount
 *     SELECT o.id, o.order_id, o.amount FROM orders o WHERE o.merchant = $1 AND o.order_key = $2;
 *
 *     struct sql_cur c;
 *     sql_begin(q, &c, SQL_ORDER_BY_KEY, SQL_ARGS(SQL_I(merchant), SQL_T(key)));
 *     while (sql_next(&c)) {
 *         o->id = sql_i64(&c);          // columns are read in order, checked against `out`
 *         o->order_id = sql_text(&c, a);
 *     }
 *     return sql_end(&c, e);            // the one place where an error comes out
 *
 * Lists are composed: a block that begins with `-- fragment: NAME` instead of `-- name:` is a piece
 * (its own $1…$n); sql_begin_list() joins a base statement and pieces, renumbering arguments.
 *
 * Reading: sql_read() runs fn over one snapshot. Nothing is rendered or sent inside it.
 * Writing: sql_tx() hands fn to the process's one writer thread, which commits many together
 * (sql_writer.c). fn may run more than once: it resets its outputs first, touches only `arg` and
 * the transaction, takes no mutex, parses nothing, never calls sql_tx, never waits on the network.
 */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include "core/arena.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/log.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql_db; /* a process's database: writer thread and a pool of read connections */
struct sql;    /* one connection inside a transaction or a snapshot */
struct sql_stmt;

/* ---- what the build generates ------------------------------------------------------------- */

struct sql_block {
    const char *name;
    const char *text;
    const char *in;  /* "it": a letter for each argument */
    const char *out; /* "iti": a letter for each column */
    bool fragment;
};

struct sql_migration {
    int version; /* 1, 2, 3 … without gaps */
    const char *name;
    const char *text;     /* tokens @INT@ @BYTES@ @STRICT@ not yet replaced */
    const char *triggers; /* the engine's own text (.sqlite.sql), or "" */
};

struct sql_catalog {
    const struct sql_block *blocks;
    int n_blocks;
    const struct sql_migration *migrations;
    int n_migrations;
};

extern const struct sql_catalog sql_catalog_desk; /* db/queries, db/migrations */
/* The enum of desk statements (SQL_ORDER_BY_KEY …) is in the generated "sql/queries.h". */

/* ---- opening ------------------------------------------------------------------------------ */

struct sql_options {
    const struct sql_catalog *catalog;
    const struct clock *clock; /* for migrations' applied_at; may be NULL */
    const struct log *log;     /* may be NULL */
    int64_t write_wait_ms;     /* 0: 5000 */
    int batch_limit;           /* functions in one commit, 1…LIMIT_SQL_BATCH; 0: the limit */
    bool create;  /* make the file when it is not there (refundctl init, simgate, tests) */
    bool migrate; /* apply missing migrations; else a schema that is not ours is refused */
    bool alone; /* nobody else has it open, nor may while we do (RC_BUSY); the writer keeps more of
                   it in memory, for long transactions */
};

/* url: "sqlite:<absolute path>". Refuses a newer schema, a changed checksum, and (without
 * `migrate`) an older one; the text says what to run. */
MUSTCHECK enum rc sql_open(struct sql_db **out, const char *url, const struct sql_options *options,
                           struct err *e);
/* Lets waiting writes finish, joins the writer, closes. NULL is fine. */
void sql_close(struct sql_db *db);

/* ---- transactions ------------------------------------------------------------------------- */

typedef enum rc sql_fn(struct sql *q, void *arg, struct err *e);

/* One snapshot for all the SELECTs in fn. Blocks only while all LIMIT_SQL_READERS are in use. */
MUSTCHECK enum rc sql_read(struct sql_db *db, sql_fn *fn, void *arg, struct err *e);

/* fn in its own SAVEPOINT of a group commit. RC_OK means: durable. Any rc of fn other than RC_OK
 * undoes fn alone and is returned. RC_BUSY: withdrawn, nothing happened. RC_IO: not committed. */
MUSTCHECK enum rc sql_tx(struct sql_db *db, sql_fn *fn, void *arg, struct err *e);

/* ---- statements (inside fn) --------------------------------------------------------------- */

struct sql_val {
    char type; /* 'i' 't' 'b' */
    int64_t i;
    const void *p; /* NULL is SQL NULL for 't' and 'b' */
    size_t n;
};
struct sql_args {
    const struct sql_val *v;
    int n;
};

#define SQL_I(x)        ((struct sql_val){.type = 'i', .i = (x), .p = ""})
#define SQL_T(x)        sql_val_text(x)
#define SQL_B(x, bytes) ((struct sql_val){.type = 'b', .p = (x), .n = (bytes)})
#define SQL_NULL_I      ((struct sql_val){.type = 'i'}) /* an absent integer */
/* An integer that is NULL when `present` is false. */
#define SQL_OPT_I(present, x) ((struct sql_val){.type = 'i', .i = (x), .p = (present) ? "" : NULL})
#define SQL_ARGS(...)                          \
    ((struct sql_args){                        \
        (const struct sql_val[]){__VA_ARGS__}, \
        (int)(sizeof((const struct sql_val[]){__VA_ARGS__}) / sizeof(struct sql_val))})
#define SQL_NO_ARGS ((struct sql_args){NULL, 0})
/* What SQL_T makes: a text argument, NULL for SQL NULL; the bytes stay the caller's. */
struct sql_val sql_val_text(const char *s);

/* A running statement. On the stack of the caller; between begin and end nothing else may use the
 * same block on the same connection (CHECK). */
struct sql_slot; /* where the connection keeps the prepared statement */
struct sql_cur {
    struct sql *q;
    struct sql_slot *slot;
    struct sql_stmt *stmt;
    const char *out;
    int column;
    int n_columns;
    enum rc rc;
    struct err err;
};

/* Binds and starts. CHECKs number and types of the arguments against the block. Texts and bytes are
 * not copied: what the arguments point to must live until sql_end(). */
void sql_begin(struct sql *q, struct sql_cur *c, int block, struct sql_args args);

/* A base block and fragments, joined by spaces in the order given; args are those of base, then of
 * each fragment. The prepared statement is cached by its combination. */
struct sql_list {
    int base;
    int fragments[24];
    int n_fragments;
};
void sql_begin_list(struct sql *q, struct sql_cur *c, const struct sql_list *list,
                    struct sql_args args);

bool sql_next(struct sql_cur *c); /* false at the end or on an error */
/* Resets the statement; returns the first error of begin or next. Must be called exactly once. */
MUSTCHECK enum rc sql_end(struct sql_cur *c, struct err *e);

/* Columns, in order; the letter of `out` is CHECKed. */
int64_t sql_i64(struct sql_cur *c);                 /* NULL reads as 0 */
bool sql_opt_i64(struct sql_cur *c, int64_t *v);    /* false on NULL, *v = 0 */
char *sql_text(struct sql_cur *c, struct arena *a); /* copied; NULL stays NULL */
/* Copied; *n set; NULL stays NULL. */
void *sql_bytes(struct sql_cur *c, struct arena *a, size_t *n);
void sql_skip(struct sql_cur *c);

/* INSERT, UPDATE, DELETE. *changed (may be NULL) is the number of rows. A UNIQUE, CHECK, FOREIGN
 * KEY or trigger that refuses is RC_CONFLICT with the constraint's message in e->detail. */
MUSTCHECK enum rc sql_exec(struct sql *q, int block, struct sql_args args, int64_t *changed,
                           struct err *e);

/* ---- upkeep ------------------------------------------------------------------------------- */

/* An online copy by the engine's backup interface. */
MUSTCHECK enum rc sql_backup(struct sql_db *db, const char *to_path, struct err *e);
/* "ok", or the engine's own complaint (integrity and foreign keys). */
MUSTCHECK enum rc sql_integrity(struct sql_db *db, struct arena *a, const char **report,
                                struct err *e);
/* Prepares every block of the catalog; names the first that fails. */
MUSTCHECK enum rc sql_prepare_all(struct sql_db *db, struct err *e);

#endif
