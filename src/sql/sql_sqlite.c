/*
 * SQLite behind sql/ops.h: the only file that includes sqlite3.h.
 */
#include "core/clock.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/ops.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS  2000
#define WAL_FRAME_HEADER 24
#define BACKUP_TRIES     500

/* Transaction control runs with every call: prepared once for each connection. */
static const char *const control_texts[] = {
    "BEGIN", "COMMIT", "ROLLBACK", "BEGIN IMMEDIATE", "SAVEPOINT f", "RELEASE f", "ROLLBACK TO f",
};
#define CONTROL_COUNT (sizeof control_texts / sizeof control_texts[0])

struct sql_conn {
    sqlite3 *db;
    int64_t wal_frames; /* in use after this connection's last commit */
    int64_t page_bytes;
    sqlite3_stmt *control[CONTROL_COUNT];
};

static sqlite3_stmt *handle(struct sql_stmt *s)
{
    return (sqlite3_stmt *)s;
}

static const struct failure {
    int code; /* primary */
    enum rc rc;
    const char *text;
} failures[] = {
    {SQLITE_CONSTRAINT, RC_CONFLICT, "This contradicts what is already stored."},
    {SQLITE_BUSY, RC_BUSY, "The database is busy. Please try again."},
    {SQLITE_LOCKED, RC_BUSY, "The database is busy. Please try again."},
    {SQLITE_FULL, RC_IO, "The disk of the database is full."},
    {SQLITE_CANTOPEN, RC_IO, "The database cannot be opened."},
    {SQLITE_NOTADB, RC_IO, "The file is not a database."},
    {SQLITE_CORRUPT, RC_IO, "The database is damaged."},
};

static enum rc fail(struct err *e, sqlite3 *db, int code, const char *during)
{
    enum rc rc = RC_IO;
    const char *text = "The database could not do this.";
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
        if (failures[i].code == (code & 0xff)) {
            rc = failures[i].rc;
            text = failures[i].text;
        }
    return ERR(e, rc, text, "%s: %s (%d)", during, db ? sqlite3_errmsg(db) : sqlite3_errstr(code),
               code);
}

/* ---- opening ------------------------------------------------------------------------------ */

/* Memory statistics cost a global mutex at each allocation. */
static void configure_once(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int on_commit(void *arg, sqlite3 *db, const char *schema, int frames)
{
    struct sql_conn *c = arg;
    (void)db;
    (void)schema;
    c->wal_frames = frames;
    return SQLITE_OK;
}

static void conn_close(struct sql_conn *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(c->control[i]);
    CHECK(sqlite3_close(c->db) == SQLITE_OK);
    free(c);
}

static enum rc query_text(struct sql_conn *c, const char *text, char *value, size_t size,
                          struct err *e)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v3(c->db, text, -1, 0, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    enum rc rc = RC_OK;
    if (code == SQLITE_ROW)
        (void)str_copy(value, size, (const char *)sqlite3_column_text(s, 0));
    else
        rc = fail(e, c->db, code, text);
    sqlite3_finalize(s);
    return rc;
}

static enum rc set_up(struct sql_conn *c, bool read_only, struct err *e)
{
    static const struct {
        int op, on;
    } switches[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},          {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
    };
    (void)sqlite3_busy_timeout(c->db, BUSY_TIMEOUT_MS);
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        int now = -1;
        int code = sqlite3_db_config(c->db, switches[i].op, switches[i].on, &now);
        if (code != SQLITE_OK || now != switches[i].on)
            return fail(e, c->db, code, "sqlite3_db_config");
    }
    char mode[16] = "";
    enum rc rc = query_text(c, read_only ? "PRAGMA journal_mode" : "PRAGMA journal_mode = WAL",
                            mode, sizeof mode, e);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(mode, "wal"))
        return ERR(e, RC_IO, "The database has no write-ahead log; is it on a local disk?",
                   "journal_mode is %s", mode);
    char page[16] = "";
    rc = query_text(c, "PRAGMA page_size", page, sizeof page, e);
    if (rc != RC_OK || !str_parse_i64(page, &c->page_bytes))
        return rc != RC_OK ? rc : ERR(e, RC_IO, "The database cannot be opened.", "no page size");
    static const char pragmas[] = "PRAGMA synchronous = FULL;"
                                  "PRAGMA wal_autocheckpoint = 0;"
                                  "PRAGMA mmap_size = 0;"
                                  "PRAGMA cell_size_check = ON;"
                                  "PRAGMA temp_store = MEMORY;";
    int code = sqlite3_exec(c->db, pragmas, NULL, NULL, NULL);
    /* KiB. There are many readers, and what they keep is void at the next commit anyway: the pages
     * stay in the kernel's cache. The one writer keeps the upper pages of every index. */
    if (code == SQLITE_OK)
        code = sqlite3_exec(c->db,
                            read_only ? "PRAGMA cache_size = -512" : "PRAGMA cache_size = -16384",
                            NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return fail(e, c->db, code, "pragmas");
    if (!read_only)
        (void)sqlite3_wal_hook(c->db, on_commit, c);
    return RC_OK;
}

