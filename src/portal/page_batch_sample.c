/* The sample file: every column, and rows of the merchant's own orders that the core would accept
 * now; the vendor's example values where there is none yet. Nothing is created. */
#include "portal/batch_view.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "core/limits.h"
#include "core/money.h"
#include "refund/batch.h"
#include "refund/create.h"
#include "refund/split.h"
#include "store/order_list.h"
#include "view/csv.h"
#include <string.h>

enum { PLAIN_ROWS = 3, LOOKED_AT = LIMIT_PAGE_ROWS, SPLIT_PARTIES = 3, SAMPLE_HUNDREDTHS = 10050 };

struct candidate {
    struct order_row row;
    struct party *parties; /* of a split settled order */
    int n_parties;
};

struct work {
    struct req *req;
    struct merchant merchant;
    struct candidate *candidates;
    int n;
};

static enum rc read_candidates(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    struct arena *a = w->req->arena;
    struct order_row *rows;
    bool more;
    enum rc rc = merchants_get(q, a, w->req->actor.merchant, &w->merchant, e);
    const struct order_filter filter = {.merchant = w->req->actor.merchant, .tab = TAB_CHARGED};
    const struct list_page page = {.rows = LOOKED_AT};
    if (rc == RC_OK)
        rc = order_list_page(q, a, &filter, &page, &rows, &w->n, &more, e);
    if (rc != RC_OK)
        return rc;
    w->candidates = arena_array(a, LOOKED_AT, sizeof *w->candidates);
    for (int i = 0; rc == RC_OK && i < w->n; i++) {
        struct candidate *c = &w->candidates[i];
        c->row = rows[i];
        if (c->row.order.is_split_settled && c->row.has_txn)
            rc =
                split_of_order(q, a, c->row.order.id, c->row.txn.id, &c->parties, &c->n_parties, e);
    }
    return rc;
}

/* ---- a row that passes -------------------------------------------------------------------------
 */

struct sample {
    const char *order_id, *amount, *txn_id, *unique_id;
    const char *marketplace, *vendor_ids[2], *vendor_amounts[2];
};

static enum rc passes(struct work *w, const struct sample *s, const struct split_ask *split,
                      bool *good, struct err *e)
{
    struct refund_answer answer;
    const struct refund_request ask = {
        .actor = &w->req->actor,
        .source = SOURCE_BATCH,
        .runs_later = true,
        .order_id = s->order_id,
        .txn_id = s->txn_id,
        .unique_request_id = s->unique_id,
        .amount_given = GIVEN_TEXT,
        .amount = s->amount,
        .split = split,
    };
    enum rc rc = refund_judge_only(w->req->app, w->req->arena, &ask, &answer, e);
    *good = rc == RC_OK && answer.cause == CAUSE_NONE;
    return rc;
}

static const char *unique_id(struct work *w, const char *order_id)
{
    return arena_printf(w->req->arena, "SAMPLE_%s", order_id);
}

static enum rc try_plain(struct work *w, const struct candidate *c, struct sample *s, bool *good,
                         struct err *e)
{
    const struct txn *t = &c->row.txn;
    int64_t left = t->amount_minor - t->held_minor;
    *s = (struct sample){
        .order_id = c->row.order.order_id,
        .amount = money_text(w->req->arena, left < SAMPLE_HUNDREDTHS ? left : SAMPLE_HUNDREDTHS,
                             c->row.order.currency),
        .txn_id = t->txn_id,
        .unique_id = unique_id(w, c->row.order.order_id),
    };
    return passes(w, s, NULL, good, e);
}

