#include "support/suite.h"
#include "view/csv.h"
#include <string.h>

static struct buf out;

static void begin(void)
{
    buf_init(&out, suite_arena());
}

static void wrote(const char *want)
{
    ck_assert_str_eq(buf_text(&out), want);
    ck_assert_uint_eq(out.len, strlen(want));
}

/* One cell of its own, after another. */
static void cell(const char *text, const char *want)
{
    begin();
    csv_text(&out, "a");
    csv_text(&out, text);
    csv_end_row(&out);
    wrote(arena_printf(suite_arena(), "a,%s\r\n", want));
}

START_TEST(rows_and_cells)
{
    begin();
    csv_text(&out, "Order Id");
    csv_text(&out, "Amount");
    csv_end_row(&out);
    csv_text(&out, "ORD 1");
    csv_number(&out, "98.20");
    csv_text(&out, NULL);
    csv_text(&out, "");
    csv_text(&out, "z");
    csv_end_row(&out);
    csv_number(&out, "5");
    csv_end_row(&out);
    wrote("Order Id,Amount\r\nORD 1,98.20,,,z\r\n5\r\n");
}
END_TEST

START_TEST(quotes_commas_and_lines_are_quoted)
{
    cell("plain text; with 'these' | and tabs\there", "plain text; with 'these' | and tabs\there");
    cell("a,b", "\"a,b\"");
    cell("say \"hi\"", "\"say \"\"hi\"\"\"");
    cell("\"", "\"\"\"\"");
    cell("\"\"", "\"\"\"\"\"\"");
    cell("line\nline", "\"line\nline\"");
    cell("line\r\nline", "\"line\r\nline\"");
    cell("end\n", "\"end\n\"");
    cell(",", "\",\"");
}
END_TEST

START_TEST(what_a_spreadsheet_would_run_gets_an_apostrophe)
{
    cell("=1+1", "'=1+1");
    cell("+919800000000", "'+919800000000");
    cell("-5", "'-5");
    cell("@SUM(A1)", "'@SUM(A1)");
    cell("\tx", "'\tx");
    cell("\rx", "\"'\rx\"");
    cell("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    cell("=", "'=");
    /* only at the beginning, and never a number */
    cell("a=b", "a=b");
    cell("priya@example.in", "priya@example.in");
    cell("'quoted", "'quoted");
    begin();
    csv_number(&out, "-5");
    csv_end_row(&out);
    wrote("-5\r\n");
}
END_TEST

START_TEST(an_empty_first_cell_keeps_its_column)
{
    begin();
    csv_text(&out, "");
    csv_text(&out, "b");
    csv_end_row(&out);
    csv_text(&out, NULL);
    csv_number(&out, "1");
    csv_text(&out, "");
    csv_end_row(&out);
    csv_text(&out, "");
    csv_end_row(&out);
    wrote("\"\",b\r\n\"\",1,\r\n\"\"\r\n");
}
END_TEST

START_TEST(a_cell_that_ends_in_a_line_is_no_row)
{
    begin();
    csv_text(&out, "a\n");
    csv_text(&out, "");
    csv_text(&out, "c");
    csv_end_row(&out);
    wrote("\"a\n\",,c\r\n");
}
END_TEST

START_TEST(unicode_is_left_as_it_is)
{
    cell("प्रिया ₹ 😀", "प्रिया ₹ 😀");
    cell("é,ü", "\"é,ü\"");
    cell("＝1", "＝1");
}
END_TEST

Suite *t_csv_suite(void); /* main.c */

Suite *t_csv_suite(void)
{
    TCase *t;
    Suite *s = suite_of("csv", &t);
    tcase_add_test(t, rows_and_cells);
    tcase_add_test(t, quotes_commas_and_lines_are_quoted);
    tcase_add_test(t, what_a_spreadsheet_would_run_gets_an_apostrophe);
    tcase_add_test(t, an_empty_first_cell_keeps_its_column);
    tcase_add_test(t, a_cell_that_ends_in_a_line_is_no_row);
    tcase_add_test(t, unicode_is_left_as_it_is);
    return s;
}
