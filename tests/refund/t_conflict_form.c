#include "core/limits.h"
#include "core/str.h"
#include "refund/conflict_form.h"
#include "refund/shop.h"
#include "sql/queries.h"
#include "store/audit.h"
#include "support/suite.h"
#include <string.h>

/* A form as text: "threshold_minutes=10&notify=on". */
static const char *value_of(void *ctx, const char *field)
{
    const char *at = ctx;
    size_t n = strlen(field);
    while (at && *at) {
        const char *end = strchr(at, '&');
        if (strncmp(at, field, n) == 0 && at[n] == '=') {
            const char *value = at + n + 1;
            return arena_strndup(desk.arena, value, end ? (size_t)(end - value) : strlen(value));
        }
        at = end ? end + 1 : NULL;
    }
    return NULL;
}

static struct settings_answer save(const char *form)
{
    const struct settings_input in = {value_of, arena_strdup(desk.arena, form), NULL};
    struct settings_answer out;
    struct err e = {0};
    enum rc rc = conflict_form_save(&shop, desk.arena, &shop_actor, &in, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return out;
}

static enum rc get_settings(struct sql *q, void *arg, struct err *e)
{
    return conflict_settings_get(q, desk.arena, desk.merchant, arg, e);
}

static struct conflict_settings now_is(void)
{
    struct conflict_settings s;
    desk_look(get_settings, &s);
    return s;
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

static enum rc read_detail(struct sql *q, void *arg, struct err *e)
{
    struct sql_cur c;
    sql_begin(q, &c, SQL_AUDIT_WALK, SQL_ARGS(SQL_I(desk.merchant)));
    while (sql_next(&c)) {
        for (int i = 0; i < 5; i++)
            sql_skip(&c);
        *(const char **)arg = sql_text(&c, desk.arena);
    }
    return sql_end(&c, e);
}

/* ---- the fields --------------------------------------------------------------------------------
 */

START_TEST(without_a_row_everything_is_off_and_ten_minutes)
{
    struct conflict_settings s = now_is();
    ck_assert(!s.refund_conflicted && !s.refund_multiple && !s.notify);
    ck_assert_int_eq(s.threshold_minutes, 10);
    ck_assert(!save("threshold_minutes=10").changed);
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(the_labels_are_the_vendors_own)
{
    static const char *const labels[CONFLICT_FIELDS] = {
        "Auto refund of Conflicted transactions",
        "Auto Refund of Conflicted Transactions Threshold in Mins", "Multiple charged Transactions",
        "Notify on status conflict", "Conflict Status Email"};
    for (int i = 0; i < CONFLICT_FIELDS; i++)
        ck_assert_str_eq(conflict_fields[i].label, labels[i]);
}
END_TEST

START_TEST(saves_all_with_one_audit_row_that_shows_before_and_after)
{
    struct settings_answer out = save(
        "threshold_minutes= 15 &refund_conflicted=on&refund_multiple=on&notify=on"
        "&emails=ops@example.in,finance@example.in , ops@example.in&gateway_0=PAYU"
        "&gateway_minutes_0=30&gateway_1=RAZORPAY&gateway_minutes_1="
        "&ceiling_currency_0=INR&ceiling_amount_0=100000&ceiling_currency_1=&ceiling_amount_1=");
    struct conflict_settings s = now_is();
    const char *detail = NULL;
    ck_assert_int_eq(out.n_faults, 0);
    ck_assert(out.changed && s.refund_conflicted && s.refund_multiple && s.notify);
    ck_assert_int_eq(s.threshold_minutes, 15);
    ck_assert_str_eq(s.emails, "ops@example.in, finance@example.in");
    ck_assert_int_eq(s.n_gateways, 1);
    ck_assert_int_eq(conflict_form_minutes(&s, "PAYU"), 30);
    ck_assert_int_eq(conflict_form_minutes(&s, "RAZORPAY"), 0);
    ck_assert_int_eq(conflict_form_ceiling(&s, "INR"), 10000000);
    ck_assert_int_eq(s.n_ceilings, 1);
    ck_assert_int_eq(audit_entries(), 1);
    desk_look(read_detail, &detail);
    ck_assert_str_eq(
        detail,
        "{\"before\":{\"refund_conflicted\":\"\",\"threshold_minutes\":\"10\","
        "\"refund_multiple\":\"\",\"notify\":\"\",\"emails\":\"\",\"threshold_minutes/PAYU\":\"\","
        "\"ceiling/"
        "INR\":\"\"},\"after\":{\"refund_conflicted\":\"on\",\"threshold_minutes\":\"15\","
        "\"refund_multiple\":\"on\",\"notify\":\"on\","
        "\"emails\":\"ops@example.in, finance@example.in\",\"threshold_minutes/PAYU\":\"30\","
        "\"ceiling/INR\":\"100000.00\"}}");
}
END_TEST

START_TEST(each_wrong_value_is_named_and_nothing_is_saved)
{
    static const struct {
        const char *form, *field;
    } rows[] = {
        {"", "threshold_minutes"},
        {"threshold_minutes=", "threshold_minutes"},
        {"threshold_minutes=0", "threshold_minutes"},
        {"threshold_minutes=-1", "threshold_minutes"},
        {"threshold_minutes=1.5", "threshold_minutes"},
        {"threshold_minutes=1e3", "threshold_minutes"},
        {"threshold_minutes=1000000000", "threshold_minutes"},
        {"threshold_minutes=99999999999999999999", "threshold_minutes"},
        {"threshold_minutes=\xd9\xa3", "threshold_minutes"},
        {"threshold_minutes=10&notify=on", "emails"},
        {"threshold_minutes=10&notify=on&emails=  ", "emails"},
        {"threshold_minutes=10&notify=on&emails=ops", "emails"},
        {"threshold_minutes=10&emails=a@example.in\r\nBcc: b@example.in", "emails"},
        {"threshold_minutes=10&emails=Ops <a@example.in>", "emails"},
        {"threshold_minutes=10&gateway_0=PAYU&gateway_minutes_0=0", "gateway_minutes_0"},
        {"threshold_minutes=10&gateway_0=PAYU&gateway_minutes_0=x", "gateway_minutes_0"},
        {"threshold_minutes=10&gateway_0=&gateway_minutes_0=5", "gateway_minutes_0"},
        {"threshold_minutes=10&gateway_3=a\nb&gateway_minutes_3=5", "gateway_minutes_3"},
        {"threshold_minutes=10&gateway_0=A&gateway_minutes_0=5&gateway_1=A&gateway_minutes_1=6",
         "gateway_minutes_1"},
        {"threshold_minutes=10&ceiling_currency_0=INR&ceiling_amount_0=0", "ceiling_amount_0"},
        {"threshold_minutes=10&ceiling_currency_0=INR&ceiling_amount_0=1.005", "ceiling_amount_0"},
        {"threshold_minutes=10&ceiling_currency_0=JPY&ceiling_amount_0=1.5", "ceiling_amount_0"},
        {"threshold_minutes=10&ceiling_currency_0=INR&ceiling_amount_0=10000000000000.01",
         "ceiling_amount_0"},
        {"threshold_minutes=10&ceiling_currency_0=&ceiling_amount_0=5", "ceiling_currency_0"},
        {"threshold_minutes=10&ceiling_currency_0=inr&ceiling_amount_0=5", "ceiling_currency_0"},
        {"threshold_minutes=10&ceiling_currency_0=XXY&ceiling_amount_0=5", "ceiling_currency_0"},
        {"threshold_minutes=10&ceiling_amount_7=5", "ceiling_currency_7"},
        {"threshold_minutes=10&ceiling_currency_0=INR&ceiling_amount_0=5&ceiling_currency_1=INR"
         "&ceiling_amount_1=5",
         "ceiling_currency_1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct settings_answer out = save(rows[i].form);
        ck_assert_msg(out.n_faults == 1, "%s: %d faults", rows[i].form, out.n_faults);
        ck_assert_str_eq(out.faults[0].field, rows[i].field);
        ck_assert(!out.changed);
    }
    ck_assert_int_eq(audit_entries(), 0);
}
END_TEST

START_TEST(takes_each_value_at_its_edge)
{
    ck_assert(save("threshold_minutes=1").changed);
    ck_assert(save("threshold_minutes=999999999").changed);
    ck_assert_int_eq(now_is().threshold_minutes, 999999999);
    ck_assert(save("threshold_minutes=1&ceiling_currency_0=INR"
                   "&ceiling_amount_0=10000000000000.00")
                  .changed);
    ck_assert_int_eq(conflict_form_ceiling(&(struct conflict_settings){0}, "INR"), 0);
}
END_TEST

START_TEST(addresses_stay_while_their_switch_is_off)
{
    ck_assert(save("threshold_minutes=10&emails=ops@example.in").changed);
    ck_assert_str_eq(now_is().emails, "ops@example.in");
    ck_assert(!now_is().notify);
    ck_assert(save("threshold_minutes=10").changed);
    ck_assert_ptr_null(now_is().emails);
}
END_TEST

/* A form with n gateways of a minute each, from the number `first` on. */
static const char *many_gateways(int first, int n)
{
    struct buf b;
    buf_init(&b, desk.arena);
    buf_puts(&b, "threshold_minutes=10");
    for (int i = 0; i < n; i++)
        buf_printf(&b, "&gateway_%d=GW%d&gateway_minutes_%d=1", i, first + i, i);
    return buf_text(&b);
}

START_TEST(as_many_gateways_as_the_limit_and_not_one_more)
{
    struct settings_answer out = save(many_gateways(0, LIMIT_GATEWAYS + 1));
    ck_assert_int_eq(out.n_faults, 1);
    ck_assert_str_eq(out.faults[0].field,
                     arena_printf(desk.arena, "gateway_minutes_%d", LIMIT_GATEWAYS));
    ck_assert(save(many_gateways(0, LIMIT_GATEWAYS)).changed);
    ck_assert_int_eq(now_is().n_gateways, LIMIT_GATEWAYS);
    out = save(many_gateways(1, LIMIT_GATEWAYS)); /* GW0 is not named and stays: one too many */
    ck_assert_int_eq(out.n_faults, 1);
    ck_assert_str_eq(out.faults[0].field, "threshold_minutes");
    ck_assert_int_eq(conflict_form_minutes(&(struct conflict_settings){0}, "GW0"), 0);
}
END_TEST

START_TEST(more_faults_than_an_answer_holds_are_only_counted)
{
    struct buf b;
    buf_init(&b, desk.arena);
    for (int i = 0; i <= LIMIT_CURRENCIES; i++)
        buf_printf(&b, "&ceiling_currency_%d=XXY&ceiling_amount_%d=1", i, i);
    ck_assert_int_eq(save(buf_text(&b)).n_faults, SETTINGS_MAX_FAULTS);
}
END_TEST

START_TEST(one_currency_above_the_limit_is_refused)
{
    const char *form =
        arena_printf(desk.arena, "threshold_minutes=10&ceiling_currency_%d=INR&ceiling_amount_%d=1",
                     LIMIT_CURRENCIES, LIMIT_CURRENCIES);
    struct settings_answer out = save(form);
    ck_assert_int_eq(out.n_faults, 1);
    ck_assert_str_eq(out.faults[0].reason, "is of one currency too many");
}
END_TEST

/* ---- from when on ------------------------------------------------------------------------------
 */

#define BOTH "&refund_conflicted=on&refund_multiple=on"

START_TEST(what_is_switched_on_or_judged_anew_holds_from_now_on)
{
    static const struct {
        const char *form;
        int conflicted_h, multiple_h; /* since which hour; 0: never */
    } steps[] = {
        {"threshold_minutes=11", 0, 0},
        {"threshold_minutes=11&refund_conflicted=on", 2, 0},
        {"threshold_minutes=11" BOTH, 2, 3},
        {"threshold_minutes=12" BOTH, 4, 3},
        {"threshold_minutes=12&gateway_0=PAYU&gateway_minutes_0=20" BOTH, 5, 3},
        {"threshold_minutes=12&gateway_0=PAYU&gateway_minutes_0=21" BOTH, 6, 3},
        {"threshold_minutes=12&ceiling_currency_0=INR&ceiling_amount_0=9" BOTH, 6, 3},
        {"threshold_minutes=12&gateway_0=PAYU&gateway_minutes_0=" BOTH, 8, 3},
        {"threshold_minutes=12&refund_multiple=on", 8, 3},
        {"threshold_minutes=13&refund_multiple=on", 8, 3},
        {"threshold_minutes=13", 8, 3},
        {"threshold_minutes=13" BOTH, 12, 12},
    };
    for (int i = 0; i < (int)(sizeof steps / sizeof steps[0]); i++) {
        int64_t start_ms = SHOP_NOW_MS, hour_ms = CLOCK_HOUR_MS;
        shop.clock.fixed_ms = start_ms + (i + 1) * hour_ms;
        ck_assert_msg(save(steps[i].form).changed, "step %d", i);
        struct conflict_settings s = now_is();
        int64_t conflicted = steps[i].conflicted_h, multiple = steps[i].multiple_h;
        ck_assert_int_eq(s.conflicted_since_ms, conflicted ? start_ms + conflicted * hour_ms : 0);
        ck_assert_int_eq(s.multiple_since_ms, multiple ? start_ms + multiple * hour_ms : 0);
    }
}
END_TEST

/* ---- two people --------------------------------------------------------------------------------
 */

START_TEST(gateways_and_currencies_that_are_not_named_stay)
{
    ck_assert(save("threshold_minutes=10&gateway_0=PAYU&gateway_minutes_0=30"
                   "&ceiling_currency_0=INR&ceiling_amount_0=5")
                  .changed);
    ck_assert(!save("threshold_minutes=10").changed);
    ck_assert(save("threshold_minutes=10&gateway_0=STRIPE&gateway_minutes_0=7"
                   "&ceiling_currency_0=INR&ceiling_amount_0=")
                  .changed);
    struct conflict_settings s = now_is();
    ck_assert_int_eq(conflict_form_minutes(&s, "PAYU"), 30);
    ck_assert_int_eq(conflict_form_minutes(&s, "STRIPE"), 7);
    ck_assert_int_eq(s.n_ceilings, 0);
}
END_TEST

START_TEST(the_second_of_two_people_is_told_what_the_first_changed)
{
#define SHOWN                                                                                     \
    "&shown_threshold_minutes=10&shown_refund_conflicted=&shown_emails=&shown_gateway_minutes_0=" \
    "&shown_ceiling_amount_0="
    ck_assert(save("threshold_minutes=20&refund_conflicted=on&emails=a@example.in&gateway_0=PAYU"
                   "&gateway_minutes_0=30&ceiling_currency_0=INR&ceiling_amount_0=5" SHOWN)
                  .changed);
    struct settings_answer out =
        save("threshold_minutes=11&gateway_0=PAYU&gateway_minutes_0=&ceiling_currency_0=INR"
             "&ceiling_amount_0=" SHOWN);
    static const struct setting_fault want[] = {
        {"refund_conflicted", "was changed meanwhile and is now on"},
        {"threshold_minutes", "was changed meanwhile and is now 20"},
        {"emails", "was changed meanwhile and is now a@example.in"},
        {"gateway_minutes_0", "was changed meanwhile and is now 30"},
        {"ceiling_amount_0", "was changed meanwhile and is now 5.00"},
    };
    ck_assert(out.stale && !out.changed);
    ck_assert_int_eq(out.n_faults, 5);
    for (int i = 0; i < out.n_faults; i++) {
        ck_assert_str_eq(out.faults[i].field, want[i].field);
        ck_assert_str_eq(out.faults[i].reason, want[i].reason);
    }
    ck_assert_int_eq(now_is().threshold_minutes, 20);
    ck_assert_int_eq(audit_entries(), 1);
    out = save("threshold_minutes=20&refund_conflicted=on&emails=a@example.in" SHOWN);
    ck_assert(!out.stale && !out.changed); /* the same as the first wants nothing */
}
END_TEST

suite_fn t_conflict_form_suite;
Suite *t_conflict_form_suite(void)
{
    Suite *s = suite_create("conflict_form");
    TCase *t = tcase_create("conflict_form");
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, without_a_row_everything_is_off_and_ten_minutes);
    tcase_add_test(t, the_labels_are_the_vendors_own);
    tcase_add_test(t, saves_all_with_one_audit_row_that_shows_before_and_after);
    tcase_add_test(t, each_wrong_value_is_named_and_nothing_is_saved);
    tcase_add_test(t, takes_each_value_at_its_edge);
    tcase_add_test(t, addresses_stay_while_their_switch_is_off);
    tcase_add_test(t, as_many_gateways_as_the_limit_and_not_one_more);
    tcase_add_test(t, more_faults_than_an_answer_holds_are_only_counted);
    tcase_add_test(t, one_currency_above_the_limit_is_refused);
    tcase_add_test(t, what_is_switched_on_or_judged_anew_holds_from_now_on);
    tcase_add_test(t, gateways_and_currencies_that_are_not_named_stay);
    tcase_add_test(t, the_second_of_two_people_is_told_what_the_first_changed);
    suite_add_tcase(s, t);
    return s;
}
