#include "api/rig.h"
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include <string.h>

enum { ORDERS = 7 };

/* l-0 … l-6, each a day older than the one before, and a refund of each; l-1 in USD by STRIPE. */
static void fill(void)
{
    for (int i = 0; i < ORDERS; i++) {
        const char *id = arena_printf(rig.arena, "l-%d", i);
        shop_add((struct shop_order){.order_id = id,
                                     .age_days = i,
                                     .amount_minor = 100000 + i * 100,
                                     .currency = i == 1 ? "USD" : NULL,
                                     .gateway = i == 1 ? "STRIPE" : NULL});
        const char *form =
            arena_printf(rig.arena, "unique_request_id=u%d&amount=%d&refund_reason=%s", i % 3,
                         10 + i, i == 2 ? "GOODWILL" : "CANCELLATION");
        struct rig_answer a = rig_post(arena_printf(rig.arena, "/orders/%s/refunds", id), form);
        ck_assert_msg(a.status == 200, "%s", a.body);
    }
}

/* The order ids of a list, "l-0 l-1 …", page by page of `limit` rows. */
static const char *walk(const char *target, int limit)
{
    struct buf ids;
    const char *cursor = "";
    buf_init(&ids, rig.arena);
    for (int pages = 0; pages < 20; pages++) {
        struct rig_answer a = rig_get(arena_printf(rig.arena, "%s%slimit=%d%s%s", target,
                                                   strchr(target, '?') ? "&" : "?", limit,
                                                   *cursor ? "&cursor=" : "", cursor));
        ck_assert_msg(a.status == 200, "%s", a.body);
        ck_assert_str_eq(rig_member(&a, "object"), "list");
        for (int i = 0; i < limit; i++) {
            const char *id = rig_member(&a, arena_printf(rig.arena, "data.%d", i));
            if (str_eq(id, "null"))
                break;
            id = rig_member(&a, arena_printf(rig.arena, "data.%d.order_id", i));
            buf_printf(&ids, "%s%s", ids.len ? " " : "", id);
        }
        cursor = rig_member(&a, "next_cursor");
        ck_assert_int_eq(str_eq(rig_member(&a, "has_more"), "true"), !str_eq(cursor, "null"));
        if (str_eq(cursor, "null"))
            return buf_text(&ids);
    }
    ck_abort_msg("the list does not end");
}

START_TEST(pages_of_any_size_make_the_whole_list)
{
    fill();
    for (int limit = 1; limit <= ORDERS + 1; limit++) {
        ck_assert_str_eq(walk("/orders", limit), "l-0 l-1 l-2 l-3 l-4 l-5 l-6");
        ck_assert_str_eq(walk("/refunds", limit), "l-6 l-5 l-4 l-3 l-2 l-1 l-0");
    }
}
END_TEST

struct filter {
    const char *target, *ids;
};
/* The shop's clock stands at 2027-01-15T08:00:00Z. */
static const struct filter FILTERS[] = {
    {"/orders?currency=USD", "l-1"},
    {"/orders?gateway=STRIPE", "l-1"},
    {"/orders?status=CHARGED&gateway=RAZORPAY", "l-0 l-2 l-3 l-4 l-5 l-6"},
    {"/orders?status=NEW", ""},
    {"/orders?from=2027-01-13", "l-0 l-1 l-2"},
    {"/orders?to=2027-01-10", "l-5 l-6"},
    {"/orders?from=2027-01-12&to=2027-01-13", "l-2 l-3"},
    {"/orders?from=2027-01-13T08%3A00%3A00Z&to=2027-01-14T08%3A00%3A00Z", "l-2"},
    {"/orders?from=2027-01-13T13%3A30%3A00%2B05%3A30&to=2027-01-14T08%3A00%3A00.001Z", "l-1 l-2"},
    {"/orders?currency=INR&amount_min=1003&amount_max=1004.00", "l-3 l-4"},
    {"/orders?refundable=true", "l-0 l-1 l-2 l-3 l-4 l-5 l-6"},
    {"/orders?conflicted=1", ""},
    {"/orders?conflicted=false&currency=USD&unknown=x&gateway=", "l-1"},
    {"/orders?customer=nobody", ""},
    {"/orders?udf=nothing", ""},
    {"/refunds?order_id=L-3", "l-3"},
    {"/refunds?order_id=none", ""},
    {"/refunds?unique_request_id=u1", "l-4 l-1"},
    {"/refunds?unique_request_id=U1", ""},
    {"/refunds?unique_request_id=u1&order_id=l-4", "l-4"},
    {"/refunds?reason=GOODWILL", "l-2"},
    {"/refunds?gateway=STRIPE", "l-1"},
    {"/refunds?currency=USD&status=PENDING", "l-1"},
    {"/refunds?status=SUCCESS", ""},
    {"/refunds?initiated_by=API&currency=INR&amount_min=15", "l-6 l-5"},
    {"/refunds?initiated_by=nobody", ""},
    {"/refunds?from=2027-01-15&to=2027-01-15", "l-6 l-5 l-4 l-3 l-2 l-1 l-0"},
    {"/refunds?to=2027-01-14", ""},
};

