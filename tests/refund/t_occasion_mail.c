/* Who gets which mail, and when: rows in the transaction of what they tell. */
#include "core/json.h"
#include "core/str.h"
#include "refund/batch.h"
#include "refund/occasion_facts.h"
#include "refund/readers.h"
#include "refund/shop.h"
#include "support/suite.h"
#include <string.h>

#define KINDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A fact of the mail that readers_told found: its text, or its JSON. */
static const char *fact(const char *key)
{
    struct json_object *facts;
    struct err e;
    ck_assert_int_eq(
        json_read(desk.arena, readers_mail.facts, strlen(readers_mail.facts), &facts, &e), RC_OK);
    const char *text = json_text(desk.arena, facts, key);
    return text != NULL || !json_has(facts, key) ? text
                                                 : json_write(desk.arena, json_get(facts, key));
}

struct telling {
    struct occasion o;
    bool fails;
};

static enum rc tell_fn(struct sql *q, void *arg, struct err *e)
{
    struct telling *t = arg;
    t->o.merchant = desk.merchant;
    t->o.facts = json_object_in(desk.arena);
    t->o.now_ms = SHOP_NOW_MS;
    enum rc rc = occasion_write(q, desk.arena, &t->o, e);
    return rc == RC_OK && t->fails ? ERR(e, RC_CONFLICT, "No.", "the change failed") : rc;
}

static void tell(struct occasion o)
{
    struct telling t = {o, false};
    desk_write(tell_fn, &t);
}

/* ---- readers -----------------------------------------------------------------------------------
 */

START_TEST(tells_who_chose_it_and_may_once)
{
    const struct occasion o = {.kind = OCCASION_ENDPOINT_DISABLED, .subject = "12"};
    readers_add("admin", "admin", KINDS("endpoint_disabled"));
    readers_add("viewer", "viewer", KINDS("endpoint_disabled")); /* may not see Settings */
    readers_add("other", "admin", KINDS("manual_review"));
    readers_add("gone", "admin", KINDS("endpoint_disabled"));
    readers_disable("gone");
    tell(o);
    tell(o);
    ck_assert_int_eq(readers_told(NULL, NULL), 1);
    ck_assert_int_eq(readers_told("endpoint_disabled", "admin@example.com"), 1);
    ck_assert_str_eq(readers_mail.occasion, "endpoint_disabled/12");
    ck_assert_str_eq(readers_mail.state, "WAITING");
    ck_assert_int_eq(readers_mail.due_ms, SHOP_NOW_MS);
    ck_assert_str_eq(fact("merchant"), "Demo Merchant");
    ck_assert_str_eq(fact("test_mode"), "true");
    tell((struct occasion){.kind = OCCASION_ENDPOINT_DISABLED, .subject = "13"});
    ck_assert_int_eq(readers_told("endpoint_disabled", "admin@example.com"), 2);
}
END_TEST

START_TEST(tells_other_addresses_each_once)
{
    readers_add("ravi", "viewer", KINDS("status_conflict"));
    tell((struct occasion){.kind = OCCASION_STATUS_CONFLICT,
                           .subject = "1",
                           .also = "Ravi@Example.com, ops@example.com,broken, ops@EXAMPLE.com"});
    ck_assert_int_eq(readers_told(NULL, NULL), 2);
    ck_assert_int_eq(readers_told(NULL, "ravi@example.com"), 1);
    ck_assert_int_eq(readers_told(NULL, "ops@example.com"), 1);
    tell((struct occasion){.kind = OCCASION_STATUS_CONFLICT, .subject = "2", .also = ""});
    ck_assert_int_eq(readers_told(NULL, NULL), 3);
}
END_TEST

START_TEST(writes_nothing_when_the_change_fails_or_nobody_is_there)
{
    struct telling t = {{.kind = OCCASION_MANUAL_REVIEW, .subject = "1"}, true};
    tell((struct occasion){.kind = OCCASION_MANUAL_REVIEW, .subject = "0"});
    readers_add("ravi", "viewer", KINDS("manual_review"));
    desk_refuses(tell_fn, &t, RC_CONFLICT);
    ck_assert_int_eq(readers_told(NULL, NULL), 0);
}
END_TEST

