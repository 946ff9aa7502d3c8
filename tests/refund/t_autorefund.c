#include "core/json.h"
#include "core/str.h"
#include "refund/charges.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "support/suite.h"
#include <string.h>

/* ---- stories ------------------------------------------------------------------------------------
 */

enum { NO_CONFLICTED = 1, NO_MULTIPLE = 2 };

static const struct story {
    const char *name;
    unsigned off;
    struct charge events[5];
    const char *state;
} stories[] = {
    {"exactly the threshold is in time",
     0,
     {HEARD(1, "CHARGED", 0, 600, 600)},
     "CHARGED kept 1; 1 CHARGED"},
    {"a second more is late",
     0,
     {HEARD(1, "CHARGED", 0, 601, 601)},
     "AUTO_REFUNDED kept - conflicted; " LATE_1},
    {"the gateway's time counts, not the delivery's",
     0,
     {HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 0), HEARD(1, "CHARGED", 0, 300, 5000)},
     "CHARGED kept 1; 1 CHARGED"},
    {"without the gateway's time the event's own counts",
     0,
     {HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 0), HEARD(1, "CHARGED", 0, NOT_TOLD, 601)},
     "AUTO_REFUNDED kept - conflicted; " LATE_1},
    {"a success in time heard after a late one",
     0,
     {HEARD(1, "CHARGED", 0, 700, 700), HEARD(1, "CHARGED", 0, 600, 600)},
     "CHARGED kept 1; 1 CHARGED CONFLICTED:WITHDRAWN [100 DELAYED_SUCCESS FAILURE]"},
    {"the success is heard before the beginning",
     0,
     {HEARD(1, "CHARGED", NOT_TOLD, 700, 700), HEARD(1, "PENDING_VBV", 0, NOT_TOLD, 0)},
     "AUTO_REFUNDED kept - conflicted; " LATE_1},
    {"failed first, then late",
     0,
     {HEARD(1, "AUTHORIZATION_FAILED", 0, NOT_TOLD, 60), HEARD(1, "CHARGED", 0, 3600, 3600)},
     "AUTO_REFUNDED kept - conflicted; " LATE_1},
    {"a success before its beginning, by a clock that is behind, is in time",
     0,
     {HEARD(1, "CHARGED", 100, 40, 100)},
     "CHARGED kept 1; 1 CHARGED"},
    {"switched off: only shown",
     NO_CONFLICTED,
     {HEARD(1, "CHARGED", 0, 601, 601)},
     "CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:SHOWN"},
    {"the same news twice",
     0,
     {HEARD(1, "CHARGED", 0, 601, 601), HEARD(1, "CHARGED", 0, 601, 601),
      HEARD(1, "CHARGED", 0, 601, 700)},
     "AUTO_REFUNDED kept - conflicted; " LATE_1},
    {"the first success is kept, whichever is heard first",
     0,
     {HEARD(2, "CHARGED", 50, 90, 90), HEARD(1, "CHARGED", 0, 60, 200)},
     "CHARGED kept 1 multiple; 1 CHARGED; " MULTIPLE("2", "1")},
    {"the one that was begun first may succeed last",
     0,
     {HEARD(1, "CHARGED", 0, 300, 300), HEARD(2, "CHARGED", 100, 160, 160)},
     "CHARGED kept 2 multiple; " MULTIPLE("1", "2") "; 2 CHARGED"},
    {"equal times: the earlier beginning is kept",
     0,
     {HEARD(1, "CHARGED", 20, 90, 90), HEARD(2, "CHARGED", 10, 90, 90)},
     "CHARGED kept 2 multiple; " MULTIPLE("1", "2") "; 2 CHARGED"},
    {"all is equal: the txn_id decides",
     0,
     {HEARD(2, "CHARGED", 10, 90, 90), HEARD(1, "CHARGED", 10, 90, 90)},
     "CHARGED kept 1 multiple; 1 CHARGED; " MULTIPLE("2", "1")},
    {"gateways whose clocks differ: each one's own time counts",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 90, 90, .gateway = "STRIPE"), HEARD(2, "CHARGED", 10, 5, 95)},
     "CHARGED kept 2 multiple; " MULTIPLE("1", "2") "; 2 CHARGED"},
    {"three charges",
     0,
     {HEARD(3, "CHARGED", 20, 80, 80), HEARD(1, "CHARGED", 0, 90, 90),
      HEARD(2, "CHARGED", 10, 70, 70)},
     "CHARGED kept 2 multiple; " MULTIPLE("1", "2") "; 2 CHARGED; " MULTIPLE("3", "2")},
    {"the first is kept although it paid less",
     0,
     {HEARD(2, "CHARGED", 50, 90, 90), HEARD_WITH(1, "CHARGED", 0, 60, 60, .paid = "0.9")},
     "CHARGED kept 1 multiple; 1 CHARGED; " MULTIPLE("2", "1")},
    {"one that costs more by its surcharge goes back beside one that pays the order",
     0,
     {HEARD(1, "CHARGED", 0, 60, 60), HEARD_WITH(2, "CHARGED", 50, 90, 90, .paid = "1.02")},
     "CHARGED kept 1 multiple; 1 CHARGED; 2 AUTO_REFUNDED(CHARGED) "
     "MULTIPLE_CHARGED:REFUNDED(kept 1) [102 DUPLICATE_PAYMENT HELD]"},
    {"the lesser one goes back",
     0,
     {HEARD(1, "CHARGED", 0, 60, 60), HEARD_WITH(2, "CHARGED", 50, 90, 90, .paid = "0.01")},
     "CHARGED kept 1 multiple; 1 CHARGED; 2 AUTO_REFUNDED(CHARGED) "
     "MULTIPLE_CHARGED:REFUNDED(kept 1) [1 DUPLICATE_PAYMENT HELD]"},
    {"multiple charged is switched off",
     NO_MULTIPLE,
     {HEARD(1, "CHARGED", 0, 60, 60), HEARD(2, "CHARGED", 50, 90, 90)},
     "CHARGED kept 1 multiple; 1 CHARGED; 2 CHARGED MULTIPLE_CHARGED:SHOWN(kept 1)"},
    {"late and beside another: refunded once, as late",
     0,
     {HEARD(2, "CHARGED", 50, 90, 90), HEARD(1, "CHARGED", 0, 900, 900)},
     "CHARGED kept 2 conflicted multiple; " LATE_1 "; 2 CHARGED"},
    {"late first, in time later: the one in time is kept",
     0,
     {HEARD(1, "CHARGED", 0, 900, 900), HEARD(2, "CHARGED", 1000, 1100, 1100)},
     "CHARGED kept 2 conflicted multiple; " LATE_1 "; 2 CHARGED"},
    {"late is only shown, but it was charged beside another",
     NO_CONFLICTED,
     {HEARD(2, "CHARGED", 50, 90, 90), HEARD(1, "CHARGED", 0, 900, 900)},
     "CHARGED kept 2 conflicted multiple; 1 AUTO_REFUNDED(CHARGED) conflicted "
     "MULTIPLE_CHARGED:REFUNDED(kept 2) [100 DUPLICATE_PAYMENT HELD]; 2 CHARGED"},
    {"both are late",
     0,
     {HEARD(1, "CHARGED", 0, 900, 900), HEARD(2, "CHARGED", 0, 901, 901)},
     "AUTO_REFUNDED kept - conflicted multiple; " LATE_1
     "; 2 AUTO_REFUNDED(CHARGED) conflicted CONFLICTED:REFUNDED [100 DELAYED_SUCCESS HELD]"},
    {"one of two failed",
     0,
     {HEARD(1, "AUTHORIZATION_FAILED", 0, NOT_TOLD, 60), HEARD(2, "CHARGED", 50, 90, 90)},
     "CHARGED kept 2; 1 AUTHORIZATION_FAILED; 2 CHARGED"},
    {"others refunded it by themselves before it was sent",
     0,
     {HEARD(1, "CHARGED", 0, 900, 900), HEARD(1, "AUTO_REFUNDED", 0, 900, 950)},
     "AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED conflicted CONFLICTED:SHOWN "
     "[100 DELAYED_SUCCESS FAILURE]"},
    {"the same, with the refund that they made",
     0,
     {HEARD(1, "CHARGED", 0, 900, 900),
      HEARD_WITH(1, "AUTO_REFUNDED", 0, 900, 950, .refunded = "1")},
     "AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED conflicted CONFLICTED:SHOWN "
     "[100 GATEWAY SUCCESS] [100 DELAYED_SUCCESS FAILURE]"},
    {"others refund by themselves: none of it is ours",
     0,
     {HEARD(1, "AUTO_REFUNDED", 0, 60, 60), HEARD(2, "CHARGED", 0, 90, 90),
      HEARD(1, "CHARGED", 0, 60, 60)},
     "CHARGED kept 2 multiple; 1 AUTO_REFUNDED; 2 CHARGED"},
    {"a part was refunded elsewhere: the rest goes",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 900, 900, .refunded = "0.4")},
     "AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED(CHARGED) conflicted CONFLICTED:REFUNDED "
     "[40 GATEWAY SUCCESS] [60 DELAYED_SUCCESS HELD]"},
    {"all of it was refunded elsewhere: nothing is left",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 900, 900, .refunded = "1")},
     "CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:SHOWN [100 GATEWAY SUCCESS]"},
    {"first heard of by its refund: nobody said when it was charged, so nothing goes",
     0,
     {HEARD_WITH(1, "CHARGED", 0, NOT_TOLD, 900, .refunded = "0.4", .event = "ORDER_REFUNDED")},
     "CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:SHOWN [40 GATEWAY SUCCESS]"},
    {"the same, and then its success in time is heard of",
     0,
     {HEARD_WITH(1, "CHARGED", 0, NOT_TOLD, 900, .refunded = "0.4", .event = "ORDER_REFUNDED"),
      HEARD(1, "CHARGED", 0, 60, 60)},
     "CHARGED kept 1; 1 CHARGED [40 GATEWAY SUCCESS]"},
    {"news of a refund that say when it was charged count",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 900, 950, .refunded = "0.4", .event = "ORDER_REFUNDED")},
     "AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED(CHARGED) conflicted CONFLICTED:REFUNDED "
     "[40 GATEWAY SUCCESS] [60 DELAYED_SUCCESS HELD]"},
    {"no adapter: refused, for the work list",
     0,
     {HEARD_WITH(1, "CHARGED", 0, 900, 900, .gateway = "LEGACY")},
     "CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:REFUSED"},
};

