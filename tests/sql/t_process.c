/*
 * Several processes on one database, and the WAL while a reader comes and goes.
 */
#include "core/limits.h"
#include "sql/private.h"
#include "sql/rig.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct rig r;

static void set_up(void)
{
    rig_init(&r);
}

static void tear_down(void)
{
    rig_close(&r);
}

/* ---- the lock ------------------------------------------------------------------------------- */

static struct sql_lock mine, theirs;
static atomic_int order;

static void *take_once(void *arg)
{
    struct err e;
    ck_assert_int_eq(sql_lock_take(&theirs, &e), RC_OK);
    *(int *)arg = ++order;
    sql_lock_release(&theirs);
    return NULL;
}

/* Whoever waits has the turnstile: the other cannot take the lock again before it. */
START_TEST(waiting_one_is_next)
{
    struct err e;
    ck_assert_int_eq(sql_lock_open(&mine, r.path, &e), RC_OK);
    ck_assert_int_eq(sql_lock_open(&theirs, r.path, &e), RC_OK);
    for (int round = 0; round < 50; round++) {
        pthread_t thread;
        int they = 0;
        order = 0;
        ck_assert_int_eq(sql_lock_take(&mine, &e), RC_OK);
        ck_assert_int_eq(pthread_create(&thread, NULL, take_once, &they), 0);
        while (flock(mine.turnstile_fd, LOCK_EX | LOCK_NB) == 0)
            ck_assert_int_eq(flock(mine.turnstile_fd, LOCK_UN), 0);
        ck_assert_int_eq(errno, EWOULDBLOCK);
        ck_assert_int_eq(order, 0);
        sql_lock_release(&mine);
        ck_assert_int_eq(sql_lock_take(&mine, &e), RC_OK);
        ck_assert_int_eq(++order, 2);
        sql_lock_release(&mine);
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
        ck_assert_int_eq(they, 1);
    }
    sql_lock_close(&mine);
    sql_lock_close(&theirs);
}
END_TEST

START_TEST(lock_files_are_not_inherited)
{
    struct err e;
    ck_assert_int_eq(sql_lock_open(&mine, r.path, &e), RC_OK);
    ck_assert_int_eq(fcntl(mine.turnstile_fd, F_GETFD), FD_CLOEXEC);
    ck_assert_int_eq(fcntl(mine.write_fd, F_GETFD), FD_CLOEXEC);
    sql_lock_close(&mine);
}
END_TEST

/* ---- alone ------------------------------------------------------------------------------------
 */

static enum rc open_another(bool alone, struct err *e)
{
    struct sql_db *db = NULL;
    struct sql_options options = r.options;
    options.alone = alone;
    enum rc rc = sql_open(&db, r.url, &options, e);
    sql_close(db);
    return rc;
}

START_TEST(alone_is_refused_while_another_has_it_open)
{
    struct err e;
    rig_open(&r);
    ck_assert_int_eq(open_another(true, &e), RC_BUSY);
    ck_assert_ptr_nonnull(strstr(e.text, "Stop the desk"));
    ck_assert_int_eq(open_another(false, &e), RC_OK);
    sql_close(r.db);
    r.db = NULL;
    ck_assert_int_eq(open_another(true, &e), RC_OK);
}
END_TEST

START_TEST(nobody_opens_it_while_one_has_it_alone)
{
    struct err e;
    r.options.alone = true;
    rig_open(&r);
    ck_assert_int_eq(open_another(false, &e), RC_BUSY);
    ck_assert_ptr_nonnull(strstr(e.text, "offline import"));
    struct put p = {.id = 1};
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
    sql_close(r.db);
    r.db = NULL;
    ck_assert_int_eq(open_another(false, &e), RC_OK);
}
END_TEST

/* ---- processes ------------------------------------------------------------------------------ */

struct shared {
    atomic_int ready, finished;
    atomic_llong busy_writes, next_id;
};
static struct shared *shared;

static void make_shared(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(shared, MAP_FAILED);
    shared->next_id = 1;
}

static bool write_one(void)
{
    struct err e;
    struct put p = {.id = shared->next_id++};
    return sql_tx(r.db, put_item, &p, &e) == RC_OK;
}

static void *write_busily(void *arg)
{
    (void)arg;
    while (!shared->finished) {
        if (!write_one())
            abort();
        shared->busy_writes++;
        shared->ready = 1;
    }
    return NULL;
}

/* Writes with eight threads until the other has finished. */
static _Noreturn void busy_process(void)
{
    pthread_t threads[8];
    rig_open(&r);
    for (int i = 0; i < 8; i++)
        if (pthread_create(&threads[i], NULL, write_busily, NULL) != 0)
            abort();
    for (int i = 0; i < 8; i++)
        (void)pthread_join(threads[i], NULL);
    sql_close(r.db);
    _exit(0);
}

