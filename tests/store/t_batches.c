/*
 * Batches, their rows and their lists, as the store keeps them.
 */
#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "desk.h"
#include "made.h"
#include "store/batch_list.h"
#include "support/suite.h"

#include <string.h>

enum { ROWS = 30 };

static uint8_t digest[DIGEST_BYTES] = {7};

/* What a test asks the store for, and what it answered. */
struct asked {
    struct batch batch;
    const char *from_status;
    struct batch_row row, *rows;
    struct batch *batches;
    struct batch_total *totals;
    struct batch_filter filter;
    struct batch_place place;
    struct audit_entry *history;
    enum batch_row_filter shown;
    int64_t after, place_before, number, ids[4];
    int limit, count;
    bool more, gone;
};

/* ---- one call each ------------------------------------------------------------------------------
 */

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_insert(q, &x->batch, e);
}

static enum rc move(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_update(q, &x->batch, x->from_status, e);
}

static enum rc get(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_get(q, desk.arena, x->batch.merchant, x->batch.id, &x->batch, e);
}

static enum rc by_digest(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_by_digest(q, desk.arena, desk.merchant, digest, &x->batch, e);
}

static enum rc next_processing(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_next_processing(q, x->after, &x->number, e);
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

static enum rc add_totals(struct sql *q, void *arg, struct err *e)
{
    static const struct batch_total totals[] = {
        {"USD", "", 0, 0, 1, 0}, {"INR", "RAZORPAY", 2, 300, 0, 0}, {"INR", "PAYU", 1, 100, 1, 50}};
    struct asked *x = arg;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof totals / sizeof *totals; i++)
        rc = batch_totals_add(q, x->batch.id, &totals[i], e);
    return rc;
}

static enum rc read_totals(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_totals_of(q, desk.arena, x->batch.id, &x->totals, &x->count, e);
}

static enum rc list(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_list_page(q, desk.arena, &x->filter, &x->batches, &x->count, &x->more, e);
}

static enum rc of_refund(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_list_of_refund(q, desk.arena, x->number, &x->place, e);
}

static enum rc add_history(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    static const char *const actions[] = {"batch.uploaded", "order.looked_at", "batch.confirmed"};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof actions / sizeof *actions; i++) {
        const struct audit_entry entry = {.merchant = desk.merchant,
                                          .at_ms = MADE_T0_MS + (int64_t)i,
                                          .actor = "maker",
                                          .action = actions[i],
                                          .subject = id_text(desk.arena, x->batch.id),
                                          .detail = "{}"};
        rc = audit_add(q, &entry, e);
    }
    return rc;
}

static enum rc read_history(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batch_list_history(q, desk.arena, desk.merchant, x->batch.id, &x->history, &x->count, e);
}

/* ---- made ---------------------------------------------------------------------------------------
 */

static struct batch put(const char *name)
{
    struct asked x = {.batch = {.id = id_new(),
                                .merchant = desk.merchant,
                                .file_name = name,
                                .reason = "GOODWILL",
                                .source = "PORTAL",
                                .status = BATCH_READING,
                                .created_by = "maker",
                                .created_ms = MADE_T0_MS,
                                .updated_ms = MADE_T0_MS}};
    desk_write(insert, &x);
    return x.batch;
}

static void moved(struct batch *b, const char *status)
{
    struct asked x = {.batch = *b, .from_status = b->status};
    x.batch.status = b->status = status;
    desk_write(move, &x);
}

/* With every field that batches_update() writes. */
static struct batch put_read(const char *name, int64_t rows, int64_t amount_minor)
{
    struct batch b = put(name);
    b.file_sha256 = digest;
    b.rows_total = rows;
    b.rows_bad = 1;
    b.currency = "INR";
    b.amount_minor = amount_minor;
    b.updated_ms = MADE_T0_MS + 5;
    moved(&b, BATCH_AWAITING_CONFIRMATION);
    return b;
}

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
    struct batch b = put("rows.csv");
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

/* ---- batches ------------------------------------------------------------------------------------
 */

