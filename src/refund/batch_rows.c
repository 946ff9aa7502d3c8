#include "refund/batch_rows.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"

#include <string.h>

#define COLUMN(column_name) .name = (column_name)

static const struct batch_csv_column columns[] = {
    [COLUMN_ORDER_ID] = {COLUMN("order_id")},
    [COLUMN_AMOUNT] = {COLUMN("amount")},
    [COLUMN_TXN_ID] = {COLUMN("txn_id")},
    [COLUMN_UNIQUE_ID] = {COLUMN("unique_id")},
    [COLUMN_MARKETPLACE_AMOUNT] = {COLUMN("marketplace_amount")},
    [COLUMN_VENDOR1_ID] = {COLUMN("vendor1_id")},
    [COLUMN_VENDOR1_AMOUNT] = {COLUMN("vendor1_amount")},
    [COLUMN_VENDOR2_ID] = {COLUMN("vendor2_id")},
    [COLUMN_VENDOR2_AMOUNT] = {COLUMN("vendor2_amount")},
    [COLUMN_UDF1] = {COLUMN("udf1"), .verbatim = true},
    {COLUMN("udf2"), .verbatim = true},
    {COLUMN("udf3"), .verbatim = true},
    {COLUMN("udf4"), .verbatim = true},
    {COLUMN("udf5"), .verbatim = true},
    {COLUMN("udf6"), .verbatim = true},
    {COLUMN("udf7"), .verbatim = true},
    {COLUMN("udf8"), .verbatim = true},
    {COLUMN("udf9"), .verbatim = true},
    {COLUMN("udf10"), .verbatim = true},
    [COLUMN_ERROR] = {COLUMN("error"), .ignored = true},
};

const struct batch_csv_column *batch_columns(int *count)
{
    *count = (int)(sizeof columns / sizeof columns[0]);
    return columns;
}

bool batch_column_is_mandatory(int column)
{
    return column == COLUMN_ORDER_ID || column == COLUMN_AMOUNT;
}

const char *batch_row_id(struct arena *a, int64_t batch, int64_t row)
{
    return arena_printf(a, "b%s%lld", id_text(a, batch), (long long)row);
}

/* ---- from cells and back -----------------------------------------------------------------------
 */

/* The optional columns that were given, as one JSON object; NULL: none. */
static const char *cells_text(struct arena *a, const struct batch_csv_row *csv)
{
    struct json_object *o = NULL;
    for (int i = COLUMN_MARKETPLACE_AMOUNT; i < COLUMN_COUNT; i++) {
        if (str_empty(csv->cells[i]))
            continue;
        if (o == NULL)
            o = json_object_in(a);
        json_put_text(o, columns[i].name, csv->cells[i]);
    }
    return o != NULL ? json_write(a, o) : NULL;
}

static const char *given(const char *cell)
{
    return str_empty(cell) ? NULL : cell;
}

struct batch_row batch_row_of_cells(struct arena *a, int64_t batch, int64_t number,
                                    const struct batch_csv_row *csv)
{
    return (struct batch_row){
        .batch = batch,
        .row = number,
        .line = csv->line,
        .order_id = str_or(csv->cells[COLUMN_ORDER_ID], ""),
        .amount = str_or(csv->cells[COLUMN_AMOUNT], ""),
        .txn_id = given(csv->cells[COLUMN_TXN_ID]),
        .unique_id = given(csv->cells[COLUMN_UNIQUE_ID]),
        .cells = cells_text(a, csv),
        .amount_minor = -1,
        .status = BATCH_ROW_QUEUED,
    };
}

static void read_cells(struct arena *a, const struct batch_row *r, const char *cells[COLUMN_COUNT])
{
    struct json_object *o = NULL;
    struct err bad;
    if (r->cells == NULL || json_read(a, r->cells, strlen(r->cells), &o, &bad) != RC_OK)
        return;
    for (int i = COLUMN_MARKETPLACE_AMOUNT; i < COLUMN_COUNT; i++)
        cells[i] = json_text(a, o, columns[i].name);
}

