/*
 * The list of orders against a plain model: every filter, sort and page over rows that collide in
 * all their columns.
 */
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "desk.h"
#include "made.h"
#include "store/order_list.h"
#include "support/suite.h"
#include <inttypes.h>
#include <string.h>

enum { ROWS = 700, STRANGERS = 40, COMBINATIONS = 250, UDFS = 3 };

static struct made_order rows[ROWS + STRANGERS];
static const char *udf[ROWS + STRANGERS][LIMIT_UDF_COUNT];

static const char *const gateways[] = {"RAZORPAY", "PAYU", "razorpay", "STRIPE"};
static const char *const types[] = {"CARD", "UPI", "WALLET", NULL};
static const char *const methods[] = {"VISA", "UPI", "CARD", NULL}; /* a method named like a type */
static const char *const currencies[] = {"INR", "USD", "JPY"};
/* One's id is another's e-mail and a third's udf: kinds are kept apart, cases count. */
static const char *const people[] = {"c1", "C1", "gold", "priya@example.in", "+919800000000", NULL};
static const char *const words[] = {"gold", "Gold", "c1", "x y", "", NULL};
static const int64_t amounts[] = {1, 99, 100, 50000, 50001, 5000000, MONEY_MAX_MINOR};

#define COUNT(a)    ((int)(sizeof(a) / sizeof(a)[0]))
#define ANY(rng, a) ((a)[made_below(rng, COUNT(a))])

static struct made_order random_order(struct made_rng *r, int64_t merchant, int i)
{
    int n_statuses;
    const struct order_status *statuses = order_statuses(&n_statuses);
    struct made_order o = made_order(merchant, arena_printf(desk.arena, "ORD-%d", i));
    o.order.status = statuses[made_below(r, n_statuses)].name;
    o.order.amount_minor = ANY(r, amounts);
    o.order.currency = ANY(r, currencies);
    o.order.created_ms = MADE_T0_MS + made_below(r, 30) * 1000;
    o.order.customer_id = ANY(r, people);
    o.order.customer_email = ANY(r, people);
    o.order.customer_phone = ANY(r, people);
    o.order.is_cod = made_one_in(r, 6);
    for (int k = 0; k < UDFS; k++)
        udf[i][made_below(r, LIMIT_UDF_COUNT)] = ANY(r, words);
    o.order.udf = udf[i];
    o.has_txn = !made_one_in(r, 6);
    o.charged = o.has_txn && !made_one_in(r, 3);
    o.txn.gateway = ANY(r, gateways);
    o.txn.payment_method_type = ANY(r, types);
    o.txn.payment_method = ANY(r, methods);
    o.txn.is_conflicted = made_one_in(r, 5);
    o.order.is_multiple = o.has_txn && i % 7 == 3;
    if (made_one_in(r, 5))
        o.txn.payment_id = NULL;
    o.txn.held_minor = made_one_in(r, 3) ? o.order.amount_minor : o.order.amount_minor / 2;
    return o;
}

static void open_rows(void)
{
    struct made_rng r = {20261121};
    desk_open();
    int64_t other = made_other_merchant();
    for (int i = 0; i < ROWS + STRANGERS; i++)
        rows[i] = random_order(&r, i < ROWS ? desk.merchant : other, i);
    made_insert_orders(rows, ROWS + STRANGERS);
}

/* ---- the model
 * ----------------------------------------------------------------------------------- */

static bool same(const char *wanted, const char *value)
{
    return str_empty(wanted) || (value != NULL && strcmp(wanted, value) == 0);
}

static bool has_udf(const struct order *o, const char *word)
{
    for (int i = 0; i < LIMIT_UDF_COUNT; i++)
        if (o->udf[i] != NULL && strcmp(o->udf[i], word) == 0)
            return true;
    return false;
}

static bool has_customer(const struct order *o, const char *word)
{
    const char *const has[] = {o->customer_id, o->customer_email, o->customer_phone};
    for (int i = 0; i < COUNT(has); i++)
        if (has[i] != NULL && strcmp(has[i], word) == 0)
            return true;
    return false;
}

static bool refundable(const struct made_order *o, int64_t since_ms)
{
    enum order_tab tab = order_status_find(o->order.status)->tab;
    return (tab == TAB_CHARGED || tab == TAB_AUTO_REFUNDED) && !o->order.is_cod &&
           o->order.created_ms >= since_ms && o->charged && o->txn.payment_id != NULL &&
           o->txn.held_minor < o->order.amount_minor;
}

