#include "core/limits.h"
#include "desk.h"
#include "made.h"
#include "store/events.h"
#include "store/split.h"
#include "support/suite.h"

/* Marketplace 100, vendors 600 and 300, of the vendor's example. */
static const struct party PARTIES[] = {
    {"", 10000, 0}, {"VENDOR_A", 60000, 0}, {"VENDOR_B", 30000, 0}};
enum { N_PARTIES = sizeof PARTIES / sizeof PARTIES[0] };

static struct made_order made;

struct asked {
    int64_t order, txn, refund;
    const struct party *parties;
    struct party *out;
    struct refund_part *parts;
    int count;
};

static enum rc insert_order(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return split_insert_order(q, x->order, x->parties, x->count, e);
}

static enum rc insert_refund(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return split_insert_refund(q, x->refund, x->parties, x->count, e);
}

static enum rc of_order(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return split_of_order(q, desk.arena, x->order, x->txn, &x->out, &x->count, e);
}

static enum rc of_refund(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return split_of_refund(q, desk.arena, x->refund, &x->out, &x->count, e);
}

static enum rc of_order_refunds(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return split_of_order_refunds(q, desk.arena, x->order, &x->parts, &x->count, e);
}

static enum rc get_order(struct sql *q, void *arg, struct err *e)
{
    struct order *o = arg;
    return orders_get(q, desk.arena, o->id, o, e);
}

static void open_split(bool split_payment)
{
    desk_open();
    made = made_order(desk.merchant, "SPLIT");
    made.order.amount_minor = made.order.effective_minor = 100000;
    made.order.is_split_payment = split_payment;
    made_insert_orders(&made, 1);
    struct asked x = {.order = made.order.id, .parties = PARTIES, .count = N_PARTIES};
    desk_write(insert_order, &x);
}

static void open_order(void)
{
    open_split(false);
}

static int64_t add_refund(const char *unique_request_id, const char *state, const char *status,
                          const struct party *parts, int n)
{
    struct refund r = made_refund(&made, unique_request_id);
    r.state = state;
    r.status = status;
    r.amount_minor = 0;
    for (int i = 0; i < n; i++)
        r.amount_minor += parts[i].amount_minor;
    made_insert_refunds(&r, 1);
    struct asked x = {.refund = r.id, .parties = parts, .count = n};
    desk_write(insert_refund, &x);
    return r.id;
}

static struct asked parties_now(int64_t txn)
{
    struct asked x = {.order = made.order.id, .txn = txn};
    desk_look(of_order, &x);
    ck_assert_int_eq(x.count, N_PARTIES);
    return x;
}

START_TEST(keeps_the_parties_in_the_order_told)
{
    struct asked x = parties_now(made.txn.id);
    for (int i = 0; i < N_PARTIES; i++) {
        ck_assert_str_eq(x.out[i].party, PARTIES[i].party);
        ck_assert_int_eq(x.out[i].amount_minor, PARTIES[i].amount_minor);
        ck_assert_int_eq(x.out[i].given_minor, 0);
    }
    struct order o = {.id = made.order.id};
    desk_look(get_order, &o);
    ck_assert(o.is_split_settled);
}
END_TEST

START_TEST(refuses_parties_twice_and_for_no_order)
{
    struct asked x = {.order = made.order.id, .parties = PARTIES, .count = N_PARTIES};
    desk_refuses(insert_order, &x, RC_CONFLICT);
    x.order = 1;
    desk_refuses(insert_order, &x, RC_CONFLICT);
}
END_TEST

START_TEST(counts_what_is_held_and_not_what_failed)
{
    const struct party first[] = {{"VENDOR_A", 10000, 0}, {"", 500, 0}};
    const struct party failed[] = {{"VENDOR_A", 50000, 0}};
    add_refund("u1", "HELD", "PENDING", first, 2);
    add_refund("u2", "SUCCESS", "SUCCESS", failed, 1);
    struct asked x = parties_now(made.txn.id);
    ck_assert_int_eq(x.out[0].given_minor, 500);
    ck_assert_int_eq(x.out[1].given_minor, 60000);
    ck_assert_int_eq(x.out[2].given_minor, 0);
    ck_assert_int_eq(parties_now(0).out[1].given_minor, 0);
    ck_assert_int_eq(parties_now(made.txn.id + 1).out[1].given_minor, 0);
}
END_TEST

START_TEST(counts_no_failure)
{
    const struct party all[] = {{"VENDOR_B", 30000, 0}};
    add_refund("u1", "FAILURE", "FAILURE", all, 1);
    ck_assert_int_eq(parties_now(made.txn.id).out[2].given_minor, 0);
    add_refund("u2", "HELD", "PENDING", all, 1);
    ck_assert_int_eq(parties_now(made.txn.id).out[2].given_minor, 30000);
}
END_TEST

static enum rc open_exception(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    bool opened;
    return exceptions_open(q, desk.merchant, x->refund, "done_after_FAILURE", "late", 30000, 5,
                           &opened, e);
}

