/*
 * A row judged before its batch runs: by the validation core on live data, as if the good rows
 * before it in the file existed.
 */
#include "refund/batch_map.h"
#include "refund/batch_rows.h"

#include "core/limits.h"
#include "core/str.h"

#define RECENT_MS (7 * CLOCK_DAY_MS)

/* The facts as they will stand when the good rows before this one exist. */
static void add_rows_before(struct refund_facts *f, struct batch_map *before)
{
    if (!f->has_order)
        return;
    f->counted += *batch_map_at(before, batch_map_key(MAP_COUNT, f->order.id, 0, ""));
    if (!f->has_txn)
        return;
    int64_t held = *batch_map_at(before, batch_map_key(MAP_HELD, f->txn.id, 0, ""));
    f->txn.held_minor += held;
    if (f->refundable_minor >= 0)
        f->refundable_minor -= held;
}

static void remember(const struct refund_facts *f, const struct batch_row *r,
                     struct batch_map *before)
{
    *batch_map_at(before, batch_map_key(MAP_COUNT, f->order.id, 0, "")) += 1;
    *batch_map_at(before, batch_map_key(MAP_HELD, f->txn.id, 0, "")) += f->amount_minor;
    for (int i = 0; i < f->n_parts; i++)
        *batch_map_at(before, batch_map_key(MAP_PARTY, f->txn.id, 0, f->parts[i].party)) +=
            f->parts[i].amount_minor;
    if (r->unique_id != NULL)
        *batch_map_at(before, batch_map_key(MAP_ID, f->order.id, 0, r->unique_id)) = r->line;
    /* Negative: that row has no unique_id of its own. */
    *batch_map_at(before, batch_map_key(MAP_AMOUNT, f->order.id, f->amount_minor, "")) =
        r->unique_id != NULL ? r->line : -r->line;
}

const char *batch_row_twin_said(struct arena *a, const struct batch_row *r, int64_t twin)
{
    return arena_printf(
        a,
        "amount \"%.60s\": line %lld refunds the same order and amount. If both are "
        "meant, give both rows different unique_id values.",
        r->amount, (long long)twin);
}

/* NULL, or why a row before this one stands against it. */
static const char *clash(struct arena *a, const struct refund_facts *f, const struct batch_row *r,
                         struct batch_map *before)
{
    int64_t same_id =
        r->unique_id != NULL
            ? *batch_map_at(before, batch_map_key(MAP_ID, f->order.id, 0, r->unique_id))
            : 0;
    if (same_id != 0)
        return arena_printf(a,
                            "unique_id \"%.60s\": line %lld of this file has the same for this "
                            "order. Give each row another one.",
                            r->unique_id, (long long)same_id);
    int64_t twin =
        *batch_map_at(before, batch_map_key(MAP_AMOUNT, f->order.id, f->amount_minor, ""));
    if (twin == 0 || (twin > 0 && r->unique_id != NULL))
        return NULL;
    return batch_row_twin_said(a, r, twin > 0 ? twin : -twin);
}

static void refuse(struct arena *a, struct batch_row *r, const struct refund_facts *f,
                   enum cause cause)
{
    const struct cause_row *row = cause_row(cause);
    r->verdict = row->code;
    r->verdict_said =
        row->field != NULL ? arena_printf(a, "%s: %s", row->field, row->plain) : row->plain;
    if (cause == CAUSE_SPLIT_OR_BENEFICIARY && f->terms.text != NULL)
        r->verdict_said = f->terms.text;
    if (cause == CAUSE_EXCEEDS && f->refundable_minor >= 0)
        r->verdict_said =
            arena_printf(a, "%s Left: %s %s.", r->verdict_said,
                         money_text(a, f->refundable_minor, f->order.currency), f->order.currency);
}

/* Of a split order: what the rows before take of each party counts too. */
static enum rc clash_of_parties(struct sql *q, struct arena *a, const struct refund_facts *f,
                                struct batch_map *before, const char **said, struct err *e)
{
    struct party *parties;
    int n;
    *said = NULL;
    if (f->n_parts == 0)
        return RC_OK;
    enum rc rc = split_of_order(q, a, f->order.id, f->txn.id, &parties, &n, e);
    for (int i = 0; rc == RC_OK && i < f->n_parts; i++) {
        const struct party *part = &f->parts[i];
        int64_t taken = *batch_map_at(before, batch_map_key(MAP_PARTY, f->txn.id, 0, part->party));
        for (int k = 0; k < n; k++) {
            int64_t left = parties[k].amount_minor - parties[k].given_minor - taken;
            if (taken > 0 && str_eq(parties[k].party, part->party) && part->amount_minor > left)
                *said = arena_printf(
                    a, "%s \"%.60s\": rows before this one leave only %s %s of it.",
                    *part->party ? "vendor" : "marketplace", part->party,
                    money_text(a, left > 0 ? left : 0, f->order.currency), f->order.currency);
        }
    }
    return rc;
}

static enum rc warn(struct sql *q, struct arena *a, const struct refund_facts *f, int64_t now_ms,
                    struct batch_row *r, struct err *e)
{
    const char *file_name = NULL;
    struct refund_twin twin;
    enum rc rc =
        refunds_twin(q, a, &f->txn, f->amount_minor, now_ms - RECENT_MS, r->batch, &twin, e);
    if (rc == RC_OK && twin.unique_request_id != NULL)
        r->warning = arena_printf(a,
                                  "The same amount of this payment was refunded within the last 7 "
                                  "days by %.100s (%.100s).",
                                  twin.initiated_by, twin.unique_request_id);
    if (rc != RC_OK || twin.unique_request_id != NULL)
        return rc;
    rc = batch_rows_waiting(q, a, f->merchant.id, r, &file_name, e);
    if (rc == RC_OK && file_name != NULL)
        r->warning =
            arena_printf(a,
                         "The same order and amount stands in \"%.100s\" too, and is still "
                         "to be refunded from there.",
                         file_name);
    return rc;
}

enum rc batch_row_judge(struct sql *q, struct arena *a, struct batch_map *before,
                        const struct batch_row_ask *ask, int64_t now_ms, struct batch_row *r,
                        struct err *e)
{
    struct refund_facts f;
    enum rc rc = validate_gather(q, a, ask->ask, now_ms, &f, e);
    if (rc != RC_OK)
        return rc;
    add_rows_before(&f, before);
    if (f.has_order)
        r->currency = f.order.currency;
    if (f.has_txn && f.amount_fault == MONEY_OK && ask->ask->early == CAUSE_NONE)
        r->amount_minor = f.amount_minor;
    if (f.has_txn)
        r->gateway = f.txn.gateway;
    r->verdict = BATCH_VERDICT_OK;
    if (ask->problems != NULL) {
        r->verdict = ask->code;
        r->verdict_said = ask->problems;
        return RC_OK;
    }
    enum cause cause = validate_judge(&f);
    if (cause != CAUSE_NONE) {
        refuse(a, r, &f, cause);
        return RC_OK;
    }
    const char *against = clash(a, &f, r, before);
    if (against == NULL)
        rc = clash_of_parties(q, a, &f, before, &against, e);
    if (rc != RC_OK)
        return rc;
    if (against != NULL) {
        r->verdict = cause_row(CAUSE_ID_IN_FLIGHT)->code;
        r->verdict_said = against;
        return RC_OK;
    }
    remember(&f, r, before);
    return warn(q, a, &f, now_ms, r, e);
}
