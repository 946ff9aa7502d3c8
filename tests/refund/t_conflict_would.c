#include "core/id.h"
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/conflict_form.h"
#include "refund/shop.h"
#include "store/txns.h"
#include "support/suite.h"

#define MIN CLOCK_MINUTE_MS

/* An order of one or more charges: start before now, and how long its success took. */
struct charge {
    const char *txn_id, *status, *gateway, *currency;
    int64_t amount_minor;
    int64_t started_before_now_ms, took_ms;
};

struct paid {
    const char *order_id;
    bool is_split_payment;
    const struct charge *charges;
    int n;
};

static enum rc add_charge(struct sql *q, int64_t order, const struct charge *c, struct err *e)
{
    int64_t start_ms = SHOP_NOW_MS - c->started_before_now_ms;
    const struct txn t = {.id = id_new(),
                          .merchant = desk.merchant,
                          .order_row = order,
                          .txn_id = c->txn_id,
                          .status = str_or(c->status, "CHARGED"),
                          .amount_minor = c->amount_minor,
                          .net_minor = -1,
                          .tax_minor = -1,
                          .surcharge_minor = -1,
                          .currency = str_or(c->currency, "INR"),
                          .gateway = str_or(c->gateway, "RAZORPAY"),
                          .payment_id = arena_printf(desk.arena, "pay_%s", c->txn_id),
                          .facts = "{}",
                          .created_ms = start_ms,
                          .charged_ms = start_ms + c->took_ms};
    return txns_add(q, &t, e);
}

static enum rc add_order(struct sql *q, const struct paid *g, struct err *e)
{
    const struct charge *first = &g->charges[0];
    struct order o = {.id = id_new(),
                      .merchant = desk.merchant,
                      .order_id = g->order_id,
                      .public_id = "ordeh_0123456789abcdef0123456789abcdef",
                      .status = "CHARGED",
                      .amount_minor = first->amount_minor,
                      .effective_minor = first->amount_minor,
                      .currency = str_or(first->currency, "INR"),
                      .is_split_payment = g->is_split_payment,
                      .is_multiple = g->n > 1 && !g->is_split_payment,
                      .offer_minimum_minor = -1,
                      .facts = "{}",
                      .created_ms = SHOP_NOW_MS - first->started_before_now_ms,
                      .updated_ms = SHOP_NOW_MS};
    enum rc rc = orders_insert(q, &o, orders_key(desk.arena, o.order_id), e);
    for (int i = 0; rc == RC_OK && i < g->n; i++)
        rc = add_charge(q, o.id, &g->charges[i], e);
    return rc == RC_OK ? orders_mark(q, &o, e) : rc;
}

static enum rc add_one(struct sql *q, void *arg, struct err *e)
{
    return add_order(q, arg, e);
}

static void add(const char *order_id, bool is_split_payment, const struct charge *charges, int n)
{
    struct paid g = {order_id, is_split_payment, charges, n};
    desk_write(add_one, &g);
}

static void add_late(const char *order_id, int64_t started_before_now_ms, int64_t took_ms)
{
    const struct charge c = {.txn_id = arena_printf(desk.arena, "%s-1", order_id),
                             .amount_minor = 50000,
                             .started_before_now_ms = started_before_now_ms,
                             .took_ms = took_ms};
    add(order_id, false, &c, 1);
}

static struct would look(const struct conflict_settings *s)
{
    struct would out;
    struct err e = {0};
    enum rc rc = conflict_would(&shop, desk.arena, desk.merchant, s, &out, &e);
    ck_assert_msg(rc == RC_OK, "%s (%s)", e.text, e.detail);
    return out;
}

static const struct conflict_settings both = {
    .refund_conflicted = true, .refund_multiple = true, .threshold_minutes = 10};

START_TEST(a_desk_without_charges_has_nothing)
{
    struct would w = look(&both);
    ck_assert_int_eq(w.count + w.n_rows + w.n_totals + w.shown_only, 0);
    ck_assert(!w.cut);
}
END_TEST

START_TEST(later_than_the_threshold_is_shown_and_exactly_the_threshold_is_not)
{
    add_late("EXACT", 3 * CLOCK_HOUR_MS, 10 * MIN);
    add_late("LATE", 2 * CLOCK_HOUR_MS, 10 * MIN + 1);
    add_late("LATER", 1 * CLOCK_HOUR_MS, 17 * MIN + 4000);
    struct would w = look(&both);
    ck_assert_int_eq(w.count, 2);
    ck_assert_str_eq(w.rows[0].order_id, "LATER"); /* newest first */
    ck_assert_str_eq(w.rows[1].order_id, "LATE");
    ck_assert_str_eq(w.rows[1].txn_id, "LATE-1");
    ck_assert_str_eq(w.rows[1].gateway, "RAZORPAY");
    ck_assert_int_eq(w.rows[1].amount_minor, 50000);
    ck_assert_int_eq(w.rows[1].threshold_minutes, 10);
    ck_assert_int_eq(w.rows[0].charged_ms - w.rows[0].created_ms, 17 * MIN + 4000);
    ck_assert(!w.rows[0].multiple);
    ck_assert_int_eq(w.n_totals, 1);
    ck_assert_str_eq(w.totals[0].currency, "INR");
    ck_assert_int_eq(w.totals[0].conflicted, 2);
    ck_assert_int_eq(w.totals[0].conflicted_minor, 100000);
}
END_TEST

