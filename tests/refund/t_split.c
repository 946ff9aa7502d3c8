/*
 * The rules of split settlement by themselves (vendor's batch refunds, "Split Settlement Validation
 * Rules"; its example of 1000: marketplace 100, vendors 600 and 300).
 */
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/split.h"
#include "support/suite.h"
#include <string.h>

static const struct party WHOLE[] = {
    {"", 10000, 0}, {"VENDOR_A", 60000, 0}, {"VENDOR_B", 30000, 0}};
static const struct party USED[] = {
    {"", 10000, 10000}, {"VENDOR_A", 60000, 20000}, {"VENDOR_B", 30000, 29999}};
enum { N = 3 };

static struct arena *a;

static void open_arena(void)
{
    a = arena_new(LIMIT_ARENA_REQUEST_BYTES);
}

static void close_arena(void)
{
    arena_free(a);
}

/* ---- reading */

static const struct {
    const char *json;
    enum rc rc;
    const char *said;
} readings[] = {
    {"{\"marketplace\":{\"amount\":100},\"vendor\":{\"split\":[{\"sub_mid\":\"A\",\"amount\":600}]}"
     "}",
     RC_OK, ""},
    {"{\"marketplace\":{\"refund_amount\":0},\"vendor\":{\"split\":[{\"sub_mid\":\"Vendor2\","
     "\"refund_amount\":1}]}}",
     RC_OK, ""},
    {"{\"marketplace\":{\"amount\":\"1\",\"refund_amount\":1}}", RC_OK, ""},
    {"{\"marketplace\":{\"amount\":1},\"mdr_borne_by\":\"ALL\",\"vendor\":null}", RC_OK, ""},
    {"{\"vendor\":{\"split\":[{\"sub_mid\":\"A\",\"refund_amount\":\"1\",\"unique_split_id\":\"x\"}"
     "]}}",
     RC_OK, ""},
    {"", RC_INVALID, "byte 0"},
    {"[]", RC_INVALID, "must be a JSON object"},
    {"null", RC_INVALID, "must be a JSON object"},
    {"{\"marketplace\":{\"amount\":1}", RC_INVALID, "byte 27"},
    {"{\"marketplace\":{\"amount\":1},\"marketplace\":{\"amount\":2}}", RC_INVALID, "marketplace"},
    {"{}", RC_NOT_FOUND, "names nobody"},
    {"{\"vendor\":{\"split\":[]}}", RC_NOT_FOUND, "names nobody"},
    {"{\"vendor\":{}}", RC_NOT_FOUND, "names nobody"},
    {"{\"marketplace\":5}", RC_INVALID, "marketplace must be an object"},
    {"{\"marketplace\":{}}", RC_NOT_FOUND, "marketplace.refund_amount is missing"},
    {"{\"marketplace\":{\"amount\":null}}", RC_NOT_FOUND, "marketplace.refund_amount is missing"},
    {"{\"marketplace\":{\"amount\":1,\"refund_amount\":2}}", RC_INVALID, "send one of them"},
    {"{\"vendor\":[]}", RC_INVALID, "vendor must be an object"},
    {"{\"vendor\":{\"split\":{}}}", RC_INVALID, "vendor.split must be an array"},
    {"{\"vendor\":{\"split\":[7]}}", RC_INVALID, "vendor.split[0] must be an object"},
    {"{\"vendor\":{\"split\":[null]}}", RC_INVALID, "vendor.split[0] must be an object"},
    {"{\"vendor\":{\"split\":[{\"amount\":1}]}}", RC_NOT_FOUND,
     "vendor.split[0].sub_mid is missing"},
    {"{\"vendor\":{\"split\":[{\"sub_mid\":\"\",\"amount\":1}]}}", RC_NOT_FOUND,
     "vendor.split[0].sub_mid is missing"},
    {"{\"vendor\":{\"split\":[{\"sub_mid\":\"A\",\"amount\":1},{\"sub_mid\":\"B\"}]}}",
     RC_NOT_FOUND, "vendor.split[1].refund_amount is missing"},
};

