/*
 * A connection's prepared statements and the cursors that run them.
 */
#include "sql/private.h"
#include <stdlib.h>
#include <string.h>

enum rc sql_session_open(struct sql **out, const struct sql_ops *ops,
                         const struct sql_catalog *catalog, const char *path, bool create,
                         bool read_only, struct err *e)
{
    struct sql *q = calloc(1, sizeof *q);
    CHECK(q != NULL);
    q->ops = ops;
    q->catalog = catalog;
    enum rc rc = ops->open(&q->conn, path, create, read_only, e);
    if (rc != RC_OK) {
        free(q);
        return rc;
    }
    q->blocks = calloc((size_t)catalog->n_blocks + 1, sizeof *q->blocks);
    q->lists = calloc(LIST_SETS * LIST_WAYS, sizeof *q->lists);
    CHECK(q->blocks != NULL && q->lists != NULL);
    *out = q;
    return RC_OK;
}

static void slot_clear(const struct sql *q, struct sql_slot *slot)
{
    if (slot->stmt != NULL)
        q->ops->finalize(slot->stmt);
    slot->stmt = NULL;
}

void sql_session_close(struct sql *q)
{
    if (q == NULL)
        return;
    CHECK(q->open_cursors == 0);
    for (int i = 0; i < q->catalog->n_blocks; i++)
        slot_clear(q, &q->blocks[i]);
    for (int i = 0; i < LIST_SETS * LIST_WAYS; i++)
        slot_clear(q, &q->lists[i].slot);
    q->ops->close(q->conn);
    free(q->blocks);
    free(q->lists);
    free(q);
}

enum rc sql_session_call(struct sql *q, sql_fn *fn, void *arg, struct err *e)
{
    q->failed = false;
    enum rc rc = fn(q, arg, e);
    CHECK(q->open_cursors == 0);
    if (rc == RC_OK && q->failed)
        return ERR(e, RC_IO, "The database could not do this.",
                   "a statement failed and the function went on");
    return rc;
}

/* ---- beginning ---------------------------------------------------------------------------- */

struct sql_val sql_val_text(const char *s)
{
    return (struct sql_val){.type = 't', .p = s, .n = s ? strlen(s) : 0};
}

static void cursor_fail(struct sql_cur *c, enum rc rc)
{
    c->rc = rc;
    c->stmt = NULL;
    if (rc != RC_CONFLICT)
        c->q->failed = true;
}

static enum rc prepare_checked(const struct sql *q, const char *text, const struct sql_block *b,
                               struct sql_stmt **out, struct err *e)
{
    struct sql_stmt *stmt = NULL;
    enum rc rc = q->ops->prepare(q->conn, text, &stmt, e);
    if (rc != RC_OK)
        return rc;
    int columns = q->ops->columns(stmt);
    if (columns != (int)strlen(b->out)) {
        q->ops->finalize(stmt);
        return ERR(e, RC_INTERNAL, "A statement does not fit its description.",
                   "%s: %d columns, out has \"%s\"", b->name, columns, b->out);
    }
    *out = stmt;
    return RC_OK;
}

