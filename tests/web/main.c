#include "web/suites.h"

int main(void)
{
    static suite_fn *const SUITES[] = {
        t_form_suite,  t_request_suite,  t_route_suite, t_guard_suite, t_session_suite,
        t_login_suite, t_auth_key_suite, t_fcgi_suite,  t_rate_suite,  t_multipart_suite};
    return suite_main("web", SUITES, COUNT(SUITES));
}
