#include "sql/rig.h"

int main(void)
{
    suite_fn *const suites[] = {
        t_cursor_suite, t_list_suite,  t_sql_suite,     t_migrate_suite,
        t_writer_suite, t_fault_suite, t_process_suite,
    };
    return suite_main("sql", suites, sizeof suites / sizeof suites[0]);
}
