/*
 * Payouts, instant refunds and split refunds through the worker's turns.
 */
#include "core/id.h"
#include "core/str.h"
#include "store/events.h"
#include "store/payouts.h"
#include "store/split.h"
#include "support/suite.h"
#include "worker/rig.h"
#include <string.h>

#define ACCOUNT "00123456787581"
#define DETAILS "{\"name\":\"Asha Rao\",\"account\":\"" ACCOUNT "\",\"ifsc\":\"HDFC0000001\"}"

static struct seal_public strangers_key;

static void open_payouts(void)
{
    struct err e;
    rig_open();
    const char *worker_key = arena_printf(desk.arena, "%s/worker.key", desk.folder);
    const char *public_key = arena_printf(desk.arena, "%s/worker.pub", desk.folder);
    const char *other_key = arena_printf(desk.arena, "%s/other.key", desk.folder);
    const char *other_public = arena_printf(desk.arena, "%s/other.pub", desk.folder);
    ck_assert_int_eq(secret_keys_create(worker_key, public_key, &e), RC_OK);
    ck_assert_int_eq(secret_keys_create(other_key, other_public, &e), RC_OK);
    ck_assert_int_eq(secret_load_secret(worker_key, &rig_worker.secret, &e), RC_OK);
    ck_assert_int_eq(secret_load_public(other_public, &strangers_key, &e), RC_OK);
}

/* What a test changes of the ordinary payout of 300.00 by AIRWALLEX, which can do everything. */
struct asked {
    const char *refund_type; /* PAYOUT */
    const char *details;     /* DETAILS */
    bool no_payee, sealed_to_a_stranger, unable;
    bool split;
};

struct work {
    struct asked in;
    struct refund refund;
};

static enum rc add_payee(struct sql *q, const struct work *w, struct err *e)
{
    const struct seal_public *to =
        w->in.sealed_to_a_stranger ? &strangers_key : &rig_worker.secret.pub;
    const char *details = str_or(w->in.details, DETAILS);
    struct payee p = {.type = "ACCOUNT_IFSC",
                      .name = "Asha Rao",
                      .masked = "•••• 7581",
                      .transfer_type = "LOCAL",
                      .reference_id = "bus"};
    p.sealed = secret_seal(desk.arena, to, details, strlen(details), &p.sealed_n);
    return payouts_insert(q, w->refund.id, &p, e);
}

static enum rc add_fn(struct sql *q, void *arg, struct err *e)
{
    static const struct party parties[] = {{"", 20000, 0}, {"vendor-1", 80000, 0}};
    static const struct party parts[] = {{"", 0, 0}, {"vendor-1", 30000, 0}};
    struct work *w = arg;
    const struct gateway_row g = {.id = id_new(),
                                  .merchant = desk.merchant,
                                  .name = "AIRWALLEX",
                                  .gateway_id = 330,
                                  .adapter = "simulator",
                                  .can_refund = true,
                                  .can_instant = !w->in.unable,
                                  .can_payout = !w->in.unable};
    enum rc rc = gateways_insert(q, &g, e);
    if (rc == RC_OK)
        rc = txns_hold(q, w->refund.txn_row, w->refund.amount_minor, 0, e);
    if (rc == RC_OK)
        rc = refunds_insert(q, &w->refund, e);
    if (rc == RC_OK && str_eq(w->refund.refund_type, "PAYOUT") && !w->in.no_payee)
        rc = add_payee(q, w, e);
    if (rc == RC_OK && w->in.split)
        rc = split_insert_order(q, w->refund.order_row, parties, 2, e);
    if (rc == RC_OK && w->in.split)
        rc = split_insert_refund(q, w->refund.id, parts, 2, e);
    if (rc == RC_OK)
        rc = jobs_put(q, JOB_SEND, desk.merchant, w->refund.id, w->refund.gateway, SHOP_NOW_MS, 0,
                      e);
    return rc;
}

