#include "support/suite.h"

suite_fn t_app_suite, t_arena_suite, t_clock_suite, t_config_suite, t_digest_suite, t_err_suite,
    t_id_suite, t_json_suite, t_json_limits_suite, t_log_suite, t_money_suite, t_secret_suite,
    t_str_suite;

int main(void)
{
    suite_fn *const suites[] = {
        t_app_suite,   t_arena_suite,  t_clock_suite, t_config_suite,      t_digest_suite,
        t_err_suite,   t_id_suite,     t_json_suite,  t_json_limits_suite, t_log_suite,
        t_money_suite, t_secret_suite, t_str_suite,
    };
    return suite_main("core", suites, sizeof suites / sizeof *suites);
}
