#include "refund/conflict_form.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/autorefund.h"
#include "store/merchants.h"
#include "store/would.h"

#include <stdlib.h>
#include <string.h>

/* A charge that would have been refunded; its texts are read when it is known to be shown. */
struct hit {
    int64_t txn_row, kept_row; /* kept_row 0: conflicted */
    int64_t amount_minor, created_ms, charged_ms, threshold_minutes;
    char currency[4];
};

struct looking {
    struct arena *arena;
    struct arena *scratch; /* one order at a time */
    int64_t merchant, now_ms;
    const struct conflict_settings *settings;
    struct would *out;
    struct hit hits[LIMIT_WOULD_ROWS]; /* newest first */
    int n_hits;
};

static int64_t since_of(const struct looking *l)
{
    return l->now_ms - WOULD_DAYS * CLOCK_DAY_MS;
}

/* ---- which orders ------------------------------------------------------------------------------
 */

static int by_row_newest_first(const void *x, const void *y)
{
    const struct would_order *a = x, *b = y;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->at_ms < b->at_ms) - (a->at_ms > b->at_ms);
}

static int newest_first(const void *x, const void *y)
{
    const struct would_order *a = x, *b = y;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? 1 : -1;
    return (a->row < b->row) - (a->row > b->row);
}

/* Each once, newest first, at most LIMIT_WOULD_ORDERS. */
static int choose(struct would_order *orders, int n, bool *cut)
{
    int kept = 0;
    qsort(orders, (size_t)n, sizeof *orders, by_row_newest_first);
    for (int i = 0; i < n; i++)
        if (kept == 0 || orders[kept - 1].row != orders[i].row)
            orders[kept++] = orders[i];
    qsort(orders, (size_t)kept, sizeof *orders, newest_first);
    *cut = kept > LIMIT_WOULD_ORDERS;
    return *cut ? LIMIT_WOULD_ORDERS : kept;
}

/* Orders that are too old to be refunded are none of it. */
static enum rc find_orders(struct sql *q, struct looking *l, struct would_order **out, int *count,
                           struct err *e)
{
    const int most = LIMIT_WOULD_ORDERS + 1;
    struct would_order *orders = arena_array(l->arena, 2 * (size_t)most, sizeof *orders);
    struct merchant m;
    int n = 0;
    enum rc rc = merchants_get(q, l->arena, l->merchant, &m, e);
    if (rc == RC_OK)
        rc = would_late(q, l->merchant, since_of(l), most, orders, &n, e);
    if (rc == RC_OK)
        rc = would_multiple(q, l->merchant, l->now_ms - m.order_age_days * CLOCK_DAY_MS,
                            since_of(l), most, orders, &n, e);
    *out = orders;
    *count = choose(orders, n, &l->out->cut);
    return rc;
}

/* ---- what of them ------------------------------------------------------------------------------
 */

static void keep_newest(struct looking *l, const struct hit *hit)
{
    int at = l->n_hits;
    while (at > 0 && l->hits[at - 1].charged_ms < hit->charged_ms)
        at--;
    if (at == LIMIT_WOULD_ROWS)
        return;
    if (l->n_hits < LIMIT_WOULD_ROWS)
        l->n_hits++;
    memmove(&l->hits[at + 1], &l->hits[at], (size_t)(l->n_hits - 1 - at) * sizeof *hit);
    l->hits[at] = *hit;
}

static struct would_total *total_of(struct would *w, struct arena *a, const char *currency)
{
    for (int i = 0; i < w->n_totals; i++)
        if (str_eq(w->totals[i].currency, currency))
            return &w->totals[i];
    CHECK(w->n_totals < LIMIT_CURRENCIES);
    w->totals[w->n_totals].currency = arena_strdup(a, currency);
    return &w->totals[w->n_totals++];
}

static void add(struct looking *l, const struct hit *hit)
{
    struct would_total *t = total_of(l->out, l->arena, hit->currency);
    int64_t *sum = hit->kept_row ? &t->multiple_minor : &t->conflicted_minor;
    *(hit->kept_row ? &t->multiple : &t->conflicted) += 1;
    t->too_large |= __builtin_add_overflow(*sum, hit->amount_minor, sum);
    l->out->count++;
    keep_newest(l, hit);
}

