#include "core/limits.h"
#include "web/rate.h"
#include "web/suites.h"

#define T0_MS INT64_C(1800000000000)

static struct err e;

/* How many of `tries` at that moment are let through. */
static int let_through(int64_t key, int64_t per_s, int64_t now_ms, int tries)
{
    int n = 0;
    for (int i = 0; i < tries; i++) {
        enum rc rc = rate_take(key, per_s, now_ms, &e);
        ck_assert(rc == RC_OK || rc == RC_LIMITED);
        n += rc == RC_OK;
    }
    return n;
}

START_TEST(without_a_limit_all_pass)
{
    ck_assert_int_eq(let_through(1, 0, T0_MS, 5000), 5000);
}
END_TEST

START_TEST(a_burst_is_one_second_long)
{
    static const int64_t RATES[] = {1, 2, 10, 10000};
    for (int i = 0; i < COUNT(RATES); i++)
        ck_assert_int_eq(let_through(10 + i, RATES[i], T0_MS, (int)RATES[i] + 5), RATES[i]);
}
END_TEST

START_TEST(tokens_come_back_evenly)
{
    ck_assert_int_eq(let_through(1, 4, T0_MS, 9), 4);
    ck_assert_int_eq(let_through(1, 4, T0_MS + 249, 9), 0);
    ck_assert_int_eq(let_through(1, 4, T0_MS + 250, 9), 1);
    ck_assert_int_eq(let_through(1, 4, T0_MS + 800, 9), 2);
    ck_assert_int_eq(let_through(1, 4, T0_MS + 60000, 9), 4);
}
END_TEST

START_TEST(asking_in_vain_costs_nothing)
{
    ck_assert_int_eq(let_through(1, 1, T0_MS, 1), 1);
    for (int ms = 1; ms < 1000; ms++)
        ck_assert_int_eq(let_through(1, 1, T0_MS + ms, 1), 0);
    ck_assert_int_eq(let_through(1, 1, T0_MS + 1000, 2), 1);
}
END_TEST

START_TEST(a_clock_set_back_gives_nothing_away)
{
    ck_assert_int_eq(let_through(1, 2, T0_MS, 5), 2);
    ck_assert_int_eq(let_through(1, 2, T0_MS - 3600000, 5), 0);
    ck_assert_int_eq(let_through(1, 2, T0_MS - 3600000 + 500, 5), 1);
}
END_TEST

START_TEST(each_key_has_its_own)
{
    ck_assert_int_eq(let_through(1, 1, T0_MS, 3), 1);
    ck_assert_int_eq(let_through(1 + LIMIT_RATE_BUCKETS, 1, T0_MS, 3), 1); /* the same slot */
    ck_assert_int_eq(let_through(2, 1, T0_MS, 3), 1);
    ck_assert_int_eq(let_through(1, 1, T0_MS, 3), 0);
}
END_TEST

START_TEST(a_smaller_limit_holds_at_once)
{
    ck_assert_int_eq(let_through(1, 100, T0_MS, 10), 10);
    ck_assert_int_eq(let_through(1, 3, T0_MS, 10), 3);
}
END_TEST

START_TEST(as_many_keys_as_there_are_buckets)
{
    for (int key = 1; key <= LIMIT_RATE_BUCKETS; key++)
        ck_assert_int_eq(let_through(key, 1, T0_MS, 2), 1);
    ck_assert_int_eq(rate_take(LIMIT_RATE_BUCKETS + 1, 1, T0_MS + 999, &e), RC_BUSY);
    ck_assert_int_eq(let_through(1, 1, T0_MS + 999, 2), 0);
    ck_assert_int_eq(let_through(LIMIT_RATE_BUCKETS + 1, 1, T0_MS + 1000, 2), 1);
    ck_assert_int_eq(let_through(7, 1, T0_MS + 1000, 2), 1);
}
END_TEST

Suite *t_rate_suite(void)
{
    TCase *t;
    Suite *s = suite_of("rate", &t);
    tcase_add_test(t, without_a_limit_all_pass);
    tcase_add_test(t, a_burst_is_one_second_long);
    tcase_add_test(t, tokens_come_back_evenly);
    tcase_add_test(t, asking_in_vain_costs_nothing);
    tcase_add_test(t, a_clock_set_back_gives_nothing_away);
    tcase_add_test(t, each_key_has_its_own);
    tcase_add_test(t, a_smaller_limit_holds_at_once);
    tcase_add_test(t, as_many_keys_as_there_are_buckets);
    return s;
}
