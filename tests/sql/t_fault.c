/*
 * What the engine's failures may not do: nobody is told of success without durability, nobody of
 * failure with it. Every outcome is judged after the database was opened again.
 */
#include "core/limits.h"
#include "sql/rig.h"
#include <stdio.h>

static struct rig r;

static void set_up(void)
{
    rig_init(&r);
    sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
    probe_use(sql_fault_ops(&sql_ops_sqlite));
}

static void tear_down(void)
{
    rig_close(&r);
}

enum { N = 5 };
struct round {
    struct put puts[N];
    struct call calls[N];
};

/* Five puts in one batch; the fourth refuses by itself after its writes. */
static void run_round(struct round *x, int64_t first, enum sql_fault_kind kind, int k, enum rc rc,
                      bool rolled_back)
{
    *x = (struct round){0};
    rig_shut_gate(&r);
    for (int i = 0; i < N; i++) {
        x->puts[i].id = first + i;
        x->puts[i].then_answer = i == 3 ? RC_DENIED : RC_OK;
        call_start(&x->calls[i], &r, put_item, &x->puts[i]);
        rig_wait_queued(&r, i + 1);
    }
    sql_fault_arm(kind, k, rc, rolled_back);
    rig_open_gate(&r);
    for (int i = 0; i < N; i++)
        (void)call_join(&x->calls[i]);
}

static void disarm(void)
{
    sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
}

/* Told of success exactly when durable. Returns how many succeeded. */
static int judge_round(const struct round *x, const char *what, int k)
{
    int succeeded = 0;
    for (int i = 0; i < N; i++) {
        int64_t rows = rig_rows_of(&r, x->puts[i].id);
        bool ok = x->calls[i].rc == RC_OK;
        ck_assert_msg(rows == (ok ? 2 : 0), "%s %d, call %d: told %s, %lld rows", what, k, i,
                      rc_name(x->calls[i].rc), (long long)rows);
        succeeded += ok;
    }
    ck_assert_int_ne(x->calls[3].rc, RC_OK);
    return succeeded;
}

/* The third call's first statement fails and takes the transaction with it: TRAPS' fault. */
START_TEST(own_rollback_spares_the_innocent)
{
    struct round x;
    rig_open(&r);
    run_round(&x, 1, SQL_FAULT_STEP, 5, RC_IO, true);
    disarm();
    rig_reopen(&r);
    ck_assert_int_eq(judge_round(&x, "step", 5), 3);
    ck_assert_int_eq(x.calls[2].rc, RC_IO);
    ck_assert_int_eq(x.calls[3].rc, RC_DENIED);
    ck_assert_int_eq(x.puts[2].runs, 1); /* the culprit is not tried again */
}
END_TEST

START_TEST(own_rollback_on_full_disk)
{
    struct round x;
    rig_open(&r);
    run_round(&x, 1, SQL_FAULT_STEP, 2, RC_IO, true);
    disarm();
    rig_reopen(&r);
    ck_assert_int_eq(judge_round(&x, "step", 2), 3);
    ck_assert_int_eq(x.calls[0].rc, RC_IO);
}
END_TEST

static enum rc put_carelessly(struct sql *q, void *arg, struct err *e)
{
    struct put *p = arg;
    struct put second = {.id = p->id + 1};
    (void)!put_item(q, p, e);
    (void)!put_item(q, &second, e);
    return RC_OK;
}

/* After the engine's rollback the second put would commit by itself. */
START_TEST(going_on_after_own_rollback_stores_nothing)
{
    struct put p = {.id = 1};
    struct err e;
    rig_open(&r);
    sql_fault_arm(SQL_FAULT_STEP, 1, RC_IO, true);
    ck_assert_int_eq(sql_tx(r.db, put_carelessly, &p, &e), RC_IO);
    disarm();
    rig_reopen(&r);
    ck_assert_int_eq(rig_count(&r), 0);
}
END_TEST

START_TEST(passing_over_a_failed_statement_is_failure)
{
    struct put p = {.id = 1};
    struct err e;
    rig_open(&r);
    sql_fault_arm(SQL_FAULT_STEP, 1, RC_IO, false);
    ck_assert_int_eq(sql_tx(r.db, put_carelessly, &p, &e), RC_IO);
    disarm();
    rig_reopen(&r);
    ck_assert_int_eq(rig_count(&r), 0);
}
END_TEST

START_TEST(busy_commit_is_tried_again)
{
    struct put p = {.id = 1};
    struct err e;
    rig_open(&r);
    probe.busy_commits = 3;
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
    ck_assert_int_eq(p.runs, 1); /* the COMMIT only */
    ck_assert_int_eq(probe.busy_commits, 0);
    rig_reopen(&r);
    ck_assert_int_eq(rig_rows_of(&r, 1), 2);
}
END_TEST

START_TEST(busy_commit_is_bounded)
{
    struct put p = {.id = 1}, next = {.id = 2};
    struct err e;
    rig_open(&r);
    probe.busy_commits = LIMIT_SQL_COMMIT_TRIES;
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_IO);
    ck_assert_int_eq(probe.busy_commits, 0);
    ck_assert_int_eq(sql_tx(r.db, put_item, &next, &e), RC_OK);
    rig_reopen(&r);
    ck_assert_int_eq(rig_rows_of(&r, 1), 0);
    ck_assert_int_eq(rig_rows_of(&r, 2), 2);
}
END_TEST