/* All but the tab. */
static bool matches(const struct made_order *o, const struct order_filter *f)
{
    const struct order *d = &o->order;
    const struct txn none = {0}, *t = o->has_txn ? &o->txn : &none;
    bool method = str_empty(f->method) ||
                  (t->payment_method_type != NULL && same(f->method, t->payment_method_type)) ||
                  (t->payment_method != NULL && same(f->method, t->payment_method));
    return d->merchant == f->merchant && same(f->status, d->status) &&
           same(f->currency, d->currency) && same(f->gateway, t->gateway) && method &&
           (f->from_ms == 0 || d->created_ms >= f->from_ms) &&
           (f->before_ms == 0 || d->created_ms < f->before_ms) &&
           (f->least_minor == 0 || d->amount_minor >= f->least_minor) &&
           (f->most_minor == 0 || d->amount_minor <= f->most_minor) &&
           (str_empty(f->customer) || has_customer(d, f->customer)) &&
           (str_empty(f->udf) || has_udf(d, f->udf)) && (!f->conflicted || t->is_conflicted) &&
           (!f->multiple || o->order.is_multiple) &&
           (f->refundable_since_ms == 0 || refundable(o, f->refundable_since_ms));
}

static int model(const struct order_filter *f, const struct list_page *page, struct made_key *out)
{
    int n = 0;
    for (int i = 0; i < ROWS + STRANGERS; i++) {
        const struct order *o = &rows[i].order;
        bool in_tab = f->tab == TAB_ALL || order_status_find(o->status)->tab == f->tab;
        if (in_tab && matches(&rows[i], f))
            out[n++] = (struct made_key){
                page->sort == SORT_AMOUNT ? o->amount_minor : o->created_ms, o->id};
    }
    made_sort(out, n, page->ascending);
    return n;
}

/* ---- the list
 * ------------------------------------------------------------------------------------ */

struct asking {
    const struct order_filter *filter;
    const struct list_page *page;
    struct order_row *got;
    struct list_total *totals;
    int count;
    bool more;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct asking *x = arg;
    return order_list_page(q, suite_arena(), x->filter, x->page, &x->got, &x->count, &x->more, e);
}

static enum rc read_totals(struct sql *q, void *arg, struct err *e)
{
    struct asking *x = arg;
    return order_list_totals(q, suite_arena(), x->filter, &x->totals, &x->count, e);
}

static int ask(void *ctx, const struct list_page *page, struct made_key *out, bool *more)
{
    struct asking x = {.filter = ctx, .page = page};
    desk_look(read_page, &x);
    for (int i = 0; i < x.count; i++)
        out[i] = (struct made_key){order_list_key(&x.got[i], page->sort), x.got[i].order.id};
    *more = x.more;
    arena_clear(suite_arena());
    return x.count;
}

static void check_totals(const struct order_filter *f, const char *what)
{
    struct asking x = {.filter = f};
    int64_t seen = 0, all = 0;
    desk_look(read_totals, &x);
    for (int i = 0; i < x.count; i++) {
        const struct list_total *t = &x.totals[i];
        int64_t count = 0, sum = 0;
        for (int k = 0; k < ROWS + STRANGERS; k++) {
            const struct order *o = &rows[k].order;
            if ((int)order_status_find(o->status)->tab != t->tab ||
                strcmp(o->currency, t->currency) != 0 || !matches(&rows[k], f))
                continue;
            count++;
            sum += o->amount_minor;
        }
        ck_assert_msg(t->rows == count && t->amount_minor == sum && !t->too_large,
                      "%s: tab %d %s: %" PRId64 " rows, %" PRId64 " instead of %" PRId64
                      ", %" PRId64,
                      what, t->tab, t->currency, t->rows, t->amount_minor, count, sum);
        seen += t->rows;
    }
    for (int k = 0; k < ROWS + STRANGERS; k++)
        all += matches(&rows[k], f);
    ck_assert_msg(seen == all, "%s: the tabs hold %" PRId64 " rows of %" PRId64, what, seen, all);
}

/* Both sorts, both orders, several page sizes; all tabs. Returns how many rows the filter has. */
static int check_filter(struct order_filter f, int rows_a_page, const char *what)
{
    struct made_key want[ROWS + STRANGERS];
    int n = 0;
    f.merchant = desk.merchant;
    for (int way = 0; way < 4; way++) {
        struct list_page page = {.sort = way & 1 ? SORT_AMOUNT : SORT_CREATED,
                                 .ascending = way & 2,
                                 .rows = rows_a_page};
        n = model(&f, &page, want);
        made_walk(ask, &f, page, want, n, what);
    }
    check_totals(&f, what);
    return n;
}

