/*
 * Files of refunds as programs and people make them: which are read, how each row is judged, and
 * what the others are told.
 */
#include "core/limits.h"
#include "core/str.h"
#include "refund/batch.h"
#include "refund/shop.h"
#include "support/suite.h"

#include <string.h>

#define OA         "order_id,amount\n"
#define BOM        "\xef\xbb\xbf"
#define NBSP       "\xc2\xa0"
#define ZERO_WIDTH "\xe2\x80\x8b"
#define RTL        "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"
#define BYTES(b)   b, sizeof(b) - 1

/* Order A is 1000.00 INR, J is JPY, K is KWD. */
static const struct {
    const char *made_by;
    const char *bytes;
    size_t n;
    const char *rows; /* "line:verdict " of each */
    const char *said; /* among what is wrong with them; NULL: nothing is */
} read_files[] = {
    {"Excel, CSV", BYTES("order_id,amount\r\nA,100\r\nA,50.5\r\n"), "2:OK 3:OK ", NULL},
    {"Excel, CSV UTF-8", BYTES(BOM "order_id,amount\r\nA,100\r\n"), "2:OK ", NULL},
    {"Excel, saved again", BYTES(BOM "sep=,\r\norder_id,amount\r\nA,100\r\n"), "3:OK ", NULL},
    {"Excel for Mac", BYTES("order_id,amount\rA,100\rA,50\r"), "2:OK 3:OK ", NULL},
    {"Excel, empty rows below", BYTES("order_id,amount\r\nA,100\r\n\r\n\r\n"), "2:OK ", NULL},
    {"Excel, newline in a cell", BYTES("order_id,amount,udf1\r\nA,100,\"a\r\nb\"\r\nA,50,\r\n"),
     "2:OK 4:OK ", NULL},
    {"Excel, a long number", BYTES(OA "1.23E+11,100\n"), "2:INVALID ", "lost its digits"},
    {"Excel, a long txn_id", BYTES("order_id,amount,txn_id\nA,100,9.00719925474099E+15\n"),
     "2:INVALID ", "txn_id \"9.007"},
    {"Excel, a thousands separator", BYTES(OA "A,\"1,000.00\"\n"), "2:INVALID_AMOUNT ",
     "Invalid data type"},
    {"Excel, a decimal comma", BYTES(OA "A,\"100,50\"\n"), "2:INVALID_AMOUNT ",
     "Invalid data type"},
    {"Excel, a currency sign",
     BYTES(OA "A,\xe2\x82\xb9"
              "100\n"),
     "2:INVALID_AMOUNT ", "Invalid data type"},
    {"Excel, an accountant's minus", BYTES(OA "A,(100.00)\n"), "2:INVALID_AMOUNT ",
     "Invalid data type"},
    {"Excel, a scientific amount", BYTES(OA "A,1E+2\n"), "2:INVALID_AMOUNT ", "Invalid data type"},
    {"Excel, an error value", BYTES(OA "A,#N/A\n"), "2:INVALID_AMOUNT ", "#N/A"},
    {"Excel, a date for an id", BYTES(OA "03-Apr,100\n"), "2:INVALID_ORDERID ", ""},
    {"LibreOffice, all quoted", BYTES("\"order_id\",\"amount\"\n\"A\",\"100\"\n"), "2:OK ", NULL},
    {"LibreOffice, no last line end", BYTES(OA "A,100"), "2:OK ", NULL},
    {"pandas", BYTES("order_id,amount,txn_id\nA,100.0,\nA,50.25,\n"), "2:OK 3:OK ", NULL},
    {"pandas, NaN", BYTES(OA "A,nan\n"), "2:INVALID_AMOUNT ", "nan"},
    {"pandas, many decimals", BYTES(OA "A,100.00000000000001\n"), "2:INVALID_AMOUNT ", ""},
    {"Google Sheets", BYTES("order_id,amount,udf1\r\nA,100,\"say \"\"hi\"\"\""), "2:OK ", NULL},
    {"Google Sheets, trailing columns", BYTES("order_id,amount,udf1,udf2\r\nA,100,,\r\nA,50,,\r\n"),
     "2:OK 3:OK ", NULL},
    {"PHP fputcsv", BYTES("order_id,amount,udf1\nA,100,\"two words\"\n"), "2:OK ", NULL},
    {"Ruby CSV", BYTES("order_id,amount,udf1\nA,100,\"\"\n"), "2:OK ", NULL},
    {"Python csv", BYTES("order_id,amount,udf1\r\nA,100,\"a,b\"\r\n"), "2:OK ", NULL},
    {"PostgreSQL COPY", BYTES("order_id,amount,txn_id\nA,100.00,\"\"\n"), "2:OK ", NULL},
    {"MySQL, a NULL", BYTES("order_id,amount,txn_id\nA,100.00,\\N\n"),
     "2:SUCCESS_OR_PARTIAL_SUCCESS_TRANSACTION_NOT_FOUND ", "txn_id"},
    {"a hand, capitals", BYTES("Order_ID,AMOUNT\nA,100\n"), "2:OK ", NULL},
    {"a hand, blanks", BYTES(" order_id , amount \n  A ,\t100 \n"), "2:OK ", NULL},
    {"a hand, columns turned", BYTES("amount,order_id\n100,A\n"), "2:OK ", NULL},
    {"a hand, blank lines", BYTES("\n\n" OA "\n\nA,100\n\n  \nA,50\n"), "6:OK 9:OK ", NULL},
    {"a hand, mixed line ends", BYTES("order_id,amount\r\nA,100\nA,50\rA,20"), "2:OK 3:OK 4:OK ",
     NULL},
    {"a hand, no order", BYTES(OA ",100\n"), "2:INVALID ", "order_id: Missing mandatory"},
    {"a hand, no amount", BYTES(OA "A,\n"), "2:INVALID ", "amount: Missing mandatory"},
    {"a hand, nothing", BYTES(OA ",\n"), "2:INVALID ", "amount: Missing mandatory"},
    {"a hand, only blanks", BYTES(OA "\"  \",100\n"), "2:INVALID ", "order_id: Missing"},
    {"a hand, zero", BYTES(OA "A,0.00\n"), "2:INVALID_AMOUNT ", "more than zero"},
    {"a hand, minus", BYTES(OA "A,-100\n"), "2:INVALID_AMOUNT ", "without signs"},
    {"a hand, plus", BYTES(OA "A,+100\n"), "2:INVALID_AMOUNT ", "without signs"},
    {"a hand, a word", BYTES(OA "A,hundred\n"), "2:INVALID_AMOUNT ", "Invalid data type"},
    {"a hand, no digit before the point", BYTES(OA "A,.5\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, two points", BYTES(OA "A,1.2.3\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, hex", BYTES(OA "A,0x64\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, other digits", BYTES(OA "A,\xd9\xa1\xd9\xa0\xd9\xa0\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, twenty digits", BYTES(OA "A,99999999999999999999\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, three decimals of rupees", BYTES(OA "A,1.005\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, whole yen", BYTES(OA "J,500\n"), "2:OK ", NULL},
    {"a hand, parts of a yen", BYTES(OA "J,5.5\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, fils", BYTES(OA "K,1.005\n"), "2:OK ", NULL},
    {"a hand, parts of a fils", BYTES(OA "K,1.0005\n"), "2:INVALID_AMOUNT ", ""},
    {"a hand, too much", BYTES(OA "A,1000.01\n"), "2:INVALID_AMOUNT_REFUND ", ""},
    {"a hand, an unknown order", BYTES(OA "B,1\n"), "2:INVALID_ORDERID ", ""},
    {"a copy with an NBSP", BYTES(OA "A" NBSP ",100\n"), "2:INVALID ", "cannot be seen"},
    {"a copy with an NBSP amount", BYTES(OA "A,100" NBSP "\n"), "2:INVALID_AMOUNT ", ""},
    {"a copy with a zero width space", BYTES(OA ZERO_WIDTH "A,100\n"), "2:INVALID ",
     "cannot be seen"},
    {"a copy with a BOM inside", BYTES(OA BOM "A,100\n"), "2:INVALID ", "cannot be seen"},
    {"right to left text", BYTES("order_id,amount,udf1\nA,100," RTL "\n"), "2:OK ", NULL},
    {"a right to left order", BYTES(OA RTL ",100\n"), "2:INVALID ", "ids do not have"},
    {"a formula as text", BYTES("order_id,amount,udf1\nA,100,\"=1+1\"\n"), "2:OK ", NULL},
    {"a formula as an order", BYTES(OA "=A,100\n"), "2:INVALID_ORDERID ", ""},
    {"our own download", BYTES("order_id,amount,udf1,error\nA,100,'=1+1,Order is unknown\n"),
     "2:OK ", NULL},
    {"half a vendor", BYTES("order_id,amount,vendor1_id\nA,100,v1\n"), "2:INVALID ",
     "missing beside vendor1_id"},
    {"half a vendor's amount", BYTES("order_id,amount,vendor2_amount\nA,100,5\n"), "2:INVALID ",
     "missing beside vendor2_amount"},
    {"several things wrong", BYTES("order_id,amount,txn_id\n,x,1E+5\n"), "2:INVALID ",
     "txn_id \"1E+5\""},
};

static const struct {
    const char *made_by;
    const char *bytes;
    size_t n;
    const char *kind, *said;
} refused_files[] = {
    {"nobody", BYTES(""), "Invalid file format", "empty"},
    {"nobody, with a BOM", BYTES(BOM), "Invalid file format", "empty"},
    {"nobody, lines", BYTES("\r\n\r\n"), "Invalid file format", "empty"},
    {"a header alone", BYTES(OA), "Invalid file format", "no rows"},
    {"rows alone", BYTES("A,100\nA,50\n"), "Invalid file format",
     "Line 1: there is no column \"A\""},
    {"Excel in Europe", BYTES("order_id;amount\r\nA;100\r\n"), "Invalid file format", "commas"},
    {"Excel in Europe, sep=;", BYTES("sep=;\r\norder_id;amount\r\nA;100\r\n"),
     "Invalid file format", "commas"},
    {"Excel, Unicode text", BYTES("\xff\xfeo\0r\0d\0e\0r\0"), "Invalid file format", "UTF-16"},
    {"UTF-16 BE", BYTES("\xfe\xff\0o\0r\0d"), "Invalid file format", "UTF-16"},
    {"UTF-16 LE without BOM", BYTES("o\0r\0d\0e\0r\0_\0i\0d\0"), "Invalid file format",
     "Line 1: a zero byte"},
    {"UTF-16 BE without BOM", BYTES("\0o\0r\0d\0e\0r\0_\0i\0d"), "Invalid file format",
     "Line 1: a zero byte"},
    {"Excel, Windows-1252", BYTES("order_id,amount,udf1\nA,1,x\nA,2,M\xfcller\n"),
     "Invalid file format", "Line 3: it is not UTF-8"},
    {"cut-off UTF-8", BYTES(OA "A\xe2\x82,1\n"), "Invalid file format", "Line 2: it is not UTF-8"},
    {"overlong UTF-8", BYTES(OA "A\xc0\xaf,1\n"), "Invalid file format", "it is not UTF-8"},
    {"a surrogate", BYTES(OA "A\xed\xa0\x80,1\n"), "Invalid file format", "it is not UTF-8"},
    {"an Excel workbook", BYTES("PK\003\004\024\0\006\0"), "Invalid file format", "zero byte"},
    {"LibreOffice in Europe, all quoted", BYTES("\"order_id\";\"amount\"\n\"A\";\"100\"\n"),
     "Invalid file format", "Line 1: the columns must be separated by commas"},
    {"tabs, all quoted", BYTES("\"order_id\"\t\"amount\"\n\"A\"\t\"1\"\n"), "Invalid file format",
     "commas"},
    {"no amounts, sep=", BYTES("sep=,\norder_id,txn_id\nA,t\n"), "Missing mandatory fields",
     "Line 2: the column amount is missing"},
    {"a row too short", BYTES("order_id,amount,udf1\nA,1\n"), "Invalid file format",
     "An empty value keeps its comma"},
    {"tabs", BYTES("order_id\tamount\nA\t100\n"), "Invalid file format", "commas"},
    {"bars", BYTES("order_id|amount\nA|100\n"), "Invalid file format", "commas"},
    {"a NUL in a value", BYTES(OA "A\0B,100\n"), "Invalid file format", "Line 2: a zero byte"},
    {"a quote never closed", BYTES(OA "A,1\nA,\"2\nA,3\n"), "Invalid file format",
     "Line 3: a quote of this row is never closed"},
    {"text after a quote", BYTES(OA "\"A\"B,1\n"), "Invalid file format", "Line 2: a broken quote"},
    {"a quote within", BYTES(OA "A\"B,1\n"), "Invalid file format", "Line 2: a broken quote"},
    {"MySQL, an escaped quote", BYTES("order_id,amount,udf1\nA,1,\"5\\\" disk\"\n"),
     "Invalid file format", "Line 2: a broken quote"},
    {"a cell too few", BYTES(OA "A,1\nA\n"), "Invalid file format", "Line 3: it has 1 cells"},
    {"a cell too many", BYTES(OA "A,1,2\n"), "Invalid file format", "Line 2: it has more cells"},
    {"a trailing separator", BYTES(OA "A,1,\n"), "Invalid file format", "more cells"},
    {"trailing separators all over", BYTES("order_id,amount,\nA,1,\n"), "Invalid file format",
     "there is no column \"\""},
    {"the same column twice", BYTES("order_id,amount,Amount\nA,1,2\n"), "Invalid file format",
     "\"Amount\" is there twice"},
    {"a column of its own", BYTES("order_id,amount,colour\nA,1,red\n"), "Invalid file format",
     "\"colour\""},
    {"pandas, its index", BYTES(",order_id,amount\n0,A,1\n"), "Invalid file format", "column \"\""},
    {"a BOM in a header", BYTES("order_id," BOM "amount\nA,1\n"), "Invalid file format",
     "no column"},
    {"an NBSP in a header", BYTES("order_id," NBSP "amount\nA,1\n"), "Invalid file format",
     "no column"},
    {"no amount", BYTES("order_id\nA\n"), "Missing mandatory fields", "amount"},
    {"no order", BYTES("amount,txn_id\n1,t\n"), "Missing mandatory fields", "order_id"},
    {"JSON", BYTES("[{\"order_id\": \"A\"}]\n"), "Invalid file format", "Line 1"},
    {"HTML", BYTES("<html><body>Log in</body></html>\n"), "Invalid file format", "no column"},
};

struct bytes {
    const char *text;
    size_t n, at, most;
    size_t filling; /* so many 'x' after them */
};

static ssize_t hand_out(void *ctx, char *to, size_t room)
{
    struct bytes *b = ctx;
    size_t n = b->n - b->at;
    room = room < b->most ? room : b->most;
    if (n == 0 && b->filling > 0) {
        n = b->filling < room ? b->filling : room;
        memset(to, 'x', n);
        b->filling -= n;
        return (ssize_t)n;
    }
    n = n < room ? n : room;
    memcpy(to, b->text + b->at, n);
    b->at += n;
    return (ssize_t)n;
}

static struct batch_upload_answer upload_bytes(struct bytes *b)
{
    const struct batch_upload in = {.actor = &shop_actor,
                                    .source = "PORTAL",
                                    .file_name = "refunds.csv",
                                    .bytes = hand_out,
                                    .ctx = b};
    struct batch_upload_answer answer;
    struct err e;
    ck_assert_int_eq(batch_upload(&shop, desk.arena, &in, &answer, &e), RC_OK);
    return answer;
}

static struct batch_upload_answer upload(const char *text, size_t n, size_t most)
{
    struct bytes b = {text, n, 0, most, 0};
    return upload_bytes(&b);
}

struct look {
    int64_t batch;
    struct batch_row *rows;
    int n;
};

static enum rc look_fn(struct sql *q, void *arg, struct err *e)
{
    struct look *l = arg;
    bool more;
    return batch_rows_page(q, desk.arena, l->batch, BATCH_ROWS_ALL, 0, LIMIT_PAGE_ROWS, &l->rows,
                           &l->n, &more, e);
}

START_TEST(a_file_is_read_and_its_rows_judged)
{
    struct buf rows, said;
    buf_init(&rows, desk.arena);
    buf_init(&said, desk.arena);
    shop_add((struct shop_order){.order_id = "A"});
    shop_add((struct shop_order){.order_id = "J", .currency = "JPY"});
    shop_add((struct shop_order){.order_id = "K", .currency = "KWD"});
    struct batch_upload_answer a =
        upload(read_files[_i].bytes, read_files[_i].n, _i % 2 ? 1 : 1 << 20);
    ck_assert_msg(a.refused == NULL, "%s: %s", read_files[_i].made_by, a.said);
    struct look l = {.batch = a.batch.id};
    desk_look(look_fn, &l);
    for (int i = 0; i < l.n; i++) {
        buf_printf(&rows, "%lld:%s ", (long long)l.rows[i].line, l.rows[i].verdict);
        buf_puts(&said, str_or(l.rows[i].verdict_said, ""));
    }
    ck_assert_msg(str_starts(buf_text(&rows), read_files[_i].rows), "%s: %s: %s",
                  read_files[_i].made_by, buf_text(&rows), buf_text(&said));
    if (read_files[_i].said == NULL)
        ck_assert_int_eq(a.batch.rows_bad, 0);
    else
        ck_assert_msg(said.len > 0 && strstr(buf_text(&said), read_files[_i].said) != NULL,
                      "%s: %s", read_files[_i].made_by, buf_text(&said));
}
END_TEST

START_TEST(a_file_is_refused_with_line_and_mend)
{
    struct batch_upload_answer a =
        upload(refused_files[_i].bytes, refused_files[_i].n, _i % 2 ? 1 : 1 << 20);
    ck_assert_msg(a.refused != NULL, "%s is read", refused_files[_i].made_by);
    ck_assert_msg(str_eq(a.refused, refused_files[_i].kind), "%s: %s: %s",
                  refused_files[_i].made_by, a.refused, a.said);
    ck_assert_msg(strstr(a.said, refused_files[_i].said) != NULL, "%s: %s",
                  refused_files[_i].made_by, a.said);
}
END_TEST

/* ---- large ones --------------------------------------------------------------------------------
 */

static const char *repeated(const char *head, const char *row, int times, const char *tail)
{
    struct buf b;
    buf_init(&b, desk.arena);
    buf_puts(&b, head);
    for (int i = 0; i < times; i++)
        buf_puts(&b, row);
    buf_puts(&b, tail);
    return buf_text(&b);
}

static const char *why(const char *text)
{
    return str_or(upload(text, strlen(text), 1 << 20).said, "it was read");
}

START_TEST(a_row_more_than_1000_is_refused)
{
    const char *most = repeated(OA, "none,1\n", 1000, "");
    struct batch_upload_answer a = upload(most, strlen(most), 1 << 20);
    ck_assert_ptr_null(a.refused);
    ck_assert_int_eq(a.batch.rows_bad, 1000);
    ck_assert_pstr_eq(why(repeated(OA, "none,1\n", 1001, "")),
                      "Line 1002: more than 1000 rows. Split the file.");
}
END_TEST

START_TEST(a_huge_field_is_refused_at_its_beginning)
{
    struct bytes b = {.text = OA "A,\"", .n = strlen(OA "A,\""), .most = 4096, .filling = 64 << 20};
    struct batch_upload_answer a = upload_bytes(&b);
    ck_assert_pstr_eq(a.said, "Line 2: a field is longer than 4096 bytes. Is a quote not closed?");
    ck_assert_uint_gt(b.filling, 63 << 20); /* nobody waits for the rest */
}
END_TEST

START_TEST(a_long_id_is_refused_with_its_row)
{
    const char *text = repeated(OA, "x", LIMIT_ORDER_ID + 1, ",1\n");
    struct batch_upload_answer a = upload(text, strlen(text), 1 << 20);
    ck_assert_ptr_null(a.refused);
    ck_assert_int_eq(a.batch.rows_bad, 1);
}
END_TEST

suite_fn t_batch_files_suite;
Suite *t_batch_files_suite(void)
{
    Suite *s = suite_create("batch_files");
    TCase *t = tcase_create("batch_files");
    tcase_add_checked_fixture(t, shop_open, shop_close);
    tcase_add_loop_test(t, a_file_is_read_and_its_rows_judged, 0,
                        (int)(sizeof read_files / sizeof read_files[0]));
    tcase_add_loop_test(t, a_file_is_refused_with_line_and_mend, 0,
                        (int)(sizeof refused_files / sizeof refused_files[0]));
    tcase_add_test(t, a_row_more_than_1000_is_refused);
    tcase_add_test(t, a_huge_field_is_refused_at_its_beginning);
    tcase_add_test(t, a_long_id_is_refused_with_its_row);
    suite_add_tcase(s, t);
    return s;
}
