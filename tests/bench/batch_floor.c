/*
 * The least that reading a file of refunds can cost: libcsv alone over its bytes, and for each row
 * the point reads that the validation core makes, by SQLite alone with the desk's own statements
 * and settings, in one snapshot for LIMIT_BATCH_CHUNK rows.
 *
 *     batch_floor HOME FILE ROUNDS        prints the median round in microseconds
 *
 * The first two columns of the file are order_id and amount.
 */
#include "core/limits.h"
#include "sql/queries.h"
#include "tests/bench/rounds.h"
#include <csv.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MERCHANT, ORDER, TXN, EXISTING, CURRENCY, GATEWAY, COUNTED, TWIN, READ_COUNT };

/* Of each read: its base, and the piece that says which row (0: none). */
static const struct {
    int base, piece;
} texts[READ_COUNT] = {
    [MERCHANT] = {SQL_MERCHANT_GET, 0},
    [ORDER] = {SQL_ORDER_SELECT, SQL_ORDER_WHERE_KEY},
    [TXN] = {SQL_TXN_SELECT, SQL_TXN_WHERE_ID},
    [EXISTING] = {SQL_REFUND_SELECT, SQL_REFUND_WHERE_UNIQUE_REQUEST_ID},
    [CURRENCY] = {SQL_MERCHANT_CURRENCY, 0},
    [GATEWAY] = {SQL_GATEWAY_BY_NAME, 0},
    [COUNTED] = {SQL_REFUNDS_COUNTED, 0},
    [TWIN] = {SQL_REFUND_TWIN, 0},
};

/* Of order_select and txn_select, what the other reads are asked with. */
enum { ORDER_ID = 0, ORDER_CURRENCY = 7, ORDER_KEPT_TXN = 17, TXN_GATEWAY = 11 };

struct floor {
    sqlite3 *db;
    sqlite3_stmt *reads[READ_COUNT];
    sqlite3_int64 merchant;
    int field; /* of the row in hand */
    char order_id[LIMIT_ORDER_ID + 1];
    long rows, bytes; /* so that nothing is left out as useless */
};

static void must(bool ok, struct floor *f, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "batch_floor: %s: %s\n", what, sqlite3_errmsg(f->db));
    exit(EXIT_FAILURE);
}

static void run(struct floor *f, const char *text)
{
    must(sqlite3_exec(f->db, text, NULL, NULL, NULL) == SQLITE_OK, f, text);
}

/* Every column is looked at; false: there is no row. */
static bool read_row(struct floor *f, int which)
{
    sqlite3_stmt *s = f->reads[which];
    int code = sqlite3_step(s);
    must(code == SQLITE_ROW || code == SQLITE_DONE, f, "step");
    for (int i = 0; code == SQLITE_ROW && i < sqlite3_column_count(s); i++) {
        if (sqlite3_column_type(s, i) == SQLITE_TEXT)
            f->bytes += sqlite3_column_text(s, i)[0];
        else
            f->bytes += (long)sqlite3_column_int64(s, i);
    }
    return code == SQLITE_ROW;
}

static void bind_text(struct floor *f, int which, int at, const char *text)
{
    must(sqlite3_bind_text(f->reads[which], at, text, -1, SQLITE_STATIC) == SQLITE_OK, f, "bind");
}

static void bind_int(struct floor *f, int which, int at, sqlite3_int64 value)
{
    must(sqlite3_bind_int64(f->reads[which], at, value) == SQLITE_OK, f, "bind");
}

static void read_order(struct floor *f)
{
    bind_int(f, MERCHANT, 1, f->merchant);
    bind_int(f, ORDER, 1, f->merchant);
    bind_text(f, ORDER, 2, f->order_id);
    must(read_row(f, MERCHANT) && read_row(f, ORDER), f, "no such order");
}

