#include "core/id.h"
#include "desk.h"
#include "store/gateways.h"
#include "support/suite.h"
#include <string.h>

struct asked {
    struct gateway_row g;
    const char *name;
    struct gateway_row *rows;
    int count;
};

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return gateways_insert(q, &x->g, e);
}

static enum rc by_name(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return gateways_by_name(q, desk.arena, desk.merchant, x->name, &x->g, e);
}

static enum rc first(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return gateways_first(q, desk.arena, desk.merchant, &x->g, e);
}

static enum rc list(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return gateways_list(q, desk.arena, desk.merchant, &x->rows, &x->count, e);
}

static enum rc set_credentials(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return gateways_set_credentials(q, x->g.id, x->g.credentials, x->g.credentials_n, e);
}

static struct asked gateway(const char *name, const char *adapter, bool can_refund)
{
    return (struct asked){.g = {.id = id_new(),
                                .merchant = desk.merchant,
                                .name = name,
                                .gateway_id = 23,
                                .adapter = adapter,
                                .can_refund = can_refund}};
}

static void add(const char *name, const char *adapter, bool can_refund)
{
    struct asked x = gateway(name, adapter, can_refund);
    desk_write(insert, &x);
}

START_TEST(keeps_what_a_gateway_can_do)
{
    struct asked x = gateway("RAZORPAY", "simulator", true);
    x.g.can_instant = true;
    x.g.paused = true;
    x.g.credentials = "\0sealed\xff";
    x.g.credentials_n = 8;
    x.g.base_url = "https://api.example";
    desk_write(insert, &x);
    struct asked out = {.name = "RAZORPAY"};
    desk_look(by_name, &out);
    ck_assert_int_eq(out.g.id, x.g.id);
    ck_assert_int_eq(out.g.gateway_id, 23);
    ck_assert_str_eq(out.g.adapter, "simulator");
    ck_assert_str_eq(out.g.base_url, "https://api.example");
    ck_assert(out.g.can_refund && out.g.can_instant && out.g.paused);
    ck_assert_uint_eq(out.g.credentials_n, 8);
    ck_assert_mem_eq(out.g.credentials, "\0sealed\xff", 8);
}
END_TEST

START_TEST(what_was_not_told_stays_absent)
{
    add("PAYTM", NULL, false);
    struct asked out = {.name = "PAYTM"};
    desk_look(by_name, &out);
    ck_assert_ptr_null(out.g.adapter);
    ck_assert_ptr_null(out.g.base_url);
    ck_assert_ptr_null(out.g.credentials);
    ck_assert_uint_eq(out.g.credentials_n, 0);
    ck_assert(!out.g.can_refund);
    out.name = "STRIPE";
    desk_refuses(by_name, &out, RC_NOT_FOUND);
}
END_TEST

START_TEST(first_passes_over_those_that_cannot_refund)
{
    struct asked out = {0};
    desk_refuses(first, &out, RC_NOT_FOUND);
    add("AAA_CANNOT", "simulator", false);
    add("BBB_NO_ADAPTER", NULL, true);
    add("DDD", "simulator", true);
    add("CCC", "simulator", true);
    desk_look(first, &out);
    ck_assert_str_eq(out.g.name, "CCC");
    desk_look(list, &out);
    ck_assert_int_eq(out.count, 4);
    ck_assert_str_eq(out.rows[0].name, "AAA_CANNOT");
    ck_assert_str_eq(out.rows[3].name, "DDD");
}
END_TEST

START_TEST(credentials_are_replaced)
{
    struct asked x = gateway("STRIPE", "simulator", true);
    desk_write(insert, &x);
    x.g.credentials = "new";
    x.g.credentials_n = 3;
    desk_write(set_credentials, &x);
    struct asked out = {.name = "STRIPE"};
    desk_look(by_name, &out);
    ck_assert_uint_eq(out.g.credentials_n, 3);
    ck_assert(memcmp(out.g.credentials, "new", 3) == 0);
    x.g.id++;
    desk_refuses(set_credentials, &x, RC_NOT_FOUND);
}
END_TEST

START_TEST(refuses_a_name_twice)
{
    add("PAYU", "simulator", true);
    struct asked x = gateway("PAYU", "simulator", true);
    desk_refuses(insert, &x, RC_CONFLICT);
}
END_TEST

Suite *t_gateways_suite(void);
Suite *t_gateways_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("gateways", &tc);
    tcase_add_checked_fixture(tc, desk_open, desk_close);
    tcase_add_test(tc, keeps_what_a_gateway_can_do);
    tcase_add_test(tc, what_was_not_told_stays_absent);
    tcase_add_test(tc, first_passes_over_those_that_cannot_refund);
    tcase_add_test(tc, credentials_are_replaced);
    tcase_add_test(tc, refuses_a_name_twice);
    return s;
}
