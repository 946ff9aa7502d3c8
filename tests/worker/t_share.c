#include "core/limits.h"
#include "support/suite.h"
#include "worker/share.h"

#define ALL LIMIT_WORKER_FLIGHTS

static const struct share_rule endpoints = {
    .slow_ms = 1000, .part = 8, .slow_part = 8, .most = LIMIT_ENDPOINT_FLIGHTS};

START_TEST(one_endpoint_alone_has_its_limit)
{
    ck_assert_int_eq(share_of(&endpoints, false, 0, 0, 0), LIMIT_ENDPOINT_FLIGHTS);
    ck_assert_int_eq(share_of(&endpoints, false, LIMIT_ENDPOINT_FLIGHTS, LIMIT_ENDPOINT_FLIGHTS, 0),
                     0);
    ck_assert_int_le(share_of(&endpoints, true, 0, 0, 0), ALL / 2);
}
END_TEST

/* However many endpoints hang, and however often they are looked at. */
START_TEST(slow_endpoints_leave_half_to_the_others)
{
    int open[500] = {0}, all = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 500; i++) {
            int more = share_of(&endpoints, true, open[i], all, all);
            open[i] += more;
            all += more;
            ck_assert_int_le(open[i], LIMIT_ENDPOINT_FLIGHTS);
        }
    }
    ck_assert_int_eq(all, ALL / 2);
    ck_assert_int_ge(share_of(&endpoints, false, 0, all, all), 8);
}
END_TEST

/* Those that hang for the first time take no more than is left of what is free. */
START_TEST(a_newcomer_finds_room_beside_eight_that_take_all_they_can)
{
    int all = 0;
    for (int i = 0; i < 8; i++)
        all += share_of(&endpoints, false, 0, all, 0);
    ck_assert_int_gt(share_of(&endpoints, false, 0, all, 0), 1);
    ck_assert_int_lt(all, ALL);
}
END_TEST

START_TEST(nothing_is_opened_beyond_what_there_is)
{
    ck_assert_int_eq(share_of(&endpoints, false, 0, ALL, 0), 0);
    ck_assert_int_eq(share_of(&endpoints, false, 0, ALL - 1, 0), 1);
    ck_assert_int_eq(share_of(&endpoints, true, 0, ALL / 2, ALL / 2), 0);
    ck_assert_int_eq(share_of(&endpoints, true, 0, ALL / 2, ALL / 2 + 9), 0);
    ck_assert_int_eq(share_of(&endpoints, true, 0, ALL, 0), 0);
}
END_TEST

/* ---- calls as they come and go ------------------------------------------------------------------
 */

static const struct share_rule lanes = {
    .slow_ms = 5000, .part = 1, .slow_part = 8, .most = ALL / 2};

static int open_all(struct share *s, uint64_t key)
{
    int n = share_room(s, &lanes, key, 0);
    for (int i = 0; i < n; i++)
        share_begin(s, &s->open[s->n_open], key, 1000);
    return n;
}

START_TEST(one_lane_alone_has_half_of_the_calls)
{
    struct share s = {0};
    ck_assert_int_eq(open_all(&s, 1), ALL / 2);
    ck_assert_int_eq(share_room(&s, &lanes, 1, 0), 0);
    ck_assert_int_eq(share_room(&s, &lanes, 2, 0), ALL / 2);
    ck_assert_int_eq(share_room(&s, &lanes, 2, ALL / 2), 0);
}
END_TEST

START_TEST(a_lane_that_hangs_is_slow_before_its_calls_end)
{
    struct share s = {0};
    open_all(&s, 1);
    share_look(&s, &lanes, 6000);
    share_end(&s, &lanes, s.open[0].tag, 5000);
    ck_assert_int_eq(share_room(&s, &lanes, 1, 0), 1); /* exactly in time is not slow */
    share_look(&s, &lanes, 6001);
    while (s.n_open > 3)
        share_end(&s, &lanes, s.open[0].tag, 30000);
    ck_assert_int_eq(share_room(&s, &lanes, 1, 0), (ALL / 2 - 3) / 8 - 3);
    ck_assert_int_eq(share_room(&s, &lanes, 2, 0), ALL / 2);
    share_end(&s, &lanes, s.open[0].tag, 5000);
    ck_assert_int_eq(share_room(&s, &lanes, 1, 0), ALL / 2 - 2);
}
END_TEST

suite_fn t_share_suite;
Suite *t_share_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("share", &tc);
    tcase_add_test(tc, one_endpoint_alone_has_its_limit);
    tcase_add_test(tc, slow_endpoints_leave_half_to_the_others);
    tcase_add_test(tc, a_newcomer_finds_room_beside_eight_that_take_all_they_can);
    tcase_add_test(tc, nothing_is_opened_beyond_what_there_is);
    tcase_add_test(tc, one_lane_alone_has_half_of_the_calls);
    tcase_add_test(tc, a_lane_that_hangs_is_slow_before_its_calls_end);
    return s;
}
