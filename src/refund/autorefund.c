#include "refund/autorefund.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/autorefund_parts.h"
#include "refund/machine.h"
#include "refund/order_news_parts.h"

#include <string.h>

#define MORE     "The payment that is kept does not pay the order, and is less: a person decides."
#define LEAST_MS INT64_C(60000) /* no threshold is less than a minute */

static bool has_succeeded(const char *status)
{
    const struct order_status *known = order_status_find(status);
    return known != NULL && known->cls == CLASS_REFUNDABLE;
}

/* ---- is there anything to judge? ----------------------------------------------------------------
 */

/* The desk has made something of one of them before. */
static bool is_marked(const struct txn *txns, int n)
{
    for (int i = 0; i < n; i++) {
        if (txns[i].told_status != NULL || txns[i].is_conflicted)
            return true;
    }
    return false;
}

bool autorefund_concerns(const struct txn *txns, int n)
{
    int succeeded = 0;
    for (int i = 0; i < n; i++) {
        if (!has_succeeded(txns[i].status))
            continue;
        succeeded++;
        if (txns[i].charged_ms - txns[i].created_ms > LEAST_MS)
            return true;
    }
    return succeeded > 1 || is_marked(txns, n);
}

static struct auto_txn facts_of(const struct order *o, const struct txn *t)
{
    return (struct auto_txn){.txn_id = t->txn_id,
                             .gateway = t->gateway,
                             .amount_minor = t->amount_minor,
                             .is_short = t->is_payers_word && t->amount_minor < o->amount_minor,
                             .created_ms = t->created_ms,
                             .charged_ms = t->charged_ms,
                             .is_imported = t->is_imported,
                             .is_gone = !order_status_is_charged(txns_told(t))};
}

/* By the transactions alone: nothing is late, and nothing is charged beside another. */
static bool is_plain(const struct settling *s, const struct txn *txns, int n)
{
    struct auto_txn *facts = arena_array(s->arena, (size_t)n + 1, sizeof *facts);
    int succeeded = 0;
    if (is_marked(txns, n))
        return false;
    for (int i = 0; i < n; i++) {
        if (has_succeeded(txns[i].status))
            facts[succeeded++] = facts_of(s->order, &txns[i]);
    }
    (void)autorefund_judge(&s->settings, s->order->is_split_payment, true, facts, succeeded);
    return succeeded == 0 || (succeeded == 1 && facts[0].verdict == AUTO_NOTHING);
}

/* ---- what there is ------------------------------------------------------------------------------
 */

/* Not sent, and the machine lets go of it. */
static bool can_be_taken_back(const struct refund *r)
{
    enum refund_state state;
    CHECK(machine_state_parse(r->state, &state));
    return machine_step(state, EVENT_CANCEL, r->sent).verdict == VERDICT_MOVE;
}

/* Made before the settings were changed: they look at what comes after them only. */
static bool is_older(const struct conflict *c, bool is_on, int64_t since_ms)
{
    return !is_on || c->updated_ms < since_ms;
}

static void stand(const struct conflict_settings *s, struct subject *j)
{
    const struct conflict *c = &j->conflict;
    bool conflicted = str_eq(c->kind, KIND_CONFLICTED);
    if (c->txn_row == 0)
        return;
    bool older = conflicted ? is_older(c, s->refund_conflicted, s->conflicted_since_ms)
                            : is_older(c, s->refund_multiple, s->multiple_since_ms);
    if (!older)
        return;
    j->facts.standing_minutes = c->threshold_minutes;
    if (j->is_live)
        j->facts.standing = conflicted ? AUTO_CONFLICTED : AUTO_MULTIPLE;
}

static enum rc gather_refund(struct settling *s, struct subject *j, struct err *e)
{
    enum rc rc = RC_OK;
    j->facts.is_decided = str_eq(j->conflict.state, STATE_CANCELLED);
    if (str_eq(j->conflict.state, STATE_REFUNDED)) {
        rc = refunds_get(s->q, s->arena, j->conflict.refund_row, &j->refund, e);
        j->is_live = rc == RC_OK && can_be_taken_back(&j->refund);
        j->is_sent = rc == RC_OK && !j->is_live;
        j->facts.is_gone = j->facts.is_gone || j->is_sent;
    }
    if (rc == RC_OK)
        stand(&s->settings, j);
    return rc;
}

static enum rc gather(struct settling *s, struct err *e)
{
    struct txn *txns;
    struct conflict *conflicts;
    int n_txns, n_conflicts;
    enum rc rc = txns_of_order(s->q, s->arena, s->order->id, &txns, &n_txns, e);
    if (rc == RC_OK)
        rc = conflicts_of_order(s->q, s->arena, s->order->id, &conflicts, &n_conflicts, e);
    if (rc != RC_OK)
        return rc;
    s->subjects = arena_array(s->arena, (size_t)n_txns + 1, sizeof *s->subjects);
    for (int i = 0; rc == RC_OK && i < n_txns; i++) {
        if (!has_succeeded(txns_told(&txns[i])))
            continue;
        struct subject *j = &s->subjects[s->n++];
        j->txn = txns[i];
        j->facts = facts_of(s->order, &txns[i]);
        for (int k = 0; k < n_conflicts; k++) {
            if (conflicts[k].txn_row == txns[i].id)
                j->conflict = conflicts[k];
        }
        rc = gather_refund(s, j, e);
    }
    return rc;
}

static void judge(struct settling *s)
{
    struct auto_txn *facts = arena_array(s->arena, (size_t)s->n + 1, sizeof *facts);
    for (int i = 0; i < s->n; i++)
        facts[i] = s->subjects[i].facts;
    int kept = autorefund_judge(&s->settings, s->order->is_split_payment, true, facts, s->n);
    s->kept_txn = kept >= 0 ? s->subjects[kept].txn.id : 0;
    for (int i = 0; i < s->n; i++)
        s->subjects[i].facts = facts[i];
}