/* ---- tests
 * --------------------------------------------------------------------------------------- */

START_TEST(every_filter_alone_is_the_models)
{
    const struct order_filter single[] = {
        {0},
        {.tab = TAB_CHARGED},
        {.tab = TAB_AUTO_REFUNDED},
        {.tab = TAB_PENDING},
        {.tab = TAB_COD},
        {.tab = TAB_UNSUCCESSFUL},
        {.status = "CHARGED"},
        {.status = "VOID_FAILED"},
        {.from_ms = MADE_T0_MS + 15000},
        {.before_ms = MADE_T0_MS + 15000},
        {.from_ms = MADE_T0_MS + 7000, .before_ms = MADE_T0_MS + 8000},
        {.currency = "JPY"},
        {.currency = "USD", .least_minor = 100},
        {.currency = "INR", .most_minor = 50000},
        {.least_minor = MONEY_MAX_MINOR},
        {.most_minor = 1},
        {.gateway = "RAZORPAY"},
        {.gateway = "razorpay"},
        {.method = "CARD"},
        {.method = "UPI"},
        {.method = "VISA"},
        {.customer = "c1"},
        {.customer = "C1"},
        {.customer = "gold"},
        {.customer = "+919800000000"},
        {.udf = "gold"},
        {.udf = "Gold"},
        {.udf = "x y"},
        {.conflicted = true},
        {.multiple = true},
        {.refundable_since_ms = 1},
        {.refundable_since_ms = MADE_T0_MS + 15000},
    };
    for (int i = 0; i < COUNT(single); i++) {
        int n = check_filter(single[i], 37, arena_printf(desk.arena, "filter %d", i));
        ck_assert_msg(n > 0 && (i == 0 || n < ROWS), "filter %d tells nothing: %d rows", i, n);
    }
}
END_TEST

START_TEST(what_nobody_has_is_an_empty_list)
{
    const struct order_filter none[] = {
        {.status = "PAID"},          {.gateway = "RAZORPA"}, {.customer = "c"},  {.udf = "x"},
        {.udf = "priya@example.in"}, {.customer = "%"},      {.customer = "c1'"}};
    for (int i = 0; i < COUNT(none); i++)
        ck_assert_int_eq(check_filter(none[i], 5, "nothing"), 0);
}
END_TEST

static struct order_filter random_filter(struct made_rng *r)
{
    int n_statuses;
    const struct order_status *statuses = order_statuses(&n_statuses);
    struct order_filter f = {0};
    if (made_one_in(r, 3))
        f.tab = (enum order_tab)made_below(r, TAB_COUNT);
    if (made_one_in(r, 8))
        f.status = statuses[made_below(r, n_statuses)].name;
    if (made_one_in(r, 4))
        f.from_ms = MADE_T0_MS + made_below(r, 30) * 1000;
    if (made_one_in(r, 4))
        f.before_ms = MADE_T0_MS + made_below(r, 31) * 1000;
    if (made_one_in(r, 4))
        f.currency = ANY(r, currencies);
    if (made_one_in(r, 5))
        f.least_minor = ANY(r, amounts);
    if (made_one_in(r, 5))
        f.most_minor = ANY(r, amounts);
    if (made_one_in(r, 5))
        f.gateway = ANY(r, gateways);
    if (made_one_in(r, 6))
        f.method = ANY(r, methods);
    if (made_one_in(r, 6))
        f.customer = ANY(r, people);
    if (made_one_in(r, 6))
        f.udf = ANY(r, words);
    f.conflicted = made_one_in(r, 8);
    f.multiple = made_one_in(r, 20);
    if (made_one_in(r, 6))
        f.refundable_since_ms = MADE_T0_MS + made_below(r, 30) * 1000;
    return f;
}

/* Beyond the limit rows are looked for along the sorting. */
START_TEST(an_amount_that_most_have_is_a_filter_like_any_other)
{
    const struct order_filter wide[] = {
        {.least_minor = 99},
        {.most_minor = 5000000},
        {.least_minor = 1, .gateway = "PAYU"},
    };
    ck_assert_int_gt(check_filter(wide[0], 50, "least"), LIMIT_LIST_FEW);
    ck_assert_int_gt(check_filter(wide[1], 50, "most"), LIMIT_LIST_FEW);
    ck_assert_int_gt(check_filter(wide[2], 50, "any amount of a gateway"), 0);
}
END_TEST

