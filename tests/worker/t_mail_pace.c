#include "core/clock.h"
#include "support/suite.h"
#include "worker/mail_pace.h"

#define NOW_MS  (1000 * CLOCK_DAY_MS)
#define PACE_MS CLOCK_MINUTE_MS

static struct mail_pace pace;

static int64_t wait_of(struct mail m, int64_t now_ms)
{
    return mail_pace_place(&pace, &m, PACE_MS, now_ms) - now_ms;
}

static const struct mail ann = {
    .merchant = 1, .kind = "status_conflict", .address = "ann@b.example"};

static void all_at_once(int64_t now_ms)
{
    for (int i = 0; i < LIMIT_MAIL_BURST; i++)
        ck_assert_int_eq(wait_of(ann, now_ms), 0);
}

START_TEST(some_go_at_once_and_then_one_after_the_other)
{
    all_at_once(NOW_MS);
    for (int i = 1; i <= 5000; i++)
        ck_assert_int_eq(wait_of(ann, NOW_MS), i * PACE_MS);
}
END_TEST

START_TEST(who_had_peace_gets_some_at_once_again)
{
    all_at_once(NOW_MS);
    ck_assert_int_eq(wait_of(ann, NOW_MS), PACE_MS);
    ck_assert_int_eq(wait_of(ann, NOW_MS + 2 * PACE_MS), 0);
    ck_assert_int_eq(wait_of(ann, NOW_MS + 2 * PACE_MS), PACE_MS);
    all_at_once(NOW_MS + (LIMIT_MAIL_BURST + 10) * PACE_MS);
}
END_TEST

START_TEST(a_flood_holds_up_no_other_mail)
{
    for (int i = 0; i < 5 * LIMIT_MAIL_BURST; i++)
        wait_of(ann, NOW_MS);
    struct mail other = ann;
    other.address = "bob@b.example";
    ck_assert_int_eq(wait_of(other, NOW_MS), 0);
    other = ann;
    other.kind = "approval_requested";
    ck_assert_int_eq(wait_of(other, NOW_MS), 0);
    other = ann;
    other.merchant = 2;
    ck_assert_int_eq(wait_of(other, NOW_MS), 0);
    ck_assert_int_gt(wait_of(ann, NOW_MS), 0);
}
END_TEST

START_TEST(more_addresses_than_are_remembered_forget_the_quietest)
{
    all_at_once(NOW_MS);
    for (int i = 0; i < 3 * LIMIT_MAIL_PACES; i++) {
        struct mail other = ann;
        other.merchant = i + 2;
        ck_assert_int_eq(wait_of(other, NOW_MS), 0);
    }
    ck_assert_int_eq(wait_of(ann, NOW_MS), PACE_MS);
}
END_TEST

START_TEST(no_pace_is_no_wait)
{
    for (int i = 0; i < 5 * LIMIT_MAIL_BURST; i++)
        ck_assert_int_eq(mail_pace_place(&pace, &ann, 0, NOW_MS), NOW_MS);
}
END_TEST

static void forget(void)
{
    pace = (struct mail_pace){0};
}

suite_fn t_mail_pace_suite;
Suite *t_mail_pace_suite(void)
{
    TCase *t;
    Suite *s = suite_of("mail_pace", &t);
    tcase_add_checked_fixture(t, forget, NULL);
    tcase_add_test(t, some_go_at_once_and_then_one_after_the_other);
    tcase_add_test(t, who_had_peace_gets_some_at_once_again);
    tcase_add_test(t, a_flood_holds_up_no_other_mail);
    tcase_add_test(t, more_addresses_than_are_remembered_forget_the_quietest);
    tcase_add_test(t, no_pace_is_no_wait);
    return s;
}
