/*
 * The rows of batches, as the store keeps them.
 */
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "desk.h"
#include "made.h"
#include "made_batch.h"
#include "store/batch_list.h"
#include "support/suite.h"

#include <string.h>

enum { ROWS = 30 };

/* What a test asks the store for, and what it answered. */
struct asked {
    struct batch batch;
    const char *from_status;
    struct batch_row row, *rows;
    struct batch_place place;
    enum batch_row_filter shown;
    int64_t after, place_before, number, ids[4];
    int limit, count;
    bool more, gone;
};

/* ---- one call each -----------------------------------------------------------------------------
 */

static enum rc get(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_get(q, desk.arena, x->batch.merchant, x->batch.id, &x->batch, e);
}

static enum rc abandoned(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_abandoned(q, x->after, x->ids, x->limit, &x->count, e);
}

static enum rc forget(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_forget(q, x->batch.id, x->limit, &x->gone, e);
}

static enum rc insert_row(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_rows_insert(q, &x->row, e);
}

static enum rc settle(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_rows_settle(q, &x->row, x->from_status, e);
}

static enum rc get_row(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_rows_get(q, desk.arena, x->batch.id, x->number, &x->row, e);
}

static enum rc page(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    enum rc rc = batch_rows_page(q, desk.arena, x->batch.id, x->shown, x->after, x->limit, &x->rows,
                                 &x->count, &x->more, e);
    if (rc == RC_OK)
        rc = batch_rows_page_before(q, x->batch.id, x->shown, x->after, x->limit, &x->place_before,
                                    e);
    return rc;
}

static enum rc refund_failed(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_rows_refund_failed(q, x->batch.id, &x->number, e);
}

static enum rc warnings(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_list_warnings(q, x->batch.id, &x->number, e);
}

static enum rc of_refund(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_list_of_refund(q, desk.arena, x->number, &x->place, e);
}

/* ---- made --------------------------------------------------------------------------------------
 */

static struct batch_row row_of(int64_t batch, int64_t number)
{
    return (struct batch_row){.batch = batch,
                              .row = number,
                              .line = number + 1,
                              .order_id = "ORD-1",
                              .amount = "1.00",
                              .amount_minor = -1,
                              .verdict = BATCH_VERDICT_OK,
                              .status = BATCH_ROW_QUEUED,
                              .updated_ms = MADE_T0_MS};
}

/* ROWS rows: every third is refused, every fifth of the others has a warning. */
static struct batch put_rows(void)
{
    struct batch b = made_batch("rows.csv");
    for (int i = 1; i <= ROWS; i++) {
        struct asked x = {.row = row_of(b.id, i)};
        if (i % 3 == 0) {
            x.row.verdict = "INVALID_AMOUNT";
            x.row.verdict_said = "amount: is zero.";
        } else if (i % 5 == 0) {
            x.row.warning = "look at it";
        }
        desk_write(insert_row, &x);
    }
    return b;
}