static int64_t ask(struct asked in)
{
    struct work w = {.in = in};
    w.refund = (struct refund){.id = id_new(),
                               .merchant = desk.merchant,
                               .order_row = shop_add((struct shop_order){.order_id = "ORD"}),
                               .txn_row = shop_txn("ORD-1").id,
                               .unique_request_id = "u1",
                               .amount_minor = 30000,
                               .currency = "INR",
                               .state = "HELD",
                               .status = "PENDING",
                               .refund_type = str_or(in.refund_type, "PAYOUT"),
                               .reason = "CANCELLATION",
                               .source = "API",
                               .initiated_by = "API",
                               .gateway = "AIRWALLEX",
                               .created_ms = SHOP_NOW_MS,
                               .hold_until_ms = SHOP_NOW_MS,
                               .updated_ms = SHOP_NOW_MS};
    desk_write(add_fn, &w);
    return w.refund.id;
}

START_TEST(pays_out_to_the_account_that_only_it_can_open)
{
    int64_t id = ask((struct asked){0});
    struct flight *f = rig_claim();
    ck_assert_ptr_nonnull(f);
    struct http_call call = f->kind->call(f);
    ck_assert(str_ends(call.url, "/v1/payouts"));
    ck_assert_ptr_nonnull(strstr(call.body, "\"account\":\"" ACCOUNT "\""));
    ck_assert_ptr_nonnull(strstr(call.body, "\"reference_id\":\"bus\""));
    ck_assert_ptr_nonnull(strstr(call.body, "\"amount\":30000"));
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_txn("ORD-1").refunded_minor, 30000);
}
END_TEST

START_TEST(asks_about_a_payout_where_payouts_are)
{
    int64_t id = ask((struct asked){0});
    struct flight *f = rig_claim();
    char key[128];
    ck_assert(str_copy(key, sizeof key, f->refund.idempotency_key));
    rig_answer(f, HTTP_BROKEN, 0, "");
    rig_is_state(id, "UNKNOWN");
    rig_later(11000);
    f = rig_claim();
    struct http_call call = f->kind->call(f);
    ck_assert(str_ends(call.url, arena_printf(desk.arena, "/v1/payouts/by-key/%s", key)));
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
    ck_assert_int_eq(shop_refund(id).attempts, 1);
}
END_TEST

START_TEST(frees_a_refused_payout)
{
    int64_t id = ask((struct asked){0});
    rig_answer(rig_claim(), HTTP_ANSWERED, 400, REFUSED);
    rig_is_state(id, "FAILURE");
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
}
END_TEST

struct heard {
    struct refund r;
    bool found;
};

static enum rc heard_fn(struct sql *q, void *arg, struct err *e)
{
    struct heard *h = arg;
    struct event *events;
    int n = 0;
    enum rc rc = events_of(q, desk.arena, h->r.order_row, h->r.id, &events, &n, e);
    for (int i = 0; i < n; i++)
        h->found = h->found || strstr(events[i].frozen, "00123456") != NULL;
    return rc;
}

static void keeps_no_account(int64_t id)
{
    struct heard h = {.r = shop_refund(id)};
    ck_assert_ptr_null(strstr(str_or(h.r.gateway_words, ""), "00123456"));
    ck_assert_ptr_null(strstr(str_or(h.r.error_message, ""), "00123456"));
    ck_assert_ptr_null(strstr(str_or(h.r.gateway_ref, ""), "00123456"));
    desk_look(heard_fn, &h);
    ck_assert(!h.found);
}

START_TEST(keeps_nothing_of_the_account_that_a_gateway_repeats)
{
    int64_t id = ask((struct asked){0});
    rig_answer(rig_claim(), HTTP_ANSWERED, 200,
               "{\"id\":\"po-" ACCOUNT "\",\"status\":\"PENDING\",\"to\":\"" ACCOUNT "\"}");
    rig_is_state(id, "ACCEPTED");
    keeps_no_account(id);
    ck_assert_str_eq(shop_refund(id).gateway_ref, "po-**********7581");
    rig_later(11000);
    rig_answer(rig_claim(), HTTP_ANSWERED, 200,
               "{\"id\":\"1\",\"status\":\"FAILED\",\"error\":{\"code\":\"CLOSED\","
               "\"message\":\"Account 0012 3456 7875 81 is closed.\"}}");
    rig_is_state(id, "FAILURE");
    ck_assert_str_eq(shop_refund(id).error_message, "Account **** **** **75 81 is closed.");
    keeps_no_account(id);
}
END_TEST

