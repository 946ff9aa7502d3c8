#include "core/limits.h"
#include "portal/portal.h"
#include "rig.h"
#include "store/audit.h"
#include "store/conflicts.h"
#include "store/txns.h"
#include "support/suite.h"
#include "web/slow.h"
#include <string.h>

#define PAGE "/settings/conflict"
#define MIN  CLOCK_MINUTE_MS

static enum rc get_settings(struct sql *q, void *arg, struct err *e)
{
    return conflict_settings_get(q, desk.arena, desk.merchant, arg, e);
}

static struct conflict_settings now_is(void)
{
    struct conflict_settings s;
    desk_look(get_settings, &s);
    return s;
}

static void saved(struct reply p, const char *done)
{
    rig_expect(p, 303, NULL);
    ck_assert_str_eq(p.location, arena_printf(desk.arena, PAGE "?done=%s", done));
}

/* An order whose success came so long after its start, one day ago. */
static struct rig_order late_order(const char *order_id, int64_t took_ms)
{
    struct rig_order o = rig_paid_order(order_id, RIG_NOW_MS - CLOCK_DAY_MS);
    o.txn.charged_ms = o.txn.created_ms + took_ms;
    rig_insert(&o);
    return o;
}

/* ---- the form ----------------------------------------------------------------------------------
 */

START_TEST(shows_each_value_with_what_it_means)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "Settings · Conflict");
    rig_has(html, ">Auto refund of Conflicted transactions</label>");
    rig_has(html, ">Auto Refund of Conflicted Transactions Threshold in Mins</label>");
    rig_has(html, ">Multiple charged Transactions</label>");
    rig_has(html, ">Notify on status conflict</label>");
    rig_has(html, ">Conflict Status Email</label>");
    rig_has(html, "from the start of the transaction, not of the order");
    rig_has(html, "Exactly the threshold is still in time");
    ck_assert_str_eq(rig_input(html, "threshold_minutes"), "10");
    ck_assert_str_eq(rig_input(html, "emails"), ""); /* without JavaScript it is simply there */
    rig_lacks(html, " checked");
    rig_lacks(html, "is-invalid");
    rig_has(html, "wait for a person; counted over any 24 hours");
    rig_has(html, "mails are written to the folder mail of the instance");
}
END_TEST

START_TEST(saves_and_says_so)
{
    saved(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=25&notify=on&emails=ops@example.in"),
          "saved");
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE "?done=saved", NULL), 200, "Saved.");
    ck_assert_str_eq(rig_input(html, "threshold_minutes"), "25");
    ck_assert_str_eq(rig_input(html, "emails"), "ops@example.in");
    rig_has(html, "name=\"notify\" value=\"on\" checked");
    saved(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=25&notify=on&emails=ops@example.in"), "same");
    rig_expect(rig_ask(RIG_ADMIN, PAGE "?done=same", NULL), 200, "Nothing was changed.");
}
END_TEST

START_TEST(faults_stand_beside_their_fields_and_nothing_is_saved)
{
    const char *html =
        rig_expect(rig_ask(RIG_ADMIN, PAGE,
                           "threshold_minutes=%22%3E%3Cscript%3E&notify=on&emails=x&gateway_0=PAYU"
                           "&gateway_minutes_0=0&ceiling_currency_0=INR&ceiling_amount_0=1.005"
                           "&ceiling_currency_1=%3Cb%3E&ceiling_amount_1=5"),
                   200, "Nothing was saved.");
    rig_has(html, "Threshold in Mins must be a whole number of minutes from 1 to 999,999,999.");
    rig_has(html, "id=\"emails-error\">Conflict Status Email ");
    rig_has(html, "The threshold of PAYU must be a whole number");
    rig_has(html, "The daily ceiling of INR must be more than zero");
    rig_has(html, "The currency is not an ISO 4217 code");
    ck_assert_str_eq(rig_input(html, "emails"), "x");
    ck_assert_str_eq(rig_input(html, "ceiling_currency_1"), "&lt;b&gt;");
    rig_lacks(html, "<script>");
    rig_lacks(html, "<b>");
    ck_assert_int_eq(now_is().threshold_minutes, 10);
    ck_assert(!now_is().notify);
}
END_TEST

