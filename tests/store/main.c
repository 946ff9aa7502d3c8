#include "support/suite.h"

Suite *t_merchants_suite(void);
Suite *t_gateways_suite(void);
Suite *t_audit_suite(void);

int main(void)
{
    suite_fn *const suites[] = {t_merchants_suite, t_gateways_suite, t_audit_suite};
    return suite_main("store", suites, sizeof suites / sizeof *suites);
}
