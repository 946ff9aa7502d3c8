#include "core/id.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/filed.h"
#include "store/api_keys.h"
#include "support/suite.h"

#include <string.h>

#define HEADER "order_id,amount,txn_id,unique_id\n"

static void maker_checker_on(struct merchant *m)
{
    m->maker_checker = true;
}

static void three_rows_at_most(struct merchant *m)
{
    m->batch_rows = 3;
}

/* ---- reading and judging ------------------------------------------------------------------------
 */

START_TEST(judges_each_row_and_creates_nothing)
{
    shop_add((struct shop_order){.order_id = "A"});
    shop_add((struct shop_order){.order_id = "B", .status = "AUTHORIZATION_FAILED"});
    struct batch_upload_answer a = filed(HEADER "A,100,,\nB,50,,\nnone,50,,\n");
    ck_assert_ptr_null(a.refused);
    struct batch b = filed_batch(a.batch.id);
    ck_assert_str_eq(b.status, BATCH_AWAITING_CONFIRMATION);
    ck_assert_str_eq(b.file_name, "may.csv");
    ck_assert_int_eq(b.rows_total, 3);
    ck_assert_int_eq(b.rows_bad, 2);
    ck_assert_str_eq(b.currency, "INR");
    ck_assert_int_eq(b.amount_minor, 15000);
    ck_assert_str_eq(filed_row(b.id, 1).verdict, BATCH_VERDICT_OK);
    ck_assert_str_eq(filed_row(b.id, 2).verdict, "UNSUCCESSFUL_ORDER_PROCESS_FAILURE");
    ck_assert_str_eq(filed_row(b.id, 3).verdict, "INVALID_ORDERID");
    ck_assert_int_eq(filed_row(b.id, 3).line, 4);
    ck_assert_int_eq(shop_jobs("send"), 0);
    ck_assert_int_eq(shop_txn("A-1").held_minor, 0);
}
END_TEST

START_TEST(tells_every_problem_of_a_row)
{
    struct batch_upload_answer a =
        filed("order_id,amount,vendor1_id,vendor2_amount\n1.23E+11,\"1,000\",v1,0\n");
    struct batch_row r = filed_row(a.batch.id, 1);
    static const char *const said[] = {"order_id \"1.23E+11\": a spreadsheet",
                                       "amount \"1,000\": Invalid data type",
                                       "vendor1_amount: is missing beside vendor1_id",
                                       "vendor2_amount \"0\": must be more than zero",
                                       "vendor2_id: is missing beside vendor2_amount"};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        ck_assert_msg(strstr(r.verdict_said, said[i]) != NULL, "%s not in %s", said[i],
                      r.verdict_said);
}
END_TEST

START_TEST(counts_what_the_rows_before_ask_for)
{
    shop_add((struct shop_order){.order_id = "A"});
    struct batch_upload_answer a = filed(HEADER "A,600,,u1\na,400.01,,u2\nA,400,,u3\n");
    ck_assert_str_eq(filed_row(a.batch.id, 1).verdict, BATCH_VERDICT_OK);
    ck_assert_str_eq(filed_row(a.batch.id, 2).verdict, "INVALID_AMOUNT_REFUND");
    ck_assert_ptr_nonnull(strstr(filed_row(a.batch.id, 2).verdict_said, "Left: 400.00 INR"));
    ck_assert_str_eq(filed_row(a.batch.id, 3).verdict, BATCH_VERDICT_OK);
}
END_TEST

START_TEST(takes_the_same_order_and_amount_twice_only_under_two_ids)
{
    shop_add((struct shop_order){.order_id = "A"});
    shop_add((struct shop_order){.order_id = "B"});
    shop_add((struct shop_order){.order_id = "C"});
    struct batch_upload_answer a =
        filed(HEADER "A,10,,u1\nA,10.00,,u2\nB,10,,\nB,10,,u3\nC,10,,u4\nC,20,,u4\n");
    static const char *const verdicts[] = {BATCH_VERDICT_OK, BATCH_VERDICT_OK,
                                           BATCH_VERDICT_OK, "REFUND_DUPLICATE_REQUEST",
                                           BATCH_VERDICT_OK, "REFUND_DUPLICATE_REQUEST"};
    for (int i = 0; i < 6; i++)
        ck_assert_str_eq(filed_row(a.batch.id, i + 1).verdict, verdicts[i]);
    ck_assert_ptr_nonnull(strstr(filed_row(a.batch.id, 4).verdict_said, "line 4 refunds the same"));
    ck_assert_ptr_nonnull(strstr(filed_row(a.batch.id, 6).verdict_said, "line 6 of this file"));
}
END_TEST

