#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/shop.h"
#include "refund/told.h"
#include "store/events.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

#define ORDER        "JP1636474794"
#define TXN          "merchant_success-JP1636474794-1"
#define TEXT(o, key) str_or(json_text(desk.arena, (o), (key)), "(none)")

static const char *plain(struct json_object *o)
{
    return json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
}

/* Member by member, as JSON; what the desk itself adds is not looked at. */
static void same_members(struct json_object *want, struct json_object *got, const char *where)
{
    json_object_object_foreach(want, key, value)
    {
        struct json_object *other = json_get(got, key);
        ck_assert_msg(json_has(got, key), "%s%s is missing", where, key);
        if (json_object_is_type(value, json_type_object))
            same_members(value, other, arena_printf(desk.arena, "%s%s.", where, key));
        else if (!str_eq(key, "refunds"))
            ck_assert_msg(str_eq(plain(value), plain(other)), "%s%s: %s is not %s", where, key,
                          plain(other), plain(value));
    }
}

START_TEST(what_comes_in_goes_out_again)
{
    ck_assert_int_eq(told_apply(told_order(NULL, 0)), NEWS_APPLIED);
    struct json_object *want = told_order(NULL, 0), *got = told_body(ORDER);
    same_members(want, got, "");
    struct json_object *refund = json_object_array_get_idx(json_get(got, "refunds"), 0);
    ck_assert_str_eq(TEXT(refund, "unique_request_id"), "TEST1637681731");
    ck_assert_str_eq(TEXT(refund, "initiated_by"), "GATEWAY");
    ck_assert_str_eq(TEXT(refund, "created"), "2021-11-23T15:35:32Z");
    ck_assert_str_eq(TEXT(refund, "status"), "PENDING");
}
END_TEST

START_TEST(an_envelope_says_the_same_as_its_order)
{
    struct json_object *order = told_order(NULL, 0);
    ck_assert_int_eq(told_apply(told_envelope("ORDER_SUCCEEDED", "2021-11-09T16:21:20Z", order)),
                     NEWS_APPLIED);
    same_members(order, told_body(ORDER), "");
    ck_assert_int_eq(shop_txn(TXN).charged_ms, INT64_C(1636474871000));
}
END_TEST

START_TEST(the_same_again_is_known)
{
    ck_assert_int_eq(told_apply(told_order(NULL, 0)), NEWS_APPLIED);
    const char *before = plain(told_body(ORDER));
    ck_assert_int_eq(told_apply(told_order(NULL, 0)), NEWS_KNOWN);
    ck_assert_str_eq(before, plain(told_body(ORDER)));
}
END_TEST

START_TEST(later_news_hold_whatever_arrives_first)
{
    struct json_object *old = told_envelope("TXN_CREATED", "2021-11-09T16:21:00Z",
                                            TOLD({"customer_email", "\"old@x.example\""},
                                                 {"udf2", "\"only once\""}, {"refunds", NULL}));
    struct json_object *new =
        told_envelope("TXN_CHARGED", "2021-11-09T16:22:00Z", TOLD({"refunds", NULL}));
    ck_assert_int_eq(told_apply(new), NEWS_APPLIED);
    ck_assert_int_eq(told_apply(old), NEWS_APPLIED);
    ck_assert_str_eq(TEXT(told_body(ORDER), "customer_email"), "test@gmail.com");
    ck_assert_str_eq(TEXT(told_body(ORDER), "udf2"), "only once");
    ck_assert_int_eq(told_apply(old), NEWS_KNOWN);
}
END_TEST

START_TEST(news_of_the_future_hold_only_until_the_next)
{
    told_apply(told_envelope("TXN_CHARGED", "9999-11-09T16:21:00Z",
                             TOLD({"customer_email", "\"ahead@x.example\""}, {"refunds", NULL})));
    shop.clock.fixed_ms += 1000;
    told_apply(told_envelope("TXN_CHARGED", clock_iso(desk.arena, shop.clock.fixed_ms),
                             TOLD({"refunds", NULL})));
    ck_assert_str_eq(TEXT(told_body(ORDER), "customer_email"), "test@gmail.com");
}
END_TEST

