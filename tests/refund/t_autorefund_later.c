/* What happens to auto refunds once they are there. */
#include "refund/charges.h"
#include "refund/readers.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

/* ---- what people do -----------------------------------------------------------------------------
 */

START_TEST(cancelled_while_held_it_is_charged_and_stays_so)
{
    struct err e;
    charges_set(charges_on());
    charges_tell(HEARD(1, "CHARGED", 0, 900, 900));
    ck_assert_int_eq(charges_told("ORDER_SUCCEEDED"), 0);
    ck_assert_int_eq(refund_cancel(&shop, desk.arena, &shop_actor, charges_refund().id, &e), RC_OK);
    const char *returned = "CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:CANCELLED "
                           "[100 DELAYED_SUCCESS FAILURE]";
    charges_are(returned);
    ck_assert_int_eq(charges_told("ORDER_SUCCEEDED"), 1);
    charges_tell(HEARD(1, "CHARGED", 0, 900, 901));
    charges_tell(HEARD(1, "CHARGED", 0, 800, 902));
    charges_are(returned);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
}
END_TEST

START_TEST(a_refund_by_hand_leaves_the_rest)
{
    struct conflict_settings s = charges_on();
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    charges_tell(HEARD(2, "CHARGED", 0, 70, 70));
    ck_assert_int_eq(shop_ask("ORD", "by-hand", "1").cause, CAUSE_NONE);
    charges_are("CHARGED kept 1 multiple; 1 CHARGED [100 API HELD]; " MULTIPLE("2", "1"));
}
END_TEST

START_TEST(a_refund_by_hand_that_fails_leaves_it_to_the_desk)
{
    charges_set(charges_on());
    charges_tell(HEARD(1, "CHARGED", 700, 760, 760));
    int64_t by_hand = shop_ask("ORD", "by-hand", "1").refund.id;
    charges_tell(HEARD(1, "CHARGED", 0, 760, 770));
    charges_are("CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:SHOWN [100 API HELD]");
    shop_apply(by_hand, EVENT_SEND);
    shop_apply(by_hand, EVENT_REFUSED);
    charges_are("AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED(CHARGED) conflicted "
                "CONFLICTED:REFUNDED [100 API FAILURE] [100 DELAYED_SUCCESS HELD]");
}
END_TEST

START_TEST(a_gateway_that_refuses_leaves_it_to_be_refunded_by_hand)
{
    charges_set(charges_on());
    charges_tell(HEARD(1, "CHARGED", 0, 900, 900));
    int64_t id = charges_refund().id;
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_REFUSED);
    charges_tell(HEARD(1, "CHARGED", 0, 900, 950));
    charges_are(
        "AUTO_REFUNDED kept - conflicted; 1 AUTO_REFUNDED(CHARGED) conflicted CONFLICTED:REFUNDED "
        "[100 DELAYED_SUCCESS FAILURE]");
    struct refund_answer by_txn = shop_ask_full((struct refund_request){
        .txn_id = "ORD-1", .unique_request_id = "hand", .amount = "1", .amount_given = GIVEN_TEXT});
    ck_assert_int_eq(by_txn.cause, CAUSE_NONE);
}
END_TEST

START_TEST(what_was_sent_stays_and_the_charge_that_is_left_is_kept)
{
    charges_set(charges_on());
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    charges_tell(HEARD(2, "CHARGED", 50, 90, 90));
    charges_are("CHARGED kept 1 multiple; 1 CHARGED; " MULTIPLE("2", "1"));
    shop_apply(charges_refund().id, EVENT_SEND);
    charges_tell(HEARD(2, "CHARGED", 50, 55, 200));
    charges_are(
        "CHARGED kept 1 multiple; 1 CHARGED; 2 AUTO_REFUNDED(CHARGED) MULTIPLE_CHARGED:REFUNDED("
        "kept 1) [100 DUPLICATE_PAYMENT SENDING]");
}
END_TEST

START_TEST(what_was_not_sent_gives_way_to_the_one_that_was_first)
{
    charges_set(charges_on());
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    charges_tell(HEARD(2, "CHARGED", 50, 90, 90));
    charges_tell(HEARD(2, "CHARGED", 50, 55, 200));
    charges_are("CHARGED kept 2 multiple; " MULTIPLE(
        "1", "2") "; 2 CHARGED "
                  "MULTIPLE_CHARGED:WITHDRAWN(kept 1) [100 DUPLICATE_PAYMENT FAILURE]");
    charges_tell(HEARD(1, "CHARGED", 0, 50, 300));
    charges_are("CHARGED kept 1 multiple; 1 CHARGED MULTIPLE_CHARGED:WITHDRAWN(kept 2) [100 "
                "DUPLICATE_PAYMENT "
                "FAILURE]; 2 AUTO_REFUNDED(CHARGED) MULTIPLE_CHARGED:REFUNDED(kept 1) "
                "[100 DUPLICATE_PAYMENT FAILURE] [100 DUPLICATE_PAYMENT HELD]");
}
END_TEST