START_TEST(switching_on_is_asked_again_in_words)
{
    const char *body = "threshold_minutes=12&refund_conflicted=on&ceiling_currency_0=INR"
                       "&ceiling_amount_0=5000";
    const char *asked = rig_expect(rig_ask(RIG_ADMIN, PAGE, body), 200, "Switch auto refund on?");
    rig_has(asked, "<strong>Demo Merchant</strong>: From now on every payment whose success comes "
                   "more than 12 min after its start is refunded in full, by itself.");
    rig_has(asked, "Successes of before are left as they are.");
    rig_has(asked, "In any 24 hours at most 5,000.00 INR go back without anybody being asked");
    rig_lacks(asked, "every charge of an order");
    ck_assert_str_eq(rig_input(asked, "threshold_minutes"), "12");
    ck_assert(!now_is().refund_conflicted);

    const char *back = rig_expect(
        rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s&step=edit", body)), 200, NULL);
    rig_has(back, "name=\"refund_conflicted\" value=\"on\" checked");
    ck_assert_str_eq(rig_input(back, "ceiling_amount_0"), "5000");
    ck_assert(!now_is().refund_conflicted);

    saved(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s&step=confirmed", body)), "saved");
    ck_assert(now_is().refund_conflicted);
    ck_assert_int_eq(now_is().conflicted_since_ms, RIG_NOW_MS);
    /* it is on: nothing to ask any more; the other switch is asked for by itself */
    saved(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=13&refund_conflicted=on"), "saved");
    asked = rig_expect(
        rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=13&refund_conflicted=on&refund_multiple=on"),
        200, "From now on every charge of an order but its first success is refunded in full");
    rig_lacks(asked, "whose success comes");
    saved(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=13"), "saved");
    ck_assert(!now_is().refund_conflicted);
}
END_TEST

START_TEST(without_a_ceiling_the_question_says_so)
{
    const char *asked =
        rig_expect(rig_ask(RIG_ADMIN, PAGE,
                           "threshold_minutes=12&refund_conflicted=on&refund_multiple=on"
                           "&gateway_0=PAYU&gateway_minutes_0=3"),
                   200, "There is no daily ceiling: any amount goes back");
    rig_has(asked, "more than 12 min after its start (or after the limit of its own gateway), and "
                   "every charge of an order but its first success is refunded");
}
END_TEST

START_TEST(what_is_wrong_is_said_before_anything_is_asked)
{
    const char *html = rig_expect(
        rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=0&refund_conflicted=on"), 200, "Nothing was");
    rig_lacks(html, "Switch auto refund on?");
}
END_TEST

START_TEST(the_second_of_two_people_is_told_and_may_save_again)
{
    const char *shown = "&shown_threshold_minutes=10&shown_notify=&shown_emails=";
    saved(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "threshold_minutes=20%s", shown)),
          "saved");
    const char *html = rig_expect(
        rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "threshold_minutes=30%s", shown)), 200,
        "Somebody else saved");
    rig_has(html, "Threshold in Mins was changed meanwhile and is now 20.");
    ck_assert_str_eq(rig_input(html, "threshold_minutes"), "30");
    ck_assert_str_eq(rig_input(html, "shown_threshold_minutes"), "20");
    saved(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=30&shown_threshold_minutes=20"), "saved");
}
END_TEST

START_TEST(gateways_that_were_seen_have_a_row)
{
    struct rig_order o = rig_paid_order("ORD_1", RIG_NOW_MS);
    o.txn.gateway = "SEEN_<GATEWAY>";
    rig_insert(&o);
    late_order("ORD_2", 1000);
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    rig_has(html, "<th scope=\"row\">SEEN_&lt;GATEWAY&gt;</th>");
    rig_has(html, "<th scope=\"row\">RAZORPAY</th>");
    rig_has(html, "<th scope=\"row\">INR</th>");
}
END_TEST

static enum rc put_ceilings(struct sql *q, void *arg, struct err *e)
{
    static const char *const codes[] = {
        "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
        "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD",
        "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD",
        "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ",
        "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "IQD", "IRR", "ISK"};
    struct conflict_ceiling ceilings[sizeof codes / sizeof codes[0]];
    struct conflict_settings s = {.threshold_minutes = 10, .ceilings = ceilings};
    (void)arg;
    while (s.n_ceilings < (int)(sizeof codes / sizeof codes[0])) {
        ceilings[s.n_ceilings] = (struct conflict_ceiling){codes[s.n_ceilings], 100000};
        s.n_ceilings++;
    }
    return conflict_settings_put(q, desk.merchant, &s, RIG_NOW_MS, e);
}

START_TEST(of_more_ceilings_than_the_limit_the_rest_is_not_shown_and_stays)
{
    desk_write(put_ceilings, NULL);
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    int rows = 0;
    for (const char *at = html; (at = strstr(at, "name=\"ceiling_amount_")); at++)
        rows++;
    ck_assert_int_eq(rows, LIMIT_CEILINGS_SHOWN + 1); /* and one for another currency */
    ck_assert_int_gt(now_is().n_ceilings, LIMIT_CEILINGS_SHOWN);
    saved(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=11&ceiling_currency_0=AED&ceiling_amount_0="),
          "saved");
    ck_assert_int_eq(now_is().n_ceilings, 61);
}
END_TEST

/* ---- what would have happened ------------------------------------------------------------------
 */

START_TEST(what_would_have_happened_is_shown_beside_the_form_as_typed)
{
    late_order("ORD_LATE", 17 * MIN + 4000);
    late_order("ORD_EXACT", 12 * MIN);
    const char *html = rig_expect(
        rig_ask(RIG_ADMIN, PAGE,
                "threshold_minutes=12&refund_conflicted=on&notify=on&emails=&step=preview"),
        200, "1 payment would have been refunded.");
    rig_has(html, "href=\"/orders/ORD_LATE\"");
    rig_has(html, "success came 17 min 04 s after start; the limit is 12 min");
    rig_has(html, "500.00 INR");
    rig_has(html, "1 · 500.00");
    rig_has(html, "RAZORPAY · demo-ORD_LATE-1");
    rig_lacks(html, "ORD_EXACT");
    ck_assert_str_eq(rig_input(html, "threshold_minutes"), "12");
    ck_assert_int_eq(now_is().threshold_minutes, 10);
    rig_has(html, "name=\"refund_conflicted\" value=\"on\" checked");

    html = rig_expect(rig_ask_partial(RIG_ADMIN, PAGE, "threshold_minutes=999&step=preview"), 200,
                      "Nothing would have been refunded.");
    rig_lacks(html, "<!doctype");
    html = rig_expect(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=12&step=preview"), 200,
                      "1 payment would only have been shown as conflicted");
    rig_has(html, "id=\"would\"");
}
END_TEST

START_TEST(what_cannot_be_judged_is_said)
{
    const char *html =
        rig_expect(rig_ask_partial(RIG_ADMIN, PAGE, "threshold_minutes=&step=preview"), 200,
                   "These values cannot be judged.");
    rig_has(html, "<li>Auto Refund of Conflicted Transactions Threshold in Mins must be a whole");
    rig_lacks(html, "would have been refunded.");
}
END_TEST

START_TEST(only_some_may_look_at_once)
{
    struct err e;
    slow_init(4);
    ck_assert_int_eq(slow_enter(SLOW_WAIT, &e), RC_OK);
    rig_expect(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=12&step=preview"), 503, "Busy");
    slow_leave(SLOW_WAIT);
    rig_expect(rig_ask(RIG_ADMIN, PAGE, "threshold_minutes=12&step=preview"), 200, NULL);
}
END_TEST

/* ---- what was refused --------------------------------------------------------------------------
 */

static enum rc put_conflict(struct sql *q, void *arg, struct err *e)
{
    return conflicts_put(q, arg, e);
}

static void refuse(const struct rig_order *o, const char *said)
{
    struct conflict c = {.txn_row = o->txn.id,
                         .merchant = o->txn.merchant,
                         .order_row = o->order.id,
                         .kind = "CONFLICTED",
                         .state = "REFUSED",
                         .initiated_ms = o->txn.created_ms,
                         .success_ms = o->txn.charged_ms,
                         .threshold_minutes = 10,
                         .said = said,
                         .first_ms = RIG_NOW_MS - CLOCK_HOUR_MS,
                         .updated_ms = RIG_NOW_MS};
    desk_write(put_conflict, &c);
}

START_TEST(refused_auto_refunds_stand_there_with_their_reason)
{
    struct rig_order o = late_order("ORD_OLD", 17 * MIN);
    rig_has(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), "None: every auto refund");
    refuse(&o, "The order is <older> than 365 days.");
    const char *html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, NULL), 200, NULL);
    rig_has(html, "The order is &lt;older&gt; than 365 days.");
    rig_has(html, "href=\"/orders/ORD_OLD\"");
    rig_has(html, "success came 17 min after start; the limit is 10 min");
    rig_lacks(html, "are listed");
}
END_TEST

START_TEST(of_more_refused_ones_than_the_limit_the_newest_are_listed)
{
    for (int i = 0; i <= LIMIT_REFUSED_SHOWN; i++) {
        struct rig_order o = late_order(arena_printf(desk.arena, "ORD_%03d", i), 17 * MIN);
        refuse(&o, "No.");
    }
    const char *html =
        rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "The newest 100 are listed.");
    int rows = 0;
    for (const char *at = html; (at = strstr(at, "href=\"/orders/ORD_")); at++)
        rows++;
    ck_assert_int_eq(rows, LIMIT_REFUSED_SHOWN);
}
END_TEST

