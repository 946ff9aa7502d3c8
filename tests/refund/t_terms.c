/*
 * Payouts and instant refunds through the validation core: what is judged, in which order, and what
 * is written with the refund.
 */
#include "core/json.h"
#include "core/str.h"
#include "refund/shop.h"
#include "store/jobs.h"
#include "support/suite.h"
#include <string.h>

#define AMOUNT(text) .amount_given = GIVEN_TEXT, .amount = (text)

static void open_terms(void)
{
    shop_open();
    shop_gateway((struct gateway_row){.name = "2C2P", .can_payout = true});
    shop_gateway((struct gateway_row){
        .name = "AIRWALLEX", .can_payout = true, .reference_id = "bus", .gateway_id = 61});
    shop_gateway((struct gateway_row){.name = "MORPHEUS", .can_refund = true, .can_instant = true});
}

static struct refund_answer asked(struct refund_request req)
{
    return shop_ask_full(req);
}

static void refused(struct refund_request req, enum cause cause, const char *said)
{
    struct refund_answer answer = asked(req);
    ck_assert_msg(answer.cause == cause, "cause %d (%s) instead of %d", (int)answer.cause,
                  str_or(answer.detail, cause_row(answer.cause)->message), (int)cause);
    if (said != NULL)
        ck_assert_msg(answer.detail != NULL && strstr(answer.detail, said) != NULL, "%s, not %s",
                      answer.detail, said);
}

static const struct payout_ask *payout(const char *json)
{
    struct payout_ask *ask = arena_alloc(desk.arena, sizeof *ask);
    struct err e;
    ck_assert_int_eq(payout_read(desk.arena, json, ask, &e), RC_OK);
    return ask;
}

#define UPI "{\"type\":\"UPI_ID\",\"details\":{\"name\":\"Asha Rao\",\"vpa\":\"asha.rao@okbank\"}}"

/* ---- instant */

START_TEST(instant_needs_a_gateway_that_can)
{
    shop_add((struct shop_order){.order_id = "SLOW"});
    shop_add((struct shop_order){.order_id = "FAST", .gateway = "MORPHEUS"});
    struct refund_request req = {
        .order_id = "SLOW", .unique_request_id = "u1", .refund_type = "INSTANT", AMOUNT("1")};
    refused(req, CAUSE_GATEWAY_CANNOT, NULL);
    req.refund_type = "INSTANT_WITH_FALLBACK";
    ck_assert_str_eq(asked(req).refund.refund_type, "STANDARD");
    req.order_id = "FAST";
    ck_assert_str_eq(asked(req).refund.refund_type, "INSTANT");
    req.unique_request_id = "u2";
    req.refund_type = "INSTANT";
    req.amount = "2";
    ck_assert_str_eq(asked(req).refund.refund_type, "INSTANT");
    req.unique_request_id = "u3";
    req.refund_type = NULL;
    req.amount = "3";
    ck_assert_str_eq(asked(req).refund.refund_type, "STANDARD");
}
END_TEST

/* ---- payouts */

static struct refund_request pay(const char *order_id, const char *unique_request_id)
{
    return (struct refund_request){.order_id = order_id,
                                   .unique_request_id = unique_request_id,
                                   .refund_type = "PAYOUT",
                                   AMOUNT("98.20"),
                                   .payout = payout(UPI)};
}

START_TEST(a_payout_keeps_its_payee_sealed)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_answer answer = asked(pay("ORD", "u1"));
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    ck_assert_str_eq(answer.refund.refund_type, "PAYOUT");
    ck_assert_str_eq(answer.refund.gateway, "2C2P");
    struct refund_view v = shop_view(answer.refund.id);
    ck_assert_str_eq(v.payee->masked, "a•••@okbank");
    ck_assert_ptr_null(v.payee->reference_id);
    size_t n;
    const char *details =
        secret_open(desk.arena, &shop_secret, v.payee->sealed, v.payee->sealed_n, &n);
    ck_assert_str_eq(details, "{\"name\":\"Asha Rao\",\"vpa\":\"asha.rao@okbank\"}");
    ck_assert_ptr_nonnull(strstr(shop_frozen(v.refund), "\"account\":\"a•••@okbank\""));
    ck_assert_ptr_null(strstr(shop_frozen(v.refund), "asha.rao"));
    ck_assert_int_eq(shop_txn("ORD-1").held_minor, 9820);
    ck_assert_int_eq(shop_jobs(JOB_SEND), 1);
}
END_TEST

