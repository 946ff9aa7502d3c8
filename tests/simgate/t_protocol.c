/*
 * The desk's adapter and transport against the simulator: what each fault is to the worker.
 */
#include "core/limits.h"
#include "core/str.h"
#include "gateway/http.h"
#include "simgate/simgate.h"
#include "support/suite.h"
#include <stdlib.h>
#include <string.h>

#define PATIENT_MS   20000
#define IMPATIENT_MS 1000

Suite *t_protocol_suite(void);

static const struct log quiet = {.program = "test", .least = LOG_ERROR, .fd = 2};
static struct arena *a;
static struct simgate *sim;
static struct http *http;
static struct gw_account account;

static void open_http(int64_t timeout_ms)
{
    struct http_options options = {.connect_timeout_ms = timeout_ms,
                                   .request_timeout_ms = timeout_ms,
                                   .allow_loopback_http = true};
    struct err e;

    http_close(http);
    CHECK(http_open(&http, &options, &e) == RC_OK);
}

static void set_up(void)
{
    char *home = suite_tmpdir();
    struct simgate_options options = {.home = home, .pending_ms = 1, .log = &quiet};
    struct err e;
    int port;

    a = arena_new(16u << 20);
    CHECK(simgate_start(&sim, &options, &port, &e) == RC_OK);
    free(home);
    account = (struct gw_account){.base_url = arena_printf(a, "http://127.0.0.1:%d", port),
                                  .gateway = "STRIPE",
                                  .merchant = "m1",
                                  .credentials = ""};
    http = NULL;
    open_http(PATIENT_MS);
}

static void tear_down(void)
{
    http_close(http);
    if (sim)
        simgate_stop(sim);
    arena_free(a);
}

static struct http_result call(const struct http_call *c)
{
    struct http_result r;
    struct err e;
    bool woken;
    void *tag;

    CHECK(http_start(http, c, NULL, &e) == RC_OK);
    while (!http_finished(http, a, &r, &tag))
        http_poll(http, -1, PATIENT_MS, &woken);
    return r;
}

static void script(const char *json)
{
    struct http_call c = {.method = "POST",
                          .url = arena_printf(a, "%s/control/faults", account.base_url),
                          .body = json,
                          .body_n = strlen(json)};
    struct http_result r = call(&c);

    ck_assert_msg(r.status == 201, "%s: %s", json, r.body);
}

static const struct gw_part parts[] = {{"", 12000}, {"vendor-1", 345}};
static const struct gw_payee payee = {.type = "ACCOUNT_IFSC",
                                      .details = "{\"name\":\"Asha Rao\",\"account\":"
                                                 "\"00987654321\",\"ifsc\":\"HDFC0000001\"}",
                                      .reference_id = "bus"};
static const struct gw_refund refund = {.idempotency_key = "k1",
                                        .unique_request_id = "a /?%\"#..",
                                        .payment_id = "../pay 1?#%2F",
                                        .order_id = "o1",
                                        .txn_id = "t1",
                                        .amount = {.minor = 12345, .currency = "KWD"},
                                        .parts = parts,
                                        .n_parts = 2,
                                        .payee = &payee};

typedef struct http_call request_fn(struct arena *, const struct gw_account *,
                                    const struct gw_refund *);

/* The three ways money goes back, with the name that a fault knows them by. */
enum { REFUND, INSTANT, PAYOUT, WAYS };

static request_fn *sending(int way)
{
    request_fn *const requests[WAYS] = {gateway_simulator.refund_request,
                                        gateway_simulator.instant_request,
                                        gateway_simulator.payout_request};
    return requests[way];
}

static request_fn *asking(int way)
{
    return way == PAYOUT ? gateway_simulator.payout_inquire_request
                         : gateway_simulator.inquire_request;
}

static struct gw_outcome send_by(int way)
{
    struct http_call c = sending(way)(a, &account, &refund);
    struct http_result r = call(&c);

    return gateway_simulator.refund_parse(a, &r);
}

static struct gw_outcome inquire_by(int way)
{
    struct http_call c = asking(way)(a, &account, &refund);
    struct http_result r = call(&c);

    return gateway_simulator.inquire_parse(a, &r);
}

static const struct {
    const char *fault;
    int64_t timeout_ms;
    enum gw_kind sent;     /* what the worker learns by sending */
    enum gw_kind inquired; /* and by asking afterwards */
    enum gw_kind again;    /* and by sending once more under the same key */
} faults[] = {
    {"", PATIENT_MS, GW_DONE, GW_DONE, GW_DONE},
    {"refuse", PATIENT_MS, GW_REFUSED, GW_REFUSED, GW_REFUSED},
    {"timeout_before", IMPATIENT_MS, GW_UNKNOWN, GW_ABSENT, GW_DONE},
    {"timeout_after", IMPATIENT_MS, GW_UNKNOWN, GW_DONE, GW_DONE},
    {"reset_before", PATIENT_MS, GW_UNKNOWN, GW_ABSENT, GW_DONE},
    {"reset_after", PATIENT_MS, GW_UNKNOWN, GW_DONE, GW_DONE},
    {"error_500_before", PATIENT_MS, GW_UNKNOWN, GW_ABSENT, GW_DONE},
    {"error_500_after", PATIENT_MS, GW_UNKNOWN, GW_DONE, GW_DONE},
    {"conflict_409", PATIENT_MS, GW_UNKNOWN, GW_ABSENT, GW_DONE},
    {"truncated_json", PATIENT_MS, GW_UNKNOWN, GW_DONE, GW_DONE},
    {"slow_body", IMPATIENT_MS, GW_UNKNOWN, GW_DONE, GW_DONE},
    {"pending", PATIENT_MS, GW_ACCEPTED, GW_ACCEPTED, GW_ACCEPTED},
    {"low_balance", PATIENT_MS, GW_LOW_BALANCE, GW_ABSENT, GW_DONE},
    {"rate_limited", PATIENT_MS, GW_NOT_SENT, GW_ABSENT, GW_DONE},
};

