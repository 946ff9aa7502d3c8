/*
 * The worker turn by turn, with the gateway's answers put in by hand: no network, no waiting.
 */
#include "core/str.h"
#include "refund/intake.h"
#include "refund/shop.h"
#include "sql/ops.h"
#include "store/merchants.h"
#include "support/suite.h"
#include "worker/worker.h"
#include <string.h>

static struct worker w;

static void open_worker(void)
{
    sql_use_ops(sql_fault_ops(&sql_ops_sqlite));
    shop_open();
    shop.config.lease_ms = 90000;
    shop.config.retry_first_ms = 5000;
    shop.config.retry_max_ms = 900000;
    shop.config.inquire_first_ms = 10000;
    shop.config.inquire_max_ms = 3600000;
    shop.config.absent_after_ms = 60000;
    shop.config.review_after_ms = 10 * CLOCK_DAY_MS;
    shop.config.simulator_url = "http://127.0.0.1:1";
    w = (struct worker){.app = &shop, .wake_fd = -1};
    w.scratch = arena_new(1u << 20);
}

static void close_worker(void)
{
    arena_free(w.scratch);
    shop_close();
    sql_use_ops(NULL);
}

/* Claims what is due; the flight that wants a call, or NULL. */
static struct flight *claim(void)
{
    struct turn t = {.limit = LIMIT_WORKER_CLAIM};
    worker_turn(&w, &t);
    ck_assert_int_le(t.n_launch, 1);
    return t.n_launch == 1 ? t.launch[0] : NULL;
}

static void answer(struct flight *f, enum http_end end, int status, const char *body)
{
    const struct http_result r = {
        .end = end, .status = status, .body = body, .body_n = strlen(body), .detail = "test"};
    struct turn t = {.finished = &f, .n_finished = 1};
    f->kind->parse(f, &r);
    worker_turn(&w, &t);
}

static int64_t create(void)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    return shop_ask("ORD", "u1", "300").refund.id;
}

static void is_state(int64_t refund, const char *state)
{
    ck_assert_str_eq(shop_refund(refund).state, state);
}

static void later(int64_t ms)
{
    shop.clock.fixed_ms += ms;
}

#define DONE    "{\"id\":\"sim_rf_1\",\"status\":\"SUCCEEDED\",\"arn\":\"123\"}"
#define PENDING "{\"id\":\"sim_rf_1\",\"status\":\"PENDING\"}"
#define REFUSED "{\"error\":{\"code\":\"BAD\",\"message\":\"no\"}}"
#define ABSENT  "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no\"}}"

