/*
 * Batches in the portal: what is typed to confirm, who may approve, what downloads hold.
 */
#include "core/id.h"
#include "core/limits.h"
#include "refund/batch.h"
#include "rig.h"
#include "support/suite.h"
#include "web/slow.h"
#include <string.h>

struct bytes {
    const char *at;
};

static ssize_t read_bytes(void *ctx, char *to, size_t room)
{
    struct bytes *b = ctx;
    size_t n = strlen(b->at) < room ? strlen(b->at) : room;
    memcpy(to, b->at, n);
    b->at += n;
    return (ssize_t)n;
}

static enum rc set_checked(struct sql *q, void *arg, struct err *e)
{
    struct merchant m = rig_merchant();
    (void)arg;
    m.maker_checker = true;
    return merchants_update(q, &m, e);
}

static struct batch read_by_desk(const char *csv)
{
    const struct actor maker = {.kind = ACTOR_USER, .merchant = desk.merchant, .name = "maker"};
    struct bytes bytes = {csv};
    const struct batch_upload in = {.actor = &maker,
                                    .source = "PORTAL",
                                    .file_name = "returns.csv",
                                    .description = "returns of November",
                                    .bytes = read_bytes,
                                    .ctx = &bytes};
    struct batch_upload_answer answer;
    struct err e;
    ck_assert_int_eq(batch_upload(&rig_app, desk.arena, &in, &answer, &e), RC_OK);
    ck_assert_msg(answer.refused == NULL, "%s", answer.said);
    return answer.batch;
}

/* The path of the batch's page. */
static const char *upload(const char *csv)
{
    return arena_printf(desk.arena, "/batch/batch-refunds/%s",
                        id_text(desk.arena, read_by_desk(csv).id));
}

static const char *below(const char *path, const char *after)
{
    return arena_printf(desk.arena, "%s%s", path, after);
}

static const char *one_order(void)
{
    struct rig_order o = rig_paid_order("B1", RIG_NOW_MS - CLOCK_HOUR_MS);
    rig_insert(&o);
    return upload("order_id,amount,udf1\nB1,100.50,=1+1\nNOPE,1,\n");
}

START_TEST(the_check_shows_rows_and_asks_for_the_total)
{
    const char *batch = one_order();
    const char *html = rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "Awaiting confirmation");
    rig_has(html, "NOPE");
    rig_has(html, "name=\"total_INR\"");
    html = rig_expect(
        rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=GOOD_ROWS&total_INR=100.40"), 200,
        "id=\"total_INR-error\"");
    rig_has(html, "value=\"100.40\"");
    rig_expect(
        rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=ALL_OR_NONE&total_INR=100.50"), 200,
        "id=\"mode-error\"");
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=GOOD_ROWS&total_INR=100.50"),
               303, NULL);
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=GOOD_ROWS&total_INR=100.50"),
               303, NULL); /* a double click */
    rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "Processing");
    ck_assert_int_eq(rig_count_refunds("B1"), 0); /* the worker's to make */
}
END_TEST

START_TEST(the_second_of_two_presses_shows_what_the_first_did)
{
    static const char fields[] = "run_mode=GOOD_ROWS&total_INR=100.50";
    const char *batch = one_order();
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/confirm"), fields), 303, NULL);
    struct reply again = rig_ask(RIG_MAKER, below(batch, "/confirm"), fields);
    rig_expect(again, 303, NULL);
    const char *html = rig_expect(rig_ask(RIG_MAKER, again.location, NULL), 200, "Processing");
    rig_has(html, "This is how it stands now.");
    again = rig_ask(RIG_MAKER, below(batch, "/resume"), "");
    rig_expect(again, 303, NULL);
    ck_assert_str_eq(again.location, below(batch, "?moved=1"));
}
END_TEST

START_TEST(the_headline_is_what_is_refunded_in_each_currency)
{
    struct rig_order o = rig_paid_order("B2", RIG_NOW_MS - CLOCK_HOUR_MS);
    o.order.currency = "KWD";
    o.txn.currency = "KWD";
    rig_insert(&o);
    o = rig_paid_order("B1", RIG_NOW_MS - CLOCK_HOUR_MS);
    rig_insert(&o);
    const char *batch = upload("order_id,amount\nB1,100.50\nB2,1.250\nB1,999999\nNOPE,1\n");
    const char *html = rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "Awaiting confirmation");
    rig_has(html, "<span class=\"amount\">100.50 INR · 1.250 KWD</span>");
    rig_has(html, ">Refund 100.50 INR · 1.250 KWD</button>");
    rig_has(html, "10,00,099.50 INR · 1.250 KWD, refused rows too");
    batch = upload("order_id,amount\nNOPE,1\n");
    rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "Nothing to refund");
}
END_TEST