START_TEST(a_story_ends_as_it_must)
{
    const struct story *s = &stories[_i];
    struct conflict_settings on = charges_on();
    on.refund_conflicted = !(s->off & NO_CONFLICTED);
    on.refund_multiple = !(s->off & NO_MULTIPLE);
    charges_set(on);
    for (int i = 0; i < 5 && s->events[i].txn != 0; i++)
        charges_tell(s->events[i]);
    const char *state = charges_now();
    ck_assert_msg(strcmp(state, s->state) == 0, "%s:\n is   %s\n not  %s", s->name, state,
                  s->state);
}
END_TEST

START_TEST(who_pays_a_little_first_and_names_the_order_does_not_get_the_rest_back_by_it)
{
    const struct charge little = HEARD_WITH(1, "CHARGED", 0, 60, 60, .paid = "0.01");
    charges_set(charges_on());
    charges_tell(HEARD(2, "CHARGED", 50, 90, 90));
    ck_assert_int_eq(told_apply_gateway(charge_told(&little), 0), NEWS_APPLIED);
    charges_are("CHARGED kept 1 multiple; 1 CHARGED; 2 CHARGED MULTIPLE_CHARGED:SHOWN(kept 1)");
    charges_tell(little);
    charges_are("CHARGED kept 1 multiple; 1 CHARGED; " MULTIPLE("2", "1"));
    ck_assert_int_eq(told_apply_gateway(charge_told(&little), 0), NEWS_KNOWN);
}
END_TEST

