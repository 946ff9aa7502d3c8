/*
 * Lanes of jobs take turns: a file of very many refunds, or a gateway that does not answer, holds
 * up nobody else.
 */
#include "core/str.h"
#include "support/suite.h"
#include "worker/rig.h"

#define MANY (3 * LIMIT_WORKER_CLAIM)

/* Jobs of a lane, due one after the other; their subjects are no refunds: only the choice counts.
 */
struct queue {
    const char *lane;
    int64_t first_due_ms;
    int n;
};

static enum rc queue_fn(struct sql *q, void *arg, struct err *e)
{
    const struct queue *w = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < w->n; i++)
        rc = jobs_put(q, "other", desk.merchant, w->first_due_ms + i, w->lane, w->first_due_ms + i,
                      0, e);
    return rc;
}

static void queue(const char *lane, int64_t before_ms, int n)
{
    struct queue w = {lane, SHOP_NOW_MS - before_ms, n};
    desk_write(queue_fn, &w);
}

/* What a turn has claimed of a lane has its lease, and is due only then. */
struct count {
    const char *lane;
    int waiting;
};

static enum rc count_fn(struct sql *q, void *arg, struct err *e)
{
    struct count *w = arg;
    struct job_lane *lanes;
    struct job *jobs;
    int n, more;
    w->waiting = 0;
    enum rc rc = jobs_lanes(q, desk.arena, &lanes, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        if (!str_ends(lanes[i].lane, w->lane))
            continue;
        do {
            rc = jobs_claim(q, desk.arena, lanes[i].lane, SHOP_NOW_MS, 90000, LIMIT_WORKER_FLIGHTS,
                            &jobs, &more, e);
            w->waiting += more;
        } while (rc == RC_OK && more > 0);
    }
    return rc == RC_OK ? ERR(e, RC_BUSY, "only looking", "undo") : rc;
}

static int waiting(const char *lane)
{
    struct count w = {.lane = lane};
    desk_refuses(count_fn, &w, RC_BUSY);
    return w.waiting;
}

static void turn(int limit)
{
    struct turn t = {.limit = limit};
    worker_turn(&rig_worker, &t);
    ck_assert_int_eq(t.n_launch, 0);
    arena_clear(rig_worker.scratch);
}

START_TEST(a_refund_by_hand_goes_beside_a_file)
{
    queue("RAZORPAY/batch", 2 * MANY, MANY);
    queue("RAZORPAY", 1, 1);
    turn(LIMIT_WORKER_CLAIM);
    ck_assert_int_eq(waiting("RAZORPAY"), 0);
    ck_assert_int_lt(waiting("RAZORPAY/batch"), MANY);
    ck_assert_int_gt(waiting("RAZORPAY/batch"), 0);
}
END_TEST

START_TEST(who_waits_for_an_answer_is_asked_about_at_once)
{
    queue("RAZORPAY/batch", 4 * MANY, MANY);
    queue("sync/batch", 2 * MANY, MANY);
    queue("RAZORPAY", MANY, MANY);
    queue(LANE_SYNC, 0, 1);
    turn(LIMIT_WORKER_CLAIM);
    ck_assert_int_eq(waiting(LANE_SYNC), 0);
}
END_TEST

START_TEST(lanes_take_turns_when_there_is_room_for_one)
{
    queue("A", 3 * MANY, 2);
    queue("B", 2 * MANY, 2);
    queue("C", MANY, 2);
    for (int i = 0; i < 3; i++)
        turn(1);
    ck_assert_int_eq(waiting("A"), 1);
    ck_assert_int_eq(waiting("B"), 1);
    ck_assert_int_eq(waiting("C"), 1);
}
END_TEST

START_TEST(of_one_lane_the_first_due_goes_first)
{
    queue("A", 10, 1);
    queue("A", 30, 1);
    queue("A", 20, 1);
    turn(1);
    struct err e;
    int64_t due_ms = 0;
    ck_assert_int_eq(worker_next_due(&rig_worker, desk.arena, &due_ms, &e), RC_OK);
    ck_assert_int_eq(due_ms, SHOP_NOW_MS - 20);
}
END_TEST

START_TEST(a_lane_without_room_is_no_reason_to_look)
{
    struct flight *tags[LIMIT_WORKER_FLIGHTS];
    struct err e;
    int64_t due_ms = 0;
    queue("A", 10, 1);
    queue("B", -5000, 1);
    turn(1);
    queue("A", 9, 1);
    for (int i = 0; i < LIMIT_WORKER_FLIGHTS / 2; i++)
        share_begin(&rig_worker.calls, &tags[i], rig_worker.served, 0);
    turn(LIMIT_WORKER_CLAIM);
    ck_assert_int_eq(waiting("A"), 1);
    ck_assert_int_eq(worker_next_due(&rig_worker, desk.arena, &due_ms, &e), RC_OK);
    ck_assert_int_eq(due_ms, SHOP_NOW_MS + 5000);
    share_end(&rig_worker.calls, &worker_share, &tags[0], 1);
    ck_assert_int_eq(worker_next_due(&rig_worker, desk.arena, &due_ms, &e), RC_OK);
    ck_assert_int_eq(due_ms, SHOP_NOW_MS - 9);
    turn(LIMIT_WORKER_CLAIM);
    ck_assert_int_eq(waiting("A"), 0);
}
END_TEST

suite_fn t_lanes_suite;
Suite *t_lanes_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("lanes", &tc);
    tcase_add_checked_fixture(tc, rig_open, rig_close);
    tcase_add_test(tc, a_refund_by_hand_goes_beside_a_file);
    tcase_add_test(tc, who_waits_for_an_answer_is_asked_about_at_once);
    tcase_add_test(tc, lanes_take_turns_when_there_is_room_for_one);
    tcase_add_test(tc, of_one_lane_the_first_due_goes_first);
    tcase_add_test(tc, a_lane_without_room_is_no_reason_to_look);
    return s;
}
