#include "api/rig.h"
#include "core/clock.h"
#include "core/str.h"
#include "refund/apply.h"
#include "store/jobs.h"
#include "web/slow.h"
#include <pthread.h>
#include <string.h>

static int64_t refund_row; /* what the other thread settles */

static int64_t made(const char *order_id, const char *unique_request_id)
{
    shop_add((struct shop_order){.order_id = order_id});
    return shop_ask(order_id, unique_request_id, "10").refund.id;
}

/* The gateway has it. */
static int64_t accepted(const char *order_id, const char *unique_request_id)
{
    int64_t id = made(order_id, unique_request_id);
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_ACCEPTED);
    return id;
}

/* ---- cancel ---- */

START_TEST(a_held_refund_is_cancelled)
{
    made("c", "u1");
    struct rig_answer a = rig_post("/refunds/u1/cancel", "");
    ck_assert_msg(a.status == 200, "%s", a.body);
    static const char *const FLAT[][2] = {{"status", "FAILURE"}, {"error_code", "CANCELLED"},
                                          {"order_id", "c"},     {"unique_request_id", "u1"},
                                          {"amount", "10"},      {"sent_to_gateway", "false"}};
    for (int i = 0; i < COUNT(FLAT); i++)
        ck_assert_pstr_eq(rig_member(&a, FLAT[i][0]), FLAT[i][1]);
    ck_assert_int_eq(shop_txn("c-1").held_minor, 0);
    a = rig_post("/refunds/u1/cancel", NULL);
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_code"), "REFUND_NOT_CANCELLABLE");
}
END_TEST

START_TEST(what_is_on_its_way_is_not_cancelled)
{
    accepted("c", "u1");
    struct rig_answer a = rig_json("/refunds/u1/cancel", "{\"order_id\":\"C\"}");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_code"), "REFUND_NOT_CANCELLABLE");
    ck_assert_str_eq(rig_member(&a, "error_info.cause"), "REFUND_NOT_CANCELLABLE");
    ck_assert_int_eq(shop_txn("c-1").held_minor, 1000);
}
END_TEST

static const char *const ACTIONS[][2] = {{"/refunds/", "/cancel"}, {"/v2/refunds/", "/sync"}};

START_TEST(which_refund_must_be_clear)
{
    const char *target = web_path(rig.arena, ACTIONS[_i][0], "same", ACTIONS[_i][1]);
    made("one", "same");
    made("two", "same");
    struct rig_answer a = rig_post(target, "");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "order_id");
    a = rig_json(target, "{\"order_id\":[1]}");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "order_id");
    a = rig_post(target, "order_id=two");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "order_id"), "two");
    ck_assert_int_eq(rig_post(target, "order_id=three").status, 404);
    a = rig_post(web_path(rig.arena, ACTIONS[_i][0], "none", ACTIONS[_i][1]), "");
    ck_assert_int_eq(a.status, 404);
    ck_assert_str_eq(rig_member(&a, "error_code"), "NOT_FOUND");
    ck_assert_int_eq(
        rig_post(web_path(rig.arena, ACTIONS[_i][0], "SAME", ACTIONS[_i][1]), "").status, 404);
}
END_TEST

/* ---- sync ---- */

static enum rc settle(struct sql *q, void *arg, struct err *e)
{
    struct machine_step step;
    const struct refund_news news = {.actor = "worker", .gateway_ref = "rfnd_1", .arn = "ARN1"};
    struct refund r;
    bool *done = arg;
    enum rc rc = refunds_get(q, rig.arena, refund_row, &r, e);
    if (rc != RC_OK || r.synced_ms == 0)
        return rc; /* not asked for yet */
    *done = true;
    rc = refund_apply(q, rig.arena, refund_row, EVENT_DONE, &news, SHOP_NOW_MS, &step, e);
    return rc == RC_OK ? jobs_drop(q, JOB_INQUIRE, refund_row, e) : rc;
}