static pid_t start_busy_process(void)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        busy_process();
    while (!shared->ready)
        clock_sleep_ms(1);
    return pid;
}

/* Without the turnstile whoever lets go of the lock may take it again; the busy one then commits up
 * to eighty batches for each write of the other. */
START_TEST(processes_take_turns)
{
    enum { N = 100, THREADS = 8 };
    int status = -1;
    make_shared();
    rig_open(&r);
    sql_close(r.db); /* never fork with an open connection */
    r.db = NULL;
    pid_t pid = start_busy_process();
    rig_open(&r);
    long long before = shared->busy_writes;
    for (int i = 0; i < N; i++)
        ck_assert(write_one());
    long long others = shared->busy_writes - before;
    shared->finished = 1;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_int_lt(others, (long long)N * THREADS * 8);
    ck_assert_int_eq(rig_count(&r), shared->next_id - 1);
}
END_TEST

/* A process that dies with the lock in its hand does not keep it. */
START_TEST(killed_process_keeps_no_lock)
{
    int status = -1;
    make_shared();
    rig_open(&r);
    sql_close(r.db);
    r.db = NULL;
    pid_t pid = start_busy_process();
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    rig_open(&r);
    long long told = shared->busy_writes;
    ck_assert(write_one());
    ck_assert_int_ge(rig_count(&r), told + 1);
}
END_TEST

/* ---- the WAL ------------------------------------------------------------------------------ */

#define BODY_BYTES (100 * 1000)
#define TOTAL      (6 * (int)LIMIT_WAL_BYTES / BODY_BYTES)

static int64_t next_body = 1;

static enum rc put_body(struct sql *q, void *arg, struct err *e)
{
    static char body[BODY_BYTES];
    char name[32];
    (void)arg;
    (void)snprintf(name, sizeof name, "body %lld", (long long)next_body);
    return sql_exec(q, FX_ITEM_INSERT,
                    SQL_ARGS(SQL_I(next_body), SQL_T(name), SQL_I(0), SQL_B(body, sizeof body)),
                    NULL, e);
}

static void put_bodies(int n)
{
    struct err e = {0};
    for (int i = 0; i < n; i++, next_body++)
        ck_assert_msg(sql_tx(r.db, put_body, NULL, &e) == RC_OK, "%s", e.detail);
}

/* A reader that keeps its snapshot while a megabyte is written. */
static enum rc pin(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    (void)arg;
    sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
    while (sql_next(&c))
        sql_skip(&c);
    enum rc rc = sql_end(&c, e);
    put_bodies(10);
    return rc;
}

static int64_t wal_size(void)
{
    struct stat st;
    ck_assert_int_eq(stat(arena_printf(r.arena, "%s-wal", r.path), &st), 0);
    return st.st_size;
}

START_TEST(checkpoint_bounds_the_wal)
{
    struct err e = {0};
    probe_use(&sql_ops_sqlite);
    rig_open(&r);
    while (next_body < TOTAL) {
        put_bodies(10);
        ck_assert_int_eq(sql_read(r.db, pin, NULL, &e), RC_OK);
    }
    ck_assert_int_lt(wal_size(), 2 * (int64_t)LIMIT_WAL_BYTES);
    ck_assert_int_ge(probe.checkpoints, 3);
    ck_assert_int_le(probe.checkpoints, 20); /* not at each commit */
}
END_TEST

static enum rc pin_long(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    (void)arg;
    sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
    while (sql_next(&c))
        sql_skip(&c);
    enum rc rc = sql_end(&c, e);
    put_bodies(TOTAL / 2);
    return rc;
}

START_TEST(pinned_reader_does_not_make_each_commit_checkpoint)
{
    struct err e = {0};
    probe_use(&sql_ops_sqlite);
    rig_open(&r);
    ck_assert_int_eq(sql_read(r.db, pin_long, NULL, &e), RC_OK);
    ck_assert_int_le(probe.checkpoints, 16);
    put_bodies(TOTAL / 2); /* the WAL begins anew once the reader has gone */
    ck_assert_int_lt(wal_size(), 5 * (int64_t)LIMIT_WAL_BYTES);
}
END_TEST

Suite *t_process_suite(void)
{
    TCase *t;
    Suite *s = suite_of("process", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, waiting_one_is_next);
    tcase_add_test(t, lock_files_are_not_inherited);
    tcase_add_test(t, alone_is_refused_while_another_has_it_open);
    tcase_add_test(t, nobody_opens_it_while_one_has_it_alone);
    tcase_add_test(t, processes_take_turns);
    tcase_add_test(t, killed_process_keeps_no_lock);
    tcase_add_test(t, checkpoint_bounds_the_wal);
    tcase_add_test(t, pinned_reader_does_not_make_each_commit_checkpoint);
    return s;
}
