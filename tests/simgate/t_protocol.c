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

static const struct gw_refund refund = {.idempotency_key = "k1",
                                        .unique_request_id = "a /?%\"#..",
                                        .payment_id = "../pay 1?#%2F",
                                        .order_id = "o1",
                                        .txn_id = "t1",
                                        .amount = {.minor = 12345, .currency = "KWD"}};

static struct gw_outcome send_refund(void)
{
    struct http_call c = gateway_simulator.refund_request(a, &account, &refund);
    struct http_result r = call(&c);

    return gateway_simulator.refund_parse(a, &r);
}

static struct gw_outcome inquire(void)
{
    struct http_call c = gateway_simulator.inquire_request(a, &account, &refund);
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
    struct gw_outcome o;

    if (*faults[_i].fault)
        script(arena_printf(a,
                            "{\"match\":{\"idempotency_key\":\"k1\",\"operation\":\"refund\"},"
                            "\"fault\":\"%s\",\"ms\":60000}",
                            faults[_i].fault));
    open_http(faults[_i].timeout_ms);
    o = send_refund();
    ck_assert_msg(o.kind == faults[_i].sent, "%s: sent %d", faults[_i].fault, o.kind);
    open_http(PATIENT_MS);
    o = inquire();
    ck_assert_msg(o.kind == faults[_i].inquired, "%s: inquired %d", faults[_i].fault, o.kind);
    o = send_refund();
    ck_assert_msg(o.kind == faults[_i].again, "%s: again %d", faults[_i].fault, o.kind);
}
END_TEST

START_TEST(a_refund_is_the_same_by_all_three_ways)
{
    struct gw_outcome first = send_refund();
    struct gw_outcome asked = inquire();
    struct gw_outcome again = send_refund();

    ck_assert_uint_eq(strlen(first.arn), 23);
    ck_assert_int_gt(first.processed_at_ms, 0);
    ck_assert_str_eq(first.words, asked.words);
    ck_assert_str_eq(first.words, again.words);
    ck_assert_ptr_nonnull(strstr(first.words, "\"payment_id\":\"../pay 1?#%2F\""));
    ck_assert_ptr_nonnull(strstr(first.words, "\"unique_request_id\":\"a /?%\\\"#..\""));
    ck_assert_ptr_nonnull(strstr(first.words, "\"gateway\":\"STRIPE\""));
}
END_TEST

START_TEST(a_stopped_gateway_was_not_sent_to)
{
    simgate_stop(sim);
    sim = NULL;
    ck_assert_int_eq(send_refund().kind, GW_NOT_SENT);
    ck_assert_int_eq(inquire().kind, GW_UNKNOWN);
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

    tcase_set_timeout(c, 30);
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_loop_test(c, each_fault_is_what_it_is, 0, COUNT(faults));
    tcase_add_test(c, a_refund_is_the_same_by_all_three_ways);
    tcase_add_test(c, a_stopped_gateway_was_not_sent_to);
    tcase_add_test(c, test_payments_play_the_sandbox_rule);
    return s;
}