/* ---- what a row alone shows to be wrong ---------------------------------------------------------
 */

struct checks {
    struct arena *a;
    const struct batch_row *row;
    const char *const *cells;
    struct buf problems;
    const char *code;
};

static void problem(struct checks *c, const char *code, int column, const char *value,
                    const char *said)
{
    if (c->code == NULL)
        c->code = code;
    if (c->problems.len > 0)
        buf_putc(&c->problems, '\n');
    buf_printf(&c->problems, "%s", columns[column].name);
    if (!str_empty(value))
        buf_printf(&c->problems, " \"%.*s\"", (int)str_utf8_cut(value, 60), value);
    buf_printf(&c->problems, ": %s", said);
}

static bool is_zero(const char *amount)
{
    return strspn(amount, "0.") == strlen(amount);
}

static void check_amount(struct checks *c, int column, const char *value)
{
    struct decimal d;
    if (value == NULL)
        return;
    if (decimal_parse(value, strlen(value), &d) != MONEY_OK)
        problem(c, "INVALID_AMOUNT", column, value,
                "Invalid data type: write digits with a point for decimals, such as 1500.50, "
                "without signs, spaces or thousands separators.");
    else if (is_zero(value))
        problem(c, "INVALID_AMOUNT", column, value, "must be more than zero.");
}

/* Spreadsheets write long numbers as 1.23E+11; the digits are lost then. */
static bool looks_scientific(const char *text)
{
    const char *e = strpbrk(text, "eE");
    return e != NULL && e != text && (e[1] == '+' || e[1] == '-') &&
           strspn(text, "0123456789.") == (size_t)(e - text) && e[2] != '\0' &&
           strspn(e + 2, "0123456789") == strlen(e + 2);
}

static void check_text(struct checks *c, int column, const char *value, size_t most)
{
    if (value == NULL)
        return;
    if (strlen(value) > most)
        problem(c, "INVALID", column, value, arena_printf(c->a, "is longer than %zu bytes.", most));
    else if (looks_scientific(value))
        problem(c, "INVALID", column, value,
                "a spreadsheet has turned the number into this form and lost its digits. Format "
                "the column as text and put the id in again.");
    else if (!str_printable_ascii(value))
        problem(c, "INVALID", column, value,
                "has a character that ids do not have, perhaps one that cannot be seen. Type it "
                "again.");
}

static void check_mandatory(struct checks *c)
{
    const struct {
        int column;
        const char *value;
    } needed[] = {{COLUMN_ORDER_ID, c->row->order_id}, {COLUMN_AMOUNT, c->row->amount}};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (str_empty(needed[i].value))
            problem(c, "INVALID", needed[i].column, NULL,
                    "Missing mandatory fields: this cell must not be empty.");
    }
}

static void check_vendors(struct checks *c)
{
    static const struct {
        int id, amount;
    } pairs[] = {{COLUMN_VENDOR1_ID, COLUMN_VENDOR1_AMOUNT},
                 {COLUMN_VENDOR2_ID, COLUMN_VENDOR2_AMOUNT}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const char *id = c->cells[pairs[i].id], *amount = c->cells[pairs[i].amount];
        check_text(c, pairs[i].id, id, LIMIT_PARTY);
        check_amount(c, pairs[i].amount, amount);
        if (id != NULL && amount == NULL)
            problem(c, "INVALID", pairs[i].amount, NULL,
                    arena_printf(c->a, "is missing beside %s.", columns[pairs[i].id].name));
        if (id == NULL && amount != NULL)
            problem(c, "INVALID", pairs[i].id, NULL,
                    arena_printf(c->a, "is missing beside %s.", columns[pairs[i].amount].name));
    }
    if (c->cells[COLUMN_VENDOR1_ID] != NULL &&
        str_eq(c->cells[COLUMN_VENDOR1_ID], c->cells[COLUMN_VENDOR2_ID]))
        problem(c, "INVALID", COLUMN_VENDOR2_ID, c->cells[COLUMN_VENDOR2_ID],
                "is the same as vendor1_id: name two different vendors, or add the amounts.");
    check_amount(c, COLUMN_MARKETPLACE_AMOUNT, c->cells[COLUMN_MARKETPLACE_AMOUNT]);
}

