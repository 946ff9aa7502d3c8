#include "support/suite.h"
#include "worker/worker.h"

START_TEST(backs_off_doubling_to_the_most_with_a_tenth_of_jitter)
{
    static const int64_t middles[] = {1000, 2000, 4000, 8000, 10000, 10000};
    for (int attempt = 0; attempt < 6; attempt++) {
        for (int i = 0; i < 100; i++) {
            int64_t ms = worker_backoff_ms(1000, 10000, attempt);
            ck_assert_int_ge(ms, middles[attempt] - middles[attempt] / 10);
            ck_assert_int_le(ms, middles[attempt] + middles[attempt] / 10);
        }
    }
}
END_TEST

START_TEST(does_not_overflow_after_many_attempts)
{
    ck_assert_int_le(worker_backoff_ms(1, INT64_C(3600000), 1000000), 3960000);
}
END_TEST

suite_fn t_outcome_suite;
Suite *t_outcome_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("outcome", &tc);
    tcase_add_test(tc, backs_off_doubling_to_the_most_with_a_tenth_of_jitter);
    tcase_add_test(tc, does_not_overflow_after_many_attempts);
    return s;
}
