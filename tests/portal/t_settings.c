#include "core/limits.h"
#include "portal/portal.h"
#include "rig.h"
#include "store/audit.h"
#include "support/suite.h"
#include <string.h>

#define PAGE     "/settings/general"
#define CURRENCY "/settings/general/currency"
#define SENDING  "/settings/general/sending"
/* The merchant as it is, but for what a test adds before or after. */
#define USUAL                                                                                     \
    "time_zone=Asia/"                                                                             \
    "Kolkata&default_currency=INR&refund_limit=25&order_age_days=365&twin_window=5&rate_per_s=0&" \
    "batch_rows=1000"
#define TESTING "&test_mode=on"

struct audit_count {
    int64_t entries, broken;
};

static enum rc count_audit(struct sql *q, void *arg, struct err *e)
{
    struct audit_count *c = arg;
    return audit_verify(q, desk.arena, desk.merchant, &c->entries, &c->broken, e);
}

static int64_t audit_entries(void)
{
    struct audit_count c = {0};
    desk_look(count_audit, &c);
    return c.entries;
}

static void saved(struct reply p, const char *done)
{
    rig_expect(p, 303, NULL);
    ck_assert_str_eq(p.location, arena_printf(desk.arena, PAGE "?done=%s", done));
}

START_TEST(shows_each_value_with_what_it_is_for)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "Settings · General");
    ck_assert_str_eq(rig_input(html, "time_zone"), "Asia/Kolkata");
    ck_assert_str_eq(rig_input(html, "refund_limit"), "25");
    ck_assert_str_eq(rig_input(html, "name"), "Demo Merchant");
    rig_has(html, "Seconds a new refund waits before it goes to the gateway");
    rig_has(html, "name=\"test_mode\" value=\"on\" checked");
    rig_has(html, ">Save</button>");
    rig_lacks(html, "is-invalid");
    rig_has(html, "name=\"maker_checker\" value=\"on\" aria");
}
END_TEST

START_TEST(saves_and_says_so)
{
    saved(rig_ask(RIG_ADMIN, PAGE, "name=New+Name&hold=60&" USUAL TESTING), "saved");
    ck_assert_str_eq(rig_merchant().name, "New Name");
    ck_assert_int_eq(rig_merchant().hold_ms, 60000);
    ck_assert_int_eq(audit_entries(), 1);
    rig_has(rig_expect(rig_ask(RIG_ADMIN, PAGE "?done=saved", NULL), 200, "Saved."), "New Name");
    saved(rig_ask(RIG_ADMIN, PAGE, "name=New+Name&hold=60&" USUAL TESTING), "same");
    rig_expect(rig_ask(RIG_ADMIN, PAGE "?done=same", NULL), 200, "Nothing was changed.");
    ck_assert_int_eq(audit_entries(), 1);
}
END_TEST

START_TEST(faults_stand_beside_their_fields_and_nothing_is_saved)
{
    static const struct {
        const char *body, *words, *field, *kept;
    } rows[] = {
        {"name=&hold=1&" USUAL TESTING, "Merchant name must not be empty.", "name", ""},
        {"name=A&hold=901&" USUAL TESTING,
         "Hold before sending must be a whole number from 0 to 900.", "hold", "901"},
        {"name=A&hold=1.5&" USUAL TESTING, "whole number", "hold", "1.5"},
        {"name=A&hold=1&time_zone=Mars/Olympus&default_currency=INR&refund_limit=25&order_age_days="
         "365&twin_window=5&rate_per_s=0&batch_rows=1000" TESTING,
         "Time zone is not a time zone; write one such as Asia/Kolkata or UTC.", "time_zone",
         "Mars/Olympus"},
        {"name=A&hold=1&time_zone=UTC&default_currency=rupees&refund_limit=25&order_age_days="
         "365&twin_window=5&rate_per_s=0&batch_rows=1000" TESTING,
         "Default currency is not an ISO 4217 code", "default_currency", "rupees"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, rows[i].body), 200, rows[i].words);
        rig_has(html, arena_printf(desk.arena, "id=\"%s-error\"", rows[i].field));
        rig_has(html, arena_printf(desk.arena, "aria-describedby=\"%s-error ", rows[i].field));
        ck_assert_str_eq(rig_input(html, rows[i].field), rows[i].kept);
        rig_has(html, "Nothing was saved.");
        rig_has(html, "Demo Merchant</div>"); /* the frame: what is in force */
    }
    ck_assert_str_eq(rig_merchant().name, "Demo Merchant");
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(several_faults_are_all_shown)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, "test_mode=on"), 200, "name-error");
    rig_has(html, "hold-error");
    rig_has(html, "twin_window-error");
}
END_TEST