static enum rc put_refund(struct sql *q, void *arg, struct err *e)
{
    return refunds_insert(q, arg, e);
}

START_TEST(what_waits_for_a_person_is_counted)
{
    struct rig_order o = late_order("ORD_BIG", 17 * MIN);
    struct refund r = {.id = 77,
                       .merchant = desk.merchant,
                       .order_row = o.order.id,
                       .txn_row = o.txn.id,
                       .unique_request_id = "AR1",
                       .amount_minor = 50000,
                       .currency = "INR",
                       .state = "AWAITING_APPROVAL",
                       .status = "PENDING",
                       .refund_type = "STANDARD",
                       .reason = "DELAYED_SUCCESS",
                       .source = "AUTO",
                       .initiated_by = "AUTO_REFUNDED",
                       .gateway = "RAZORPAY",
                       .created_ms = RIG_NOW_MS,
                       .hold_until_ms = RIG_NOW_MS,
                       .updated_ms = RIG_NOW_MS};
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), "Above the ceiling");
    desk_write(put_refund, &r);
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "Above the ceiling");
    rig_has(html, "<a href=\"/refunds?tab=awaiting&amp;by=AUTO_REFUNDED\">1 auto refund waits for "
                  "approval</a>");
    rig_expect(rig_ask(RIG_ADMIN, "/refunds?tab=awaiting&by=AUTO_REFUNDED", NULL), 200, "AR1");
}
END_TEST

