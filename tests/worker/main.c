#include "support/suite.h"

suite_fn t_age_suite, t_hook_turn_suite, t_lanes_suite, t_mail_pace_suite, t_operation_suite,
    t_outcome_suite, t_payee_suite, t_payout_suite, t_share_suite, t_thread_suite, t_turn_suite,
    t_worker_news_suite, t_worker_sync_suite;

int main(void)
{
    suite_fn *const suites[] = {t_age_suite,        t_hook_turn_suite, t_lanes_suite,
                                t_mail_pace_suite,  t_operation_suite, t_outcome_suite,
                                t_payee_suite,      t_payout_suite,    t_share_suite,
                                t_thread_suite,     t_turn_suite,      t_worker_news_suite,
                                t_worker_sync_suite};
    return suite_main("worker", suites, sizeof suites / sizeof suites[0]);
}