START_TEST(each_fault_is_what_it_is)
{
    int way = _i % WAYS, i = _i / WAYS;
    struct gw_outcome o;

    if (*faults[i].fault)
        script(arena_printf(a,
                            "{\"match\":{\"idempotency_key\":\"k1\",\"operation\":\"%s\"},"
                            "\"fault\":\"%s\",\"ms\":60000}",
                            way == PAYOUT ? "payout" : "refund", faults[i].fault));
    open_http(faults[i].timeout_ms);
    o = send_by(way);
    ck_assert_msg(o.kind == faults[i].sent, "%s: sent %d", faults[i].fault, o.kind);
    open_http(PATIENT_MS);
    o = inquire_by(way);
    ck_assert_msg(o.kind == faults[i].inquired, "%s: inquired %d", faults[i].fault, o.kind);
    o = send_by(way);
    ck_assert_msg(o.kind == faults[i].again, "%s: again %d", faults[i].fault, o.kind);
}
END_TEST

START_TEST(a_refund_is_the_same_by_all_three_ways)
{
    struct gw_outcome first = send_by(REFUND);
    struct gw_outcome asked = inquire_by(REFUND);
    struct gw_outcome again = send_by(REFUND);

    ck_assert_uint_eq(strlen(first.arn), 23);
    ck_assert_int_gt(first.processed_at_ms, 0);
    ck_assert_str_eq(first.words, asked.words);
    ck_assert_str_eq(first.words, again.words);
    ck_assert_ptr_nonnull(strstr(first.words, "\"payment_id\":\"../pay 1?#%2F\""));
    ck_assert_ptr_nonnull(strstr(first.words, "\"unique_request_id\":\"a /?%\\\"#..\""));
    ck_assert_ptr_nonnull(strstr(first.words, "\"gateway\":\"STRIPE\""));
}
END_TEST

START_TEST(a_payout_is_found_where_payouts_are_and_shows_no_account)
{
    struct gw_outcome first = send_by(PAYOUT);

    ck_assert_int_eq(first.kind, GW_DONE);
    ck_assert_int_eq(inquire_by(REFUND).kind, GW_ABSENT);
    ck_assert_str_eq(inquire_by(PAYOUT).words, first.words);
    ck_assert_ptr_nonnull(strstr(first.words, "\"object\":\"payout\""));
    ck_assert_ptr_nonnull(strstr(first.words, "\"account\":\"****4321\""));
    ck_assert_ptr_nonnull(strstr(first.words, "\"reference_id\":\"bus\""));
    ck_assert_ptr_nonnull(strstr(first.words, "{\"sub_mid\":\"vendor-1\",\"amount\":345}"));
    ck_assert_ptr_null(strstr(first.words, "7654321"));
}
END_TEST

START_TEST(a_key_is_used_for_one_thing_only)
{
    ck_assert_int_eq(send_by(INSTANT).kind, GW_DONE);
    ck_assert_int_eq(send_by(REFUND).kind, GW_UNKNOWN);
    ck_assert_int_eq(send_by(PAYOUT).kind, GW_UNKNOWN);
    ck_assert_int_eq(inquire_by(PAYOUT).kind, GW_ABSENT);
    ck_assert_int_eq(inquire_by(INSTANT).kind, GW_DONE);
}
END_TEST

START_TEST(a_stopped_gateway_was_not_sent_to)
{
    simgate_stop(sim);
    sim = NULL;
    ck_assert_int_eq(send_by(REFUND).kind, GW_NOT_SENT);
    ck_assert_int_eq(inquire_by(REFUND).kind, GW_UNKNOWN);
}
END_TEST

static enum gw_payment_status charge(const char *txn_id, int64_t minor)
{
    struct gw_payment payment = {
        .txn_id = txn_id, .order_id = "o1", .amount = {.minor = minor, .currency = "INR"}};
    struct http_call c = gateway_simulator.charge_request(a, &account, &payment);
    struct http_result r = call(&c);

    return gateway_simulator.charge_parse(a, &r).status;
}

START_TEST(test_payments_play_the_sandbox_rule)
{
    enum gw_payment_status last = GW_PAYMENT_PENDING;

    ck_assert_int_eq(charge("t1", 49999), GW_PAYMENT_CHARGED);
    ck_assert_int_eq(charge("t1", 49999), GW_PAYMENT_CHARGED);
    ck_assert_int_eq(charge("t1", 49998), GW_PAYMENT_UNKNOWN);
    ck_assert_int_eq(charge("t2", 50000), GW_PAYMENT_FAILED);
    for (int i = 0; i < 1000 && last == GW_PAYMENT_PENDING; i++)
        last = charge("t3", 70000);
    ck_assert_int_eq(last, GW_PAYMENT_CHARGED);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *t_protocol_suite(void)
{
    TCase *c;
    Suite *s = suite_of("protocol", &c);

    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_loop_test(c, each_fault_is_what_it_is, 0, COUNT(faults) * WAYS);
    tcase_add_test(c, a_payout_is_found_where_payouts_are_and_shows_no_account);
    tcase_add_test(c, a_key_is_used_for_one_thing_only);
    tcase_add_test(c, a_refund_is_the_same_by_all_three_ways);
    tcase_add_test(c, a_stopped_gateway_was_not_sent_to);
    tcase_add_test(c, test_payments_play_the_sandbox_rule);
    return s;
}
