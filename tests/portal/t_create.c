#include "portal/portal.h"
#include "rig.h"
#include "support/suite.h"
#include <string.h>

#define FORM "/orders/ORD_1/refund"

static void order_of_500(void)
{
    rig_open();
    struct rig_order o = rig_paid_order("ORD_1", RIG_NOW_MS - CLOCK_HOUR_MS);
    rig_insert(&o);
}

static char *body_of(const char *form, const char *amount, const char *step)
{
    return arena_printf(desk.arena, "txn=%s&id=%s&amount=%s&reason=GOODWILL&note=why&step=%s",
                        rig_input(form, "txn"), rig_input(form, "id"), amount, step);
}

START_TEST(form_shows_facts_equation_and_all_that_is_left)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, "Initiate Refund");
    rig_has(form, "VISA •• 1111 by RAZORPAY");
    rig_has(form, "cust_1 · priya@example.in");
    rig_has(form, "<dd class=\"left\">500.00 INR</dd>");
    rig_has(form, "Customer gets 500.00 · 0.00 stays refundable");
    ck_assert_str_eq(rig_input(form, "txn"), "demo-ORD_1-1");
    rig_has(form, "value=\"500.00\"");
    const char *id = rig_input(form, "id");
    ck_assert_msg(strlen(id) == 20 && strncmp(id, "erf_", 4) == 0, "%s", id);
    ck_assert_str_ne(id, rig_input(rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL), "id"));
}
END_TEST

START_TEST(popup_is_the_same_without_the_frame)
{
    const char *form = rig_expect(rig_ask_partial(RIG_MAKER, FORM, NULL), 200, "Initiate Refund");
    rig_lacks(form, "<html");
    rig_lacks(form, "</body>");
    rig_has(form, "hx-post=\"" FORM "\"");
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL), "hx-post");
}
END_TEST

START_TEST(confirmation_says_it_in_words_and_creates_nothing)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    const char *asked =
        rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "300", "confirm")), 200, NULL);
    rig_has(asked, "Refund 300.00 INR</button>");
    rig_has(asked, "goes back to VISA •• 1111 by RAZORPAY. 200.00 INR stays refundable.");
    rig_has(asked, "Goodwill");
    rig_has(asked, "Demo Merchant refunds");
    ck_assert_str_eq(rig_input(asked, "id"), rig_input(form, "id"));
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(back_from_the_confirmation_keeps_what_was_typed)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    const char *again = rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "300", "edit")), 200,
                                   "value=\"GOODWILL\" selected");
    rig_has(again, "value=\"300\"");
    rig_has(again, "value=\"why\"");
    rig_lacks(again, "is-invalid");
}
END_TEST

START_TEST(initiate_creates_one_refund_and_goes_to_the_order)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    struct reply done = rig_ask(RIG_MAKER, FORM, body_of(form, "300", "initiate"));
    rig_expect(done, 303, NULL);
    rig_has(done.location, "/orders/ORD_1?new=");
    const char *order = rig_expect(rig_ask(RIG_MAKER, done.location, NULL), 200, "Refund created.");
    rig_has(order, "class=\"fresh\"");
    rig_has(order, rig_input(form, "id"));
    rig_has(order, "<dd>300.00</dd>");
    rig_has(order, "<dd class=\"left\">200.00 INR</dd>");
    rig_has(order, "Refund of 300.00 INR created by maker");
}
END_TEST

START_TEST(the_same_form_again_shows_the_first_result)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    struct reply first = rig_ask(RIG_MAKER, FORM, body_of(form, "300", "initiate"));
    static const char *const steps[] = {"initiate", "confirm", "initiate"};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct reply again = rig_ask(RIG_MAKER, FORM, body_of(form, i ? "100" : "300", steps[i]));
        rig_expect(again, 303, NULL);
        ck_assert_str_eq(again.location, arena_printf(desk.arena, "%s&again=1", first.location));
        rig_expect(rig_ask(RIG_MAKER, again.location, NULL), 200, "Nothing was done twice.");
    }
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 1);
}
END_TEST

