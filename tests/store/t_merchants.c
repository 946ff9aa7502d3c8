#include "core/id.h"
#include "desk.h"
#include "store/merchants.h"
#include "support/suite.h"

struct asked {
    int64_t id;
    const char *public_id;
    struct merchant m;
    struct currency_settings s;
    const char *currency;
    struct merchant *rows;
    int count;
};

static enum rc get(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_get(q, desk.arena, x->id, &x->m, e);
}

static enum rc by_public_id(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_by_public_id(q, desk.arena, x->public_id, &x->m, e);
}

static enum rc first(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_first(q, desk.arena, &x->m, e);
}

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_insert(q, &x->m, e);
}

static enum rc list(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_list(q, desk.arena, &x->rows, &x->count, e);
}

static enum rc currency(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_currency(q, desk.merchant, x->currency, &x->s, e);
}

static enum rc set_currency(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return merchants_set_currency(q, desk.merchant, x->currency, &x->s, e);
}

struct asked_currencies {
    struct merchant_currency *rows;
    int count;
};

static enum rc currencies(struct sql *q, void *arg, struct err *e)
{
    struct asked_currencies *x = arg;
    return merchants_currencies(q, desk.arena, desk.merchant, &x->rows, &x->count, e);
}

static struct merchant second(void)
{
    return (struct merchant){.id = id_new(),
                             .merchant_id = "other",
                             .name = "Other",
                             .time_zone = "UTC",
                             .locale = "en",
                             .default_currency = "USD",
                             .sending_stopped = true,
                             .sending_stopped_by = "admin",
                             .sending_stopped_why = "gateway fault",
                             .maker_checker = true,
                             .hold_ms = 60000,
                             .refund_limit = 3,
                             .order_age_days = 90,
                             .twin_window_ms = 7000,
                             .batch_rows = MERCHANT_BATCH_ROWS,
                             .created_ms = 2000};
}

START_TEST(keeps_every_setting)
{
    struct asked in = {.m = second()}, out = {.id = in.m.id};
    desk_write(insert, &in);
    desk_look(get, &out);
    ck_assert_str_eq(out.m.merchant_id, "other");
    ck_assert_str_eq(out.m.name, "Other");
    ck_assert_str_eq(out.m.time_zone, "UTC");
    ck_assert_str_eq(out.m.locale, "en");
    ck_assert_str_eq(out.m.default_currency, "USD");
    ck_assert_str_eq(out.m.sending_stopped_by, "admin");
    ck_assert_str_eq(out.m.sending_stopped_why, "gateway fault");
    ck_assert(!out.m.test_mode && out.m.sending_stopped && out.m.maker_checker);
    ck_assert_int_eq(out.m.hold_ms, 60000);
    ck_assert_int_eq(out.m.refund_limit, 3);
    ck_assert_int_eq(out.m.order_age_days, 90);
    ck_assert_int_eq(out.m.twin_window_ms, 7000);
    ck_assert_int_eq(out.m.created_ms, 2000);
}
END_TEST

START_TEST(finds_by_public_id_with_its_case)
{
    struct asked x = {.public_id = "demo_merchant"};
    desk_look(by_public_id, &x);
    ck_assert_int_eq(x.m.id, desk.merchant);
    ck_assert(x.m.test_mode);
    x.public_id = "DEMO_merchant";
    desk_refuses(by_public_id, &x, RC_NOT_FOUND);
}
END_TEST

START_TEST(first_is_the_oldest_and_list_has_all)
{
    struct asked in = {.m = second()}, out = {0};
    desk_write(insert, &in);
    desk_look(first, &out);
    ck_assert_int_eq(out.m.id, desk.merchant);
    desk_look(list, &out);
    ck_assert_int_eq(out.count, 2);
    ck_assert_str_eq(out.rows[1].merchant_id, "other");
}
END_TEST

START_TEST(refuses_a_public_id_twice)
{
    struct asked in = {.m = second()};
    in.m.merchant_id = "demo_merchant";
    desk_refuses(insert, &in, RC_CONFLICT);
}
END_TEST

START_TEST(currency_without_a_row_has_the_defaults)
{
    struct asked x = {.currency = "INR"};
    desk_look(currency, &x);
    ck_assert_int_eq(x.s.minimum_minor, 100);
    ck_assert_int_eq(x.s.confirm_minor, 0);
    ck_assert_int_eq(x.s.approval_minor, 0);
    x.currency = "JPY";
    desk_look(currency, &x);
    ck_assert_int_eq(x.s.minimum_minor, 1);
}
END_TEST

START_TEST(currencies_are_listed_by_code_with_their_amounts)
{
    struct asked_currencies all;
    struct asked usd = {.currency = "USD", .s = {1, 0, 7}},
                 inr = {.currency = "INR", .s = {5, 6, 0}};
    desk_look(currencies, &all);
    ck_assert_int_eq(all.count, 0);
    desk_write(set_currency, &usd);
    desk_write(set_currency, &inr);
    desk_look(currencies, &all);
    ck_assert_int_eq(all.count, 2);
    ck_assert_str_eq(all.rows[0].currency, "INR");
    ck_assert_int_eq(all.rows[0].settings.minimum_minor, 5);
    ck_assert_int_eq(all.rows[0].settings.confirm_minor, 6);
    ck_assert_int_eq(all.rows[0].settings.approval_minor, 0);
    ck_assert_str_eq(all.rows[1].currency, "USD");
    ck_assert_int_eq(all.rows[1].settings.approval_minor, 7);
}
END_TEST

START_TEST(currency_settings_are_replaced)
{
    struct asked x = {.currency = "INR", .s = {250, 5000, 9000}};
    desk_write(set_currency, &x);
    x.s = (struct currency_settings){300, 0, 9100};
    desk_write(set_currency, &x);
    x.s = (struct currency_settings){0};
    desk_look(currency, &x);
    ck_assert_int_eq(x.s.minimum_minor, 300);
    ck_assert_int_eq(x.s.confirm_minor, 0);
    ck_assert_int_eq(x.s.approval_minor, 9100);
}
END_TEST

START_TEST(refuses_a_minimum_of_nothing)
{
    struct asked x = {.currency = "INR", .s = {0, 0, 0}};
    desk_refuses(set_currency, &x, RC_CONFLICT);
}
END_TEST

Suite *t_merchants_suite(void);
Suite *t_merchants_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("merchants", &tc);
    tcase_add_checked_fixture(tc, desk_open, desk_close);
    tcase_add_test(tc, keeps_every_setting);
    tcase_add_test(tc, finds_by_public_id_with_its_case);
    tcase_add_test(tc, first_is_the_oldest_and_list_has_all);
    tcase_add_test(tc, refuses_a_public_id_twice);
    tcase_add_test(tc, currency_without_a_row_has_the_defaults);
    tcase_add_test(tc, currencies_are_listed_by_code_with_their_amounts);
    tcase_add_test(tc, currency_settings_are_replaced);
    tcase_add_test(tc, refuses_a_minimum_of_nothing);
    return s;
}
