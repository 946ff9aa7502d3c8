#include "core/limits.h"
#include "core/str.h"
#include "desk.h"
#include "made.h"
#include "store/conflicts.h"
#include "support/suite.h"
#include <string.h>

struct asked {
    struct conflict_settings settings;
    struct conflict conflict;
    int64_t of;
    int limit;
    struct conflict *rows;
    int count;
};

static enum rc put_settings(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return conflict_settings_put(q, desk.merchant, &x->settings, 5, e);
}

static enum rc get_settings(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return conflict_settings_get(q, desk.arena, desk.merchant, &x->settings, e);
}

static enum rc put(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return conflicts_put(q, &x->conflict, e);
}

static enum rc drop(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return conflicts_drop(q, x->conflict.txn_row, e);
}

static enum rc of_order(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return conflicts_of_order(q, desk.arena, x->of, &x->rows, &x->count, e);
}

static enum rc refused(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return conflicts_refused(q, desk.arena, desk.merchant, x->limit, &x->rows, &x->count, e);
}

static struct conflict conflict_of(const struct made_order *o, const char *state)
{
    return (struct conflict){.txn_row = o->txn.id,
                             .merchant = desk.merchant,
                             .order_row = o->order.id,
                             .kind = "MULTIPLE_CHARGED",
                             .state = state,
                             .initiated_ms = 10,
                             .success_ms = 20,
                             .kept_txn = o->txn.id,
                             .said = "why",
                             .first_ms = 30,
                             .updated_ms = 40};
}

static struct made_order order(const char *order_id)
{
    struct made_order o = made_order(desk.merchant, order_id);
    made_insert_orders(&o, 1);
    return o;
}

START_TEST(without_rows_all_is_off_and_ten_minutes)
{
    struct asked x = {0};
    desk_look(get_settings, &x);
    ck_assert(!x.settings.refund_conflicted && !x.settings.refund_multiple && !x.settings.notify);
    ck_assert_int_eq(x.settings.threshold_minutes, 10);
    ck_assert_int_eq(x.settings.conflicted_since_ms, 0);
    ck_assert_ptr_null(x.settings.emails);
    ck_assert_int_eq(x.settings.n_gateways + x.settings.n_ceilings, 0);
}
END_TEST

START_TEST(settings_come_back_and_what_is_not_told_any_more_goes)
{
    struct conflict_gateway gateways[] = {{"STRIPE", 999999999}, {"RAZORPAY", 1}};
    struct conflict_ceiling ceilings[] = {{"USD", 1}, {"INR", INT64_C(1000000000000000)}};
    struct asked x = {.settings = {.refund_conflicted = true,
                                   .conflicted_since_ms = 7,
                                   .threshold_minutes = 15,
                                   .notify = true,
                                   .emails = "a@b.example",
                                   .refund_multiple = true,
                                   .multiple_since_ms = 8,
                                   .gateways = gateways,
                                   .n_gateways = 2,
                                   .ceilings = ceilings,
                                   .n_ceilings = 2}};
    desk_write(put_settings, &x);
    struct asked got = {0};
    desk_look(get_settings, &got);
    ck_assert(got.settings.refund_conflicted && got.settings.refund_multiple);
    ck_assert_int_eq(got.settings.conflicted_since_ms, 7);
    ck_assert_int_eq(got.settings.multiple_since_ms, 8);
    ck_assert_int_eq(got.settings.threshold_minutes, 15);
    ck_assert_str_eq(got.settings.emails, "a@b.example");
    ck_assert_str_eq(got.settings.gateways[0].gateway, "RAZORPAY");
    ck_assert_int_eq(got.settings.gateways[1].threshold_minutes, 999999999);
    ck_assert_str_eq(got.settings.ceilings[0].currency, "INR");
    ck_assert_int_eq(got.settings.ceilings[1].daily_minor, 1);

    x.settings.n_gateways = x.settings.n_ceilings = 1;
    x.settings.notify = false;
    x.settings.emails = NULL;
    desk_write(put_settings, &x);
    desk_look(get_settings, &got);
    ck_assert_int_eq(got.settings.n_gateways, 1);
    ck_assert_int_eq(got.settings.n_ceilings, 1);
    ck_assert_ptr_null(got.settings.emails);
}
END_TEST

START_TEST(a_conflict_is_replaced_but_for_when_it_was_first_seen)
{
    struct made_order o = order("O-1");
    struct asked x = {.conflict = conflict_of(&o, "SHOWN"), .of = o.order.id};
    desk_write(put, &x);
    x.conflict.state = "WITHDRAWN";
    x.conflict.first_ms = 31;
    x.conflict.updated_ms = 41;
    x.conflict.said = NULL;
    desk_write(put, &x);
    desk_look(of_order, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_str_eq(x.rows[0].state, "WITHDRAWN");
    ck_assert_ptr_null(x.rows[0].said);
    ck_assert_int_eq(x.rows[0].first_ms, 30);
    ck_assert_int_eq(x.rows[0].updated_ms, 41);
    ck_assert_str_eq(x.rows[0].txn_id, o.txn.txn_id);
    ck_assert_str_eq(x.rows[0].kept_txn_id, o.txn.txn_id);
    ck_assert_int_eq(x.rows[0].threshold_minutes, 0);
}
END_TEST

START_TEST(only_what_never_had_a_refund_is_dropped)
{
    struct made_order o = order("O-1");
    struct asked x = {.conflict = conflict_of(&o, "SHOWN"), .of = o.order.id};
    desk_write(put, &x);
    desk_write(drop, &x);
    desk_look(of_order, &x);
    ck_assert_int_eq(x.count, 0);
    x.conflict.rounds = 1;
    desk_write(put, &x);
    desk_refuses(drop, &x, RC_CONFLICT);
}
END_TEST

START_TEST(refused_ones_are_listed_newest_first)
{
    struct asked x = {.limit = 2};
    for (int i = 0; i < 4; i++) {
        struct made_order o = order(arena_printf(desk.arena, "O-%d", i));
        x.conflict = conflict_of(&o, i == 3 ? "SHOWN" : "REFUSED");
        x.conflict.first_ms = 100 + i;
        desk_write(put, &x);
    }
    desk_look(refused, &x);
    ck_assert_int_eq(x.count, 2);
    ck_assert_int_eq(x.rows[0].first_ms, 102);
    ck_assert_int_eq(x.rows[1].first_ms, 101);
}
END_TEST

suite_fn t_conflicts_suite;

Suite *t_conflicts_suite(void)
{
    TCase *t;
    Suite *s = suite_of("conflicts", &t);
    tcase_add_checked_fixture(t, desk_open, desk_close);
    tcase_add_test(t, without_rows_all_is_off_and_ten_minutes);
    tcase_add_test(t, settings_come_back_and_what_is_not_told_any_more_goes);
    tcase_add_test(t, a_conflict_is_replaced_but_for_when_it_was_first_seen);
    tcase_add_test(t, only_what_never_had_a_refund_is_dropped);
    tcase_add_test(t, refused_ones_are_listed_newest_first);
    return s;
}
