#include "portal/portal.h"
#include "rig.h"
#include "support/suite.h"
#include <string.h>

/* The href of the pager's link with that rel; NULL when it is off. */
static char *pager_link(const char *html, const char *rel)
{
    const char *at = strstr(html, arena_printf(desk.arena, "rel=\"%s\" href=\"", rel));
    if (!at)
        return NULL;
    at = strstr(at, "href=\"") + strlen("href=\"");
    char *link = arena_strndup(desk.arena, at, strcspn(at, "\""));
    char *amp = strstr(link, "&amp;");
    if (amp)
        memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
    return link;
}

/* Adds the numbers of the orders on the page, ORD_007 …, in the order they stand. */
static int numbers(const char *html, int *out, int count)
{
    for (const char *at = html; (at = strstr(at, "\">ORD_")); at++) {
        const char *digits = at + strlen("\">ORD_");
        ck_assert_int_lt(count, 200);
        out[count++] = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    }
    return count;
}

static void add_orders(int count)
{
    for (int i = 0; i < count; i++) {
        /* in threes at the same time: the id alone tells them apart */
        struct rig_order o = rig_paid_order(arena_printf(desk.arena, "ORD_%03d", i),
                                            RIG_NOW_MS - CLOCK_DAY_MS + i / 3 * CLOCK_MINUTE_MS);
        rig_insert(&o);
    }
}

START_TEST(every_order_once_newest_first_and_back_again)
{
    int seen[200], n = 0, pages = 0;
    const char *link = "/orders", *html = NULL;
    add_orders(60);
    while (link) {
        html = rig_expect(rig_ask(RIG_MAKER, link, NULL), 200, NULL);
        n = numbers(html, seen, n);
        link = pager_link(html, "next");
        pages++;
    }
    ck_assert_int_eq(pages, 3);
    ck_assert_int_eq(n, 60);
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(seen[i], 59 - i);
    /* the way back ends at the first page, whole */
    for (link = pager_link(html, "prev"); link; link = pager_link(html, "prev"))
        html = rig_expect(rig_ask(RIG_MAKER, link, NULL), 200, NULL);
    n = numbers(html, seen, 0);
    ck_assert_int_eq(n, 25);
    ck_assert_int_eq(seen[0], 59);
}
END_TEST

START_TEST(a_page_of_25_rows_is_small)
{
    add_orders(30);
    struct reply p = rig_ask(RIG_MAKER, "/orders", NULL);
    rig_expect(p, 200, "ORD_029");
    ck_assert_uint_le(p.body_n, 18 << 10);
}
END_TEST

static int count_of(const char *html, const char *words)
{
    int n = 0;
    for (const char *at = html; (at = strstr(at, words)); at++)
        n++;
    return n;
}

START_TEST(a_page_has_as_many_rows_as_asked)
{
    add_orders(120);
    static const struct {
        const char *target;
        int rows;
        const char *current;
    } sizes[] = {{"/orders", 25, "<b aria-current=\"true\">25</b>"},
                 {"/orders?rows=25", 25, "<b aria-current=\"true\">25</b>"},
                 {"/orders?rows=50", 50, "<b aria-current=\"true\">50</b>"},
                 {"/orders?rows=100", 100, "<b aria-current=\"true\">100</b>"}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const char *html =
            rig_expect(rig_ask(RIG_MAKER, sizes[i].target, NULL), 200, sizes[i].current);
        ck_assert_int_eq(count_of(html, "<td class=\"id\">"), sizes[i].rows);
        rig_has(html, "rel=\"next\"");
    }
    /* no other size: a page stays small, whatever the address says */
    static const char *const other[] = {"0", "1", "26", "101", "1000000", "-25", "1e2", "x"};
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        const char *target = arena_printf(desk.arena, "/orders?rows=%s", other[i]);
        const char *html = rig_expect(rig_ask(RIG_MAKER, target, NULL), 200, NULL);
        ck_assert_int_eq(count_of(html, "<td class=\"id\">"), 25);
    }
}
END_TEST

START_TEST(one_column_says_how_the_list_is_sorted)
{
    add_orders(2);
    static const struct {
        const char *target, *created, *amount;
    } sorts[] = {{"/orders", "descending", "none"},
                 {"/orders?order=asc", "ascending", "none"},
                 {"/orders?sort=amount", "none", "descending"},
                 {"/orders?sort=amount&order=asc", "none", "ascending"}};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        const char *html = rig_expect(rig_ask(RIG_MAKER, sorts[i].target, NULL), 200, NULL);
        const char *created = arena_printf(desk.arena, "aria-sort=\"%s\"><a", sorts[i].created);
        const char *amount =
            arena_printf(desk.arena, "aria-sort=\"%s\" class=\"n\"><a", sorts[i].amount);
        rig_has(html, created);
        rig_has(html, amount);
        ck_assert_int_eq(count_of(html, "aria-sort="), 2);
    }
}
END_TEST

