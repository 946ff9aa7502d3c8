#include "core/limits.h"
#include "core/str.h"
#include "refund/batch_csv.h"
#include "support/suite.h"

#include <errno.h>
#include <string.h>

enum { ORDER_ID, AMOUNT, UDF, NOTE, COLUMNS };

static const struct batch_csv_column columns[] = {
    [ORDER_ID] = {.name = "order_id", .required = true},
    [AMOUNT] = {.name = "amount", .required = true},
    [UDF] = {.name = "udf1", .verbatim = true},
    [NOTE] = {.name = "error", .ignored = true},
};

struct text {
    const char *bytes;
    size_t n, at;
    size_t most; /* handed out at once */
    bool breaks; /* fails at its end */
};

static ssize_t hand_out(void *ctx, char *to, size_t room)
{
    struct text *t = ctx;
    size_t n = t->n - t->at;
    if (n == 0 && t->breaks) {
        errno = EIO;
        return -1;
    }
    n = n < room ? n : room;
    n = n < t->most ? n : t->most;
    memcpy(to, t->bytes + t->at, n);
    t->at += n;
    return (ssize_t)n;
}

static struct err said;

/* A whole file: its rows as "line:order_id|amount|udf1" joined by newlines, or NULL and `said`. */
static const char *read_bytes(struct text *t, enum rc *rc)
{
    struct arena *a = suite_arena();
    struct batch_csv *csv;
    struct batch_csv_row row;
    struct buf out;
    bool end = false;
    buf_init(&out, a);
    *rc = batch_csv_open(a, columns, COLUMNS, hand_out, t, &csv, &said);
    while (*rc == RC_OK && !end) {
        *rc = batch_csv_next(csv, a, &row, &end, &said);
        if (*rc == RC_OK && !end)
            buf_printf(&out, "%lld:%s|%s|%s\n", (long long)row.line, row.cells[ORDER_ID],
                       row.cells[AMOUNT], str_or(row.cells[UDF], "none"));
    }
    return *rc == RC_OK ? buf_text(&out) : NULL;
}

static void reads(const char *file, const char *rows)
{
    const size_t pieces[] = {1, 7, 1 << 20};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct text t = {file, strlen(file), 0, pieces[i], false};
        enum rc rc;
        const char *got = read_bytes(&t, &rc);
        ck_assert_msg(rc == RC_OK, "%s", said.text);
        ck_assert_str_eq(got, rows);
    }
}

static void refuses_bytes(const char *file, size_t n, const char *why)
{
    struct text t = {file, n, 0, 1 << 20, false};
    enum rc rc;
    ck_assert_ptr_null(read_bytes(&t, &rc));
    ck_assert_int_eq(rc, RC_INVALID);
    ck_assert_msg(strstr(said.text, why) != NULL, "\"%s\" does not say \"%s\"", said.text, why);
}

static void refuses(const char *file, const char *why)
{
    refuses_bytes(file, strlen(file), why);
}

START_TEST(reads_columns_by_name_in_any_order_and_case)
{
    reads("amount,UDF1, Order_Id \n5.00,x,A1\n", "2:A1|5.00|x\n");
    reads("order_id,amount\nA1,5\nA2,6", "2:A1|5|none\n3:A2|6|none\n");
}
END_TEST

START_TEST(reads_every_kind_of_line_end)
{
    reads("order_id,amount\r\nA,1\r\nB,2\r\n", "2:A|1|none\n3:B|2|none\n");
    reads("order_id,amount\rA,1\rB,2", "2:A|1|none\n3:B|2|none\n");
    reads("order_id,amount\nA,1\r\n\r\nB,2\r\r\n", "2:A|1|none\n4:B|2|none\n");
}
END_TEST

START_TEST(reads_past_a_bom_and_a_separator_line)
{
    reads("\xef\xbb\xbforder_id,amount\nA,1\n", "2:A|1|none\n");
    reads("\xef\xbb\xbfsep=,\r\norder_id,amount\r\nA,1\r\n", "3:A|1|none\n");
}
END_TEST

