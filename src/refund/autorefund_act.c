#include "refund/autorefund_parts.h"

#include "core/clock.h"
#include "core/digest.h"
#include "core/str.h"
#include "refund/apply.h"
#include "refund/occasion_facts.h"
#include "refund/validate.h"
#include "store/audit.h"

#include <string.h>

#define ACTOR     "desk"
#define ID_PREFIX "AR"
#define ID_DIGITS 14

/* ---- conflicts ----------------------------------------------------------------------------------
 */

static bool is_same(const struct conflict *a, const struct conflict *b)
{
    return str_eq(a->kind, b->kind) && str_eq(a->state, b->state) &&
           a->initiated_ms == b->initiated_ms && a->success_ms == b->success_ms &&
           a->threshold_minutes == b->threshold_minutes && a->kept_txn == b->kept_txn &&
           str_eq(str_or(a->said, ""), str_or(b->said, "")) && a->refund_row == b->refund_row &&
           a->rounds == b->rounds;
}

/* One mail for each conflict, ever; another one when its refund is refused. */
static enum rc tell(struct settling *s, const struct subject *j, bool is_new, struct err *e)
{
    const struct conflict *c = &j->conflict;
    const struct refund *refund = str_eq(c->state, STATE_REFUNDED) ? &j->refund : NULL;
    const char *also = s->settings.notify ? s->settings.emails : NULL;
    enum rc rc = RC_OK;
    if (is_new)
        rc = occasion_of_conflict(s->q, s->arena, OCCASION_STATUS_CONFLICT, s->order->order_id,
                                  &j->txn, c, refund, also, s->now_ms, e);
    if (rc == RC_OK && str_eq(c->state, STATE_REFUSED))
        rc = occasion_of_conflict(s->q, s->arena, OCCASION_AUTO_REFUND_FAILED, s->order->order_id,
                                  &j->txn, c, NULL, also, s->now_ms, e);
    return rc;
}

enum rc conflict_keep(struct settling *s, struct subject *j, const char *state, const char *said,
                      struct err *e)
{
    const struct conflict was = j->conflict;
    bool conflicted = j->facts.verdict == AUTO_CONFLICTED;
    struct conflict *c = &j->conflict;
    c->txn_row = j->txn.id;
    c->merchant = j->txn.merchant;
    c->order_row = j->txn.order_row;
    c->kind = conflicted ? KIND_CONFLICTED : KIND_MULTIPLE;
    c->state = state;
    c->initiated_ms = j->txn.created_ms;
    c->success_ms = j->txn.charged_ms;
    c->threshold_minutes = conflicted ? j->facts.threshold_minutes : 0;
    c->kept_txn = conflicted ? 0 : s->kept_txn;
    c->said = said;
    if (is_same(&was, c))
        return RC_OK;
    if (was.txn_row == 0)
        c->first_ms = s->now_ms;
    c->updated_ms = s->now_ms;
    c->kept_txn_id = NULL;
    for (int i = 0; i < s->n; i++) {
        if (s->subjects[i].txn.id == c->kept_txn)
            c->kept_txn_id = s->subjects[i].txn.txn_id;
    }
    enum rc rc = conflicts_put(s->q, c, e);
    if (rc == RC_OK && !s->imported && !j->txn.is_imported)
        rc = tell(s, j, was.txn_row == 0, e);
    return rc;
}

enum rc conflict_forget(struct settling *s, struct subject *j, struct err *e)
{
    struct conflict *c = &j->conflict;
    if (c->txn_row == 0 || str_eq(c->state, STATE_WITHDRAWN))
        return RC_OK;
    if (c->rounds == 0)
        return conflicts_drop(s->q, c->txn_row, e);
    c->state = STATE_WITHDRAWN;
    c->said = NULL;
    c->updated_ms = s->now_ms;
    return conflicts_put(s->q, c, e);
}

/* ---- making a refund ----------------------------------------------------------------------------
 */

/* The same news twice make the same id. */
static const char *request_id(struct arena *a, const struct subject *j)
{
    const char *of = arena_printf(a, "%lld/%lld/%lld", (long long)j->txn.merchant,
                                  (long long)j->txn.id, (long long)j->conflict.rounds);
    return arena_printf(a, ID_PREFIX "%.*s", ID_DIGITS, digest_sha256_hex(a, of, strlen(of)));
}

