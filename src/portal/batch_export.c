#include "portal/batch_export.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/money.h"
#include "refund/batch.h"
#include "view/csv.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *word, *file_name;
} kinds[] = {
    [BATCH_EXPORT_DATA] = {"data", "batch_refund.csv"},
    [BATCH_EXPORT_FAILED] = {"failed", "batch_refund_failed_rows.csv"},
    [BATCH_EXPORT_REFUND_FAILED] = {"refund-failed", "batch_refund_failed_refunds.csv"},
};

const char *batch_export_name(enum batch_export_kind kind)
{
    return kinds[kind].file_name;
}

bool batch_export_find(const char *word, enum batch_export_kind *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!str_eq(kinds[i].word, word))
            continue;
        *kind = (enum batch_export_kind)i;
        return true;
    }
    return false;
}

static bool has_run(const struct batch *b)
{
    return b->run_mode != NULL && !str_eq(b->status, BATCH_AWAITING_APPROVAL);
}

enum batch_row_filter batch_export_filter(enum batch_export_kind kind, const struct batch *b)
{
    if (kind == BATCH_EXPORT_REFUND_FAILED)
        return BATCH_ROWS_REFUND_FAILED;
    if (kind == BATCH_EXPORT_FAILED)
        return has_run(b) ? BATCH_ROWS_FAILED : BATCH_ROWS_PROBLEMS;
    return BATCH_ROWS_ALL;
}

/* ---- the vendor's headers ----------------------------------------------------------------------
 */

static const char *const before_udf[] = {
    "S.No", "Order/Transaction Id", "Amount", "Refund Status", "Unique Id", "GW Transaction Id"};
static const char *const after_udf[] = {"Task Status", "Refund Type", "Error Message", "Created At",
                                        "Updated At"};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void data_head(struct buf *out)
{
    for (size_t i = 0; i < COUNT(before_udf); i++)
        csv_text(out, before_udf[i]);
    for (int i = 1; i <= LIMIT_UDF_COUNT; i++)
        csv_text(out, arena_printf(out->arena, "Udf%d", i));
    for (size_t i = 0; i < COUNT(after_udf); i++)
        csv_text(out, after_udf[i]);
    csv_end_row(out);
}

/* The object that a row keeps of its optional cells; empty when there are none. */
static struct json_object *cells_of(struct arena *a, const struct batch_row *r)
{
    struct json_object *cells = NULL;
    struct err ignored;
    if (r->cells == NULL || json_read(a, r->cells, strlen(r->cells), &cells, &ignored) != RC_OK)
        return json_object_in(a);
    return cells;
}

static void put_time(struct arena *a, struct buf *out, int64_t wall_ms)
{
    csv_text(out, clock_iso(a, wall_ms));
}

/* What cannot be read as an amount stands as it was written. */
static void put_amount(struct arena *a, struct buf *out, const struct batch_row *r)
{
    if (r->currency != NULL && r->amount_minor >= 0)
        csv_number(out, money_text(a, r->amount_minor, r->currency));
    else
        csv_text(out, r->amount);
}

static const char *error_of(const struct batch_row *r)
{
    if (r->refund != 0)
        return str_or(r->refund_error_message, r->refund_error_code);
    if (r->error_message != NULL || r->error_code != NULL)
        return str_or(r->error_message, r->error_code);
    return str_eq(r->verdict, BATCH_VERDICT_OK) ? NULL : str_or(r->verdict_said, r->verdict);
}

static void data_row(struct arena *a, struct buf *out, const struct batch *b,
                     const struct batch_row *r, int64_t number)
{
    struct json_object *cells = cells_of(a, r);
    int64_t updated_ms =
        r->refund_updated_ms > r->updated_ms ? r->refund_updated_ms : r->updated_ms;
    csv_number(out, arena_printf(a, "%" PRId64, number));
    csv_text(out, *r->order_id ? r->order_id : r->txn_id);
    put_amount(a, out, r);
    csv_text(out, r->refund_status);
    csv_text(out, r->unique_request_id != NULL ? r->unique_request_id : r->unique_id);
    csv_text(out, r->gateway_ref);
    for (int i = 1; i <= LIMIT_UDF_COUNT; i++)
        csv_text(out, json_text(a, cells, arena_printf(a, "udf%d", i)));
    csv_text(out, r->status);
    csv_text(out, r->refund_type);
    csv_text(out, error_of(r));
    put_time(a, out, b->created_ms);
    put_time(a, out, updated_ms);
    csv_end_row(out);
}

/* ---- rows to mend ------------------------------------------------------------------------------
 */

static void upload_head(struct buf *out)
{
    int count;
    const struct batch_csv_column *columns = batch_columns(&count);
    for (int i = 0; i < count; i++)
        csv_text(out, columns[i].name);
    csv_end_row(out);
}

static const char *cell_of(struct arena *a, const struct batch_row *r, struct json_object *cells,
                           const char *column)
{
    const struct {
        const char *column, *value;
    } own[] = {
        {"order_id", r->order_id},   {"amount", r->amount},  {"txn_id", r->txn_id},
        {"unique_id", r->unique_id}, {"error", error_of(r)},
    };
    for (size_t i = 0; i < COUNT(own); i++) {
        if (str_eq(own[i].column, column))
            return own[i].value;
    }
    return json_text(a, cells, column);
}

/* Digits with at most one point: as a number; all else as text. */
static void put_cell(struct buf *out, const char *column, const char *value)
{
    struct decimal ignored;
    if (value != NULL && str_ends(column, "amount") &&
        decimal_parse(value, strlen(value), &ignored) == MONEY_OK)
        csv_number(out, value);
    else
        csv_text(out, value);
}

static void upload_row(struct arena *a, struct buf *out, const struct batch_row *r)
{
    int count;
    const struct batch_csv_column *columns = batch_columns(&count);
    struct json_object *cells = cells_of(a, r);
    for (int i = 0; i < count; i++)
        put_cell(out, columns[i].name, cell_of(a, r, cells, columns[i].name));
    csv_end_row(out);
}

/* ---- either ------------------------------------------------------------------------------------
 */

void batch_export_head(struct buf *out, enum batch_export_kind kind)
{
    if (kind == BATCH_EXPORT_DATA)
        data_head(out);
    else
        upload_head(out);
}

bool batch_export_row(struct arena *a, struct buf *out, enum batch_export_kind kind,
                      const struct batch *b, const struct batch_row *r, int64_t number)
{
    if (kind == BATCH_EXPORT_DATA)
        data_row(a, out, b, r, number);
    else if (kind == BATCH_EXPORT_FAILED && !has_run(b) && str_eq(r->verdict, BATCH_VERDICT_OK))
        return false;
    else
        upload_row(a, out, r);
    return true;
}
