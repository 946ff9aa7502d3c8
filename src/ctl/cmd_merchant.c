#include "core/id.h"
#include "core/money.h"
#include "core/str.h"
#include "ctl/commands.h"
#include <stdio.h>
#include <string.h>

enum {
    DEFAULT_HOLD_MS = 60000,
    DEFAULT_REFUND_LIMIT = 25,
    DEFAULT_ORDER_AGE_DAYS = 365,
    DEFAULT_TWIN_WINDOW_MS = 5000,
    MERCHANT_ID_MAX = 255
};

const struct ctl_option merchant_options[] = {
    {"--merchant", "MERCHANT_ID", "which merchant; needed when there are several"},
    {0},
};

const struct ctl_option merchant_add_options[] = {
    {"--name", "TEXT", "as people call it (default: the id)"},
    {"--time-zone", "ZONE", "for times on pages, such as Asia/Kolkata (default UTC)"},
    {"--locale", "LOCALE", "for numbers on pages, such as en_IN (default en)"},
    {"--currency", "CODE", "of orders that name none (default INR)"},
    {"--test", NULL, "test mode: the simulator plays every gateway"},
    {0},
};

struct addition {
    struct ctl *c;
    struct merchant m;
};

static enum rc insert(struct sql *q, void *arg, struct err *e)
{
    struct addition *x = arg;
    enum rc rc = merchants_insert(q, &x->m, e);
    if (rc != RC_OK)
        return rc;
    return ctl_audit(q, x->c, x->m.id, "merchant.added", x->m.merchant_id,
                     (const char *const[]){"name", x->m.name, NULL}, e);
}

enum rc cmd_merchant_add(struct ctl *c, struct err *e)
{
    const char *id = c->arguments[0];
    struct addition x = {
        c,
        {
            .id = id_new(),
            .merchant_id = id,
            .name = str_or(ctl_option(c, "--name"), id),
            .time_zone = str_or(ctl_option(c, "--time-zone"), "UTC"),
            .locale = str_or(ctl_option(c, "--locale"), "en"),
            .default_currency = str_or(ctl_option(c, "--currency"), "INR"),
            .test_mode = ctl_option(c, "--test") != NULL,
            .hold_ms = DEFAULT_HOLD_MS,
            .refund_limit = DEFAULT_REFUND_LIMIT,
            .order_age_days = DEFAULT_ORDER_AGE_DAYS,
            .twin_window_ms = DEFAULT_TWIN_WINDOW_MS,
            .batch_rows = MERCHANT_BATCH_ROWS,
            .created_ms = clock_wall_ms(&c->app.clock),
        },
    };
    if (!*id || !str_printable_ascii(id) || strchr(id, ' ') || strlen(id) > MERCHANT_ID_MAX)
        return ERR(e, RC_INVALID, "A merchant id has 1 to 255 printable characters and no space.",
                   "%s", id);
    if (money_exponent(x.m.default_currency) < 0)
        return ERR(e, RC_INVALID, "--currency is not an ISO 4217 code.", "%s",
                   x.m.default_currency);
    enum rc rc = sql_tx(c->app.db, insert, &x, e);
    if (rc == RC_CONFLICT)
        return ERR(e, RC_CONFLICT, "There is a merchant with this id.", "%s", id);
    if (rc == RC_OK)
        printf("added merchant %s\n", id);
    return rc;
}

struct listing {
    struct ctl *c;
    struct merchant *rows;
    int count;
};

static enum rc read_all(struct sql *q, void *arg, struct err *e)
{
    struct listing *x = arg;
    return merchants_list(q, x->c->arena, &x->rows, &x->count, e);
}

enum rc cmd_merchant_list(struct ctl *c, struct err *e)
{
    struct listing x = {.c = c};
    enum rc rc = sql_read(c->app.db, read_all, &x, e);
    for (int k = 0; rc == RC_OK && k < x.count; k++)
        printf("%-24s %-6s %-4s %-20s %s\n", x.rows[k].merchant_id,
               x.rows[k].test_mode ? "test" : "live", x.rows[k].default_currency,
               x.rows[k].time_zone, x.rows[k].name);
    return rc;
}
