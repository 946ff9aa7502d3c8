/*
 * News out of the inbox: applied once, kept with the reason when they cannot be, tried again when
 * they came too early.
 */
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "store/news.h"
#include "support/suite.h"
#include "worker/rig.h"
#include <string.h>

#define PAYMENT(amount)                                                                        \
    "\"payment\":{\"entity\":{\"id\":\"pay_1\",\"amount\":" amount                             \
    ",\"currency\":\"INR\",\"status\":\"captured\",\"captured\":true,\"notes\":{\"order_id\":" \
    "\"ORD-1\"},\"created_at\":1799990000}}"
#define CAPTURED(amount) \
    "{\"event\":\"payment.captured\",\"created_at\":1799999000,\"payload\":{" PAYMENT(amount) "}}"
#define LONE_REFUND                                                                               \
    "{\"id\":\"evt_1\",\"type\":\"refund.updated\",\"created\":1799999500,\"data\":{\"object\":{" \
    "\"id\":\"re_1\",\"amount\":5000,\"currency\":\"inr\",\"payment_intent\":\"pay_1\","          \
    "\"status\":\"succeeded\"}}}"

struct put_work {
    struct news news;
    bool heard;
};

static enum rc put_fn(struct sql *q, void *arg, struct err *e)
{
    struct put_work *w = arg;
    return news_put(q, &w->news, &w->heard, e);
}

static int64_t put(const char *source, const char *event_id, const char *body)
{
    struct put_work w = {.news = {.id = id_new(),
                                  .merchant = desk.merchant,
                                  .source = source,
                                  .event_id = event_id,
                                  .body = body,
                                  .received_ms = shop.clock.fixed_ms}};
    desk_write(put_fn, &w);
    return w.heard ? 0 : w.news.id;
}

static enum rc get_fn(struct sql *q, void *arg, struct err *e)
{
    struct news *n = arg;
    return news_get(q, desk.arena, n->id, n, e);
}

static struct news news_of(int64_t id)
{
    struct news n = {.id = id};
    desk_look(get_fn, &n);
    return n;
}

/* What is due is claimed, read and applied: news need no call. */
static void turn(void)
{
    struct turn t = {.limit = LIMIT_WORKER_CLAIM};
    worker_turn(&rig_worker, &t);
    struct turn next = {.finished = t.launch, .n_finished = t.n_launch};
    for (int i = 0; i < t.n_launch; i++) {
        ck_assert_ptr_null(t.launch[i]->kind->call);
        t.launch[i]->kind->parse(t.launch[i], NULL);
    }
    worker_turn(&rig_worker, &next);
}

static void ends(int64_t id, const char *state, const char *said)
{
    struct news n = news_of(id);
    ck_assert_msg(str_eq(n.state, state), "%s: %s", n.state, str_or(n.said, ""));
    if (said != NULL)
        ck_assert_msg(n.said != NULL && strstr(n.said, said) != NULL, "%s",
                      str_or(n.said, "(none)"));
}

START_TEST(an_event_is_heard_once)
{
    int64_t id = put("razorpay", "e1", CAPTURED("50000"));
    ck_assert_int_ne(id, 0);
    ck_assert_int_eq(put("razorpay", "e1", CAPTURED("50000")), 0);
    ck_assert_int_ne(put("stripe", "e1", "{}"), 0);
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 2);
    turn();
    ends(id, "APPLIED", NULL);
    ck_assert_str_eq(shop_txn("pay_1").status, "CHARGED");
    ck_assert_int_eq(shop_txn("pay_1").charged_ms, INT64_C(1799999000000));
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 0);
}
END_TEST

START_TEST(another_amount_is_kept_as_refused)
{
    put("razorpay", "e1", CAPTURED("50000"));
    int64_t id = put("razorpay", "e2", CAPTURED("60000"));
    turn();
    ends(id, "REFUSED", "500.00");
    ck_assert_int_eq(shop_txn("pay_1").amount_minor, 50000);
}
END_TEST

START_TEST(what_cannot_be_read_is_kept_as_refused)
{
    static const struct {
        const char *source, *body, *state, *said;
    } rows[] = {
        {"razorpay", "{\"event\":\"payment.captured\"}", "REFUSED", "payload.payment.entity"},
        {"razorpay", "{\"event\":\"order.paid\"}", "IGNORED", NULL},
        {"stripe", "{\"type\":\"invoice.paid\"}", "IGNORED", NULL},
        {"stripe", "{}", "REFUSED", "type"},
        {"juspay", "{\"event_name\":\"MANDATE_CREATED\",\"content\":{\"mandate\":{}}}", "IGNORED",
         NULL},
        {"juspay", "{\"event_name\":\"SOMETHING\",\"content\":{\"order\":{}}}", "IGNORED", NULL},
        {"juspay", "{\"event_name\":\"ORDER_SUCCEEDED\",\"content\":{\"order\":{\"amount\":0}}}",
         "REFUSED", "order_id is missing; currency is missing"},
        {"juspay", "[]", "REFUSED", NULL},
    };
    int64_t ids[sizeof rows / sizeof rows[0]];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ids[i] = put(rows[i].source, arena_printf(desk.arena, "e%zu", i), rows[i].body);
    turn();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ends(ids[i], rows[i].state, rows[i].said);
}
END_TEST

