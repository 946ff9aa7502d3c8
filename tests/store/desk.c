#include "desk.h"
#include "core/id.h"
#include "core/limits.h"
#include "sql/queries.h"
#include "store/merchants.h"
#include "support/suite.h"
#include <stdlib.h>

struct desk desk;
struct err desk_error;

void desk_write(sql_fn *fn, void *arg)
{
    struct err e = {0};
    ck_assert_msg(sql_tx(desk.db, fn, arg, &e) == RC_OK, "%s (%s)", e.text, e.detail);
}

void desk_look(sql_fn *fn, void *arg)
{
    struct err e = {0};
    ck_assert_msg(sql_read(desk.db, fn, arg, &e) == RC_OK, "%s (%s)", e.text, e.detail);
}

void desk_refuses(sql_fn *fn, void *arg, enum rc rc)
{
    desk_error = (struct err){0};
    enum rc got = sql_tx(desk.db, fn, arg, &desk_error);
    ck_assert_msg(got == rc, "%s instead of %s: %s", rc_name(got), rc_name(rc), desk_error.detail);
}

static enum rc add_merchant(struct sql *q, void *arg, struct err *e)
{
    struct merchant m = {.id = desk.merchant,
                         .merchant_id = "demo_merchant",
                         .name = "Demo Merchant",
                         .time_zone = "Asia/Kolkata",
                         .locale = "en_IN",
                         .default_currency = "INR",
                         .test_mode = true,
                         .refund_limit = 25,
                         .order_age_days = 365,
                         .twin_window_ms = 5000,
                         .batch_rows = MERCHANT_BATCH_ROWS,
                         .created_ms = 1000};
    (void)arg;
    return merchants_insert(q, &m, e);
}

void desk_open(void)
{
    struct err e = {0};
    struct sql_options options = {.catalog = &sql_catalog_desk, .create = true, .migrate = true};
    desk.arena = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    desk.folder = suite_tmpdir();
    desk.merchant = id_new();
    const char *url = arena_printf(desk.arena, "sqlite:%s/refunddesk.db", desk.folder);
    ck_assert_msg(sql_open(&desk.db, url, &options, &e) == RC_OK, "%s (%s)", e.text, e.detail);
    desk_write(add_merchant, NULL);
}

void desk_close(void)
{
    sql_close(desk.db);
    free(desk.folder);
    arena_free(desk.arena);
}
