#include "core/id.h"
#include "portal/portal.h"
#include "refund/create.h"
#include "rig.h"
#include "store/events.h"
#include "support/suite.h"
#include <string.h>

/* What a page must never hold unescaped, in a text that tries each way out of HTML and HDF. */
#define HOSTILE "\"><img src=x onerror=alert(1)>'<?cs var:csrf ?>&#60;b&#62;${x}{{x}}\\u003cimg"

static void is_harmless(const char *html, const char *where)
{
    static const char *const never[] = {"<img", "<?cs", "\">'", "onerror=alert(1)>", "&#60;b"};
    ck_assert_msg(strstr(html, "&lt;img src=x") != NULL, "%s shows none of it", where);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        ck_assert_msg(strstr(html, never[i]) == NULL, "%s: %s in %s", where, never[i], html);
}

static struct rig_order hostile_order(void)
{
    struct rig_order o = rig_paid_order("<img\"'&onerror=1>", RIG_NOW_MS);
    o.order.public_id = o.order.customer_id = o.order.customer_email = HOSTILE;
    o.order.customer_phone = o.order.product_id = o.order.description = HOSTILE;
    o.order.return_url = "javascript:alert(1)";
    o.order.facts = "{\"udf1\":\"\\\"><img src=x onerror=alert(1)>\",\"metadata\":"
                    "{\"<img>\":\"<img src=x>\"}}";
    o.txn.txn_id = o.txn.payment_method_type = o.txn.payment_method = HOSTILE;
    o.txn.payment_id = o.txn.txn_uuid = o.txn.auth_type = HOSTILE;
    o.txn.facts = "{\"card\":{\"last_four_digits\":\"<img src=x>\"}}";
    return o;
}

static enum rc add_hostile_refund(struct sql *q, void *arg, struct err *e)
{
    const struct rig_order *o = arg;
    struct refund r = {.id = id_new(),
                       .merchant = desk.merchant,
                       .order_row = o->order.id,
                       .txn_row = o->txn.id,
                       .unique_request_id = HOSTILE,
                       .amount_minor = 100,
                       .currency = "INR",
                       .state = "FAILURE",
                       .status = "FAILURE",
                       .sent = true,
                       .refund_type = "STANDARD",
                       .reason = HOSTILE,
                       .note = HOSTILE,
                       .source = "API",
                       .initiated_by = HOSTILE,
                       .gateway = HOSTILE,
                       .gateway_ref = HOSTILE,
                       .arn = HOSTILE,
                       .error_code = HOSTILE,
                       .error_message = HOSTILE,
                       .gateway_words = HOSTILE,
                       .created_ms = RIG_NOW_MS,
                       .updated_ms = RIG_NOW_MS};
    struct event ev = {.merchant = desk.merchant,
                       .order_row = o->order.id,
                       .refund_row = r.id,
                       .name = HOSTILE,
                       .actor = HOSTILE,
                       .at_ms = RIG_NOW_MS,
                       .frozen = "{\"error_message\":\"<img src=x>\",\"words\":\"<img src=x>\","
                                 "\"gateway\":\"<img src=x>\"}"};
    enum rc rc = refunds_insert(q, &r, e);
    return rc == RC_OK ? events_add(q, &ev, e) : rc;
}

START_TEST(hostile_text_in_every_field_is_text_on_every_page)
{
    struct rig_order o = hostile_order();
    rig_insert(&o);
    desk_write(add_hostile_refund, &o);
    const char *path = web_path(desk.arena, "/orders/", o.order.order_id, "");
    const char *list = rig_expect(rig_ask(RIG_MAKER, "/refunds", NULL), 200, NULL);
    const char *href = strstr(list, "href=\"/refunds/");
    ck_assert_ptr_nonnull(href);
    href += strlen("href=\"");

    is_harmless(list, "refunds");
    is_harmless(rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, NULL), "orders");
    is_harmless(rig_expect(rig_ask(RIG_MAKER, path, NULL), 200, NULL), "order");
    is_harmless(
        rig_expect(rig_ask(RIG_MAKER, arena_strndup(desk.arena, href, strcspn(href, "\"")), NULL),
                   200, NULL),
        "refund");
    const char *create = arena_printf(desk.arena, "%s/refund", path);
    const char *form = rig_expect(rig_ask(RIG_MAKER, create, NULL), 200, NULL);
    is_harmless(form, "create");
    is_harmless(rig_expect(rig_ask(RIG_MAKER, create,
                                   arena_printf(desk.arena,
                                                "id=%s&amount=%%3Cimg+src=x%%3E&reason=GOODWILL"
                                                "&note=%%22%%3E%%3Cimg+src=x%%3E",
                                                rig_input(form, "id"))),
                           200, NULL),
                "refusal");
    is_harmless(rig_expect(rig_ask(RIG_MAKER, "/orders?q=%22%3E%3Cimg+src=x%3E", NULL), 200, NULL),
                "search");
}
END_TEST