START_TEST(receipt_is_not_when_it_is_applied)
{
    const int64_t received_ms = shop.clock.fixed_ms;
    put("juspay", "bare",
        "{\"order_id\":\"ORD-1\",\"amount\":\"5\",\"currency\":\"INR\",\"status\":\"CHARGED\","
        "\"txn_id\":\"t-1\"}");
    shop.clock.fixed_ms += CLOCK_DAY_MS;
    turn();
    ck_assert_int_eq(shop_txn("t-1").charged_ms, received_ms);
    ck_assert_int_eq(shop_txn("t-1").created_ms, received_ms);
}
END_TEST

START_TEST(a_refund_says_that_its_payment_was_charged_not_when)
{
    static const struct {
        const char *source, *body;
    } rows[] = {
        {"razorpay",
         "{\"event\":\"refund.processed\",\"created_at\":1799999500,\"payload\":{" PAYMENT(
             "50000") ",\"refund\":{\"entity\":{\"id\":\"re_1\",\"amount\":5000,\"currency\":"
                      "\"INR\","
                      "\"payment_id\":\"pay_1\",\"status\":\"processed\"}}}}"},
        {"stripe",
         "{\"id\":\"evt_1\",\"type\":\"charge.refunded\",\"created\":1799999500,\"data\":{"
         "\"object\":"
         "{\"id\":\"pay_1\",\"amount\":50000,\"amount_captured\":50000,\"currency\":\"inr\","
         "\"captured\":true,\"created\":1799990000}}}"},
    };
    put(rows[_i].source, "e1", rows[_i].body);
    turn();
    struct txn t = shop_txn("pay_1");
    ck_assert_str_eq(t.status, "CHARGED");
    ck_assert(t.is_imported);
    ck_assert_ptr_null(strstr(str_or(t.facts, ""), "\"created\""));
    put("razorpay", "e2", CAPTURED("50000"));
    turn();
    ck_assert_int_eq(shop_txn("pay_1").charged_ms, INT64_C(1799999000000));
}
END_TEST

START_TEST(a_refund_before_its_payment_waits)
{
    int64_t id = put("stripe", "e1", LONE_REFUND);
    turn();
    ends(id, "WAITING", NULL);
    put("razorpay", "e2", CAPTURED("50000"));
    turn();
    ends(id, "WAITING", NULL);
    rig_later(5500);
    turn();
    ends(id, "APPLIED", NULL);
    ck_assert_int_eq(shop_txn("pay_1").refunded_minor, 5000);
}
END_TEST

START_TEST(a_payment_that_never_comes_is_given_up)
{
    int64_t id = put("stripe", "e1", LONE_REFUND);
    for (int i = 0; i < 41; i++) {
        ends(id, "WAITING", NULL);
        turn();
        rig_later(4000000);
    }
    ends(id, "IGNORED", "not known");
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 0);
}
END_TEST

/* A refund made elsewhere is told by the gateway's id alone. */
static const char *told_refunds(const char *prefix, int n)
{
    struct buf b;
    buf_init(&b, desk.arena);
    buf_puts(&b,
             "{\"order_id\":\"ORD-1\",\"amount\":900,\"currency\":\"INR\",\"status\":\"CHARGED\","
             "\"txn_detail\":{\"txn_id\":\"t-1\",\"status\":\"CHARGED\",\"txn_amount\":900,"
             "\"gateway\":\"RAZORPAY\"},\"refunds\":[");
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s{\"ref\":\"%s%d\",\"amount\":1,\"status\":\"SUCCESS\"}", i > 0 ? "," : "",
                   prefix, i);
    buf_puts(&b, "]}");
    return buf_text(&b);
}

START_TEST(many_refunds_in_many_news_fit_the_arena)
{
    for (int i = 0; i < 4; i++) {
        const char *name = arena_printf(desk.arena, "r%d_", i);
        int64_t id = put("juspay", name, told_refunds(name, LIMIT_TOLD_REFUNDS));
        turn();
        ends(id, "APPLIED", NULL);
    }
    ck_assert_int_eq(shop_txn("t-1").refunded_minor, 80000);
}
END_TEST

/* Claimed, and the worker dies of it. */
static bool dies(void)
{
    struct flight *f = rig_claim();
    if (f != NULL)
        flight_free(f);
    rig_later(shop.config.lease_ms + 1);
    return f != NULL;
}

START_TEST(what_always_ends_the_worker_is_put_aside)
{
    int deaths = 0;
    int64_t id = put("razorpay", "e1", CAPTURED("50000"));
    while (dies() && deaths < 1000)
        deaths++;
    ck_assert_int_ge(deaths, 41); /* more than the tries of what is only early */
    ck_assert_int_le(deaths, 60);
    ends(id, "REFUSED", "could not be applied");
    ck_assert_int_eq(shop_jobs(JOB_NEWS), 0);
}
END_TEST

suite_fn t_worker_news_suite;
Suite *t_worker_news_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("news", &tc);
    tcase_add_checked_fixture(tc, rig_open, rig_close);
    tcase_add_test(tc, an_event_is_heard_once);
    tcase_add_test(tc, another_amount_is_kept_as_refused);
    tcase_add_test(tc, what_cannot_be_read_is_kept_as_refused);
    tcase_add_test(tc, receipt_is_not_when_it_is_applied);
    tcase_add_loop_test(tc, a_refund_says_that_its_payment_was_charged_not_when, 0, 2);
    tcase_add_test(tc, a_refund_before_its_payment_waits);
    tcase_add_test(tc, a_payment_that_never_comes_is_given_up);
    tcase_add_test(tc, what_always_ends_the_worker_is_put_aside);
    tcase_add_test(tc, many_refunds_in_many_news_fit_the_arena);
    return s;
}
