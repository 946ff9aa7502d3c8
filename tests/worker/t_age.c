#include "refund/readers.h"
#include "refund/shop.h"
#include "support/suite.h"
#include "worker/worker.h"
#include <string.h>

static struct worker w;

static void open_worker(void)
{
    shop_open();
    shop.config.review_after_ms = 10 * CLOCK_DAY_MS;
    shop.config.warn_after_ms = 7 * CLOCK_DAY_MS;
    shop.config.approval_expires_ms = 7 * CLOCK_DAY_MS;
    w = (struct worker){.app = &shop, .wake_fd = -1};
}

START_TEST(turns_pending_refunds_to_review_after_ten_days)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t old = shop_ask("ORD", "u1", "1").refund.id;
    shop.clock.fixed_ms += CLOCK_DAY_MS;
    int64_t young = shop_ask("ORD", "u2", "2").refund.id;
    shop.clock.fixed_ms = SHOP_NOW_MS + 10 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_str_eq(shop_refund(old).status, "PENDING");
    shop.clock.fixed_ms++;
    worker_age(&w);
    ck_assert_str_eq(shop_refund(old).status, "MANUAL_REVIEW");
    ck_assert_str_eq(shop_refund(young).status, "PENDING");
}
END_TEST

START_TEST(what_nobody_approved_in_seven_days_expires)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id =
        shop_ask_full((struct refund_request){
                          .order_id = "ORD", .unique_request_id = "u1", .awaits_approval = true})
            .refund.id;
    shop_add((struct shop_order){.order_id = "HELD"});
    int64_t held = shop_ask("HELD", "u2", NULL).refund.id;
    shop.clock.fixed_ms += 7 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_str_eq(shop_refund(id).state, "AWAITING_APPROVAL");
    shop.clock.fixed_ms++;
    worker_age(&w);
    struct refund r = shop_refund(id);
    ck_assert_str_eq(r.status, "FAILURE");
    ck_assert_str_eq(r.error_code, "EXPIRED");
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
    ck_assert_str_eq(shop_refund(held).state, "HELD");
}
END_TEST

START_TEST(turns_many_at_once)
{
    int64_t last = 0;
    for (int i = 0; i < 2 * LIMIT_WORKER_CLAIM + 3; i++) {
        const char *order_id = arena_printf(desk.arena, "O%d", i);
        shop_add((struct shop_order){.order_id = order_id});
        last = shop_ask(order_id, "u", "1").refund.id;
    }
    shop.clock.fixed_ms += 11 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_str_eq(shop_refund(last).status, "MANUAL_REVIEW");
}
END_TEST

/* ---- the mail three days before ----------------------------------------------------------------
 */

static const char *const wanted[] = {"day_7", "manual_review", NULL};

START_TEST(warns_once_three_days_before_review)
{
    readers_add("ravi", "viewer", wanted);
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id = shop_ask("ORD", "u1", "1.50").refund.id;
    shop.clock.fixed_ms = SHOP_NOW_MS + 7 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_int_eq(readers_told("day_7", NULL), 0);
    shop.clock.fixed_ms++;
    worker_age(&w);
    ck_assert_int_eq(readers_told("day_7", NULL), 1);
    ck_assert_ptr_nonnull(
        strstr(readers_mail.facts, "\"amount\":{\"minor\":150,\"currency\":\"INR\"}"));
    worker_age(&w);
    w.warned = (struct refunds_mark){0, 0}; /* another worker */
    worker_age(&w);
    ck_assert_int_eq(readers_told("day_7", NULL), 1);
    ck_assert_int_eq(readers_told("manual_review", NULL), 0);
    shop.clock.fixed_ms = SHOP_NOW_MS + 10 * CLOCK_DAY_MS + 1;
    worker_age(&w);
    worker_age(&w);
    ck_assert_str_eq(shop_refund(id).status, "MANUAL_REVIEW");
    ck_assert_int_eq(readers_told("manual_review", NULL), 1);
    ck_assert_int_eq(readers_told("day_7", NULL), 1);
}
END_TEST

START_TEST(warns_of_none_that_ended_and_of_none_when_review_comes_first)
{
    readers_add("ravi", "viewer", wanted);
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id = shop_ask("ORD", "u1", "1").refund.id;
    shop_apply(id, EVENT_CANCEL);
    shop.clock.fixed_ms += 8 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_int_eq(readers_told("day_7", NULL), 0);
    shop_ask("ORD", "u2", "2");
    shop.config.review_after_ms = shop.config.warn_after_ms;
    shop.clock.fixed_ms += 8 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_int_eq(readers_told("day_7", NULL), 0);
    ck_assert_int_eq(readers_told("manual_review", NULL), 1);
}
END_TEST

START_TEST(warns_of_many_of_one_moment_and_looks_at_each_once)
{
    readers_add("ravi", "viewer", wanted);
    int most = LIMIT_WORKER_CLAIM + 3;
    int64_t last = 0;
    for (int i = 0; i < most; i++) {
        const char *order_id = arena_printf(desk.arena, "O%d", i);
        shop_add((struct shop_order){.order_id = order_id});
        last = shop_ask(order_id, "u", "1").refund.id;
    }
    shop.clock.fixed_ms += 8 * CLOCK_DAY_MS;
    worker_age(&w);
    ck_assert_int_eq(readers_told("day_7", NULL), most);
    ck_assert_int_eq(w.warned.created_ms, SHOP_NOW_MS);
    ck_assert_int_eq(w.warned.id, last);
}
END_TEST

suite_fn t_age_suite;
Suite *t_age_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("age", &tc);
    tcase_add_checked_fixture(tc, open_worker, shop_close);
    tcase_add_test(tc, turns_pending_refunds_to_review_after_ten_days);
    tcase_add_test(tc, what_nobody_approved_in_seven_days_expires);
    tcase_add_test(tc, turns_many_at_once);
    tcase_add_test(tc, warns_once_three_days_before_review);
    tcase_add_test(tc, warns_of_none_that_ended_and_of_none_when_review_comes_first);
    tcase_add_test(tc, warns_of_many_of_one_moment_and_looks_at_each_once);
    return s;
}
