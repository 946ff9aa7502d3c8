/*
 * The worker turn by turn, with the gateway's answers put in by hand: no network, no waiting.
 */
#include "core/clock.h"
#include "core/id.h"
#include "core/str.h"
#include "refund/intake.h"
#include "sql/ops.h"
#include "store/merchants.h"
#include "support/suite.h"
#include "worker/rig.h"
#include <stdio.h>
#include <unistd.h>

static int64_t create(void)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    return shop_ask("ORD", "u1", "300").refund.id;
}

START_TEST(sends_and_settles)
{
    int64_t id = create();
    struct flight *f = rig_claim();
    ck_assert_ptr_nonnull(f);
    rig_is_state(id, "SENDING");
    ck_assert_ptr_null(rig_claim());
    struct http_call call = f->kind->call(f);
    ck_assert_str_eq(call.method, "POST");
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
    ck_assert_ptr_null(rig_claim());
}
END_TEST

START_TEST(keeps_one_key_for_every_attempt)
{
    int64_t id = create();
    struct flight *f = rig_claim();
    char first[128];
    ck_assert(str_copy(first, sizeof first, f->refund.idempotency_key));
    rig_answer(f, HTTP_NOT_SENT, 0, "");
    rig_is_state(id, "QUEUED");
    ck_assert(!shop_refund(id).sent);
    ck_assert_ptr_null(rig_claim());
    rig_later(5500);
    f = rig_claim();
    ck_assert_str_eq(f->refund.idempotency_key, first);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_refund(id).attempts, 2);
}
END_TEST

START_TEST(asks_after_an_unknown_outcome_and_never_sends_again_by_itself)
{
    int64_t id = create();
    rig_answer(rig_claim(), HTTP_BROKEN, 0, "");
    rig_is_state(id, "UNKNOWN");
    rig_later(11000);
    struct flight *f = rig_claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    rig_answer(f, HTTP_BROKEN, 0, "");
    rig_is_state(id, "UNKNOWN");
    rig_later(22000);
    f = rig_claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_refund(id).attempts, 1);
}
END_TEST

START_TEST(believes_absent_only_when_the_request_cannot_be_on_its_way)
{
    int64_t id = create();
    rig_answer(rig_claim(), HTTP_BROKEN, 0, "");
    rig_later(11000);
    rig_answer(rig_claim(), HTTP_ANSWERED, 404, ABSENT);
    rig_is_state(id, "UNKNOWN");
    rig_later(60000);
    rig_answer(rig_claim(), HTTP_ANSWERED, 404, ABSENT);
    rig_is_state(id, "QUEUED");
    ck_assert(shop_refund(id).sent);
    struct flight *f = rig_claim();
    ck_assert_str_eq(f->kind->name, JOB_SEND);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
}
END_TEST

START_TEST(asks_when_a_lease_ran_out_while_sending)
{
    int64_t id = create();
    struct flight *lost = rig_claim();
    rig_later(90001);
    ck_assert_ptr_null(rig_claim());
    rig_is_state(id, "UNKNOWN");
    struct flight *f = rig_claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    rig_answer(lost, HTTP_ANSWERED, 400, REFUSED); /* its fence is stale: it must not decide */
    rig_is_state(id, "UNKNOWN");
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
}
END_TEST

START_TEST(follows_an_accepted_refund_until_it_ends)
{
    int64_t id = create();
    rig_answer(rig_claim(), HTTP_ANSWERED, 200, PENDING);
    rig_is_state(id, "ACCEPTED");
    ck_assert_int_gt(shop_refund(id).next_check_ms, SHOP_NOW_MS);
    rig_later(11000);
    rig_answer(rig_claim(), HTTP_ANSWERED, 200, PENDING);
    rig_is_state(id, "ACCEPTED");
    rig_later(22000);
    rig_answer(rig_claim(), HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
}
END_TEST

START_TEST(asks_on_when_a_gateway_forgets_what_it_accepted)
{
    int64_t id = create();
    rig_answer(rig_claim(), HTTP_ANSWERED, 200, PENDING);
    rig_later(100000);
    rig_answer(rig_claim(), HTTP_ANSWERED, 404, ABSENT);
    rig_is_state(id, "ACCEPTED");
    ck_assert_ptr_null(rig_claim()); /* not at once, and never by sending again */
    rig_later(11000);
    struct flight *f = rig_claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_refund(id).attempts, 1);
}
END_TEST

START_TEST(frees_a_refused_refund)
{
    int64_t id = create();
    rig_answer(rig_claim(), HTTP_ANSWERED, 400, REFUSED);
    rig_is_state(id, "FAILURE");
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
    ck_assert_ptr_null(rig_claim());
    rig_is_state(id, "HELD");
    stop = false;
    desk_write(stop_fn, &stop);
    rig_later(20000);
    struct flight *f = rig_claim();
    ck_assert_ptr_nonnull(f);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
}
END_TEST

