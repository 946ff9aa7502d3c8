#include "refund/shop.h"
#include "support/suite.h"
#include "worker/worker.h"

static struct worker w;

static void open_worker(void)
{
    shop_open();
    shop.config.review_after_ms = 10 * CLOCK_DAY_MS;
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

suite_fn t_age_suite;
Suite *t_age_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("age", &tc);
    tcase_add_checked_fixture(tc, open_worker, shop_close);
    tcase_add_test(tc, turns_pending_refunds_to_review_after_ten_days);
    tcase_add_test(tc, turns_many_at_once);
    return s;
}