START_TEST(the_menu_shows_what_one_may_read_and_no_more)
{
    const char *html = rig_expect(rig_ask(RIG_VIEWER, "/orders", NULL), 200, NULL);
    rig_has(html, "href=\"/orders\" aria-current=\"page\">Orders</a>");
    rig_has(html, "href=\"/refunds\">Refunds</a>");
    html = rig_expect(rig_ask(RIG_ORDERS_ONLY, "/orders", NULL), 200, NULL);
    rig_lacks(html, "href=\"/refunds\"");
    html = rig_expect(rig_ask(RIG_ORDERS_ONLY, "/refunds", NULL), 403, "role admin");
    rig_has(html, "href=\"/orders\"");
}
END_TEST

START_TEST(the_frame_names_merchant_user_zone_and_test_mode)
{
    const char *html = rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, "TEST MODE");
    rig_has(html, "Demo Merchant");
    rig_has(html, "maker · IST");
    rig_has(html, "action=\"/logout\"");
    rig_has(html, "No orders yet");
}
END_TEST

START_TEST(errors_say_what_to_do_and_give_the_request_id)
{
    static const struct {
        const char *target, *body;
        int status;
    } rows[] = {
        {"/nothing", NULL, 404},     {"/orders/NONE", NULL, 404},
        {"/refunds/xyz", NULL, 404}, {"/refunds/01h4v2k9q8c0m", NULL, 404},
        {"/orders", "x=1", 405},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html = rig_expect(rig_ask(RIG_MAKER, rows[i].target, rows[i].body),
                                      rows[i].status, "6f9619ff-8b86-4011-b42d-00c04fc964ff");
        rig_has(html, "Demo Merchant");
        rig_has(html, "href=\"/orders\">Go to Orders</a>");
        const char *part = rig_expect(rig_ask_partial(RIG_MAKER, rows[i].target, rows[i].body),
                                      rows[i].status, "id=\"popup-title\"");
        rig_lacks(part, "<html");
    }
    rig_expect(rig_ask(RIG_SETTINGS_ONLY, "/nothing", NULL), 404, "Go to Settings &gt; ");
    rig_lacks(rig_expect(rig_ask(RIG_NOBODY, "/nothing", NULL), 404, "Log in"), "Demo Merchant");
}
END_TEST

START_TEST(pages_need_a_login_and_come_back_after_it)
{
    struct reply p = rig_ask(RIG_NOBODY, "/orders/ORD_1", NULL);
    rig_expect(p, 303, NULL);
    ck_assert_str_eq(p.location, "/login?next=%2Forders%2FORD_1");
    const char *html = rig_expect(rig_ask(RIG_NOBODY, p.location, NULL), 200, "Log in");
    ck_assert_str_eq(rig_input(html, "next"), "/orders/ORD_1");
    rig_lacks(html, "Demo Merchant");
    static const char *const elsewhere[] = {"//evil.example", "https://evil.example", "/%5Cevil",
                                            "javascript:alert(1)"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        html = rig_expect(
            rig_ask(RIG_NOBODY, arena_printf(desk.arena, "/login?next=%s", elsewhere[i]), NULL),
            200, NULL);
        ck_assert_str_eq(rig_input(html, "next"), "/");
    }
}
END_TEST

START_TEST(a_wrong_login_says_the_same_for_everybody)
{
    const char *known = rig_expect(rig_ask(RIG_NOBODY, "/login", "name=maker&password=wrong"), 401,
                                   "Not logged in.");
    const char *unknown =
        rig_expect(rig_ask(RIG_NOBODY, "/login", "name=nobody&password=wrong"), 401, NULL);
    const char *from = strstr(known, "role=\"alert\""), *other = strstr(unknown, "role=\"alert\"");
    ck_assert_ptr_nonnull(from);
    ck_assert_ptr_nonnull(other);
    ck_assert_int_eq(strncmp(from, other, strcspn(from, "\n")), 0);
    rig_lacks(known, "wrong");
}
END_TEST

START_TEST(home_is_the_first_page_one_may_read)
{
    struct reply p = rig_ask(RIG_VIEWER, "/", NULL);
    rig_expect(p, 303, NULL);
    ck_assert_str_eq(p.location, "/orders");
}
END_TEST

static int64_t held_id;

