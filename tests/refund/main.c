#include "support/suite.h"

suite_fn t_announce_suite, t_apply_suite, t_approve_suite, t_autorefund_later_suite,
    t_autorefund_order_suite, t_autorefund_suite, t_batch_again_suite, t_batch_csv_suite,
    t_batch_files_suite, t_batch_suite, t_batch_sync_suite, t_cause_suite, t_endpoint_suite,
    t_conflict_form_suite, t_conflict_would_suite, t_intake_suite, t_machine_suite, t_mask_suite,
    t_news_order_suite, t_occasion_mail_suite, t_occasion_suite, t_order_body_suite,
    t_order_news_suite, t_payout_suite, t_settings_suite, t_split_random_suite, t_split_suite,
    t_split_terms_suite, t_sync_suite, t_terms_suite, t_validate_suite;

int main(void)
{
    suite_fn *const suites[] = {t_announce_suite,
                                t_apply_suite,
                                t_approve_suite,
                                t_autorefund_later_suite,
                                t_autorefund_order_suite,
                                t_autorefund_suite,
                                t_batch_again_suite,
                                t_batch_csv_suite,
                                t_batch_files_suite,
                                t_batch_suite,
                                t_batch_sync_suite,
                                t_cause_suite,
                                t_endpoint_suite,
                                t_conflict_form_suite,
                                t_conflict_would_suite,
                                t_intake_suite,
                                t_machine_suite,
                                t_mask_suite,
                                t_news_order_suite,
                                t_occasion_mail_suite,
                                t_occasion_suite,
                                t_order_body_suite,
                                t_order_news_suite,
                                t_payout_suite,
                                t_settings_suite,
                                t_split_random_suite,
                                t_split_suite,
                                t_split_terms_suite,
                                t_sync_suite,
                                t_terms_suite,
                                t_validate_suite};
    return suite_main("refund", suites, sizeof suites / sizeof suites[0]);
}
