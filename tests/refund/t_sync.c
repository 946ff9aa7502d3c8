#include "core/limits.h"
#include "core/str.h"
#include "refund/shop.h"
#include "refund/sync.h"
#include "store/jobs.h"
#include "support/suite.h"

#define COOL_MS 30000

struct sync_work {
    int64_t refund;
    struct sync_answer answer;
    int64_t asked_ms;
    bool ended;
};

static enum rc ask_fn(struct sql *q, void *arg, struct err *e)
{
    struct sync_work *w = arg;
    return refund_sync_request(q, desk.arena, w->refund, LANE_SYNC, COOL_MS, shop.clock.fixed_ms,
                               &w->answer, e);
}

static enum rc ended_fn(struct sql *q, void *arg, struct err *e)
{
    struct sync_work *w = arg;
    return refund_sync_ended(q, w->refund, w->asked_ms, &w->ended, e);
}

static struct sync_answer ask(int64_t refund)
{
    struct sync_work w = {.refund = refund};
    desk_write(ask_fn, &w);
    return w.answer;
}

static bool has_ended(int64_t refund, int64_t asked_ms)
{
    struct sync_work w = {.refund = refund, .asked_ms = asked_ms};
    desk_look(ended_fn, &w);
    return w.ended;
}

static int64_t create(void)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    return shop_ask("ORD", "u1", "300").refund.id;
}

/* The way to each state and what a Sync says there. */
static const struct {
    enum refund_state state;
    enum refund_event way[3];
    int n;
    enum sync_verdict verdict;
} places[] = {
    {STATE_HELD, {0}, 0, SYNC_NEVER_SENT},
    {STATE_SENDING, {EVENT_SEND}, 1, SYNC_SENDING},
    {STATE_QUEUED, {EVENT_SEND, EVENT_NOT_SENT}, 2, SYNC_NEVER_SENT},
    {STATE_QUEUED, {EVENT_SEND, EVENT_UNKNOWN, EVENT_ABSENT}, 3, SYNC_SENDING},
    {STATE_LOW_BALANCE, {EVENT_SEND, EVENT_LOW_BALANCE}, 2, SYNC_SENDING},
    {STATE_ACCEPTED, {EVENT_SEND, EVENT_ACCEPTED}, 2, SYNC_ASKED},
    {STATE_UNKNOWN, {EVENT_SEND, EVENT_UNKNOWN}, 2, SYNC_ASKED},
    {STATE_MANUAL_REVIEW, {EVENT_SEND, EVENT_ACCEPTED, EVENT_AGE}, 3, SYNC_ASKED},
    {STATE_MANUAL_REVIEW, {EVENT_AGE}, 1, SYNC_NEVER_SENT},
    {STATE_SUCCESS, {EVENT_SEND, EVENT_DONE}, 2, SYNC_FINISHED},
    {STATE_FAILURE, {EVENT_SEND, EVENT_REFUSED}, 2, SYNC_FINISHED},
    {STATE_FAILURE, {EVENT_CANCEL}, 1, SYNC_FINISHED},
};

START_TEST(says_what_there_is_to_ask_in_every_state)
{
    int64_t id = create();
    for (int i = 0; i < places[_i].n; i++)
        ck_assert_int_eq(shop_apply(id, places[_i].way[i]).verdict, VERDICT_MOVE);
    ck_assert_str_eq(shop_refund(id).state, machine_state_name(places[_i].state));
    int asking = shop_jobs(JOB_INQUIRE);
    struct sync_answer a = ask(id);
    ck_assert_int_eq(a.verdict, places[_i].verdict);
    ck_assert(!str_empty(refund_sync_text(a.verdict)));
    ck_assert_int_eq(a.refund.id, id);
    ck_assert_int_eq(shop_refund(id).synced_ms, a.verdict == SYNC_ASKED ? SHOP_NOW_MS : 0);
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), a.verdict == SYNC_ASKED ? 1 : asking);
}
END_TEST

START_TEST(cools_down_to_the_millisecond)
{
    int64_t id = create();
    (void)shop_apply(id, EVENT_SEND);
    (void)shop_apply(id, EVENT_UNKNOWN);
    ck_assert_int_eq(ask(id).verdict, SYNC_ASKED);
    shop.clock.fixed_ms += COOL_MS - 1;
    struct sync_answer a = ask(id);
    ck_assert_int_eq(a.verdict, SYNC_COOLING);
    ck_assert_int_eq(a.wait_ms, 1);
    ck_assert_int_eq(shop_refund(id).synced_ms, SHOP_NOW_MS);
    shop.clock.fixed_ms++;
    ck_assert_int_eq(ask(id).verdict, SYNC_ASKED);
}
END_TEST

static enum rc finish_fn(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    struct job *jobs;
    int n = 0;
    enum rc rc = shop_claim(q, shop.clock.fixed_ms, 90000, &jobs, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++)
        if (str_eq(jobs[i].kind, JOB_INQUIRE))
            rc = jobs_finish(q, &jobs[i], e);
    return rc;
}

static enum rc claim_fn(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    struct job *jobs;
    int n = 0;
    return shop_claim(q, shop.clock.fixed_ms, 90000, &jobs, &n, e);
}

START_TEST(knows_when_the_inquiry_has_ended)
{
    int64_t id = create();
    (void)shop_apply(id, EVENT_SEND);
    (void)shop_apply(id, EVENT_ACCEPTED);
    struct sync_answer a = ask(id);
    ck_assert(!has_ended(id, a.asked_ms));
    desk_write(finish_fn, NULL);
    ck_assert(has_ended(id, a.asked_ms));
    shop.clock.fixed_ms++;
    (void)shop_apply(id, EVENT_ACCEPTED); /* puts the next one, due after what was asked for */
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), 1);
    ck_assert(has_ended(id, a.asked_ms));
}
END_TEST

START_TEST(waits_for_an_inquiry_that_is_on_its_way)
{
    int64_t id = create();
    (void)shop_apply(id, EVENT_SEND);
    (void)shop_apply(id, EVENT_ACCEPTED);
    struct sync_answer a = ask(id);
    desk_write(claim_fn, NULL);
    ck_assert(!has_ended(id, a.asked_ms));
}
END_TEST

START_TEST(knows_no_stranger)
{
    struct sync_work w = {.refund = 1};
    struct err e;
    ck_assert_int_eq(sql_tx(shop.db, ask_fn, &w, &e), RC_NOT_FOUND);
}
END_TEST

suite_fn t_sync_suite;
Suite *t_sync_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("sync", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_loop_test(tc, says_what_there_is_to_ask_in_every_state, 0,
                        sizeof places / sizeof places[0]);
    tcase_add_test(tc, cools_down_to_the_millisecond);
    tcase_add_test(tc, knows_when_the_inquiry_has_ended);
    tcase_add_test(tc, waits_for_an_inquiry_that_is_on_its_way);
    tcase_add_test(tc, knows_no_stranger);
    return s;
}