static void check_row(struct checks *c)
{
    check_mandatory(c);
    check_text(c, COLUMN_ORDER_ID, given(c->row->order_id), LIMIT_ORDER_ID);
    check_amount(c, COLUMN_AMOUNT, given(c->row->amount));
    check_text(c, COLUMN_TXN_ID, c->row->txn_id, LIMIT_TXN_ID);
    check_text(c, COLUMN_UNIQUE_ID, c->row->unique_id, LIMIT_UNIQUE_REQUEST_ID);
    check_vendors(c);
    for (int i = COLUMN_UDF1; i < COLUMN_COUNT; i++) {
        if (c->cells[i] != NULL && strlen(c->cells[i]) > LIMIT_UDF)
            problem(c, "INVALID", i, c->cells[i],
                    arena_printf(c->a, "is longer than %d bytes.", LIMIT_UDF));
    }
}

/* ---- the request -------------------------------------------------------------------------------
 */

static void split_of(const char *const *cells, struct batch_row_ask *ask)
{
    static const struct {
        int party, amount;
    } parts[] = {{-1, COLUMN_MARKETPLACE_AMOUNT},
                 {COLUMN_VENDOR1_ID, COLUMN_VENDOR1_AMOUNT},
                 {COLUMN_VENDOR2_ID, COLUMN_VENDOR2_AMOUNT}};
    ask->split.parts = ask->parts;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (cells[parts[i].amount] != NULL)
            ask->parts[ask->split.n++] = (struct split_part){
                .party = parts[i].party < 0 ? "" : str_or(cells[parts[i].party], ""),
                .amount = cells[parts[i].amount]};
    }
}

/* What the refund tells of where it came from. */
static const char *metadata_of(struct arena *a, const struct batch_row *r, const char *const *cells)
{
    struct json_object *o = json_object_in(a);
    json_put_text(o, "batch_id", id_text(a, r->batch));
    json_put_int(o, "batch_row", r->row);
    for (int i = COLUMN_UDF1; i < COLUMN_COUNT; i++) {
        if (cells[i] != NULL)
            json_put_text(o, columns[i].name, cells[i]);
    }
    return json_write(a, o);
}

struct batch_row_ask *batch_row_request(struct arena *a, const struct app *app,
                                        const struct actor *actor, const struct batch *b,
                                        const struct batch_row *r)
{
    const char *cells[COLUMN_COUNT] = {NULL};
    struct batch_row_ask *ask = arena_alloc(a, sizeof *ask);
    struct checks c = {.a = a, .row = r, .cells = cells};
    buf_init(&c.problems, a);
    read_cells(a, r, cells);
    check_row(&c);
    ask->code = c.code;
    ask->problems = c.code != NULL ? buf_text(&c.problems) : NULL;
    split_of(cells, ask);
    ask->req = (struct refund_request){
        .actor = actor,
        .source = SOURCE_BATCH,
        .batch = r->batch,
        .runs_later = str_eq(b->status, BATCH_READING),
        .order_id = r->order_id,
        .txn_id = r->txn_id,
        .unique_request_id =
            r->unique_id != NULL ? r->unique_id : batch_row_id(a, r->batch, r->row),
        .amount_given = GIVEN_TEXT,
        .amount = r->amount,
        .reason = b->reason,
        .note = b->description,
        .metadata = metadata_of(a, r, cells),
        .split = ask->split.n > 0 ? &ask->split : NULL,
    };
    ask->ask = validate_ask(a, &ask->req, &app->worker_key);
    return ask;
}