/* What can never be sent, and how it is told. */
static const struct {
    struct asked in;
    const char *code;
} hopeless[] = {
    {{.unable = true}, "REFUND_TYPE_NOT_SUPPORTED"},
    {{.refund_type = "INSTANT", .unable = true}, "REFUND_TYPE_NOT_SUPPORTED"},
    {{.no_payee = true}, "BENEFICIARY_UNREADABLE"},
    {{.sealed_to_a_stranger = true}, "BENEFICIARY_UNREADABLE"},
    {{.details = "no JSON"}, "BENEFICIARY_UNREADABLE"},
    {{.details = "[1]"}, "BENEFICIARY_UNREADABLE"},
    {{.details = "{}"}, "BENEFICIARY_UNREADABLE"},
    {{.details = "{\"account\":\"\"}"}, "BENEFICIARY_UNREADABLE"},
};

START_TEST(fails_plainly_before_anything_is_sent)
{
    int64_t id = ask(hopeless[_i].in);
    ck_assert_ptr_null(rig_claim());
    rig_is_state(id, "FAILURE");
    struct refund r = shop_refund(id);
    ck_assert_str_eq(r.error_code, hopeless[_i].code);
    ck_assert(!str_empty(r.error_message));
    ck_assert(!r.sent);
    ck_assert_int_eq(r.attempts, 0);
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 0);
    ck_assert_int_eq(shop_jobs(JOB_SEND) + shop_jobs(JOB_INQUIRE), 0);
}
END_TEST

START_TEST(asks_on_although_the_account_cannot_be_opened_any_more)
{
    int64_t id = ask((struct asked){0});
    rig_answer(rig_claim(), HTTP_BROKEN, 0, "");
    rig_worker.secret.key[0] ^= 1;
    rig_worker.secret.pub.key[0] ^= 1;
    rig_later(11000);
    struct flight *f = rig_claim();
    ck_assert_ptr_nonnull(f);
    rig_answer(f, HTTP_ANSWERED, 200,
               "{\"id\":\"po-1\",\"status\":\"SUCCEEDED\",\"to\":\"" ACCOUNT "\"}");
    rig_is_state(id, "SUCCESS");
    keeps_no_account(id);
    ck_assert_int_eq(shop_txn("ORD-1").refunded_minor, 30000);
}
END_TEST

START_TEST(refunds_at_once_only_when_asked)
{
    int64_t id = ask((struct asked){.refund_type = "INSTANT"});
    struct flight *f = rig_claim();
    struct http_call call = f->kind->call(f);
    ck_assert(str_ends(call.url, "/v1/payments/pay_ORD/refunds"));
    ck_assert_ptr_nonnull(strstr(call.body, "\"instant\":true"));
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
}
END_TEST

START_TEST(sends_the_parts_of_a_split_refund)
{
    int64_t id = ask((struct asked){.refund_type = "STANDARD", .split = true});
    struct flight *f = rig_claim();
    struct http_call call = f->kind->call(f);
    ck_assert_ptr_nonnull(strstr(call.body, "\"parts\":[{\"sub_mid\":null,\"amount\":0},"
                                            "{\"sub_mid\":\"vendor-1\",\"amount\":30000}]"));
    rig_answer(f, HTTP_ANSWERED, 200, DONE);
    rig_is_state(id, "SUCCESS");
}
END_TEST

suite_fn t_payout_suite;
Suite *t_payout_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("payout", &tc);
    tcase_add_checked_fixture(tc, open_payouts, rig_close);
    tcase_add_test(tc, pays_out_to_the_account_that_only_it_can_open);
    tcase_add_test(tc, asks_about_a_payout_where_payouts_are);
    tcase_add_test(tc, frees_a_refused_payout);
    tcase_add_test(tc, keeps_nothing_of_the_account_that_a_gateway_repeats);
    tcase_add_loop_test(tc, fails_plainly_before_anything_is_sent, 0,
                        sizeof hopeless / sizeof hopeless[0]);
    tcase_add_test(tc, asks_on_although_the_account_cannot_be_opened_any_more);
    tcase_add_test(tc, refunds_at_once_only_when_asked);
    tcase_add_test(tc, sends_the_parts_of_a_split_refund);
    return s;
}