START_TEST(another_amount_or_currency_is_never_applied)
{
    told_apply(TOLD({"refunds", NULL}));
    const char *before = plain(told_body(ORDER));
    ck_assert_int_eq(told_apply(TOLD({"txn_detail.txn_amount", "2"}, {"udf1", "\"x\""})),
                     NEWS_REFUSED);
    ck_assert_ptr_nonnull(strstr(told_why, TXN));
    ck_assert_int_eq(told_apply(TOLD({"amount", "2"}, {"effective_amount", "2"},
                                     {"txn_detail.txn_amount", "2"})),
                     NEWS_REFUSED);
    ck_assert_int_eq(told_apply(TOLD({"currency", "\"USD\""}, {"txn_detail.currency", "\"USD\""})),
                     NEWS_REFUSED);
    ck_assert_int_eq(told_apply(TOLD({"order_id", "\"other\""})), NEWS_REFUSED);
    ck_assert_str_eq(before, plain(told_body(ORDER)));
}
END_TEST

START_TEST(the_amount_may_change_while_nothing_is_paid)
{
    struct json_object *first = TOLD({"txn_detail", NULL}, {"txn_id", NULL}, {"status", "\"NEW\""},
                                     {"refunds", NULL}, {"payment_gateway_response", NULL});
    ck_assert_int_eq(told_apply(first), NEWS_APPLIED);
    ck_assert_str_eq(TEXT(told_body(ORDER), "status"), "NEW");
    shop.clock.fixed_ms += 1000;
    ck_assert_int_eq(told_apply(TOLD({"txn_detail", NULL}, {"txn_id", NULL}, {"amount", "3"},
                                     {"status", "\"NEW\""}, {"refunds", NULL},
                                     {"payment_gateway_response", NULL})),
                     NEWS_APPLIED);
    ck_assert_str_eq(TEXT(told_body(ORDER), "amount"), "3");
}
END_TEST

#define REFUND(id, status, amount)                                                   \
    "{\"unique_request_id\":\"" id "\",\"status\":\"" status "\",\"amount\":" amount \
    ",\"ref\":\"rfnd_" id "\",\"created\":\"2021-11-23T15:35:32Z\"}"

START_TEST(a_foreign_refund_holds_settles_and_frees)
{
    struct txn t;
    told_apply(TOLD({"refunds", "[" REFUND("a", "PENDING", "0.4") "]"}));
    t = shop_txn(TXN);
    ck_assert_int_eq(t.held_minor, 40);
    ck_assert_int_eq(t.refunded_minor, 0);
    told_apply(TOLD({"refunds", "[" REFUND("a", "SUCCESS", "0.4") "]"}));
    ck_assert_int_eq(shop_txn(TXN).refunded_minor, 40);
    told_apply(TOLD({"refunds", "[" REFUND("b", "PENDING", "0.5") "]"}));
    told_apply(TOLD({"refunds", "[" REFUND("b", "FAILURE", "0.5") "]"}));
    t = shop_txn(TXN);
    ck_assert_int_eq(t.held_minor, 40);
    ck_assert_int_eq(told_apply(TOLD({"refunds", "[" REFUND("b", "FAILURE", "0.6") "]"})),
                     NEWS_REFUSED);
}
END_TEST

struct exceptions_work {
    int64_t order;
    struct exception *rows;
    int n;
};

static enum rc exceptions_fn(struct sql *q, void *arg, struct err *e)
{
    struct exceptions_work *w = arg;
    struct order o;
    enum rc rc = orders_by_key(q, desk.arena, desk.merchant, "jp1636474794", &o, e);
    return rc == RC_OK ? exceptions_of_order(q, desk.arena, o.id, &w->rows, &w->n, e) : rc;
}

static struct exceptions_work exceptions(void)
{
    struct exceptions_work w = {0};
    desk_look(exceptions_fn, &w);
    return w;
}

START_TEST(over_the_ceiling_is_for_a_person)
{
    told_apply(
        TOLD({"refunds", "[" REFUND("a", "SUCCESS", "0.7") "," REFUND("b", "SUCCESS", "0.7") "]"}));
    struct txn t = shop_txn(TXN);
    ck_assert_int_eq(t.held_minor, 100);
    ck_assert_int_eq(t.refunded_minor, 100);
    struct exceptions_work w = exceptions();
    ck_assert_int_eq(w.n, 1);
    ck_assert_str_eq(w.rows[0].kind, "over_ceiling");
    ck_assert_str_eq(w.rows[0].unique_request_id, "b");
    told_apply(
        TOLD({"refunds", "[" REFUND("a", "SUCCESS", "0.7") "," REFUND("b", "SUCCESS", "0.7") "]"}));
    ck_assert_int_eq(exceptions().n, 1);
}
END_TEST