START_TEST(one_is_found_when_it_is_read_and_by_its_merchant_alone)
{
    struct batch b = put("returns.csv");
    struct asked x = {.batch = b};
    desk_refuses(get, &x, RC_NOT_FOUND);
    b.file_sha256 = digest;
    b.rows_total = 3;
    b.currency = "INR";
    b.amount_minor = 700;
    moved(&b, BATCH_AWAITING_CONFIRMATION);
    desk_look(get, &x);
    ck_assert_str_eq(x.batch.file_name, "returns.csv");
    ck_assert_mem_eq(x.batch.file_sha256, digest, DIGEST_BYTES);
    ck_assert_int_eq(x.batch.rows_total, 3);
    ck_assert_int_eq(x.batch.amount_minor, 700);
    ck_assert_str_eq(x.batch.created_by, "maker");
    ck_assert_ptr_null(x.batch.description);
    ck_assert_ptr_null(x.batch.run_mode);
    x.batch.merchant = made_other_merchant();
    desk_refuses(get, &x, RC_NOT_FOUND);
}
END_TEST

START_TEST(it_moves_only_from_where_it_stands_and_as_the_schema_allows)
{
    struct batch b = put_read("a.csv", 1, 1);
    struct asked x = {.batch = b, .from_status = BATCH_PROCESSING};
    x.batch.status = BATCH_PAUSED;
    desk_refuses(move, &x, RC_CONFLICT);
    x.from_status = BATCH_AWAITING_CONFIRMATION;
    x.batch.status = BATCH_COMPLETED;
    desk_refuses(move, &x, RC_CONFLICT);
    x.batch.status = BATCH_PROCESSING;
    x.batch.checked_by = "maker";
    desk_refuses(move, &x, RC_CONFLICT);
    x.batch.checked_by = "checker";
    desk_write(move, &x);
}
END_TEST

START_TEST(the_same_bytes_are_found_unless_cancelled_or_rejected)
{
    struct asked x = {0};
    (void)put("reading.csv");
    desk_refuses(by_digest, &x, RC_NOT_FOUND);
    struct batch cancelled = put_read("cancelled.csv", 1, 1);
    moved(&cancelled, BATCH_CANCELLED);
    struct batch rejected = put_read("rejected.csv", 1, 1);
    moved(&rejected, BATCH_AWAITING_APPROVAL);
    moved(&rejected, BATCH_REJECTED);
    desk_refuses(by_digest, &x, RC_NOT_FOUND);
    struct batch kept = put_read("kept.csv", 1, 1);
    desk_look(by_digest, &x);
    ck_assert_int_eq(x.batch.id, kept.id);
}
END_TEST

START_TEST(those_that_run_take_turns_by_their_ids)
{
    struct batch a = put_read("a.csv", 1, 1), b = put_read("b.csv", 1, 1);
    struct asked x = {0};
    desk_look(next_processing, &x);
    ck_assert_int_eq(x.number, 0);
    moved(&a, BATCH_PROCESSING);
    moved(&b, BATCH_PROCESSING);
    for (int i = 0; i < 3; i++, x.after = x.number) {
        const int64_t want[] = {a.id, b.id, 0};
        desk_look(next_processing, &x);
        ck_assert_int_eq(x.number, want[i]);
    }
}
END_TEST

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
    struct asked kept = {.batch = put_read("kept.csv", 1, 1), .limit = 10};
    desk_write(forget, &kept);
    ck_assert(!kept.gone);
    desk_look(get, &kept);
}
END_TEST

START_TEST(totals_come_by_currency_and_gateway)
{
    struct asked x = {.batch = put("a.csv")};
    desk_write(add_totals, &x);
    desk_look(read_totals, &x);
    ck_assert_int_eq(x.count, 3);
    ck_assert_str_eq(x.totals[0].gateway, "PAYU");
    ck_assert_int_eq(x.totals[0].bad_minor, 50);
    ck_assert_int_eq(x.totals[1].good_minor, 300);
    ck_assert_str_eq(x.totals[2].currency, "USD");
    desk_refuses(add_totals, &x, RC_CONFLICT);
}
END_TEST

/* ---- rows ---------------------------------------------------------------------------------------
 */

