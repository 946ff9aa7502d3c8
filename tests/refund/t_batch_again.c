/*
 * What must not be refunded a second time, and what a file may hold: the same bytes, the same row,
 * rows tried again, twins of other refunds, and cells as long as they come.
 */
#include "core/limits.h"
#include "core/str.h"
#include "refund/filed.h"
#include "support/suite.h"

#include <string.h>

#define HEADER "order_id,amount,txn_id,unique_id\n"

static void maker_checker_on(struct merchant *m)
{
    m->maker_checker = true;
}

/* RC_OK with *said NULL: it has its refund. */
static enum rc retry(const struct actor *actor, int64_t batch, int64_t row, const char **said)
{
    struct err e;
    *said = NULL;
    return batch_retry_row(&shop, desk.arena, actor, batch, row, said, &e);
}

static const char *retry_said(int64_t batch, int64_t row)
{
    const char *said;
    ck_assert_int_eq(retry(&shop_actor, batch, row, &said), RC_OK);
    return said;
}

static struct actor checker(void)
{
    struct actor a = shop_actor;
    a.name = "checker";
    a.rights[MODULE_APPROVALS] = RIGHT_WRITE;
    return a;
}

/* ---- the same bytes ----------------------------------------------------------------------------
 */

START_TEST(stops_at_the_bytes_of_an_earlier_file)
{
    shop_add((struct shop_order){.order_id = "A"});
    struct batch_upload_answer first = filed(HEADER "A,100,,\n");
    struct batch_upload_answer again = filed(HEADER "A,100,,\n");
    ck_assert_pstr_eq(again.refused, "Duplicate file");
    ck_assert_int_eq(again.duplicate_of, first.batch.id);
    struct err e;
    ck_assert_int_eq(
        batch_act(&shop, desk.arena, &shop_actor, first.batch.id, BATCH_CANCEL, "wrong month", &e),
        RC_OK);
    ck_assert_ptr_null(filed(HEADER "A,100,,\n").refused);
}
END_TEST

START_TEST(stops_at_the_bytes_of_a_file_that_was_cancelled_halfway)
{
    struct buf text;
    struct err e;
    bool more;
    buf_init(&text, desk.arena);
    buf_puts(&text, "order_id,amount\n");
    for (int i = 0; i < LIMIT_BATCH_STEP + 1; i++) {
        const char *order = arena_printf(desk.arena, "O%d", i);
        shop_add((struct shop_order){.order_id = order});
        buf_printf(&text, "%s,1\n", order);
    }
    int64_t id = filed(buf_text(&text)).batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "65").said);
    ck_assert_int_eq(batch_run_step(&shop, desk.arena, id, FILED_BUDGET_MS, &more, &e), RC_OK);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, id, BATCH_CANCEL, "stop", &e),
                     RC_OK);
    struct batch_upload_answer again = filed(buf_text(&text));
    ck_assert_pstr_eq(again.refused, "Duplicate file");
    ck_assert_ptr_nonnull(strstr(again.said, "64 of its rows were refunded"));
}
END_TEST

START_TEST(takes_the_bytes_of_a_file_again_that_made_nothing)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed(HEADER "A,900,,\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "ALL_OR_NONE", "900").said);
    int64_t by_hand = shop_ask("A", "by-hand", "200").refund.id;
    filed_run(id);
    ck_assert_str_eq(filed_batch(id).status, BATCH_FAILED);
    shop_apply(by_hand, EVENT_CANCEL);
    ck_assert_ptr_null(filed(HEADER "A,900,,\n").refused);
}
END_TEST

/* ---- a row again -------------------------------------------------------------------------------
 */

START_TEST(a_failed_row_is_tried_again_when_its_cause_is_gone)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t by_hand, id = filed(HEADER "A,900,,\n").batch.id;
    const char *said;
    struct err e;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "900").said);
    by_hand = shop_ask("A", "by-hand", "200").refund.id;
    filed_run(id);
    ck_assert_int_eq(batch_retry_row(&shop, desk.arena, &shop_actor, id, 1, &said, &e), RC_OK);
    ck_assert_ptr_nonnull(said);
    ck_assert_int_eq(refund_cancel(&shop, desk.arena, &shop_actor, by_hand, &e), RC_OK);
    ck_assert_int_eq(batch_retry_row(&shop, desk.arena, &shop_actor, id, 1, &said, &e), RC_OK);
    ck_assert_ptr_null(said);
    ck_assert_str_eq(filed_batch(id).status, BATCH_COMPLETED);
    ck_assert_int_eq(batch_retry_row(&shop, desk.arena, &shop_actor, id, 1, &said, &e),
                     RC_CONFLICT);
    ck_assert_int_eq(shop_txn("A-1").held_minor, 90000);
}
END_TEST

