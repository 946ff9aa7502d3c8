/*
 * POST /refunds, and POST /order/refund: the same core, other shapes.
 */
#include "api/rig.h"
#include "core/str.h"
#include <string.h>

static void setup(void)
{
    rig_open();
    shop_add((struct shop_order){.order_id = "o-1"}); /* 1000.00 INR, txn o-1-1 */
}

struct good {
    const char *type, *target, *body, *amount;
};

static const struct good GOOD[] = {
    {DOUBLE_FORM, "/refunds", "txn_id=o-1-1&unique_request_id=u1&amount=98.20", "98.2"},
    {DOUBLE_FORM, "/refunds", "order_id=O-1&unique_request_id=u1&amount=98.20", "98.2"},
    {DOUBLE_FORM, "/refunds", "order_id=o-1&txn_id=o-1-1&unique_request_id=u1", "1000"},
    {DOUBLE_FORM, "/refunds?order_id=o-1", "unique_request_id=u1&amount=1", "1"},
    {DOUBLE_FORM, "/refunds?order_id=o-1&unique_request_id=u1&amount=1", "", "1"},
    {DOUBLE_JSON, "/refunds",
     "{\"txn_id\":\"o-1-1\",\"unique_request_id\":\"u1\",\"amount\":98.20}", "98.2"},
    {"", "/refunds", "order_id=o-1&unique_request_id=u1&amount=1", "1"},
    {"", "/refunds", " {\"order_id\":\"o-1\",\"unique_request_id\":\"u1\",\"amount\":1}", "1"},
};

START_TEST(answers_with_one_flat_refund)
{
    const struct good *g = &GOOD[_i];
    struct rig_answer a = rig_call("POST", g->target, NULL, g->type, g->body);
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "unique_request_id"), "u1");
    ck_assert_str_eq(rig_member(&a, "txn_id"), "o-1-1");
    ck_assert_str_eq(rig_member(&a, "order_id"), "o-1");
    ck_assert_str_eq(rig_member(&a, "status"), "PENDING");
    ck_assert_str_eq(rig_member(&a, "refund_type"), "STANDARD");
    ck_assert_str_eq(rig_member(&a, "sent_to_gateway"), "false");
    ck_assert_str_eq(rig_member(&a, "initiated_by"), "API");
    ck_assert_str_eq(rig_member(&a, "currency"), "INR");
    ck_assert_ptr_nonnull(strstr(a.body, arena_printf(rig.arena, "\"amount\":%s,", g->amount)));
    ck_assert_ptr_null(rig_member(&a, "refunds"));
}
END_TEST

struct alias {
    const char *target, *body;
};

static const struct alias ALIASES[] = {
    {"/order/refund", "order_id=o-1&unique_request_id=u1&amount=5"},
    {"/order/refund?order_id=o-1", "unique_request_id=u1&amount=5"},
    {"/order/refund?order_id=O-1", "order_id=o-1&unique_request_id=u1&amount=5"},
};

START_TEST(the_older_address_answers_with_the_order)
{
    struct rig_answer a = rig_post(ALIASES[_i].target, ALIASES[_i].body);
    ck_assert_msg(a.status == 200, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "order_id"), "o-1");
    ck_assert_str_eq(rig_member(&a, "status"), "CHARGED");
    ck_assert_str_eq(rig_member(&a, "refunds.0.unique_request_id"), "u1");
}
END_TEST

struct bad {
    const char *target, *body, *status, *code, *message, *cause, *field;
};

#define MISSING \
    "Bad Request", "Mandatory fields are missing", "Mandatory fields are missing", "INVALID"
#define BAD    "ERROR", "INVALID", "Bad request", "INVALID"
#define AMOUNT "ERROR", "invalid amount", "Amount is invalid", "INVALID_AMOUNT"

static const struct bad BADS[] = {
    {"/refunds", "", MISSING, "unique_request_id"},
    {"/refunds", "order_id=o-1", MISSING, "unique_request_id"},
    {"/refunds", "unique_request_id=u&amount=1", MISSING, "order_id"},
    {"/refunds", "a=1&a=1", BAD, "body"},
    {"/refunds", "unique_request_id=u&order_id=o-1&metadata=%7B%22a%22", BAD, "metadata"},
    {"/refunds?order_id=o-2", "unique_request_id=u&order_id=o-1", BAD, "order_id"},
    {"/refunds", "unique_request_id=u&order_id=o-1&refund_reason=BOREDOM", BAD, "refund_reason"},
    {"/refunds", "unique_request_id=u&order_id=o-1&amount=0", AMOUNT, "amount"},
    {"/refunds", "unique_request_id=u&order_id=none&amount=1", "NOT_FOUND", "INVALID_ORDERID",
     "Not found", "INVALID_ORDERID", "order_id"},
    {"/refunds", "unique_request_id=u&txn_id=none&amount=1", "ERROR",
     "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND", "Invalid request",
     "SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND", "txn_id"},
    {"/refunds", "unique_request_id=u&txn_id=o-1-1&amount=1000.01", "ERROR",
     "invalid.amount.exceeded", "Refund amount exceeds the refundable amount.",
     "INVALID_AMOUNT_REFUND", "amount"},
    {"/order/refund", "unique_request_id=u", "ERROR", "INVALID", "Mandatory fields are missing",
     "INVALID", "order_id"},
    {"/order/refund?order_id=o-2", "unique_request_id=u&order_id=o-1", "ERROR", "INVALID",
     "Bad request", "INVALID", "order_id"},
};

