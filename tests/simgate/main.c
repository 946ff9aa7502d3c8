#include "support/suite.h"

Suite *t_protocol_suite(void);

int main(void)
{
    return suite_main("simgate", (suite_fn *const[]){t_protocol_suite}, 1);
}