START_TEST(what_is_typed_is_escaped_and_its_length_is_a_fault)
{
    char *x = arena_strdup(desk.arena, "x");
    for (int i = 0; i < LIMIT_MERCHANT_NAME; i++)
        x = arena_printf(desk.arena, "%sx", x);
    char *body = arena_printf(desk.arena, "name=%s&hold=1&" USUAL TESTING, x);
    rig_expect(rig_ask(RIG_ADMIN, PAGE, body), 200, "Merchant name is longer than 100 bytes.");
    const char *html = rig_expect(
        rig_ask(RIG_ADMIN, PAGE, "name=%22%3E%3Cscript%3E&hold=x&" USUAL TESTING), 200, NULL);
    rig_lacks(html, "\"><script>");
    rig_has(html, "&lt;script&gt;");
}
END_TEST

START_TEST(leaving_test_mode_is_asked_again_in_words)
{
    const char *body = "name=A%22%3Cb&hold=7&" USUAL;
    const char *asked = rig_expect(rig_ask(RIG_ADMIN, PAGE, body), 200, "Leave test mode?");
    rig_has(asked, "move real money");
    ck_assert_str_eq(rig_input(asked, "hold"), "7");
    ck_assert_str_eq(rig_input(asked, "name"), "A&quot;&lt;b");
    rig_lacks(asked, "name=\"test_mode\"");
    ck_assert(rig_merchant().test_mode);
    ck_assert_int_eq(audit_entries(), 0);

    const char *back =
        rig_expect(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s&step=edit", body)), 200,
                   "name=\"test_mode\" value=\"on\" aria");
    ck_assert_str_eq(rig_input(back, "hold"), "7");
    ck_assert(rig_merchant().test_mode);

    saved(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s&step=confirmed", body)), "saved");
    ck_assert(!rig_merchant().test_mode);
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), "TEST MODE");
    rig_expect(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s" TESTING, body)), 200,
               "Switch test mode on?");
    ck_assert(!rig_merchant().test_mode);
}
END_TEST

