/*
 * A process's database: opening, the pool of read connections, upkeep.
 */
#include "sql/sql.h"
#include "core/str.h"
#include "sql/private.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_WRITE_WAIT_MS 5000

struct sql_db {
    const struct sql_ops *ops;
    const struct sql_catalog *catalog;
    char *path;
    struct sql_lock lock;
    int presence_fd;
    struct sql_writer *writer;
    /* Read connections: the one last used is the warmest and taken next. */
    pthread_mutex_t pool_mutex;
    pthread_cond_t pool_freed;
    struct sql *idle[LIMIT_SQL_READERS];
    int n_idle;
    int n_readers; /* idle or in use */
};

static const struct sql_ops *forced_ops;

void sql_use_ops(const struct sql_ops *ops)
{
    forced_ops = ops;
}

/* ---- opening ------------------------------------------------------------------------------ */

static enum rc take_url(struct sql_db *db, const char *url, struct err *e)
{
    db->ops = forced_ops != NULL ? forced_ops : &sql_ops_sqlite;
    const char *scheme = db->ops->scheme;
    if (!str_starts(url, scheme) || url[strlen(scheme)] != '/')
        return ERR(e, RC_INVALID, "The database URL must be sqlite: and an absolute path.", "%s",
                   url);
    db->path = strdup(url + strlen(scheme));
    CHECK(db->path != NULL);
    return RC_OK;
}

static enum rc open_first(struct sql_db *db, const struct sql_options *o, struct sql **q,
                          struct err *e)
{
    enum rc rc = sql_session_open(q, db->ops, db->catalog, db->path, o->create, false, e);
    if (rc == RC_OK)
        rc = sql_migrate(db->ops, (*q)->conn, o, e);
    if (rc == RC_OK && o->alone)
        rc = db->ops->script((*q)->conn, db->ops->roomy, e);
    return rc;
}

/* Making the file, setting its mode and migrating are writes: all under the lock. */
static enum rc open_locked(struct sql_db *db, const struct sql_options *o, struct sql **q,
                           struct err *e)
{
    enum rc rc = sql_lock_take(&db->lock, e);
    if (rc != RC_OK)
        return rc;
    rc = open_first(db, o, q, e);
    sql_lock_release(&db->lock);
    return rc;
}

static int clamp_batch(int limit)
{
    return limit < 1 || limit > LIMIT_SQL_BATCH ? LIMIT_SQL_BATCH : limit;
}

enum rc sql_open(struct sql_db **out, const char *url, const struct sql_options *options,
                 struct err *e)
{
    struct sql *q = NULL;
    struct sql_db *db = calloc(1, sizeof *db);
    CHECK(db != NULL && options->catalog != NULL);
    db->catalog = options->catalog;
    db->lock = (struct sql_lock){-1, -1};
    db->presence_fd = -1;
    CHECK(pthread_mutex_init(&db->pool_mutex, NULL) == 0);
    CHECK(pthread_cond_init(&db->pool_freed, NULL) == 0);
    enum rc rc = take_url(db, url, e);
    if (rc != RC_OK)
        goto out;
    if (!options->create && access(db->path, F_OK) != 0) {
        rc = ERR(e, RC_IO, "There is no database yet. Run `refundctl init` first.", "%s: %s",
                 db->path, strerror(errno));
        goto out;
    }
    rc = sql_presence_open(&db->presence_fd, db->path, options->alone, e);
    if (rc == RC_OK)
        rc = sql_lock_open(&db->lock, db->path, e);
    if (rc != RC_OK)
        goto out;
    rc = open_locked(db, options, &q, e);
    if (rc != RC_OK)
        goto out;
    struct sql_writer_options w = {
        .ops = db->ops,
        .catalog = db->catalog,
        .log = options->log,
        .path = db->path,
        .lock = &db->lock,
        .write_wait_ms =
            options->write_wait_ms > 0 ? options->write_wait_ms : DEFAULT_WRITE_WAIT_MS,
        .batch_limit = clamp_batch(options->batch_limit),
    };
    db->writer = sql_writer_start(&w, q);
    q = NULL;
out:
    if (rc == RC_OK) {
        *out = db;
        return RC_OK;
    }
    sql_session_close(q);
    sql_close(db);
    return rc;
}

void sql_close(struct sql_db *db)
{
    if (db == NULL)
        return;
    if (db->writer != NULL)
        sql_writer_stop(db->writer);
    CHECK(db->n_idle == db->n_readers);
    for (int i = 0; i < db->n_idle; i++)
        sql_session_close(db->idle[i]);
    sql_lock_close(&db->lock);
    if (db->presence_fd >= 0)
        close(db->presence_fd);
    CHECK(pthread_cond_destroy(&db->pool_freed) == 0);
    CHECK(pthread_mutex_destroy(&db->pool_mutex) == 0);
    free(db->path);
    free(db);
}