START_TEST(a_row_is_read_as_it_was_written)
{
    struct batch b = put("a.csv");
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

/* ---- the list -----------------------------------------------------------------------------------
 */

static const char *names(struct asked *x)
{
    struct buf out;
    buf_init(&out, desk.arena);
    desk_look(list, x);
    for (int i = 0; i < x->count; i++)
        buf_printf(&out, "%s%s", i > 0 ? " " : "", x->batches[i].file_name);
    return buf_text(&out);
}

START_TEST(the_list_sorts_both_ways_and_never_shows_what_is_read)
{
    static const char *const up[BATCH_SORT_COUNT] = {[BATCH_BY_CREATED] = "b A c",
                                                     [BATCH_BY_NAME] = "A b c",
                                                     [BATCH_BY_STATUS] = "A c b",
                                                     [BATCH_BY_AMOUNT] = "c A b",
                                                     [BATCH_BY_TASKS] = "A b c"};
    static const char *const down[BATCH_SORT_COUNT] = {[BATCH_BY_CREATED] = "c A b",
                                                       [BATCH_BY_NAME] = "c b A",
                                                       [BATCH_BY_STATUS] = "b c A",
                                                       [BATCH_BY_AMOUNT] = "b A c",
                                                       [BATCH_BY_TASKS] = "c b A"};
    struct batch b = put_read("b", 2, 900);
    (void)put_read("A", 1, 500);
    (void)put_read("c", 3, 100);
    (void)put("reading");
    moved(&b, BATCH_PROCESSING);
    for (int sort = 0; sort < BATCH_SORT_COUNT; sort++) {
        struct asked x = {
            .filter = {.merchant = desk.merchant, .sort = (enum batch_sort)sort, .rows = 10}};
        ck_assert_str_eq(names(&x), down[sort]);
        x.filter.ascending = true;
        ck_assert_str_eq(names(&x), up[sort]);
    }
    struct asked x = {.filter = {.merchant = made_other_merchant(), .rows = 10}};
    ck_assert_str_eq(names(&x), "");
}
END_TEST

START_TEST(part_of_a_name_is_searched_with_its_case_or_without)
{
    (void)put_read("May_100%.csv", 1, 1);
    (void)put_read("may.csv", 1, 1);
    struct asked x = {.filter = {.merchant = desk.merchant,
                                 .sort = BATCH_BY_NAME,
                                 .ascending = true,
                                 .rows = 10,
                                 .name_part = "May"}};
    ck_assert_str_eq(names(&x), "May_100%.csv");
    x.filter.any_case = true;
    ck_assert_str_eq(names(&x), "May_100%.csv may.csv");
    x.filter.name_part = "_1";
    ck_assert_str_eq(names(&x), "May_100%.csv");
    x.filter.name_part = "%.C";
    ck_assert_str_eq(names(&x), "May_100%.csv");
    x.filter.name_part = "a%c";
    ck_assert_str_eq(names(&x), "");
    x.filter.name_part = NULL;
    x.filter.rows = 1;
    ck_assert_str_eq(names(&x), "May_100%.csv");
    ck_assert(x.more);
    x.filter.skip = 1;
    ck_assert_str_eq(names(&x), "may.csv");
    ck_assert(!x.more);
}
END_TEST

START_TEST(its_history_is_what_was_done_to_it_newest_first)
{
    struct asked x = {.batch = put_read("a.csv", 1, 1)};
    desk_write(add_history, &x);
    desk_look(read_history, &x);
    ck_assert_int_eq(x.count, 2);
    ck_assert_str_eq(x.history[0].action, "batch.confirmed");
    ck_assert_str_eq(x.history[1].action, "batch.uploaded");
}
END_TEST

Suite *t_batches_suite(void); /* main.c */

Suite *t_batches_suite(void)
{
    TCase *t;
    Suite *s = suite_of("batches", &t);
    tcase_add_checked_fixture(t, desk_open, desk_close);
    tcase_add_test(t, one_is_found_when_it_is_read_and_by_its_merchant_alone);
    tcase_add_test(t, it_moves_only_from_where_it_stands_and_as_the_schema_allows);
    tcase_add_test(t, the_same_bytes_are_found_unless_cancelled_or_rejected);
    tcase_add_test(t, those_that_run_take_turns_by_their_ids);
    tcase_add_test(t, a_file_that_was_refused_goes_away_piece_by_piece_and_no_other);
    tcase_add_test(t, totals_come_by_currency_and_gateway);
    tcase_add_test(t, a_row_is_read_as_it_was_written);
    tcase_add_test(t, a_row_is_settled_once_and_keeps_its_refund);
    tcase_add_test(t, pages_go_forwards_and_back_under_every_filter);
    tcase_add_test(t, a_refund_leads_to_its_row);
    tcase_add_test(t, the_list_sorts_both_ways_and_never_shows_what_is_read);
    tcase_add_test(t, part_of_a_name_is_searched_with_its_case_or_without);
    tcase_add_test(t, its_history_is_what_was_done_to_it_newest_first);
    return s;
}