static void read_rest(struct floor *f)
{
    sqlite3_stmt *order = f->reads[ORDER], *txn = f->reads[TXN];
    sqlite3_int64 row = sqlite3_column_int64(order, ORDER_ID);
    bind_int(f, TXN, 1, sqlite3_column_int64(order, ORDER_KEPT_TXN));
    must(read_row(f, TXN), f, "no such txn");
    bind_int(f, EXISTING, 1, row);
    bind_text(f, EXISTING, 2, f->order_id);
    bind_int(f, CURRENCY, 1, f->merchant);
    bind_text(f, CURRENCY, 2, (const char *)sqlite3_column_text(order, ORDER_CURRENCY));
    bind_int(f, GATEWAY, 1, f->merchant);
    bind_text(f, GATEWAY, 2, (const char *)sqlite3_column_text(txn, TXN_GATEWAY));
    bind_int(f, COUNTED, 1, row);
    bind_int(f, TWIN, 1, row);
    bind_int(f, TWIN, 2, 0);
    bind_int(f, TWIN, 3, sqlite3_column_int64(txn, ORDER_ID));
    bind_int(f, TWIN, 4, 1);
    for (int which = EXISTING; which < READ_COUNT; which++)
        (void)read_row(f, which);
}

static void on_field(void *data, size_t n, void *ctx)
{
    struct floor *f = ctx;
    if (f->field++ == 0 && n < sizeof f->order_id)
        memcpy(f->order_id, data, n + 1); /* CSV_APPEND_NULL */
}

static void on_row(int terminator, void *ctx)
{
    struct floor *f = ctx;
    (void)terminator;
    f->field = 0;
    if (f->rows++ == 0)
        return; /* the header */
    if (f->rows % LIMIT_BATCH_CHUNK == 2)
        run(f, f->rows == 2 ? "BEGIN" : "COMMIT; BEGIN");
    read_order(f);
    read_rest(f);
    for (int which = 0; which < READ_COUNT; which++)
        (void)sqlite3_reset(f->reads[which]);
}

static void open_database(struct floor *f, const char *home)
{
    char path[4096], text[4096];
    snprintf(path, sizeof path, "%s/refunddesk.db", home);
    must(sqlite3_open_v2(path, &f->db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY, NULL) ==
             SQLITE_OK,
         f, path);
    run(f, "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA cache_size = -512");
    for (int i = 0; i < READ_COUNT; i++) {
        const struct sql_block *blocks = sql_catalog_desk.blocks;
        const char *piece = texts[i].piece != 0 ? blocks[texts[i].piece].text : "";
        snprintf(text, sizeof text, "%s %s", blocks[texts[i].base].text, piece);
        must(sqlite3_prepare_v3(f->db, text, -1, SQLITE_PREPARE_PERSISTENT, &f->reads[i], NULL) ==
                 SQLITE_OK,
             f, text);
    }
    sqlite3_stmt *first = NULL;
    must(sqlite3_prepare_v2(f->db, "SELECT min(id) FROM merchants", -1, &first, NULL) ==
                 SQLITE_OK &&
             sqlite3_step(first) == SQLITE_ROW,
         f, "merchants");
    f->merchant = sqlite3_column_int64(first, 0);
    sqlite3_finalize(first);
}

static void read_file(void *ctx, const char *bytes, size_t n)
{
    struct floor *f = ctx;
    struct csv_parser parser;
    f->rows = 0;
    must(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0 &&
             csv_parse(&parser, bytes, n, on_field, on_row, f) == n &&
             csv_fini(&parser, on_field, on_row, f) == 0,
         f, "csv");
    csv_free(&parser);
    run(f, "COMMIT");
}

int main(int argc, char **argv)
{
    struct floor f = {0};
    struct rounds r;
    if (!rounds_read(&r, argc, argv))
        return 2;
    open_database(&f, argv[1]);
    printf("%lld\n", rounds_median_us(&r, read_file, &f));
    for (int i = 0; i < READ_COUNT; i++)
        sqlite3_finalize(f.reads[i]);
    sqlite3_close(f.db);
    return EXIT_SUCCESS;
}