START_TEST(an_order_that_comes_back_is_told_of_once)
{
    charges_set(charges_on());
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    ck_assert_int_eq(charges_told("ORDER_SUCCEEDED"), 1);
    charges_tell(HEARD(1, "CHARGED", 0, 60, 70));
    charges_tell(HEARD(2, "CHARGED", 0, 900, 900));
    charges_tell(HEARD(2, "CHARGED", 0, 60, 950));
    ck_assert_int_eq(charges_told("ORDER_SUCCEEDED"), 1);
    ck_assert_int_eq(charges_told("AUTO_REFUND_INITIATED"), 2);
    ck_assert_int_eq(charges_told("AUTO_REFUND_FAILED"), 1);
    ck_assert_int_eq(charges_told("TXN_CHARGED"), 2);
}
END_TEST

/* ---- mails --------------------------------------------------------------------------------------
 */

static struct conflict_settings with_mail(bool refund)
{
    struct conflict_settings s = charges_on();
    s.notify = true;
    s.emails = "conflicts@shop.example, second@shop.example";
    s.refund_conflicted = s.refund_multiple = refund;
    return s;
}

START_TEST(each_conflict_is_told_once)
{
    charges_set(with_mail(true));
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    ck_assert_int_eq(readers_told(NULL, NULL), 0);
    charges_tell(HEARD(2, "CHARGED", 0, 900, 900));
    charges_tell(HEARD(2, "CHARGED", 0, 800, 950));
    ck_assert_int_eq(readers_told("status_conflict", "conflicts@shop.example"), 1);
    ck_assert_int_eq(readers_told("status_conflict", "second@shop.example"), 1);
    ck_assert_ptr_nonnull(strstr(readers_mail.facts, "\"late\":\"15 min 00 s\""));
    charges_tell(HEARD(2, "CHARGED", 0, 70, 960));
    charges_tell(HEARD(3, "CHARGED", 0, 901, 970));
    ck_assert_int_eq(readers_told("status_conflict", "second@shop.example"), 2);
}
END_TEST

START_TEST(a_conflict_that_is_only_shown_is_told_too_but_no_import)
{
    const struct charge late = HEARD(1, "CHARGED", 0, 900, 900);
    charges_set(with_mail(false));
    ck_assert_int_eq(told_apply_imported(charge_told(&late)), NEWS_APPLIED);
    ck_assert_int_eq(readers_told(NULL, NULL), 0);
    charges_tell(HEARD(2, "CHARGED", 0, 901, 901));
    ck_assert_int_eq(readers_told("status_conflict", "conflicts@shop.example"), 1);
}
END_TEST

START_TEST(an_auto_refund_that_ends_is_told)
{
    readers_add("admin", "admin",
                (const char *const[]){"auto_refund_done", "auto_refund_failed", NULL});
    charges_set(with_mail(true));
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    charges_tell(HEARD(2, "CHARGED", 0, 900, 900));
    int64_t late = charges_refund().id;
    charges_tell(HEARD(3, "CHARGED", 0, 70, 950));
    int64_t other = charges_refund().id;
    charges_tell(HEARD_WITH(4, "CHARGED", 0, 80, 960, .gateway = "LEGACY"));
    ck_assert_int_eq(readers_told("auto_refund_failed", "admin@example.com"), 1);
    shop_apply(late, EVENT_SEND);
    shop_apply(late, EVENT_DONE);
    shop_apply(other, EVENT_SEND);
    shop_apply(other, EVENT_REFUSED);
    ck_assert_int_eq(readers_told("auto_refund_done", "admin@example.com"), 1);
    ck_assert_int_eq(readers_told("auto_refund_failed", "admin@example.com"), 2);
}
END_TEST

START_TEST(what_the_desk_takes_back_is_no_failure)
{
    readers_add("admin", "admin", (const char *const[]){"auto_refund_failed", NULL});
    charges_set(with_mail(true));
    charges_tell(HEARD(1, "CHARGED", 0, 900, 900));
    charges_tell(HEARD(1, "CHARGED", 0, 60, 950));
    ck_assert_str_eq(shop_refund(charges_refund().id).status, "FAILURE");
    ck_assert_int_eq(readers_told("auto_refund_failed", NULL), 0);
}
END_TEST

