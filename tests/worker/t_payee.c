#include "core/str.h"
#include "support/suite.h"
#include "worker/payee.h"

#define ACCOUNT "00123456787581"

static const struct {
    const char *account, *said, *kept;
} words[] = {
    {ACCOUNT, "Account " ACCOUNT " is closed.", "Account **********7581 is closed."},
    {ACCOUNT, "{\"account\":\"" ACCOUNT "\"}", "{\"account\":\"**********7581\"}"},
    {ACCOUNT, ACCOUNT ACCOUNT, "**********7581**********7581"},
    {ACCOUNT, "0012 3456 7875 81", "**** **** **75 81"},
    {ACCOUNT, "00-1234-5678.7581!", "**-****-****.7581!"},
    {ACCOUNT, "ends in 456787581", "ends in *****7581"},
    {ACCOUNT, "begins with 001234", "begins with ******"},
    {ACCOUNT, "has 345678 in it", "has ****** in it"},
    {ACCOUNT, "x" ACCOUNT "9", "x**********75819"},
    {ACCOUNT, "ends in 7581, in 87581", "ends in 7581, in 87581"},
    {ACCOUNT, "12345 67", "***** **"},
    {ACCOUNT, "001  234567", "001  ******"},
    {ACCOUNT, "sim_po_4c1f, 1700000000000", "sim_po_4c1f, 1700000000000"},
    {ACCOUNT, "", ""},
    {"gb29 nwbk-6016 1331 9268 19", "to GB29NWBK60161331926819", "to ******************6819"},
    {"gb29nwbk60161331926819", "to GB29 NWBK 6016", "to **** **** ****"},
    {"asha.rao@upi", "no vpa asha.rao@upi here", "no vpa ****.**o@upi here"},
    {"12345", "the account 12345", "the account *2345"},
    {"1234", "the account 1234", "the account ****"},
    {"€ - €", "nothing € - € here", "nothing € - € here"},
    {"", "nothing here", "nothing here"},
};

START_TEST(hides_the_account_and_large_parts_of_it)
{
    struct arena *a = suite_arena();
    ck_assert_str_eq(payee_hide_in(a, words[_i].account, false, words[_i].said), words[_i].kept);
}
END_TEST

START_TEST(keeps_nothing_where_nothing_was)
{
    ck_assert_ptr_null(payee_hide_in(suite_arena(), ACCOUNT, false, NULL));
}
END_TEST

START_TEST(leaves_an_id_that_only_looks_alike)
{
    struct arena *a = suite_arena();
    ck_assert_str_eq(payee_hide_in(a, ACCOUNT, true, "74123456787500000000001"),
                     "74123456787500000000001");
    ck_assert_str_eq(payee_hide_in(a, ACCOUNT, true, "po_" ACCOUNT "_1"), "po_**********7581_1");
    ck_assert_str_eq(payee_hide_in(a, "1234", true, "po_1234"), "po_****");
}
END_TEST

suite_fn t_payee_suite;
Suite *t_payee_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("payee", &tc);
    tcase_add_loop_test(tc, hides_the_account_and_large_parts_of_it, 0,
                        sizeof words / sizeof words[0]);
    tcase_add_test(tc, keeps_nothing_where_nothing_was);
    tcase_add_test(tc, leaves_an_id_that_only_looks_alike);
    return s;
}