/* ---- reading ------------------------------------------------------------------------------ */

static void reader_forget(struct sql_db *db, struct sql *q)
{
    sql_session_close(q);
    CHECK(pthread_mutex_lock(&db->pool_mutex) == 0);
    db->n_readers--;
    CHECK(pthread_cond_signal(&db->pool_freed) == 0);
    CHECK(pthread_mutex_unlock(&db->pool_mutex) == 0);
}

static enum rc reader_take(struct sql_db *db, struct sql **out, struct err *e)
{
    struct sql *q = NULL;
    CHECK(pthread_mutex_lock(&db->pool_mutex) == 0);
    while (db->n_idle == 0 && db->n_readers == LIMIT_SQL_READERS)
        CHECK(pthread_cond_wait(&db->pool_freed, &db->pool_mutex) == 0);
    if (db->n_idle > 0)
        q = db->idle[--db->n_idle];
    else
        db->n_readers++;
    CHECK(pthread_mutex_unlock(&db->pool_mutex) == 0);
    enum rc rc = RC_OK;
    if (q == NULL)
        rc = sql_session_open(&q, db->ops, db->catalog, db->path, false, true, e);
    if (rc != RC_OK)
        reader_forget(db, NULL);
    else
        *out = q;
    return rc;
}

static void reader_give(struct sql_db *db, struct sql *q)
{
    if (q->ops->in_tx(q->conn)) {
        reader_forget(db, q); /* it would not end its snapshot */
        return;
    }
    CHECK(pthread_mutex_lock(&db->pool_mutex) == 0);
    db->idle[db->n_idle++] = q;
    CHECK(pthread_cond_signal(&db->pool_freed) == 0);
    CHECK(pthread_mutex_unlock(&db->pool_mutex) == 0);
}

enum rc sql_read(struct sql_db *db, sql_fn *fn, void *arg, struct err *e)
{
    struct sql *q = NULL;
    struct err ending;
    enum rc rc = reader_take(db, &q, e);
    if (rc != RC_OK)
        return rc;
    rc = db->ops->script(q->conn, "BEGIN", e);
    if (rc == RC_OK)
        rc = sql_session_call(q, fn, arg, e);
    if (db->ops->in_tx(q->conn) && db->ops->script(q->conn, "COMMIT", &ending) != RC_OK &&
        db->ops->in_tx(q->conn))
        (void)!db->ops->script(q->conn, "ROLLBACK", &ending);
    reader_give(db, q);
    return rc;
}

enum rc sql_tx(struct sql_db *db, sql_fn *fn, void *arg, struct err *e)
{
    return sql_writer_run(db->writer, fn, arg, e);
}

int sql_waiting(struct sql_db *db)
{
    return sql_writer_waiting(db->writer);
}

/* ---- upkeep ------------------------------------------------------------------------------- */

enum rc sql_backup(struct sql_db *db, const char *to_path, struct err *e)
{
    struct sql *q = NULL;
    enum rc rc = reader_take(db, &q, e);
    if (rc != RC_OK)
        return rc;
    rc = db->ops->backup(q->conn, to_path, e);
    reader_give(db, q);
    return rc;
}

enum rc sql_integrity(struct sql_db *db, struct arena *a, const char **report, struct err *e)
{
    struct sql *q = NULL;
    enum rc rc = reader_take(db, &q, e);
    if (rc != RC_OK)
        return rc;
    rc = db->ops->integrity(q->conn, a, report, e);
    reader_give(db, q);
    return rc;
}

static enum rc prepare_one(struct sql *q, const struct sql_block *b, struct err *e)
{
    struct sql_stmt *stmt = NULL;
    struct err why;
    enum rc rc = q->ops->prepare(q->conn, b->text, &stmt, &why);
    if (rc != RC_OK)
        return ERR(e, rc, "A statement of the catalog does not fit the schema.", "%s: %s", b->name,
                   why.detail);
    int columns = q->ops->columns(stmt);
    q->ops->finalize(stmt);
    if (columns != (int)strlen(b->out))
        return ERR(e, RC_INTERNAL, "A statement of the catalog does not fit its description.",
                   "%s: %d columns, out has \"%s\"", b->name, columns, b->out);
    return RC_OK;
}

enum rc sql_prepare_all(struct sql_db *db, struct err *e)
{
    struct sql *q = NULL;
    enum rc rc = reader_take(db, &q, e);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; rc == RC_OK && i < db->catalog->n_blocks; i++)
        if (!db->catalog->blocks[i].fragment)
            rc = prepare_one(q, &db->catalog->blocks[i], e);
    reader_give(db, q);
    return rc;
}