START_TEST(a_failed_row_of_a_cancelled_batch_stays)
{
    struct err e;
    const char *said;
    bool more;
    struct buf text;
    buf_init(&text, desk.arena);
    buf_puts(&text, "order_id,amount\nnone,1\n");
    for (int i = 0; i < LIMIT_BATCH_STEP; i++) {
        const char *order = arena_printf(desk.arena, "O%d", i);
        shop_add((struct shop_order){.order_id = order});
        buf_printf(&text, "%s,1\n", order);
    }
    int64_t id = filed(buf_text(&text)).batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "64").said);
    ck_assert_int_eq(batch_run_step(&shop, desk.arena, id, FILED_BUDGET_MS, &more, &e), RC_OK);
    ck_assert(more);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, id, BATCH_CANCEL, "stop", &e),
                     RC_OK);
    struct batch b = filed_batch(id);
    const struct merchant m = {.id = desk.merchant};
    struct batch_row r = filed_row(id, 1);
    ck_assert_str_eq(r.status, BATCH_ROW_FAILED);
    ck_assert(!batch_row_may_retry(&m, &b, &r, &shop_actor));
    shop_add((struct shop_order){.order_id = "none"});
    ck_assert_int_eq(batch_retry_row(&shop, desk.arena, &shop_actor, id, 1, &said, &e),
                     RC_CONFLICT);
}
END_TEST

START_TEST(a_row_that_repeats_another_is_not_tried_again)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed(HEADER "A,10,,\na,10.00,,\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "10").said);
    filed_run(id);
    const char *said = retry_said(id, 2);
    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_nonnull(strstr(said, "line 2 refunds the same order and amount"));
    ck_assert_int_eq(shop_txn("A-1").held_minor, 1000);
    ck_assert_str_eq(filed_row(id, 2).error_code, "REFUND_DUPLICATE_REQUEST");
    shop_apply(filed_row(id, 1).refund, EVENT_CANCEL);
    ck_assert_ptr_null(retry_said(id, 2));
    ck_assert_int_eq(shop_txn("A-1").held_minor, 1000);
}
END_TEST

START_TEST(rows_of_an_order_that_came_later_repeat_one_another_too)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed(HEADER "A,1,,\nB,10,,\nB,10,,\nB,20,,u1\nB,20,,u2\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "1").said);
    filed_run(id);
    shop_add((struct shop_order){.order_id = "B"});
    ck_assert_ptr_null(retry_said(id, 3));
    ck_assert_ptr_nonnull(retry_said(id, 2));
    ck_assert_ptr_null(retry_said(id, 4));
    ck_assert_ptr_null(retry_said(id, 5));
    ck_assert_int_eq(shop_txn("B-1").held_minor, 5000);
}
END_TEST

START_TEST(what_nobody_approved_is_tried_again_by_a_checker_only)
{
    const struct actor other = checker();
    struct actor powerless = other;
    struct err e;
    const char *said;
    powerless.rights[MODULE_APPROVALS] = RIGHT_READ;
    filed_merchant(maker_checker_on);
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed_as(&shop_actor, HEADER "A,900,,\nB,5,,\n", "May returns").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "900").said);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &other, id, BATCH_APPROVE, NULL, &e), RC_OK);
    int64_t by_hand = shop_ask("A", "by-hand", "200").refund.id;
    filed_run(id);
    shop_apply(by_hand, EVENT_CANCEL);
    shop_add((struct shop_order){.order_id = "B"});
    ck_assert_ptr_null(retry_said(id, 1)); /* approved: the maker may */
    ck_assert_int_eq(retry(&shop_actor, id, 2, &said), RC_DENIED);
    ck_assert_int_eq(retry(&powerless, id, 2, &said), RC_DENIED);
    ck_assert_int_eq(shop_txn("B-1").held_minor, 0);
    ck_assert_int_eq(retry(&other, id, 2, &said), RC_OK);
    ck_assert_ptr_null(said);
    ck_assert_int_eq(shop_txn("B-1").held_minor, 500);
}
END_TEST

START_TEST(a_batch_that_ran_unapproved_keeps_its_rows_for_a_checker)
{
    const char *said;
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed(HEADER "A,900,,\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "900").said);
    int64_t by_hand = shop_ask("A", "by-hand", "200").refund.id;
    filed_run(id);
    shop_apply(by_hand, EVENT_CANCEL);
    filed_merchant(maker_checker_on);
    ck_assert_int_eq(retry(&shop_actor, id, 1, &said), RC_DENIED);
    const struct actor other = checker();
    ck_assert_int_eq(retry(&other, id, 1, &said), RC_OK);
    ck_assert_ptr_null(said);
}
END_TEST

/* ---- twins -------------------------------------------------------------------------------------
 */

START_TEST(rows_are_twins_of_other_refunds_but_not_of_one_another)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t one = filed(HEADER "A,10,,u1\nA,10,,u2\nA,20,,\n").batch.id;
    int64_t two = filed(HEADER "A,10,,u3\n").batch.id;
    ck_assert_ptr_null(filed_confirm(one, "GOOD_ROWS", "40").said);
    ck_assert_ptr_null(filed_confirm(two, "GOOD_ROWS", "10").said);
    shop_ask("A", "by-hand", "20");
    filed_run(one);
    filed_run(two);
    ck_assert_str_eq(filed_row(one, 1).status, BATCH_ROW_ACCEPTED);
    ck_assert_str_eq(filed_row(one, 2).status, BATCH_ROW_ACCEPTED);
    ck_assert_str_eq(filed_row(one, 3).error_code, "REFUND_DUPLICATE_REQUEST");
    ck_assert_str_eq(filed_row(two, 1).error_code, "REFUND_DUPLICATE_REQUEST");
    shop.clock.fixed_ms += 5000;
    ck_assert_ptr_null(retry_said(two, 1));
}
END_TEST

