/*
 * An inquiry that somebody asked for, between those of the schedule.
 */
#include "core/str.h"
#include "refund/sync.h"
#include "support/suite.h"
#include "worker/rig.h"

#define COOL_MS 1000

struct work {
    int64_t refund, asked_ms;
    struct sync_answer answer;
    bool ended;
};

static enum rc ask_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return refund_sync_request(q, desk.arena, w->refund, LANE_SYNC, COOL_MS, shop.clock.fixed_ms,
                               &w->answer, e);
}

static enum rc ended_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return refund_sync_ended(q, w->refund, w->asked_ms, &w->ended, e);
}

static struct work sync_now(int64_t refund)
{
    struct work w = {.refund = refund};
    desk_write(ask_fn, &w);
    ck_assert_int_eq(w.answer.verdict, SYNC_ASKED);
    w.asked_ms = w.answer.asked_ms;
    return w;
}

static bool has_ended(struct work *w)
{
    desk_look(ended_fn, w);
    return w->ended;
}

static int64_t accepted(void)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id = shop_ask("ORD", "u1", "300").refund.id;
    rig_answer(rig_claim(), HTTP_ANSWERED, 200, PENDING);
    rig_is_state(id, "ACCEPTED");
    return id;
}

START_TEST(asks_at_once_and_leaves_the_schedule_as_it_was)
{
    int64_t id = accepted();
    int64_t due_ms = shop_refund(id).next_check_ms;
    for (int i = 0; i < 3; i++) {
        rig_later(COOL_MS);
        ck_assert_ptr_null(rig_claim());
        struct work w = sync_now(id);
        struct flight *f = rig_claim();
        ck_assert_ptr_nonnull(f);
        ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
        ck_assert_int_eq(f->job.attempt, 0);
        ck_assert(!has_ended(&w));
        rig_answer(f, i == 0 ? HTTP_BROKEN : HTTP_ANSWERED, 200, PENDING);
        ck_assert(has_ended(&w));
        ck_assert_int_eq(shop_refund(id).next_check_ms, due_ms);
    }
    shop.clock.fixed_ms = due_ms - 1;
    ck_assert_ptr_null(rig_claim());
    rig_later(1);
    struct flight *f = rig_claim();
    ck_assert_ptr_nonnull(f);
    rig_answer(f, HTTP_ANSWERED, 200, PENDING);
    int64_t wait_ms = shop_refund(id).next_check_ms - due_ms; /* that of attempt 0, ± 10 % */
    ck_assert(wait_ms >= 9000 && wait_ms <= 11000);
}
END_TEST

START_TEST(hears_what_the_gateway_has_to_say)
{
    int64_t id = accepted();
    struct work w = sync_now(id);
    rig_answer(rig_claim(), HTTP_ANSWERED, 200, DONE);
    ck_assert(has_ended(&w));
    rig_is_state(id, "SUCCESS");
    ck_assert_ptr_null(rig_claim());
}
END_TEST

static int64_t under_review(void)
{
    int64_t id = accepted();
    rig_later(10 * CLOCK_DAY_MS + 1);
    ck_assert_int_eq(shop_apply(id, EVENT_AGE).verdict, VERDICT_MOVE);
    ck_assert_ptr_null(rig_claim());
    return id;
}

/* Gateway news still move a refund under review; nothing is ever sent. */
static const struct {
    int status;
    const char *body;
    const char *state;
} reviews[] = {
    {200, DONE, "SUCCESS"},          {400, REFUSED, "MANUAL_REVIEW"},
    {200, PENDING, "MANUAL_REVIEW"}, {404, ABSENT, "MANUAL_REVIEW"},
    {500, "oops", "MANUAL_REVIEW"},  {200, "{\"id\":\"1\",\"status\":\"FAILED\"}", "FAILURE"},
};

START_TEST(asks_about_one_under_review_and_sends_nothing)
{
    int64_t id = under_review();
    struct work w = sync_now(id);
    struct flight *f = rig_claim();
    ck_assert_str_eq(f->kind->name, JOB_INQUIRE);
    ck_assert(!has_ended(&w));
    rig_answer(f, HTTP_ANSWERED, reviews[_i].status, reviews[_i].body);
    ck_assert(has_ended(&w));
    rig_is_state(id, reviews[_i].state);
    ck_assert_int_eq(shop_jobs(JOB_SEND) + shop_jobs(JOB_INQUIRE), 0);
    rig_later(CLOCK_DAY_MS);
    ck_assert_ptr_null(rig_claim());
}
END_TEST

START_TEST(asks_nothing_about_one_that_ended_meanwhile)
{
    int64_t id = accepted();
    struct work w = sync_now(id);
    (void)shop_apply(id, EVENT_DONE);
    ck_assert_ptr_null(rig_claim());
    ck_assert(has_ended(&w));
}
END_TEST

suite_fn t_worker_sync_suite;
Suite *t_worker_sync_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("sync", &tc);
    tcase_add_checked_fixture(tc, rig_open, rig_close);
    tcase_add_test(tc, asks_at_once_and_leaves_the_schedule_as_it_was);
    tcase_add_test(tc, hears_what_the_gateway_has_to_say);
    tcase_add_loop_test(tc, asks_about_one_under_review_and_sends_nothing, 0,
                        sizeof reviews / sizeof reviews[0]);
    tcase_add_test(tc, asks_nothing_about_one_that_ended_meanwhile);
    return s;
}