START_TEST(contrary_news_open_an_exception_and_hold)
{
    told_apply(TOLD({"refunds", "[" REFUND("a", "FAILURE", "0.7") "]"}));
    ck_assert_int_eq(shop_txn(TXN).held_minor, 0);
    told_apply(TOLD({"refunds", "[" REFUND("a", "SUCCESS", "0.7") "]"}));
    ck_assert_int_eq(exceptions().n, 1);
    ck_assert_int_eq(shop_txn(TXN).held_minor, 70);
    ck_assert_int_eq(shop_txn(TXN).refunded_minor, 0);
}
END_TEST

START_TEST(our_own_refund_moves_by_the_machine)
{
    told_apply(TOLD({"refunds", NULL}, {"amount", "10"}, {"effective_amount", "10"},
                    {"txn_detail.txn_amount", "10"}, {"date_created", "\"2026-11-09T16:19:55Z\""}));
    struct refund_answer answer = shop_ask(ORDER, "u1", "4");
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    shop_apply(answer.refund.id, EVENT_SEND);
    struct json_object *told =
        TOLD({"refunds", "[" REFUND("u1", "SUCCESS", "4") "]"}, {"amount", "10"},
             {"effective_amount", "10"}, {"txn_detail.txn_amount", "10"});
    ck_assert_int_eq(told_apply(told), NEWS_APPLIED);
    struct refund r = shop_refund(answer.refund.id);
    ck_assert_str_eq(r.status, "SUCCESS");
    ck_assert_str_eq(r.gateway_ref, "rfnd_u1");
    ck_assert_str_eq(r.source, "API");
    ck_assert_int_eq(shop_txn(TXN).refunded_minor, 400);
}
END_TEST

/* A gateway's own news of one refund of this payment. */
static struct json_object *gateway_refund(const char *payment_id, const char *refund)
{
    struct json_object *told = TOLD({"txn_detail", NULL}, {"txn_id", NULL}, {"order_id", NULL},
                                    {"amount", NULL}, {"status", NULL}, {"refunds", refund});
    json_put_text(json_get(told, "payment_gateway_response"), "epg_txn_id", payment_id);
    return told;
}

START_TEST(a_refund_that_may_be_one_without_an_answer_waits)
{
    static const char heard[] =
        "[{\"ref\":\"rfnd_9\",\"status\":\"SUCCESS\",\"amount\":0.4,\"currency\":\"INR\"}]";
    told_apply(TOLD({"refunds", "[{\"unique_request_id\":\"u1\",\"status\":\"PENDING\","
                                "\"amount\":0.4}]"}));
    struct json_object *told = gateway_refund("pay_IJZKtTpkiYWE24", heard);
    told_refuses_gateway(told, SHOP_NOW_MS, RC_BUSY);
    told_apply(TOLD({"refunds", "[" REFUND("u1", "PENDING", "0.4") "]"}));
    ck_assert_int_eq(told_apply_gateway(told, SHOP_NOW_MS), NEWS_APPLIED);
    ck_assert_int_eq(shop_txn(TXN).held_minor, 80);
    ck_assert_int_eq(shop_txn(TXN).refunded_minor, 40);
}
END_TEST

#define TEN                                       \
    {"amount", "10"}, {"effective_amount", "10"}, \
    {                                             \
        "txn_detail.txn_amount", "10"             \
    }

START_TEST(only_the_gateway_itself_frees_what_we_have_sent)
{
    told_apply(TOLD({"refunds", NULL}, TEN, {"date_created", "\"2026-11-09T16:19:55Z\""}));
    int64_t id = shop_ask(ORDER, "u1", "4").refund.id;
    shop_apply(id, EVENT_SEND);
    shop_apply(id, EVENT_UNKNOWN);
    shop_apply(id, EVENT_ACCEPTED);
    told_apply(TOLD({"refunds", "[" REFUND("u1", "FAILURE", "4") "]"}, TEN));
    ck_assert_str_eq(shop_refund(id).state, "ACCEPTED");
    ck_assert_int_eq(shop_txn(TXN).held_minor, 400);
    ck_assert_int_eq(shop_jobs(JOB_INQUIRE), 1);
    struct json_object *told =
        gateway_refund("pay_IJZKtTpkiYWE24", "[" REFUND("u1", "FAILURE", "4") "]");
    told_apply_gateway(told, SHOP_NOW_MS);
    ck_assert_str_eq(shop_refund(id).state, "FAILURE");
    ck_assert_int_eq(shop_txn(TXN).held_minor, 0);
}
END_TEST

