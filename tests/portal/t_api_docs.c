#include "portal/portal.h"
#include "rig.h"
#include "support/suite.h"
#include <string.h>

#define PAGE "/api-docs"

static void an_order(void)
{
    rig_open();
    struct rig_order o = rig_paid_order("IT'S_1", RIG_NOW_MS - CLOCK_HOUR_MS);
    rig_insert(&o);
}

/* Asks for every page that the first one leads to; returns them one after the other. */
static const char *every_page(enum rig_user user)
{
    const char *all = rig_expect(rig_ask(user, PAGE, NULL), 200, NULL);
    const char *at = strstr(all, "<main");
    struct buf pages;
    buf_init(&pages, desk.arena);
    buf_puts(&pages, all);
    while ((at = strstr(at, "<h2><a href=\"" PAGE "/")) != NULL) {
        at += strlen("<h2><a href=\"");
        const char *path = arena_strndup(desk.arena, at, strcspn(at, "\""));
        const char *page = rig_expect(rig_ask(user, path, NULL), 200, "All of the API");
        ck_assert_msg(strlen(page) < 50000, "%s: %zu bytes", path, strlen(page));
        buf_puts(&pages, page);
    }
    return buf_text(&pages);
}

START_TEST(the_first_page_says_where_and_how)
{
    const char *html = rig_expect(rig_ask(RIG_ADMIN, PAGE, NULL), 200, "http://127.0.0.1:8081");
    rig_has(html, "demo_merchant");
    rig_has(html, "$API_KEY:");
    rig_has(html, "/settings/api-keys");
    rig_has(html, "href=\"/api-docs\" aria-current=\"page\"");
    rig_lacks(html, "rdk_");
}
END_TEST

START_TEST(examples_name_the_readers_order_and_are_safe_to_paste)
{
    const char *pages = every_page(RIG_MAKER);
    rig_has(pages, "curl -u &quot;$API_KEY:&quot;");
    rig_has(pages, "/orders/IT%27S_1/refunds");
    rig_has(pages, "x-merchantid: demo_merchant");
    rig_has(pages, "&#39;txn_id=demo-IT&#39;\\&#39;&#39;S_1-1&#39;");
    rig_has(pages, "-G --data-urlencode &#39;order_id=IT&#39;\\&#39;&#39;S_1&#39;");
}
END_TEST

START_TEST(every_route_has_its_fields_and_answers)
{
    const char *pages = every_page(RIG_MAKER);
    rig_has(pages, "<code>unique_request_id</code> <b>required</b>");
    rig_has(pages, "Needs a key that may <b>refund</b>");
    rig_has(pages, "<code>401</code>");
    rig_has(pages, "/api-docs/fields-");
}
END_TEST

START_TEST(an_answer_has_its_fields)
{
    const char *pages = every_page(RIG_MAKER);
    const char *at = strstr(pages, "/api-docs/fields-");
    ck_assert_ptr_nonnull(at);
    const char *path = arena_strndup(desk.arena, at, strcspn(at, "\""));
    rig_has(rig_expect(rig_ask(RIG_MAKER, path, NULL), 200, "All of the API"), "<code>");
}
END_TEST

START_TEST(what_the_description_lacks_is_not_found)
{
    static const char *const paths[] = {PAGE "/nothing", PAGE "/fields-", PAGE "/fields-nothing",
                                        PAGE "/%3Cb%3E"};
    for (size_t i = 0; i < 3; i++)
        rig_expect(rig_ask(RIG_MAKER, paths[i], NULL), 404, "no such part");
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, paths[3], NULL), 404, NULL), "<b></");
}
END_TEST

START_TEST(who_may_not_see_orders_sees_none)
{
    const char *pages = every_page(RIG_SETTINGS_ONLY);
    rig_lacks(pages, "IT%27S_1");
    rig_has(pages, "/orders/ORD_1001");
    rig_expect(rig_ask(RIG_NOBODY, PAGE, NULL), 303, NULL);
}
END_TEST

suite_fn t_api_docs_suite;

Suite *t_api_docs_suite(void)
{
    TCase *t;
    Suite *s = suite_of("api docs", &t);
    tcase_add_checked_fixture(t, an_order, rig_close);
    tcase_add_test(t, the_first_page_says_where_and_how);
    tcase_add_test(t, examples_name_the_readers_order_and_are_safe_to_paste);
    tcase_add_test(t, every_route_has_its_fields_and_answers);
    tcase_add_test(t, an_answer_has_its_fields);
    tcase_add_test(t, what_the_description_lacks_is_not_found);
    tcase_add_test(t, who_may_not_see_orders_sees_none);
    return s;
}
