/*
 * The schema's versions: forward only, checksummed, each in a transaction of its own.
 */
#include "core/clock.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/str.h"
#include "sql/ops.h"
#include <string.h>

struct migrate {
    const struct sql_ops *ops;
    struct sql_conn *conn;
    const struct sql_options *o;
    struct arena *arena;
};

/* Replaces the tokens that the engines spell differently. */
static const char *spell(const struct migrate *m, const char *text)
{
    const struct {
        const char *token, *word;
    } tokens[] = {
        {"@INT@", m->ops->type_int},
        {"@BYTES@", m->ops->type_bytes},
        {"@STRICT@", m->ops->word_strict},
    };
    struct buf b;
    buf_init(&b, m->arena);
    while (*text != '\0') {
        size_t n = 1;
        const char *word = NULL;
        for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
            if (str_starts(text, tokens[i].token)) {
                word = tokens[i].word;
                n = strlen(tokens[i].token);
            }
        if (word != NULL)
            buf_puts(&b, word);
        else
            buf_putc(&b, *text);
        text += n;
    }
    return buf_text(&b);
}

static const char *checksum(const struct migrate *m, const struct sql_migration *x)
{
    struct buf b;
    buf_init(&b, m->arena);
    buf_puts(&b, x->text);
    buf_puts(&b, x->triggers);
    return digest_sha256_hex(m->arena, buf_text(&b), b.len);
}

static void roll_back(const struct migrate *m)
{
    struct err ignored;
    if (m->ops->in_tx(m->conn))
        (void)!m->ops->script(m->conn, "ROLLBACK", &ignored);
}

/* ---- what is there ------------------------------------------------------------------------ */

static const char table_text[] = "CREATE TABLE IF NOT EXISTS schema_migrations ("
                                 "version @INT@ PRIMARY KEY, name TEXT NOT NULL, "
                                 "checksum TEXT NOT NULL, applied_at_ms @INT@ NOT NULL) @STRICT@";

static enum rc make_table(const struct migrate *m, struct err *e)
{
    enum rc rc = m->ops->script(m->conn, "BEGIN IMMEDIATE", e);
    if (rc == RC_OK)
        rc = m->ops->script(m->conn, spell(m, table_text), e);
    if (rc == RC_OK)
        rc = m->ops->script(m->conn, "COMMIT", e);
    roll_back(m);
    return rc;
}

static enum rc judge_row(const struct migrate *m, int64_t version, const char *sum, int *last,
                         struct err *e)
{
    const struct sql_catalog *c = m->o->catalog;
    if (version > c->n_migrations)
        return ERR(e, RC_CONFLICT,
                   "The database belongs to a newer release. Install that release, or restore a "
                   "backup made before it.",
                   "schema version %lld, this program knows %d", (long long)version,
                   c->n_migrations);
    if (version != *last + 1)
        return ERR(e, RC_CONFLICT, "The database's list of migrations has a gap. Restore a backup.",
                   "version %lld after %d", (long long)version, *last);
    const struct sql_migration *x = &c->migrations[*last];
    if (!str_eq(sum, checksum(m, x)))
        return ERR(e, RC_CONFLICT,
                   "A migration that was applied to this database has been changed since. Install "
                   "the release that the database was made with; changes go into a new migration.",
                   "checksum of migration %d (%s)", x->version, x->name);
    *last = (int)version;
    return RC_OK;
}

static enum rc judge_rows(const struct migrate *m, struct sql_stmt *s, int *last, struct err *e)
{
    enum rc rc = RC_OK;
    while (rc == RC_OK) {
        enum sql_step step = m->ops->step(s, &rc, e);
        if (step == SQL_STEP_DONE)
            return RC_OK;
        if (step == SQL_STEP_ERROR)
            return rc;
        int64_t version;
        size_t n;
        (void)m->ops->col_i64(s, 0, &version);
        const char *p = m->ops->col_bytes(s, 1, &n);
        rc = judge_row(m, version, p ? arena_strndup(m->arena, p, n) : "", last, e);
    }
    return rc;
}

