#include "core/id.h"
#include "core/limits.h"
#include "portal/portal.h"
#include "rig.h"
#include "store/gateways.h"
#include "store/payouts.h"
#include "store/split.h"
#include "support/suite.h"
#include <string.h>

#define FORM "/orders/ORD_1/payout"
#define UPI  "to=UPI_ID&details.name=John+Wick&details.vpa=john@bank"
#define BANK                                                                                 \
    "to=BANK_TRANSFER&transfer_type=LOCAL&payout_mode=FAST&details.first_name=John&"         \
    "details.last_name=Wick&details.account=026687138997581&details.bank_code=JP_MY_PUBLIC&" \
    "details.address.street_address=8,+Bencoolen+St&details.address.city=Singapore&"         \
    "details.address.state=Singapore&details.address.postcode=238858&"                       \
    "details.address.country_code=SGP"

static enum rc add_gateways(struct sql *q, void *arg, struct err *e)
{
    static const char *const names[] = {"AIRWALLEX", "2C2P"};
    enum rc rc = RC_OK;
    (void)arg;
    for (int i = 0; rc == RC_OK && i < 2; i++) {
        struct gateway_row g = {.id = id_new(),
                                .merchant = desk.merchant,
                                .name = names[i],
                                .gateway_id = 900 + i,
                                .adapter = "simulator",
                                .can_payout = true,
                                .reference_id = i == 0 ? "bus" : NULL};
        rc = gateways_insert(q, &g, e);
    }
    return rc;
}

static void order_without_payers(void)
{
    rig_open();
    struct rig_order o = rig_paid_order("ORD_1", RIG_NOW_MS - CLOCK_HOUR_MS);
    struct rig_order old = rig_paid_order("ORD_OLD", RIG_NOW_MS - 400 * CLOCK_DAY_MS);
    rig_insert(&o);
    rig_insert(&old);
}

static void order_and_payers(void)
{
    order_without_payers();
    desk_write(add_gateways, NULL);
}

static char *body_of(const char *form, const char *where, const char *amount, const char *step)
{
    return arena_printf(desk.arena, "txn=%s&id=%s&amount=%s&reason=GOODWILL&note=&%s&step=%s",
                        rig_input(form, "txn"), rig_input(form, "id"), amount, where, step);
}

static const char *form(void)
{
    return rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
}

static const char *send(const char *where, const char *step, const char *words)
{
    return rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form(), where, "300", step)), 200, words);
}

START_TEST(the_popup_leads_to_it_when_a_gateway_can)
{
    rig_has(rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_1/refund", NULL), 200, NULL),
            "/orders/ORD_1/payout?txn=demo-ORD_1-1");
}
END_TEST

START_TEST(without_a_gateway_it_is_not_offered_and_says_why)
{
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_1/refund", NULL), 200, NULL), "/payout");
    const char *html = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, "Cannot be paid out.");
    rig_has(html, "None of the merchant&#39;s gateways can pay out");
    rig_lacks(html, "value=\"confirm\"");
}
END_TEST

START_TEST(the_fields_are_those_of_the_kind)
{
    const char *html = form();
    rig_has(html, "Bank code");
    rig_has(html, "name=\"details.address.city\"");
    rig_has(html, "AIRWALLEX (bus)");
    rig_has(html, "International");
    html = rig_expect(rig_ask(RIG_MAKER, FORM "?to=UPI_ID", NULL), 200, "details.vpa");
    rig_lacks(html, "details.account");
    rig_lacks(html, "transfer_type");
    html = rig_expect(rig_ask(RIG_MAKER, FORM "?to=nonsense", NULL), 200, "Bank code");
    rig_lacks(html, "A kept account");
}
END_TEST

