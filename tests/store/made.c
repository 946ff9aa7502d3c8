#include "made.h"

#include "core/id.h"
#include "core/limits.h"
#include "desk.h"
#include "store/merchants.h"
#include "support/suite.h"
#include <inttypes.h>
#include <stdlib.h>

int made_below(struct made_rng *r, int n)
{
    /* xorshift64 */
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return (int)(r->state % (uint64_t)n);
}

bool made_one_in(struct made_rng *r, int n)
{
    return made_below(r, n) == 0;
}

/* ---- rows
 * ---------------------------------------------------------------------------------------- */

struct made_order made_order(int64_t merchant, const char *order_id)
{
    struct arena *a = desk.arena;
    return (struct made_order){
        .order = {.merchant = merchant,
                  .order_id = order_id,
                  .public_id = arena_printf(a, "ordeh_%s", order_id),
                  .status = "CHARGED",
                  .amount_minor = 50000,
                  .effective_minor = 50000,
                  .currency = "INR",
                  .offer_minimum_minor = -1,
                  .facts = "{}",
                  .created_ms = MADE_T0_MS,
                  .updated_ms = MADE_T0_MS},
        .txn = {.txn_id = arena_printf(a, "demo-%s-1", order_id),
                .status = "CHARGED",
                .net_minor = -1,
                .tax_minor = -1,
                .surcharge_minor = -1,
                .gateway = "RAZORPAY",
                .payment_id = arena_printf(a, "pay_%s", order_id),
                .facts = "{}"},
        .has_txn = true,
        .charged = true,
    };
}

struct batch {
    struct made_order *orders;
    const struct refund *refunds;
    int n;
};

static enum rc insert_order(struct sql *q, struct made_order *o, struct err *e)
{
    struct order *order = &o->order;
    order->id = id_new();
    o->txn.id = o->has_txn ? id_new() : 0;
    o->txn.merchant = order->merchant;
    o->txn.order_row = order->id;
    o->txn.currency = order->currency;
    o->txn.amount_minor = order->amount_minor;
    o->txn.created_ms = order->created_ms;
    o->txn.charged_ms = o->charged ? order->created_ms + 1 : 0;
    enum rc rc = orders_insert(q, order, orders_key(desk.arena, order->order_id), e);
    if (rc != RC_OK || !o->has_txn)
        return rc;
    rc = txns_insert(q, &o->txn, e);
    order->kept_txn = o->charged ? o->txn.id : 0;
    if (rc == RC_OK)
        rc = orders_update(q, order, e);
    order->is_conflicted = o->txn.is_conflicted;
    return rc == RC_OK && order->is_multiple ? orders_mark(q, order, e) : rc;
}

static enum rc insert_orders(struct sql *q, void *arg, struct err *e)
{
    struct batch *b = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < b->n; i++) {
        b->orders[i].order.kept_txn = 0;
        rc = insert_order(q, &b->orders[i], e);
    }
    return rc;
}

void made_insert_orders(struct made_order *rows, int n)
{
    struct batch b = {.orders = rows, .n = n};
    desk_write(insert_orders, &b);
}

struct refund made_refund(const struct made_order *o, const char *unique_request_id)
{
    return (struct refund){.id = id_new(),
                           .merchant = o->order.merchant,
                           .order_row = o->order.id,
                           .txn_row = o->txn.id,
                           .unique_request_id = unique_request_id,
                           .amount_minor = 100,
                           .currency = o->order.currency,
                           .state = "QUEUED",
                           .status = "PENDING",
                           .refund_type = "STANDARD",
                           .reason = "GOODWILL",
                           .source = "PORTAL",
                           .initiated_by = "maker",
                           .gateway = "RAZORPAY",
                           .created_ms = MADE_T0_MS,
                           .hold_until_ms = MADE_T0_MS,
                           .updated_ms = MADE_T0_MS};
}

static enum rc insert_refunds(struct sql *q, void *arg, struct err *e)
{
    const struct batch *b = arg;
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < b->n; i++)
        rc = refunds_insert(q, &b->refunds[i], e);
    return rc;
}

void made_insert_refunds(const struct refund *rows, int n)
{
    struct batch b = {.refunds = rows, .n = n};
    desk_write(insert_refunds, &b);
}

static enum rc add_other_merchant(struct sql *q, void *arg, struct err *e)
{
    struct merchant m;
    int64_t *id = arg;
    enum rc rc = merchants_get(q, desk.arena, desk.merchant, &m, e);
    *id = m.id = desk.merchant + 1;
    m.merchant_id = "other_merchant";
    return rc == RC_OK ? merchants_insert(q, &m, e) : rc;
}

int64_t made_other_merchant(void)
{
    int64_t id = 0;
    desk_write(add_other_merchant, &id);
    return id;
}

/* ---- the model
 * ----------------------------------------------------------------------------------- */

int made_compare(const struct made_key *a, const struct made_key *b, bool ascending)
{
    int by_value = (a->value > b->value) - (a->value < b->value);
    int by_id = (a->id > b->id) - (a->id < b->id);
    int order = by_value != 0 ? by_value : by_id;
    return ascending ? order : -order;
}

static int compare_up(const void *a, const void *b)
{
    return made_compare(a, b, true);
}

static int compare_down(const void *a, const void *b)
{
    return made_compare(a, b, false);
}

void made_sort(struct made_key *keys, int n, bool ascending)
{
    qsort(keys, (size_t)n, sizeof *keys, ascending ? compare_up : compare_down);
}

static void same_rows(const struct made_key *got, const struct made_key *want, int n,
                      const char *what)
{
    for (int i = 0; i < n; i++) {
        ck_assert_msg(got[i].id == want[i].id && got[i].value == want[i].value,
                      "%s: row %d is %" PRId64 "/%" PRId64 ", not %" PRId64 "/%" PRId64, what, i,
                      got[i].value, got[i].id, want[i].value, want[i].id);
    }
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

void made_walk(made_ask *ask, void *ctx, struct list_page page, const struct made_key *want, int n,
               const char *what)
{
    struct made_key got[LIMIT_PAGE_ROWS];
    bool more = true;
    int at = 0, count = 0;
    page.move = LIST_FIRST;
    while (more) {
        count = ask(ctx, &page, got, &more);
        ck_assert_msg(count == smaller(page.rows, n - at), "%s: %d rows at %d of %d", what, count,
                      at, n);
        same_rows(got, want + at, count, what);
        at += count;
        ck_assert_msg(more == (at < n), "%s: more is wrong at %d of %d", what, at, n);
        page.move = LIST_NEXT;
        page.key_value = at > 0 ? want[at - 1].value : 0;
        page.key_id = at > 0 ? want[at - 1].id : 0;
    }
    at -= count; /* the first row of the last page */
    page.move = LIST_PREVIOUS;
    while (n > 0 && at >= 0) {
        page.key_value = want[at].value;
        page.key_id = want[at].id;
        count = ask(ctx, &page, got, &more);
        ck_assert_msg(count == smaller(page.rows, at), "%s: %d rows before %d", what, count, at);
        at -= count;
        same_rows(got, want + at, count, what);
        ck_assert_msg(more == (at > 0), "%s: more is wrong before %d", what, at);
        if (count == 0)
            break;
    }
}