START_TEST(warns_of_a_recent_twin)
{
    shop_add((struct shop_order){.order_id = "A"});
    shop_ask("A", "by-hand", "250");
    struct batch_upload_answer a = filed(HEADER "A,250,,\n");
    ck_assert_str_eq(filed_row(a.batch.id, 1).verdict, BATCH_VERDICT_OK);
    ck_assert_ptr_nonnull(strstr(filed_row(a.batch.id, 1).warning, " (by-hand)."));
}
END_TEST

static const struct {
    const char *text, *kind, *said;
} refused_files[] = {
    {"order_id,txn_id\nA,t\n", "Missing mandatory fields", "amount"},
    {"amount\n5\n", "Missing mandatory fields", "order_id"},
    {"order_id;amount\nA;5\n", "Invalid file format", "commas"},
    {"order_id,amount,colour\nA,5,red\n", "Invalid file format", "colour"},
    {"order_id,amount\nA,5,6\n", "Invalid file format", "Line 2"},
    {"order_id,amount\n", "Invalid file format", "row"},
    {"order_id,amount\nA,\"5\n", "Invalid file format", "quote"},
    {"order_id,amount\nA,1\nB,1\nC,1\nD,1\n", "Row limit exceeded", "Line 5"},
};

START_TEST(refuses_a_file_whole_and_leaves_nothing)
{
    filed_merchant(three_rows_at_most);
    struct batch_upload_answer a = filed(refused_files[_i].text);
    ck_assert_pstr_eq(a.refused, refused_files[_i].kind);
    ck_assert_msg(strstr(a.said, refused_files[_i].said) != NULL, "%s", a.said);
    ck_assert_int_eq(filed_rc(a.batch.id), RC_NOT_FOUND);
}
END_TEST

START_TEST(takes_exactly_the_rows_that_are_allowed)
{
    filed_merchant(three_rows_at_most);
    ck_assert_ptr_null(filed("order_id,amount\nA,1\nB,1\nC,1\n").refused);
}
END_TEST

/* ---- confirming and approving
 * --------------------------------------------------------------------
 */

START_TEST(runs_only_after_its_total_was_typed)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed(HEADER "A,100,,\nnone,5,,\n").batch.id;
    ck_assert_pstr_eq(filed_confirm(id, "GOOD_ROWS", NULL).field, "total_INR");
    ck_assert_pstr_eq(filed_confirm(id, "GOOD_ROWS", "105").field, "total_INR");
    ck_assert_pstr_eq(filed_confirm(id, "SOME", "100").field, "run_mode");
    ck_assert_pstr_eq(filed_confirm(id, "ALL_OR_NONE", "100").field, "run_mode");
    ck_assert_str_eq(filed_batch(id).status, BATCH_AWAITING_CONFIRMATION);
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "100.0").said);
    ck_assert_str_eq(filed_batch(id).status, BATCH_PROCESSING);
}
END_TEST

START_TEST(is_approved_by_another_person_only)
{
    struct actor checker = shop_actor;
    struct err e;
    checker.name = "checker";
    filed_merchant(maker_checker_on);
    shop_add((struct shop_order){.order_id = "A"});
    ck_assert_pstr_eq(filed(HEADER "A,100,,\n").refused, "Bad request");
    int64_t id = filed_as(&shop_actor, HEADER "A,100,,\n", "May returns").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "100").said);
    ck_assert_str_eq(filed_batch(id).status, BATCH_AWAITING_APPROVAL);
    bool more;
    ck_assert_int_eq(batch_run_step(&shop, desk.arena, id, FILED_BUDGET_MS, &more, &e), RC_OK);
    ck_assert_int_eq(shop_jobs("send"), 0);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, id, BATCH_APPROVE, NULL, &e),
                     RC_DENIED);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &checker, id, BATCH_REJECT, "", &e), RC_INVALID);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &checker, id, BATCH_APPROVE, NULL, &e), RC_OK);
    ck_assert_str_eq(filed_batch(id).checked_by, "checker");
    filed_run(id);
    ck_assert_str_eq(filed_batch(id).status, BATCH_COMPLETED);
}
END_TEST