START_TEST(the_confirmation_names_who_gets_it_where_and_by_whom)
{
    const char *html = send(BANK, "confirm", "Pay out 300.00 INR</button>");
    rig_has(html, "Demo Merchant pays");
    rig_has(html, "the account •••• 7581 of John Wick by 2C2P");
    rig_has(html, "It does not go back to VISA •• 1111 by RAZORPAY.");
    rig_has(html, "JP_MY_PUBLIC");
    rig_has(html, "Compare holder and account");
    ck_assert_str_eq(rig_input(html, "details.account"), "026687138997581");
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(faults_stand_beside_their_fields_in_plain_words)
{
    static const struct {
        const char *where, *id, *words;
    } rows[] = {
        {"to=UPI_ID&details.name=John&details.vpa=", "details-vpa-error", "UPI id is missing"},
        {"to=UPI_ID&details.name=John&details.vpa=nonsense", "details-vpa-error", "UPI id "},
        {"to=UPI_ID&details.vpa=a@bank", "details-name-error", "Name of the holder is missing"},
        {"to=ACCOUNT_IFSC&details.name=J&details.account=1234567890&details.ifsc=X",
         "details-ifsc-error", "IFSC "},
        {"to=BANK_TRANSFER&transfer_type=MOON&payout_mode=FAST", "transfer-type-error",
         "Transfer must be LOCAL or INTERNATIONAL."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html = send(rows[i].where, "confirm", rows[i].words);
        rig_has(html, arena_printf(desk.arena, "id=\"%s\"", rows[i].id));
        rig_lacks(html, "Confirm the payout");
        rig_lacks(html, "beneficiary_details");
        send(rows[i].where, "initiate", rows[i].words);
    }
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(back_keeps_what_was_typed)
{
    const char *html = send(UPI, "edit", "Continue");
    ck_assert_str_eq(rig_input(html, "details.vpa"), "john@bank");
    ck_assert_str_eq(rig_input(html, "to"), "UPI_ID");
    ck_assert_str_eq(rig_input(html, "amount"), "300");
}
END_TEST

START_TEST(it_makes_one_refund_that_says_where_it_goes)
{
    const char *body = body_of(form(), UPI, "300", "initiate");
    struct reply done = rig_ask(RIG_MAKER, FORM, body);
    rig_expect(done, 303, NULL);
    struct reply again = rig_ask(RIG_MAKER, FORM, body);
    ck_assert_str_eq(again.location, arena_printf(desk.arena, "%s&again=1", done.location));
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 1);

    const char *html = rig_expect(rig_ask(RIG_MAKER, done.location, NULL), 200, ">Payout</span>");
    rig_has(html, "is paid out to another account");
    const char *link = strstr(html, "href=\"/refunds/");
    ck_assert_ptr_nonnull(link);
    link += strlen("href=\"");
    html =
        rig_expect(rig_ask(RIG_MAKER, arena_strndup(desk.arena, link, strcspn(link, "\"")), NULL),
                   200, "Paid to another account");
    rig_has(html, "John Wick by 2C2P");
    rig_has(html, "Goes to");
    rig_lacks(html, "john@bank");
    rig_lacks(html, "Goes back to");
}
END_TEST

START_TEST(the_chosen_gateway_pays)
{
    const char *page = form();
    const char *option = strstr(page, "\">AIRWALLEX (bus)");
    ck_assert_ptr_nonnull(option);
    const char *id = arena_strndup(desk.arena, option - 13, 13);
    const char *where = arena_printf(desk.arena, UPI "&gateway=%s", id);
    rig_has(send(where, "confirm", NULL), "John Wick by AIRWALLEX");
}
END_TEST

START_TEST(an_order_that_is_too_old_can_only_be_paid_out)
{
    const char *html =
        rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_OLD", NULL), 200, "/orders/ORD_OLD/payout");
    rig_has(html, "disabled");
    rig_lacks(rig_expect(rig_ask(RIG_VIEWER, "/orders/ORD_OLD", NULL), 200, NULL), "/payout");
    html = rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_OLD/payout", NULL), 200, "Continue");
    const char *body = body_of(html, UPI, "300", "initiate");
    rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_OLD/payout", body), 303, NULL);
}
END_TEST

START_TEST(who_may_not_refund_may_not_pay_out)
{
    const char *body = body_of(form(), UPI, "300", "initiate");
    rig_expect(rig_ask(RIG_VIEWER, FORM, NULL), 403, NULL);
    rig_expect(rig_ask(RIG_VIEWER, FORM, body), 403, NULL);
    rig_expect(rig_ask(RIG_MAKER, FORM, arena_printf(desk.arena, "%s&csrf=x", body)), 403, NULL);
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

static enum rc keep(struct sql *q, void *arg, struct err *e)
{
    static const char sealed[] = "sealed";
    const struct payee p = {.beneficiary_id = "bene_0123456789abcdef01234567",
                            .type = "ACCOUNT_IFSC",
                            .name = "Asha Rao",
                            .masked = "•••• 4411",
                            .sealed = sealed,
                            .sealed_n = sizeof sealed,
                            .created_ms = RIG_NOW_MS};
    (void)arg;
    return beneficiaries_insert(q, desk.merchant, &p, e);
}

START_TEST(an_account_that_is_kept_can_be_chosen)
{
    desk_write(keep, NULL);
    rig_has(form(), "Asha Rao · •••• 4411 · Account with IFSC");
    const char *where = "to=KEPT&beneficiary_id=bene_0123456789abcdef01234567";
    rig_has(send("to=KEPT", "initiate", NULL), "Choose one of these accounts.");
    rig_has(send("to=KEPT&beneficiary_id=bene_0", "confirm", NULL),
            "Choose one of these accounts.");
    rig_has(send(where, "confirm", NULL), "the account •••• 4411 of Asha Rao by 2C2P");
    rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form(), where, "300", "initiate")), 303, NULL);
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 1);
}
END_TEST

START_TEST(what_is_typed_is_escaped)
{
    const char *html =
        send("to=UPI_ID&details.name=%3Cb%3E&details.vpa=%22%3E%3Cscript%3E", "confirm", NULL);
    rig_lacks(html, "<script>\"");
    rig_has(html, "&quot;&gt;&lt;script&gt;");
}
END_TEST

suite_fn t_payout_suite;

Suite *t_payout_suite(void)
{
    TCase *t;
    Suite *s = suite_of("payout", &t);
    tcase_add_checked_fixture(t, order_and_payers, rig_close);
    tcase_add_test(t, the_popup_leads_to_it_when_a_gateway_can);
    tcase_add_test(t, the_fields_are_those_of_the_kind);
    tcase_add_test(t, the_confirmation_names_who_gets_it_where_and_by_whom);
    tcase_add_test(t, faults_stand_beside_their_fields_in_plain_words);
    tcase_add_test(t, back_keeps_what_was_typed);
    tcase_add_test(t, it_makes_one_refund_that_says_where_it_goes);
    tcase_add_test(t, the_chosen_gateway_pays);
    tcase_add_test(t, an_order_that_is_too_old_can_only_be_paid_out);
    tcase_add_test(t, who_may_not_refund_may_not_pay_out);
    tcase_add_test(t, an_account_that_is_kept_can_be_chosen);
    tcase_add_test(t, what_is_typed_is_escaped);
    TCase *none = tcase_create("without payers");
    suite_add_tcase(s, none);
    tcase_add_checked_fixture(none, order_without_payers, rig_close);
    tcase_add_test(none, without_a_gateway_it_is_not_offered_and_says_why);
    return s;
}