/* ---- rights ------------------------------------------------------------------------------------
 */

START_TEST(who_may_only_read_sees_values_and_no_buttons)
{
    saved(rig_ask(RIG_ADMIN, PAGE,
                  "threshold_minutes=25&gateway_0=PAYU&gateway_minutes_0=40&notify=on"
                  "&emails=ops@example.in"),
          "saved");
    const char *html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, NULL), 200, "You may read");
    rig_has(html, "<td class=\"n\">40</td>");
    rig_has(html, "ops@example.in");
    rig_lacks(html, "<input type=\"hidden\" name=\"shown_");
    rig_lacks(html, ">Save</button>");
    rig_lacks(html, "What would have happened");
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, "threshold_minutes=1"), 403, NULL);
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, "threshold_minutes=1&step=preview"), 403, NULL);
    ck_assert_int_eq(now_is().threshold_minutes, 25);
}
END_TEST

START_TEST(without_the_right_there_is_neither_page_nor_entry)
{
    rig_expect(rig_ask(RIG_MAKER, PAGE, NULL), 403, NULL);
    rig_expect(rig_ask(RIG_MAKER, PAGE, "threshold_minutes=1"), 403, NULL);
    rig_expect(rig_ask(RIG_NOBODY, PAGE, NULL), 303, NULL);
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, NULL), ">Conflict</a>");
    rig_has(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL),
            "<a href=\"/settings/conflict\" aria-current=\"page\">Conflict</a>");
}
END_TEST

Suite *t_settings_conflict_suite(void); /* main.c */

Suite *t_settings_conflict_suite(void)
{
    Suite *s = suite_create("settings conflict");
    TCase *t = tcase_create("settings conflict");
    tcase_add_checked_fixture(t, rig_open, rig_close);
    suite_add_tcase(s, t);
    tcase_add_test(t, shows_each_value_with_what_it_means);
    tcase_add_test(t, saves_and_says_so);
    tcase_add_test(t, faults_stand_beside_their_fields_and_nothing_is_saved);
    tcase_add_test(t, switching_on_is_asked_again_in_words);
    tcase_add_test(t, without_a_ceiling_the_question_says_so);
    tcase_add_test(t, what_is_wrong_is_said_before_anything_is_asked);
    tcase_add_test(t, the_second_of_two_people_is_told_and_may_save_again);
    tcase_add_test(t, gateways_that_were_seen_have_a_row);
    tcase_add_test(t, of_more_ceilings_than_the_limit_the_rest_is_not_shown_and_stays);
    tcase_add_test(t, what_would_have_happened_is_shown_beside_the_form_as_typed);
    tcase_add_test(t, what_cannot_be_judged_is_said);
    tcase_add_test(t, only_some_may_look_at_once);
    tcase_add_test(t, refused_auto_refunds_stand_there_with_their_reason);
    tcase_add_test(t, of_more_refused_ones_than_the_limit_the_newest_are_listed);
    tcase_add_test(t, what_waits_for_a_person_is_counted);
    tcase_add_test(t, who_may_only_read_sees_values_and_no_buttons);
    tcase_add_test(t, without_the_right_there_is_neither_page_nor_entry);
    return s;
}