static void *play_worker(void *arg)
{
    struct err e;
    bool done = false;
    (void)arg;
    while (sql_tx(rig.app.db, settle, &done, &e) != RC_OK || !done)
        clock_sleep_ms(5);
    return NULL;
}

START_TEST(the_answer_is_waited_for)
{
    pthread_t thread;
    accepted("s", "u1");
    refund_row = shop_ask("s", "u2", "20").refund.id;
    shop_apply(refund_row, EVENT_SEND);
    shop_apply(refund_row, EVENT_ACCEPTED);
    rig.app.config.sync_wait_ms = 60000; /* it would hang, if it did not look */
    ck_assert_int_eq(pthread_create(&thread, NULL, play_worker, NULL), 0);
    struct rig_answer a = rig_json("/v2/refunds/u2/sync", "{\"force_sync\":true}");
    pthread_join(thread, NULL);
    ck_assert_msg(a.status == 200, "%s", a.body);
    static const char *const FLAT[][2] = {{"status", "SUCCESS"},
                                          {"changed", "true"},
                                          {"refund_arn", "ARN1"},
                                          {"epg_txn_id", "rfnd_1"}};
    for (int i = 0; i < COUNT(FLAT); i++)
        ck_assert_pstr_eq(rig_member(&a, FLAT[i][0]), FLAT[i][1]);
}
END_TEST

START_TEST(without_a_worker_what_is_known_is_told)
{
    accepted("s", "u1");
    rig.app.config.sync_wait_ms = 30;
    struct rig_answer a = rig_post("/v2/refunds/u1/sync", "force_sync=true");
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "status"), "PENDING");
    ck_assert_str_eq(rig_member(&a, "changed"), "false");
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), 1);
}
END_TEST

START_TEST(too_soon_again_is_429)
{
    accepted("s", "u1");
    rig.app.config.sync_wait_ms = 0;
    rig.app.config.sync_cool_ms = 29001;
    ck_assert_int_eq(rig_post("/v2/refunds/u1/sync", "force_sync=true").status, 200);
    struct rig_answer a = rig_post("/v2/refunds/u1/sync", "force_sync=true");
    ck_assert_int_eq(a.status, 429);
    ck_assert_str_eq(rig_member(&a, "error_code"), "TOO_MANY_REQUESTS");
    ck_assert_str_eq(double_reply_header(&a.reply, "Retry-After"), "30");
    ck_assert_int_eq(rig_post("/v2/refunds/u1/sync", "").status, 200); /* a look costs nothing */
    rig.app.clock.fixed_ms += 30000;
    ck_assert_int_eq(rig_post("/v2/refunds/u1/sync", "force_sync=true").status, 200);
}
END_TEST

START_TEST(nobody_waits_when_too_many_do)
{
    struct err e;
    accepted("s", "u1");
    rig.app.config.sync_wait_ms = 60000;
    slow_init(4);
    ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_OK);
    ck_assert_int_eq(rig_post("/v2/refunds/u1/sync", "force_sync=true").status, 200);
}
END_TEST

START_TEST(what_cannot_be_asked_is_told_at_once)
{
    made("s", "held");
    rig.app.config.sync_wait_ms = 60000;
    struct rig_answer a = rig_post("/v2/refunds/held/sync", "force_sync=true");
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(rig_member(&a, "changed"), "false");
    a = rig_post("/v2/refunds/held/sync", "force_sync=yes");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "force_sync");
}
END_TEST

Suite *t_refund_actions_suite(void)
{
    TCase *t;
    Suite *s = suite_of("refund_actions", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, a_held_refund_is_cancelled);
    tcase_add_test(t, what_is_on_its_way_is_not_cancelled);
    tcase_add_loop_test(t, which_refund_must_be_clear, 0, COUNT(ACTIONS));
    tcase_add_test(t, the_answer_is_waited_for);
    tcase_add_test(t, without_a_worker_what_is_known_is_told);
    tcase_add_test(t, too_soon_again_is_429);
    tcase_add_test(t, nobody_waits_when_too_many_do);
    tcase_add_test(t, what_cannot_be_asked_is_told_at_once);
    return s;
}
