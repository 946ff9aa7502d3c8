#include "core/limits.h"
#include "core/str.h"
#include "sql/rig.h"
#include <fcntl.h>
#include <semaphore.h>
#include <string.h>
#include <sys/stat.h>
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

static void put(int64_t id)
{
    struct err e = {0};
    struct put p = {.id = id};
    ck_assert_msg(sql_tx(r.db, put_item, &p, &e) == RC_OK, "%s", e.detail);
}

/* ---- opening ------------------------------------------------------------------------------ */

START_TEST(missing_file_is_not_made)
{
    struct err e = {0};
    r.options.create = false;
    ck_assert_int_eq(sql_open(&r.db, r.url, &r.options, &e), RC_IO);
    ck_assert_ptr_nonnull(strstr(e.text, "refundctl init"));
    ck_assert_int_ne(access(r.path, F_OK), 0);
    ck_assert_int_ne(access(arena_printf(r.arena, "%s-write", r.path), F_OK), 0);
}
END_TEST

START_TEST(other_urls_are_refused)
{
    static const char *const urls[] = {"", "sqlite:", "sqlite:x.db", "postgresql://x/y", "/tmp/x"};
    struct err e = {0};
    ck_assert_int_eq(sql_open(&r.db, urls[_i], &r.options, &e), RC_INVALID);
}
END_TEST

START_TEST(other_files_are_refused)
{
    struct err e = {0};
    int fd = open(r.path, O_CREAT | O_WRONLY, 0600);
    static const char text[] = "This is a letter to somebody and not at all a database, whatever "
                               "its name may say; it is longer than the header of one.";
    ck_assert_int_eq(write(fd, text, sizeof text), sizeof text);
    close(fd);
    ck_assert_int_eq(sql_open(&r.db, r.url, &r.options, &e), RC_IO);
}
END_TEST

START_TEST(others_cannot_read_the_file)
{
    struct stat st;
    rig_open(&r);
    put(1);
    static const char *const suffixes[] = {"", "-wal", "-shm", "-write", "-turnstile", "-presence"};
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(stat(arena_printf(r.arena, "%s%s", r.path, suffixes[i]), &st), 0);
        ck_assert_uint_eq(st.st_mode & 07, 0);
    }
}
END_TEST

/* ---- reading ------------------------------------------------------------------------------ */

static int64_t count_in(struct sql *q)
{
    struct sql_cur c;
    struct err e;
    int64_t n = -1;
    sql_begin(q, &c, FX_ITEM_COUNT, SQL_NO_ARGS);
    while (sql_next(&c))
        n = sql_i64(&c);
    ck_assert_int_eq(sql_end(&c, &e), RC_OK);
    return n;
}

static enum rc write_while_reading(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    (void)e;
    ck_assert_int_eq(count_in(q), 1);
    put(2);
    ck_assert_int_eq(rig_count(&r), 2); /* another reader sees it */
    ck_assert_int_eq(count_in(q), 1);   /* this one's snapshot does not change */
    return RC_OK;
}

START_TEST(reader_keeps_its_snapshot)
{
    struct err e = {0};
    rig_open(&r);
    put(1);
    ck_assert_int_eq(sql_read(r.db, write_while_reading, NULL, &e), RC_OK);
    ck_assert_int_eq(rig_count(&r), 2); /* the next snapshot is new */
}
END_TEST

static enum rc answer(struct sql *q, void *arg, struct err *e)
{
    (void)count_in(q);
    enum rc rc = *(enum rc *)arg;
    return rc == RC_OK ? rc : ERR(e, rc, "No.", "%s", "by the test");
}

START_TEST(answer_of_the_function_is_returned)
{
    static const enum rc answers[] = {RC_OK, RC_NOT_FOUND, RC_DENIED};
    struct err e = {.text = "mine"};
    enum rc rc = answers[_i];
    rig_open(&r);
    ck_assert_int_eq(sql_read(r.db, answer, &rc, &e), rc);
    ck_assert_str_eq(e.text, rc == RC_OK ? "mine" : "No.");
}
END_TEST

struct hold {
    sem_t inside, leave;
};

static enum rc hold_snapshot(struct sql *q, void *arg, struct err *e)
{
    struct hold *h = arg;
    (void)e;
    (void)count_in(q);
    ck_assert_int_eq(sem_post(&h->inside), 0);
    while (sem_wait(&h->leave) != 0)
        continue;
    return RC_OK;
}

static void *hold_main(void *arg)
{
    struct err e;
    ck_assert_int_eq(sql_read(r.db, hold_snapshot, arg, &e), RC_OK);
    return NULL;
}

START_TEST(readers_wait_when_all_are_in_use)
{
    enum { N = LIMIT_SQL_READERS + 3 };
    struct hold h;
    pthread_t threads[N];
    int inside = 0;
    rig_open(&r);
    probe_use(&sql_ops_sqlite);
    rig_reopen(&r);
    ck_assert_int_eq(sem_init(&h.inside, 0, 0) | sem_init(&h.leave, 0, 0), 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hold_main, &h), 0);
    for (int i = 0; i < LIMIT_SQL_READERS; i++)
        ck_assert_int_eq(sem_wait(&h.inside), 0);
    clock_sleep_ms(20);
    ck_assert_int_eq(sem_getvalue(&h.inside, &inside), 0);
    ck_assert_int_eq(inside, 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(sem_post(&h.leave), 0);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_int_le(probe.opened, LIMIT_SQL_READERS + 1); /* and the writer's */
}
END_TEST

