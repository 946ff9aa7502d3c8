#include "core/arena.h"
#include "core/limits.h"
#include "support/suite.h"
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { CEILING = 64 << 10 };

START_TEST(gives_zeroed_aligned_memory)
{
    struct arena *a = arena_new(LIMIT_ARENA_JOB_BYTES);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 0; n < 300; n++) {
            unsigned char *p = arena_alloc(a, n);
            ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
            size_t zeros = 0;
            while (zeros < n && p[zeros] == 0)
                zeros++;
            ck_assert_uint_eq(zeros, n);
            memset(p, 0xaa, n);
        }
        arena_clear(a);
        ck_assert_uint_eq(arena_used(a), 0);
    }
    arena_free(a);
}
END_TEST

START_TEST(keeps_pieces_apart)
{
    unsigned char *p[200];
    for (size_t i = 0; i < 200; i++) {
        p[i] = arena_alloc(suite_arena(), i * 37 + 1);
        memset(p[i], (int)i, i * 37 + 1);
    }
    for (size_t i = 0; i < 200; i++) {
        size_t same = 0;
        while (same < i * 37 + 1 && p[i][same] == i)
            same++;
        ck_assert_uint_eq(same, i * 37 + 1);
    }
}
END_TEST

START_TEST(gives_up_to_the_ceiling)
{
    struct arena *a = arena_new(CEILING);
    ck_assert_ptr_nonnull(arena_alloc(a, CEILING));
    ck_assert_uint_eq(arena_used(a), CEILING);
    arena_clear(a);
    ck_assert_ptr_nonnull(arena_alloc(a, CEILING));
    arena_free(a);
}
END_TEST

/* The blocks stay warm, so what lay there can still be looked at, but not under a sanitizer. */
START_TEST(wipes_what_was_handed_out)
{
    struct arena *a = arena_new(CEILING);
    char *secret = arena_strdup(a, "a secret");
    arena_wipe(a);
    ck_assert_uint_eq(arena_used(a), 0);
#if !defined(__SANITIZE_ADDRESS__)
    ck_assert_mem_eq(secret, "\0\0\0\0\0\0\0\0", 8);
#endif
    ck_assert_ptr_eq(arena_strdup(a, "another"), secret);
    arena_free(a);
}
END_TEST

START_TEST(aborts_just_above_the_ceiling)
{
    struct arena *a = arena_new(CEILING);
    arena_alloc(a, CEILING);
    arena_alloc(a, 1);
}
END_TEST

START_TEST(aborts_on_a_huge_piece)
{
    arena_alloc(suite_arena(), SIZE_MAX);
}
END_TEST

START_TEST(aborts_when_count_times_size_overflows)
{
    arena_array(suite_arena(), SIZE_MAX / 2, 3);
}
END_TEST

START_TEST(grows_in_place_or_copies)
{
    struct arena *a = suite_arena();
    char *p = arena_grow(a, NULL, 0, 10);
    memcpy(p, "123456789", 10);
    char *q = arena_grow(a, p, 10, 1000);
    ck_assert_ptr_eq(p, q);
    for (size_t i = 10; i < 1000; i++)
        ck_assert_int_eq(q[i], 0);
    char *other = arena_strdup(a, "other");
    char *r = arena_grow(a, q, 1000, 2000);
    ck_assert_ptr_ne(q, r);
    ck_assert_str_eq(r, "123456789");
    r = arena_grow(a, r, 2000, 200000);
    ck_assert_str_eq(r, "123456789");
    ck_assert_int_eq(r[199999], 0);
    ck_assert_str_eq(other, "other");
}
END_TEST

static void note(void *ptr)
{
    char **end = ptr;
    *(*end)++ = 'x';
}

static char order[8];

static void note_first(void *ptr)
{
    strncat(order, ptr, 1);
}

START_TEST(cleans_up_newest_first_and_once)
{
    struct arena *a = arena_new(CEILING);
    char log[4] = "", *end = log;
    arena_defer(a, note, &end);
    char first[] = "a", second[] = "b";
    arena_defer(a, note_first, first);
    arena_defer(a, note_first, second);
    arena_clear(a);
    ck_assert_str_eq(order, "ba");
    ck_assert_int_eq(end - log, 1);
    arena_free(a);
    ck_assert_int_eq(end - log, 1);
}
END_TEST

START_TEST(copies_text)
{
    struct arena *a = suite_arena();
    ck_assert_ptr_null(arena_strdup(a, NULL));
    ck_assert_str_eq(arena_strdup(a, ""), "");
    ck_assert_str_eq(arena_strndup(a, "abcdef", 3), "abc");
    ck_assert_str_eq(arena_printf(a, "%d-%s", 42, "x"), "42-x");
    ck_assert_uint_eq(strlen(arena_printf(a, "%*d", 100000, 1)), 100000);
}
END_TEST

START_TEST(accepts_no_arena_to_free)
{
    arena_free(NULL);
}
END_TEST

suite_fn t_arena_suite;

Suite *t_arena_suite(void)
{
    TCase *t;
    Suite *s = suite_of("arena", &t);
    tcase_add_test(t, gives_zeroed_aligned_memory);
    tcase_add_test(t, keeps_pieces_apart);
    tcase_add_test(t, gives_up_to_the_ceiling);
    tcase_add_test(t, wipes_what_was_handed_out);
    tcase_add_test_raise_signal(t, aborts_just_above_the_ceiling, SIGABRT);
    tcase_add_test_raise_signal(t, aborts_on_a_huge_piece, SIGABRT);
    tcase_add_test_raise_signal(t, aborts_when_count_times_size_overflows, SIGABRT);
    tcase_add_test(t, grows_in_place_or_copies);
    tcase_add_test(t, cleans_up_newest_first_and_once);
    tcase_add_test(t, copies_text);
    tcase_add_test(t, accepts_no_arena_to_free);
    return s;
}
