/*
 * The list of refunds against a plain model: every filter, sort and page over rows in every state.
 */
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "desk.h"
#include "made.h"
#include "store/refund_list.h"
#include "support/suite.h"
#include <inttypes.h>
#include <string.h>

enum { ROWS = 700, STRANGERS = 40, ORDERS = 6, COMBINATIONS = 250 };

static struct refund rows[ROWS + STRANGERS];
static struct made_order orders[ORDERS];

static const struct {
    const char *state, *status;
    enum refund_tab tab;
} states[] = {
    {"AWAITING_APPROVAL", "PENDING", REFUND_TAB_AWAITING},
    {"HELD", "PENDING", REFUND_TAB_PENDING},
    {"QUEUED", "PENDING", REFUND_TAB_PENDING},
    {"SENDING", "PENDING", REFUND_TAB_PENDING},
    {"ACCEPTED", "PENDING", REFUND_TAB_PENDING},
    {"UNKNOWN", "PENDING", REFUND_TAB_PENDING},
    {"LOW_BALANCE", "PENDING", REFUND_TAB_PENDING},
    {"SUCCESS", "SUCCESS", REFUND_TAB_SUCCESS},
    {"FAILURE", "FAILURE", REFUND_TAB_FAILURE},
    {"MANUAL_REVIEW", "MANUAL_REVIEW", REFUND_TAB_REVIEW},
};

static const char *const gateways[] = {"RAZORPAY", "PAYU", "razorpay"};
static const char *const makers[] = {"API", "api", "Priya N", "AUTO_REFUNDED", "GATEWAY"};
static const char *const reasons[] = {"CANCELLATION", "GOODWILL", "DUPLICATE_PAYMENT"};
static const char *const currencies[] = {"INR", "USD", "JPY"};
static const int64_t amounts[] = {1, 99, 100, 50000, 50001, MONEY_MAX_MINOR};

#define COUNT(a)    ((int)(sizeof(a) / sizeof(a)[0]))
#define ANY(rng, a) ((a)[made_below(rng, COUNT(a))])

static void open_rows(void)
{
    struct made_rng r = {20261121};
    desk_open();
    int64_t other = made_other_merchant();
    for (int i = 0; i < ORDERS; i++)
        orders[i] = made_order(i > 0 ? desk.merchant : other, arena_printf(desk.arena, "O%d", i));
    made_insert_orders(orders, ORDERS);
    for (int i = 0; i < ROWS + STRANGERS; i++) {
        int state = made_below(&r, COUNT(states));
        struct refund *f = &rows[i];
        *f = made_refund(&orders[i < ROWS ? 1 + made_below(&r, ORDERS - 1) : 0],
                         arena_printf(desk.arena, "r%d", i));
        f->state = states[state].state;
        f->status = states[state].status;
        f->amount_minor = ANY(&r, amounts);
        f->currency = ANY(&r, currencies);
        f->gateway = ANY(&r, gateways);
        f->initiated_by = ANY(&r, makers);
        f->reason = ANY(&r, reasons);
        f->created_ms = MADE_T0_MS + made_below(&r, 30) * 1000;
    }
    made_insert_refunds(rows, ROWS + STRANGERS);
}

/* ---- the model
 * ----------------------------------------------------------------------------------- */

static enum refund_tab tab_of(const struct refund *r)
{
    int i = 0;
    while (strcmp(states[i].state, r->state) != 0)
        i++;
    return states[i].tab;
}

static bool same(const char *wanted, const char *value)
{
    return str_empty(wanted) || strcmp(wanted, value) == 0;
}

/* All but the tab. */
static bool matches(const struct refund *r, const struct refund_filter *f)
{
    return r->merchant == f->merchant && same(f->currency, r->currency) &&
           same(f->gateway, r->gateway) && same(f->initiated_by, r->initiated_by) &&
           same(f->reason, r->reason) && same(f->status, r->status) &&
           same(f->unique_request_id, r->unique_request_id) &&
           (f->order_row == 0 || r->order_row == f->order_row) &&
           (f->from_ms == 0 || r->created_ms >= f->from_ms) &&
           (f->before_ms == 0 || r->created_ms < f->before_ms) &&
           (f->least_minor == 0 || r->amount_minor >= f->least_minor) &&
           (f->most_minor == 0 || r->amount_minor <= f->most_minor);
}

static int model(const struct refund_filter *f, const struct list_page *page, struct made_key *out)
{
    int n = 0;
    for (int i = 0; i < ROWS + STRANGERS; i++) {
        const struct refund *r = &rows[i];
        bool in_tab = f->tab == REFUND_TAB_ALL || tab_of(r) == f->tab;
        if (in_tab && matches(r, f))
            out[n++] = (struct made_key){
                page->sort == SORT_AMOUNT ? r->amount_minor : r->created_ms, r->id};
    }
    made_sort(out, n, page->ascending);
    return n;
}

/* ---- the list
 * ------------------------------------------------------------------------------------ */

struct asking {
    const struct refund_filter *filter;
    const struct list_page *page;
    struct refund *got;
    struct list_total *totals;
    int count;
    bool more;
};

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct asking *x = arg;
    return refund_list_page(q, suite_arena(), x->filter, x->page, &x->got, &x->count, &x->more, e);
}

