#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "gateway/gateway.h"
#include "support/suite.h"
#include <string.h>

#define ERROR(code)   "{\"error\":{\"code\":\"" code "\",\"message\":\"Why.\"}}"
#define REFUND(rest)  "{\"id\":\"sim_rf_1\"," rest "}"
#define PAYMENT(rest) "{\"id\":\"sim_pay_1\"," rest "}"

Suite *t_gw_simulator_suite(void);

static struct arena *a;

static void set_up(void)
{
    a = arena_new(16u << 20);
}

static void tear_down(void)
{
    arena_free(a);
}

static struct http_result answered(int status, const char *body)
{
    return (struct http_result){
        .end = HTTP_ANSWERED, .status = status, .body = body, .body_n = strlen(body)};
}

/* ---- answers to a refund --------------------------------------------------------------------- */

static const struct {
    int status;
    enum gw_kind kind;
    const char *body;
} refund_answers[] = {
    {200, GW_DONE, REFUND("\"status\":\"SUCCEEDED\"")},
    {201, GW_DONE, REFUND("\"status\":\"SUCCEEDED\",\"arn\":null,\"processed_at_ms\":null")},
    {202, GW_ACCEPTED, REFUND("\"status\":\"PENDING\"")},
    {200, GW_REFUSED, REFUND("\"status\":\"FAILED\"")},
    {400, GW_REFUSED, ERROR("REFUND_DECLINED")},
    {404, GW_REFUSED, ERROR("NOT_FOUND")},
    {422, GW_REFUSED, ERROR("BALANCE_LOW")},
    {402, GW_LOW_BALANCE, ERROR("BALANCE_TOO_LOW")},
    {429, GW_NOT_SENT, ERROR("RATE_LIMITED")},
    {503, GW_NOT_SENT, ERROR("NOT_PROCESSED")},
    {503, GW_NOT_SENT, ERROR("RATE_LIMITED")},
    /* an error that does not say what became of the refund */
    {409, GW_UNKNOWN, ERROR("KEY_IN_PROGRESS")},
    {409, GW_UNKNOWN, ERROR("KEY_REUSED")},
    {409, GW_UNKNOWN, ERROR("BALANCE_TOO_LOW")},
    {408, GW_UNKNOWN, ERROR("TIMEOUT")},
    {425, GW_UNKNOWN, ERROR("TOO_EARLY")},
    {429, GW_UNKNOWN, ERROR("OTHER")},
    {500, GW_UNKNOWN, ERROR("REFUND_DECLINED")},
    {500, GW_UNKNOWN, ERROR("RATE_LIMITED")},
    {502, GW_UNKNOWN, ERROR("NOT_PROCESSED")},
    {503, GW_UNKNOWN, "<html>Service Unavailable</html>"},
    {500, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\"")},
    {302, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\"")},
    /* a 4xx that is not the gateway's own */
    {400, GW_UNKNOWN, ""},
    {400, GW_UNKNOWN, "{}"},
    {400, GW_UNKNOWN, "{\"error\":\"no\"}"},
    {400, GW_UNKNOWN, "{\"error\":{}}"},
    {400, GW_UNKNOWN, "{\"error\":{\"code\":null}}"},
    {400, GW_UNKNOWN, "{\"error\":{\"code\":7}}"},
    {400, GW_UNKNOWN, "{\"error\":{\"code\":\"\"}}"},
    {400, GW_UNKNOWN, "{\"error\":[{\"code\":\"X\"}]}"},
    {400, GW_UNKNOWN, "[{\"error\":{\"code\":\"X\"}}]"},
    {400, GW_UNKNOWN, "{\"code\":\"X\"}"},
    {400, GW_UNKNOWN, ERROR("X") "x"},
    {403, GW_UNKNOWN, "{\"error\":{\"code\":\"X\"}"},
    {429, GW_UNKNOWN, "{}"},
    /* a 2xx that is no answer */
    {200, GW_UNKNOWN, ""},
    {204, GW_UNKNOWN, ""},
    {200, GW_UNKNOWN, "{}"},
    {200, GW_UNKNOWN, "null"},
    {200, GW_UNKNOWN, "\"SUCCEEDED\""},
    {200, GW_UNKNOWN, "{\"id\":\"sim_rf_1\",\"status\":\"SUCCEEDED\""},
    {200, GW_UNKNOWN, "{\"id\":\"sim_rf_1\",\"status\":\"SUCC"},
    {200, GW_UNKNOWN, "{\"status\":\"SUCCEEDED\"}"},
    {200, GW_UNKNOWN, "{\"id\":\"\",\"status\":\"SUCCEEDED\"}"},
    {200, GW_UNKNOWN, "{\"id\":7,\"status\":\"SUCCEEDED\"}"},
    {200, GW_UNKNOWN, REFUND("\"status\":\"succeeded\"")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED \"")},
    {200, GW_UNKNOWN, REFUND("\"status\":true")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"FAILED\",\"status\":\"SUCCEEDED\"")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\",\"processed_at_ms\":\"soon\"")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\",\"processed_at_ms\":-1")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\",\"processed_at_ms\":99999999999999999999")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\",\"x\":NaN")},
    {200, GW_UNKNOWN, REFUND("\"status\":\"SUCCEEDED\"") REFUND("\"status\":\"FAILED\"")},
    {200, GW_UNKNOWN, "{'id':'sim_rf_1','status':'SUCCEEDED'}"},
    {200, GW_UNKNOWN, "{\"id\":\"a\\u0000b\",\"status\":\"SUCCEEDED\"}"},
    {200, GW_UNKNOWN, "{\"id\":\"\xff\",\"status\":\"SUCCEEDED\"}"},
    {200, GW_UNKNOWN, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["},
};

START_TEST(judges_the_answer_to_a_refund)
{
    struct http_result r = answered(refund_answers[_i].status, refund_answers[_i].body);
    struct gw_outcome o = gateway_simulator.refund_parse(a, &r);

    ck_assert_msg(o.kind == refund_answers[_i].kind, "%d %s: kind %d, expected %d",
                  refund_answers[_i].status, refund_answers[_i].body, o.kind,
                  refund_answers[_i].kind);
    ck_assert_ptr_nonnull(o.words);
    if (o.kind == GW_DONE || o.kind == GW_ACCEPTED)
        ck_assert_str_eq(o.ref, "sim_rf_1");
    if (o.kind == GW_LOW_BALANCE)
        ck_assert_str_eq(o.error_message, "Why.");
}
END_TEST

START_TEST(believes_a_broken_call_nothing)
{
    static const enum gw_kind kinds[] = {
        [HTTP_ANSWERED] = GW_DONE, [HTTP_NOT_SENT] = GW_NOT_SENT, [HTTP_BROKEN] = GW_UNKNOWN};
    struct http_result r = answered(200, REFUND("\"status\":\"SUCCEEDED\""));

    r.end = (enum http_end)_i;
    ck_assert_int_eq(gateway_simulator.refund_parse(a, &r).kind, kinds[_i]);
    ck_assert_int_eq(gateway_simulator.inquire_parse(a, &r).kind,
                     _i == HTTP_ANSWERED ? GW_DONE : GW_UNKNOWN);
    r.body = PAYMENT("\"status\":\"SUCCEEDED\"");
    r.body_n = strlen(r.body);
    ck_assert_int_eq(gateway_simulator.charge_parse(a, &r).status,
                     _i == HTTP_ANSWERED ? GW_PAYMENT_CHARGED : GW_PAYMENT_UNKNOWN);
}
END_TEST

START_TEST(reads_what_the_gateway_says)
{
    struct http_result r =
        answered(200, REFUND("\"status\":\"SUCCEEDED\",\"arn\":\"12345678901234567890123\","
                             "\"processed_at_ms\":1700000000000"));
    struct gw_outcome o = gateway_simulator.refund_parse(a, &r);

    ck_assert_str_eq(o.ref, "sim_rf_1");
    ck_assert_str_eq(o.arn, "12345678901234567890123");
    ck_assert_int_eq(o.processed_at_ms, 1700000000000);
    ck_assert_str_eq(o.words, r.body);
    ck_assert_ptr_null(o.error_code);
    r = answered(200, REFUND("\"status\":\"FAILED\",\"error\":{\"code\":\"C\",\"message\":\"M\"}"));
    o = gateway_simulator.refund_parse(a, &r);
    ck_assert_str_eq(o.error_code, "C");
    ck_assert_str_eq(o.error_message, "M");
}
END_TEST

START_TEST(cuts_long_words_on_a_character)
{
    struct http_result r;
    struct gw_outcome o;
    struct buf b;

    buf_init(&b, a);
    buf_putc(&b, 'x');
    while (b.len < 2 * LIMIT_GATEWAY_WORDS)
        buf_puts(&b, "€");
    r = answered(500, buf_text(&b));
    o = gateway_simulator.refund_parse(a, &r);
    ck_assert_uint_le(strlen(o.words), LIMIT_GATEWAY_WORDS);
    ck_assert_uint_gt(strlen(o.words), LIMIT_GATEWAY_WORDS - 3);
    ck_assert(str_utf8_valid(o.words, strlen(o.words)));
}
END_TEST

START_TEST(makes_text_of_words_that_are_none)
{
    struct http_result r = answered(500, "");
    struct gw_outcome o;

    r.body = "a\0b\xff\xc3z";
    r.body_n = 6;
    o = gateway_simulator.refund_parse(a, &r);
    ck_assert_str_eq(o.words, "a?b??z");
}
END_TEST

START_TEST(cuts_messages_but_never_ids)
{
    char *longer = arena_alloc(a, LIMIT_UNIQUE_REQUEST_ID + 2);
    struct http_result r;
    struct gw_outcome o;

    memset(longer, 'x', LIMIT_UNIQUE_REQUEST_ID + 1);
    r = answered(200, arena_printf(a, "{\"id\":\"%s\",\"status\":\"SUCCEEDED\"}", longer));
    ck_assert_int_eq(gateway_simulator.refund_parse(a, &r).kind, GW_UNKNOWN);
    r = answered(200, arena_printf(a, "{\"id\":\"%s\",\"status\":\"SUCCEEDED\"}", longer + 1));
    ck_assert_int_eq(gateway_simulator.refund_parse(a, &r).kind, GW_DONE);
    r = answered(400, arena_printf(a, "{\"error\":{\"code\":\"C\",\"message\":\"%s\"}}", longer));
    o = gateway_simulator.refund_parse(a, &r);
    ck_assert_int_eq(o.kind, GW_REFUSED);
    ck_assert_uint_eq(strlen(o.error_message), LIMIT_ERROR_MESSAGE);
}
END_TEST

/* ---- answers to an inquiry --------------------------------------------------------------------
 */

static const struct {
    int status;
    enum gw_kind kind;
    const char *body;
} inquiry_answers[] = {
    {200, GW_DONE, REFUND("\"status\":\"SUCCEEDED\"")},
    {200, GW_ACCEPTED, REFUND("\"status\":\"PENDING\"")},
    {200, GW_REFUSED, REFUND("\"status\":\"FAILED\"")},
    {404, GW_ABSENT, ERROR("NOT_FOUND")},
    /* everything else leaves the refund where it is */
    {404, GW_UNKNOWN, ""},
    {404, GW_UNKNOWN, "<html>Not Found</html>"},
    {404, GW_UNKNOWN, "{}"},
    {404, GW_UNKNOWN, ERROR("NO_SUCH_ROUTE")},
    {410, GW_UNKNOWN, ERROR("NOT_FOUND")},
    {400, GW_UNKNOWN, ERROR("NOT_FOUND")},
    {200, GW_UNKNOWN, ERROR("NOT_FOUND")},
    {400, GW_UNKNOWN, ERROR("REFUND_DECLINED")},
    {401, GW_UNKNOWN, ERROR("UNAUTHORIZED")},
    {402, GW_UNKNOWN, ERROR("BALANCE_TOO_LOW")},
    {409, GW_UNKNOWN, ERROR("KEY_IN_PROGRESS")},
    {429, GW_UNKNOWN, ERROR("RATE_LIMITED")},
    {503, GW_UNKNOWN, ERROR("NOT_PROCESSED")},
    {500, GW_UNKNOWN, ERROR("NOT_FOUND")},
    {200, GW_UNKNOWN, "{\"id\":\"sim_rf_1\",\"status\":\"SUCC"},
};

START_TEST(judges_the_answer_to_an_inquiry)
{
    struct http_result r = answered(inquiry_answers[_i].status, inquiry_answers[_i].body);
    struct gw_outcome o = gateway_simulator.inquire_parse(a, &r);

    ck_assert_msg(o.kind == inquiry_answers[_i].kind, "%d %s: kind %d", inquiry_answers[_i].status,
                  inquiry_answers[_i].body, o.kind);
}
END_TEST

/* ---- answers to a charge ----------------------------------------------------------------------
 */

static const struct {
    int status;
    enum gw_payment_status result;
    const char *body;
} charge_answers[] = {
    {200, GW_PAYMENT_CHARGED, PAYMENT("\"status\":\"SUCCEEDED\"")},
    {200, GW_PAYMENT_FAILED, PAYMENT("\"status\":\"FAILED\"")},
    {202, GW_PAYMENT_PENDING, PAYMENT("\"status\":\"PENDING\"")},
    {400, GW_PAYMENT_FAILED, ERROR("BAD_CURRENCY")},
    {400, GW_PAYMENT_UNKNOWN, "{}"},
    {409, GW_PAYMENT_UNKNOWN, ERROR("KEY_REUSED")},
    {429, GW_PAYMENT_UNKNOWN, ERROR("RATE_LIMITED")},
    {500, GW_PAYMENT_UNKNOWN, ERROR("INTERNAL")},
    {500, GW_PAYMENT_UNKNOWN, PAYMENT("\"status\":\"SUCCEEDED\"")},
    {200, GW_PAYMENT_UNKNOWN, PAYMENT("\"status\":\"DONE\"")},
    {200, GW_PAYMENT_UNKNOWN, "{\"status\":\"SUCCEEDED\"}"},
    {200, GW_PAYMENT_UNKNOWN, PAYMENT("\"status\":\"SUCCEEDED\",\"created_ms\":\"x\"")},
    {200, GW_PAYMENT_UNKNOWN, "{\"id\":\"sim_pay_1\",\"stat"},
};

START_TEST(judges_the_answer_to_a_charge)
{
    struct http_result r = answered(charge_answers[_i].status, charge_answers[_i].body);

    ck_assert_msg(gateway_simulator.charge_parse(a, &r).status == charge_answers[_i].result,
                  "%d %s", charge_answers[_i].status, charge_answers[_i].body);
}
END_TEST

START_TEST(reads_the_facts_of_a_charge)
{
    struct http_result r = answered(
        200, PAYMENT("\"status\":\"SUCCEEDED\",\"rrn\":\"000123456789\",\"auth_id_code\":\"A1\","
                     "\"resp_code\":\"00\",\"resp_message\":\"Approved\",\"created_ms\":12"));
    struct gw_payment_outcome o = gateway_simulator.charge_parse(a, &r);

    ck_assert_str_eq(o.payment_id, "sim_pay_1");
    ck_assert_str_eq(o.rrn, "000123456789");
    ck_assert_str_eq(o.auth_id_code, "A1");
    ck_assert_str_eq(o.resp_code, "00");
    ck_assert_str_eq(o.resp_message, "Approved");
    ck_assert_int_eq(o.created_ms, 12);
}
END_TEST

START_TEST(finds_adapters_by_name)
{
    ck_assert_ptr_eq(gateway_find("simulator"), &gateway_simulator);
    ck_assert_ptr_null(gateway_find("SIMULATOR"));
    ck_assert_ptr_null(gateway_find(""));
    ck_assert_ptr_null(gateway_find(NULL));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *t_gw_simulator_suite(void)
{
    TCase *c;
    Suite *s = suite_of("gw_simulator", &c);

    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_loop_test(c, judges_the_answer_to_a_refund, 0, COUNT(refund_answers));
    tcase_add_loop_test(c, believes_a_broken_call_nothing, 0, HTTP_BROKEN + 1);
    tcase_add_test(c, reads_what_the_gateway_says);
    tcase_add_test(c, cuts_long_words_on_a_character);
    tcase_add_test(c, makes_text_of_words_that_are_none);
    tcase_add_test(c, cuts_messages_but_never_ids);
    tcase_add_loop_test(c, judges_the_answer_to_an_inquiry, 0, COUNT(inquiry_answers));
    tcase_add_loop_test(c, judges_the_answer_to_a_charge, 0, COUNT(charge_answers));
    tcase_add_test(c, reads_the_facts_of_a_charge);
    tcase_add_test(c, finds_adapters_by_name);
    return s;
}
