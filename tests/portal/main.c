#include "support/suite.h"

Suite *t_access_suite(void);
Suite *t_api_docs_suite(void);
Suite *t_api_keys_suite(void);
Suite *t_batch_suite(void);
Suite *t_create_suite(void);
Suite *t_export_suite(void);
Suite *t_lists_suite(void);
Suite *t_order_conflicts_suite(void);
Suite *t_order_page_suite(void);
Suite *t_pages_suite(void);
Suite *t_payout_suite(void);
Suite *t_profile_suite(void);
Suite *t_refund_page_suite(void);
Suite *t_settings_conflict_suite(void);
Suite *t_settings_suite(void);
Suite *t_split_suite(void);
Suite *t_webhook_log_suite(void);
Suite *t_webhooks_suite(void);

int main(void)
{
    suite_fn *const suites[] = {t_access_suite,      t_api_docs_suite,
                                t_api_keys_suite,    t_batch_suite,
                                t_create_suite,      t_export_suite,
                                t_lists_suite,       t_order_conflicts_suite,
                                t_order_page_suite,  t_pages_suite,
                                t_payout_suite,      t_profile_suite,
                                t_refund_page_suite, t_settings_conflict_suite,
                                t_settings_suite,    t_split_suite,
                                t_webhook_log_suite, t_webhooks_suite};
    return suite_main("portal", suites, sizeof suites / sizeof suites[0]);
}