START_TEST(random_combinations_are_the_models)
{
    struct made_rng r = {7};
    int found = 0;
    for (int i = 0; i < COMBINATIONS; i++)
        found += check_filter(random_filter(&r), 1 + made_below(&r, 60),
                              arena_printf(desk.arena, "combination %d", i)) > 0;
    ck_assert_int_gt(found, COMBINATIONS / 2);
}
END_TEST

START_TEST(a_place_between_rows_is_one_too)
{
    struct made_rng r = {9};
    struct made_key want[ROWS + STRANGERS], got[LIMIT_PAGE_ROWS];
    struct order_filter f = {.merchant = desk.merchant, .tab = TAB_CHARGED};
    for (int i = 0; i < 60; i++) {
        const struct order *o = &rows[made_below(&r, ROWS)].order;
        bool more;
        struct list_page page = {.sort = SORT_CREATED,
                                 .ascending = made_one_in(&r, 2),
                                 .move = LIST_NEXT,
                                 .key_value = o->created_ms,
                                 .key_id = o->id,
                                 .rows = 20};
        const struct made_key place = {o->created_ms, o->id};
        int n = model(&f, &page, want), from = 0;
        while (from < n && made_compare(&want[from], &place, page.ascending) <= 0)
            from++;
        int count = ask(&f, &page, got, &more);
        ck_assert_int_eq(count, n - from < 20 ? n - from : 20);
        for (int k = 0; k < count; k++)
            ck_assert_int_eq(got[k].id, want[from + k].id);
    }
}
END_TEST

START_TEST(made_carry_the_txn_that_is_kept)
{
    struct order_filter f = {.merchant = desk.merchant};
    struct list_page page = {.rows = LIMIT_PAGE_ROWS};
    struct asking x = {.filter = &f, .page = &page};
    desk_look(read_page, &x);
    ck_assert_int_eq(x.count, LIMIT_PAGE_ROWS);
    for (int i = 0; i < x.count; i++) {
        const struct made_order *o = rows;
        while (o->order.id != x.got[i].order.id)
            o++;
        ck_assert_str_eq(x.got[i].order.order_id, o->order.order_id);
        ck_assert(x.got[i].has_txn == o->has_txn);
        if (o->has_txn)
            ck_assert_int_eq(x.got[i].txn.id, o->txn.id);
    }
}
END_TEST

/* 10^15 minor units each: 9,223 of them still fit, 9,224 do not. */
START_TEST(a_sum_that_does_not_fit_is_said_not_wrapped)
{
    enum { FIT = 9223 };
    struct made_order *big = arena_array(desk.arena, FIT + 1, sizeof *big);
    struct order_filter f = {.merchant = desk.merchant, .currency = "EUR"};
    struct asking x = {.filter = &f};
    for (int i = 0; i <= FIT; i++) {
        big[i] = made_order(desk.merchant, arena_printf(desk.arena, "BIG-%d", i));
        big[i].order.currency = "EUR";
        big[i].order.amount_minor = MONEY_MAX_MINOR;
        big[i].has_txn = big[i].charged = false;
    }
    made_insert_orders(big, FIT);
    desk_look(read_totals, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert(!x.totals[0].too_large);
    ck_assert_int_eq(x.totals[0].amount_minor, FIT * MONEY_MAX_MINOR);
    made_insert_orders(big + FIT, 1);
    desk_look(read_totals, &x);
    ck_assert_int_eq(x.totals[0].rows, FIT + 1);
    ck_assert(x.totals[0].too_large);
}
END_TEST

Suite *t_order_list_suite(void); /* main.c */

Suite *t_order_list_suite(void)
{
    TCase *t;
    Suite *s = suite_of("order_list", &t);
    tcase_add_checked_fixture(t, open_rows, desk_close);
    tcase_add_test(t, every_filter_alone_is_the_models);
    tcase_add_test(t, what_nobody_has_is_an_empty_list);
    tcase_add_test(t, an_amount_that_most_have_is_a_filter_like_any_other);
    tcase_add_test(t, random_combinations_are_the_models);
    tcase_add_test(t, a_place_between_rows_is_one_too);
    tcase_add_test(t, made_carry_the_txn_that_is_kept);
    tcase_add_test(t, a_sum_that_does_not_fit_is_said_not_wrapped);
    return s;
}
