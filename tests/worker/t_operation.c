#include "support/suite.h"
#include "worker/operation.h"

static const struct gateway_row able = {
    .can_refund = true, .can_instant = true, .can_payout = true};
static const struct gateway_row unable = {.can_refund = true};

START_TEST(each_type_has_its_own_operation)
{
    const struct gateway_ops *ops = &gateway_simulator;
    ck_assert(operation_send(ops, &able, "STANDARD") == ops->refund_request);
    ck_assert(operation_send(ops, &able, "INSTANT") == ops->instant_request);
    ck_assert(operation_send(ops, &able, "PAYOUT") == ops->payout_request);
    ck_assert(operation_inquire(ops, "STANDARD") == ops->inquire_request);
    ck_assert(operation_inquire(ops, "INSTANT") == ops->inquire_request);
    ck_assert(operation_inquire(ops, "PAYOUT") == ops->payout_inquire_request);
    ck_assert(operation_pays_out("PAYOUT"));
    ck_assert(!operation_pays_out("INSTANT") && !operation_pays_out(NULL));
}
END_TEST

START_TEST(nothing_else_stands_in_for_what_is_missing)
{
    struct gateway_ops poor = gateway_simulator;
    ck_assert(operation_send(&poor, &unable, "STANDARD") != NULL);
    ck_assert(operation_send(&poor, &unable, "INSTANT") == NULL);
    ck_assert(operation_send(&poor, &unable, "PAYOUT") == NULL);
    poor.payout_inquire_request = NULL; /* it could be sent, but never asked about */
    ck_assert(operation_send(&poor, &able, "PAYOUT") == NULL);
    poor = gateway_simulator;
    poor.instant_request = poor.payout_request = NULL;
    ck_assert(operation_send(&poor, &able, "INSTANT") == NULL);
    ck_assert(operation_send(&poor, &able, "PAYOUT") == NULL);
    ck_assert(operation_send(&poor, &able, "GIFT") == NULL);
    ck_assert(operation_send(&poor, &able, NULL) == NULL);
}
END_TEST

suite_fn t_operation_suite;
Suite *t_operation_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("operation", &tc);
    tcase_add_test(tc, each_type_has_its_own_operation);
    tcase_add_test(tc, nothing_else_stands_in_for_what_is_missing);
    return s;
}