static enum rc add_key(struct sql *q, void *arg, struct err *e)
{
    const struct api_key *key = arg;
    uint8_t hash[DIGEST_BYTES] = {1};
    return api_keys_insert(q, key, hash, e);
}

START_TEST(who_made_the_api_key_never_approves_what_is_sent_with_it)
{
    struct api_key key = {.id = id_new(),
                          .merchant = desk.merchant,
                          .prefix = "rdk_1",
                          .name = "nightly",
                          .scopes = SCOPE_ALL,
                          .created_ms = SHOP_NOW_MS,
                          .made_by = "asha"};
    struct actor with_key = shop_actor, asha = shop_actor, checker = shop_actor;
    struct err e;
    desk_write(add_key, &key);
    with_key.user = key.id;
    asha.name = "asha";
    checker.name = "checker";
    filed_merchant(maker_checker_on);
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed_as(&with_key, HEADER "A,100,,\n", "May returns").batch.id;
    ck_assert_str_eq(filed_batch(id).created_by, "API key nightly");
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "100").said);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &asha, id, BATCH_APPROVE, NULL, &e), RC_DENIED);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &asha, id, BATCH_REJECT, "no", &e), RC_DENIED);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &checker, id, BATCH_APPROVE, NULL, &e), RC_OK);
    filed_run(id);
}
END_TEST

/* ---- running
 * -------------------------------------------------------------------------------------
 */

START_TEST(makes_one_refund_of_each_good_row)
{
    shop_add((struct shop_order){.order_id = "A"});
    shop_add((struct shop_order){.order_id = "B"});
    int64_t id = filed(HEADER "A,100,,mine\nB,50,,\nnone,5,,\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "150").said);
    filed_run(id);
    struct batch b = filed_batch(id);
    ck_assert_str_eq(b.status, BATCH_PARTIALLY_COMPLETED);
    ck_assert_int_eq(b.rows_accepted, 2);
    ck_assert_int_eq(b.rows_failed, 1);
    ck_assert_str_eq(filed_row(id, 1).unique_request_id, "mine");
    ck_assert_str_eq(filed_row(id, 2).unique_request_id, batch_row_id(desk.arena, id, 2));
    ck_assert_str_eq(filed_row(id, 2).refund_status, "PENDING");
    ck_assert_str_eq(filed_row(id, 3).error_code, "INVALID_ORDERID");
    ck_assert_str_eq(shop_refund(filed_row(id, 1).refund).source, "BATCH");
    ck_assert_int_eq(shop_jobs("send"), 2);
    filed_run(id);
    ck_assert_int_eq(shop_jobs("send"), 2);
}
END_TEST

START_TEST(judges_anew_when_it_runs)
{
    shop_add((struct shop_order){.order_id = "A"});
    int64_t id = filed(HEADER "A,900,,\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "GOOD_ROWS", "900").said);
    shop_ask("A", "by-hand", "200");
    filed_run(id);
    ck_assert_str_eq(filed_batch(id).status, BATCH_FAILED);
    ck_assert_str_eq(filed_row(id, 1).error_code, "INVALID_AMOUNT_REFUND");
    ck_assert_int_eq(shop_txn("A-1").held_minor, 20000);
}
END_TEST

START_TEST(pauses_resumes_and_cancels_what_is_queued)
{
    struct buf text;
    struct err e;
    bool more;
    buf_init(&text, desk.arena);
    buf_puts(&text, "order_id,amount\n");
    for (int i = 0; i < 150; i++) {
        const char *order = arena_printf(desk.arena, "O%d", i);
        shop_add((struct shop_order){.order_id = order});
        buf_printf(&text, "%s,1\n", order);
    }
    int64_t id = filed(buf_text(&text)).batch.id;
    ck_assert_ptr_null(filed_confirm(id, "ALL_OR_NONE", "150").said);
    ck_assert_int_eq(batch_run_step(&shop, desk.arena, id, FILED_BUDGET_MS, &more, &e), RC_OK);
    ck_assert(more);
    ck_assert_int_eq(filed_batch(id).rows_done, LIMIT_BATCH_STEP);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, id, BATCH_PAUSE, NULL, &e), RC_OK);
    ck_assert_int_eq(batch_run_step(&shop, desk.arena, id, FILED_BUDGET_MS, &more, &e), RC_OK);
    ck_assert_int_eq(filed_batch(id).rows_done, LIMIT_BATCH_STEP);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, id, BATCH_RESUME, NULL, &e), RC_OK);
    ck_assert_int_eq(batch_run_step(&shop, desk.arena, id, FILED_BUDGET_MS, &more, &e), RC_OK);
    ck_assert_int_eq(batch_act(&shop, desk.arena, &shop_actor, id, BATCH_CANCEL, "stop", &e),
                     RC_OK);
    filed_run(id);
    struct batch b = filed_batch(id);
    ck_assert_str_eq(b.status, BATCH_CANCELLED);
    ck_assert_int_eq(b.rows_accepted, 2 * LIMIT_BATCH_STEP);
    ck_assert_int_eq(shop_jobs("send"), 2 * LIMIT_BATCH_STEP);
    ck_assert_str_eq(filed_row(id, 150).status, BATCH_ROW_QUEUED);
}
END_TEST

