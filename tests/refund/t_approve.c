#include "core/limits.h"
#include "core/str.h"
#include "refund/approve.h"
#include "refund/charges.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

static struct actor checker;

static void open_checker(void)
{
    shop_open();
    checker = shop_actor;
    checker.kind = ACTOR_USER;
    checker.name = "Asha";
}

static int64_t waiting(void)
{
    shop_add((struct shop_order){.order_id = "ONE"});
    const struct refund_request req = {
        .order_id = "ONE", .unique_request_id = "u1", .awaits_approval = true};
    struct refund_answer answer = shop_ask_full(req);
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    ck_assert_str_eq(answer.refund.state, "AWAITING_APPROVAL");
    ck_assert_str_eq(answer.refund.status, "PENDING");
    ck_assert_int_eq(shop_jobs(JOB_SEND), 0);
    ck_assert_int_eq(shop_txn("ONE-1").held_minor, 100000);
    return answer.refund.id;
}

static void late_above_ceiling(void)
{
    struct conflict_ceiling inr = {"INR", 1};
    struct conflict_settings s = charges_on();
    s.ceilings = &inr;
    s.n_ceilings = 1;
    charges_set(s);
    const struct charge late = HEARD(1, "CHARGED", 0, 900, 900);
    ck_assert_int_eq(told_apply(charge_told(&late)), NEWS_APPLIED);
}

START_TEST(approved_it_is_held_from_then_on)
{
    struct err e;
    int64_t id = waiting();
    shop.clock.fixed_ms += CLOCK_DAY_MS;
    ck_assert_int_eq(refund_approve(&shop, desk.arena, &checker, id, &e), RC_OK);
    struct refund r = shop_refund(id);
    ck_assert_str_eq(r.state, "HELD");
    ck_assert_str_eq(r.checked_by, "Asha");
    ck_assert_int_eq(r.hold_until_ms, shop.clock.fixed_ms);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
    ck_assert_int_eq(refund_approve(&shop, desk.arena, &checker, id, &e), RC_CONFLICT);
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, "no", &e), RC_CONFLICT);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
}
END_TEST

START_TEST(rejected_it_frees_its_amount_and_says_why)
{
    struct err e;
    int64_t id = waiting();
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, "not ours", &e), RC_OK);
    struct refund r = shop_refund(id);
    ck_assert_str_eq(r.status, "FAILURE");
    ck_assert_str_eq(r.error_code, "REJECTED");
    ck_assert_str_eq(r.error_message, "Rejected by Asha: not ours");
    ck_assert_str_eq(r.checked_by, "Asha");
    ck_assert_int_eq(shop_txn("ONE-1").held_minor, 0);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 0);
}
END_TEST

START_TEST(a_rejection_needs_a_reason_of_some_length)
{
    struct err e;
    int64_t id = waiting();
    char *longest = arena_alloc(desk.arena, LIMIT_NOTE + 2);
    memset(longest, 'x', LIMIT_NOTE + 1);
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, "", &e), RC_INVALID);
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, " \n", &e), RC_INVALID);
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, longest, &e), RC_INVALID);
    ck_assert_str_eq(shop_refund(id).state, "AWAITING_APPROVAL");
    longest[LIMIT_NOTE] = '\0';
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, longest, &e), RC_OK);
}
END_TEST

START_TEST(the_maker_decides_nothing)
{
    struct err e;
    int64_t id = waiting();
    ck_assert_int_eq(refund_approve(&shop, desk.arena, &shop_actor, id, &e), RC_DENIED);
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &shop_actor, id, "why", &e), RC_DENIED);
    struct actor stranger = checker;
    stranger.merchant++;
    ck_assert_int_eq(refund_approve(&shop, desk.arena, &stranger, id, &e), RC_NOT_FOUND);
    ck_assert_str_eq(shop_refund(id).state, "AWAITING_APPROVAL");
}
END_TEST

START_TEST(an_auto_refund_that_is_rejected_is_charged_again)
{
    struct err e;
    late_above_ceiling();
    int64_t id = charges_refund().id;
    ck_assert_int_eq(refund_reject(&shop, desk.arena, &checker, id, "keep it", &e), RC_OK);
    ck_assert_str_eq(charges_now(),
                     "CHARGED kept 1 conflicted; 1 CHARGED conflicted CONFLICTED:CANCELLED "
                     "[100 DELAYED_SUCCESS FAILURE]");
}
END_TEST

START_TEST(an_auto_refund_that_is_approved_is_sent)
{
    struct err e;
    late_above_ceiling();
    ck_assert_int_eq(shop_jobs(JOB_SEND), 0);
    ck_assert_int_eq(refund_approve(&shop, desk.arena, &checker, charges_refund().id, &e), RC_OK);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
    ck_assert_ptr_nonnull(strstr(charges_now(), "[100 DELAYED_SUCCESS HELD]"));
}
END_TEST

suite_fn t_approve_suite;

Suite *t_approve_suite(void)
{
    TCase *t;
    Suite *s = suite_of("approve", &t);
    tcase_add_checked_fixture(t, open_checker, shop_close);
    tcase_add_test(t, approved_it_is_held_from_then_on);
    tcase_add_test(t, rejected_it_frees_its_amount_and_says_why);
    tcase_add_test(t, a_rejection_needs_a_reason_of_some_length);
    tcase_add_test(t, the_maker_decides_nothing);
    tcase_add_test(t, an_auto_refund_that_is_rejected_is_charged_again);
    tcase_add_test(t, an_auto_refund_that_is_approved_is_sent);
    return s;
}
