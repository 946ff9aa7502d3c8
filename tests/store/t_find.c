/*
 * The search box: each kind of id, and texts that are several kinds at once.
 */
#include "core/id.h"
#include "desk.h"
#include "made.h"
#include "store/find.h"
#include "support/suite.h"
#include <string.h>

static struct made_order orders[4];
static struct refund refunds[4];

static void open_rows(void)
{
    desk_open();
    int64_t other = made_other_merchant();
    for (int i = 0; i < 4; i++) {
        int64_t merchant = i < 3 ? desk.merchant : other;
        orders[i] = made_order(merchant, arena_printf(desk.arena, "Order-%d", i));
        orders[i].order.customer_id = arena_printf(desk.arena, "cust-%d", i);
        orders[i].order.customer_email = arena_printf(desk.arena, "Mail.%d@example.in", i);
        orders[i].order.customer_phone = arena_printf(desk.arena, "+9198%d", i);
    }
    made_insert_orders(orders, 4);
    for (int i = 0; i < 4; i++) {
        refunds[i] = made_refund(&orders[i], arena_printf(desk.arena, "Req-%d", i));
        refunds[i].gateway_ref = arena_printf(desk.arena, "rfnd_%d", i);
        refunds[i].arn = arena_printf(desk.arena, "7400000%d", i);
    }
    made_insert_refunds(refunds, 4);
}

struct asking {
    const char *text;
    struct find_result got;
};

static enum rc look(struct sql *q, void *arg, struct err *e)
{
    struct asking *x = arg;
    return find_exact(q, suite_arena(), desk.merchant, x->text, &x->got, e);
}

static void finds(const char *text, enum find_kind kind, int order, int refund)
{
    struct asking x = {.text = text};
    desk_look(look, &x);
    ck_assert_msg(x.got.kind == kind, "\"%s\" is kind %d, not %d", text, x.got.kind, kind);
    if (order < 0)
        ck_assert_ptr_null(x.got.order_id);
    else
        ck_assert_str_eq(x.got.order_id, orders[order].order.order_id);
    ck_assert_int_eq(x.got.refund, refund < 0 ? 0 : refunds[refund].id);
}

START_TEST(each_kind_of_id)
{
    struct arena *a = desk.arena;
    for (int i = 0; i < 3; i++) {
        finds(arena_printf(a, "Order-%d", i), FIND_ORDER, i, -1);
        finds(arena_printf(a, "demo-Order-%d-1", i), FIND_TXN, i, -1);
        finds(arena_printf(a, "pay_Order-%d", i), FIND_PAYMENT, i, -1);
        finds(arena_printf(a, "ordeh_Order-%d", i), FIND_PUBLIC_ID, i, -1);
        finds(id_text(a, refunds[i].id), FIND_REFUND, i, i);
        finds(arena_printf(a, "Req-%d", i), FIND_UNIQUE_REQUEST_ID, i, i);
        finds(arena_printf(a, "rfnd_%d", i), FIND_GATEWAY_REF, i, i);
        finds(arena_printf(a, "7400000%d", i), FIND_ARN, i, i);
        finds(arena_printf(a, "cust-%d", i), FIND_CUSTOMER, -1, -1);
        finds(arena_printf(a, "Mail.%d@example.in", i), FIND_CUSTOMER, -1, -1);
        finds(arena_printf(a, "+9198%d", i), FIND_CUSTOMER, -1, -1);
    }
}
END_TEST

START_TEST(another_merchants_ids_are_not_found)
{
    struct arena *a = desk.arena;
    const char *const foreign[] = {
        "Order-3", "demo-Order-3-1", "pay_Order-3", "ordeh_Order-3",     "Req-3",
        "rfnd_3",  "74000003",       "cust-3",      "Mail.3@example.in", id_text(a, refunds[3].id)};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        finds(foreign[i], FIND_NOTHING, -1, -1);
}
END_TEST

START_TEST(case_counts_but_in_order_ids_and_the_desks_own)
{
    struct arena *a = desk.arena;
    finds("oRDER-1", FIND_ORDER, 1, -1);
    char *own = id_text(a, refunds[1].id);
    for (char *c = own; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    finds(own, FIND_REFUND, 1, 1);
    const char *const others[] = {"demo-order-1-1", "PAY_Order-1", "ORDEH_Order-1",    "req-1",
                                  "RFND_1",         "CUST-1",      "mail.1@example.in"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        finds(others[i], FIND_NOTHING, -1, -1);
}
END_TEST

START_TEST(parts_spaces_and_patterns_find_nothing)
{
    static const char *const texts[] = {"Order",
                                        "Order-",
                                        "rder-1",
                                        " Order-1",
                                        "Order-1 ",
                                        "Order-1\n",
                                        "%",
                                        "Order-_",
                                        "*",
                                        "' OR 1=1 --",
                                        "0",
                                        "-1",
                                        "9223372036854775807",
                                        "0000000000000"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        finds(texts[i], FIND_NOTHING, -1, -1);
}
END_TEST

/* Order 2 is named like ids of order 0 and its refund; the order of the kinds decides. */
START_TEST(a_text_that_is_several_ids_is_the_first_kind)
{
    struct made_order twins[] = {made_order(desk.merchant, "Req-0"),
                                 made_order(desk.merchant, "twin")};
    twins[1].txn.txn_id = "7400000"
                          "1";
    twins[1].order.customer_id = "rfnd_1";
    made_insert_orders(twins, 2);
    struct asking x = {.text = "Req-0"};
    desk_look(look, &x);
    ck_assert_int_eq(x.got.kind, FIND_ORDER);
    ck_assert_str_eq(x.got.order_id, "Req-0");
    ck_assert_int_eq(x.got.refund, 0);
    x = (struct asking){.text = "74000001"};
    desk_look(look, &x);
    ck_assert_int_eq(x.got.kind, FIND_TXN);
    ck_assert_str_eq(x.got.order_id, "twin");
    finds("rfnd_1", FIND_GATEWAY_REF, 1, 1);
}
END_TEST

/* unique_request_id is unique per order only: the newest refund that has it. */
START_TEST(a_repeated_unique_id_is_the_newest_refund)
{
    const struct refund again = made_refund(&orders[2], "Req-0");
    made_insert_refunds(&again, 1);
    struct asking x = {.text = "Req-0"};
    desk_look(look, &x);
    ck_assert_int_eq(x.got.kind, FIND_UNIQUE_REQUEST_ID);
    ck_assert_int_eq(x.got.refund, again.id);
    ck_assert_str_eq(x.got.order_id, "Order-2");
}
END_TEST

Suite *t_find_suite(void); /* main.c */

Suite *t_find_suite(void)
{
    TCase *t;
    Suite *s = suite_of("find", &t);
    tcase_add_checked_fixture(t, open_rows, desk_close);
    tcase_add_test(t, each_kind_of_id);
    tcase_add_test(t, another_merchants_ids_are_not_found);
    tcase_add_test(t, case_counts_but_in_order_ids_and_the_desks_own);
    tcase_add_test(t, parts_spaces_and_patterns_find_nothing);
    tcase_add_test(t, a_text_that_is_several_ids_is_the_first_kind);
    tcase_add_test(t, a_repeated_unique_id_is_the_newest_refund);
    return s;
}