START_TEST(the_maker_never_approves)
{
    desk_write(set_checked, NULL);
    const char *batch = one_order();
    rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "Request approval");
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=GOOD_ROWS&total_INR=100.50"),
               303, NULL);
    const char *html = rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "Awaiting approval");
    rig_lacks(html, "/approve\"");
    rig_lacks(html, "/reject\"");
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/approve"), ""), 403, NULL);
    html = rig_expect(rig_ask(RIG_ADMIN, batch, NULL), 200, "/approve\"");
    rig_has(html, "<b>Description:</b> returns of November");
    rig_expect(rig_ask(RIG_ADMIN, below(batch, "/reject"), "why=+"), 200, "Give a reason");
    rig_expect(rig_ask(RIG_ADMIN, below(batch, "/approve"), ""), 303, NULL);
    rig_expect(rig_ask(RIG_ADMIN, below(batch, "/approve"), ""), 303, NULL); /* a double click */
    rig_expect(rig_ask(RIG_ADMIN, batch, NULL), 200, "Approved by");
}
END_TEST

static void run_to_its_end(const char *batch)
{
    int64_t id = 0;
    bool more = true;
    struct err e;
    ck_assert(id_parse(strrchr(batch, '/') + 1, &id));
    while (more)
        ck_assert_int_eq(batch_run_step(&rig_app, desk.arena, id, CLOCK_SECOND_MS, &more, &e),
                         RC_OK);
}

START_TEST(a_row_that_nobody_approved_is_a_checkers_to_try_again)
{
    struct rig_order late = rig_paid_order("NOPE", RIG_NOW_MS - CLOCK_HOUR_MS);
    desk_write(set_checked, NULL);
    const char *batch = one_order();
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=GOOD_ROWS&total_INR=100.50"),
               303, NULL);
    rig_expect(rig_ask(RIG_ADMIN, below(batch, "/approve"), ""), 303, NULL);
    run_to_its_end(batch);
    rig_insert(&late);
    rig_lacks(rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "NOPE"), "/rows/2/retry");
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/rows/2/retry"), ""), 403, "Nobody has approved");
    ck_assert_int_eq(rig_count_refunds("NOPE"), 0);
    rig_expect(rig_ask(RIG_ADMIN, batch, NULL), 200, "/rows/2/retry");
    rig_expect(rig_ask(RIG_ADMIN, below(batch, "/rows/2/retry"), ""), 303, NULL);
    rig_expect(rig_ask(RIG_ADMIN, below(batch, "/rows/2/retry"), ""), 303, NULL);
    ck_assert_int_eq(rig_count_refunds("NOPE"), 1);
    rig_expect(rig_ask(RIG_MAKER, batch, NULL), 200, "A row was tried again by");
}
END_TEST

START_TEST(who_may_only_read_has_no_buttons)
{
    const char *batch = one_order();
    const char *html = rig_expect(rig_ask(RIG_VIEWER, batch, NULL), 200, "returns.csv");
    rig_lacks(html, "total_INR");
    rig_lacks(html, "/cancel");
    rig_expect(rig_ask(RIG_VIEWER, below(batch, "/cancel"), "why=x"), 403, NULL);
    rig_expect(rig_ask(RIG_ORDERS_ONLY, batch, NULL), 403, NULL);
    rig_expect(rig_ask(RIG_VIEWER, "/batch/batch-refunds/0000000000001", NULL), 404, NULL);
    html = rig_expect(rig_ask(RIG_VIEWER, "/batch/batch-refunds", NULL), 200, "returns.csv");
    rig_lacks(html, "/batch/batch-refunds/new");
}
END_TEST

START_TEST(the_list_is_searched_with_and_without_case)
{
    one_order();
    rig_expect(rig_ask(RIG_MAKER, "/batch/batch-refunds?part=Ret&aa=1", NULL), 200,
               "Nothing matches");
    rig_expect(rig_ask(RIG_MAKER, "/batch/batch-refunds?part=Ret", NULL), 200, "returns.csv");
    rig_expect(rig_ask(RIG_MAKER, "/batch/batch-refunds?part=100%25", NULL), 200,
               "Nothing matches");
    rig_expect(rig_ask(RIG_MAKER, "/batch/batch-refunds?sort=nothing", NULL), 400, NULL);
    rig_expect(rig_ask(RIG_MAKER, "/batch/batch-refunds?page=99999", NULL), 400, NULL);
}
END_TEST

/* ---- the sample file ---------------------------------------------------------------------------
 */

#define SAMPLE "/batch/batch-refunds/new/sample"