START_TEST(counts_physical_lines_through_quoted_newlines_and_blank_lines)
{
    reads("\n\norder_id,amount,udf1\n\nA,1,\"two\nlines\"\n  \nB,2,\"a,b \"\"c\"\"\"\n",
          "5:A|1|two\nlines\n8:B|2|a,b \"c\"\n");
}
END_TEST

START_TEST(trims_all_but_verbatim_values)
{
    reads("order_id,amount,udf1\n  A\t, 1 ,  x \n", "2:A|1|  x \n");
}
END_TEST

START_TEST(takes_off_the_apostrophe_of_our_own_downloads)
{
    reads("order_id,amount,udf1\n'-A,'=1,'@x\n'A,'',' =\n", "2:-A|=1|@x\n3:'A|''|' =\n");
}
END_TEST

START_TEST(reads_over_a_column_of_errors)
{
    reads("error,order_id,amount,error\nx,A,1,y\n", "2:A|1|none\n");
}
END_TEST

START_TEST(keeps_a_row_as_it_stands_and_where_it_ends)
{
    struct text t = {"order_id,amount,udf1\r\n A ,\"1\",\"x\r\ny\"\r\nB,2,\n", 43, 0, 3, false};
    struct arena *a = suite_arena();
    struct batch_csv *csv;
    struct batch_csv_row row;
    bool end;
    ck_assert_int_eq(batch_csv_open(a, columns, COLUMNS, hand_out, &t, &csv, &said), RC_OK);
    ck_assert_str_eq(batch_csv_header(csv), "order_id,amount,udf1");
    ck_assert_int_eq(batch_csv_next(csv, a, &row, &end, &said), RC_OK);
    ck_assert_str_eq(row.text, " A ,\"1\",\"x\r\ny\"");
    ck_assert_int_eq(row.end_bytes, 38);
    ck_assert_int_eq(row.next_line, 4);
    int64_t at = row.end_bytes, line = row.next_line;
    ck_assert_int_eq(batch_csv_next(csv, a, &row, &end, &said), RC_OK);
    t.at = (size_t)at;
    batch_csv_resume(csv, at, line);
    ck_assert_int_eq(batch_csv_next(csv, a, &row, &end, &said), RC_OK);
    ck_assert_str_eq(row.cells[ORDER_ID], "B");
    ck_assert_int_eq(row.line, 4);
    ck_assert_int_eq(row.end_bytes, 43);
    ck_assert_int_eq(batch_csv_next(csv, a, &row, &end, &said), RC_OK);
    ck_assert(end);
}
END_TEST

START_TEST(refuses_what_is_no_header)
{
    refuses("", "empty");
    refuses("\n\n", "empty");
    refuses("order_id,amount\n", "no rows");
    refuses("order_id\nA\n", "Line 1: the column \"amount\" is missing");
    refuses("order_id,amount,colour\nA,1,red\n", "there is no column \"colour\"");
    refuses("order_id,amount,Order_ID\nA,1,B\n", "\"Order_ID\" is there twice");
    refuses("order_id,amount,\nA,1,\n", "there is no column \"\"");
}
END_TEST

START_TEST(refuses_other_separators)
{
    refuses("order_id;amount\nA;1\n", "commas");
    refuses("order_id|amount\nA|1\n", "commas");
    refuses("order_id\tamount\nA\t1\n", "commas");
    refuses("sep=;\norder_id;amount\nA;1\n", "commas");
}
END_TEST

START_TEST(refuses_rows_that_do_not_fit_the_header)
{
    refuses("order_id,amount\nA,1\nB\n", "Line 3: it has 1 cells, the header has 2");
    refuses("order_id,amount\nA,1\nB,1,000\n", "Line 3: it has more cells");
}
END_TEST

