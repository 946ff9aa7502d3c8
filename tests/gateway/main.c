#include "support/suite.h"

Suite *t_gw_simulator_suite(void);
Suite *t_http_suite(void);
Suite *t_http_calls_suite(void);

int main(void)
{
    return suite_main("gateway",
                      (suite_fn *const[]){t_gw_simulator_suite, t_gw_simulator_calls_suite,
                                          t_http_suite, t_http_calls_suite},
                      3);
}