static enum rc bind_all(const struct sql *q, struct sql_stmt *stmt, struct sql_args args,
                        struct err *e)
{
    for (int i = 0; i < args.n; i++) {
        enum rc rc = q->ops->bind(stmt, i + 1, &args.v[i], e);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

/* text NULL: that of the list. */
static void cursor_start(struct sql *q, struct sql_cur *c, struct sql_slot *slot,
                         const struct sql_block *b, const struct sql_list *list,
                         struct sql_args args)
{
    CHECK(!slot->busy);
    c->q = q;
    c->slot = slot;
    c->stmt = NULL;
    c->out = b->out;
    c->n_columns = (int)strlen(b->out);
    c->column = c->n_columns;
    c->rc = RC_OK;
    slot->busy = true;
    q->open_cursors++;
    /* Without this a statement after the engine's own rollback would commit by itself. */
    if (!q->ops->in_tx(q->conn)) {
        cursor_fail(c, ERR(&c->err, RC_IO, "The database gave this change up.",
                           "%s: the transaction is gone", b->name));
        return;
    }
    if (slot->stmt == NULL) {
        char *text = list != NULL ? sql_list_compose(q->catalog, list) : NULL;
        enum rc rc = prepare_checked(q, text != NULL ? text : b->text, b, &slot->stmt, &c->err);
        free(text);
        if (rc != RC_OK) {
            cursor_fail(c, rc);
            return;
        }
    }
    enum rc rc = bind_all(q, slot->stmt, args, &c->err);
    if (rc != RC_OK)
        cursor_fail(c, rc);
    else
        c->stmt = slot->stmt;
}

void sql_begin(struct sql *q, struct sql_cur *c, int block, struct sql_args args)
{
    CHECK(block >= 0 && block < q->catalog->n_blocks);
    const struct sql_block *b = &q->catalog->blocks[block];
    CHECK(!b->fragment);
    int n = 0;
    for (; b->in[n] != '\0'; n++)
        CHECK(n < args.n && args.v[n].type == b->in[n]);
    CHECK(n == args.n);
    cursor_start(q, c, &q->blocks[block], b, NULL, args);
}

void sql_begin_list(struct sql *q, struct sql_cur *c, const struct sql_list *list,
                    struct sql_args args)
{
    sql_list_check_args(q->catalog, list, args);
    cursor_start(q, c, sql_list_find(q, list), &q->catalog->blocks[list->base], list, args);
}

/* ---- running ------------------------------------------------------------------------------ */

bool sql_next(struct sql_cur *c)
{
    CHECK(c->q != NULL);
    if (c->stmt == NULL)
        return false;
    enum rc rc = RC_IO;
    switch (c->q->ops->step(c->stmt, &rc, &c->err)) {
    case SQL_STEP_ROW:
        c->column = 0;
        return true;
    case SQL_STEP_DONE:
        c->stmt = NULL;
        c->column = c->n_columns;
        return false;
    case SQL_STEP_ERROR:
        break;
    }
    cursor_fail(c, rc);
    return false;
}

enum rc sql_end(struct sql_cur *c, struct err *e)
{
    struct sql *q = c->q;
    CHECK(q != NULL);
    struct sql_slot *slot = c->slot;
    c->q = NULL;
    c->stmt = NULL;
    q->open_cursors--;
    slot->busy = false;
    if (slot->stmt != NULL)
        q->ops->reset(slot->stmt);
    if (slot->once) {
        slot_clear(q, slot);
        free(slot);
    }
    if (c->rc != RC_OK && e != NULL)
        *e = c->err;
    return c->rc;
}

enum rc sql_exec(struct sql *q, int block, struct sql_args args, int64_t *changed, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, block, args);
    while (sql_next(&c))
        continue;
    if (c.rc == RC_OK && changed != NULL)
        *changed = q->ops->changes(q->conn);
    return sql_end(&c, e);
}

/* ---- columns ------------------------------------------------------------------------------ */

static int take_column(struct sql_cur *c, char letter)
{
    CHECK(c->stmt != NULL && c->column < c->n_columns);
    CHECK(letter == '\0' || c->out[c->column] == letter);
    return c->column++;
}

int64_t sql_i64(struct sql_cur *c)
{
    int64_t v;
    (void)sql_opt_i64(c, &v);
    return v;
}

bool sql_opt_i64(struct sql_cur *c, int64_t *v)
{
    int column = take_column(c, 'i');
    return c->q->ops->col_i64(c->stmt, column, v);
}

char *sql_text(struct sql_cur *c, struct arena *a)
{
    int column = take_column(c, 't');
    size_t n;
    const char *p = c->q->ops->col_bytes(c->stmt, column, &n);
    return p != NULL ? arena_strndup(a, p, n) : NULL;
}

void *sql_bytes(struct sql_cur *c, struct arena *a, size_t *n)
{
    int column = take_column(c, 'b');
    const void *p = c->q->ops->col_bytes(c->stmt, column, n);
    if (p == NULL)
        return NULL;
    void *copy = arena_alloc(a, *n + 1);
    memcpy(copy, p, *n);
    return copy;
}

void sql_skip(struct sql_cur *c)
{
    (void)take_column(c, '\0');
}