START_TEST(the_least_threshold_finds_what_is_a_millisecond_late)
{
    struct conflict_settings s = both;
    s.threshold_minutes = 1;
    add_late("EXACT", CLOCK_HOUR_MS, MIN);
    add_late("LATE", CLOCK_HOUR_MS, MIN + 1);
    struct would w = look(&s);
    ck_assert_int_eq(w.count, 1);
    ck_assert_str_eq(w.rows[0].order_id, "LATE");
}
END_TEST

START_TEST(a_gateway_has_a_threshold_of_its_own)
{
    struct conflict_gateway slow = {"RAZORPAY", 20};
    struct conflict_settings s = both;
    s.gateways = &slow;
    s.n_gateways = 1;
    add_late("SLOW", CLOCK_HOUR_MS, 20 * MIN);
    add_late("SLOWER", CLOCK_HOUR_MS, 21 * MIN);
    struct would w = look(&s);
    ck_assert_int_eq(w.count, 1);
    ck_assert_str_eq(w.rows[0].order_id, "SLOWER");
    ck_assert_int_eq(w.rows[0].threshold_minutes, 20);
}
END_TEST

START_TEST(thirty_days_end_at_the_millisecond)
{
    add_late("IN", WOULD_DAYS * CLOCK_DAY_MS + 11 * MIN, 11 * MIN);
    add_late("OUT", WOULD_DAYS * CLOCK_DAY_MS + 11 * MIN + 1, 11 * MIN);
    struct would w = look(&both);
    ck_assert_int_eq(w.count, 1);
    ck_assert_str_eq(w.rows[0].order_id, "IN");
}
END_TEST

START_TEST(of_several_charges_the_first_success_is_kept)
{
    const struct charge two[] = {{.txn_id = "A",
                                  .amount_minor = 100,
                                  .started_before_now_ms = CLOCK_HOUR_MS,
                                  .took_ms = 9 * MIN},
                                 {.txn_id = "B",
                                  .amount_minor = 200,
                                  .started_before_now_ms = CLOCK_HOUR_MS,
                                  .took_ms = 1000}};
    add("TWICE", false, two, 2);
    add("SPLIT", true,
        (const struct charge[]){{"C", NULL, NULL, NULL, 100, CLOCK_HOUR_MS, 1000},
                                {"D", NULL, NULL, NULL, 100, CLOCK_HOUR_MS, 2000}},
        2);
    struct would w = look(&both);
    ck_assert_int_eq(w.count, 1);
    ck_assert(w.rows[0].multiple);
    ck_assert_str_eq(w.rows[0].txn_id, "A");
    ck_assert_str_eq(w.rows[0].kept_txn_id, "B");
    ck_assert_int_eq(w.totals[0].multiple, 1);
    ck_assert_int_eq(w.totals[0].multiple_minor, 100);
    ck_assert_int_eq(w.totals[0].conflicted, 0);
}
END_TEST

START_TEST(late_and_charged_twice_counts_once_as_conflicted)
{
    const struct charge two[] = {{.txn_id = "A",
                                  .amount_minor = 100,
                                  .started_before_now_ms = CLOCK_HOUR_MS,
                                  .took_ms = 11 * MIN},
                                 {.txn_id = "B",
                                  .amount_minor = 200,
                                  .started_before_now_ms = CLOCK_HOUR_MS,
                                  .took_ms = 1000}};
    add("TWICE", false, two, 2);
    struct would w = look(&both);
    ck_assert_int_eq(w.count, 1);
    ck_assert(!w.rows[0].multiple);
    ck_assert_str_eq(w.rows[0].txn_id, "A");
}
END_TEST

START_TEST(what_is_switched_off_is_only_counted_as_shown)
{
    struct conflict_settings s = {.threshold_minutes = 10};
    add_late("LATE", CLOCK_HOUR_MS, 11 * MIN);
    struct would w = look(&s);
    ck_assert_int_eq(w.count, 0);
    ck_assert_int_eq(w.n_rows, 0);
    ck_assert_int_eq(w.shown_only, 1);
    s.refund_multiple = true;
    ck_assert_int_eq(look(&s).shown_only, 1);
    s.refund_conflicted = true;
    ck_assert_int_eq(look(&s).shown_only, 0);
}
END_TEST

