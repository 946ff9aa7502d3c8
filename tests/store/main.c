#include "support/suite.h"

Suite *t_mails_suite(void);
Suite *t_merchants_suite(void);
Suite *t_gateways_suite(void);
Suite *t_audit_suite(void);
Suite *t_batches_suite(void);
Suite *t_order_list_suite(void);
Suite *t_refund_list_suite(void);
Suite *t_find_suite(void);
Suite *t_idempotency_suite(void);
Suite *t_imports_suite(void);
Suite *t_payouts_suite(void);
Suite *t_split_suite(void);
Suite *t_webhooks_suite(void);

int main(void)
{
    suite_fn *const suites[] = {t_mails_suite,       t_merchants_suite, t_gateways_suite,
                                t_audit_suite,       t_batches_suite,   t_order_list_suite,
                                t_refund_list_suite, t_find_suite,      t_idempotency_suite,
                                t_imports_suite,     t_payouts_suite,   t_split_suite,
                                t_webhooks_suite};
    return suite_main("store", suites, sizeof suites / sizeof *suites);
}
