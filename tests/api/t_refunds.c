#include "api/rig.h"
#include "core/str.h"
#include <string.h>

#define PATH "/orders/o-1/refunds"

static void setup(void)
{
    rig_open();
    shop_add((struct shop_order){.order_id = "o-1"}); /* 1000.00 INR */
}

static void expect_created(const struct rig_answer *a, const char *amount)
{
    ck_assert_msg(a->status == 200, "%s", a->body);
    ck_assert_str_eq(rig_member(a, "status"), "CHARGED");
    ck_assert_str_eq(rig_member(a, "refunds.0.status"), "PENDING");
    ck_assert_str_eq(rig_member(a, "refunds.0.sent_to_gateway"), "false");
    ck_assert_str_eq(rig_member(a, "refunds.0.initiated_by"), "API");
    ck_assert_ptr_nonnull(strstr(a->body, arena_printf(rig.arena, "\"amount\":%s,", amount)));
}

struct good {
    const char *type, *target, *body, *amount;
};

static const struct good GOOD[] = {
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=100.00", "100"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=98.2", "98.2"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1", "1000"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&order_id=O-1&amount=1", "1"},
    {DOUBLE_FORM, PATH "?order_id=o-1", "unique_request_id=u1&amount=1", "1"},
    {DOUBLE_FORM, "/orders/O-1/refunds", "unique_request_id=u1&amount=1", "1"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=1&something=else&a[b]=c", "1"},
    {DOUBLE_FORM, PATH, "unique_request_id=a+b%2Fc&amount=1", "1"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=1&refund_type=STANDARD", "1"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=1&refund_type=INSTANT_WITH_FALLBACK", "1"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=1&refund_reason=GOODWILL", "1"},
    {DOUBLE_FORM, PATH, "unique_request_id=u1&amount=1&metadata[a]=b", "1"},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u1\",\"amount\":100.00}", "100"},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u1\",\"amount\":\"100.00\"}", "100"},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":12345,\"amount\":1}", "1"},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u1\"}", "1000"},
    {"application/json;charset=UTF-8", PATH, "{\"unique_request_id\":\"u1\",\"amount\":1}", "1"},
};

START_TEST(creates_a_refund)
{
    const struct good *g = &GOOD[_i];
    struct rig_answer a = rig_call("POST", g->target, NULL, g->type, g->body);
    expect_created(&a, g->amount);
}
END_TEST

START_TEST(the_answer_lists_the_newest_first)
{
    ck_assert_int_eq(rig_post(PATH, "unique_request_id=first&amount=10").status, 200);
    struct rig_answer a = rig_post(PATH, "unique_request_id=second&amount=20");
    ck_assert_str_eq(rig_member(&a, "refunds.0.unique_request_id"), "second");
    ck_assert_str_eq(rig_member(&a, "refunds.1.unique_request_id"), "first");
    ck_assert_str_eq(rig_member(&a, "refunds.0.refund_source"), "RAZORPAY");
    ck_assert_str_eq(rig_member(&a, "refunds.0.txn_id"), "o-1-1");
}
END_TEST

struct bad {
    const char *type, *target, *body, *code, *message, *field;
};

#define AMOUNT     "INVALID_AMOUNT", "Amount is invalid", "amount"
#define MISSING    "INVALID", "Mandatory fields are missing", "unique_request_id"
#define BAD(field) "INVALID", "Bad request", field

static const struct bad BAD[] = {
    {DOUBLE_FORM, PATH, "", MISSING},
    {DOUBLE_FORM, PATH, "amount=1", MISSING},
    {DOUBLE_FORM, PATH, "unique_request_id=&amount=1", MISSING},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":null,\"amount\":1}", MISSING},
    {DOUBLE_FORM, PATH, "unique_request_id=u&refund_type=NOPE", BAD("refund_type")},
    {DOUBLE_FORM, PATH, "unique_request_id=u&refund_reason=NOPE", BAD("refund_reason")},
    {DOUBLE_FORM, PATH, "unique_request_id=u&order_id=o-2", BAD("order_id")},
    {DOUBLE_FORM, PATH "?order_id=o-2", "unique_request_id=u", BAD("order_id")},
    {DOUBLE_FORM, PATH, "unique_request_id=u&metadata=nonsense", BAD("metadata")},
    {DOUBLE_FORM, PATH, "unique_request_id=%E0%A4%B0", BAD("unique_request_id")},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"metadata\":[]}", BAD("metadata")},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"refund_type\":true}", BAD("refund_type")},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=", AMOUNT},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=0", AMOUNT},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=-1", AMOUNT},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=1e3", AMOUNT},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=+1", AMOUNT},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=1.005", AMOUNT},
    {DOUBLE_FORM, "/orders/unknown/refunds", "unique_request_id=u&amount=x", AMOUNT},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"amount\":null}", AMOUNT},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"amount\":\"\"}", AMOUNT},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"amount\":true}", AMOUNT},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"amount\":{}}", AMOUNT},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"amount\":1e3}", AMOUNT},
    {DOUBLE_JSON, PATH, "{\"unique_request_id\":\"u\",\"amount\":-1}", AMOUNT},
    {DOUBLE_FORM, "/orders/unknown/refunds", "unique_request_id=u&amount=1", "INVALID_ORDERID",
     "Not found", "order_id"},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=0.99", "INVALID_AMOUNT",
     "Refund cannot be initiated with amount lesser than Rs.1", "amount"},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=1000.01", "INVALID_AMOUNT_REFUND",
     "Refund amount exceeds the total refundable amount", "amount"},
    {DOUBLE_FORM, PATH, "unique_request_id=u&amount=1&refund_type=INSTANT", "REFUND_REJECTED",
     "Refunds are not supported for the gateway with which the forward order/transaction was "
     "processed",
     NULL},
};

