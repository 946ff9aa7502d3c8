#include "support/suite.h"

suite_fn t_address_suite, t_http_webhooks_suite, t_gw_simulator_suite, t_gw_simulator_calls_suite,
    t_hook_verify_suite, t_hooks_suite, t_http_suite, t_http_calls_suite;

int main(void)
{
    suite_fn *const suites[] = {t_address_suite,      t_http_webhooks_suite,
                                t_gw_simulator_suite, t_gw_simulator_calls_suite,
                                t_hook_verify_suite,  t_hooks_suite,
                                t_http_suite,         t_http_calls_suite};
    return suite_main("gateway", suites, sizeof suites / sizeof suites[0]);
}