START_TEST(the_second_of_two_people_is_told_what_the_first_changed)
{
    const char *shown = "&shown_name=Demo+Merchant&shown_hold=0&shown_refund_limit=25"
                        "&shown_test_mode=on";
    const char *first = "name=Demo+Merchant&hold=60&" USUAL TESTING;
    const char *second = arena_printf(desk.arena, "name=Second&hold=0&" USUAL TESTING "%s", shown);
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    ck_assert_str_eq(rig_input(html, "shown_hold"), "0");
    ck_assert_str_eq(rig_input(html, "shown_test_mode"), "on");
    saved(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s%s", first, shown)), "saved");

    html = rig_expect(rig_ask(RIG_ADMIN, PAGE, second), 200, "Somebody else saved");
    rig_has(html, "Hold before sending was changed meanwhile and is now 60.");
    ck_assert_str_eq(rig_input(html, "name"), "Second");
    ck_assert_str_eq(rig_input(html, "hold"), "0");
    ck_assert_str_eq(rig_input(html, "shown_hold"), "60");
    ck_assert_str_eq(rig_merchant().name, "Demo Merchant");
    ck_assert_int_eq(rig_merchant().hold_ms, 60000);
    ck_assert_int_eq(audit_entries(), 1);

    /* told so, it is a decision */
    saved(rig_ask(RIG_ADMIN, PAGE, "name=Second&hold=0&" USUAL TESTING "&shown_hold=60"), "saved");
    ck_assert_int_eq(rig_merchant().hold_ms, 0);
}
END_TEST

START_TEST(the_way_back_from_a_question_forgets_no_change_of_another)
{
    const char *body = "name=A&hold=7&" USUAL "&shown_hold=0&shown_test_mode=on&shown_name=Demo";
    const char *back = rig_expect(
        rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s&step=edit", body)), 200, NULL);
    ck_assert_str_eq(rig_input(back, "shown_name"), "Demo");
    rig_expect(rig_ask(RIG_ADMIN, PAGE, arena_printf(desk.arena, "%s&step=confirmed", body)), 200,
               "Merchant name was changed meanwhile and is now Demo Merchant.");
    ck_assert(rig_merchant().test_mode);
}
END_TEST

START_TEST(a_confirmation_does_not_excuse_a_fault)
{
    rig_expect(rig_ask(RIG_ADMIN, PAGE, "name=&hold=7&step=confirmed&" USUAL), 200, "name-error");
    ck_assert(rig_merchant().test_mode);
}
END_TEST

START_TEST(stopping_needs_a_reason_and_a_second_step)
{
    rig_expect(rig_ask(RIG_ADMIN, SENDING, "act=stop&why=+"), 200, "A reason is needed");
    const char *asked = rig_expect(rig_ask(RIG_ADMIN, SENDING, "act=stop&why=drill+%3C1%3E"), 200,
                                   "Stop all sending?");
    rig_has(asked, "<dd>drill &lt;1&gt;</dd>");
    ck_assert_str_eq(rig_input(asked, "why"), "drill &lt;1&gt;");
    ck_assert_str_eq(rig_input(asked, "act"), "stop");
    const char *back = rig_expect(rig_ask(RIG_ADMIN, SENDING, "act=stop&why=drill&step=edit"), 200,
                                  "Stop all sending …");
    ck_assert_str_eq(rig_input(back, "why"), "drill");
    ck_assert(!rig_merchant().sending_stopped);
    rig_expect(rig_ask(RIG_ADMIN, SENDING, "act=stop&why=&step=confirmed"), 200, "why-error");
    ck_assert(!rig_merchant().sending_stopped);

    saved(rig_ask(RIG_ADMIN, SENDING, "act=stop&why=drill&step=confirmed"), "stopped");
    ck_assert(rig_merchant().sending_stopped);
    static const char *const pages[] = {"/orders", PAGE "?done=stopped", "/orders/NONE"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        rig_has(rig_ask(RIG_ADMIN, pages[i], NULL).body, "ALL SENDING IS STOPPED by admin: drill");
    rig_has(rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, NULL),
            "ALL SENDING IS STOPPED by admin: drill");
}
END_TEST

START_TEST(resuming_is_asked_again_too)
{
    saved(rig_ask(RIG_ADMIN, SENDING, "act=stop&why=drill&step=confirmed"), "stopped");
    rig_expect(rig_ask(RIG_ADMIN, SENDING, "act=resume"), 200,
               "goes to its gateway within seconds");
    ck_assert(rig_merchant().sending_stopped);
    saved(rig_ask(RIG_ADMIN, SENDING, "act=resume&step=confirmed"), "resumed");
    ck_assert(!rig_merchant().sending_stopped);
    saved(rig_ask(RIG_ADMIN, SENDING, "act=resume&step=confirmed"), "same");
    rig_lacks(rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL), "ALL SENDING");
    rig_expect(rig_ask(RIG_ADMIN, SENDING, "act=pause"), 400, NULL);
    ck_assert_int_eq(audit_entries(), 2);
}
END_TEST

START_TEST(amounts_of_a_currency_are_changed_and_added)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "value=\"1.00\"");
    rig_has(html, "<th scope=\"row\">INR</th>"); /* the default, without a row of its own */
    saved(rig_ask(RIG_ADMIN, CURRENCY, "currency=INR&minimum=2.5&confirm="), "saved");
    saved(rig_ask(RIG_ADMIN, CURRENCY, "currency=JPY&minimum=10&confirm=5000&add=1"), "saved");
    html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "<th scope=\"row\">JPY</th>");
    rig_has(html, "value=\"2.50\"");
    rig_has(html, "value=\"5000\"");
    saved(rig_ask(RIG_ADMIN, CURRENCY, "currency=JPY&minimum=10&confirm=5000"), "same");
    ck_assert_int_eq(audit_entries(), 2);
}
END_TEST