static void judge(struct looking *l, const struct would_charge *charges, int n, bool is_split)
{
    struct auto_txn txns[LIMIT_ORDER_TXNS] = {0};
    for (int i = 0; i < n; i++) {
        txns[i].txn_id = charges[i].txn_id;
        txns[i].gateway = charges[i].gateway;
        txns[i].amount_minor = charges[i].charged_minor;
        txns[i].is_short = charges[i].is_short;
        txns[i].created_ms = charges[i].created_ms;
        txns[i].charged_ms = charges[i].charged_ms;
    }
    int kept = autorefund_judge(l->settings, is_split, false, txns, n);
    for (int i = 0; i < n; i++) {
        const struct would_charge *c = &charges[i];
        struct hit hit = {.txn_row = c->txn_row,
                          .amount_minor = c->amount_minor,
                          .created_ms = c->created_ms,
                          .charged_ms = c->charged_ms,
                          .threshold_minutes = txns[i].threshold_minutes};
        bool recent = c->charged_ms >= since_of(l) && c->amount_minor > 0;
        if (!recent || txns[i].verdict == AUTO_NOTHING)
            continue;
        if (!txns[i].refund) {
            l->out->shown_only++;
            continue;
        }
        if (txns[i].verdict == AUTO_MULTIPLE)
            hit.kept_row = charges[kept].txn_row;
        CHECK(str_copy(hit.currency, sizeof hit.currency, c->currency));
        add(l, &hit);
    }
}

static enum rc judge_orders(struct sql *q, struct looking *l, struct err *e)
{
    struct would_charge charges[LIMIT_ORDER_TXNS];
    struct would_order *orders;
    int n_orders = 0;
    enum rc rc = find_orders(q, l, &orders, &n_orders, e);
    for (int i = 0; rc == RC_OK && i < n_orders; i++) {
        bool is_split = false;
        int n = 0;
        arena_clear(l->scratch);
        rc = would_charges(q, l->scratch, orders[i].row, charges, &n, &is_split, e);
        if (rc == RC_OK)
            judge(l, charges, n, is_split);
    }
    return rc;
}

/* ---- what is shown -----------------------------------------------------------------------------
 */

static enum rc show(struct sql *q, struct looking *l, const struct hit *hit, struct would_row *row,
                    struct err *e)
{
    const char *order_id, *gateway;
    *row = (struct would_row){.currency = arena_strdup(l->arena, hit->currency),
                              .amount_minor = hit->amount_minor,
                              .created_ms = hit->created_ms,
                              .charged_ms = hit->charged_ms,
                              .threshold_minutes = hit->threshold_minutes,
                              .multiple = hit->kept_row != 0};
    enum rc rc =
        would_name(q, l->arena, hit->txn_row, &row->order_id, &row->txn_id, &row->gateway, e);
    if (rc == RC_OK && hit->kept_row)
        rc = would_name(q, l->arena, hit->kept_row, &order_id, &row->kept_txn_id, &gateway, e);
    return rc;
}

static enum rc look(struct sql *q, void *arg, struct err *e)
{
    struct looking *l = arg;
    struct would *w = l->out;
    *w = (struct would){.totals = arena_array(l->arena, LIMIT_CURRENCIES, sizeof *w->totals)};
    l->n_hits = 0;
    enum rc rc = judge_orders(q, l, e);
    w->rows = arena_array(l->arena, (size_t)l->n_hits + 1, sizeof *w->rows);
    for (int i = 0; rc == RC_OK && i < l->n_hits; i++)
        rc = show(q, l, &l->hits[i], &w->rows[w->n_rows++], e);
    return rc;
}

enum rc conflict_would(struct app *app, struct arena *a, int64_t merchant,
                       const struct conflict_settings *s, struct would *out, struct err *e)
{
    struct looking *l = arena_alloc(a, sizeof *l);
    l->arena = a;
    l->scratch = arena_new(LIMIT_ARENA_REQUEST_BYTES);
    l->merchant = merchant;
    l->now_ms = clock_wall_ms(&app->clock);
    l->settings = s;
    l->out = out;
    enum rc rc = sql_read(app->db, look, l, e);
    arena_free(l->scratch);
    return rc;
}