START_TEST(refuses_and_changes_nothing)
{
    const struct bad *b = &BAD[_i];
    struct rig_answer a = rig_call("POST", b->target, NULL, b->type, b->body);
    ck_assert_msg(a.status == 400, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "status"), "ERROR");
    ck_assert_str_eq(rig_member(&a, "status_id"), "-1");
    ck_assert_str_eq(rig_member(&a, "error_code"), b->code);
    ck_assert_str_eq(rig_member(&a, "error_message"), b->message);
    ck_assert_str_eq(rig_member(&a, "error_info.cause"), b->code);
    if (b->field)
        ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), b->field);
    else
        ck_assert_str_eq(rig_member(&a, "error_info.fields"), "[ ]");
    a = rig_get("/orders/o-1");
    ck_assert_ptr_null(rig_member(&a, "refunds"));
    ck_assert_int_eq(shop_jobs("send"), 0);
}
END_TEST

START_TEST(a_repeated_id_is_refused_in_both_families)
{
    ck_assert_int_eq(rig_post(PATH, "unique_request_id=u&amount=1").status, 200);
    struct rig_answer a = rig_post(PATH, "unique_request_id=u&amount=2");
    ck_assert_str_eq(rig_member(&a, "error_code"), "REFUND_DUPLICATE_REQUEST");
    a = rig_call("POST", PATH, "2023-06-30", DOUBLE_FORM, "unique_request_id=u&amount=2");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "status"), "ERROR");
    ck_assert_str_eq(rig_member(&a, "status_id"), "-1");
    ck_assert_str_eq(rig_member(&a, "error_code"), "duplicate.call");
    ck_assert_str_eq(rig_member(&a, "error_info.cause"), "REFUND_DUPLICATE_REQUEST");
    ck_assert_int_eq(rig_post(PATH, "unique_request_id=U&amount=2").status, 200);
}
END_TEST

START_TEST(the_older_family_says_missing_and_unknown_its_own_way)
{
    struct rig_answer a = rig_call("POST", PATH, "2023-06-30", DOUBLE_FORM, "amount=1");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "status"), "Bad Request");
    ck_assert_str_eq(rig_member(&a, "error_code"), "Mandatory fields are missing");
    a = rig_call("POST", "/orders/unknown/refunds", "2023-06-30", DOUBLE_FORM,
                 "unique_request_id=u&amount=1");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "status"), "NOT_FOUND");
    ck_assert_str_eq(rig_member(&a, "status_id"), "40");
    ck_assert_str_eq(rig_member(&a, "order_id"), "unknown");
    ck_assert_str_eq(rig_member(&a, "error_info.cause"), "INVALID_ORDERID");
}
END_TEST

START_TEST(texts_are_measured_to_the_byte)
{
    for (int extra = 0; extra < 2; extra++) {
        char id[300] = "";
        memset(id, 'u', (size_t)(255 + extra));
        struct rig_answer a = rig_post(
            PATH, arena_printf(rig.arena, "unique_request_id=%s&amount=%d", id, extra + 1));
        ck_assert_int_eq(a.status, extra ? 400 : 200);
        if (extra)
            ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "unique_request_id");
    }
}
END_TEST

START_TEST(a_hostile_text_comes_back_as_text)
{
    struct rig_answer a = rig_json(PATH, "{\"unique_request_id\":\"<b>\\\"&'\",\"amount\":1,"
                                         "\"metadata\":{\"</script>\":\"\\u2028\"}}");
    expect_created(&a, "1");
    ck_assert_str_eq(rig_member(&a, "refunds.0.unique_request_id"), "<b>\"&'");
    ck_assert_str_eq(rig_member(&a, "refunds.0.metadata.</script>"), "\xe2\x80\xa8");
}
END_TEST

Suite *t_refunds_suite(void)
{
    TCase *t;
    Suite *s = suite_of("refunds", &t);
    tcase_add_checked_fixture(t, setup, rig_close);
    tcase_add_loop_test(t, creates_a_refund, 0, COUNT(GOOD));
    tcase_add_test(t, the_answer_lists_the_newest_first);
    tcase_add_loop_test(t, refuses_and_changes_nothing, 0, COUNT(BAD));
    tcase_add_test(t, a_repeated_id_is_refused_in_both_families);
    tcase_add_test(t, the_older_family_says_missing_and_unknown_its_own_way);
    tcase_add_test(t, texts_are_measured_to_the_byte);
    tcase_add_test(t, a_hostile_text_comes_back_as_text);
    return s;
}