/* More than may go by itself in a day. */
static enum rc is_above_ceiling(struct settling *s, const struct subject *j, bool *above,
                                struct err *e)
{
    const struct conflict_ceiling *ceiling = NULL;
    int64_t sum_minor = 0;
    *above = false;
    for (int i = 0; i < s->settings.n_ceilings; i++) {
        if (str_eq(s->settings.ceilings[i].currency, j->txn.currency))
            ceiling = &s->settings.ceilings[i];
    }
    if (ceiling == NULL)
        return RC_OK;
    enum rc rc = refunds_auto_since(s->q, j->txn.merchant, j->txn.currency,
                                    s->now_ms - CLOCK_DAY_MS, &sum_minor, e);
    int64_t rest_minor = j->txn.amount_minor - j->txn.held_minor;
    *above = __builtin_add_overflow(sum_minor, rest_minor, &sum_minor) ||
             sum_minor > ceiling->daily_minor;
    return rc;
}

static enum rc ask(struct settling *s, const struct subject *j, struct refund_answer *answer,
                   struct err *e)
{
    const struct actor actor = {
        .kind = ACTOR_WORKER, .merchant = j->txn.merchant, .name = STATUS_AUTO_REFUNDED};
    struct refund_request req = {
        .actor = &actor,
        .source = SOURCE_AUTO,
        .order_id = s->order->order_id,
        .txn_id = j->txn.txn_id,
        .unique_request_id = request_id(s->arena, j),
        .later = s->later,
        .reason = j->facts.verdict == AUTO_CONFLICTED ? "DELAYED_SUCCESS" : "DUPLICATE_PAYMENT",
    };
    enum rc rc = is_above_ceiling(s, j, &req.awaits_approval, e);
    if (rc != RC_OK)
        return rc;
    return refund_create_in(s->q, s->arena, validate_ask(s->arena, &req, NULL), s->now_ms, answer,
                            e);
}

enum rc auto_refund_make(struct settling *s, struct subject *j, struct err *e)
{
    struct refund_answer answer;
    enum rc rc = ask(s, j, &answer, e);
    if (rc != RC_OK)
        return rc;
    if (answer.cause == CAUSE_EXCEEDS)
        return conflict_keep(s, j, STATE_SHOWN, "Nothing is left of it to refund.", e);
    if (answer.cause != CAUSE_NONE)
        return conflict_keep(s, j, STATE_REFUSED,
                             str_or(answer.detail, cause_row(answer.cause)->plain), e);
    const struct conflict was = j->conflict;
    j->refund = answer.refund;
    j->txn.held_minor += answer.refund.amount_minor;
    j->conflict.refund_row = answer.refund.id;
    j->conflict.rounds = was.rounds + 1;
    return conflict_keep(s, j, STATE_REFUNDED, NULL, e);
}

/* ---- taking one back ----------------------------------------------------------------------------
 */

enum rc auto_refund_take_back(struct settling *s, struct subject *j, struct err *e)
{
    const struct refund_news news = {
        .actor = ACTOR,
        .error_code = "CANCELLED",
        .error_message = "Other news of the payment came: there is nothing to give back",
        .is_taken_back = true,
        .later = s->later,
    };
    const struct refund *r = &j->refund;
    const struct audit_entry entry = {
        .merchant = r->merchant,
        .at_ms = s->now_ms,
        .actor = ACTOR,
        .action = "refund.cancelled",
        .subject = arena_printf(s->arena, "%s/%s", r->order_id, r->unique_request_id),
        .detail = arena_printf(s->arena, "{\"from\":\"%s\",\"to\":\"FAILURE\"}", r->state),
    };
    enum rc rc = refund_apply(s->q, s->arena, r->id, EVENT_CANCEL, &news, s->now_ms, NULL, e);
    if (rc == RC_OK)
        rc = audit_add(s->q, &entry, e);
    if (rc != RC_OK)
        return rc;
    s->changed = true;
    j->is_live = false;
    j->txn.held_minor -= r->amount_minor - r->over_minor;
    j->txn.status = txns_told(&j->txn);
    j->txn.told_status = NULL;
    j->conflict.state = "";
    return txns_update(s->q, &j->txn, e);
}