START_TEST(a_filter_leaves_what_fits)
{
    fill();
    for (int i = 0; i < COUNT(FILTERS); i++)
        ck_assert_msg(str_eq(walk(FILTERS[i].target, 2), FILTERS[i].ids), "%s: %s",
                      FILTERS[i].target, walk(FILTERS[i].target, 2));
}
END_TEST

struct refused {
    const char *query, *field;
};
static const struct refused REFUSED[] = {
    {"limit=0", "limit"},
    {"limit=101", "limit"},
    {"limit=ten", "limit"},
    {"limit=-1", "limit"},
    {"from=yesterday", "from"},
    {"from=2027-02-30", "from"},
    {"to=2027-01-01T00%3A00%3A00", "to"},
    {"from=2027-01-02&to=2027-01-01", "to"},
    {"currency=XYZ", "currency"},
    {"amount_min=5", "amount_min"},
    {"currency=INR&amount_min=1e3", "amount_min"},
    {"currency=JPY&amount_max=1.5", "amount_max"},
    {"currency=INR&amount_min=2&amount_max=1", "amount_max"},
    {"cursor=x", "cursor"},
    {"cursor=00000000000000000000000000", "cursor"},
    {"status=charged", "status"},
    {"gateway=12345678901234567890123456789012345678901234567890123456789012345", "gateway"},
};

START_TEST(a_bad_filter_is_named)
{
    static const char *const LISTS[] = {"/orders", "/refunds", "/order/list"};
    for (int i = 0; i < COUNT(LISTS); i++) {
        bool older = i == 2;
        if (older && (strstr(REFUSED[_i].field, "limit") || strstr(REFUSED[_i].field, "cursor")))
            continue;
        struct rig_answer a =
            rig_get(arena_printf(rig.arena, "%s?%s", LISTS[i], REFUSED[_i].query));
        ck_assert_int_eq(a.status, 400);
        ck_assert_str_eq(rig_member(&a, "error_code"), "INVALID_REQUEST");
        ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), REFUSED[_i].field);
    }
}
END_TEST

START_TEST(every_bad_filter_is_named_at_once)
{
    struct rig_answer a =
        rig_get("/refunds?limit=x&from=y&currency=Z&status=w&reason=v&cursor=u&order_id=ok");
    for (int i = 0; i < 6; i++)
        ck_assert_ptr_nonnull(
            rig_member(&a, arena_printf(rig.arena, "error_info.fields.%d.reason", i)));
    ck_assert_str_eq(rig_member(&a, "error_info.fields.6"), "null");
}
END_TEST

START_TEST(rows_are_whole)
{
    fill();
    struct rig_answer list = rig_get("/orders?limit=1"), one = rig_get("/orders/l-0");
    ck_assert_ptr_nonnull(strstr(list.body, one.body));
    list = rig_get("/refunds?order_id=l-2");
    static const char *const REFUND[][2] = {
        {"data.0.unique_request_id", "u2"},  {"data.0.order_id", "l-2"}, {"data.0.amount", "12"},
        {"data.0.status", "PENDING"},        {"data.0.txn_id", "l-2-1"}, {"data.0.currency", "INR"},
        {"data.0.refund_source", "RAZORPAY"}};
    for (int i = 0; i < COUNT(REFUND); i++)
        ck_assert_pstr_eq(rig_member(&list, REFUND[i][0]), REFUND[i][1]);
}
END_TEST

START_TEST(the_older_list_counts_rows)
{
    fill();
    struct rig_answer a = rig_get("/order/list?count=3&offset=2");
    ck_assert_msg(a.status == 200, "%s", a.body);
    static const char *const WANTED[][2] = {{"count", "3"},
                                            {"offset", "2"},
                                            {"total", "7"},
                                            {"list.0.order_id", "l-2"},
                                            {"list.2.order_id", "l-4"},
                                            {"list.3", "null"}};
    for (int i = 0; i < COUNT(WANTED); i++)
        ck_assert_pstr_eq(rig_member(&a, WANTED[i][0]), WANTED[i][1]);
    a = rig_get("/order/list");
    ck_assert_str_eq(rig_member(&a, "count"), "7");
    a = rig_get("/order/list?offset=7");
    ck_assert_str_eq(rig_member(&a, "count"), "0");
    ck_assert_str_eq(rig_member(&a, "total"), "7");
    a = rig_get(arena_printf(rig.arena, "/order/list?offset=%d", LIMIT_PAGE_SKIP));
    ck_assert_int_eq(a.status, 200);
    a = rig_get(arena_printf(rig.arena, "/order/list?offset=%d", LIMIT_PAGE_SKIP + 1));
    ck_assert_int_eq(a.status, 400);
    ck_assert_str_eq(rig_member(&a, "error_info.fields.0.field_name"), "offset");
}
END_TEST

