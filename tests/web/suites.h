/* The suites of this room. */
#ifndef TESTS_WEB_SUITES_H
#define TESTS_WEB_SUITES_H

#include "support/suite.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

suite_fn t_auth_key_suite, t_fcgi_suite, t_form_suite, t_guard_suite, t_login_suite,
    t_multipart_suite, t_rate_suite, t_request_suite, t_route_suite, t_session_suite;

#endif