static enum rc read_totals(struct sql *q, void *arg, struct err *e)
{
    struct asking *x = arg;
    return refund_list_totals(q, suite_arena(), x->filter, &x->totals, &x->count, e);
}

static int ask(void *ctx, const struct list_page *page, struct made_key *out, bool *more)
{
    struct asking x = {.filter = ctx, .page = page};
    desk_look(read_page, &x);
    for (int i = 0; i < x.count; i++)
        out[i] = (struct made_key){refund_list_key(&x.got[i], page->sort), x.got[i].id};
    *more = x.more;
    arena_clear(suite_arena());
    return x.count;
}

static void check_totals(const struct refund_filter *f, const char *what)
{
    struct asking x = {.filter = f};
    int64_t seen = 0, all = 0;
    desk_look(read_totals, &x);
    for (int i = 0; i < x.count; i++) {
        const struct list_total *t = &x.totals[i];
        int64_t count = 0, sum = 0;
        for (int k = 0; k < ROWS + STRANGERS; k++) {
            if ((int)tab_of(&rows[k]) != t->tab || strcmp(rows[k].currency, t->currency) != 0 ||
                !matches(&rows[k], f))
                continue;
            count++;
            sum += rows[k].amount_minor;
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

static int check_filter(struct refund_filter f, int rows_a_page, const char *what)
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
    const struct refund_filter single[] = {
        {0},
        {.tab = REFUND_TAB_AWAITING},
        {.tab = REFUND_TAB_PENDING},
        {.tab = REFUND_TAB_SUCCESS},
        {.tab = REFUND_TAB_FAILURE},
        {.tab = REFUND_TAB_REVIEW},
        {.status = "PENDING"},
        {.status = "SUCCESS", .gateway = "PAYU"},
        {.unique_request_id = "r7"},
        {.order_row = rows[3].order_row},
        {.order_row = rows[3].order_row, .status = "FAILURE"},
        {.from_ms = MADE_T0_MS + 15000},
        {.before_ms = MADE_T0_MS + 15000},
        {.from_ms = MADE_T0_MS + 7000, .before_ms = MADE_T0_MS + 8000},
        {.currency = "JPY"},
        {.least_minor = MONEY_MAX_MINOR},
        {.most_minor = 1},
        {.currency = "USD", .least_minor = 100, .most_minor = 50000},
        {.gateway = "RAZORPAY"},
        {.gateway = "razorpay"},
        {.initiated_by = "API"},
        {.initiated_by = "api"},
        {.initiated_by = "Priya N"},
        {.reason = "GOODWILL"},
    };
    for (int i = 0; i < COUNT(single); i++) {
        int n = check_filter(single[i], 37, arena_printf(desk.arena, "filter %d", i));
        ck_assert_msg(n > 0 && (i == 0 || n < ROWS), "filter %d tells nothing: %d rows", i, n);
    }
    ck_assert_int_eq(check_filter((struct refund_filter){.initiated_by = "Priya"}, 5, "none"), 0);
}
END_TEST

/* Beyond the limit rows are looked for along the sorting. */
START_TEST(an_amount_that_most_have_is_a_filter_like_any_other)
{
    const struct refund_filter wide[] = {
        {.least_minor = 99},
        {.most_minor = 50001},
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
    for (int i = 0; i < COMBINATIONS; i++) {
        struct refund_filter f = {0};
        if (made_one_in(&r, 2))
            f.tab = (enum refund_tab)made_below(&r, REFUND_TAB_COUNT);
        if (made_one_in(&r, 4))
            f.from_ms = MADE_T0_MS + made_below(&r, 30) * 1000;
        if (made_one_in(&r, 4))
            f.before_ms = MADE_T0_MS + made_below(&r, 31) * 1000;
        if (made_one_in(&r, 4))
            f.currency = ANY(&r, currencies);
        if (made_one_in(&r, 5))
            f.least_minor = ANY(&r, amounts);
        if (made_one_in(&r, 5))
            f.most_minor = ANY(&r, amounts);
        if (made_one_in(&r, 4))
            f.gateway = ANY(&r, gateways);
        if (made_one_in(&r, 4))
            f.initiated_by = ANY(&r, makers);
        if (made_one_in(&r, 4))
            f.reason = ANY(&r, reasons);
        found += check_filter(f, 1 + made_below(&r, 60),
                              arena_printf(desk.arena, "combination %d", i)) > 0;
    }
    ck_assert_int_gt(found, COMBINATIONS / 2);
}
END_TEST

Suite *t_refund_list_suite(void); /* main.c */

Suite *t_refund_list_suite(void)
{
    TCase *t;
    Suite *s = suite_of("refund_list", &t);
    tcase_add_checked_fixture(t, open_rows, desk_close);
    tcase_add_test(t, every_filter_alone_is_the_models);
    tcase_add_test(t, an_amount_that_most_have_is_a_filter_like_any_other);
    tcase_add_test(t, random_combinations_are_the_models);
    return s;
}