START_TEST(reads_the_vendors_shapes_and_names_what_is_wrong)
{
    struct split_ask ask;
    struct err e = {0};
    enum rc rc = split_read(a, readings[_i].json, &ask, &e);
    ck_assert_msg(rc == readings[_i].rc, "%s: %s (%s)", readings[_i].json, rc_name(rc), e.text);
    ck_assert_msg(strstr(e.text, readings[_i].said) != NULL, "%s: %s", readings[_i].json, e.text);
}
END_TEST

START_TEST(the_marketplace_comes_first)
{
    struct split_ask ask;
    struct err e;
    ck_assert_int_eq(split_read(a, readings[1].json, &ask, &e), RC_OK);
    ck_assert_int_eq(ask.n, 2);
    ck_assert_str_eq(ask.parts[0].party, "");
    ck_assert_str_eq(ask.parts[0].amount, "0");
    ck_assert_str_eq(ask.parts[1].party, "Vendor2");
    ck_assert_str_eq(ask.parts[1].amount, "1");
}
END_TEST

static const char *vendors(int n, size_t name_bytes)
{
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "{\"vendor\":{\"split\":[");
    for (int i = 0; i < n; i++) {
        buf_printf(&b, "%s{\"sub_mid\":\"", i > 0 ? "," : "");
        for (size_t k = 0; k < name_bytes; k++)
            buf_putc(&b, 'v');
        buf_printf(&b, "%d\",\"amount\":1}", i % 10);
    }
    buf_puts(&b, "]}}");
    return buf_text(&b);
}

START_TEST(reads_a_hundred_vendors_and_no_more)
{
    struct split_ask ask;
    struct err e;
    ck_assert_int_eq(split_read(a, vendors(LIMIT_SPLIT_PARTIES - 1, 1), &ask, &e), RC_OK);
    ck_assert_int_eq(ask.n, LIMIT_SPLIT_PARTIES - 1);
    ck_assert_int_eq(split_read(a, vendors(LIMIT_SPLIT_PARTIES, 1), &ask, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "101 vendors"));
    ck_assert_int_eq(split_read(a, vendors(1, LIMIT_PARTY - 1), &ask, &e), RC_OK);
    ck_assert_int_eq(split_read(a, vendors(1, LIMIT_PARTY), &ask, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "vendor.split[0].sub_mid is longer than 255"));
}
END_TEST

/* ---- judging */

#define MARKET(text) \
    {                \
        "", (text)   \
    }
#define A(text)            \
    {                      \
        "VENDOR_A", (text) \
    }
#define B(text)            \
    {                      \
        "VENDOR_B", (text) \
    }
#define STRANGER(text)     \
    {                      \
        "VENDOR_C", (text) \
    }