START_TEST(warns_of_the_same_row_in_a_file_that_is_still_to_run)
{
    shop_add((struct shop_order){.order_id = "A"});
    struct err e;
    int64_t one = filed(HEADER "A,10,,\nA,30,,\nA,5000,,\n").batch.id;
    int64_t two = filed(HEADER "a,10.00,,\nA,20,,\nA,5000.0,,\n").batch.id;
    ck_assert_ptr_null(filed_row(one, 1).warning);
    ck_assert_str_eq(filed_row(two, 1).verdict, BATCH_VERDICT_OK);
    ck_assert_ptr_nonnull(strstr(filed_row(two, 1).warning, "\"may.csv\" too"));
    ck_assert_ptr_null(filed_row(two, 2).warning);
    ck_assert_ptr_null(filed_row(two, 3).warning);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, one, BATCH_CANCEL, "no", &e), RC_OK);
    ck_assert_ptr_null(filed_row(filed(HEADER "A,30,,\n").batch.id, 1).warning);
}
END_TEST

/* ---- as long as they come ----------------------------------------------------------------------
 */

START_TEST(any_cells_fit_wherever_they_are_read)
{
    enum { ROWS = 45, CELLS = 10, LENGTH = 4096 };
    char cell[LENGTH + 1];
    struct buf text;
    memset(cell, 1, LENGTH); /* six bytes each in JSON */
    cell[LENGTH] = '\0';
    buf_init(&text, desk.arena);
    buf_puts(&text, "order_id,amount,udf1,udf2,udf3,udf4,udf5,udf6,udf7,udf8,udf9,udf10\n");
    buf_puts(&text, "A,5,,,,,,,,,,\n");
    for (int i = 0; i < ROWS; i++) {
        buf_puts(&text, "B,5");
        for (int k = 0; k < CELLS; k++)
            buf_printf(&text, ",%s", cell);
        buf_putc(&text, '\n');
    }
    shop_add((struct shop_order){.order_id = "A"});
    struct batch_upload_answer a = filed(buf_text(&text));
    ck_assert_ptr_null(a.refused);
    ck_assert_int_eq(a.batch.rows_total, ROWS + 1);
    ck_assert_ptr_null(filed_confirm(a.batch.id, "GOOD_ROWS", "5").said);
    filed_run(a.batch.id);
    struct batch b = filed_batch(a.batch.id);
    ck_assert_int_eq(b.rows_accepted, 1);
    ck_assert_int_eq(b.rows_failed, ROWS);
}
END_TEST

START_TEST(any_number_of_blank_lines_is_passed_over)
{
    enum { LINES = 700000 };
    char *text = arena_array(desk.arena, 1, (size_t)LINES * 2 + 64), *at = text;
    at += sprintf(at, "order_id,amount\n");
    for (int i = 0; i < LINES; i++) {
        *at++ = ' ';
        *at++ = '\n';
    }
    strcpy(at, "A,5\n");
    struct batch_upload_answer a = filed(text);
    ck_assert_ptr_null(a.refused);
    ck_assert_int_eq(filed_row(a.batch.id, 1).line, LINES + 2);
}
END_TEST

suite_fn t_batch_again_suite;
Suite *t_batch_again_suite(void)
{
    Suite *s = suite_create("batch again");
    TCase *t = tcase_create("batch again");
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, stops_at_the_bytes_of_an_earlier_file);
    tcase_add_test(t, stops_at_the_bytes_of_a_file_that_was_cancelled_halfway);
    tcase_add_test(t, takes_the_bytes_of_a_file_again_that_made_nothing);
    tcase_add_test(t, a_failed_row_is_tried_again_when_its_cause_is_gone);
    tcase_add_test(t, a_failed_row_of_a_cancelled_batch_stays);
    tcase_add_test(t, a_row_that_repeats_another_is_not_tried_again);
    tcase_add_test(t, rows_of_an_order_that_came_later_repeat_one_another_too);
    tcase_add_test(t, what_nobody_approved_is_tried_again_by_a_checker_only);
    tcase_add_test(t, a_batch_that_ran_unapproved_keeps_its_rows_for_a_checker);
    tcase_add_test(t, rows_are_twins_of_other_refunds_but_not_of_one_another);
    tcase_add_test(t, warns_of_the_same_row_in_a_file_that_is_still_to_run);
    tcase_add_test(t, any_cells_fit_wherever_they_are_read);
    tcase_add_test(t, any_number_of_blank_lines_is_passed_over);
    suite_add_tcase(s, t);
    return s;
}