START_TEST(a_gateways_refund_of_an_unknown_payment_is_early)
{
    struct json_object *told = gateway_refund("pay_none", "[" REFUND("a", "SUCCESS", "0.4") "]");
    ck_assert_int_eq(told_apply_gateway(told, SHOP_NOW_MS), NEWS_EARLY);
}
END_TEST

START_TEST(names_all_that_is_wrong)
{
    static const struct {
        const char *path, *json, *field;
    } rows[] = {
        {"order_id", NULL, "order_id"},
        {"order_id", "\"a/b\"", "order_id"},
        {"order_id", "[1]", "order_id"},
        {"amount", NULL, "amount"},
        {"amount", "0", "amount"},
        {"amount", "\"1e3\"", "amount"},
        {"amount", "1.005", "amount"},
        {"amount", "-1", "amount"},
        {"currency", NULL, "currency"},
        {"currency", "\"XXQ\"", "currency"},
        {"status", "\"PAID\"", "status"},
        {"status", "{}", "status"},
        {"date_created", "\"yesterday\"", "date_created"},
        {"customer_email", "[]", "customer_email"},
        {"metadata", "\"text\"", "metadata"},
        {"offers", "{}", "offers"},
        {"payment_links", "[]", "payment_links"},
        {"txn_detail", "7", "txn_detail"},
        {"txn_detail.txn_amount", "\"x\"", "txn_detail.txn_amount"},
        {"txn_detail.currency", "\"USD\"", "txn_detail.currency"},
        {"txn_detail.gateway_id", "\"x\"", "txn_detail.gateway_id"},
        {"txn_detail.redirect", "\"maybe\"", "txn_detail.redirect"},
        {"refunds", "{}", "refunds"},
        {"refunds", "[7]", "refunds[0].status"},
        {"refunds", "[{\"status\":\"SUCCESS\",\"amount\":1}]", "refunds[0].unique_request_id"},
        {"refunds", "[{\"status\":\"DONE\",\"unique_request_id\":\"a\",\"amount\":1}]",
         "refunds[0].status"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *fault = told_fault(TOLD({rows[i].path, rows[i].json}));
        ck_assert_msg(str_starts(fault, arena_printf(desk.arena, "%s:", rows[i].field)),
                      "%s %s: %s", rows[i].path, rows[i].json ? rows[i].json : "(absent)", fault);
    }
    ck_assert(str_starts(told_fault(TOLD({"txn_detail", NULL}, {"txn_id", NULL})), "txn_detail:"));
    ck_assert(str_starts(told_fault(TOLD({"currency", NULL}, {"txn_detail.currency", "\"IN1\""})),
                         "currency:"));
    ck_assert(str_starts(told_fault(json_array_in(desk.arena)), "order:"));
    ck_assert(str_starts(told_fault(NULL), "order:"));
}
END_TEST

START_TEST(refuses_texts_just_over_the_vendors_ceilings)
{
    static const struct {
        const char *path;
        int limit;
    } rows[] = {{"udf1", LIMIT_UDF},
                {"customer_phone", LIMIT_CUSTOMER},
                {"product_id", LIMIT_PRODUCT_ID},
                {"auth_type", LIMIT_AUTH_TYPE},
                {"payment_method", LIMIT_PAYMENT_METHOD},
                {"card.name_on_card", LIMIT_CARD_TEXT},
                {"card.card_type", LIMIT_CARD_TYPE},
                {"txn_detail.gateway", LIMIT_GATEWAY_NAME},
                {"txn_detail.error_message", LIMIT_ERROR_MESSAGE},
                {"payment_gateway_response.resp_message", LIMIT_RESP_MESSAGE},
                {"payment_gateway_response.epg_txn_id", LIMIT_PAYMENT_ID},
                {"payment_gateway_response.rrn", LIMIT_PAYMENT_ID}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf text;
        buf_init(&text, desk.arena);
        buf_putc(&text, '"');
        for (int n = 0; n < rows[i].limit; n++)
            buf_putc(&text, 'x');
        const char *fits = arena_printf(desk.arena, "%s\"", buf_text(&text));
        const char *over = arena_printf(desk.arena, "%sx\"", buf_text(&text));
        ck_assert_str_eq(told_fault(TOLD({rows[i].path, fits})), "");
        ck_assert_msg(strstr(told_fault(TOLD({rows[i].path, over})), "longer") != NULL, "%s",
                      rows[i].path);
    }
}
END_TEST

START_TEST(no_card_number_stays_whole)
{
    static const char pan[] = "4111111111111111";
    told_apply(TOLD(
        {"udf1", "\"card 4111111111111111\""}, {"description", "\"4111 1111 1111 1111!\""},
        {"customer_phone", "4111111111111111"},
        {"metadata", "{\"n\":4111111111111111,\"4111111111111111\":[\"4111-1111-1111-1111\"]}"},
        {"card", "{\"card_number\":\"4111111111111111\",\"cvv\":\"123\","
                 "\"name_on_card\":\"A 4111111111111111\"}"},
        {"txn_detail.error_message", "\"declined 4111111111111111\""}));
    struct json_object *body = told_body(ORDER);
    ck_assert_ptr_null(strstr(plain(body), pan));
    ck_assert_ptr_null(strstr(plain(body), "4111 1111 1111"));
    ck_assert_ptr_null(strstr(plain(body), "4111-1111-1111"));
    ck_assert_str_eq(TEXT(body, "udf1"), "card 411111******1111");
    struct json_object *card = json_get(body, "card");
    ck_assert_str_eq(TEXT(card, "card_isin"), "411111");
    ck_assert_str_eq(TEXT(card, "last_four_digits"), "1111");
}
END_TEST

#define SPLIT(market, vendor)                                            \
    "{\"split_settlement_details\":{\"marketplace\":{\"amount\":" market \
    "},\"vendor\":{\"split\":[{"                                         \
    "\"sub_mid\":\"v1\",\"amount\":" vendor "}]}}}"

START_TEST(a_split_settlement_is_kept_and_never_changes)
{
    ck_assert(str_starts(told_fault(TOLD({"metadata", SPLIT("0.4", "0.5")})),
                         "metadata.split_settlement_details:"));
    ck_assert_int_eq(told_apply(TOLD({"metadata", SPLIT("0.4", "0.6")}, {"refunds", NULL})),
                     NEWS_APPLIED);
    ck_assert_int_eq(told_apply(TOLD({"metadata", SPLIT("0.4", "0.6")}, {"refunds", NULL})),
                     NEWS_KNOWN);
    ck_assert_int_eq(told_apply(TOLD({"metadata", SPLIT("0.3", "0.7")}, {"refunds", NULL})),
                     NEWS_REFUSED);
}
END_TEST

START_TEST(imported_history_writes_no_events)
{
    ck_assert_int_eq(told_apply_imported(TOLD({"refunds", "[" REFUND("a", "SUCCESS", "0.4") "]"})),
                     NEWS_APPLIED);
    ck_assert_int_eq(shop_txn(TXN).refunded_minor, 40);
    ck_assert_int_eq(told_apply_imported(TOLD({"refunds", "[" REFUND("a", "SUCCESS", "0.4") "]"})),
                     NEWS_KNOWN);
}
END_TEST

suite_fn t_order_news_suite;
Suite *t_order_news_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("order_news", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, what_comes_in_goes_out_again);
    tcase_add_test(tc, an_envelope_says_the_same_as_its_order);
    tcase_add_test(tc, the_same_again_is_known);
    tcase_add_test(tc, later_news_hold_whatever_arrives_first);
    tcase_add_test(tc, news_of_the_future_hold_only_until_the_next);
    tcase_add_test(tc, another_amount_or_currency_is_never_applied);
    tcase_add_test(tc, the_amount_may_change_while_nothing_is_paid);
    tcase_add_test(tc, a_foreign_refund_holds_settles_and_frees);
    tcase_add_test(tc, over_the_ceiling_is_for_a_person);
    tcase_add_test(tc, contrary_news_open_an_exception_and_hold);
    tcase_add_test(tc, our_own_refund_moves_by_the_machine);
    tcase_add_test(tc, a_refund_that_may_be_one_without_an_answer_waits);
    tcase_add_test(tc, only_the_gateway_itself_frees_what_we_have_sent);
    tcase_add_test(tc, a_gateways_refund_of_an_unknown_payment_is_early);
    tcase_add_test(tc, names_all_that_is_wrong);
    tcase_add_test(tc, refuses_texts_just_over_the_vendors_ceilings);
    tcase_add_test(tc, no_card_number_stays_whole);
    tcase_add_test(tc, a_split_settlement_is_kept_and_never_changes);
    tcase_add_test(tc, imported_history_writes_no_events);
    return s;
}
