/*
 * Batches and their list, as the store keeps them.
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

/* What a test asks the store for, and what it answered. */
struct asked {
    struct batch batch;
    const char *from_status;
    struct batch *batches;
    struct batch_total *totals;
    struct batch_filter filter;
    struct audit_entry *history;
    int64_t after, number;
    int count;
    bool more;
};

/* ---- one call each -----------------------------------------------------------------------------
 */

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
    return batches_by_digest(q, desk.arena, desk.merchant, made_batch_digest, &x->batch, e);
}

static enum rc next_processing(struct sql *q, void *arg, struct err *e)
{
    struct asked *x = arg;
    return batches_next_processing(q, x->after, &x->number, e);
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

/* ---- batches -----------------------------------------------------------------------------------
 */

START_TEST(one_is_found_when_it_is_read_and_by_its_merchant_alone)
{
    struct batch b = made_batch("returns.csv");
    struct asked x = {.batch = b};
    desk_refuses(get, &x, RC_NOT_FOUND);
    b.file_sha256 = made_batch_digest;
    b.rows_total = 3;
    b.currency = "INR";
    b.amount_minor = 700;
    made_batch_move(&b, BATCH_AWAITING_CONFIRMATION);
    desk_look(get, &x);
    ck_assert_str_eq(x.batch.file_name, "returns.csv");
    ck_assert_mem_eq(x.batch.file_sha256, made_batch_digest, DIGEST_BYTES);
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
    struct batch b = made_batch_read("a.csv", 1, 1);
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
    (void)made_batch("reading.csv");
    desk_refuses(by_digest, &x, RC_NOT_FOUND);
    struct batch cancelled = made_batch_read("cancelled.csv", 1, 1);
    made_batch_move(&cancelled, BATCH_CANCELLED);
    struct batch rejected = made_batch_read("rejected.csv", 1, 1);
    made_batch_move(&rejected, BATCH_AWAITING_APPROVAL);
    made_batch_move(&rejected, BATCH_REJECTED);
    desk_refuses(by_digest, &x, RC_NOT_FOUND);
    struct batch kept = made_batch_read("kept.csv", 1, 1);
    desk_look(by_digest, &x);
    ck_assert_int_eq(x.batch.id, kept.id);
}
END_TEST

START_TEST(those_that_run_take_turns_by_their_ids)
{
    struct batch a = made_batch_read("a.csv", 1, 1), b = made_batch_read("b.csv", 1, 1);
    struct asked x = {0};
    desk_look(next_processing, &x);
    ck_assert_int_eq(x.number, 0);
    made_batch_move(&a, BATCH_PROCESSING);
    made_batch_move(&b, BATCH_PROCESSING);
    for (int i = 0; i < 3; i++, x.after = x.number) {
        const int64_t want[] = {a.id, b.id, 0};
        desk_look(next_processing, &x);
        ck_assert_int_eq(x.number, want[i]);
    }
}
END_TEST

START_TEST(totals_come_by_currency_and_gateway)
{
    struct asked x = {.batch = made_batch("a.csv")};
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

/* ---- the list ----------------------------------------------------------------------------------
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
    struct batch b = made_batch_read("b", 2, 900);
    (void)made_batch_read("A", 1, 500);
    (void)made_batch_read("c", 3, 100);
    (void)made_batch("reading");
    made_batch_move(&b, BATCH_PROCESSING);
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
    (void)made_batch_read("May_100%.csv", 1, 1);
    (void)made_batch_read("may.csv", 1, 1);
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
    struct asked x = {.batch = made_batch_read("a.csv", 1, 1)};
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
    tcase_add_test(t, totals_come_by_currency_and_gateway);
    tcase_add_test(t, the_list_sorts_both_ways_and_never_shows_what_is_read);
    tcase_add_test(t, part_of_a_name_is_searched_with_its_case_or_without);
    tcase_add_test(t, its_history_is_what_was_done_to_it_newest_first);
    return s;
}