START_TEST(age_and_gateway_do_not_matter_to_a_payout)
{
    shop_add((struct shop_order){.order_id = "OLD", .age_days = 400, .gateway = "LEGACY"});
    shop_add((struct shop_order){.order_id = "NOID", .no_payment_id = true});
    shop_add((struct shop_order){.order_id = "CASH", .method = "CASH"});
    refused(pay("OLD", "u1"), CAUSE_NONE, NULL);
    refused(pay("NOID", "u1"), CAUSE_NO_PAYMENT_ID, NULL);
    refused(pay("CASH", "u1"), CAUSE_COD, NULL);
}
END_TEST

static const struct {
    const char *gateway, *reference_id;
    const char *chosen; /* NULL: refused */
} choices[] = {
    {NULL, NULL, "2C2P"},
    {"2C2P", NULL, "2C2P"},
    {"AIRWALLEX", NULL, "AIRWALLEX"},
    {"AIRWALLEX", "Bus", "AIRWALLEX"},
    {"AIRWALLEX", "train", NULL},
    {"2C2P", "bus", NULL},
    {"RAZORPAY", NULL, NULL},
    {"NOBODY", NULL, NULL},
    {"airwallex", NULL, NULL},
};

START_TEST(goes_by_the_gateway_that_was_asked_for)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_request req = pay("ORD", "u1");
    struct payout_ask to = *req.payout;
    to.gateway = choices[_i].gateway;
    to.gateway_reference_id = choices[_i].reference_id;
    req.payout = &to;
    struct refund_answer answer = asked(req);
    if (choices[_i].chosen == NULL) {
        ck_assert_int_eq(answer.cause, CAUSE_SPLIT_OR_BENEFICIARY);
        ck_assert_str_eq(answer.field, "preferred_gateway");
        ck_assert_ptr_nonnull(strstr(answer.detail, to.gateway));
        return;
    }
    ck_assert_str_eq(answer.refund.gateway, choices[_i].chosen);
    ck_assert_pstr_eq(answer.flat.payee->reference_id,
                      str_eq(choices[_i].chosen, "AIRWALLEX") ? "bus" : NULL);
}
END_TEST

START_TEST(needs_a_payout_gateway)
{
    shop_close();
    shop_open();
    shop_add((struct shop_order){.order_id = "ORD"});
    refused(pay("ORD", "u1"), CAUSE_SPLIT_OR_BENEFICIARY, "no payout gateway");
}
END_TEST

START_TEST(names_the_field_of_the_beneficiary)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_request req = pay("ORD", "u1");
    req.payout = NULL;
    struct refund_answer answer = asked(req);
    ck_assert_int_eq(answer.cause, CAUSE_SPLIT_OR_BENEFICIARY);
    ck_assert(answer.missing);
    ck_assert_str_eq(answer.field, "beneficiary_details");
    req.payout = payout("{\"type\":\"UPI_ID\",\"details\":{\"name\":\"A\",\"vpa\":\"nobody\"}}");
    answer = asked(req);
    ck_assert(!answer.missing);
    ck_assert_str_eq(answer.field, "beneficiary_details.details.vpa");
    ck_assert_ptr_null(strstr(answer.detail, "nobody"));
    req.order_id = "NONE";
    refused(req, CAUSE_ORDER_UNKNOWN, NULL);
    req.refund_type = NULL;
    req.order_id = "ORD";
    refused(req, CAUSE_NONE, NULL);
}
END_TEST

static enum rc keep_payee(struct sql *q, void *arg, struct err *e)
{
    const struct payee *p = arg;
    return beneficiaries_insert(q, desk.merchant, p, e);
}