START_TEST(tells_the_maker_what_became_of_it_and_never_asks_for_approval)
{
    static const struct {
        enum occasion_kind kind;
        int makers, others;
    } cases[] = {
        {OCCASION_APPROVAL_REQUESTED, 0, 1},
        {OCCASION_APPROVED, 1, 0},
        {OCCASION_REJECTED, 1, 0},
        {OCCASION_BATCH_FINISHED, 1, 0},
    };
    readers_add("maker", "admin", KINDS("approval_requested"));
    readers_add("other", "admin", KINDS("approval_requested"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = occasion_row(cases[i].kind)->name;
        tell((struct occasion){.kind = cases[i].kind, .subject = "1", .maker = "maker"});
        ck_assert_int_eq(readers_told(name, "maker@example.com"), cases[i].makers);
        ck_assert_int_eq(readers_told(name, "other@example.com"), cases[i].others);
    }
    readers_disable("maker");
    tell((struct occasion){.kind = OCCASION_APPROVED, .subject = "2", .maker = "maker"});
    tell((struct occasion){.kind = OCCASION_APPROVED, .subject = "3", .maker = "API"});
    tell((struct occasion){.kind = OCCASION_APPROVED, .subject = "4", .maker = NULL});
    ck_assert_int_eq(readers_told("approved", NULL), 1);
}
END_TEST

/* ---- what happens ------------------------------------------------------------------------------
 */

START_TEST(a_refund_in_review_tells_what_is_known_of_it)
{
    readers_add("ravi", "viewer", KINDS("manual_review"));
    shop_add((struct shop_order){.order_id = "ORD"});
    int64_t id = shop_ask("ORD", "u1", "300").refund.id;
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_UNKNOWN);
    shop_apply(id, EVENT_AGE);
    ck_assert_int_eq(readers_told("manual_review", "ravi@example.com"), 1);
    ck_assert_str_eq(fact("amount"), "{\"minor\":30000,\"currency\":\"INR\"}");
    ck_assert_str_eq(fact("refund_id"), "u1");
    ck_assert_str_eq(fact("order_id"), "ORD");
    ck_assert_str_eq(fact("gateway"), "RAZORPAY");
    ck_assert_str_eq(fact("sent"), "true");
    ck_assert_str_eq(fact("stands"), "sent, the outcome is unknown");
    ck_assert(str_starts(fact("link"), "{\"path\":[\"refunds\",\""));
    ck_assert(str_starts(fact("created"), "{\"at_ms\":"));
    shop_apply(id, EVENT_AGE);
    ck_assert_int_eq(readers_told(NULL, NULL), 1);
}
END_TEST

static ssize_t read_text(void *ctx, char *to, size_t room)
{
    const char **text = ctx;
    size_t n = strlen(*text);
    ck_assert_uint_lt(n, room);
    memcpy(to, *text, n);
    *text += n;
    return (ssize_t)n;
}

static enum rc maker_checker_on(struct sql *q, void *arg, struct err *e)
{
    struct merchant m;
    enum rc rc = merchants_get(q, desk.arena, desk.merchant, &m, e);
    (void)arg;
    m.maker_checker = true;
    return rc == RC_OK ? merchants_update(q, &m, e) : rc;
}

/* One that awaits approval: A for 10.00 INR, and an order that is not there. */
static int64_t confirmed_batch(const char *maker)
{
    const char *text = "order_id,amount\nA,10\nNONE,5\n";
    struct actor actor = shop_actor;
    const struct batch_upload in = {.actor = &actor,
                                    .source = "PORTAL",
                                    .file_name = "may.csv",
                                    .description = "returns of May",
                                    .bytes = read_text,
                                    .ctx = &text};
    const struct batch_typed typed = {"INR", "10.00"};
    struct batch_upload_answer answer;
    struct batch_fault fault;
    struct err e;
    actor.name = maker;
    desk_write(maker_checker_on, NULL);
    shop_add((struct shop_order){.order_id = "A"});
    ck_assert_int_eq(batch_upload(&shop, desk.arena, &in, &answer, &e), RC_OK);
    ck_assert_int_eq(batch_confirm(&shop, desk.arena, &actor, answer.batch.id, "GOOD_ROWS", &typed,
                                   1, &fault, &e),
                     RC_OK);
    ck_assert_ptr_null(fault.said);
    return answer.batch.id;
}

static void act_as(const char *name, int64_t batch, enum batch_act act, const char *why)
{
    struct actor actor = shop_actor;
    struct err e;
    actor.name = name;
    ck_assert_int_eq(batch_act(&shop, desk.arena, &actor, batch, act, why, &e), RC_OK);
}