START_TEST(refusals_stand_beside_their_field_with_the_vendors_code)
{
    static const struct {
        const char *amount, *reason, *place, *words, *code;
    } rows[] = {
        {"500.01", "GOODWILL", "amount-error", "More than is refundable: 500.00 INR is left.",
         "INVALID_AMOUNT_REFUND"},
        {"0", "GOODWILL", "amount-error", "Write the amount in digits", "INVALID_AMOUNT"},
        {"-1", "GOODWILL", "amount-error", "Write the amount in digits", "INVALID_AMOUNT"},
        {"1e2", "GOODWILL", "amount-error", "Write the amount in digits", "INVALID_AMOUNT"},
        {"", "GOODWILL", "amount-error", "Write the amount in digits", "INVALID_AMOUNT"},
        {"1.005", "GOODWILL", "amount-error", "INR has 2 decimals", "INVALID_AMOUNT"},
        {"0.50", "GOODWILL", "amount-error", "The smallest refund is 1.00 INR.", "INVALID_AMOUNT"},
        {"10", "", "reason-error", "Choose a reason.", "INVALID"},
        {"10", "REVENGE", "reason-error", "One of the values cannot be used.", "INVALID"},
    };
    static const char *const steps[] = {"confirm", "initiate"};
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] * 2; i++) {
        const char *html = rig_expect(
            rig_ask_partial(RIG_MAKER, FORM,
                            arena_printf(desk.arena, "txn=%s&id=%s&amount=%s&reason=%s&step=%s",
                                         rig_input(form, "txn"), rig_input(form, "id"),
                                         rows[i / 2].amount, rows[i / 2].reason, steps[i % 2])),
            200, rows[i / 2].words);
        rig_has(html, arena_printf(desk.arena, "id=\"%s\"", rows[i / 2].place));
        rig_has(html, arena_printf(desk.arena, "<code>%s</code>", rows[i / 2].code));
        rig_has(html, "aria-invalid=\"true\"");
        rig_has(html, arena_printf(desk.arena, "name=\"amount\" value=\"%s\"", rows[i / 2].amount));
    }
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(a_form_without_its_id_gets_a_new_one_and_is_not_done)
{
    static const char *const ids[] = {"", "erf_123", "my-own-id", "erf_0123456789ABCDEF"};
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const char *html = rig_expect(
            rig_ask(RIG_MAKER, FORM,
                    arena_printf(desk.arena, "txn=%s&id=%s&amount=10&reason=GOODWILL&step=initiate",
                                 rig_input(form, "txn"), ids[i])),
            200, "too old to be used");
        ck_assert_uint_eq(strlen(rig_input(html, "id")), 20);
    }
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(what_no_amount_can_mend_closes_the_form)
{
    static const struct {
        const char *status, *words, *code;
        bool is_cod;
        int64_t age_days;
    } rows[] = {
        {"CHARGED", "cash on delivery", "CASH_PAYMENTS_REFUNDS_NOT_SUPPORTED", true, 0},
        {"PENDING_VBV", "not finished", "CANNOT_PROCESS_AUTHORIZED_ORDER", false, 0},
        {"AUTHORIZATION_FAILED", "did not succeed", "UNSUCCESSFUL_ORDER_PROCESS_FAILURE", false, 0},
        {"CHARGED", "older than 365 days", "ORDER_TOO_OLD", false, 366},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *id = arena_printf(desk.arena, "OTHER_%zu", i);
        struct rig_order o = rig_paid_order(id, RIG_NOW_MS - rows[i].age_days * CLOCK_DAY_MS);
        o.order.status = o.txn.status = rows[i].status;
        o.order.is_cod = rows[i].is_cod;
        rig_insert(&o);
        const char *html = rig_expect(
            rig_ask_partial(RIG_MAKER, arena_printf(desk.arena, "/orders/%s/refund", id), NULL),
            200, rows[i].words);
        rig_has(html, rows[i].code);
        rig_lacks(html, "Initiate Refund");
        const char *order = rig_expect(
            rig_ask(RIG_MAKER, arena_printf(desk.arena, "/orders/%s", id), NULL), 200, "disabled");
        rig_has(order, "id=\"why-not\"");
    }
}
END_TEST

START_TEST(a_payment_of_another_order_is_not_found)
{
    struct rig_order o = rig_paid_order("ORD_2", RIG_NOW_MS);
    rig_insert(&o);
    rig_expect(rig_ask(RIG_MAKER, FORM "?txn=demo-ORD_2-1", NULL), 404, "no such transaction");
    rig_expect(rig_ask(RIG_MAKER, "/orders/NONE/refund", NULL), 404, NULL);
}
END_TEST

START_TEST(only_a_maker_may_create)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    rig_expect(rig_ask(RIG_VIEWER, FORM, NULL), 403, "right");
    rig_expect(rig_ask(RIG_VIEWER, FORM, body_of(form, "1", "initiate")), 403, NULL);
    rig_lacks(rig_expect(rig_ask(RIG_VIEWER, "/orders/ORD_1", NULL), 200, NULL), "Create Refund");
    rig_lacks(rig_expect(rig_ask(RIG_VIEWER, "/orders", NULL), 200, NULL), "Create Refund");
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(another_merchants_order_is_not_there)
{
    struct rig_order o = rig_paid_order("THEIRS", RIG_NOW_MS);
    o.order.merchant = rig_other_merchant();
    rig_insert(&o);
    rig_expect(rig_ask(RIG_MAKER, "/orders/THEIRS", NULL), 404, NULL);
    rig_expect(rig_ask(RIG_MAKER, "/orders/THEIRS/refund", NULL), 404, NULL);
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, NULL), "THEIRS");
    rig_expect(rig_ask(RIG_MAKER, "/orders?q=THEIRS", NULL), 200, "Nothing matches");
}
END_TEST

