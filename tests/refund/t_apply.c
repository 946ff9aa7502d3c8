#include "core/str.h"
#include "refund/apply.h"
#include "refund/shop.h"
#include "store/events.h"
#include "store/jobs.h"
#include "support/suite.h"

static int64_t create(const char *amount)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_answer answer = shop_ask("ORD", "u1", amount);
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    return answer.refund.id;
}

static void walk(int64_t refund, const enum refund_event *events, int n)
{
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(shop_apply(refund, events[i]).verdict, VERDICT_MOVE);
}
#define WALK(refund, ...)                                  \
    walk(refund, (const enum refund_event[]){__VA_ARGS__}, \
         sizeof((const enum refund_event[]){__VA_ARGS__}) / sizeof(enum refund_event))

struct names_work {
    struct refund r;
    char text[512];
};

static enum rc names_fn(struct sql *q, void *arg, struct err *e)
{
    struct names_work *w = arg;
    struct event *events;
    int n;
    enum rc rc = events_of(q, desk.arena, w->r.order_row, w->r.id, &events, &n, e);
    w->text[0] = '\0';
    for (int i = n - 1; rc == RC_OK && i >= 0; i--) {
        const char *joined = arena_printf(desk.arena, "%s%s ", w->text, events[i].name);
        ck_assert(str_copy(w->text, sizeof w->text, joined));
    }
    return rc;
}

/* The names of a refund's events, oldest first, each followed by a space. */
static const char *event_names(int64_t refund)
{
    struct names_work *w = arena_alloc(desk.arena, sizeof *w);
    w->r = shop_refund(refund);
    desk_look(names_fn, w);
    return w->text;
}

START_TEST(settles_a_success)
{
    int64_t id = create("300");
    WALK(id, EVENT_SEND, EVENT_DONE);
    struct refund r = shop_refund(id);
    struct txn t = shop_txn("ORD-1");
    ck_assert_str_eq(r.status, "SUCCESS");
    ck_assert_str_eq(r.gateway_ref, "rfnd_1");
    ck_assert(r.sent);
    ck_assert_int_eq(r.processed_ms, SHOP_NOW_MS);
    ck_assert_int_eq(t.held_minor, 30000);
    ck_assert_int_eq(t.refunded_minor, 30000);
    ck_assert_int_eq(shop_jobs(JOB_SEND) + shop_jobs(JOB_INQUIRE), 0);
    ck_assert_str_eq(event_names(id), "REFUND_INITIATED refund.sending ORDER_REFUNDED ");
}
END_TEST

START_TEST(frees_the_amount_of_a_failure)
{
    int64_t id = create("300");
    WALK(id, EVENT_SEND, EVENT_REFUSED);
    struct txn t = shop_txn("ORD-1");
    ck_assert_int_eq(t.held_minor, 0);
    ck_assert_int_eq(t.refunded_minor, 0);
    ck_assert_str_eq(event_names(id), "REFUND_INITIATED refund.sending ORDER_REFUND_FAILED ");
}
END_TEST

START_TEST(holds_the_amount_while_the_outcome_is_unknown)
{
    int64_t id = create("300");
    WALK(id, EVENT_SEND, EVENT_UNKNOWN);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 30000);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 0);
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), 1);
    WALK(id, EVENT_ABSENT);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), 0);
    WALK(id, EVENT_SEND);
    ck_assert_int_eq(shop_refund(id).attempts, 2);
}
END_TEST

START_TEST(turns_to_review_once_and_can_still_succeed)
{
    int64_t id = create("300");
    WALK(id, EVENT_SEND, EVENT_ACCEPTED, EVENT_AGE);
    ck_assert_int_eq(shop_apply(id, EVENT_AGE).verdict, VERDICT_IGNORE);
    ck_assert_str_eq(shop_refund(id).status, "MANUAL_REVIEW");
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 30000);
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), 0);
    WALK(id, EVENT_DONE);
    ck_assert_str_eq(event_names(id), "REFUND_INITIATED refund.sending refund.accepted "
                                      "REFUND_MANUAL_REVIEW_NEEDED ORDER_REFUNDED ");
}
END_TEST

START_TEST(opens_one_exception_and_holds_again_when_a_failure_succeeds)
{
    int64_t id = create("300");
    WALK(id, EVENT_SEND, EVENT_REFUSED);
    ck_assert_int_eq(shop_apply(id, EVENT_DONE).verdict, VERDICT_EXCEPTION);
    ck_assert_int_eq(shop_apply(id, EVENT_DONE).verdict, VERDICT_EXCEPTION);
    ck_assert_str_eq(shop_refund(id).status, "FAILURE");
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 30000);
    ck_assert_str_eq(event_names(id), "REFUND_INITIATED refund.sending ORDER_REFUND_FAILED "
                                      "refund.exception ");
}
END_TEST

START_TEST(holds_again_only_what_the_transaction_has_room_for)
{
    int64_t id = create("800");
    WALK(id, EVENT_SEND, EVENT_REFUSED);
    ck_assert_int_eq(shop_ask("ORD", "u2", "900").cause, CAUSE_NONE);
    ck_assert_int_eq(shop_apply(id, EVENT_DONE).verdict, VERDICT_EXCEPTION);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 100000);
}
END_TEST

START_TEST(cancels_while_held_and_never_after)
{
    struct err e;
    int64_t id = create("300");
    ck_assert_int_eq(refund_cancel(&shop, desk.arena, &shop_actor, id, &e), RC_OK);
    struct refund r = shop_refund(id);
    ck_assert_str_eq(r.status, "FAILURE");
    ck_assert_str_eq(r.error_code, "CANCELLED");
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 0);
    ck_assert_int_eq(refund_cancel(&shop, desk.arena, &shop_actor, id, &e), RC_CONFLICT);

    id = shop_ask("ORD", "u2", "300").refund.id;
    WALK(id, EVENT_SEND);
    ck_assert_int_eq(refund_cancel(&shop, desk.arena, &shop_actor, id, &e), RC_CONFLICT);
    ck_assert_str_eq(shop_refund(id).status, "PENDING");
}
END_TEST

START_TEST(cancels_nothing_of_another_merchant)
{
    struct err e;
    int64_t id = create("300");
    struct actor stranger = shop_actor;
    stranger.merchant++;
    ck_assert_int_eq(refund_cancel(&shop, desk.arena, &stranger, id, &e), RC_NOT_FOUND);
    ck_assert_str_eq(shop_refund(id).status, "PENDING");
}
END_TEST

suite_fn t_apply_suite;
Suite *t_apply_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("apply", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, settles_a_success);
    tcase_add_test(tc, frees_the_amount_of_a_failure);
    tcase_add_test(tc, holds_the_amount_while_the_outcome_is_unknown);
    tcase_add_test(tc, turns_to_review_once_and_can_still_succeed);
    tcase_add_test(tc, opens_one_exception_and_holds_again_when_a_failure_succeeds);
    tcase_add_test(tc, holds_again_only_what_the_transaction_has_room_for);
    tcase_add_test(tc, cancels_while_held_and_never_after);
    tcase_add_test(tc, cancels_nothing_of_another_merchant);
    return s;
}