/* *last: the version that the database has. */
static enum rc check_applied(const struct migrate *m, int *last, struct err *e)
{
    struct sql_stmt *s = NULL;
    struct err why;
    enum rc rc = m->ops->prepare(
        m->conn, "SELECT version, checksum FROM schema_migrations ORDER BY version", &s, &why);
    if (rc != RC_OK)
        return ERR(e, RC_CONFLICT, "The database has no schema yet. Run `refundctl migrate`.", "%s",
                   why.detail);
    rc = judge_rows(m, s, last, e);
    m->ops->finalize(s);
    return rc;
}

/* ---- applying ----------------------------------------------------------------------------- */

static enum rc record(const struct migrate *m, const struct sql_migration *x, struct err *e)
{
    const struct sql_val v[] = {SQL_I(x->version), SQL_T(x->name), SQL_T(checksum(m, x)),
                                SQL_I(clock_wall_ms(m->o->clock))};
    struct sql_stmt *s = NULL;
    enum rc rc = m->ops->prepare(m->conn,
                                 "INSERT INTO schema_migrations "
                                 "(version, name, checksum, applied_at_ms) VALUES ($1, $2, $3, $4)",
                                 &s, e);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; rc == RC_OK && i < 4; i++)
        rc = m->ops->bind(s, i + 1, &v[i], e);
    if (rc == RC_OK && m->ops->step(s, &rc, e) != SQL_STEP_ERROR)
        rc = RC_OK;
    m->ops->finalize(s);
    return rc;
}

static enum rc apply_texts(const struct migrate *m, const struct sql_migration *x, struct err *e)
{
    enum rc rc = m->ops->script(m->conn, spell(m, x->text), e);
    if (rc == RC_OK && x->triggers[0] != '\0')
        rc = m->ops->script(m->conn, spell(m, x->triggers), e);
    if (rc == RC_OK && !m->ops->in_tx(m->conn))
        rc = ERR(e, RC_INTERNAL, "A migration must not end its transaction.", "%s", x->name);
    if (rc == RC_OK)
        rc = record(m, x, e);
    return rc;
}

static enum rc apply(const struct migrate *m, const struct sql_migration *x, struct err *e)
{
    struct err why;
    enum rc rc = m->ops->script(m->conn, "BEGIN IMMEDIATE", &why);
    if (rc == RC_OK)
        rc = apply_texts(m, x, &why);
    if (rc == RC_OK)
        rc = m->ops->script(m->conn, "COMMIT", &why);
    roll_back(m);
    if (rc != RC_OK)
        return ERR(e, rc, "A migration failed; nothing of it was applied.", "%d (%s): %s",
                   x->version, x->name, why.detail);
    if (m->o->log != NULL)
        log_event(m->o->log, LOG_INFO, "migrated", "migration", x->name, NULL);
    return RC_OK;
}

enum rc sql_migrate(const struct sql_ops *ops, struct sql_conn *c,
                    const struct sql_options *options, struct err *e)
{
    const struct sql_catalog *catalog = options->catalog;
    struct migrate m = {ops, c, options, arena_new(LIMIT_ARENA_JOB_BYTES)};
    int last = 0;
    enum rc rc = options->migrate ? make_table(&m, e) : RC_OK;
    if (rc == RC_OK)
        rc = check_applied(&m, &last, e);
    if (rc == RC_OK && last < catalog->n_migrations && !options->migrate)
        rc = ERR(e, RC_CONFLICT,
                 "The database is of an older release. Make a backup and run `refundctl migrate`.",
                 "schema version %d, this program needs %d", last, catalog->n_migrations);
    while (rc == RC_OK && last < catalog->n_migrations)
        rc = apply(&m, &catalog->migrations[last++], e);
    arena_free(m.arena);
    return rc;
}
