#include "core/limits.h"
#include "sql/rig.h"
#include <string.h>
#include <time.h>

static struct rig r;

static void set_up(void)
{
    rig_init(&r);
    probe_use(&sql_ops_sqlite);
}

static void tear_down(void)
{
    rig_close(&r);
}

/* n puts in the order of their ids, from `first`, all queued before the writer may begin. */
static void run_together(struct put *puts, struct call *calls, int n, int64_t first)
{
    rig_shut_gate(&r);
    for (int i = 0; i < n; i++) {
        puts[i].id = first + i;
        call_start(&calls[i], &r, put_item, &puts[i]);
        rig_wait_queued(&r, i + 1);
    }
    rig_open_gate(&r);
    for (int i = 0; i < n; i++)
        (void)call_join(&calls[i]);
}

START_TEST(commits_many_at_once)
{
    enum { N = 32 };
    struct put puts[N] = {0};
    struct call calls[N];
    rig_open(&r);
    probe.commits = 0;
    run_together(puts, calls, N, 1);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(calls[i].rc, RC_OK);
    /* One, unless the machine stalls for more than a batch's time. */
    ck_assert_int_le(probe.commits, N / 4);
    ck_assert_int_eq(rig_count(&r), N);
}
END_TEST

START_TEST(batch_limit_of_one_commits_each)
{
    enum { N = 8 };
    struct put puts[N] = {0};
    struct call calls[N];
    r.options.batch_limit = 1;
    rig_open(&r);
    probe.commits = 0;
    run_together(puts, calls, N, 1);
    ck_assert_int_eq(probe.commits, N);
    ck_assert_int_eq(rig_count(&r), N);
}
END_TEST

START_TEST(batch_never_exceeds_its_limit)
{
    enum { N = LIMIT_SQL_BATCH + 1 };
    struct put puts[N] = {0};
    struct call calls[N];
    r.options.batch_limit = LIMIT_SQL_BATCH + 1000;
    rig_open(&r);
    probe.commits = 0;
    run_together(puts, calls, N, 1);
    ck_assert_int_ge(probe.commits, 2);
    ck_assert_int_eq(rig_count(&r), N);
}
END_TEST

START_TEST(each_gets_its_own_result)
{
    enum { N = 6 };
    struct put puts[N] = {0};
    struct call calls[N];
    rig_open(&r);
    puts[1].then_answer = RC_DENIED;
    puts[3].name = "item 1"; /* UNIQUE */
    puts[4].then_answer = RC_NOT_FOUND;
    run_together(puts, calls, N, 1);
    static const enum rc expected[N] = {RC_OK, RC_DENIED, RC_OK, RC_CONFLICT, RC_NOT_FOUND, RC_OK};
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(calls[i].rc, expected[i]);
        ck_assert_int_eq(rig_rows_of(&r, puts[i].id), expected[i] == RC_OK ? 2 : 0);
    }
    ck_assert_str_eq(calls[1].err.text, "Refused.");
    ck_assert_ptr_nonnull(strstr(calls[3].err.detail, "items.name"));
}
END_TEST

START_TEST(error_is_untouched_on_success)
{
    struct err e = {.text = "mine"};
    struct put p = {.id = 1};
    rig_open(&r);
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
    ck_assert_str_eq(e.text, "mine");
    ck_assert_int_eq(e.rc, RC_OK);
}
END_TEST

START_TEST(call_not_begun_is_withdrawn)
{
    struct err e;
    struct put late = {.id = 1}, next = {.id = 2};
    r.options.write_wait_ms = 30;
    rig_open(&r);
    rig_shut_gate(&r);
    ck_assert_int_eq(sql_tx(r.db, put_item, &late, &e), RC_BUSY);
    rig_open_gate(&r);
    r.options.write_wait_ms = 0;
    rig_reopen(&r);
    ck_assert_int_eq(sql_tx(r.db, put_item, &next, &e), RC_OK);
    ck_assert_int_eq(late.runs, 0);
    ck_assert_int_eq(rig_count(&r), 1);
}
END_TEST

