#include "core/id.h"
#include "rig.h"
#include "support/suite.h"
#include <string.h>

static const char *page_of(const struct rig_order *o)
{
    return rig_expect(
        rig_ask(RIG_MAKER, web_path(desk.arena, "/orders/", o->order.order_id, ""), NULL), 200,
        NULL);
}

/* Both stand in the page, the first before the second. */
static void in_order(const char *html, const char *first, const char *second)
{
    const char *at = strstr(html, first);
    ck_assert_msg(at != NULL, "%s is missing in %s", first, html);
    ck_assert_msg(strstr(at, second) != NULL, "%s does not follow %s in %s", second, first, html);
}

START_TEST(facts_stand_in_groups_with_readable_labels)
{
    struct rig_order o = rig_paid_order("ORD_FACTS", RIG_NOW_MS - 180000);
    o.order.facts = "{\"told\":{\"at\":1795253544000},\"udf1\":\"web\",\"udf10\":\"\",\"metadata\":"
                    "{\"warehouse\":\"BLR-4\"},"
                    "\"offers\":[{\"offer_code\":\"DIWALI\"}],\"billing_address_city\":\"Pune\","
                    "\"payment_links\":{\"web\":\"https://pay.example/1\"},"
                    "\"order_type\":\"ORDER_PAYMENT\",\"rewards_breakup\":null}";
    o.txn.facts = "{\"card\":{\"last_four_digits\":\"1111\",\"card_isin\":\"411111\"},"
                  "\"payment_gateway_response\":{\"rrn\":\"9000\",\"resp_message\":\"Approved\","
                  "\"created\":\"2026-11-21T09:00:00Z\"},\"bank_error_code\":\"\","
                  "\"redirect\":true,\"told\":{\"at\":1795253544000}}";
    rig_insert(&o);
    const char *html = page_of(&o);
    in_order(html, "<h3>Customer</h3>", "priya@example.in");
    in_order(html, "<h3>Billing address</h3>", "<dd>Pune</dd>");
    in_order(html, "<h3>User-defined fields</h3>", "<dt>UDF 1</dt><dd>web</dd>");
    in_order(html, "<h3>Metadata</h3>", "<dt>Warehouse</dt><dd>BLR-4</dd>");
    in_order(html, "<h3>Offers</h3>", "<dt>1 · Offer code</dt><dd>DIWALI</dd>");
    in_order(html, "<h3>Payment links</h3>", "<dd>https://pay.example/1</dd>");
    rig_lacks(html, "href=\"https://pay.example"); /* as text only */
    in_order(html, "<h3>Also told</h3>", "<dt>Order type</dt><dd>ORDER_PAYMENT</dd>");
    in_order(html, "<h3>Card</h3>", "<dt>Last four digits</dt><dd>1111</dd>");
    in_order(html, "<h3>Gateway&#39;s answer</h3>", "<dt>Response</dt><dd>Approved</dd>");
    in_order(html, "<dt>Created</dt><dd title=\"1 min ago\">", "21 Nov 2026, 14:30:00 IST");
    in_order(html, "<h3>Bank and redirect</h3>", "<dt>Redirect</dt><dd>Yes</dd>");
    rig_has(html, "<dt>Goes back to</dt><dd>VISA •• 1111 by RAZORPAY</dd>");
    rig_lacks(html, "1795253544000"); /* the desk's own notes */
}
END_TEST

START_TEST(what_is_absent_takes_no_room)
{
    struct rig_order o = rig_paid_order("ORD_BARE", RIG_NOW_MS);
    o.order.customer_id = o.order.customer_email = NULL;
    o.txn.facts = "{}";
    rig_insert(&o);
    const char *html = page_of(&o);
    static const char *const never[] = {
        "<h3>",      "UDF",       "Metadata",   "Offers",
        "Surcharge", "<dd></dd>", "Conflicted", "Charged more than once"};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        rig_lacks(html, never[i]);
}
END_TEST

START_TEST(hostile_json_is_text_and_stays_small)
{
    struct rig_order o = rig_paid_order("ORD_HOSTILE", RIG_NOW_MS);
    struct buf facts;
    buf_init(&facts, desk.arena);
    buf_puts(&facts, "{\"metadata\":{\"<script>\":\"<script>alert(1)</script>\",\"deep\":"
                     "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":\"<img src=x>\"}}}}},\"\":\"nameless\","
                     "\"long\":\"");
    for (int i = 0; i < 20000; i++)
        buf_puts(&facts, "é");
    buf_puts(&facts, "\",\"many\":[");
    for (int i = 0; i < 3000; i++)
        buf_puts(&facts, i ? ",\"member\"" : "\"member\"");
    buf_puts(&facts, "]}}");
    o.order.facts = buf_text(&facts);
    o.txn.facts = "[\"not an object\"]";
    rig_insert(&o);
    const char *html = page_of(&o);
    rig_has(html, "&lt;script&gt;alert(1)&lt;/script&gt;");
    rig_has(html, "<dt>Deep · A · B</dt><dd>{&quot;c&quot;:{&quot;d&quot;");
    rig_has(html, "<dt>(no name)</dt><dd>nameless</dd>");
    rig_has(html, "(40000 bytes in all)");
    rig_has(html, "This is not all");
    rig_lacks(html, "<script>");
    rig_lacks(html, "<img");
    ck_assert_msg(strlen(html) < 30000, "%zu bytes", strlen(html));
}
END_TEST

