#include "api/rig.h"

int main(void)
{
    static suite_fn *const SUITES[] = {
        t_beneficiaries_suite,  t_conformance_suite,  t_errors_suite, t_faces_suite,
        t_hooks_suite,          t_lists_suite,        t_once_suite,   t_openapi_suite,
        t_order_fields_suite,   t_order_update_suite, t_orders_suite, t_payout_refunds_suite,
        t_refund_actions_suite, t_refunds_suite,      t_routes_suite,
    };
    return suite_main("api", SUITES, COUNT(SUITES));
}
