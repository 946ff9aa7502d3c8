#include "store/imports.h"

#include "desk.h"
#include "support/suite.h"
#include <string.h>

static const uint8_t sum[DIGEST_BYTES] = {1, 2, 3}, other_sum[DIGEST_BYTES] = {3, 2, 1};

static enum rc put(struct sql *q, void *arg, struct err *e)
{
    return imports_put(q, arg, e);
}

static enum rc get(struct sql *q, void *arg, struct err *e)
{
    struct import_row *i = arg;
    uint8_t wanted[DIGEST_BYTES];
    memcpy(wanted, i->file_sha256, sizeof wanted);
    return imports_get(q, desk.arena, i->merchant, wanted, i, e);
}

static struct import_row begun(void)
{
    struct import_row i = {.merchant = desk.merchant,
                           .file_name = "orders.jsonl",
                           .position = 1200,
                           .lines = 12,
                           .applied = 8,
                           .known = 3,
                           .refused = 1,
                           .started_ms = 5000};
    memcpy(i.file_sha256, sum, sizeof sum);
    return i;
}

START_TEST(a_file_that_was_never_begun_is_not_found)
{
    struct import_row i = begun();
    struct err e;
    ck_assert_int_eq(sql_read(desk.db, get, &i, &e), RC_NOT_FOUND);
    desk_write(put, &i);
    struct import_row other = {.merchant = desk.merchant};
    memcpy(other.file_sha256, other_sum, sizeof other_sum);
    ck_assert_int_eq(sql_read(desk.db, get, &other, &e), RC_NOT_FOUND);
    other = begun();
    other.merchant++;
    ck_assert_int_eq(sql_read(desk.db, get, &other, &e), RC_NOT_FOUND);
}
END_TEST

START_TEST(a_file_is_found_as_far_as_it_came)
{
    struct import_row i = begun(), found = begun();
    desk_write(put, &i);
    i.position = 99000;
    i.lines = 990;
    i.applied = 900;
    i.known = 80;
    i.refused = 10;
    i.report_bytes = 777;
    i.finished_ms = 6000;
    desk_write(put, &i);
    found.file_name = NULL;
    desk_look(get, &found);
    ck_assert_str_eq(found.file_name, "orders.jsonl");
    ck_assert_int_eq(found.position, 99000);
    ck_assert_int_eq(found.lines, 990);
    ck_assert_int_eq(found.applied, 900);
    ck_assert_int_eq(found.known, 80);
    ck_assert_int_eq(found.refused, 10);
    ck_assert_int_eq(found.report_bytes, 777);
    ck_assert_int_eq(found.started_ms, 5000);
    ck_assert_int_eq(found.finished_ms, 6000);
}
END_TEST

Suite *t_imports_suite(void);
Suite *t_imports_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("imports", &tc);
    tcase_add_checked_fixture(tc, desk_open, desk_close);
    tcase_add_test(tc, a_file_that_was_never_begun_is_not_found);
    tcase_add_test(tc, a_file_is_found_as_far_as_it_came);
    return s;
}