/* ---- settings that change -----------------------------------------------------------------------
 */

START_TEST(changed_settings_never_touch_the_past)
{
    struct conflict_settings s = charges_on();
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 900, 900));
    shop.clock.fixed_ms += 1000;
    s.threshold_minutes = 20;
    s.conflicted_since_ms = shop.clock.fixed_ms;
    charges_set(s);
    shop.clock.fixed_ms += 1000;
    charges_tell(HEARD(1, "CHARGED", 0, 890, 950));
    charges_are("AUTO_REFUNDED kept - conflicted; " LATE_1);
    s.refund_conflicted = false;
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 880, 960));
    charges_are("AUTO_REFUNDED kept - conflicted; " LATE_1);
    charges_tell(HEARD(1, "CHARGED", 0, 500, 970));
    charges_are("CHARGED kept 1; 1 CHARGED CONFLICTED:WITHDRAWN [100 DELAYED_SUCCESS FAILURE]");
}
END_TEST

START_TEST(above_the_ceiling_a_person_approves)
{
    struct conflict_ceiling inr = {"INR", 150};
    struct conflict_settings s = charges_on();
    s.ceilings = &inr;
    s.n_ceilings = 1;
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    charges_tell(HEARD(2, "CHARGED", 0, 70, 70));
    charges_tell(HEARD(3, "CHARGED", 0, 80, 80));
    charges_are("CHARGED kept 1 multiple; 1 CHARGED; " MULTIPLE(
        "2", "1") "; 3 AUTO_REFUNDED(CHARGED) "
                  "MULTIPLE_CHARGED:REFUNDED(kept 1) [100 DUPLICATE_PAYMENT AWAITING_APPROVAL]");
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
    charges_tell(HEARD(3, "CHARGED", 0, 20, 90));
    ck_assert_ptr_nonnull(strstr(charges_now(), "kept 3"));
}
END_TEST

START_TEST(exactly_the_ceiling_goes_by_itself)
{
    struct conflict_ceiling inr = {"INR", 200};
    struct conflict_settings s = charges_on();
    s.ceilings = &inr;
    s.n_ceilings = 1;
    charges_set(s);
    charges_tell(HEARD(1, "CHARGED", 0, 60, 60));
    charges_tell(HEARD(2, "CHARGED", 0, 70, 70));
    charges_tell(HEARD(3, "CHARGED", 0, 80, 80));
    ck_assert_int_eq(shop_jobs(JOB_SEND), 2);
    shop.clock.fixed_ms += CLOCK_DAY_MS - 1;
    charges_tell(HEARD(4, "CHARGED", 0, 90, 90));
    ck_assert_int_eq(shop_jobs(JOB_SEND), 2);
    shop.clock.fixed_ms += 1;
    charges_tell(HEARD(5, "CHARGED", 0, 95, 95));
    ck_assert_int_eq(shop_jobs(JOB_SEND), 3);
}
END_TEST

suite_fn t_autorefund_later_suite;

Suite *t_autorefund_later_suite(void)
{
    TCase *t;
    Suite *s = suite_of("autorefund later", &t);
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, cancelled_while_held_it_is_charged_and_stays_so);
    tcase_add_test(t, a_refund_by_hand_leaves_the_rest);
    tcase_add_test(t, a_refund_by_hand_that_fails_leaves_it_to_the_desk);
    tcase_add_test(t, a_gateway_that_refuses_leaves_it_to_be_refunded_by_hand);
    tcase_add_test(t, what_was_sent_stays_and_the_charge_that_is_left_is_kept);
    tcase_add_test(t, what_was_not_sent_gives_way_to_the_one_that_was_first);
    tcase_add_test(t, an_order_that_comes_back_is_told_of_once);
    tcase_add_test(t, each_conflict_is_told_once);
    tcase_add_test(t, a_conflict_that_is_only_shown_is_told_too_but_no_import);
    tcase_add_test(t, an_auto_refund_that_ends_is_told);
    tcase_add_test(t, what_the_desk_takes_back_is_no_failure);
    tcase_add_test(t, changed_settings_never_touch_the_past);
    tcase_add_test(t, above_the_ceiling_a_person_approves);
    tcase_add_test(t, exactly_the_ceiling_goes_by_itself);
    return s;
}