/* Every party gives back all it has left. */
static enum rc try_split(struct work *w, const struct candidate *c, struct sample *s, bool *good,
                         struct err *e)
{
    struct arena *a = w->req->arena;
    const char *currency = c->row.order.currency;
    struct split_part parts[SPLIT_PARTIES];
    struct split_ask ask = {parts, 0};
    int64_t sum = 0;
    int vendors = 0;
    memset(s, 0, sizeof *s);
    for (int i = 0; i < c->n_parties; i++) {
        const struct party *p = &c->parties[i];
        int64_t left = p->amount_minor - p->given_minor;
        if (left <= 0)
            continue;
        if (ask.n == SPLIT_PARTIES || (*p->party && vendors == SPLIT_PARTIES - 1))
            return RC_OK; /* more vendors than the file has columns for */
        sum += left;
        parts[ask.n] = (struct split_part){p->party, money_text(a, left, currency)};
        if (*p->party) {
            s->vendor_ids[vendors] = p->party;
            s->vendor_amounts[vendors++] = parts[ask.n].amount;
        } else {
            s->marketplace = parts[ask.n].amount;
        }
        ask.n++;
    }
    s->order_id = c->row.order.order_id;
    s->txn_id = c->row.txn.txn_id;
    s->unique_id = unique_id(w, s->order_id);
    s->amount = money_text(a, sum, currency);
    return ask.n > 0 ? passes(w, s, &ask, good, e) : RC_OK;
}

static enum rc choose(struct work *w, struct sample out[PLAIN_ROWS + 1], int *count, struct err *e)
{
    int plain = 0;
    bool has_split = false;
    enum rc rc = RC_OK;
    *count = 0;
    for (int i = 0; rc == RC_OK && i < w->n && *count < PLAIN_ROWS + 1; i++) {
        const struct candidate *c = &w->candidates[i];
        bool is_split = c->n_parties > 0, good = false;
        if (!c->row.has_txn || (is_split ? has_split : plain == PLAIN_ROWS))
            continue;
        rc = is_split ? try_split(w, c, &out[*count], &good, e)
                      : try_plain(w, c, &out[*count], &good, e);
        if (!good)
            continue;
        (*count)++;
        has_split = has_split || is_split;
        plain += !is_split;
    }
    return rc;
}

/* ---- the file ----------------------------------------------------------------------------------
 */

/* The vendor's sample values. */
static const struct sample examples[] = {
    {"ORD_123456789", "100.50", "TXN_987654321", "REFUNIQUE001", NULL, {NULL}, {NULL}},
    {"ORDMARKETPLACE001",
     "1000.00",
     "TXNSPLIT001",
     "REFSPLIT001",
     "100.00",
     {"VENDORELECTRONICS001", "VENDORSHIPPING002"},
     {"600.00", "300.00"}},
};

static void put_number(struct buf *b, const char *text)
{
    if (text)
        csv_number(b, text);
    else
        csv_text(b, NULL);
}

/* The columns stand in the order of batch_columns(). */
static void put(struct arena *a, struct buf *b, const struct sample *s)
{
    csv_text(b, s->order_id);
    put_number(b, s->amount);
    csv_text(b, s->txn_id);
    csv_text(b, s->unique_id);
    put_number(b, s->marketplace);
    for (size_t i = 0; i < sizeof s->vendor_ids / sizeof s->vendor_ids[0]; i++) {
        csv_text(b, s->vendor_ids[i]);
        put_number(b, s->vendor_amounts[i]);
    }
    for (int i = 1; i <= LIMIT_UDF_COUNT; i++)
        csv_text(b, arena_printf(a, "CustomValue%d", i));
    csv_end_row(b);
}

enum rc page_batch_sample(struct req *r, struct reply *p, struct err *e)
{
    struct work w = {.req = r};
    struct sample rows[PLAIN_ROWS + 1];
    struct buf b;
    int n, n_columns;
    const struct batch_csv_column *columns = batch_columns(&n_columns);
    enum rc rc = sql_read(r->app->db, read_candidates, &w, e);
    if (rc == RC_OK)
        rc = choose(&w, rows, &n, e);
    if (rc != RC_OK)
        return rc;
    buf_init(&b, r->arena);
    for (int i = 0; i < n_columns; i++) {
        if (!columns[i].ignored)
            csv_text(&b, columns[i].name);
    }
    csv_end_row(&b);
    for (int i = 0; i < n; i++)
        put(r->arena, &b, &rows[i]);
    for (size_t i = 0; n == 0 && i < sizeof examples / sizeof examples[0]; i++)
        put(r->arena, &b, &examples[i]);
    reply_text(p, 200, "text/csv; charset=utf-8", buf_text(&b));
    reply_header(p, "Content-Disposition", "attachment; filename=\"batch_refunds_sample.csv\"");
    return RC_OK;
}
