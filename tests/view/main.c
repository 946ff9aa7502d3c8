#include "support/suite.h"

Suite *t_csv_suite(void);
Suite *t_day_suite(void);
Suite *t_format_suite(void);
Suite *t_template_suite(void);

/* ClearSilver leaks 32 bytes when a template does not parse; only tests go on after that. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:cs_parse_string\n";
}

int main(void)
{
    suite_fn *const suites[] = {t_format_suite, t_day_suite, t_csv_suite, t_template_suite};
    return suite_main("view", suites, sizeof suites / sizeof *suites);
}