static const struct {
    struct split_part parts[4];
    int64_t amount_minor;
    const struct party *parties;
    const char *said; /* NULL: accepted */
} judgements[] = {
    {{MARKET("100"), A("600"), B("300")}, 100000, WHOLE, NULL},
    {{MARKET("100.00"), A("600.0"), B("300")}, 100000, WHOLE, NULL},
    {{MARKET("0"), A("1.05")}, 105, WHOLE, NULL},
    {{A("600")}, 60000, WHOLE, NULL},
    {{MARKET("100")}, 10000, WHOLE, NULL},
    {{A("400"), B("0.01")}, 40001, USED, NULL},
    {{MARKET("100"), A("600"), B("299.99")}, 100000, WHOLE, "Total Amount Consistency"},
    {{MARKET("100"), A("600"), B("300")},
     100001,
     WHOLE,
     "add up to 1000.00 INR, the amount is 1000.01"},
    {{MARKET("0"), A("0"), B("1")}, 100, WHOLE, "Minimum Amount: the amount of vendor VENDOR_A"},
    {{A("1.005")}, 100, WHOLE, "Decimal Precision: the amount of vendor VENDOR_A"},
    {{MARKET("1.005")}, 100, WHOLE, "Decimal Precision: the amount of the marketplace"},
    {{A("-1"), B("2")}, 100, WHOLE, "Positive Values: the amount of vendor VENDOR_A"},
    {{A("1e2")}, 10000, WHOLE, "Positive Values"},
    {{A("")}, 100, WHOLE, "Positive Values"},
    {{A("10000000000000.01")}, 100, WHOLE, "Positive Values"},
    {{A("1"), A("1")}, 200, WHOLE, "Unique Vendor IDs: vendor VENDOR_A is named twice"},
    {{MARKET("1"), MARKET("1")}, 200, WHOLE, "Unique Vendor IDs: the marketplace"},
    {{STRANGER("1")}, 100, WHOLE, "Unknown party: vendor VENDOR_C"},
    {{A("600.01")}, 60001, WHOLE, "Party Ceiling: vendor VENDOR_A has 600.00 INR left"},
    {{MARKET("0.01")}, 1, USED, "Party Ceiling: the marketplace has 0.00 INR left"},
    {{A("400.01")}, 40001, USED, "vendor VENDOR_A has 400.00 INR left of its part, 400.01"},
    {{A("400"), B("0.02")}, 40002, USED, "vendor VENDOR_B has 0.01 INR left"},
};

START_TEST(judges_by_the_vendors_rules)
{
    struct split_part told[4];
    struct split_ask ask = {.parts = told};
    memcpy(told, judgements[_i].parts, sizeof told);
    struct party *parts;
    struct err e = {0};
    int n = 0;
    int64_t sum_minor = 0;
    while (ask.n < 4 && told[ask.n].party != NULL)
        ask.n++;
    enum rc rc = split_judge(a, judgements[_i].parties, N, &ask, "INR", judgements[_i].amount_minor,
                             &parts, &n, &e);
    const char *said = judgements[_i].said;
    ck_assert_msg(rc == (said == NULL ? RC_OK : RC_INVALID), "%s: %s", rc_name(rc), e.text);
    ck_assert_msg(said == NULL || strstr(e.text, said) != NULL, "%s, not %s", e.text, said);
    for (int i = 0; i < n; i++)
        sum_minor += parts[i].amount_minor;
    if (said == NULL)
        ck_assert_int_eq(sum_minor, judgements[_i].amount_minor);
}
END_TEST

static const struct {
    const char *currency;
    const char *amount;
    int64_t minor;
} exponents[] = {
    {"JPY", "7", 7}, {"INR", "7.01", 701}, {"KWD", "7.001", 7001}, {"CLF", "7.0001", 70001}};

START_TEST(the_currencys_decimals_count)
{
    struct split_part part = {"V", exponents[_i].amount};
    struct split_part longer = {"V", arena_printf(a, "%s%s0", exponents[_i].amount,
                                                  strchr(exponents[_i].amount, '.') ? "" : ".")};
    const struct split_ask ask = {&part, 1}, too_long = {&longer, 1};
    struct party *out;
    struct err e;
    int n;
    ck_assert_int_eq(
        split_resolve(a, &ask, exponents[_i].currency, exponents[_i].minor, &out, &n, &e), RC_OK);
    ck_assert_int_eq(
        split_resolve(a, &too_long, exponents[_i].currency, exponents[_i].minor, &out, &n, &e),
        RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "Decimal Precision"));
}
END_TEST