static enum rc hold_for_a_minute(struct sql *q, void *arg, struct err *e)
{
    const struct rig_order *o = arg;
    struct refund r = {.id = id_new(),
                       .merchant = o->order.merchant,
                       .order_row = o->order.id,
                       .txn_row = o->txn.id,
                       .unique_request_id = "held",
                       .amount_minor = 100,
                       .currency = "INR",
                       .state = "HELD",
                       .status = "PENDING",
                       .refund_type = "STANDARD",
                       .reason = "GOODWILL",
                       .source = "PORTAL",
                       .initiated_by = "maker",
                       .gateway = "RAZORPAY",
                       .created_ms = RIG_NOW_MS,
                       .hold_until_ms = RIG_NOW_MS + CLOCK_MINUTE_MS,
                       .updated_ms = RIG_NOW_MS};
    enum rc rc = txns_hold(q, o->txn.id, r.amount_minor, 0, e);
    held_id = r.id;
    return rc == RC_OK ? refunds_insert(q, &r, e) : rc;
}

START_TEST(a_held_refund_is_cancelled_once)
{
    struct rig_order o = rig_paid_order("ORD_1", RIG_NOW_MS);
    rig_insert(&o);
    desk_write(hold_for_a_minute, &o);
    const char *list = rig_expect(rig_ask(RIG_MAKER, "/refunds", NULL), 200, "Held until 14:32");
    const char *at = strstr(list, "action=\"/refunds/");
    ck_assert_ptr_nonnull(at);
    at += strlen("action=\"");
    const char *cancel = arena_strndup(desk.arena, at, strcspn(at, "\""));
    rig_lacks(rig_expect(rig_ask(RIG_VIEWER, "/refunds", NULL), 200, "held"), "/cancel");
    rig_expect(rig_ask(RIG_VIEWER, cancel, ""), 403, NULL);
    struct reply done = rig_ask(RIG_MAKER, cancel, "");
    rig_expect(done, 303, NULL);
    const char *refund = rig_expect(rig_ask(RIG_MAKER, done.location, NULL), 200, "Cancelled");
    rig_has(refund, "Cancelled by maker");
    rig_lacks(refund, "Cancel refund");
    rig_expect(rig_ask(RIG_MAKER, cancel, ""), 409, "can no longer be cancelled");
}
END_TEST

START_TEST(another_merchants_refund_is_not_there)
{
    struct rig_order o = rig_paid_order("THEIRS", RIG_NOW_MS);
    o.order.merchant = rig_other_merchant();
    rig_insert(&o);
    desk_write(hold_for_a_minute, &o);
    const char *path = arena_printf(desk.arena, "/refunds/%s", id_text(desk.arena, held_id));
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, path, NULL), 404, NULL), "THEIRS");
    rig_expect(rig_ask(RIG_MAKER, arena_printf(desk.arena, "%s/cancel", path), ""), 404, NULL);
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, "/refunds", NULL), 200, NULL), "THEIRS");
    rig_expect(rig_ask(RIG_MAKER, "/orders?q=held", NULL), 200, "Nothing matches");
}
END_TEST

START_TEST(a_post_without_the_right_token_does_nothing)
{
    struct rig_order o = rig_paid_order("ORD_1", RIG_NOW_MS);
    rig_insert(&o);
    const char *form = rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_1/refund", NULL), 200, NULL);
    rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_1/refund",
                       arena_printf(desk.arena,
                                    "csrf=x&txn=%s&id=%s&amount=5&reason=GOODWILL&step=initiate",
                                    rig_input(form, "txn"), rig_input(form, "id"))),
               403, "out of date");
    ck_assert_int_eq(rig_count_refunds("ORD_1"), 0);
    rig_expect(rig_ask(RIG_MAKER, "/logout", "csrf="), 403, NULL);
    rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, NULL);
}
END_TEST

Suite *t_pages_suite(void); /* main.c */

Suite *t_pages_suite(void)
{
    TCase *t;
    Suite *s = suite_of("pages", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, hostile_text_in_every_field_is_text_on_every_page);
    tcase_add_test(t, the_menu_shows_what_one_may_read_and_no_more);
    tcase_add_test(t, the_frame_names_merchant_user_zone_and_test_mode);
    tcase_add_test(t, errors_say_what_to_do_and_give_the_request_id);
    tcase_add_test(t, pages_need_a_login_and_come_back_after_it);
    tcase_add_test(t, a_wrong_login_says_the_same_for_everybody);
    tcase_add_test(t, home_is_the_first_page_one_may_read);
    tcase_add_test(t, a_held_refund_is_cancelled_once);
    tcase_add_test(t, another_merchants_refund_is_not_there);
    tcase_add_test(t, a_post_without_the_right_token_does_nothing);
    return s;
}