START_TEST(totals_are_per_currency)
{
    const struct charge yen = {"Y", "AUTO_REFUNDED", "STRIPE", "JPY", 900, CLOCK_HOUR_MS, 12 * MIN};
    const struct charge failed = {"F", "AUTHORIZATION_FAILED", NULL,    NULL,
                                  900, CLOCK_HOUR_MS,          12 * MIN};
    add("YEN", false, &yen, 1); /* it was refunded, so it would have been */
    add("FAILED", false, &failed, 1);
    add_late("LATE", CLOCK_HOUR_MS, 13 * MIN);
    struct would w = look(&both);
    ck_assert_int_eq(w.count, 2);
    ck_assert_int_eq(w.n_totals, 2);
    ck_assert_str_eq(w.totals[0].currency, "INR");
    ck_assert_int_eq(w.totals[0].conflicted_minor, 50000);
    ck_assert_str_eq(w.totals[1].currency, "JPY");
    ck_assert_int_eq(w.totals[1].conflicted_minor, 900);
}
END_TEST

START_TEST(what_a_person_had_given_back_before_is_not_counted_again)
{
    add_late("PART", 0, 11 * MIN); /* its success is told for the future: refunds are older */
    struct refund_answer made = shop_ask_full((struct refund_request){
        .actor = &shop_actor,
        .source = SOURCE_PORTAL,
        .order_id = "PART",
        .txn_id = "PART-1",
        .unique_request_id = "u1",
        .amount_given = GIVEN_TEXT,
        .amount = "200",
    });
    ck_assert_int_eq(made.cause, CAUSE_NONE);
    ck_assert_int_eq(look(&both).rows[0].amount_minor, 30000);
    ck_assert_int_eq(shop_apply(made.refund.id, EVENT_CANCEL).verdict, VERDICT_MOVE);
    ck_assert_int_eq(look(&both).rows[0].amount_minor, 50000);
}
END_TEST

struct many {
    int n;
    int64_t amount_minor;
};

static enum rc add_many(struct sql *q, void *arg, struct err *e)
{
    const struct many *m = arg;
    enum rc rc = RC_OK;
    struct arena *whole = desk.arena;
    desk.arena = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    for (int i = 0; rc == RC_OK && i < m->n; i++) {
        const char *id = arena_printf(desk.arena, "M%05d", i);
        const struct charge c = {.txn_id = arena_printf(desk.arena, "%s-1", id),
                                 .amount_minor = m->amount_minor,
                                 .started_before_now_ms = CLOCK_DAY_MS - i,
                                 .took_ms = 11 * MIN};
        rc = add_order(q, &(struct paid){id, false, &c, 1}, e);
        arena_clear(desk.arena);
    }
    arena_free(desk.arena);
    desk.arena = whole;
    return rc;
}

START_TEST(of_more_rows_than_the_limit_the_newest_are_listed)
{
    desk_write(add_many, &(struct many){LIMIT_WOULD_ROWS + 1, 100});
    struct would w = look(&both);
    ck_assert_int_eq(w.count, LIMIT_WOULD_ROWS + 1);
    ck_assert_int_eq(w.n_rows, LIMIT_WOULD_ROWS);
    ck_assert_int_eq(w.totals[0].conflicted_minor, 100 * (LIMIT_WOULD_ROWS + 1));
    for (int i = 0; i < w.n_rows; i++)
        ck_assert_str_eq(w.rows[i].order_id,
                         arena_printf(desk.arena, "M%05d", LIMIT_WOULD_ROWS - i));
    ck_assert(!w.cut);
}
END_TEST

START_TEST(more_orders_than_the_limit_are_cut_and_a_sum_may_be_too_large)
{
    desk_write(add_many, &(struct many){LIMIT_WOULD_ORDERS, MONEY_MAX_MINOR});
    struct would w = look(&both);
    ck_assert(!w.cut);
    ck_assert(w.totals[0].too_large);
    add_late("NEWEST", CLOCK_HOUR_MS, 11 * MIN);
    w = look(&both);
    ck_assert(w.cut);
    ck_assert_int_eq(w.count, LIMIT_WOULD_ORDERS);
    ck_assert_str_eq(w.rows[0].order_id, "NEWEST");
    ck_assert_int_eq(w.totals[0].conflicted, LIMIT_WOULD_ORDERS);
}
END_TEST

suite_fn t_conflict_would_suite;
Suite *t_conflict_would_suite(void)
{
    Suite *s = suite_create("conflict_would");
    TCase *t = tcase_create("conflict_would");
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, a_desk_without_charges_has_nothing);
    tcase_add_test(t, later_than_the_threshold_is_shown_and_exactly_the_threshold_is_not);
    tcase_add_test(t, the_least_threshold_finds_what_is_a_millisecond_late);
    tcase_add_test(t, a_gateway_has_a_threshold_of_its_own);
    tcase_add_test(t, thirty_days_end_at_the_millisecond);
    tcase_add_test(t, of_several_charges_the_first_success_is_kept);
    tcase_add_test(t, late_and_charged_twice_counts_once_as_conflicted);
    tcase_add_test(t, what_is_switched_off_is_only_counted_as_shown);
    tcase_add_test(t, totals_are_per_currency);
    tcase_add_test(t, what_a_person_had_given_back_before_is_not_counted_again);
    tcase_add_test(t, of_more_rows_than_the_limit_the_newest_are_listed);
    tcase_add_test(t, more_orders_than_the_limit_are_cut_and_a_sum_may_be_too_large);
    suite_add_tcase(s, t);
    return s;
}
