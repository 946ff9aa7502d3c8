#include "core/str.h"
#include "refund/batch.h"
#include "refund/batch_sync.h"
#include "refund/shop.h"
#include "support/suite.h"

#include <string.h>

static const char FILE_TEXT[] = "order_id,amount\nA,1\nB,2\nC,3\nD,4\n";
static size_t file_at;

static ssize_t read_file(void *ctx, char *to, size_t room)
{
    (void)ctx;
    size_t n = sizeof FILE_TEXT - 1 - file_at;
    n = n < room ? n : room;
    memcpy(to, FILE_TEXT + file_at, n);
    file_at += n;
    return (ssize_t)n;
}

/* A batch that has run: four refunds, HELD. */
static int64_t run_batch(void)
{
    static const char *const orders[] = {"A", "B", "C", "D"};
    const struct batch_upload in = {
        .actor = &shop_actor, .source = "PORTAL", .file_name = "f.csv", .bytes = read_file};
    const struct batch_typed typed = {"INR", "10"};
    struct batch_upload_answer a;
    struct batch_fault fault;
    struct err e;
    bool more = true;
    file_at = 0;
    for (int i = 0; i < 4; i++)
        shop_add((struct shop_order){.order_id = orders[i]});
    ck_assert_int_eq(batch_upload(&shop, desk.arena, &in, &a, &e), RC_OK);
    ck_assert_int_eq(batch_confirm(&shop, desk.arena, &shop_actor, a.batch.id, "ALL_OR_NONE",
                                   &typed, 1, &fault, &e),
                     RC_OK);
    while (more)
        ck_assert_int_eq(batch_run_step(&shop, desk.arena, a.batch.id, 1000, &more, &e), RC_OK);
    return a.batch.id;
}

struct look {
    int64_t batch;
    struct batch_row *rows;
    struct batch_sync_count *counts;
    int n_rows, n_counts;
};

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    bool more;
    enum rc rc = batch_rows_page(q, desk.arena, l->batch, BATCH_ROWS_ALL, 0, 10, &l->rows,
                                 &l->n_rows, &more, e);
    return rc == RC_OK ? batch_sync_report(q, desk.arena, l->batch, &l->counts, &l->n_counts, e)
                       : rc;
}

static struct look look(int64_t batch)
{
    struct look l = {.batch = batch};
    desk_look(look_fn, &l);
    return l;
}

static int64_t counted(const struct look *l, const char *verdict, const char *before,
                       const char *now)
{
    for (int i = 0; i < l->n_counts; i++) {
        const struct batch_sync_count *c = &l->counts[i];
        if (str_eq(c->verdict, verdict) && str_eq(c->before, before) && str_eq(c->now, now))
            return c->refunds;
    }
    return 0;
}

static void sync_batch(int64_t batch)
{
    struct err e;
    ck_assert_int_eq(batch_sync(&shop, desk.arena, &shop_actor, batch, &e), RC_OK);
}

START_TEST(asks_about_what_was_sent_and_says_what_became_of_it)
{
    int64_t id = run_batch();
    struct look l = look(id);
    ck_assert_int_eq(l.n_counts, 0);
    for (int i = 0; i < 3; i++) {
        shop_apply(l.rows[i].refund, EVENT_SEND);
        shop_apply(l.rows[i].refund, i < 2 ? EVENT_ACCEPTED : EVENT_DONE);
    }
    sync_batch(id);
    shop_apply(l.rows[0].refund, EVENT_DONE);
    l = look(id);
    ck_assert_int_eq(counted(&l, "ASKED", "PENDING", "SUCCESS"), 1);
    ck_assert_int_eq(counted(&l, "ASKED", "PENDING", "PENDING"), 1);
    ck_assert_int_eq(counted(&l, "NOT_SENT", "PENDING", "PENDING"), 1);
    ck_assert_int_eq(l.counts[0].asked_ms, SHOP_NOW_MS);
}
END_TEST

START_TEST(asks_no_gateway_twice_in_a_moment)
{
    int64_t id = run_batch();
    struct look l = look(id);
    shop.config.sync_cool_ms = 30000;
    shop_apply(l.rows[0].refund, EVENT_SEND);
    shop_apply(l.rows[0].refund, EVENT_ACCEPTED);
    sync_batch(id);
    shop.clock.fixed_ms += 1000;
    sync_batch(id);
    l = look(id);
    ck_assert_int_eq(counted(&l, "COOLING", "PENDING", "PENDING"), 1);
    shop.clock.fixed_ms += shop.config.sync_cool_ms;
    sync_batch(id);
    l = look(id);
    ck_assert_int_eq(counted(&l, "ASKED", "PENDING", "PENDING"), 1);
}
END_TEST

START_TEST(knows_no_batch_of_another_merchant)
{
    struct actor stranger = shop_actor;
    struct err e;
    stranger.merchant++;
    ck_assert_int_eq(batch_sync(&shop, desk.arena, &stranger, run_batch(), &e), RC_NOT_FOUND);
}
END_TEST

suite_fn t_batch_sync_suite;
Suite *t_batch_sync_suite(void)
{
    Suite *s = suite_create("batch_sync");
    TCase *t = tcase_create("batch_sync");
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, asks_about_what_was_sent_and_says_what_became_of_it);
    tcase_add_test(t, asks_no_gateway_twice_in_a_moment);
    tcase_add_test(t, knows_no_batch_of_another_merchant);
    suite_add_tcase(s, t);
    return s;
}