START_TEST(refuses_broken_quotes)
{
    refuses("order_id,amount\nA,\"1\nB,2\n", "Line 2: a quote of this row is never closed");
    refuses("order_id,amount\nA,\"1\" x\n", "Line 2: a broken quote");
    refuses("order_id,amount\nA,1\"\n", "Line 2: a broken quote");
    refuses("order_id,amount\nA, \"1\"\n", "Line 2: a broken quote");
}
END_TEST

START_TEST(refuses_other_encodings)
{
    refuses_bytes("\xff\xfe"
                  "o\0r\0",
                  6, "UTF-16");
    refuses_bytes("\xfe\xff\0o", 4, "UTF-16");
    refuses_bytes("order_id,amount\nA\0,1\n", 21, "Line 2: a zero byte");
    refuses("order_id,amount\nA,1\nM\xfcller,1\n", "Line 3: it is not UTF-8");
}
END_TEST

static const char *with_field(size_t bytes)
{
    char *field = arena_alloc(suite_arena(), bytes + 1);
    memset(field, 'x', bytes);
    return arena_printf(suite_arena(), "order_id,amount,udf1\nA,1,\"%s\"\n", field);
}

START_TEST(holds_a_field_to_its_ceiling)
{
    struct text t = {.bytes = with_field(LIMIT_CSV_FIELD_BYTES), .most = 4000};
    enum rc rc;
    t.n = strlen(t.bytes);
    ck_assert_ptr_nonnull(read_bytes(&t, &rc));
    refuses(with_field(LIMIT_CSV_FIELD_BYTES + 1), "Line 2: a field is longer than 4096");
    refuses(with_field(1 << 20), "Line 2: a field is longer than 4096");
}
END_TEST

START_TEST(holds_a_header_to_its_ceiling)
{
    struct buf b;
    buf_init(&b, suite_arena());
    buf_puts(&b, "order_id,amount");
    for (int i = 2; i < LIMIT_CSV_COLUMNS; i++)
        buf_puts(&b, ",error");
    ck_assert_int_eq(LIMIT_CSV_COLUMNS, 128);
    struct text t = {b.data, b.len, 0, 100, false};
    enum rc rc;
    ck_assert_ptr_null(read_bytes(&t, &rc));
    ck_assert_ptr_nonnull(strstr(said.text, "no rows"));
    buf_puts(&b, ",error\n");
    refuses(b.data, "more cells");
}
END_TEST

START_TEST(says_when_the_source_fails)
{
    struct text t = {"order_id,amount\nA,1\n", 20, 0, 100, true};
    enum rc rc;
    ck_assert_ptr_null(read_bytes(&t, &rc));
    ck_assert_int_eq(rc, RC_IO);
}
END_TEST

suite_fn t_batch_csv_suite;
Suite *t_batch_csv_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("batch_csv", &tc);
    tcase_add_test(tc, reads_columns_by_name_in_any_order_and_case);
    tcase_add_test(tc, reads_every_kind_of_line_end);
    tcase_add_test(tc, reads_past_a_bom_and_a_separator_line);
    tcase_add_test(tc, counts_physical_lines_through_quoted_newlines_and_blank_lines);
    tcase_add_test(tc, trims_all_but_verbatim_values);
    tcase_add_test(tc, takes_off_the_apostrophe_of_our_own_downloads);
    tcase_add_test(tc, reads_over_a_column_of_errors);
    tcase_add_test(tc, keeps_a_row_as_it_stands_and_where_it_ends);
    tcase_add_test(tc, refuses_what_is_no_header);
    tcase_add_test(tc, refuses_other_separators);
    tcase_add_test(tc, refuses_rows_that_do_not_fit_the_header);
    tcase_add_test(tc, refuses_broken_quotes);
    tcase_add_test(tc, refuses_other_encodings);
    tcase_add_test(tc, holds_a_field_to_its_ceiling);
    tcase_add_test(tc, holds_a_header_to_its_ceiling);
    tcase_add_test(tc, says_when_the_source_fails);
    return s;
}