START_TEST(unusable_amounts_stay_beside_their_field)
{
    static const struct {
        const char *body, *words;
    } rows[] = {
        {"currency=INR&minimum=1.005&confirm=", "at most 2 decimals after a point"},
        {"currency=INR&minimum=0&confirm=", "The smallest refund must be more than zero"},
        {"currency=INR&minimum=&confirm=", "The smallest refund must be more than zero"},
        {"currency=INR&minimum=1&confirm=1,000", "The amount to type from must be more than zero"},
        {"currency=JPY&minimum=1&confirm=1.5&add=1", "in digits without a point"},
        {"currency=XXY&minimum=1&confirm=&add=1", "The currency is not an ISO 4217 code"},
        {"currency=INR&minimum=5&confirm=&add=1", "The currency is in the table already"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html =
            rig_expect(rig_ask(RIG_ADMIN, CURRENCY, rows[i].body), 200, rows[i].words);
        const char *first = strstr(html, "is-invalid");
        ck_assert(first != NULL && strstr(first + 1, "is-invalid") == NULL);
    }
    rig_expect(rig_ask(RIG_ADMIN, CURRENCY, "currency=USD&minimum=5&confirm="), 404, NULL);
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(who_may_only_read_sees_values_without_buttons)
{
    const char *html = rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, NULL), 200, "Asia/Kolkata");
    rig_lacks(html, "Save");
    rig_lacks(html, "Stop all sending");
    rig_lacks(html, "name=\"hold\"");
    rig_lacks(html, "name=\"currency\"");
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, PAGE, "name=A&hold=1&" USUAL TESTING), 403, NULL);
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, CURRENCY, "currency=INR&minimum=5&confirm="), 403, NULL);
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, SENDING, "act=stop&why=x&step=confirmed"), 403, NULL);
    rig_expect(rig_ask(RIG_MAKER, PAGE, NULL), 403, NULL);
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(the_menu_has_settings_for_those_who_may_read_them)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, NULL);
    rig_has(html, "<a href=\"/settings/conflict\" aria-current=\"true\">Settings</a>");
    rig_has(html, "<a href=\"/settings/general\" aria-current=\"page\">General</a>");
    html = rig_expect(rig_ask(RIG_ADMIN, "/orders", NULL), 200, NULL);
    rig_has(html, "<a href=\"/settings/conflict\">Settings</a>");
    rig_lacks(html, ">General</a>");
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, NULL), ">Settings</a>");
    struct reply home = rig_ask(RIG_SETTINGS_ONLY, "/", NULL);
    ck_assert_str_eq(home.location, "/settings/conflict");
}
END_TEST

START_TEST(another_merchants_settings_stay_as_they_are)
{
    rig_other_merchant();
    saved(rig_ask(RIG_ADMIN, PAGE, "name=Mine&hold=1&" USUAL TESTING), "saved");
    ck_assert_str_eq(rig_merchant().name, "Mine");
    desk.merchant++;
    ck_assert_str_eq(rig_merchant().name, "Demo Merchant");
    desk.merchant--;
}
END_TEST

Suite *t_settings_suite(void); /* main.c */

Suite *t_settings_suite(void)
{
    TCase *t;
    Suite *s = suite_of("settings", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, shows_each_value_with_what_it_is_for);
    tcase_add_test(t, saves_and_says_so);
    tcase_add_test(t, faults_stand_beside_their_fields_and_nothing_is_saved);
    tcase_add_test(t, several_faults_are_all_shown);
    tcase_add_test(t, what_is_typed_is_escaped_and_its_length_is_a_fault);
    tcase_add_test(t, leaving_test_mode_is_asked_again_in_words);
    tcase_add_test(t, the_second_of_two_people_is_told_what_the_first_changed);
    tcase_add_test(t, the_way_back_from_a_question_forgets_no_change_of_another);
    tcase_add_test(t, a_confirmation_does_not_excuse_a_fault);
    tcase_add_test(t, stopping_needs_a_reason_and_a_second_step);
    tcase_add_test(t, resuming_is_asked_again_too);
    tcase_add_test(t, amounts_of_a_currency_are_changed_and_added);
    tcase_add_test(t, unusable_amounts_stay_beside_their_field);
    tcase_add_test(t, who_may_only_read_sees_values_without_buttons);
    tcase_add_test(t, the_menu_has_settings_for_those_who_may_read_them);
    tcase_add_test(t, another_merchants_settings_stay_as_they_are);
    return s;
}