/* ---- bringing it there --------------------------------------------------------------------------
 */

static const char *kind_of(enum auto_verdict verdict)
{
    return verdict == AUTO_CONFLICTED ? KIND_CONFLICTED : KIND_MULTIPLE;
}

/* Its refund stays: for what it was made for. An import never makes another one of it. */
static bool holds(const struct settling *s, const struct subject *j)
{
    return j->is_live && j->facts.refund &&
           (s->imported || str_eq(j->conflict.kind, kind_of(j->facts.verdict)));
}

static enum rc keep(struct settling *s, struct subject *j, struct err *e)
{
    bool refund = j->facts.refund && !s->imported;
    if (j->is_live && holds(s, j))
        return conflict_keep(s, j, STATE_REFUNDED, NULL, e);
    if (refund)
        return auto_refund_make(s, j, e);
    if (j->facts.verdict != AUTO_NOTHING)
        return conflict_keep(s, j, STATE_SHOWN, j->facts.is_more ? MORE : NULL, e);
    return conflict_forget(s, j, e);
}

static enum rc mark(struct settling *s, struct subject *j, struct err *e)
{
    const struct txn *t = &j->txn;
    const char *told = txns_told(t);
    bool refunded = str_eq(j->conflict.state, STATE_REFUNDED);
    bool conflicted = j->facts.is_decided || autorefund_is_late(&j->facts) ||
                      (j->is_sent && str_eq(j->conflict.kind, KIND_CONFLICTED));
    const char *status = refunded ? STATUS_AUTO_REFUNDED : told;
    const char *told_status = refunded ? told : NULL;
    if (str_eq(t->status, status) && t->is_conflicted == conflicted &&
        (t->told_status == NULL) == (told_status == NULL))
        return RC_OK;
    s->changed = true;
    j->txn.status = status;
    j->txn.told_status = told_status;
    j->txn.is_conflicted = conflicted;
    return txns_update(s->q, &j->txn, e);
}

static enum rc bring(struct settling *s, struct err *e)
{
    enum rc rc = RC_OK;
    for (int i = 0; rc == RC_OK && i < s->n; i++) {
        struct subject *j = &s->subjects[i];
        if (j->is_live && !holds(s, j))
            rc = auto_refund_take_back(s, j, e);
    }
    for (int i = 0; rc == RC_OK && i < s->n; i++) {
        struct subject *j = &s->subjects[i];
        if (!j->is_sent && !j->facts.is_decided)
            rc = keep(s, j, e);
        if (rc == RC_OK)
            rc = mark(s, j, e);
    }
    return rc;
}

enum rc autorefund_settle(struct sql *q, struct arena *a, const struct order *o,
                          const struct txn *txns, int n, bool imported, int64_t now_ms,
                          struct announce_later *later, bool *changed, struct err *e)
{
    struct settling s = {
        .later = later, .q = q, .arena = a, .order = o, .imported = imported, .now_ms = now_ms};
    *changed = false;
    enum rc rc = conflict_settings_get(q, a, o->merchant, &s.settings, e);
    if (rc != RC_OK || is_plain(&s, txns, n))
        return rc;
    rc = gather(&s, e);
    if (rc != RC_OK)
        return rc;
    judge(&s);
    rc = bring(&s, e);
    *changed = s.changed;
    return rc;
}

/* ---- taken back by a person ---------------------------------------------------------------------
 */

static enum rc decide(struct sql *q, struct arena *a, const struct refund *r, int64_t now_ms,
                      struct err *e)
{
    struct conflict *conflicts;
    int n;
    enum rc rc = conflicts_of_order(q, a, r->order_row, &conflicts, &n, e);
    for (int i = 0; rc == RC_OK && i < n; i++) {
        if (conflicts[i].txn_row != r->txn_row)
            continue;
        conflicts[i].state = STATE_CANCELLED;
        conflicts[i].said = r->error_message;
        conflicts[i].updated_ms = now_ms;
        rc = conflicts_put(q, &conflicts[i], e);
    }
    return rc;
}

static enum rc resettle(struct sql *q, struct arena *a, struct order *o, int64_t now_ms,
                        struct err *e)
{
    struct telling x = {.q = q, .arena = a, .at_ms = now_ms, .now_ms = now_ms};
    const char *was = o->status;
    enum rc rc = txn_news_settle(&x, o, e);
    return rc == RC_OK ? txn_news_finish(&x, o, was, e) : rc;
}

enum rc autorefund_returned(struct sql *q, struct arena *a, const struct refund *r, int64_t now_ms,
                            struct err *e)
{
    struct txn t;
    struct order o;
    enum rc rc = decide(q, a, r, now_ms, e);
    if (rc == RC_OK)
        rc = txns_get(q, a, r->txn_row, &t, e);
    if (rc == RC_OK)
        rc = orders_get(q, a, r->order_row, &o, e);
    if (rc != RC_OK)
        return rc;
    t.status = txns_told(&t);
    t.told_status = NULL;
    t.is_conflicted = true;
    rc = txns_update(q, &t, e);
    return rc == RC_OK ? resettle(q, a, &o, now_ms, e) : rc;
}

enum rc autorefund_freed(struct sql *q, struct arena *a, const struct refund *r, int64_t now_ms,
                         struct err *e)
{
    struct order o;
    enum rc rc = orders_get(q, a, r->order_row, &o, e);
    return rc == RC_OK && (o.is_conflicted || o.is_multiple) ? resettle(q, a, &o, now_ms, e) : rc;
}