START_TEST(pays_a_kept_beneficiary)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    struct payee kept = {.beneficiary_id = "bene_1",
                         .type = "UPI_ID",
                         .name = "Asha",
                         .masked = "a•••@okbank",
                         .sealed = "box",
                         .sealed_n = 3,
                         .created_ms = 5};
    desk_write(keep_payee, &kept);
    struct payout_ask to = {.beneficiary_id = "bene_1"};
    struct refund_request req = pay("ORD", "u1");
    req.payout = &to;
    struct refund_answer answer = asked(req);
    ck_assert_int_eq(answer.cause, CAUSE_NONE);
    struct refund_view v = shop_view(answer.refund.id);
    ck_assert_str_eq(v.payee->beneficiary_id, "bene_1");
    ck_assert_mem_eq(v.payee->sealed, "box", 3);
    to.beneficiary_id = "bene_2";
    req.unique_request_id = "u2";
    req.amount = "1";
    refused(req, CAUSE_SPLIT_OR_BENEFICIARY, "no such beneficiary");
    to = *payout(UPI);
    to.beneficiary_id = "bene_1";
    refused(req, CAUSE_SPLIT_OR_BENEFICIARY, "not both");
}
END_TEST

START_TEST(tells_the_refund_flat)
{
    static const char *const sample[] = {"unique_request_id",
                                         "txn_id",
                                         "status",
                                         "sent_to_gateway",
                                         "response_code",
                                         "refund_type",
                                         "order_id",
                                         "payout_gateway_details",
                                         "initiated_by",
                                         "epg_txn_id",
                                         "created",
                                         "authorization_id",
                                         "amount",
                                         "currency",
                                         "error_code",
                                         "error_message",
                                         "refund_source",
                                         "ref",
                                         "refund_arn"};
    shop_add((struct shop_order){.order_id = "ORD"});
    struct refund_answer answer = asked(pay("ORD", "u1"));
    struct json_object *made = refund_flat_body(desk.arena, &answer.flat);
    for (size_t i = 0; i < sizeof sample / sizeof sample[0]; i++)
        ck_assert_msg(json_has(made, sample[i]), "%s is missing", sample[i]);
    struct refund_view v = shop_view(answer.refund.id);
    ck_assert_str_eq(json_write(desk.arena, made),
                     json_write(desk.arena, refund_flat_body(desk.arena, &v)));
    ck_assert_str_eq(json_text(desk.arena, json_get(made, "payout_gateway_details"), "gateway"),
                     "2C2P");
    ck_assert_str_eq(json_text(desk.arena, made, "amount"), "98.2");
    ck_assert_ptr_null(json_text(desk.arena, made, "epg_txn_id"));
    shop_apply(answer.refund.id, EVENT_SEND);
    shop_apply(answer.refund.id, EVENT_DONE);
    v = shop_view(answer.refund.id);
    made = refund_flat_body(desk.arena, &v);
    ck_assert_str_eq(json_text(desk.arena, made, "epg_txn_id"), "rfnd_1");
    ck_assert_str_eq(json_text(desk.arena, made, "ref"), "rfnd_1");
}
END_TEST

suite_fn t_terms_suite;
Suite *t_terms_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("terms", &tc);
    tcase_add_checked_fixture(tc, open_terms, shop_close);
    tcase_add_test(tc, instant_needs_a_gateway_that_can);
    tcase_add_test(tc, a_payout_keeps_its_payee_sealed);
    tcase_add_test(tc, age_and_gateway_do_not_matter_to_a_payout);
    tcase_add_loop_test(tc, goes_by_the_gateway_that_was_asked_for, 0,
                        sizeof choices / sizeof choices[0]);
    tcase_add_test(tc, needs_a_payout_gateway);
    tcase_add_test(tc, names_the_field_of_the_beneficiary);
    tcase_add_test(tc, pays_a_kept_beneficiary);
    tcase_add_test(tc, tells_the_refund_flat);
    return s;
}
