#include "core/str.h"
#include "sql/rig.h"
#include <string.h>
#include <unistd.h>

static struct rig r;
static struct sql_catalog catalog;
static struct sql_migration migrations[4];

static void set_up(void)
{
    rig_init(&r);
    catalog = sql_catalog_fixture;
    memcpy(migrations, catalog.migrations, 2 * sizeof migrations[0]);
    migrations[2] =
        (struct sql_migration){3, "third", "CREATE TABLE third (id @INT@) @STRICT@;", ""};
    catalog.migrations = migrations;
    r.options.catalog = &catalog;
}

static void tear_down(void)
{
    rig_close(&r);
}

static enum rc open_again(bool migrate, struct err *e)
{
    sql_close(r.db);
    r.db = NULL;
    r.options.migrate = migrate;
    *e = (struct err){0};
    return sql_open(&r.db, r.url, &r.options, e);
}

START_TEST(migrates_a_new_database)
{
    struct err e = {0};
    rig_open(&r);
    ck_assert_msg(sql_prepare_all(r.db, &e) == RC_OK, "%s", e.detail);
    ck_assert_int_eq(open_again(false, &e), RC_OK);
    ck_assert_int_eq(open_again(true, &e), RC_OK); /* again changes nothing */
}
END_TEST

START_TEST(older_schema_is_refused_then_migrated)
{
    struct err e;
    rig_open(&r);
    struct put p = {.id = 1};
    ck_assert_int_eq(sql_tx(r.db, put_item, &p, &e), RC_OK);
    catalog.n_migrations = 3;
    ck_assert_int_eq(open_again(false, &e), RC_CONFLICT);
    ck_assert_ptr_nonnull(strstr(e.text, "refundctl migrate"));
    ck_assert_int_eq(open_again(true, &e), RC_OK);
    ck_assert_int_eq(rig_count(&r), 1);
    ck_assert_int_eq(open_again(false, &e), RC_OK);
}
END_TEST

START_TEST(newer_schema_is_refused)
{
    struct err e;
    catalog.n_migrations = 3;
    rig_open(&r);
    catalog.n_migrations = 2;
    ck_assert_int_eq(open_again(_i == 1, &e), RC_CONFLICT);
    ck_assert_ptr_nonnull(strstr(e.text, "newer release"));
    ck_assert_ptr_nonnull(strstr(e.text, "Install"));
}
END_TEST

START_TEST(changed_checksum_is_refused)
{
    struct err e;
    rig_open(&r);
    if (_i == 0)
        migrations[1].text = arena_printf(r.arena, "%s ", migrations[1].text);
    else
        migrations[0].triggers = arena_printf(r.arena, "%s ", migrations[0].triggers);
    ck_assert_int_eq(open_again(true, &e), RC_CONFLICT);
    ck_assert_ptr_nonnull(strstr(e.text, "changed since"));
    ck_assert_ptr_nonnull(strstr(e.detail, _i == 0 ? "notes" : "items"));
}
END_TEST

START_TEST(empty_file_is_refused_without_migrating)
{
    struct err e = {0};
    r.options.migrate = false;
    ck_assert_int_eq(sql_open(&r.db, r.url, &r.options, &e), RC_CONFLICT);
    ck_assert_ptr_nonnull(strstr(e.text, "refundctl migrate"));
}
END_TEST

START_TEST(failed_migration_leaves_nothing)
{
    static const char *const texts[] = {
        "CREATE TABLE third (id @INT@) @STRICT@; CREATE TABLE items (id @INT@) @STRICT@;",
        "CREATE TABLE third (id @INT@) @STRICT@; COMMIT;",
        "CREATE TABLE third (id NONSENSE) @STRICT@;",
    };
    struct err e;
    rig_open(&r);
    catalog.n_migrations = 3;
    migrations[2].text = texts[_i];
    ck_assert_int_ne(open_again(true, &e), RC_OK);
    ck_assert_ptr_nonnull(strstr(e.detail, "third"));
    catalog.n_migrations = 2;
    ck_assert_int_eq(open_again(false, &e), RC_OK);
}
END_TEST

/* Whatever call fails, opening again completes the migration. */
START_TEST(interrupted_migration_is_completed)
{
    static const enum sql_fault_kind kinds[] = {SQL_FAULT_STEP, SQL_FAULT_SCRIPT,
                                                SQL_FAULT_PREPARE};
    sql_use_ops(sql_fault_ops(&sql_ops_sqlite));
    catalog.n_migrations = 3;
    int k = 1;
    for (;; k++) {
        struct err e = {0};
        sql_fault_arm(kinds[_i], k, RC_IO, k % 2 == 0);
        enum rc rc = open_again(true, &e);
        bool struck = sql_fault_calls() >= k;
        sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
        if (!struck)
            break;
        ck_assert_int_ne(rc, RC_OK);
        ck_assert_msg(open_again(true, &e) == RC_OK, "k %d: %s", k, e.detail);
        ck_assert_int_eq(rig_count(&r), 0);
        sql_close(r.db);
        r.db = NULL;
        static const char *const suffixes[] = {"", "-wal", "-shm"};
        for (int i = 0; i < 3; i++)
            (void)unlink(arena_printf(r.arena, "%s%s", r.path, suffixes[i]));
    }
    ck_assert_int_gt(k, 3);
}
END_TEST

Suite *t_migrate_suite(void)
{
    TCase *t;
    Suite *s = suite_of("migrate", &t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, migrates_a_new_database);
    tcase_add_test(t, older_schema_is_refused_then_migrated);
    tcase_add_loop_test(t, newer_schema_is_refused, 0, 2);
    tcase_add_loop_test(t, changed_checksum_is_refused, 0, 2);
    tcase_add_test(t, empty_file_is_refused_without_migrating);
    tcase_add_loop_test(t, failed_migration_leaves_nothing, 0, 3);
    tcase_add_loop_test(t, interrupted_migration_is_completed, 0, 3);
    return s;
}