/* A refund in this status, settled as the row's. */
static int64_t accept_row(int64_t batch, int64_t number, const char *state, const char *status)
{
    struct made_order o = made_order(desk.merchant, arena_printf(desk.arena, "O-%d", (int)number));
    made_insert_orders(&o, 1);
    struct refund r = made_refund(&o, arena_printf(desk.arena, "r-%d", (int)number));
    r.state = state;
    r.status = status;
    r.gateway_ref = "gw-1";
    made_insert_refunds(&r, 1);
    struct asked x = {.row = row_of(batch, number), .from_status = BATCH_ROW_QUEUED};
    x.row.status = BATCH_ROW_ACCEPTED;
    x.row.refund = r.id;
    x.row.updated_ms = MADE_T0_MS + 9;
    desk_write(settle, &x);
    return r.id;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

START_TEST(a_file_that_was_refused_goes_away_piece_by_piece_and_no_other)
{
    struct batch b = put_rows();
    struct asked x = {.batch = b, .after = MADE_T0_MS, .limit = 4};
    desk_look(abandoned, &x);
    ck_assert_int_eq(x.count, 0);
    x.after = MADE_T0_MS + 1;
    desk_look(abandoned, &x);
    ck_assert_int_eq(x.count, 1);
    ck_assert_int_eq(x.ids[0], b.id);
    x.limit = ROWS / 2;
    desk_write(forget, &x);
    ck_assert(!x.gone);
    desk_write(forget, &x);
    ck_assert(x.gone);
    struct asked kept = {.batch = made_batch_read("kept.csv", 1, 1), .limit = 10};
    desk_write(forget, &kept);
    ck_assert(!kept.gone);
    desk_look(get, &kept);
}
END_TEST

START_TEST(a_row_is_read_as_it_was_written)
{
    struct batch b = made_batch("a.csv");
    struct asked x = {.batch = b, .row = row_of(b.id, 1), .number = 1};
    desk_refuses(get_row, &x, RC_NOT_FOUND);
    x.row.cells = "{\"udf1\":\"x\"}";
    x.row.unique_id = "u-1";
    desk_write(insert_row, &x);
    desk_refuses(insert_row, &x, RC_CONFLICT);
    memset(&x.row, 0, sizeof x.row);
    desk_look(get_row, &x);
    ck_assert_str_eq(x.row.order_id, "ORD-1");
    ck_assert_str_eq(x.row.cells, "{\"udf1\":\"x\"}");
    ck_assert_str_eq(x.row.unique_id, "u-1");
    ck_assert_int_eq(x.row.line, 2);
    ck_assert_int_eq(x.row.amount_minor, -1);
    ck_assert_ptr_null(x.row.txn_id);
    ck_assert_ptr_null(x.row.refund_status);
    ck_assert_int_eq(x.row.refund, 0);
}
END_TEST

START_TEST(a_row_is_settled_once_and_keeps_its_refund)
{
    struct batch b = put_rows();
    int64_t refund = accept_row(b.id, 1, "SUCCESS", "SUCCESS");
    struct asked x = {.batch = b, .number = 1};
    desk_look(get_row, &x);
    ck_assert_int_eq(x.row.refund, refund);
    ck_assert_str_eq(x.row.refund_status, "SUCCESS");
    ck_assert_str_eq(x.row.gateway_ref, "gw-1");
    ck_assert_int_eq(x.row.updated_ms, MADE_T0_MS + 9);
    x.from_status = BATCH_ROW_QUEUED;
    desk_refuses(settle, &x, RC_CONFLICT);
    x.from_status = BATCH_ROW_ACCEPTED;
    x.row.status = BATCH_ROW_FAILED;
    x.row.refund = 0;
    desk_refuses(settle, &x, RC_CONFLICT);
}
END_TEST

static bool is_shown(int row, enum batch_row_filter shown)
{
    switch (shown) {
    case BATCH_ROWS_PROBLEMS:
        return row % 3 == 0 || row % 5 == 0;
    case BATCH_ROWS_ACCEPTED:
        return row == 1 || row == 4;
    case BATCH_ROWS_QUEUED:
        return row != 1 && row != 4;
    case BATCH_ROWS_FAILED:
        return false;
    case BATCH_ROWS_REFUND_FAILED:
        return row == 4;
    default:
        return true;
    }
}

/* Forwards to the end, and from each page back to the one before. */
static void walk(int64_t batch, enum batch_row_filter shown, int limit)
{
    struct asked x = {.batch = {.id = batch}, .shown = shown, .limit = limit, .more = true};
    int64_t begins[ROWS + 1] = {0};
    int next = 1;
    for (int pages = 0; x.more; pages++) {
        begins[pages] = x.after;
        desk_look(page, &x);
        if (pages > 0)
            ck_assert_int_le(x.place_before, x.after);
        for (int i = 0; i < x.count; i++, next++) {
            while (!is_shown(next, shown))
                next++;
            ck_assert_int_eq(x.rows[i].row, next);
        }
        struct asked back = x;
        back.after = pages > 0 ? x.place_before : 0;
        desk_look(page, &back);
        if (pages > 0) {
            ck_assert_int_eq(back.rows[0].row > begins[pages - 1], 1);
            ck_assert_int_eq(back.count, limit);
            ck_assert_int_eq(back.rows[back.count - 1].row, begins[pages]);
        }
        if (x.more)
            x.after = x.rows[x.count - 1].row;
    }
    while (next <= ROWS)
        ck_assert(!is_shown(next++, shown));
}

START_TEST(pages_go_forwards_and_back_under_every_filter)
{
    struct batch b = put_rows();
    accept_row(b.id, 1, "SUCCESS", "SUCCESS");
    accept_row(b.id, 4, "FAILURE", "FAILURE");
    for (int shown = 0; shown < BATCH_ROWS_FILTER_COUNT; shown++) {
        walk(b.id, (enum batch_row_filter)shown, 1);
        walk(b.id, (enum batch_row_filter)shown, 7);
        walk(b.id, (enum batch_row_filter)shown, ROWS);
    }
    struct asked x = {.batch = b};
    desk_look(refund_failed, &x);
    ck_assert_int_eq(x.number, 1);
    desk_look(warnings, &x);
    ck_assert_int_eq(x.number, 4); /* 5, 10, 20, 25 */
}
END_TEST

START_TEST(a_refund_leads_to_its_row)
{
    struct batch b = put_rows();
    struct asked x = {.number = accept_row(b.id, 7, "SUCCESS", "SUCCESS")};
    desk_look(of_refund, &x);
    ck_assert_int_eq(x.place.batch, b.id);
    ck_assert_int_eq(x.place.row, 7);
    ck_assert_int_eq(x.place.line, 8);
    ck_assert_str_eq(x.place.file_name, "rows.csv");
    x.number++;
    desk_look(of_refund, &x);
    ck_assert_int_eq(x.place.batch, 0);
}
END_TEST

Suite *t_batch_rows_suite(void); /* main.c */

Suite *t_batch_rows_suite(void)
{
    TCase *t;
    Suite *s = suite_of("batch_rows", &t);
    tcase_add_checked_fixture(t, desk_open, desk_close);
    tcase_add_test(t, a_file_that_was_refused_goes_away_piece_by_piece_and_no_other);
    tcase_add_test(t, a_row_is_read_as_it_was_written);
    tcase_add_test(t, a_row_is_settled_once_and_keeps_its_refund);
    tcase_add_test(t, pages_go_forwards_and_back_under_every_filter);
    tcase_add_test(t, a_refund_leads_to_its_row);
    return s;
}