/* ---- a page of orders with many refunds ---- */

static const char *metadata, *words; /* of each refund that is added */

static enum rc add_refunds(struct sql *q, void *arg, struct err *e)
{
    const struct txn t = shop_txn(arg);
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < LIMIT_PAGE_REFUNDS / 2; i++) {
        const struct refund f = {.id = id_new(),
                                 .merchant = t.merchant,
                                 .order_row = t.order_row,
                                 .txn_row = t.id,
                                 .unique_request_id = arena_printf(rig.arena, "many-%d", i),
                                 .amount_minor = 1,
                                 .currency = "INR",
                                 .state = "FAILURE",
                                 .status = "FAILURE",
                                 .refund_type = "STANDARD",
                                 .reason = "CANCELLATION",
                                 .source = "API",
                                 .initiated_by = "API",
                                 .gateway = "RAZORPAY",
                                 .gateway_words = words,
                                 .metadata = metadata,
                                 .created_ms = SHOP_NOW_MS,
                                 .updated_ms = SHOP_NOW_MS};
        rc = refunds_insert(q, &f, e);
    }
    return rc;
}

START_TEST(a_page_ends_early_after_many_refunds)
{
    char many[][6] = {"l-0-1", "l-1-1"};
    metadata = words = NULL;
    fill(); /* one refund of each order is there already */
    for (int i = 0; i < COUNT(many); i++)
        double_tx(&rig, add_refunds, many[i]);
    static const char NEXT[] = "\"has_more\":true,\"next_cursor\":\"";
    struct rig_answer a = rig_get("/orders?limit=100"); /* too large to look into by rig_member */
    const char *next = strstr(a.body, NEXT);
    ck_assert_ptr_nonnull(next);
    ck_assert_ptr_nonnull(strstr(a.body, "\"order_id\":\"l-2\""));
    ck_assert_ptr_null(strstr(a.body, "\"order_id\":\"l-3\""));
    a = rig_get(arena_printf(rig.arena, "/orders?limit=100&cursor=%.26s", next + strlen(NEXT)));
    ck_assert_str_eq(rig_member(&a, "data.0.order_id"), "l-3");
    ck_assert_str_eq(rig_member(&a, "has_more"), "false");
}
END_TEST

/* As long as they may be, answered in what one request has. */
static struct rig_answer get_alone(const char *target)
{
    struct req *r = rig_request("GET", target, NULL, NULL);
    struct arena *own = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    r->arena = own;
    struct rig_answer a = rig_send(r);
    a.body = arena_strdup(rig.arena, a.body);
    arena_free(own);
    return a;
}

START_TEST(the_longest_refunds_of_an_order_fit)
{
    char many[][6] = {"l-0-1", "l-1-1", "l-2-1"};
    const char *longest = arena_printf(rig.arena, "%*s", LIMIT_METADATA_BYTES - 8, "x");
    metadata = arena_printf(rig.arena, "{\"a\":\"%s\"}", longest);
    words = longest;
    fill();
    for (int i = 0; i < COUNT(many); i++)
        double_tx(&rig, add_refunds, many[i]);
    ck_assert_int_eq(get_alone("/orders/l-0").status, 200);
    struct rig_answer a = get_alone("/orders?limit=100");
    ck_assert_int_eq(a.status, 200);
    ck_assert_ptr_nonnull(strstr(a.body, "\"has_more\":true"));
    ck_assert_ptr_nonnull(strstr(a.body, "\"order_id\":\"l-0\""));
    ck_assert_ptr_null(strstr(a.body, "\"order_id\":\"l-1\""));
    ck_assert_int_eq(get_alone("/refunds?limit=100").status, 200);
}
END_TEST

Suite *t_lists_suite(void)
{
    TCase *t;
    Suite *s = suite_of("lists", &t);
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, pages_of_any_size_make_the_whole_list);
    tcase_add_test(t, a_filter_leaves_what_fits);
    tcase_add_loop_test(t, a_bad_filter_is_named, 0, COUNT(REFUSED));
    tcase_add_test(t, every_bad_filter_is_named_at_once);
    tcase_add_test(t, rows_are_whole);
    tcase_add_test(t, the_older_list_counts_rows);
    tcase_add_test(t, a_page_ends_early_after_many_refunds);
    tcase_add_test(t, the_longest_refunds_of_an_order_fit);
    return s;
}