START_TEST(all_or_none_makes_nothing_when_a_row_would_be_refused_now)
{
    shop_add((struct shop_order){.order_id = "A"});
    shop_add((struct shop_order){.order_id = "B"});
    int64_t id = filed(HEADER "A,10,,\nB,900,,\n").batch.id;
    ck_assert_ptr_null(filed_confirm(id, "ALL_OR_NONE", "910").said);
    shop_ask("B", "by-hand", "200");
    filed_run(id);
    struct batch b = filed_batch(id);
    ck_assert_str_eq(b.status, BATCH_FAILED);
    ck_assert_ptr_nonnull(strstr(b.said, "line 3 can no longer be refunded"));
    ck_assert_int_eq(shop_jobs("send"), 1);
    ck_assert_int_eq(shop_txn("A-1").held_minor, 0);
}
END_TEST

START_TEST(a_sum_has_a_ceiling)
{
    for (int i = 0; i < 2; i++)
        shop_add((struct shop_order){.order_id = i ? "B" : "A", .amount_minor = MONEY_MAX_MINOR});
    struct batch_upload_answer a = filed(HEADER "A,9999999999998.99,,\nB,1.02,,\n");
    ck_assert_pstr_eq(a.refused, "Invalid file format");
    ck_assert_ptr_nonnull(strstr(a.said, "Line 3: the sum of the file is too large"));
    ck_assert_ptr_null(filed(HEADER "A,9999999999998.99,,\nB,1.01,,\n").refused);
}
END_TEST

suite_fn t_batch_suite;
Suite *t_batch_suite(void)
{
    Suite *s = suite_create("batch");
    TCase *t = tcase_create("batch");
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_test(t, judges_each_row_and_creates_nothing);
    tcase_add_test(t, tells_every_problem_of_a_row);
    tcase_add_test(t, counts_what_the_rows_before_ask_for);
    tcase_add_test(t, takes_the_same_order_and_amount_twice_only_under_two_ids);
    tcase_add_test(t, warns_of_a_recent_twin);
    tcase_add_loop_test(t, refuses_a_file_whole_and_leaves_nothing, 0,
                        (int)(sizeof refused_files / sizeof refused_files[0]));
    tcase_add_test(t, takes_exactly_the_rows_that_are_allowed);
    tcase_add_test(t, runs_only_after_its_total_was_typed);
    tcase_add_test(t, is_approved_by_another_person_only);
    tcase_add_test(t, who_made_the_api_key_never_approves_what_is_sent_with_it);
    tcase_add_test(t, makes_one_refund_of_each_good_row);
    tcase_add_test(t, judges_anew_when_it_runs);
    tcase_add_test(t, pauses_resumes_and_cancels_what_is_queued);
    tcase_add_test(t, all_or_none_makes_nothing_when_a_row_would_be_refused_now);
    tcase_add_test(t, a_sum_has_a_ceiling);
    suite_add_tcase(s, t);
    return s;
}