/* A late SUCCESS holds its amount again until a person has looked: its parties gave it back. */
START_TEST(counts_a_failure_that_an_open_exception_holds)
{
    const struct party all[] = {{"VENDOR_B", 30000, 0}};
    struct asked x = {.refund = add_refund("u1", "FAILURE", "FAILURE", all, 1)};
    desk_write(open_exception, &x);
    ck_assert_int_eq(parties_now(made.txn.id).out[2].given_minor, 30000);
    struct refund r = made_refund(&made, "u2");
    made_insert_refunds(&r, 1);
    x = (struct asked){.refund = r.id, .parties = all, .count = 1};
    desk_refuses(insert_refund, &x, RC_CONFLICT);
}
END_TEST

START_TEST(the_txns_of_a_split_payment_share_the_parties)
{
    const struct party all[] = {{"VENDOR_B", 30000, 0}};
    desk_close();
    open_split(true);
    add_refund("u1", "HELD", "PENDING", all, 1);
    ck_assert_int_eq(parties_now(made.txn.id + 1).out[2].given_minor, 30000);
    ck_assert_int_eq(parties_now(0).out[2].given_minor, 0);
}
END_TEST

START_TEST(the_schema_refuses_more_than_a_party_has)
{
    const struct party most[] = {{"VENDOR_A", 60000, 0}};
    const struct party more[] = {{"VENDOR_A", 1, 0}};
    const struct party stranger[] = {{"VENDOR_C", 0, 0}};
    add_refund("u1", "HELD", "PENDING", most, 1);
    struct refund r = made_refund(&made, "u2");
    made_insert_refunds(&r, 1);
    struct asked x = {.refund = r.id, .parties = more, .count = 1};
    desk_refuses(insert_refund, &x, RC_CONFLICT);
    x.parties = stranger;
    desk_refuses(insert_refund, &x, RC_CONFLICT);
    x.refund = 1;
    desk_refuses(insert_refund, &x, RC_CONFLICT);
}
END_TEST

START_TEST(reads_the_parts_of_one_refund_and_of_all)
{
    const struct party first[] = {{"VENDOR_B", 200, 0}, {"", 0, 0}};
    const struct party second[] = {{"VENDOR_A", 1, 0}};
    int64_t u1 = add_refund("u1", "HELD", "PENDING", first, 2);
    int64_t u2 = add_refund("u2", "HELD", "PENDING", second, 1);
    struct asked x = {.refund = u1};
    desk_look(of_refund, &x);
    ck_assert_int_eq(x.count, 2);
    ck_assert_str_eq(x.out[0].party, "VENDOR_B");
    ck_assert_int_eq(x.out[0].amount_minor, 200);
    ck_assert_str_eq(x.out[1].party, "");
    x = (struct asked){.refund = u2 + 1};
    desk_look(of_refund, &x);
    ck_assert_int_eq(x.count, 0);
    x.order = made.order.id;
    desk_look(of_order_refunds, &x);
    ck_assert_int_eq(x.count, 3);
    ck_assert(x.parts[0].refund_row == u2 && x.parts[1].refund_row == u1);
    ck_assert_str_eq(x.parts[1].part.party, "VENDOR_B");
    ck_assert_int_eq(x.parts[2].part.amount_minor, 0);
}
END_TEST

/* Above the limit of what is shown, the oldest refund is left out whole. */
START_TEST(shows_no_refund_in_part)
{
    enum { VENDORS = LIMIT_SPLIT_PARTIES - 1, REFUNDS = LIMIT_ORDER_PARTS / VENDORS + 1 };
    static struct party many[VENDORS];
    desk_close();
    desk_open();
    for (int i = 0; i < VENDORS; i++)
        many[i] = (struct party){arena_printf(desk.arena, "V%d", i), 500, 0};
    made = made_order(desk.merchant, "MANY");
    made_insert_orders(&made, 1);
    struct asked x = {.order = made.order.id, .parties = many, .count = VENDORS};
    desk_write(insert_order, &x);
    for (int i = 0; i < VENDORS; i++)
        many[i].amount_minor = 1;
    for (int i = 0; i < REFUNDS; i++)
        add_refund(arena_printf(desk.arena, "u%d", i), "HELD", "PENDING", many,
                   i == REFUNDS - 1 ? VENDORS / 2 : VENDORS);
    desk_look(of_order_refunds, &x);
    ck_assert_int_eq(x.count % VENDORS, VENDORS / 2);
    ck_assert_int_le(x.count, LIMIT_ORDER_PARTS);
    ck_assert_int_gt(x.count, LIMIT_ORDER_PARTS - VENDORS);
}
END_TEST

Suite *t_split_suite(void);
Suite *t_split_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("split", &tc);
    tcase_add_checked_fixture(tc, open_order, desk_close);
    tcase_add_test(tc, keeps_the_parties_in_the_order_told);
    tcase_add_test(tc, refuses_parties_twice_and_for_no_order);
    tcase_add_test(tc, counts_what_is_held_and_not_what_failed);
    tcase_add_test(tc, counts_no_failure);
    tcase_add_test(tc, counts_a_failure_that_an_open_exception_holds);
    tcase_add_test(tc, the_txns_of_a_split_payment_share_the_parties);
    tcase_add_test(tc, the_schema_refuses_more_than_a_party_has);
    tcase_add_test(tc, reads_the_parts_of_one_refund_and_of_all);
    tcase_add_test(tc, shows_no_refund_in_part);
    return s;
}
