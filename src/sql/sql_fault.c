/*
 * An engine that fails at the k-th call of a kind, for tests. It wraps statements so as to know
 * their connection, because a fault may take the transaction with it.
 */
#include "core/str.h"
#include "sql/ops.h"
#include <pthread.h>
#include <stdlib.h>

struct fault_stmt {
    struct sql_stmt *real;
    struct sql_conn *conn;
};

static const struct sql_ops *real;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
    enum sql_fault_kind kind;
    int k;
    enum rc rc;
    bool rolled_back;
    int calls;
} armed;

void sql_fault_arm(enum sql_fault_kind kind, int k, enum rc rc, bool rolled_back)
{
    CHECK(pthread_mutex_lock(&mutex) == 0);
    armed.kind = kind;
    armed.k = k;
    armed.rc = rc;
    armed.rolled_back = rolled_back;
    armed.calls = 0;
    CHECK(pthread_mutex_unlock(&mutex) == 0);
}

int sql_fault_calls(void)
{
    CHECK(pthread_mutex_lock(&mutex) == 0);
    int calls = armed.calls;
    CHECK(pthread_mutex_unlock(&mutex) == 0);
    return calls;
}

/* RC_OK: this call is not to fail. */
static enum rc strike(enum sql_fault_kind kind, struct sql_conn *c, struct err *e)
{
    CHECK(pthread_mutex_lock(&mutex) == 0);
    bool now = armed.kind == kind && ++armed.calls == armed.k;
    enum rc rc = armed.rc;
    bool roll_back = now && armed.rolled_back;
    CHECK(pthread_mutex_unlock(&mutex) == 0);
    if (!now)
        return RC_OK;
    struct err ignored;
    if (roll_back && real->in_tx(c))
        CHECK(real->script(c, "ROLLBACK", &ignored) == RC_OK);
    return ERR(e, rc, "The database could not do this.", "injected fault");
}

static struct fault_stmt *wrapped(struct sql_stmt *s)
{
    return (struct fault_stmt *)s;
}

static enum rc fault_script(struct sql_conn *c, const char *text, struct err *e)
{
    enum rc rc = strike(SQL_FAULT_SCRIPT, c, e);
    if (rc == RC_OK && str_eq(text, "COMMIT"))
        rc = strike(SQL_FAULT_COMMIT, c, e);
    return rc == RC_OK ? real->script(c, text, e) : rc;
}

static enum rc fault_prepare(struct sql_conn *c, const char *text, struct sql_stmt **out,
                             struct err *e)
{
    enum rc rc = strike(SQL_FAULT_PREPARE, c, e);
    struct sql_stmt *stmt = NULL;
    if (rc == RC_OK)
        rc = real->prepare(c, text, &stmt, e);
    if (rc != RC_OK)
        return rc;
    struct fault_stmt *s = calloc(1, sizeof *s);
    CHECK(s != NULL);
    s->real = stmt;
    s->conn = c;
    *out = (struct sql_stmt *)s;
    return RC_OK;
}

static void fault_finalize(struct sql_stmt *s)
{
    real->finalize(wrapped(s)->real);
    free(wrapped(s));
}

static enum rc fault_bind(struct sql_stmt *s, int index, const struct sql_val *v, struct err *e)
{
    return real->bind(wrapped(s)->real, index, v, e);
}

static enum sql_step fault_step(struct sql_stmt *s, enum rc *rc, struct err *e)
{
    enum rc struck = strike(SQL_FAULT_STEP, wrapped(s)->conn, e);
    if (struck == RC_OK)
        return real->step(wrapped(s)->real, rc, e);
    *rc = struck;
    return SQL_STEP_ERROR;
}

static void fault_reset(struct sql_stmt *s)
{
    real->reset(wrapped(s)->real);
}

static bool fault_col_i64(struct sql_stmt *s, int column, int64_t *v)
{
    return real->col_i64(wrapped(s)->real, column, v);
}

static const void *fault_col_bytes(struct sql_stmt *s, int column, size_t *n)
{
    return real->col_bytes(wrapped(s)->real, column, n);
}

static int fault_columns(struct sql_stmt *s)
{
    return real->columns(wrapped(s)->real);
}

const struct sql_ops *sql_fault_ops(const struct sql_ops *of)
{
    static struct sql_ops ops;
    real = of;
    ops = *of;
    ops.script = fault_script;
    ops.prepare = fault_prepare;
    ops.finalize = fault_finalize;
    ops.bind = fault_bind;
    ops.step = fault_step;
    ops.reset = fault_reset;
    ops.col_i64 = fault_col_i64;
    ops.col_bytes = fault_col_bytes;
    ops.columns = fault_columns;
    return &ops;
}