START_TEST(without_settings_all_is_off)
{
    charges_tell(HEARD(1, "CHARGED", 0, 601, 601));
    charges_tell(HEARD(2, "CHARGED", 0, 60, 601));
    charges_are(
        "CHARGED kept 2 conflicted multiple; 1 CHARGED conflicted CONFLICTED:SHOWN; 2 CHARGED");
}
END_TEST

START_TEST(a_gateway_has_its_own_threshold)
{
    struct conflict_gateway stripe = {"STRIPE", 60};
    struct conflict_settings s = charges_on();
    s.gateways = &stripe;
    s.n_gateways = 1;
    charges_set(s);
    charges_tell(HEARD_WITH(1, "CHARGED", 0, 3600, 3600, .gateway = "STRIPE"));
    charges_are("CHARGED kept 1; 1 CHARGED");
}
END_TEST

START_TEST(a_success_older_than_the_toggle_is_only_shown)
{
    struct conflict_settings s = charges_on();
    s.conflicted_since_ms = CHARGES_T0_MS + 901 * 1000;
    s.multiple_since_ms = CHARGES_T0_MS + 951 * 1000;
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 900, 900));
    charges_are("CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:SHOWN");
    charges_tell(HEARD(2, "CHARGED", 900, 950, 950));
    charges_are(
        "CHARGED kept 1 conflicted multiple; 1 CHARGED conflicted CONFLICTED:SHOWN; 2 CHARGED "
        "MULTIPLE_CHARGED:SHOWN(kept 1)");
}
END_TEST

/* Begun in the same second, heard the other way round. */
START_TEST(one_transaction_speaks_for_an_order_that_nobody_paid)
{
    charges_tell(HEARD(2, "PENDING_VBV", 0, NOT_TOLD, 0));
    charges_tell(HEARD(1, "AUTHORIZATION_FAILED", 0, NOT_TOLD, 60));
    struct json_object *body = told_body("ORD");
    ck_assert_str_eq(json_text(desk.arena, body, "status"), "PENDING_VBV");
    ck_assert_str_eq(json_text(desk.arena, body, "txn_id"), "ORD-2");
}
END_TEST