/* SQLite gives its other files the mode of this one; others than owner and group never read it. */
static enum rc make_file(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
    if (fd < 0)
        return ERR(e, RC_IO, "The database file cannot be made.", "%s: %s", path, strerror(errno));
    close(fd);
    return RC_OK;
}

static enum rc conn_open(struct sql_conn **out, const char *path, bool create, bool read_only,
                         struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, configure_once);
    enum rc rc = create ? make_file(path, e) : RC_OK;
    if (rc != RC_OK)
        return rc;
    struct sql_conn *c = calloc(1, sizeof *c);
    CHECK(c != NULL);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int code = sqlite3_open_v2(path, &c->db, flags, NULL);
    rc = code == SQLITE_OK ? set_up(c, read_only, e) : fail(e, c->db, code, path);
    if (rc != RC_OK) {
        conn_close(c);
        return rc;
    }
    *out = c;
    return RC_OK;
}

/* ---- statements --------------------------------------------------------------------------- */

static enum rc stmt_prepare(struct sql_conn *c, const char *text, struct sql_stmt **out,
                            struct err *e)
{
    sqlite3_stmt *s = NULL;
    const char *tail = NULL;
    int code = sqlite3_prepare_v3(c->db, text, -1, SQLITE_PREPARE_PERSISTENT, &s, &tail);
    if (code != SQLITE_OK)
        return fail(e, c->db, code, "prepare");
    CHECK(s != NULL && *tail == '\0');
    *out = (struct sql_stmt *)s;
    return RC_OK;
}

static void stmt_finalize(struct sql_stmt *s)
{
    (void)sqlite3_finalize(handle(s));
}

static enum rc stmt_bind(struct sql_stmt *s, int index, const struct sql_val *v, struct err *e)
{
    int code;
    if (v->p == NULL)
        code = sqlite3_bind_null(handle(s), index);
    else if (v->type == 'i')
        code = sqlite3_bind_int64(handle(s), index, v->i);
    else if (v->type == 't')
        code = sqlite3_bind_text64(handle(s), index, v->p, v->n, SQLITE_STATIC, SQLITE_UTF8);
    else
        code = sqlite3_bind_blob64(handle(s), index, v->p, v->n, SQLITE_STATIC);
    if (code != SQLITE_OK)
        return fail(e, sqlite3_db_handle(handle(s)), code, "bind");
    return RC_OK;
}

static enum sql_step stmt_step(struct sql_stmt *s, enum rc *rc, struct err *e)
{
    int code = sqlite3_step(handle(s));
    if (code == SQLITE_ROW)
        return SQL_STEP_ROW;
    if (code == SQLITE_DONE)
        return SQL_STEP_DONE;
    *rc = fail(e, sqlite3_db_handle(handle(s)), code, "step");
    return SQL_STEP_ERROR;
}

static void stmt_reset(struct sql_stmt *s)
{
    (void)sqlite3_reset(handle(s));
}

static bool stmt_i64(struct sql_stmt *s, int column, int64_t *v)
{
    if (sqlite3_column_type(handle(s), column) == SQLITE_NULL) {
        *v = 0;
        return false;
    }
    *v = sqlite3_column_int64(handle(s), column);
    return true;
}

static const void *stmt_bytes(struct sql_stmt *s, int column, size_t *n)
{
    *n = 0;
    if (sqlite3_column_type(handle(s), column) == SQLITE_NULL)
        return NULL;
    const void *p = sqlite3_column_blob(handle(s), column);
    *n = (size_t)sqlite3_column_bytes(handle(s), column);
    return p != NULL ? p : "";
}

static int stmt_columns(struct sql_stmt *s)
{
    return sqlite3_column_count(handle(s));
}

/* ---- transactions and upkeep -------------------------------------------------------------- */