static const char *sample(void)
{
    static const char head[] =
        "order_id,amount,txn_id,unique_id,marketplace_amount,vendor1_id,vendor1_amount,vendor2_id,"
        "vendor2_amount,udf1,udf2,udf3,udf4,udf5,udf6,udf7,udf8,udf9,udf10\r\n";
    const char *text = rig_expect(rig_ask(RIG_MAKER, SAMPLE, NULL), 200, head);
    ck_assert(str_starts(text, head));
    return text;
}

struct look {
    struct batch_row *rows;
    int64_t batch;
    int n;
    bool more;
};

static enum rc read_problems(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    return batch_rows_page(q, desk.arena, l->batch, BATCH_ROWS_PROBLEMS, 0, LIMIT_PAGE_ROWS,
                           &l->rows, &l->n, &l->more, e);
}

/* The vendor's example values, where the merchant has no order: nothing is wrong with them but
 * that. */
START_TEST(the_sample_of_an_empty_desk_is_read_whole)
{
    struct batch b = read_by_desk(sample());
    struct look l = {.batch = b.id};
    desk_look(read_problems, &l);
    ck_assert_int_eq(b.rows_total, 2);
    ck_assert_int_eq(l.n, 2);
    for (int i = 0; i < l.n; i++)
        ck_assert_str_eq(l.rows[i].verdict, "INVALID_ORDERID");
}
END_TEST

START_TEST(every_row_of_the_sample_passes_the_core)
{
    for (int i = 1; i <= 5; i++) {
        struct rig_order o =
            rig_paid_order(arena_printf(desk.arena, "S%d", i), RIG_NOW_MS - i * CLOCK_HOUR_MS);
        rig_insert(&o);
    }
    struct batch b = read_by_desk(sample());
    ck_assert_int_eq(b.rows_total, 3);
    ck_assert_int_eq(b.rows_bad, 0);
    ck_assert_int_eq(rig_count_refunds("S1"), 0);
}
END_TEST

/* ---- what has run ------------------------------------------------------------------------------
 */

START_TEST(a_refund_names_its_file_and_its_row)
{
    const char *batch = one_order();
    rig_expect(rig_ask(RIG_MAKER, below(batch, "/confirm"), "run_mode=GOOD_ROWS&total_INR=100.50"),
               303, NULL);
    run_to_its_end(batch);
    const char *html = rig_expect(rig_ask(RIG_VIEWER, "/refunds", NULL), 200, "returns.csv</a>");
    rig_has(html, "row 1");
    rig_has(html, below(batch, "?rows=all&amp;after=0"));
    html = rig_expect(rig_ask(RIG_VIEWER, batch, NULL), 200, "Partially completed");
    rig_has(html, "Refund failed <span class=\"count\">0</span>");
}
END_TEST

static bool take(void *ctx, const char *data, size_t n)
{
    buf_add(ctx, data, n);
    return true;
}

START_TEST(a_download_holds_no_formula)
{
    const char *batch = one_order();
    struct req r = {.app = &rig_app, .arena = desk.arena};
    struct buf got;
    struct err e;
    const struct web_sink sink = {take, &got};
    struct reply p = rig_ask(RIG_VIEWER, below(batch, "/download/data"), NULL);
    ck_assert_ptr_nonnull(p.stream);
    buf_init(&got, desk.arena);
    ck_assert_int_eq(p.stream(&r, &sink, p.stream_arg, &e), RC_OK);
    rig_has(buf_text(&got), "S.No,Order/Transaction Id,Amount,Refund Status,Unique Id,GW Transact");
    rig_has(buf_text(&got), "\r\n1,B1,100.50,,,,'=1+1,");
    rig_expect(rig_ask(RIG_VIEWER, below(batch, "/download/else"), NULL), 404, NULL);
}
END_TEST

Suite *t_batch_suite(void);

Suite *t_batch_suite(void)
{
    Suite *s = suite_create("batches");
    TCase *t = tcase_create("batches");
    tcase_add_checked_fixture(t, rig_open, rig_close);
    tcase_add_test(t, the_check_shows_rows_and_asks_for_the_total);
    tcase_add_test(t, the_second_of_two_presses_shows_what_the_first_did);
    tcase_add_test(t, the_headline_is_what_is_refunded_in_each_currency);
    tcase_add_test(t, the_maker_never_approves);
    tcase_add_test(t, a_row_that_nobody_approved_is_a_checkers_to_try_again);
    tcase_add_test(t, who_may_only_read_has_no_buttons);
    tcase_add_test(t, the_list_is_searched_with_and_without_case);
    tcase_add_test(t, the_sample_of_an_empty_desk_is_read_whole);
    tcase_add_test(t, every_row_of_the_sample_passes_the_core);
    tcase_add_test(t, a_refund_names_its_file_and_its_row);
    tcase_add_test(t, a_download_holds_no_formula);
    suite_add_tcase(s, t);
    return s;
}
