#include "core/limits.h"
#include "portal/portal.h"
#include "rig.h"
#include "store/split.h"
#include "support/suite.h"
#include <string.h>

#define FORM "/orders/ORD_1/refund"

static const struct party agreed[] = {
    {"", 5000, 0}, {"vendor_a", 30000, 0}, {"vendor_b", 15000, 0}};

static enum rc insert_parties(struct sql *q, void *arg, struct err *e)
{
    const int64_t *order = arg;
    return split_insert_order(q, *order, agreed, 3, e);
}

static void split_order_of_500(void)
{
    rig_open();
    struct rig_order o = rig_paid_order("ORD_1", RIG_NOW_MS - CLOCK_HOUR_MS);
    rig_insert(&o);
    desk_write(insert_parties, &o.order.id);
}

static char *body_of(const char *form, const char *parts, const char *step)
{
    return arena_printf(desk.arena, "txn=%s&id=%s&reason=GOODWILL&%s&step=%s",
                        rig_input(form, "txn"), rig_input(form, "id"), parts, step);
}

static const char *send(const char *parts, const char *step, const char *words)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    return rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, parts, step)), 200, words);
}

START_TEST(the_form_has_a_field_for_each_party_and_no_amount)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, "vendor_a");
    ck_assert_str_eq(rig_input(form, "part.0"), "50.00");
    ck_assert_str_eq(rig_input(form, "part.1"), "300.00");
    ck_assert_str_eq(rig_input(form, "part.2"), "150.00");
    rig_has(form, "Marketplace");
    rig_has(form, "Customer gets 500.00 · 0.00 stays refundable");
    rig_lacks(form, "name=\"amount\"");
}
END_TEST

START_TEST(the_amount_is_the_sum_of_the_parts)
{
    const char *asked =
        send("part.0=&part.1=100.5&part.2=0.25", "confirm", "Refund 100.75 INR</button>");
    rig_has(asked, "399.25 INR stays refundable");
    rig_has(asked, "<b>100.50</b>");
    ck_assert_str_eq(rig_input(asked, "part.1"), "100.5");
    ck_assert_str_eq(rig_input(asked, "part.0"), "");
}
END_TEST

START_TEST(a_refusal_stands_beside_its_party)
{
    static const struct {
        const char *parts, *id, *words;
    } rows[] = {
        {"part.1=300.01", "part-1-error", "More than it has left: 300.00 INR."},
        {"part.0=1.005", "part-0-error", "INR has 2 decimals."},
        {"part.2=1e2", "part-2-error", "Digits, with a point before the decimals."},
        {"part.2=-1", "part-2-error", "Digits, with a point"},
        {"part.2=99999999999999999999", "part-2-error", "Digits, with a point"},
        {"part.0=&part.1=&part.2=0", "amount-error", "Say what at least one party gives back."},
        {"part.9=5", "amount-error", "Say what at least one party gives back."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html = send(rows[i].parts, "confirm", rows[i].words);
        rig_has(html, arena_printf(desk.arena, "id=\"%s\"", rows[i].id));
        rig_lacks(html, "Confirm the refund");
        send(rows[i].parts, "initiate", rows[i].words);
    }
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
}
END_TEST

START_TEST(the_rest_fills_every_part)
{
    const char *asked = send("part.1=1", "rest", "Refund 500.00 INR</button>");
    ck_assert_str_eq(rig_input(asked, "part.0"), "50.00");
    ck_assert_str_eq(rig_input(asked, "part.1"), "300.00");
}
END_TEST

START_TEST(back_keeps_what_was_typed)
{
    const char *form = send("part.0=1&part.1=2.5&part.2=", "edit", "Initiate Refund");
    ck_assert_str_eq(rig_input(form, "part.0"), "1");
    ck_assert_str_eq(rig_input(form, "part.1"), "2.5");
    ck_assert_str_eq(rig_input(form, "part.2"), "");
}
END_TEST

START_TEST(the_order_page_shows_who_got_what)
{
    const char *html =
        rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_1", NULL), 200, "Split settlement");
    rig_has(html, "vendor_b");
    rig_has(html, "150.00");
}
END_TEST

START_TEST(each_party_is_seen_to_give_back_its_part)
{
    const char *form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    struct reply done =
        rig_ask(RIG_MAKER, FORM, body_of(form, "part.0=10&part.1=100.5&part.2=", "initiate"));
    rig_expect(done, 303, NULL);
    const char *html = rig_expect(rig_ask(RIG_MAKER, done.location, NULL), 200, "110.50 INR");
    rig_has(html, "199.50"); /* what vendor_a has left */
    const char *link = strstr(html, "href=\"/refunds/");
    ck_assert_ptr_nonnull(link);
    link += strlen("href=\"");
    html =
        rig_expect(rig_ask(RIG_MAKER, arena_strndup(desk.arena, link, strcspn(link, "\"")), NULL),
                   200, "Split settlement");
    rig_has(html, "vendor_a");
    rig_has(html, "<b>100.50</b>");
    rig_lacks(html, "vendor_b");
    form = rig_expect(rig_ask(RIG_MAKER, FORM, NULL), 200, NULL);
    ck_assert_str_eq(rig_input(form, "part.1"), "199.50");
    rig_expect(rig_ask(RIG_MAKER, FORM, body_of(form, "part.1=199.51", "initiate")), 200,
               "More than it has left: 199.50 INR.");
}
END_TEST

START_TEST(a_retry_begins_with_the_same_parts)
{
    const char *form = rig_expect(
        rig_ask(RIG_MAKER, FORM "?amount=3.00&part.1=1.00&part.2=2.00", NULL), 200, NULL);
    ck_assert_str_eq(rig_input(form, "part.1"), "1.00");
    ck_assert_str_eq(rig_input(form, "part.0"), "");
    rig_has(form, "Customer gets 3.00");
}
END_TEST

suite_fn t_split_suite;

Suite *t_split_suite(void)
{
    TCase *t;
    Suite *s = suite_of("split", &t);
    tcase_add_checked_fixture(t, split_order_of_500, rig_close);
    tcase_add_test(t, the_form_has_a_field_for_each_party_and_no_amount);
    tcase_add_test(t, the_amount_is_the_sum_of_the_parts);
    tcase_add_test(t, a_refusal_stands_beside_its_party);
    tcase_add_test(t, the_rest_fills_every_part);
    tcase_add_test(t, back_keeps_what_was_typed);
    tcase_add_test(t, the_order_page_shows_who_got_what);
    tcase_add_test(t, each_party_is_seen_to_give_back_its_part);
    tcase_add_test(t, a_retry_begins_with_the_same_parts);
    return s;
}