static int run_control(struct sql_conn *c, size_t which)
{
    sqlite3_stmt **s = &c->control[which];
    if (*s == NULL) {
        int code =
            sqlite3_prepare_v3(c->db, control_texts[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
        if (code != SQLITE_OK)
            return code;
    }
    int code = sqlite3_step(*s);
    (void)sqlite3_reset(*s);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum rc conn_script(struct sql_conn *c, const char *text, struct err *e)
{
    size_t which = 0;
    while (which < CONTROL_COUNT && !str_eq(control_texts[which], text))
        which++;
    int code =
        which < CONTROL_COUNT ? run_control(c, which) : sqlite3_exec(c->db, text, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return RC_OK;
    return fail(e, c->db, code, which < CONTROL_COUNT ? text : "script");
}

static int64_t conn_changes(struct sql_conn *c)
{
    return sqlite3_changes64(c->db);
}

static bool conn_in_tx(struct sql_conn *c)
{
    return sqlite3_get_autocommit(c->db) == 0;
}

static int64_t conn_wal_bytes(struct sql_conn *c)
{
    return c->wal_frames * (c->page_bytes + WAL_FRAME_HEADER);
}

static enum rc conn_checkpoint(struct sql_conn *c, struct err *e)
{
    int code = sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code == SQLITE_OK)
        return RC_OK;
    return fail(e, c->db, code, "checkpoint");
}

static int copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (b == NULL)
        return sqlite3_errcode(to);
    int code = SQLITE_BUSY;
    for (int tries = 0; tries < BACKUP_TRIES; tries++) {
        code = sqlite3_backup_step(b, -1);
        if ((code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
            break;
        clock_sleep_ms(10);
    }
    int finished = sqlite3_backup_finish(b);
    if (code != SQLITE_DONE)
        return code == SQLITE_OK ? SQLITE_ERROR : code;
    if (finished != SQLITE_OK)
        return finished;
    return sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

static enum rc conn_backup(struct sql_conn *c, const char *to_path, struct err *e)
{
    int fd = open(to_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR(e, errno == EEXIST ? RC_CONFLICT : RC_IO,
                   errno == EEXIST ? "The backup file exists already; choose another name."
                                   : "The backup file cannot be made.",
                   "%s: %s", to_path, strerror(errno));
    close(fd);
    sqlite3 *to = NULL;
    int code = sqlite3_open_v2(
        to_path, &to, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = copy_pages(c->db, to);
    enum rc rc = RC_OK;
    if (code != SQLITE_OK)
        rc = fail(e, to, code, "backup");
    (void)sqlite3_close(to);
    if (rc != RC_OK)
        (void)unlink(to_path);
    return rc;
}

static enum rc conn_integrity(struct sql_conn *c, struct arena *a, const char **report,
                              struct err *e)
{
    static const char text[] =
        "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' "
        "UNION ALL SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" || "
        "' names a missing row of ' || parent FROM pragma_foreign_key_check";
    struct buf wrong;
    sqlite3_stmt *s = NULL;
    buf_init(&wrong, a);
    int code = sqlite3_prepare_v3(c->db, text, -1, 0, &s, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(s);
        if (code != SQLITE_ROW)
            break;
        const char *line = (const char *)sqlite3_column_text(s, 0);
        buf_printf(&wrong, "%s%s", wrong.len > 0 ? "\n" : "", line ? line : "?");
    }
    enum rc rc = code == SQLITE_DONE ? RC_OK : fail(e, c->db, code, "integrity");
    sqlite3_finalize(s);
    if (rc == RC_OK)
        *report = wrong.len > 0 ? buf_text(&wrong) : "ok";
    return rc;
}

const struct sql_ops sql_ops_sqlite = {
    .scheme = "sqlite:",
    .type_int = "INTEGER",
    .type_bytes = "BLOB",
    .word_strict = "STRICT",
    .roomy = "PRAGMA cache_size = -262144", /* KiB: the lower pages of the indexes, too */
    .open = conn_open,
    .close = conn_close,
    .script = conn_script,
    .prepare = stmt_prepare,
    .finalize = stmt_finalize,
    .bind = stmt_bind,
    .step = stmt_step,
    .reset = stmt_reset,
    .col_i64 = stmt_i64,
    .col_bytes = stmt_bytes,
    .columns = stmt_columns,
    .changes = conn_changes,
    .in_tx = conn_in_tx,
    .wal_bytes = conn_wal_bytes,
    .checkpoint = conn_checkpoint,
    .backup = conn_backup,
    .integrity = conn_integrity,
};
