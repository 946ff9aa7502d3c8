#include "core/clock.h"
#include "core/limits.h"
#include "support/suite.h"
#include "worker/hook_share.h"

#define ALL LIMIT_WORKER_FLIGHTS

START_TEST(sixteen_retries_in_24_hours)
{
    static const int minutes[] = {1, 5, 5, 10, 10, 10, 10, 10, 60, 60, 60, 60, 60, 360, 360, 360};
    int64_t sum_ms = 0;
    for (int i = 0; i < 16; i++) {
        int64_t ms = minutes[i] * CLOCK_MINUTE_MS;
        ck_assert_int_eq(hook_retry_ms(i + 1, CLOCK_MINUTE_MS, 100), ms);
        ck_assert_int_eq(hook_retry_ms(i + 1, CLOCK_MINUTE_MS, 0), ms * 9 / 10);
        ck_assert_int_eq(hook_retry_ms(i + 1, CLOCK_MINUTE_MS, 200), ms * 11 / 10);
        sum_ms += ms;
    }
    ck_assert_int_eq(sum_ms, 24 * CLOCK_HOUR_MS + CLOCK_MINUTE_MS);
    ck_assert_int_eq(hook_retry_ms(17, CLOCK_MINUTE_MS, 100), 0);
    ck_assert_int_eq(hook_retry_ms(1000000, CLOCK_MINUTE_MS, 100), 0);
}
END_TEST

START_TEST(one_endpoint_alone_has_its_limit)
{
    ck_assert_int_eq(hook_share(false, 0, 0, 0), LIMIT_ENDPOINT_FLIGHTS);
    ck_assert_int_eq(hook_share(false, LIMIT_ENDPOINT_FLIGHTS, LIMIT_ENDPOINT_FLIGHTS, 0), 0);
    ck_assert_int_le(hook_share(true, 0, 0, 0), ALL / 2);
}
END_TEST

/* However many endpoints hang, and however often they are looked at. */
START_TEST(slow_endpoints_leave_half_to_the_others)
{
    int open[500] = {0}, all = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 500; i++) {
            int more = hook_share(true, open[i], all, all);
            open[i] += more;
            all += more;
            ck_assert_int_le(open[i], LIMIT_ENDPOINT_FLIGHTS);
        }
    }
    ck_assert_int_eq(all, ALL / 2);
    ck_assert_int_ge(hook_share(false, 0, all, all), 8);
}
END_TEST

/* Those that hang for the first time take no more than is left of what is free. */
START_TEST(a_newcomer_finds_room_beside_eight_that_take_all_they_can)
{
    int all = 0;
    for (int i = 0; i < 8; i++)
        all += hook_share(false, 0, all, 0);
    ck_assert_int_gt(hook_share(false, 0, all, 0), 1);
    ck_assert_int_lt(all, ALL);
}
END_TEST

START_TEST(nothing_is_opened_beyond_what_there_is)
{
    ck_assert_int_eq(hook_share(false, 0, ALL, 0), 0);
    ck_assert_int_eq(hook_share(false, 0, ALL - 1, 0), 1);
    ck_assert_int_eq(hook_share(true, 0, ALL / 2, ALL / 2), 0);
    ck_assert_int_eq(hook_share(true, 0, ALL / 2, ALL / 2 + 9), 0);
    ck_assert_int_eq(hook_share(true, 0, ALL, 0), 0);
}
END_TEST

suite_fn t_hook_share_suite;
Suite *t_hook_share_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("hook_share", &tc);
    tcase_add_test(tc, sixteen_retries_in_24_hours);
    tcase_add_test(tc, one_endpoint_alone_has_its_limit);
    tcase_add_test(tc, slow_endpoints_leave_half_to_the_others);
    tcase_add_test(tc, a_newcomer_finds_room_beside_eight_that_take_all_they_can);
    tcase_add_test(tc, nothing_is_opened_beyond_what_there_is);
    return s;
}
