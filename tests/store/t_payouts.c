#include "core/limits.h"
#include "desk.h"
#include "made.h"
#include "store/payouts.h"
#include "support/suite.h"

struct asked {
    int64_t merchant, row, before, next;
    const char *id;
    struct payee payee, *rows;
    struct payout_shown *shown;
    int limit, count;
};

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return beneficiaries_insert(q, x->merchant, &x->payee, e);
}

static enum rc get(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return beneficiaries_get(q, desk.arena, x->merchant, x->id, &x->payee, e);
}

static enum rc list(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return beneficiaries_list(q, desk.arena, x->merchant, x->before, x->limit, &x->rows, &x->count,
                              &x->next, e);
}

static enum rc insert_payout(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return payouts_insert(q, x->row, &x->payee, e);
}

static enum rc get_payout(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return payouts_get(q, desk.arena, x->row, &x->payee, e);
}

static enum rc of_order(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return payouts_of_order(q, desk.arena, x->row, &x->shown, &x->count, e);
}

static struct payee bank(const char *id)
{
    return (struct payee){.beneficiary_id = id,
                          .type = "BANK_TRANSFER",
                          .name = "Zo\xc3\xab Wick",
                          .masked = "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2 7581",
                          .sealed = "\0box\xff",
                          .sealed_n = 5,
                          .transfer_type = "LOCAL",
                          .payout_mode = "FAST",
                          .created_ms = 77};
}

static void same(const struct payee *a, const struct payee *b)
{
    ck_assert_pstr_eq(a->beneficiary_id, b->beneficiary_id);
    ck_assert_str_eq(a->type, b->type);
    ck_assert_str_eq(a->name, b->name);
    ck_assert_str_eq(a->masked, b->masked);
    ck_assert_uint_eq(a->sealed_n, b->sealed_n);
    ck_assert_mem_eq(a->sealed, b->sealed, b->sealed_n);
    ck_assert_pstr_eq(a->transfer_type, b->transfer_type);
    ck_assert_pstr_eq(a->payout_mode, b->payout_mode);
    ck_assert_pstr_eq(a->reference_id, b->reference_id);
    ck_assert_int_eq(a->created_ms, b->created_ms);
}

START_TEST(keeps_a_beneficiary_of_its_merchant_alone)
{
    struct asked x = {.merchant = desk.merchant, .payee = bank("bene_1"), .id = "bene_1"};
    struct payee put = x.payee;
    desk_write(insert, &x);
    desk_refuses(insert, &x, RC_CONFLICT);
    desk_look(get, &x);
    same(&x.payee, &put);
    x.id = "bene_2";
    desk_refuses(get, &x, RC_NOT_FOUND);
    x.id = "bene_1";
    x.merchant = made_other_merchant();
    desk_refuses(get, &x, RC_NOT_FOUND);
    desk_write(insert, &x);
}
END_TEST

START_TEST(lists_the_newest_first_page_by_page)
{
    struct asked x = {.merchant = desk.merchant, .limit = 2};
    for (int i = 1; i <= 5; i++) {
        x.payee = bank(arena_printf(desk.arena, "bene_%d", i));
        desk_write(insert, &x);
    }
    static const char *const pages[][2] = {
        {"bene_5", "bene_4"}, {"bene_3", "bene_2"}, {"bene_1", NULL}};
    for (int page = 0; page < 3; page++) {
        desk_look(list, &x);
        ck_assert_int_eq(x.count, page < 2 ? 2 : 1);
        for (int i = 0; i < x.count; i++)
            ck_assert_str_eq(x.rows[i].beneficiary_id, pages[page][i]);
        ck_assert_int_eq(x.next != 0, page < 2);
        x.before = x.next;
    }
    x = (struct asked){.merchant = desk.merchant, .limit = 5};
    desk_look(list, &x);
    ck_assert_int_eq(x.count, 5);
    ck_assert_int_eq(x.next, 0);
    x.merchant = made_other_merchant();
    desk_look(list, &x);
    ck_assert_int_eq(x.count, 0);
}
END_TEST

START_TEST(a_payout_has_its_payee)
{
    struct made_order made = made_order(desk.merchant, "ORD");
    made_insert_orders(&made, 1);
    struct refund r[] = {made_refund(&made, "u1"), made_refund(&made, "u2")};
    made_insert_refunds(r, 2);
    struct asked x = {.row = r[0].id, .payee = bank(NULL)};
    x.payee.transfer_type = x.payee.payout_mode = NULL;
    x.payee.reference_id = "bus";
    x.payee.created_ms = 0;
    struct payee put = x.payee;
    desk_refuses(get_payout, &x, RC_NOT_FOUND);
    desk_write(insert_payout, &x);
    desk_refuses(insert_payout, &x, RC_CONFLICT);
    desk_look(get_payout, &x);
    same(&x.payee, &put);
    x.row = r[1].id;
    desk_refuses(get_payout, &x, RC_NOT_FOUND);
    x.row = made.order.id;
    desk_look(of_order, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_int_eq(x.shown[0].refund_row, r[0].id);
    ck_assert_str_eq(x.shown[0].masked, put.masked);
    ck_assert_str_eq(x.shown[0].reference_id, "bus");
}
END_TEST

START_TEST(no_payout_without_its_refund)
{
    struct asked x = {.row = 1, .payee = bank(NULL)};
    desk_refuses(insert_payout, &x, RC_CONFLICT);
}
END_TEST

Suite *t_payouts_suite(void);
Suite *t_payouts_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("payouts", &tc);
    tcase_add_checked_fixture(tc, desk_open, desk_close);
    tcase_add_test(tc, keeps_a_beneficiary_of_its_merchant_alone);
    tcase_add_test(tc, lists_the_newest_first_page_by_page);
    tcase_add_test(tc, a_payout_has_its_payee);
    tcase_add_test(tc, no_payout_without_its_refund);
    return s;
}
