#include "core/clock.h"
#include "core/id.h"
#include "core/str.h"
#include "support/suite.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, IDS_EACH = 50000 };

static int64_t made[THREADS][IDS_EACH];

static void *make(void *arg)
{
    int64_t *ids = arg;
    for (int i = 0; i < IDS_EACH; i++)
        ids[i] = id_new();
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

START_TEST(rises_and_never_repeats_over_threads)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, make, made[i]), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        int rising = 1;
        while (rising < IDS_EACH && made[i][rising - 1] < made[i][rising])
            rising++;
        ck_assert_int_eq(rising, IDS_EACH);
    }
    int64_t *all = &made[0][0];
    qsort(all, (size_t)THREADS * IDS_EACH, sizeof *all, compare);
    int different = 1;
    while (different < THREADS * IDS_EACH && all[different - 1] != all[different])
        different++;
    ck_assert_int_eq(different, THREADS * IDS_EACH);
}
END_TEST

START_TEST(begins_with_the_time_and_carries_the_slot)
{
    id_init(ID_API, 5);
    int64_t before_ms = clock_wall_ms(NULL), id = id_new(), after_ms = clock_wall_ms(NULL);
    int64_t ms = (id >> 22) + INT64_C(1577836800000);
    ck_assert_int_ge(ms, before_ms);
    ck_assert_int_le(ms, after_ms + 1);
    ck_assert_int_eq(id >> 16 & 63, 5 << 3 | ID_API);
    ck_assert_int_gt(id, 0);
}
END_TEST

START_TEST(comes_back_from_text)
{
    static const int64_t IDS[] = {1, 31, 32, INT64_MAX, INT64_C(0x0123456789abcdef)};
    for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++) {
        int64_t back = 0;
        const char *text = id_text(suite_arena(), IDS[i]);
        ck_assert_uint_eq(strlen(text), 13);
        ck_assert(id_parse(text, &back));
        ck_assert_int_eq(back, IDS[i]);
    }
    ck_assert_str_eq(id_text(suite_arena(), INT64_MAX), "7zzzzzzzzzzzz");
    ck_assert_str_eq(id_text(suite_arena(), 32), "0000000000010");
}
END_TEST

START_TEST(reads_look_alikes)
{
    int64_t id = 0;
    ck_assert(id_parse("OOOOOOOOOOOiL", &id));
    ck_assert_int_eq(id, 33);
    ck_assert(id_parse("000000000000Z", &id));
    ck_assert_int_eq(id, 31);
}
END_TEST

START_TEST(rejects_other_texts)
{
    static const char *const BAD[] = {
        "",
        "1",
        "000000000001",
        "00000000000001",
        "000000000000u",
        "000000000000-",
        " 000000000001",
        "000000000001 ",
        "8000000000000",
        "zzzzzzzzzzzzz",
        "g000000000001",
        "0000000000000",
        "-000000000001",
        "000000000000\xc3",
        "é00000000001",
    };
    int64_t id = -7;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        ck_assert_msg(!id_parse(BAD[i], &id), "%s", BAD[i]);
    ck_assert(!id_parse(NULL, &id));
    ck_assert_int_eq(id, -7);
}
END_TEST

START_TEST(makes_random_hex_and_uuids)
{
    struct arena *a = suite_arena();
    const char *hex = id_random_hex(a, "erf_", 16);
    ck_assert_uint_eq(strlen(hex), 20);
    ck_assert(str_starts(hex, "erf_"));
    ck_assert_uint_eq(strspn(hex + 4, "0123456789abcdef"), 16);
    ck_assert_uint_eq(strlen(id_random_hex(a, "", 7)), 7);
    ck_assert_str_ne(hex, id_random_hex(a, "erf_", 16));
    for (int i = 0; i < 50; i++) {
        const char *uuid = id_uuid(a);
        ck_assert_uint_eq(strlen(uuid), 36);
        ck_assert_uint_eq(strspn(uuid, "0123456789abcdef-"), 36);
        ck_assert(uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-');
        ck_assert_int_eq(uuid[14], '4');
        ck_assert_ptr_nonnull(strchr("89ab", uuid[19]));
    }
    ck_assert_str_ne(id_uuid(a), id_uuid(a));
}
END_TEST

suite_fn t_id_suite;

Suite *t_id_suite(void)
{
    TCase *t;
    Suite *s = suite_of("id", &t);
    tcase_add_test(t, rises_and_never_repeats_over_threads);
    tcase_add_test(t, begins_with_the_time_and_carries_the_slot);
    tcase_add_test(t, comes_back_from_text);
    tcase_add_test(t, reads_look_alikes);
    tcase_add_test(t, rejects_other_texts);
    tcase_add_test(t, makes_random_hex_and_uuids);
    return s;
}