START_TEST(failed_commit_is_told_to_all)
{
    struct round x;
    rig_open(&r);
    run_round(&x, 1, SQL_FAULT_COMMIT, 1, RC_IO, _i == 1);
    disarm();
    rig_reopen(&r);
    int succeeded = judge_round(&x, "commit", 1);
    ck_assert_int_eq(x.calls[0].rc, RC_IO);
    ck_assert_int_lt(succeeded, N - 1);
    struct put p = {.id = 100};
    struct err e;
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
}
END_TEST

START_TEST(connection_that_cannot_roll_back_is_replaced)
{
    struct put refused = {.id = 1, .then_answer = RC_DENIED}, next = {.id = 2};
    struct err e;
    rig_open(&r);
    int opened = probe.opened;
    probe.failing_rollbacks = 2; /* ROLLBACK TO and ROLLBACK */
    ck_assert_int_eq(sql_tx(r.db, put_item, &refused, &e), RC_DENIED);
    ck_assert_int_eq(sql_tx(r.db, put_item, &next, &e), RC_OK);
    ck_assert_int_eq(probe.opened, opened + 1);
    rig_reopen(&r);
    ck_assert_int_eq(rig_rows_of(&r, 1), 0);
    ck_assert_int_eq(rig_rows_of(&r, 2), 2);
}
END_TEST

static enum rc count_all(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
    while (sql_next(&c))
        *(int64_t *)arg = sql_i64(&c);
    return sql_end(&c, e);
}

START_TEST(failed_read_leaves_the_next_alone)
{
    static const enum sql_fault_kind kinds[] = {SQL_FAULT_STEP, SQL_FAULT_SCRIPT,
                                                SQL_FAULT_PREPARE};
    struct err e;
    struct put p = {.id = 1};
    int failures = 0;
    rig_open(&r);
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
    for (int k = 1; k <= 8; k++) {
        int64_t n = -1;
        sql_fault_arm(kinds[_i], (k + 1) / 2, RC_IO, k % 2 == 0);
        enum rc rc = sql_read(r.db, count_all, &n, &e);
        disarm();
        failures += rc != RC_OK;
        ck_assert_int_eq(rc == RC_OK ? n : 1, 1);
        ck_assert_int_eq(rig_count(&r), 1);
    }
    ck_assert_int_gt(failures, 0);
}
END_TEST

/* Fails the k-th call of each kind for every k, with and without the engine's own rollback. */
static const struct sweep {
    const char *what;
    enum sql_fault_kind kind;
    bool rolled_back;
    enum rc rc;
} sweeps[] = {
    {"step", SQL_FAULT_STEP, false, RC_IO},
    {"step, rolled back", SQL_FAULT_STEP, true, RC_IO},
    {"step, busy", SQL_FAULT_STEP, false, RC_BUSY},
    {"script", SQL_FAULT_SCRIPT, false, RC_IO},
    {"script, rolled back", SQL_FAULT_SCRIPT, true, RC_IO},
    {"script, busy", SQL_FAULT_SCRIPT, false, RC_BUSY},
    {"prepare", SQL_FAULT_PREPARE, false, RC_IO},
    {"prepare, rolled back", SQL_FAULT_PREPARE, true, RC_IO},
    {"commit", SQL_FAULT_COMMIT, false, RC_IO},
    {"commit, rolled back", SQL_FAULT_COMMIT, true, RC_IO},
    {"commit, busy", SQL_FAULT_COMMIT, false, RC_BUSY},
};
#define SWEEPS ((int)(sizeof sweeps / sizeof sweeps[0]))

START_TEST(no_fault_breaks_a_promise)
{
    const struct sweep *s = &sweeps[_i];
    int calls = 1;
    int fewest = N;
    rig_open(&r);
    for (int k = 1; k <= calls + 1; k++) {
        struct round x;
        rig_reopen(&r); /* nothing is prepared yet */
        run_round(&x, 1000 * k, s->kind, k, s->rc, s->rolled_back);
        calls = sql_fault_calls();
        disarm();
        rig_reopen(&r);
        int succeeded = judge_round(&x, s->what, k);
        if (succeeded < fewest)
            fewest = succeeded;
        if (k > calls)
            ck_assert_int_eq(succeeded, N - 1);
        ck_assert_int_lt(k, 200);
    }
    if (s->rc == RC_IO)
        ck_assert_int_lt(fewest, N - 1); /* the fault did strike */
}
END_TEST

Suite *t_fault_suite(void)
{
    TCase *t;
    Suite *s = suite_of("fault", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, own_rollback_spares_the_innocent);
    tcase_add_test(t, own_rollback_on_full_disk);
    tcase_add_test(t, going_on_after_own_rollback_stores_nothing);
    tcase_add_test(t, passing_over_a_failed_statement_is_failure);
    tcase_add_test(t, busy_commit_is_tried_again);
    tcase_add_test(t, busy_commit_is_bounded);
    tcase_add_loop_test(t, failed_commit_is_told_to_all, 0, 2);
    tcase_add_test(t, connection_that_cannot_roll_back_is_replaced);
    tcase_add_loop_test(t, failed_read_leaves_the_next_alone, 0, 3);
    tcase_add_loop_test(t, no_fault_breaks_a_promise, 0, SWEEPS);
    return s;
}