START_TEST(refuses_in_its_own_words)
{
    const struct bad *b = &BADS[_i];
    struct rig_answer a = rig_post(b->target, b->body);
    ck_assert_msg(a.status == 400, "%s", a.body);
    ck_assert_str_eq(rig_member(&a, "status"), b->status);
    ck_assert_str_eq(rig_member(&a, "error_code"), b->code);
    ck_assert_str_eq(rig_member(&a, "error_message"), b->message);
    ck_assert_str_eq(rig_member(&a, "error_info.cause"), b->cause);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), b->field);
    ck_assert_int_eq(shop_jobs("send"), 0);
}
END_TEST

START_TEST(no_version_changes_its_family)
{
    static const char *const VERSIONS[] = {NULL, "2023-06-30", "2025-01-01", "x"};
    for (int i = 0; i < COUNT(VERSIONS); i++) {
        struct rig_answer a =
            rig_call("POST", "/refunds", VERSIONS[i], DOUBLE_FORM, "order_id=o-1&amount=1");
        ck_assert_str_eq(rig_member(&a, "error_code"), "Mandatory fields are missing");
        ck_assert_str_eq(rig_member(&a, "status"), "Bad Request");
    }
}
END_TEST

START_TEST(an_unknown_order_is_repeated)
{
    struct rig_answer a = rig_post("/refunds", "order_id=n-1&unique_request_id=u&amount=1");
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "status_id"), "40");
    ck_assert_str_eq(rig_member(&a, "order_id"), "n-1");
}
END_TEST

struct faults {
    const char *type, *body, *first, *fields;
};

static const struct faults FAULTS[] = {
    {DOUBLE_FORM, "amount=x&refund_type=NOPE&refund_reason=NOPE&metadata=%5B%5D",
     "Mandatory fields are missing",
     "unique_request_id order_id metadata refund_type refund_reason amount"},
    {DOUBLE_JSON, "{\"order_id\":\"o-1\",\"unique_request_id\":true,\"txn_id\":[],\"amount\":{}}",
     "Mandatory fields are missing", "unique_request_id txn_id amount"},
    {DOUBLE_FORM, "unique_request_id=u&order_id=o-1&refund_reason=NOPE&amount=", "Bad request",
     "refund_reason amount"},
    {DOUBLE_FORM,
     "unique_request_id=u&order_id=o-1&metadata[split_settlement_details]=x&refund_type=PAYOUT"
     "&beneficiary_details=%7B%22a%22&preferred_gateway=y",
     "Bad request", "metadata.split_settlement_details beneficiary_details preferred_gateway"},
};

START_TEST(every_fault_of_a_request_is_listed)
{
    const struct faults *c = &FAULTS[_i];
    struct rig_answer a = rig_call("POST", "/refunds", NULL, c->type, c->body);
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_message"), c->first);
    char *rest = arena_strdup(rig.arena, c->fields);
    int n = 0;
    for (char *field; (field = strsep(&rest, " ")) != NULL; n++) {
        const char *at = arena_printf(rig.arena, "error_info.fields.%d", n);
        ck_assert_str_eq(rig_member(&a, arena_printf(rig.arena, "%s.field_name", at)), field);
        ck_assert(!str_empty(rig_member(&a, arena_printf(rig.arena, "%s.reason", at))));
    }
    const char *more = arena_printf(rig.arena, "error_info.fields.%d", n);
    ck_assert_msg(str_eq(rig_member(&a, more), "null"), "%s", a.body);
}
END_TEST

Suite *t_payout_refunds_suite(void)
{
    TCase *t;
    Suite *s = suite_of("payout_refunds", &t);
    tcase_add_checked_fixture(t, setup, rig_close);
    tcase_add_loop_test(t, answers_with_one_flat_refund, 0, COUNT(GOOD));
    tcase_add_loop_test(t, the_older_address_answers_with_the_order, 0, COUNT(ALIASES));
    tcase_add_loop_test(t, refuses_in_its_own_words, 0, COUNT(BADS));
    tcase_add_loop_test(t, every_fault_of_a_request_is_listed, 0, COUNT(FAULTS));
    tcase_add_test(t, no_version_changes_its_family);
    tcase_add_test(t, an_unknown_order_is_repeated);
    return s;
}
