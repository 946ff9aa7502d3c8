/*
 * A list as CSV, and what filters in an address may do.
 */
#include "core/limits.h"
#include "portal/portal.h"
#include "rig.h"
#include "sql/queries.h"
#include "store/made.h"
#include "support/suite.h"
#include "web/slow.h"
#include <string.h>

struct reader {
    struct buf got;
    int writes, leaves_after; /* 0: stays */
};

static bool take(void *ctx, const char *data, size_t n)
{
    struct reader *to = ctx;
    buf_add(&to->got, data, n);
    return ++to->writes != to->leaves_after;
}

static const char *stream(struct reply p, struct reader *to)
{
    struct req r = {.app = &rig_app, .arena = desk.arena};
    const struct web_sink sink = {take, to};
    struct err e;
    ck_assert_int_eq(p.status, 200);
    ck_assert_ptr_nonnull(p.stream);
    buf_init(&to->got, desk.arena);
    ck_assert_int_eq(p.stream(&r, &sink, p.stream_arg, &e), RC_OK);
    return buf_text(&to->got);
}

static struct made_order *some(int n)
{
    struct made_order *orders = arena_array(desk.arena, (size_t)n, sizeof *orders);
    for (int i = 0; i < n; i++) {
        orders[i] = made_order(desk.merchant, arena_printf(desk.arena, "X%04d", i));
        orders[i].order.created_ms = RIG_NOW_MS - CLOCK_DAY_MS + i / 3;
        if (i % 2)
            orders[i].txn.gateway = "PAYU";
    }
    return orders;
}

START_TEST(exactly_the_rows_of_the_filter_in_its_order)
{
    const int n = 2 * LIMIT_EXPORT_ROWS + 3;
    struct reader to = {.leaves_after = 0};
    made_insert_orders(some(2 * n), 2 * n);
    struct reply p = rig_ask(RIG_VIEWER, "/export/orders?gateway=PAYU&order=asc", NULL);
    const char *csv = stream(p, &to);
    ck_assert_int_eq(to.writes, 3);
    ck_assert(strncmp(csv, "Created (UTC),Order Id,Status,Amount,", 37) == 0);
    for (int i = 0; i < n; i++) {
        csv = strstr(csv, "\r\n") + 2;
        const char *want = arena_printf(desk.arena, "Z,X%04d,CHARGED,500.00,INR,", 2 * i + 1);
        ck_assert_msg(strncmp(strchr(csv, 'Z'), want, strlen(want)) == 0, "row %d: %.80s", i, csv);
    }
    ck_assert_str_eq(strstr(csv, "\r\n"), "\r\n");
}
END_TEST

START_TEST(the_file_says_what_was_filtered_and_when)
{
    struct reader to = {.leaves_after = 0};
    struct reply p =
        rig_ask(RIG_VIEWER, "/export/orders?tab=charged&gateway=a%22%0d%0ab/..&rows=50", NULL);
    ck_assert_int_eq(p.n_headers, 1);
    ck_assert_str_eq(p.headers[0].name, "Content-Disposition");
    ck_assert_str_eq(p.headers[0].value,
                     "attachment; filename=\"orders_tab-charged_gateway-a___b_.._"
                     "2026-11-21T0901Z.csv\"");
    ck_assert_ptr_null(strstr(stream(p, &to), "\r\n\r\n"));
}
END_TEST

START_TEST(cells_that_a_spreadsheet_would_run_are_text)
{
    struct reader to = {.leaves_after = 0};
    struct made_order o = made_order(desk.merchant, "=1+1");
    o.order.customer_id = "@SUM(A1),\"x\"";
    o.order.customer_email = "-a@example.in";
    made_insert_orders(&o, 1);
    const char *csv = stream(rig_ask(RIG_MAKER, "/export/orders", NULL), &to);
    rig_has(csv, ",'=1+1,CHARGED,500.00,INR,");
    rig_has(csv, ",\"'@SUM(A1),\"\"x\"\"\",'-a@example.in,");
}
END_TEST

START_TEST(the_longest_rows_fit_the_memory_of_a_request)
{
    enum { FACTS = 30000 };
    struct reader to = {.leaves_after = 0};
    struct made_order *orders = some(LIMIT_EXPORT_ROWS + 1);
    char *facts = arena_alloc(desk.arena, FACTS);
    memset(facts, ' ', FACTS - 1);
    memcpy(facts, "{}", 2);
    for (int i = 0; i <= LIMIT_EXPORT_ROWS; i++)
        orders[i].order.facts = facts;
    made_insert_orders(orders, LIMIT_EXPORT_ROWS + 1);
    rig_has(stream(rig_ask(RIG_MAKER, "/export/orders", NULL), &to), ",X0000,");
    ck_assert_int_eq(to.writes, 2);
}
END_TEST

START_TEST(a_reader_that_goes_away_ends_it_and_frees_its_place)
{
    struct reader gone = {.leaves_after = 1}, stays = {.leaves_after = 0};
    made_insert_orders(some(LIMIT_EXPORT_ROWS + 1), LIMIT_EXPORT_ROWS + 1);
    stream(rig_ask(RIG_MAKER, "/export/orders", NULL), &gone);
    ck_assert_int_eq(gone.writes, 1);
    stream(rig_ask(RIG_MAKER, "/export/orders", NULL), &stays);
    ck_assert_int_eq(stays.writes, 2);
}
END_TEST

START_TEST(too_many_at_once_are_told_so_before_a_file_begins)
{
    struct reader to = {.leaves_after = 0};
    struct reply first = rig_ask(RIG_MAKER, "/export/orders", NULL);
    ck_assert_int_eq(rig_ask(RIG_MAKER, "/export/orders", NULL).status, 503);
    stream(first, &to);
    stream(rig_ask(RIG_MAKER, "/export/orders", NULL), &to);
}
END_TEST

