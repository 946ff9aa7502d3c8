/*
 * Split refunds at random, of two payments of one order, with cancellations, failures and successes
 * between them: whatever was asked, no party and no payment ever gives back more than it has, and
 * what a plain model takes is taken.
 */
#include "refund/shop.h"
#include "support/suite.h"
#include <string.h>

enum { PARTIES = 4, TXNS = 2, STEPS = 250, REFUNDS = STEPS };

static const struct party whole[PARTIES] = {
    {"", 8000, 0}, {"A", 6000, 0}, {"B", 4000, 0}, {"C", 2000, 0}};
static const char *const txn_ids[TXNS] = {"ORD-1", "ORD-2"};
#define TOTAL_MINOR 20000

struct made_refund {
    int64_t id;
    int txn;
    int64_t parts[PARTIES];
    bool open;
};

static struct {
    uint64_t seed;
    int64_t held[TXNS][PARTIES];
    struct made_refund refunds[REFUNDS];
    int n, accepted, refused;
} model;

static int below(int n)
{
    /* xorshift64 */
    model.seed ^= model.seed << 13;
    model.seed ^= model.seed >> 7;
    model.seed ^= model.seed << 17;
    return (int)(model.seed % (uint64_t)n);
}

static int64_t held_of(int txn)
{
    int64_t sum = 0;
    for (int i = 0; i < PARTIES; i++)
        sum += model.held[txn][i];
    return sum;
}

/* What the rules say, written once more and plainly. */
static bool fits(int txn, const int64_t *parts, int64_t amount)
{
    int64_t sum = 0;
    for (int i = 0; i < PARTIES; i++) {
        sum += parts[i];
        if (model.held[txn][i] + parts[i] > whole[i].amount_minor)
            return false;
    }
    return sum == amount && amount >= 100 && amount <= TOTAL_MINOR - held_of(txn);
}

static void take(const struct refund_answer *answer, int txn, const int64_t *parts, bool fitting)
{
    ck_assert_msg((answer->cause == CAUSE_NONE) == fitting ||
                      (fitting && answer->cause == CAUSE_TOO_MANY_REFUNDS),
                  "step %d: cause %d, the model says %d", model.n, (int)answer->cause, fitting);
    model.refused += answer->cause != CAUSE_NONE;
    if (answer->cause != CAUSE_NONE)
        return;
    struct made_refund *r = &model.refunds[model.accepted++];
    *r = (struct made_refund){.id = answer->refund.id, .txn = txn, .open = true};
    for (int i = 0; i < PARTIES; i++) {
        r->parts[i] = parts[i];
        model.held[txn][i] += parts[i];
    }
}

static void ask_split(void)
{
    struct split_part told[PARTIES];
    struct split_ask ask = {.parts = told};
    int64_t parts[PARTIES] = {0}, amount = 0;
    int txn = below(TXNS);
    for (int i = 0; i < PARTIES; i++) {
        if (below(2) == 0)
            continue;
        int64_t rest = whole[i].amount_minor - model.held[txn][i];
        parts[i] = below(8) == 0 ? rest + below(3) : below(400);
        if (parts[i] == 0 && i > 0)
            parts[i] = 1;
        amount += parts[i];
        told[ask.n++] =
            (struct split_part){whole[i].party, money_text(desk.arena, parts[i], "INR")};
    }
    if (ask.n == 0)
        return;
    if (below(10) == 0)
        amount += below(2) == 0 ? 1 : 100;
    struct refund_answer answer = shop_ask_full((struct refund_request){
        .txn_id = txn_ids[txn],
        .unique_request_id = arena_printf(desk.arena, "u%d", model.n),
        .amount_given = GIVEN_TEXT,
        .amount = money_text(desk.arena, amount, "INR"),
        .split = &ask,
    });
    take(&answer, txn, parts, fits(txn, parts, amount));
}

static void ask_rest(void)
{
    int64_t parts[PARTIES];
    int txn = below(TXNS);
    for (int i = 0; i < PARTIES; i++)
        parts[i] = whole[i].amount_minor - model.held[txn][i];
    struct refund_answer answer = shop_ask_full((struct refund_request){
        .txn_id = txn_ids[txn], .unique_request_id = arena_printf(desk.arena, "u%d", model.n)});
    take(&answer, txn, parts, fits(txn, parts, TOTAL_MINOR - held_of(txn)));
}

static void settle_one(void)
{
    if (model.accepted == 0)
        return;
    struct made_refund *r = &model.refunds[below(model.accepted)];
    int how = below(5);
    if (!r->open)
        return;
    r->open = false;
    if (how > 0)
        shop_apply(r->id, EVENT_SEND);
    shop_apply(r->id, how == 0 ? EVENT_CANCEL : how == 4 ? EVENT_DONE : EVENT_REFUSED);
    for (int i = 0; how != 4 && i < PARTIES; i++)
        model.held[r->txn][i] -= r->parts[i];
}

struct look {
    int64_t order, txn;
    struct party *parties;
    int n;
};

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    return split_of_order(q, desk.arena, l->order, l->txn, &l->parties, &l->n, e);
}

static void compare(int64_t order)
{
    for (int t = 0; t < TXNS; t++) {
        struct txn txn = shop_txn(txn_ids[t]);
        struct look l = {.order = order, .txn = txn.id};
        desk_look(look_fn, &l);
        ck_assert_int_eq(txn.held_minor, held_of(t));
        ck_assert_int_le(txn.held_minor, TOTAL_MINOR);
        for (int i = 0; i < PARTIES; i++) {
            ck_assert_int_eq(l.parties[i].given_minor, model.held[t][i]);
            ck_assert_int_le(l.parties[i].given_minor, l.parties[i].amount_minor);
        }
    }
}

START_TEST(no_party_ever_gives_back_more_than_it_has)
{
    memset(&model, 0, sizeof model);
    model.seed = (uint64_t)(20261121 + _i);
    int64_t order = shop_add((struct shop_order){.order_id = "ORD", .amount_minor = TOTAL_MINOR});
    shop_add_txn(order, "ORD-2", "CHARGED", TOTAL_MINOR);
    shop_split(order, whole, PARTIES);
    for (model.n = 0; model.n < STEPS; model.n++) {
        int what = below(10);
        if (what < 6)
            ask_split();
        else if (what == 6 && below(4) == 0)
            ask_rest();
        else
            settle_one();
        shop.clock.fixed_ms += 5000;
        compare(order);
    }
    ck_assert_int_gt(model.accepted, 20);
    ck_assert_int_gt(model.refused, 20);
}
END_TEST

suite_fn t_split_random_suite;
Suite *t_split_random_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("split at random", &tc);
    tcase_add_checked_fixture(tc, shop_open, shop_close);
    tcase_add_loop_test(tc, no_party_ever_gives_back_more_than_it_has, 0, 3);
    return s;
}
