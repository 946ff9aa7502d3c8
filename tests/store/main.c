#include "support/suite.h"

suite_fn t_audit_suite, t_batches_suite, t_batch_rows_suite, t_conflicts_suite, t_find_suite,
    t_gateways_suite, t_idempotency_suite, t_imports_suite, t_mails_suite, t_merchants_suite,
    t_order_list_suite, t_payouts_suite, t_refund_list_suite, t_split_suite, t_webhooks_suite;

int main(void)
{
    suite_fn *const suites[] = {t_audit_suite,       t_batches_suite,    t_batch_rows_suite,
                                t_conflicts_suite,   t_find_suite,       t_gateways_suite,
                                t_idempotency_suite, t_imports_suite,    t_mails_suite,
                                t_merchants_suite,   t_order_list_suite, t_payouts_suite,
                                t_refund_list_suite, t_split_suite,      t_webhooks_suite};
    return suite_main("store", suites, sizeof suites / sizeof suites[0]);
}