START_TEST(sends_and_settles)
{
    int64_t id = create();
    struct flight *f = claim();
    ck_assert_ptr_nonnull(f);
    is_state(id, "SENDING");
    ck_assert_ptr_null(claim());
    struct http_call call = f->kind->call(f);
    ck_assert_str_eq(call.method, "POST");
    answer(f, HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
    ck_assert_ptr_null(claim());
}
END_TEST

START_TEST(keeps_one_key_for_every_attempt)
{
    int64_t id = create();
    struct flight *f = claim();
    char first[128];
    ck_assert(str_copy(first, sizeof first, f->refund.idempotency_key));
    answer(f, HTTP_NOT_SENT, 0, "");
    is_state(id, "QUEUED");
    ck_assert(!shop_refund(id).sent);
    ck_assert_ptr_null(claim());
    later(5500);
    f = claim();
    ck_assert_str_eq(f->refund.idempotency_key, first);
    answer(f, HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_refund(id).attempts, 2);
}
END_TEST

START_TEST(asks_after_an_unknown_outcome_and_never_sends_again_by_itself)
{
    int64_t id = create();
    answer(claim(), HTTP_BROKEN, 0, "");
    is_state(id, "UNKNOWN");
    later(11000);
    struct flight *f = claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    answer(f, HTTP_BROKEN, 0, "");
    is_state(id, "UNKNOWN");
    later(22000);
    f = claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    answer(f, HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_refund(id).attempts, 1);
}
END_TEST

START_TEST(believes_absent_only_when_the_request_cannot_be_on_its_way)
{
    int64_t id = create();
    answer(claim(), HTTP_BROKEN, 0, "");
    later(11000);
    answer(claim(), HTTP_ANSWERED, 404, ABSENT);
    is_state(id, "UNKNOWN");
    later(60000);
    answer(claim(), HTTP_ANSWERED, 404, ABSENT);
    is_state(id, "QUEUED");
    ck_assert(shop_refund(id).sent);
    struct flight *f = claim();
    ck_assert_str_eq(f->kind->name, JOB_SEND);
    answer(f, HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
}
END_TEST

START_TEST(asks_when_a_lease_ran_out_while_sending)
{
    int64_t id = create();
    struct flight *lost = claim();
    later(90001);
    ck_assert_ptr_null(claim());
    is_state(id, "UNKNOWN");
    struct flight *f = claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    answer(lost, HTTP_ANSWERED, 400, REFUSED); /* its fence is stale: it must not decide */
    is_state(id, "UNKNOWN");
    answer(f, HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
}
END_TEST

START_TEST(follows_an_accepted_refund_until_it_ends)
{
    int64_t id = create();
    answer(claim(), HTTP_ANSWERED, 200, PENDING);
    is_state(id, "ACCEPTED");
    ck_assert_int_gt(shop_refund(id).next_check_ms, SHOP_NOW_MS);
    later(11000);
    answer(claim(), HTTP_ANSWERED, 200, PENDING);
    is_state(id, "ACCEPTED");
    later(22000);
    answer(claim(), HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
}
END_TEST

START_TEST(frees_a_refused_refund)
{
    int64_t id = create();
    answer(claim(), HTTP_ANSWERED, 400, REFUSED);
    is_state(id, "FAILURE");
    ck_assert_str_eq(shop_refund(id).error_code, "BAD");
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
}
END_TEST

static enum rc stop_fn(struct sql *q, void *arg, struct err *e)
{
    return merchants_stop_sending(q, desk.merchant, *(const bool *)arg, "admin", "drill", e);
}

START_TEST(sends_nothing_while_sending_is_stopped)
{
    bool stop = true;
    int64_t id = create();
    desk_write(stop_fn, &stop);
    ck_assert_ptr_null(claim());
    is_state(id, "HELD");
    stop = false;
    desk_write(stop_fn, &stop);
    later(20000);
    struct flight *f = claim();
    ck_assert_ptr_nonnull(f);
    answer(f, HTTP_ANSWERED, 200, DONE);
    is_state(id, "SUCCESS");
}
END_TEST

START_TEST(charges_a_new_order_in_test_mode)
{
    struct err e;
    struct intake_answer out;
    const struct intake_order in = {.actor = &shop_actor, .order_id = "NEW-1", .amount = "100"};
    ck_assert_int_eq(intake_order_create(&shop, desk.arena, &in, &out, &e), RC_OK);
    answer(claim(), HTTP_ANSWERED, 200,
           "{\"id\":\"sim_pay_1\",\"status\":\"SUCCEEDED\",\"rrn\":\"1\"}");
    ck_assert_str_eq(shop_order_row(out.order.id).status, "CHARGED");
    ck_assert_str_eq(shop_txn("demo_merchant-NEW-1-1").payment_id, "sim_pay_1");
    ck_assert_ptr_null(claim());
}
END_TEST

START_TEST(loses_no_outcome_to_a_commit_that_fails)
{
    int64_t id = create();
    struct flight *f = claim();
    sql_fault_arm(SQL_FAULT_COMMIT, 1, RC_IO, true);
    answer(f, HTTP_ANSWERED, 200, DONE);
    sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
    is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_txn("ORD-1").refunded_minor, 30000);
}
END_TEST

START_TEST(sends_nothing_that_it_could_not_write_down_first)
{
    int64_t id = create();
    sql_fault_arm(SQL_FAULT_COMMIT, 1, RC_IO, true);
    struct flight *f = claim();
    sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
    ck_assert_ptr_nonnull(f); /* the second try, by itself, was written */
    is_state(id, "SENDING");
    ck_assert_int_eq(shop_refund(id).attempts, 1);
    answer(f, HTTP_ANSWERED, 200, DONE);
}
END_TEST

suite_fn t_turn_suite;
Suite *t_turn_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("turn", &tc);
    tcase_add_checked_fixture(tc, open_worker, close_worker);
    tcase_add_test(tc, sends_and_settles);
    tcase_add_test(tc, keeps_one_key_for_every_attempt);
    tcase_add_test(tc, asks_after_an_unknown_outcome_and_never_sends_again_by_itself);
    tcase_add_test(tc, believes_absent_only_when_the_request_cannot_be_on_its_way);
    tcase_add_test(tc, asks_when_a_lease_ran_out_while_sending);
    tcase_add_test(tc, follows_an_accepted_refund_until_it_ends);
    tcase_add_test(tc, frees_a_refused_refund);
    tcase_add_test(tc, sends_nothing_while_sending_is_stopped);
    tcase_add_test(tc, charges_a_new_order_in_test_mode);
    tcase_add_test(tc, loses_no_outcome_to_a_commit_that_fails);
    tcase_add_test(tc, sends_nothing_that_it_could_not_write_down_first);
    return s;
}
