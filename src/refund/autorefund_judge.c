#include "refund/autorefund.h"

#include "core/str.h"

#include <string.h>

#define SECOND_MS INT64_C(1000) /* news tell no less */
#define MINUTE_MS INT64_C(60000)

static int64_t threshold_of(const struct conflict_settings *s, const struct auto_txn *t)
{
    if (t->standing_minutes != 0)
        return t->standing_minutes;
    for (int i = 0; i < s->n_gateways; i++) {
        if (str_eq(s->gateways[i].gateway, t->gateway))
            return s->gateways[i].threshold_minutes;
    }
    return s->threshold_minutes;
}

bool autorefund_is_late(const struct auto_txn *t)
{
    return t->charged_ms - t->created_ms > t->threshold_minutes * MINUTE_MS;
}

/* Whether a refund for `verdict` may be made, or stays where it was made. */
static bool is_acted_on(const struct auto_txn *t, enum auto_verdict verdict, bool is_on, bool since,
                        int64_t since_ms)
{
    if (t->is_gone || t->is_decided)
        return false;
    if (t->standing == verdict)
        return true;
    return is_on && !t->is_imported &&
           (!since || t->charged_ms / SECOND_MS >= since_ms / SECOND_MS);
}

static bool is_before(const struct auto_txn *a, const struct auto_txn *b)
{
    if (a->charged_ms != b->charged_ms)
        return a->charged_ms < b->charged_ms;
    if (a->created_ms != b->created_ms)
        return a->created_ms < b->created_ms;
    return strcmp(a->txn_id, b->txn_id) < 0;
}

static bool is_candidate(const struct auto_txn *t)
{
    return !t->refund && !t->is_gone && !t->is_decided;
}

int autorefund_judge(const struct conflict_settings *s, bool is_split_payment, bool since,
                     struct auto_txn *txns, int n)
{
    int kept = -1;
    for (int i = 0; i < n; i++) {
        struct auto_txn *t = &txns[i];
        t->threshold_minutes = threshold_of(s, t);
        t->verdict = autorefund_is_late(t) ? AUTO_CONFLICTED : AUTO_NOTHING;
        t->refund =
            t->verdict == AUTO_CONFLICTED &&
            is_acted_on(t, AUTO_CONFLICTED, s->refund_conflicted, since, s->conflicted_since_ms);
        if (is_candidate(t) && (kept < 0 || is_before(t, &txns[kept])))
            kept = i;
    }
    for (int i = 0; i < n && !is_split_payment; i++) {
        struct auto_txn *t = &txns[i];
        if (i == kept || !is_candidate(t))
            continue;
        t->is_more = txns[kept].is_short && t->amount_minor > txns[kept].amount_minor;
        t->refund = !t->is_more &&
                    is_acted_on(t, AUTO_MULTIPLE, s->refund_multiple, since, s->multiple_since_ms);
        if (t->refund || t->verdict == AUTO_NOTHING)
            t->verdict = AUTO_MULTIPLE;
    }
    return kept;
}