/* News tell whole seconds. */
START_TEST(a_success_in_the_second_of_the_toggle_is_not_older)
{
    struct conflict_settings s = charges_on();
    s.conflicted_since_ms = CHARGES_T0_MS + 900 * 1000 + 999;
    s.multiple_since_ms = s.conflicted_since_ms;
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 900, 900));
    charges_are("AUTO_REFUNDED kept - conflicted; " LATE_1);
}
END_TEST

START_TEST(an_import_causes_no_refund)
{
    charges_set(charges_on());
    const struct charge late = HEARD(1, "CHARGED", 0, 900, 900),
                        other = HEARD(2, "CHARGED", 0, 60, 60);
    ck_assert_int_eq(told_apply_imported(charge_told(&late)), NEWS_APPLIED);
    charges_are("CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:SHOWN");
    ck_assert_int_eq(told_apply_imported(charge_told(&other)), NEWS_APPLIED);
    charges_tell(late);
    charges_tell(other);
    charges_are(
        "CHARGED kept 2 conflicted multiple; 1 CHARGED conflicted CONFLICTED:SHOWN; 2 CHARGED");
}
END_TEST

START_TEST(split_payments_are_not_multiple)
{
    charges_set(charges_on());
    int64_t order = shop_add((struct shop_order){.order_id = "ORD", .is_split_payment = true});
    shop_add_txn(order, "ORD-2", "CHARGED", 100);
    charges_are("CHARGED kept 1; 1 CHARGED; 2 CHARGED");
}
END_TEST

START_TEST(two_successes_in_one_event)
{
    charges_set(charges_on());
    int64_t order = shop_add((struct shop_order){.order_id = "ORD", .status = "PENDING_VBV"});
    shop_add_txn(order, "ORD-2", "CHARGED", 100);
    ck_assert_ptr_nonnull(strstr(charges_now(), "CHARGED kept 2"));
}
END_TEST

static const char *listed(const char *txn_id, const char *paid)
{
    const char *at = clock_iso(desk.arena, CHARGES_T0_MS);
    return arena_printf(desk.arena,
                        "{\"txn_id\":\"%s\",\"txn_amount\":%s,\"created\":\"%s\",\"gateway\":"
                        "\"RAZORPAY\",\"status\":\"CHARGED\",\"payment_gateway_response\":{\"epg_"
                        "txn_id\":\"pay_%s\","
                        "\"created\":\"%s\"}}",
                        txn_id, paid, at, txn_id, at);
}

/* An order of 1, both of its payments in one txn_list. */
static void tell_list(const char *paid_1, const char *paid_2)
{
    const char *list =
        arena_printf(desk.arena, "[%s,%s]", listed("ORD-1", paid_1), listed("ORD-2", paid_2));
    told_apply(TOLD({"order_id", "\"ORD\""}, {"id", "\"ordeh_1\""}, {"refunds", NULL},
                    {"txn_id", NULL}, {"txn_detail", NULL}, {"txn_list", list}));
}

START_TEST(a_list_of_payments_that_each_pay_the_order_is_no_split_payment)
{
    charges_set(charges_on());
    tell_list("1", "1.02");
    charges_are("CHARGED kept 1 multiple; 1 CHARGED; 2 AUTO_REFUNDED(CHARGED) "
                "MULTIPLE_CHARGED:REFUNDED(kept 1) [102 DUPLICATE_PAYMENT HELD]");
}
END_TEST

START_TEST(a_list_of_payments_that_pay_it_together_is_one)
{
    charges_set(charges_on());
    tell_list("0.4", "0.6");
    charges_are("CHARGED kept 1; 1 CHARGED; 2 CHARGED");
}
END_TEST

suite_fn t_autorefund_suite;

Suite *t_autorefund_suite(void)
{
    TCase *t;
    Suite *s = suite_of("autorefund", &t);
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_loop_test(t, a_story_ends_as_it_must, 0, (int)(sizeof stories / sizeof stories[0]));
    tcase_add_test(t, who_pays_a_little_first_and_names_the_order_does_not_get_the_rest_back_by_it);
    tcase_add_test(t, without_settings_all_is_off);
    tcase_add_test(t, a_gateway_has_its_own_threshold);
    tcase_add_test(t, a_success_older_than_the_toggle_is_only_shown);
    tcase_add_test(t, a_success_in_the_second_of_the_toggle_is_not_older);
    tcase_add_test(t, one_transaction_speaks_for_an_order_that_nobody_paid);
    tcase_add_test(t, an_import_causes_no_refund);
    tcase_add_test(t, split_payments_are_not_multiple);
    tcase_add_test(t, two_successes_in_one_event);
    tcase_add_test(t, a_list_of_payments_that_each_pay_the_order_is_no_split_payment);
    tcase_add_test(t, a_list_of_payments_that_pay_it_together_is_one);
    return s;
}