static enum rc slow_put(struct sql *q, void *arg, struct err *e)
{
    clock_sleep_ms(80);
    return put_item(q, arg, e);
}

START_TEST(call_that_began_is_waited_for)
{
    struct err e;
    struct put p = {.id = 1};
    r.options.write_wait_ms = 20;
    rig_open(&r);
    ck_assert_int_eq(sql_tx(r.db, slow_put, &p, &e), RC_OK);
    ck_assert_int_eq(rig_rows_of(&r, 1), 2);
}
END_TEST

struct small_call {
    struct rig *rig;
    struct put put;
    pthread_t thread;
    enum rc rc;
};

static void *small_main(void *arg)
{
    struct small_call *c = arg;
    struct err e;
    c->rc = sql_tx(c->rig->db, put_item, &c->put, &e);
    return NULL;
}

START_TEST(queue_has_a_ceiling)
{
    enum { N = LIMIT_SQL_QUEUE };
    static struct small_call calls[N];
    pthread_attr_t small;
    struct put extra = {.id = 999999};
    struct err e;
    r.options.write_wait_ms = 60000;
    rig_open(&r);
    rig_shut_gate(&r);
    ck_assert_int_eq(pthread_attr_init(&small), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&small, 128 * 1024), 0);
    for (int i = 0; i < N; i++) {
        calls[i] = (struct small_call){.rig = &r, .put = {.id = i + 1}};
        ck_assert_int_eq(pthread_create(&calls[i].thread, &small, small_main, &calls[i]), 0);
    }
    rig_wait_queued(&r, N);
    ck_assert_int_eq(sql_tx(r.db, put_item, &extra, &e), RC_BUSY);
    rig_open_gate(&r);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(pthread_join(calls[i].thread, NULL), 0);
        ck_assert_int_eq(calls[i].rc, RC_OK);
    }
    ck_assert_int_eq(extra.runs, 0);
    ck_assert_int_eq(rig_count(&r), N);
}
END_TEST

START_TEST(close_lets_waiting_writes_finish)
{
    enum { N = 8 };
    struct put puts[N] = {0};
    struct call calls[N];
    rig_open(&r);
    rig_shut_gate(&r);
    for (int i = 0; i < N; i++) {
        puts[i].id = i + 1;
        call_start(&calls[i], &r, put_item, &puts[i]);
    }
    rig_wait_queued(&r, N);
    rig_open_gate(&r);
    sql_close(r.db);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(call_join(&calls[i]), RC_OK);
    rig_open(&r);
    ck_assert_int_eq(rig_count(&r), N);
}
END_TEST

START_TEST(idle_writer_costs_nothing)
{
    struct timespec before, after;
    rig_open(&r);
    struct err e;
    struct put p = {.id = 1};
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
    ck_assert_int_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before), 0);
    clock_sleep_ms(200);
    ck_assert_int_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after), 0);
    int64_t us = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
    ck_assert_int_lt(us, 20000);
}
END_TEST

static enum rc nested(struct sql *q, void *arg, struct err *e)
{
    (void)q;
    return sql_tx(arg, put_item, &(struct put){.id = 1}, e);
}

START_TEST(writing_inside_a_write_is_a_bug)
{
    struct err e;
    rig_open(&r);
    (void)!sql_tx(r.db, nested, r.db, &e);
}
END_TEST

Suite *t_writer_suite(void)
{
    TCase *t;
    Suite *s = suite_of("writer", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, commits_many_at_once);
    tcase_add_test(t, batch_limit_of_one_commits_each);
    tcase_add_test(t, batch_never_exceeds_its_limit);
    tcase_add_test(t, each_gets_its_own_result);
    tcase_add_test(t, error_is_untouched_on_success);
    tcase_add_test(t, call_not_begun_is_withdrawn);
    tcase_add_test(t, call_that_began_is_waited_for);
    tcase_add_test(t, queue_has_a_ceiling);
    tcase_add_test(t, close_lets_waiting_writes_finish);
    tcase_add_test(t, idle_writer_costs_nothing);
    tcase_add_test_raise_signal(t, writing_inside_a_write_is_a_bug, SIGABRT);
    return s;
}