START_TEST(broken_json_leaves_the_page_standing)
{
    struct rig_order o = rig_paid_order("ORD_BROKEN", RIG_NOW_MS);
    o.order.facts = "null";
    o.txn.facts = "{\"card\":\"a text\",\"payment_gateway_response\":[1,[2,[3,[4,[5]]]]]}";
    rig_insert(&o);
    const char *html = page_of(&o);
    in_order(html, "<h3>Card</h3>", "<dd>a text</dd>");
    rig_has(html, "<dd>[4,[5]]</dd>");
}
END_TEST

START_TEST(conflicts_are_said_first)
{
    struct rig_order o = rig_paid_order("ORD_LATE", RIG_NOW_MS);
    o.txn.is_conflicted = true;
    rig_insert(&o);
    const char *html = page_of(&o);
    in_order(html, "<strong>Conflicted.</strong>", "Facts</h2>");
    rig_has(html, "Transaction demo-ORD_LATE-1 succeeded later than allowed, 1 s after its start.");
}
END_TEST

static enum rc add_txn(struct sql *q, void *arg, struct err *e)
{
    return txns_insert(q, arg, e);
}

START_TEST(the_equation_of_a_split_payment_is_their_sum)
{
    struct rig_order o = rig_paid_order("ORD_SPLIT", RIG_NOW_MS);
    o.order.is_split_payment = true;
    o.txn.amount_minor = 30000;
    o.txn.held_minor = 5000;
    o.txn.refunded_minor = 2000;
    rig_insert(&o);
    struct txn second = o.txn, failed;
    second.id = id_new();
    second.txn_id = "demo-ORD_SPLIT-2";
    second.amount_minor = 20000;
    second.held_minor = second.refunded_minor = 0;
    desk_write(add_txn, &second);
    failed = second;
    failed.id = id_new();
    failed.txn_id = "demo-ORD_SPLIT-3";
    failed.status = "AUTHORIZATION_FAILED";
    desk_write(add_txn, &failed);

    const char *html = page_of(&o);
    const char *sum = strstr(html, "<dl class=\"equation\">");
    in_order(sum, "<dt>Charged</dt><dd>500.00</dd>", "<dt>Refunded</dt><dd>20.00</dd>");
    in_order(sum, "<dt>Pending</dt><dd>30.00</dd>", "450.00 INR</dd>");
    in_order(sum, "<dt>Charged</dt><dd>300.00</dd>", "250.00 INR</dd>");
    in_order(sum, "<dt>Charged</dt><dd>200.00</dd>", "200.00 INR</dd>");
}
END_TEST

START_TEST(a_pending_refund_is_asked_for_again_until_it_ends)
{
    struct rig_order o = rig_paid_order("ORD_LIVE", RIG_NOW_MS);
    rig_insert(&o);
    rig_lacks(page_of(&o), "hx-trigger=\"every");
    const char *form = rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_LIVE/refund", NULL), 200, NULL);
    rig_ask(RIG_MAKER, "/orders/ORD_LIVE/refund",
            arena_printf(desk.arena, "id=%s&amount=10&reason=GOODWILL&step=initiate",
                         rig_input(form, "id")));
    const char *html = page_of(&o);
    rig_has(html, "hx-trigger=\"every 4s\"");
    rig_has(html, "<noscript> · <a href=\"/orders/ORD_LIVE\">Reload</a></noscript>");
    const char *seen = strstr(html, "?seen=");
    ck_assert_ptr_nonnull(seen);
    const char *again = arena_printf(desk.arena, "/orders/ORD_LIVE%.19s", seen);
    rig_expect(rig_ask_partial(RIG_MAKER, again, NULL), 204, NULL);
    rig_expect(rig_ask(RIG_MAKER, again, NULL), 200, "10.00 INR"); /* a reload is never empty */
    rig_expect(rig_ask_partial(RIG_MAKER, "/orders/ORD_LIVE?seen=0000000000001", NULL), 200,
               "id=\"live\"");
}
END_TEST

START_TEST(keys_are_told_by_rights)
{
    const char *html = rig_expect(rig_ask(RIG_MAKER, "/help", NULL), 200, "<kbd>g r</kbd>");
    rig_has(html, "<kbd>?</kbd>");
    rig_has(html, "g b");
    html = rig_expect(rig_ask_partial(RIG_ORDERS_ONLY, "/help", NULL), 200, "<kbd>g o</kbd>");
    rig_lacks(html, "g r");
    rig_lacks(html, "g b");
    rig_lacks(html, "<html");
    rig_expect(rig_ask(RIG_NOBODY, "/help", NULL), 303, NULL);
}
END_TEST

Suite *t_order_page_suite(void);
Suite *t_order_page_suite(void)
{
    Suite *s = suite_create("order page");
    TCase *t = tcase_create("order page");
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, facts_stand_in_groups_with_readable_labels);
    tcase_add_test(t, what_is_absent_takes_no_room);
    tcase_add_test(t, hostile_json_is_text_and_stays_small);
    tcase_add_test(t, broken_json_leaves_the_page_standing);
    tcase_add_test(t, conflicts_are_said_first);
    tcase_add_test(t, the_equation_of_a_split_payment_is_their_sum);
    tcase_add_test(t, a_pending_refund_is_asked_for_again_until_it_ends);
    tcase_add_test(t, keys_are_told_by_rights);
    suite_add_tcase(s, t);
    return s;
}