START_TEST(charges_a_new_order_in_test_mode)
{
    struct err e;
    struct intake_answer out;
    const struct intake_order in = {.actor = &shop_actor, .order_id = "NEW-1", .amount = "100"};
    ck_assert_int_eq(intake_order_create(&shop, desk.arena, &in, &out, &e), RC_OK);
    rig_answer(rig_claim(), HTTP_ANSWERED, 200,
               "{\"id\":\"sim_pay_1\",\"status\":\"SUCCEEDED\",\"rrn\":\"1\"}");
    ck_assert_str_eq(shop_order_row(out.order.id).status, "CHARGED");
    ck_assert_str_eq(shop_txn("demo_merchant-NEW-1-1").payment_id, "sim_pay_1");
    ck_assert_ptr_null(rig_claim());
}
END_TEST

static enum rc add_bare_merchant(struct sql *q, void *arg, struct err *e)
{
    struct merchant m;
    enum rc rc = merchants_get(q, desk.arena, desk.merchant, &m, e);
    m.id = *(int64_t *)arg;
    m.merchant_id = "bare";
    return rc == RC_OK ? merchants_insert(q, &m, e) : rc;
}

static enum rc add_its_gateway(struct sql *q, void *arg, struct err *e)
{
    const struct gateway_row g = {.id = id_new(),
                                  .merchant = *(int64_t *)arg,
                                  .name = "PAYU",
                                  .adapter = "simulator",
                                  .can_refund = true};
    return gateways_insert(q, &g, e);
}

/* How many lines the log took meanwhile. */
static int lines_of(int fd)
{
    char text[4096];
    ssize_t n = pread(fd, text, sizeof text, 0);
    int lines = 0;
    for (ssize_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    return lines;
}

START_TEST(a_merchant_without_gateways_is_told_once_and_looked_at_slowly)
{
    struct err e;
    struct intake_answer out;
    int64_t bare = desk.merchant + 1;
    struct actor actor = shop_actor;
    struct intake_order in = {.actor = &actor, .order_id = "BARE-1", .amount = "100"};
    FILE *log = tmpfile();
    ck_assert_ptr_nonnull(log);
    shop.log = (struct log){.program = "test", .least = LOG_WARN, .fd = fileno(log)};
    desk_write(add_bare_merchant, &bare);
    actor.merchant = bare;
    ck_assert_int_eq(intake_order_create(&shop, desk.arena, &in, &out, &e), RC_OK);
    ck_assert_ptr_null(rig_claim());
    rig_later(4 * CLOCK_MINUTE_MS); /* longer than a lease */
    ck_assert_ptr_null(rig_claim());
    rig_later(2 * CLOCK_MINUTE_MS);
    ck_assert_ptr_null(rig_claim());
    ck_assert_int_eq(lines_of(fileno(log)), 1);

    desk_write(add_its_gateway, &bare);
    ck_assert_ptr_null(rig_claim());
    rig_later(6 * CLOCK_MINUTE_MS);
    struct flight *f = rig_claim();
    ck_assert_ptr_nonnull(f);
    rig_answer(f, HTTP_ANSWERED, 200, "{\"id\":\"p\",\"status\":\"SUCCEEDED\",\"rrn\":\"1\"}");
    fclose(log);
}
END_TEST

START_TEST(loses_no_outcome_to_a_commit_that_fails)
{
    int64_t id = create();
    struct flight *f = rig_claim();
    sql_fault_arm(SQL_FAULT_COMMIT, 1, RC_IO, true);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
    rig_is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_txn("ORD-1").refunded_minor, 30000);
}
END_TEST

START_TEST(sends_nothing_that_it_could_not_write_down_first)
{
    int64_t id = create();
    sql_fault_arm(SQL_FAULT_COMMIT, 1, RC_IO, true);
    struct flight *f = rig_claim();
    sql_fault_arm(SQL_FAULT_NONE, 0, RC_OK, false);
    ck_assert_ptr_nonnull(f); /* the second try, by itself, was written */
    rig_is_state(id, "SENDING");
    ck_assert_int_eq(shop_refund(id).attempts, 1);
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
}
END_TEST

suite_fn t_turn_suite;
Suite *t_turn_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("turn", &tc);
    tcase_add_checked_fixture(tc, rig_open, rig_close);
    tcase_add_test(tc, sends_and_settles);
    tcase_add_test(tc, keeps_one_key_for_every_attempt);
    tcase_add_test(tc, asks_after_an_unknown_outcome_and_never_sends_again_by_itself);
    tcase_add_test(tc, believes_absent_only_when_the_request_cannot_be_on_its_way);
    tcase_add_test(tc, asks_when_a_lease_ran_out_while_sending);
    tcase_add_test(tc, follows_an_accepted_refund_until_it_ends);
    tcase_add_test(tc, asks_on_when_a_gateway_forgets_what_it_accepted);
    tcase_add_test(tc, frees_a_refused_refund);
    tcase_add_test(tc, sends_nothing_while_sending_is_stopped);
    tcase_add_test(tc, charges_a_new_order_in_test_mode);
    tcase_add_test(tc, a_merchant_without_gateways_is_told_once_and_looked_at_slowly);
    tcase_add_test(tc, loses_no_outcome_to_a_commit_that_fails);
    tcase_add_test(tc, sends_nothing_that_it_could_not_write_down_first);
    return s;
}