START_TEST(a_batch_asks_the_checkers_and_tells_its_maker_how_it_went)
{
    struct err e;
    bool more = true;
    readers_add("maya", "maker", KINDS("manual_review"));
    readers_add("chandra", "checker", KINDS("approval_requested"));
    int64_t batch = confirmed_batch("maya");
    ck_assert_int_eq(readers_told(NULL, NULL), 1);
    ck_assert_int_eq(readers_told("approval_requested", "chandra@example.com"), 1);
    ck_assert_str_eq(fact("totals"), "[{\"amount\":{\"minor\":1000,\"currency\":\"INR\"}}]");
    ck_assert_str_eq(fact("by"), "maya");
    ck_assert_str_eq(fact("description"), "returns of May");
    act_as("chandra", batch, BATCH_APPROVE, NULL);
    ck_assert_int_eq(readers_told("approved", "maya@example.com"), 1);
    ck_assert_str_eq(fact("checked_by"), "chandra");
    while (more)
        ck_assert_int_eq(batch_run_step(&shop, desk.arena, batch, 1000, &more, &e), RC_OK);
    ck_assert_int_eq(readers_told("batch_finished", "maya@example.com"), 1);
    ck_assert_str_eq(fact("status"), "Partially completed");
    ck_assert_str_eq(fact("rows"), "2");
    ck_assert_str_eq(fact("accepted"), "1");
    ck_assert_str_eq(fact("failed"), "1");
    ck_assert_int_eq(readers_told(NULL, NULL), 3);
}
END_TEST

START_TEST(a_rejected_batch_tells_why)
{
    readers_add("maya", "maker", KINDS("manual_review"));
    int64_t batch = confirmed_batch("maya");
    act_as("chandra", batch, BATCH_REJECT, "the wrong month");
    ck_assert_int_eq(readers_told("rejected", "maya@example.com"), 1);
    ck_assert_str_eq(fact("said"), "the wrong month");
    ck_assert_int_eq(readers_told(NULL, NULL), 1);
}
END_TEST

struct conflicting {
    struct conflict c;
    struct txn t;
    const struct refund *refund;
};

static enum rc conflict_fn(struct sql *q, void *arg, struct err *e)
{
    struct conflicting *x = arg;
    x->c.merchant = desk.merchant;
    return occasion_of_conflict(q, desk.arena, OCCASION_STATUS_CONFLICT, "O R", &x->t, &x->c,
                                x->refund, "ops@example.com", SHOP_NOW_MS, e);
}

START_TEST(a_conflict_tells_how_late_it_was_and_what_was_done)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund refund = shop_ask("ORD", "u1", "300").refund;
    struct conflicting x = {{.txn_row = 1,
                             .kind = "CONFLICTED",
                             .state = "REFUNDED",
                             .initiated_ms = SHOP_NOW_MS,
                             .success_ms = SHOP_NOW_MS + 1024 * CLOCK_SECOND_MS,
                             .threshold_minutes = 10},
                            shop_txn("ORD-1"),
                            &refund};
    desk_write(conflict_fn, &x);
    desk_write(conflict_fn, &x);
    ck_assert_int_eq(readers_told("status_conflict", "ops@example.com"), 1);
    ck_assert_str_eq(fact("late"), "17 min 04 s");
    ck_assert_str_eq(fact("threshold"), "10");
    ck_assert_str_eq(fact("refund_id"), "u1");
    ck_assert_str_eq(fact("awaits_approval"), "false");
    ck_assert_str_eq(fact("link"), "{\"path\":[\"orders\",\"O R\"]}");
    x.refund = NULL;
    x.c = (struct conflict){
        .txn_row = 2, .kind = "MULTIPLE_CHARGED", .state = "SHOWN", .kept_txn_id = "ORD-2"};
    desk_write(conflict_fn, &x);
    ck_assert_int_eq(readers_told("status_conflict", "ops@example.com"), 2);
}
END_TEST

START_TEST(pausing_and_cancelling_a_batch_is_no_occasion)
{
    readers_add("maya", "admin", KINDS("approved", "rejected", "batch_finished"));
    int64_t batch = confirmed_batch("maya");
    act_as("chandra", batch, BATCH_APPROVE, NULL);
    act_as("maya", batch, BATCH_PAUSE, NULL);
    act_as("maya", batch, BATCH_RESUME, NULL);
    act_as("maya", batch, BATCH_CANCEL, "a mistake");
    ck_assert_int_eq(readers_told("approved", NULL), 1);
    ck_assert_int_eq(readers_told(NULL, NULL), 1);
}
END_TEST

suite_fn t_occasion_mail_suite;
Suite *t_occasion_mail_suite(void)
{
    TCase *t;
    Suite *s = suite_of("occasion_mail", &t);
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, tells_who_chose_it_and_may_once);
    tcase_add_test(t, tells_other_addresses_each_once);
    tcase_add_test(t, writes_nothing_when_the_change_fails_or_nobody_is_there);
    tcase_add_test(t, tells_the_maker_what_became_of_it_and_never_asks_for_approval);
    tcase_add_test(t, a_refund_in_review_tells_what_is_known_of_it);
    tcase_add_test(t, a_batch_asks_the_checkers_and_tells_its_maker_how_it_went);
    tcase_add_test(t, a_rejected_batch_tells_why);
    tcase_add_test(t, a_conflict_tells_how_late_it_was_and_what_was_done);
    tcase_add_test(t, pausing_and_cancelling_a_batch_is_no_occasion);
    return s;
}
