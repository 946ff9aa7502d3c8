#include "sql/rig.h"
#include "core/str.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

void rig_init(struct rig *r)
{
    *r = (struct rig){.dir = suite_tmpdir(), .gate_fd = -1};
    ck_assert_int_gt(asprintf(&r->path, "%s/x.db", r->dir), 0);
    ck_assert_int_gt(asprintf(&r->url, "sqlite:%s", r->path), 0);
    r->options =
        (struct sql_options){.catalog = &sql_catalog_fixture, .create = true, .migrate = true};
    r->arena = arena_new(1u << 20);
}

void rig_open(struct rig *r)
{
    struct err e = {0};
    ck_assert_msg(sql_open(&r->db, r->url, &r->options, &e) == RC_OK, "%s %s", e.text, e.detail);
}

void rig_reopen(struct rig *r)
{
    sql_close(r->db);
    rig_open(r);
}

void rig_close(struct rig *r)
{
    sql_close(r->db);
    if (r->gate_fd >= 0)
        close(r->gate_fd);
    arena_free(r->arena);
    free(r->url);
    free(r->path);
    free(r->dir);
    sql_use_ops(NULL);
}

void rig_shut_gate(struct rig *r)
{
    if (r->gate_fd < 0)
        r->gate_fd = open(arena_printf(r->arena, "%s-write", r->path), O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(r->gate_fd, 0);
    ck_assert_int_eq(flock(r->gate_fd, LOCK_EX), 0);
}

void rig_open_gate(struct rig *r)
{
    ck_assert_int_eq(flock(r->gate_fd, LOCK_UN), 0);
}

void rig_wait_queued(struct rig *r, int n)
{
    while (sql_waiting(r->db) < n)
        clock_sleep_ms(1);
    ck_assert_int_eq(sql_waiting(r->db), n);
}

/* ---- writes ------------------------------------------------------------------------------- */

enum rc put_item(struct sql *q, void *arg, struct err *e)
{
    struct put *p = arg;
    char name[40];
    p->runs++;
    (void)snprintf(name, sizeof name, "item %lld", (long long)p->id);
    enum rc rc = sql_exec(
        q, FX_ITEM_INSERT,
        SQL_ARGS(SQL_I(p->id), SQL_T(p->name ? p->name : name), SQL_I(p->id), SQL_B(NULL, 0)), NULL,
        e);
    if (rc == RC_OK)
        rc = sql_exec(q, FX_NOTE_INSERT, SQL_ARGS(SQL_I(p->id), SQL_I(p->id), SQL_T("note")), NULL,
                      e);
    if (rc == RC_OK && p->then_answer != RC_OK)
        return ERR(e, p->then_answer, "Refused.", "%s", "by the test");
    return rc;
}

static void *call_main(void *arg)
{
    struct call *c = arg;
    c->rc = sql_tx(c->db, c->fn, c->arg, &c->err);
    return NULL;
}

void call_start(struct call *c, struct rig *r, sql_fn *fn, void *arg)
{
    *c = (struct call){.db = r->db, .fn = fn, .arg = arg};
    ck_assert_int_eq(pthread_create(&c->thread, NULL, call_main, c), 0);
}

enum rc call_join(struct call *c)
{
    ck_assert_int_eq(pthread_join(c->thread, NULL), 0);
    return c->rc;
}

/* ---- what is there ------------------------------------------------------------------------ */

static enum rc count_items(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
    while (sql_next(&c))
        *(int64_t *)arg = sql_i64(&c);
    return sql_end(&c, e);
}

int64_t rig_count(struct rig *r)
{
    struct err e = {0};
    int64_t n = -1;
    ck_assert_msg(sql_read(r->db, count_items, &n, &e) == RC_OK, "%s", e.detail);
    return n;
}

struct rows_of {
    int64_t id, rows;
};

static enum rc count_rows_of(struct sql *q, void *arg, struct err *e)
{
    struct rows_of *x = arg;
    struct sql_cur c;
    sql_begin(q, &c, FX_ITEM_READ, SQL_ARGS(SQL_I(x->id)));
    while (sql_next(&c))
        x->rows++;
    enum rc rc = sql_end(&c, e);
    if (rc != RC_OK)
        return rc;
    sql_begin(q, &c, FX_NOTE_COUNT, SQL_ARGS(SQL_I(x->id)));
    while (sql_next(&c))
        x->rows += sql_i64(&c);
    return sql_end(&c, e);
}

int64_t rig_rows_of(struct rig *r, int64_t id)
{
    struct err e = {0};
    struct rows_of x = {.id = id};
    ck_assert_msg(sql_read(r->db, count_rows_of, &x, &e) == RC_OK, "%s", e.detail);
    return x.rows;
}

/* ---- the engine that counts --------------------------------------------------------------- */

struct probe probe;
static const struct sql_ops *real;

static bool take_one(atomic_int *left)
{
    int n = *left;
    while (n > 0)
        if (atomic_compare_exchange_weak(left, &n, n - 1))
            return true;
    return false;
}

static enum rc probe_script(struct sql_conn *c, const char *text, struct err *e)
{
    bool commit = str_eq(text, "COMMIT");
    if (commit && take_one(&probe.busy_commits))
        return ERR(e, RC_BUSY, "Busy.", "%s", "probe");
    if (str_starts(text, "ROLLBACK") && take_one(&probe.failing_rollbacks))
        return ERR(e, RC_IO, "No.", "%s", "probe");
    enum rc rc = real->script(c, text, e);
    if (commit && rc == RC_OK)
        probe.commits++;
    return rc;
}

static enum rc probe_open(struct sql_conn **out, const char *path, bool create, bool read_only,
                          struct err *e)
{
    probe.opened++;
    return real->open(out, path, create, read_only, e);
}

static enum rc probe_checkpoint(struct sql_conn *c, struct err *e)
{
    probe.checkpoints++;
    return real->checkpoint(c, e);
}

void probe_use(const struct sql_ops *ops)
{
    static struct sql_ops table;
    real = ops;
    table = *ops;
    table.script = probe_script;
    table.open = probe_open;
    table.checkpoint = probe_checkpoint;
    probe.commits = probe.busy_commits = probe.failing_rollbacks = 0;
    probe.opened = probe.checkpoints = 0;
    sql_use_ops(&table);
}