START_TEST(one_reader_is_used_again)
{
    probe_use(&sql_ops_sqlite);
    rig_open(&r);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(rig_count(&r), 0);
    ck_assert_int_eq(probe.opened, 2);
}
END_TEST

/* ---- upkeep ------------------------------------------------------------------------------- */

START_TEST(backup_opens_as_a_database)
{
    struct err e = {0};
    rig_open(&r);
    put(1);
    put(2);
    char *to = arena_printf(r.arena, "%s/backup.db", r.dir);
    ck_assert_msg(sql_backup(r.db, to, &e) == RC_OK, "%s", e.detail);
    put(3);
    ck_assert_int_ne(access(arena_printf(r.arena, "%s-wal", to), F_OK), 0); /* one file */
    struct sql_options o = r.options;
    o.create = o.migrate = false;
    struct rig copy = r;
    ck_assert_msg(sql_open(&copy.db, arena_printf(r.arena, "sqlite:%s", to), &o, &e) == RC_OK, "%s",
                  e.detail);
    ck_assert_int_eq(rig_count(&copy), 2);
    ck_assert_int_eq(rig_rows_of(&copy, 2), 2);
    sql_close(copy.db);
}
END_TEST

START_TEST(backup_overwrites_nothing)
{
    struct err e = {0};
    rig_open(&r);
    ck_assert_int_eq(sql_backup(r.db, r.path, &e), RC_CONFLICT);
    ck_assert_int_eq(sql_backup(r.db, "/nonexistent/x.db", &e), RC_IO);
    ck_assert_int_eq(rig_count(&r), 0);
}
END_TEST

START_TEST(integrity_of_a_sound_database)
{
    struct err e = {0};
    const char *report = NULL;
    rig_open(&r);
    put(1);
    ck_assert_int_eq(sql_integrity(r.db, r.arena, &report, &e), RC_OK);
    ck_assert_str_eq(report, "ok");
}
END_TEST

/* Damages the file behind the engine's back. */
START_TEST(integrity_of_a_damaged_database)
{
    struct err e = {0};
    const char *report = NULL;
    rig_open(&r);
    for (int64_t id = 1; id <= 500; id++)
        put(id);
    char *to = arena_printf(r.arena, "%s/backup.db", r.dir);
    ck_assert_int_eq(sql_backup(r.db, to, &e), RC_OK);
    char waste[4096];
    memset(waste, 0x5a, sizeof waste);
    int fd = open(to, O_WRONLY);
    struct stat st;
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_int_eq(pwrite(fd, waste, sizeof waste, st.st_size - 2 * 4096), sizeof waste);
    close(fd);
    struct sql_db *copy = NULL;
    ck_assert_int_eq(sql_open(&copy, arena_printf(r.arena, "sqlite:%s", to), &r.options, &e),
                     RC_OK);
    ck_assert(sql_integrity(copy, r.arena, &report, &e) != RC_OK || !str_eq(report, "ok"));
    sql_close(copy);
}
END_TEST

START_TEST(prepare_all_names_the_statement)
{
    static const struct sql_block wrong[] = {
        {"of_no_table", "SELECT 1 FROM nowhere", "", "i", false},
        {"short_out", "SELECT 1, 2", "", "i", false},
        {"long_out", "SELECT 1", "", "ii", false},
    };
    struct sql_block blocks[] = {sql_catalog_fixture.blocks[FX_ITEM_COUNT], wrong[_i],
                                 sql_catalog_fixture.blocks[FX_ITEMS_ANY]};
    struct sql_catalog catalog = sql_catalog_fixture;
    struct err e = {0};
    catalog.blocks = blocks;
    catalog.n_blocks = 3;
    r.options.catalog = &catalog;
    rig_open(&r);
    ck_assert_int_ne(sql_prepare_all(r.db, &e), RC_OK);
    ck_assert_ptr_nonnull(strstr(e.detail, wrong[_i].name));
    sql_close(r.db); /* the catalog is on this stack */
    r.db = NULL;
}
END_TEST

Suite *t_sql_suite(void)
{
    TCase *t;
    Suite *s = suite_of("sql", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, missing_file_is_not_made);
    tcase_add_loop_test(t, other_urls_are_refused, 0, 5);
    tcase_add_test(t, other_files_are_refused);
    tcase_add_test(t, others_cannot_read_the_file);
    tcase_add_test(t, reader_keeps_its_snapshot);
    tcase_add_loop_test(t, answer_of_the_function_is_returned, 0, 3);
    tcase_add_test(t, readers_wait_when_all_are_in_use);
    tcase_add_test(t, one_reader_is_used_again);
    tcase_add_test(t, backup_opens_as_a_database);
    tcase_add_test(t, backup_overwrites_nothing);
    tcase_add_test(t, integrity_of_a_sound_database);
    tcase_add_test(t, integrity_of_a_damaged_database);
    tcase_add_loop_test(t, prepare_all_names_the_statement, 0, 3);
    return s;
}