static enum rc read_audit(struct sql *q, void *arg, struct err *e)
{
    (void)arg;
    (void)e;
    struct sql_cur c;
    int found = 0;
    sql_begin(q, &c, SQL_AUDIT_WALK, SQL_ARGS(SQL_I(desk.merchant)));
    while (sql_next(&c))
        found++;
    ck_assert_int_eq(found, 1);
    return sql_end(&c, e);
}

START_TEST(an_export_needs_its_right_and_leaves_an_audit_row)
{
    struct reader to = {.leaves_after = 0};
    rig_expect(rig_ask(RIG_ORDERS_ONLY, "/export/refunds", NULL), 403, NULL);
    rig_expect(rig_ask(RIG_NOBODY, "/export/orders", NULL), 303, NULL);
    rig_expect(rig_ask(RIG_MAKER, "/export/orders?tab=none", NULL), 400, NULL);
    stream(rig_ask(RIG_ORDERS_ONLY, "/export/orders?tab=charged", NULL), &to);
    desk_look(read_audit, NULL);
}
END_TEST

START_TEST(a_head_tells_the_file_and_does_nothing)
{
    struct reader to = {.leaves_after = 0};
    for (int i = 0; i < 3; i++) { /* none of them keeps a place */
        struct reply p = rig_head(RIG_ORDERS_ONLY, "/export/orders?tab=charged");
        ck_assert_int_eq(p.status, 200);
        bool named = false;
        for (int h = 0; h < p.n_headers; h++)
            named = named || (str_eq(p.headers[h].name, "Content-Disposition") &&
                              str_starts(p.headers[h].value, "attachment; filename=\"orders"));
        ck_assert(named);
    }
    rig_expect(rig_head(RIG_ORDERS_ONLY, "/export/refunds"), 403, NULL);
    stream(rig_ask(RIG_ORDERS_ONLY, "/export/orders?tab=charged", NULL), &to);
    desk_look(read_audit, NULL); /* the one row is of the GET */
}
END_TEST

/* ---- filters in addresses
 * ------------------------------------------------------------------------------------------- */

START_TEST(what_cannot_be_filtered_by_is_refused)
{
    static const char *const queries[] = {
        "tab=%3Cscript%3E",
        "tab=Charged",
        "status=PAID",
        "period=8d",
        "from=2026-11-31",
        "from=21.11.2026",
        "to=x",
        "from=2026-11-21&to=2026-11-20",
        "least=1e3",
        "least=-1",
        "most=0",
        "least=5&most=4",
        "least=1.005",
        "currency=RUPEE",
        "currency=%27",
        "least=x",
        "gateway=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    static const char *const lists[] = {"/orders?", "/totals/orders?", "/export/orders?"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        for (size_t k = 0; k < 3; k++) {
            const char *html = rig_expect(
                rig_ask(RIG_MAKER, arena_printf(desk.arena, "%s%s", lists[k], queries[i]), NULL),
                400, NULL);
            rig_lacks(html, "<script>");
        }
}
END_TEST

START_TEST(hostile_values_are_text_and_stay_in_every_address)
{
    const char *html = rig_expect(
        rig_ask(RIG_MAKER,
                "/orders?gateway=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&customer=100%25%26x%27",
                NULL),
        200, "Nothing matches");
    rig_lacks(html, "<script>alert");
    rig_has(html, "Gateway: &quot;&gt;&lt;script&gt;");
    rig_has(html, "customer=100%25%26x%27");
    rig_has(html, "/export/orders?gateway=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E&amp;"
                  "customer=100%25%26x%27\"");
}
END_TEST

START_TEST(links_keep_the_other_filters)
{
    const char *html = rig_expect(
        rig_ask(RIG_MAKER, "/orders?tab=charged&gateway=RAZORPAY&conflicted=1&sort=amount&rows=50",
                NULL),
        200, NULL);
    /* taking a filter off, another tab, the rest of the sort, clearing */
    rig_has(html, "href=\"/orders?tab=charged&amp;sort=amount&amp;rows=50&amp;conflicted=1\"");
    rig_has(html, "href=\"/orders?tab=charged&amp;sort=amount&amp;rows=50&amp;gateway=RAZORPAY\"");
    rig_has(html, "href=\"/orders?sort=amount&amp;rows=50&amp;gateway=RAZORPAY&amp;conflicted=1\"");
    rig_has(html, "href=\"/orders?tab=charged\"");
    rig_has(rig_expect(rig_ask(RIG_MAKER, "/orders?customer=%20", NULL), 200, "No orders yet"),
            "class=\"chips\"");
}
END_TEST

Suite *t_export_suite(void); /* main.c */

Suite *t_export_suite(void)
{
    TCase *t;
    Suite *s = suite_of("export", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, exactly_the_rows_of_the_filter_in_its_order);
    tcase_add_test(t, the_file_says_what_was_filtered_and_when);
    tcase_add_test(t, cells_that_a_spreadsheet_would_run_are_text);
    tcase_add_test(t, the_longest_rows_fit_the_memory_of_a_request);
    tcase_add_test(t, a_reader_that_goes_away_ends_it_and_frees_its_place);
    tcase_add_test(t, too_many_at_once_are_told_so_before_a_file_begins);
    tcase_add_test(t, a_head_tells_the_file_and_does_nothing);
    tcase_add_test(t, an_export_needs_its_right_and_leaves_an_audit_row);
    tcase_add_test(t, what_cannot_be_filtered_by_is_refused);
    tcase_add_test(t, hostile_values_are_text_and_stay_in_every_address);
    tcase_add_test(t, links_keep_the_other_filters);
    return s;
}