START_TEST(a_place_that_is_none_is_refused)
{
    static const char *const targets[] = {"/orders?after=x", "/orders?before=1-", "/orders?after=-",
                                          "/refunds?after=99999999999999999999-01h4v2k9q8c0m",
                                          "/refunds?tab=paid"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        rig_expect(rig_ask(RIG_MAKER, targets[i], NULL), 400, NULL);
}
END_TEST

START_TEST(search_finds_exact_ids_and_says_what_matched)
{
    struct rig_order o = rig_paid_order("ORD_001", RIG_NOW_MS), other = rig_paid_order("B", 1000);
    rig_insert(&o);
    rig_insert(&other);
    const char *form = rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_001/refund", NULL), 200, NULL);
    const char *id = rig_input(form, "id");
    rig_expect(
        rig_ask(RIG_MAKER, "/orders/ORD_001/refund",
                arena_printf(desk.arena, "txn=%s&id=%s&amount=5&reason=GOODWILL&step=initiate",
                             rig_input(form, "txn"), id)),
        303, NULL);
    const struct {
        const char *text, *matched;
    } rows[] = {
        {"ORD_001", "is an order id."},
        {"ord_001", "is an order id."},
        {"%20ORD_001%20", "is an order id."},
        {"demo-ORD_001-1", "is a transaction id."},
        {id, "is a refund id."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *html = rig_expect(
            rig_ask(RIG_MAKER, arena_printf(desk.arena, "/orders?q=%s", rows[i].text), NULL), 200,
            rows[i].matched);
        rig_has(html, "href=\"/orders/ORD_001\"");
        rig_lacks(html, "href=\"/orders/B\"");
    }
    rig_has(rig_expect(rig_ask(RIG_MAKER, "/orders?q=ORD_00", NULL), 200, "Nothing matches"),
            "Show all orders");
    rig_expect(rig_ask(RIG_MAKER, "/orders?q=", NULL), 200, "href=\"/orders/B\"");
}
END_TEST

START_TEST(rows_say_why_an_order_cannot_be_refunded)
{
    struct rig_order cod = rig_paid_order("COD", RIG_NOW_MS), split = rig_paid_order("SPLIT", 1);
    struct rig_order legacy = rig_paid_order("LEGACY", RIG_NOW_MS);
    legacy.txn.gateway = "LEGACY_BANK";
    rig_insert(&legacy);
    cod.order.is_cod = true;
    split.order.created_ms = RIG_NOW_MS;
    split.order.is_split_payment = true;
    rig_insert(&cod);
    rig_insert(&split);
    const char *html = rig_expect(rig_ask(RIG_MAKER, "/orders", NULL), 200, "cash on delivery");
    rig_has(html, "choose a payment in it");
    rig_has(html, "gateway cannot");
    rig_lacks(html, "/orders/LEGACY/refund");
    rig_lacks(html, "/orders/COD/refund");
    rig_lacks(html, "/orders/SPLIT/refund");
    html = rig_expect(rig_ask(RIG_MAKER, "/orders/SPLIT", NULL), 200, "Several payments");
    rig_has(html, "/orders/SPLIT/refund?txn=demo-SPLIT-1");
    rig_expect(rig_ask(RIG_MAKER, "/orders/SPLIT/refund?txn=demo-SPLIT-1", NULL), 200,
               "Initiate Refund");
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, "/orders/SPLIT/refund", NULL), 200, "transaction"),
              "Initiate Refund");
}
END_TEST

START_TEST(refunds_by_status)
{
    struct rig_order o = rig_paid_order("ORD_001", RIG_NOW_MS);
    rig_expect(rig_ask(RIG_MAKER, "/refunds", NULL), 200, "No refunds yet");
    rig_insert(&o);
    const char *form = rig_expect(rig_ask(RIG_MAKER, "/orders/ORD_001/refund", NULL), 200, NULL);
    const char *id = rig_input(form, "id");
    rig_expect(
        rig_ask(RIG_MAKER, "/orders/ORD_001/refund",
                arena_printf(desk.arena, "txn=%s&id=%s&amount=5&reason=GOODWILL&step=initiate",
                             rig_input(form, "txn"), id)),
        303, NULL);
    rig_has(rig_expect(rig_ask(RIG_VIEWER, "/refunds", NULL), 200, id), "Queued");
    rig_expect(rig_ask(RIG_VIEWER, "/refunds?tab=pending", NULL), 200, id);
    rig_lacks(rig_expect(rig_ask(RIG_VIEWER, "/refunds?tab=success", NULL), 200, "Nothing matches"),
              id);
    rig_has(rig_expect(rig_ask(RIG_VIEWER, "/refunds", NULL), 200, NULL), "Manual Review");
}
END_TEST

Suite *t_lists_suite(void); /* main.c */

Suite *t_lists_suite(void)
{
    TCase *t;
    Suite *s = suite_of("lists", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, every_order_once_newest_first_and_back_again);
    tcase_add_test(t, a_page_of_25_rows_is_small);
    tcase_add_test(t, a_page_has_as_many_rows_as_asked);
    tcase_add_test(t, one_column_says_how_the_list_is_sorted);
    tcase_add_test(t, a_place_that_is_none_is_refused);
    tcase_add_test(t, search_finds_exact_ids_and_says_what_matched);
    tcase_add_test(t, rows_say_why_an_order_cannot_be_refunded);
    tcase_add_test(t, refunds_by_status);
    return s;
}
