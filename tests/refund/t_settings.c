#include "core/str.h"
#include "refund/settings.h"
#include "refund/shop.h"
#include "store/audit.h"
#include "support/suite.h"
#include <string.h>

struct pair {
    const char *field, *value;
};

/* The settings as the shop's merchant has them, with up to two fields changed. */
static const struct pair usual[] = {{"name", "Demo Merchant"},   {"time_zone", "Asia/Kolkata"},
                                    {"default_currency", "INR"}, {"hold", "0"},
                                    {"refund_limit", "25"},      {"order_age_days", "365"},
                                    {"twin_window", "5"},        {"rate_per_s", "0"},
                                    {"batch_rows", "1000"},      {"test_mode", "on"}};

static const char *value_of(void *ctx, const char *field)
{
    const struct pair *changed = ctx;
    if (changed->field != NULL && str_eq(changed->field, field))
        return changed->value;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (str_eq(usual[i].field, field))
            return usual[i].value;
    }
    return NULL;
}

static bool zone_known(const char *zone)
{
    return str_eq(zone, "Asia/Kolkata") || str_eq(zone, "UTC");
}

static struct settings_answer save(const char *field, const char *value)
{
    struct pair changed = {field, value};
    const struct settings_input in = {value_of, &changed, zone_known};
    struct settings_answer out;
    struct err e = {0};
    enum rc rc = settings_save(&shop, desk.arena, &shop_actor, &in, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return out;
}

static enum rc get_merchant(struct sql *q, void *arg, struct err *e)
{
    return merchants_get(q, desk.arena, desk.merchant, arg, e);
}

static struct merchant merchant(void)
{
    struct merchant m;
    desk_look(get_merchant, &m);
    return m;
}

struct audit_count {
    int64_t entries, broken;
};

static enum rc count_audit(struct sql *q, void *arg, struct err *e)
{
    struct audit_count *c = arg;
    return audit_verify(q, desk.arena, desk.merchant, &c->entries, &c->broken, e);
}

static int64_t audit_entries(void)
{
    struct audit_count c = {0};
    desk_look(count_audit, &c);
    ck_assert_int_eq(c.broken, 0);
    return c.entries;
}

START_TEST(saves_what_changed_with_one_audit_row)
{
    struct settings_answer out = save("hold", "60");
    ck_assert_int_eq(out.n_faults, 0);
    ck_assert(out.changed);
    ck_assert_int_eq(merchant().hold_ms, 60000);
    ck_assert_int_eq(audit_entries(), 1);
    ck_assert(!save("hold", " 60 ").changed);
    ck_assert_int_eq(audit_entries(), 1);
}
END_TEST

START_TEST(switches_on_and_off)
{
    ck_assert(save("test_mode", NULL).changed);
    ck_assert(!merchant().test_mode);
    ck_assert(save(NULL, NULL).changed);
    ck_assert(merchant().test_mode);
    ck_assert(save("maker_checker", "on").changed);
    ck_assert(merchant().maker_checker);
    ck_assert(!save("maker_checker", "on").changed);
    ck_assert(save(NULL, NULL).changed);
    ck_assert(!merchant().maker_checker);
}
END_TEST

START_TEST(judging_alone_saves_nothing)
{
    struct pair changed = {"hold", "61"};
    const struct settings_input in = {value_of, &changed, zone_known};
    struct settings_answer out;
    settings_check(desk.arena, &in, &out);
    ck_assert_int_eq(out.n_faults, 0);
    changed.value = "x";
    settings_check(desk.arena, &in, &out);
    ck_assert_int_eq(out.n_faults, 1);
    ck_assert_str_eq(out.faults[0].field, "hold");
    ck_assert_int_eq(audit_entries(), 0);
    ck_assert_int_eq(merchant().hold_ms, 0);
}
END_TEST

START_TEST(refuses_each_value_just_outside_its_range_and_saves_nothing)
{
    static const struct pair bad[] = {{"name", ""},
                                      {"name", "   "},
                                      {"name", "two\nlines"},
                                      {"name", "a\x7f"},
                                      {"time_zone", "Mars/Olympus"},
                                      {"default_currency", "inr"},
                                      {"default_currency", "XXY"},
                                      {"hold", "901"},
                                      {"hold", "-1"},
                                      {"hold", "1.5"},
                                      {"hold", ""},
                                      {"refund_limit", "0"},
                                      {"refund_limit", "1001"},
                                      {"order_age_days", "0"},
                                      {"order_age_days", "3651"},
                                      {"twin_window", "601"},
                                      {"rate_per_s", "10001"},
                                      {"batch_rows", "0"},
                                      {"batch_rows", "100001"},
                                      {"rate_per_s", "-1"},
                                      {"twin_window", "5s"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct settings_answer out = save(bad[i].field, bad[i].value);
        ck_assert_msg(out.n_faults == 1, "%s=%s", bad[i].field, bad[i].value);
        ck_assert_str_eq(out.faults[0].field, bad[i].field);
        ck_assert(!out.changed);
    }
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(takes_each_value_at_the_edge_of_its_range)
{
    static const struct pair good[] = {{"hold", "900"},          {"refund_limit", "1"},
                                       {"refund_limit", "1000"}, {"order_age_days", "3650"},
                                       {"twin_window", "0"},     {"twin_window", "600"},
                                       {"rate_per_s", "0"},      {"rate_per_s", "10000"},
                                       {"batch_rows", "1"},      {"batch_rows", "100000"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_int_eq(save(good[i].field, good[i].value).n_faults, 0);
}
END_TEST

static struct settings_answer save_amounts(struct currency_input in)
{
    struct settings_answer out;
    struct err e = {0};
    enum rc rc = settings_save_currency(&shop, desk.arena, &shop_actor, &in, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return out;
}

START_TEST(saves_amounts_of_a_currency_and_the_core_obeys)
{
    shop_add((struct shop_order){.order_id = "ORD"});
    ck_assert(save_amounts((struct currency_input){"INR", "10", "5000", ""}).changed);
    ck_assert(!save_amounts((struct currency_input){"INR", "10.00", "5000", ""}).changed);
    ck_assert_int_eq(shop_ask("ORD", "u1", "9.99").cause, CAUSE_BELOW_MINIMUM);
    ck_assert_int_eq(shop_ask("ORD", "u1", "10").cause, CAUSE_NONE);
}
END_TEST

struct amounts_of {
    const char *currency;
    struct currency_settings settings;
};

static enum rc get_currency(struct sql *q, void *arg, struct err *e)
{
    struct amounts_of *x = arg;
    return merchants_currency(q, desk.merchant, x->currency, &x->settings, e);
}

START_TEST(an_approval_threshold_that_is_not_asked_for_stays)
{
    struct amounts_of x = {"INR", {0}};
    ck_assert(save_amounts((struct currency_input){"INR", "1", "", "90"}).changed);
    ck_assert(save_amounts((struct currency_input){"INR", "2", " 80 ", NULL}).changed);
    desk_look(get_currency, &x);
    ck_assert_int_eq(x.settings.minimum_minor, 200);
    ck_assert_int_eq(x.settings.confirm_minor, 8000);
    ck_assert_int_eq(x.settings.approval_minor, 9000);
    ck_assert(save_amounts((struct currency_input){"INR", "2", "", ""}).changed);
    desk_look(get_currency, &x);
    ck_assert_int_eq(x.settings.confirm_minor, 0);
    ck_assert_int_eq(x.settings.approval_minor, 0);
}
END_TEST

START_TEST(refuses_unusable_amounts_of_a_currency)
{
    ck_assert_int_eq(save_amounts((struct currency_input){"inr", "1", "", ""}).n_faults, 1);
    ck_assert_int_eq(save_amounts((struct currency_input){"INR", "", "", ""}).n_faults, 1);
    ck_assert_int_eq(save_amounts((struct currency_input){"INR", "0", "x", "1.005"}).n_faults, 3);
    ck_assert_int_eq(save_amounts((struct currency_input){"JPY", "1", "1.5", ""}).n_faults, 1);
}
END_TEST

static struct settings_answer stop(bool on, const char *why)
{
    struct settings_answer out;
    struct err e = {0};
    enum rc rc = settings_stop_sending(&shop, desk.arena, &shop_actor, on, why, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return out;
}

START_TEST(stops_sending_for_a_reason_and_says_who)
{
    ck_assert_int_eq(stop(true, " ").n_faults, 1);
    ck_assert_int_eq(stop(true, "two\nlines").n_faults, 1);
    ck_assert(stop(true, "gateway drill").changed);
    ck_assert(!stop(true, "again").changed);
    struct merchant m = merchant();
    ck_assert(m.sending_stopped);
    ck_assert_str_eq(m.sending_stopped_by, "API");
    ck_assert_str_eq(m.sending_stopped_why, "gateway drill");
    ck_assert(stop(false, NULL).changed);
    ck_assert(!merchant().sending_stopped);
    ck_assert_int_eq(audit_entries(), 2);
}
END_TEST

suite_fn t_settings_suite;
Suite *t_settings_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("settings", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_test(tc, saves_what_changed_with_one_audit_row);
    tcase_add_test(tc, switches_on_and_off);
    tcase_add_test(tc, judging_alone_saves_nothing);
    tcase_add_test(tc, refuses_each_value_just_outside_its_range_and_saves_nothing);
    tcase_add_test(tc, takes_each_value_at_the_edge_of_its_range);
    tcase_add_test(tc, saves_amounts_of_a_currency_and_the_core_obeys);
    tcase_add_test(tc, an_approval_threshold_that_is_not_asked_for_stays);
    tcase_add_test(tc, refuses_unusable_amounts_of_a_currency);
    tcase_add_test(tc, stops_sending_for_a_reason_and_says_who);
    return s;
}