/* ---- large amounts, small remainders -----------------------------------------------------------
 */

static enum rc set_amounts(struct sql *q, void *arg, struct err *e)
{
    return merchants_set_currency(q, desk.merchant, "INR", arg, e);
}

static void amounts(int64_t minimum_minor, int64_t confirm_minor)
{
    struct currency_settings s = {minimum_minor, confirm_minor, 0};
    desk_write(set_amounts, &s);
}

static const char *ask_typed(const char *form, const char *amount, const char *step,
                             const char *typed)
{
    return arena_printf(desk.arena, "%s&typed=%s", body_of(form, amount, step), typed);
}

START_TEST(a_large_amount_is_typed_to_confirm)
{
    static const char *const wrong[] = {"",        "299.99", "30000",  "3,00.00",
                                        "300.000", "all",    "300+INR"};
    amounts(100, 30000);
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    const char *asked =
        rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "300", "confirm")), 200, "300.00</span>");
    rig_has(asked, "name=\"typed\"");
    rig_lacks(asked, "is-invalid");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *again = rig_expect(
            rig_ask_partial(RIG_MAKER, FORM, ask_typed(form, "300", "initiate", wrong[i])), 200,
            "Type exactly 300.00 to confirm; nothing was refunded.");
        rig_has(again, "is-invalid\" aria-invalid=\"true\" id=\"typed\"");
        ck_assert_str_eq(rig_input(again, "amount"), "300");
    }
    rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "300", "initiate")), 200,
               "amount is missing");
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
    rig_expect(rig_ask(RIG_MAKER, FORM, ask_typed(form, "300", "initiate", "+300.0+")), 303, NULL);
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 1);
    rig_expect(rig_ask(RIG_MAKER, FORM, ask_typed(form, "300", "initiate", "1")), 303, NULL);
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 1);
}
END_TEST

START_TEST(just_below_the_threshold_nothing_is_typed)
{
    amounts(100, 30000);
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "299.99", "confirm")), 200,
                         "Refund 299.99 INR</button>"),
              "name=\"typed\"");
    rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "299.99", "initiate")), 303, NULL);
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 1);
}
END_TEST

START_TEST(a_rest_below_the_minimum_is_warned_of_and_can_go_too)
{
    amounts(1000, 0);
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    rig_lacks(form, "never be given back");
    rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "490.01", "edit")), 200,
               "9.99 stays refundable, which is less than the smallest refund");
    const char *asked = rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "490.01", "confirm")),
                                   200, "Refund the rest: 500.00 INR</button>");
    rig_has(asked, "leave at least 10.00 INR");
    rig_has(asked, "Refund 490.01 INR</button>");
    const char *all = rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "490.01", "rest")), 200,
                                 "Refund 500.00 INR</button>");
    ck_assert_str_eq(rig_input(all, "amount"), "500.00");
    rig_lacks(all, "Refund the rest:");
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "490", "confirm")), 200, NULL),
              "Refund the rest:");
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
    rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "490.01", "initiate")), 303, NULL);
}
END_TEST

Suite *t_create_suite(void); /* main.c */

Suite *t_create_suite(void)
{
    TCase *t;
    Suite *s = suite_of("create", &t);
    tcase_add_checked_fixture(t, order_of_500, rig_close);
    tcase_add_test(t, form_shows_facts_equation_and_all_that_is_left);
    tcase_add_test(t, popup_is_the_same_without_the_frame);
    tcase_add_test(t, confirmation_says_it_in_words_and_creates_nothing);
    tcase_add_test(t, back_from_the_confirmation_keeps_what_was_typed);
    tcase_add_test(t, initiate_creates_one_refund_and_goes_to_the_order);
    tcase_add_test(t, the_same_form_again_shows_the_first_result);
    tcase_add_test(t, refusals_stand_beside_their_field_with_the_vendors_code);
    tcase_add_test(t, a_form_without_its_id_gets_a_new_one_and_is_not_done);
    tcase_add_test(t, what_no_amount_can_mend_closes_the_form);
    tcase_add_test(t, a_payment_of_another_order_is_not_found);
    tcase_add_test(t, only_a_maker_may_create);
    tcase_add_test(t, another_merchants_order_is_not_there);
    tcase_add_test(t, a_large_amount_is_typed_to_confirm);
    tcase_add_test(t, just_below_the_threshold_nothing_is_typed);
    tcase_add_test(t, a_rest_below_the_minimum_is_warned_of_and_can_go_too);
    return s;
}