START_TEST(without_a_split_everybody_gives_back_the_rest)
{
    struct party *parts;
    struct err e;
    int n;
    ck_assert_int_eq(split_judge(a, USED, N, NULL, "INR", 40001, &parts, &n, &e), RC_OK);
    ck_assert_int_eq(n, 2);
    ck_assert_str_eq(parts[0].party, "VENDOR_A");
    ck_assert_int_eq(parts[0].amount_minor, 40000);
    ck_assert_int_eq(parts[1].amount_minor, 1);
    ck_assert_int_eq(split_judge(a, USED, N, NULL, "INR", 40000, &parts, &n, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "split settled"));
    ck_assert_int_eq(split_judge(a, USED, N, NULL, "INR", 40002, &parts, &n, &e), RC_INVALID);
}
END_TEST

/* Where a late success was held again, more may be given than there was: nothing is left. */
START_TEST(a_party_never_has_less_than_nothing_left)
{
    const struct party over[] = {{"", 100, 150}, {"V", 100, 0}};
    struct party *parts;
    struct err e;
    int n;
    ck_assert_int_eq(split_judge(a, over, 2, NULL, "INR", 100, &parts, &n, &e), RC_OK);
    ck_assert_int_eq(n, 1);
    ck_assert_int_eq(split_judge(a, over, 2, NULL, "INR", 50, &parts, &n, &e), RC_INVALID);
}
END_TEST

START_TEST(a_marketplace_without_a_part_may_be_told_zero)
{
    const struct party vendor[] = {{"V", 100, 0}};
    struct split_part told[] = {MARKET("0"), {"V", "1"}}, more[] = {MARKET("1"), {"V", "1"}};
    const struct split_ask zero = {told, 2}, one = {more, 2};
    struct party *parts;
    struct err e;
    int n;
    ck_assert_int_eq(split_judge(a, vendor, 1, &zero, "INR", 100, &parts, &n, &e), RC_OK);
    ck_assert_int_eq(n, 1);
    ck_assert_int_eq(split_judge(a, vendor, 1, &one, "INR", 200, &parts, &n, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "Unknown party: the marketplace"));
}
END_TEST

START_TEST(long_names_leave_room_for_the_rule)
{
    char name[LIMIT_PARTY + 1];
    memset(name, 'x', LIMIT_PARTY);
    name[LIMIT_PARTY] = '\0';
    struct split_part part = {name, "0"};
    const struct split_ask ask = {&part, 1};
    struct party *out;
    struct err e;
    int n;
    ck_assert_int_eq(split_resolve(a, &ask, "INR", 0, &out, &n, &e), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(e.text, "must be greater than 0."));
}
END_TEST

START_TEST(writes_the_vendors_response)
{
    ck_assert_str_eq(json_write(a, split_body(a, WHOLE, 2, "INR")),
                     "{\"split_applied\":true,\"marketplace\":{\"amount\":100},"
                     "\"split_details\":[{\"sub_vendor_id\":\"VENDOR_A\",\"amount\":600}]}");
}
END_TEST

suite_fn t_split_suite;
Suite *t_split_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("split", &tc);
    tcase_add_checked_fixture(tc, open_arena, close_arena);
    tcase_add_loop_test(tc, reads_the_vendors_shapes_and_names_what_is_wrong, 0,
                        sizeof readings / sizeof readings[0]);
    tcase_add_test(tc, the_marketplace_comes_first);
    tcase_add_test(tc, reads_a_hundred_vendors_and_no_more);
    tcase_add_loop_test(tc, judges_by_the_vendors_rules, 0,
                        sizeof judgements / sizeof judgements[0]);
    tcase_add_loop_test(tc, the_currencys_decimals_count, 0,
                        sizeof exponents / sizeof exponents[0]);
    tcase_add_test(tc, without_a_split_everybody_gives_back_the_rest);
    tcase_add_test(tc, a_party_never_has_less_than_nothing_left);
    tcase_add_test(tc, a_marketplace_without_a_part_may_be_told_zero);
    tcase_add_test(tc, long_names_leave_room_for_the_rule);
    tcase_add_test(tc, writes_the_vendors_response);
    return s;
}
