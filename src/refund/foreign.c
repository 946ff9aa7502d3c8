#include "refund/foreign.h"

#include "core/id.h"
#include "core/str.h"
#include "refund/apply.h"
#include "store/jobs.h"

#include <string.h>

#define OWN_KEY      "rd_" /* our idempotency key: rd_<id>_… */
#define ID_CHARS     13
#define ACTOR        "GATEWAY"
#define INQUIRE_MS   INT64_C(60000) /* until we ask about what the gateway says it has */
#define OVER_CEILING "over_ceiling"

/* ---- which refund is it? ------------------------------------------------------------------------
 */

static const char *name_of(const struct told_refund *told)
{
    return told->unique_request_id != NULL ? told->unique_request_id : told->ref;
}

/* The row that our own key names; 0: it is no key of ours. */
static int64_t row_of_key(struct arena *a, const char *key)
{
    int64_t id = 0;
    if (!str_starts(key, OWN_KEY) || strlen(key) < strlen(OWN_KEY) + ID_CHARS)
        return 0;
    return id_parse(arena_strndup(a, key + strlen(OWN_KEY), ID_CHARS), &id) ? id : 0;
}

/* By our own key, by the request id, by the gateway's id. RC_NOT_FOUND: none of them. */
static enum rc find_known(struct telling *x, const struct order *o, const struct told_refund *told,
                          struct refund *r, struct err *e)
{
    int64_t row = row_of_key(x->arena, name_of(told));
    enum rc rc = row != 0 ? refunds_get(x->q, x->arena, row, r, e) : RC_NOT_FOUND;
    if (rc == RC_OK && r->order_row != o->id)
        rc = RC_NOT_FOUND;
    if (rc == RC_NOT_FOUND)
        rc = refunds_by_unique_request_id(x->q, x->arena, o->id, name_of(told), r, e);
    if (rc == RC_NOT_FOUND && told->ref != NULL)
        rc = refunds_by_ref(x->q, x->arena, o->id, told->ref, r, e);
    return rc;
}

static enum rc refuse_ambiguous(struct telling *x, const struct order *o,
                                const struct told_refund *told, int64_t txn_row, struct err *e)
{
    const char *unnamed;
    enum rc rc = refunds_unnamed(x->q, x->arena, o->id, txn_row, told->amount_minor, &unnamed, e);
    if (rc == RC_OK && unnamed != NULL)
        return ERR(e, RC_BUSY, "It may be a refund of ours that the gateway has not answered.",
                   "%s may be %s", told->ref, unnamed);
    return rc;
}

/* ---- before writing -----------------------------------------------------------------------------
 */

static const struct txn *stored_txn(const struct order *o, const struct txn *txns, int n_txns,
                                    const char *txn_id)
{
    for (int i = 0; i < n_txns; i++) {
        if (txn_id != NULL ? str_eq(txns[i].txn_id, txn_id) : txns[i].id == o->kept_txn)
            return &txns[i];
    }
    return txn_id == NULL && n_txns == 1 ? &txns[0] : NULL;
}

static bool is_told(const struct order_news *n, const char *txn_id)
{
    for (int i = 0; i < n->n_txns; i++) {
        if (txn_id == NULL || str_eq(n->txns[i].txn_id, txn_id))
            return true;
    }
    return false;
}

enum rc foreign_judge(struct telling *x, const struct order *o, const struct txn *txns, int n_txns,
                      const struct txn *first, const struct order_news *n,
                      const struct told_refund *told, struct foreign_plan *plan,
                      enum foreign_end *end, struct err *e)
{
    struct refund known;
    struct err miss;
    *plan = (struct foreign_plan){.told = told, .txn_id = told->txn_id};
    *end = FOREIGN_OK;
    enum rc rc = o->id != 0 ? find_known(x, o, told, &known, &miss) : RC_NOT_FOUND;
    if (rc == RC_OK) {
        plan->known = known.id;
        if (known.amount_minor != told->amount_minor ||
            (told->currency != NULL && !str_eq(known.currency, told->currency)))
            *end = FOREIGN_DIFFERS;
        return RC_OK;
    }
    if (rc != RC_NOT_FOUND) {
        *e = miss;
        return rc;
    }
    const struct txn *stored = first;
    if (told->txn_id != NULL || n->n_txns == 0)
        stored = stored_txn(o, txns, n_txns, told->txn_id);
    if (stored == NULL) {
        *end = is_told(n, told->txn_id) ? FOREIGN_OK : FOREIGN_NO_TXN;
        return RC_OK;
    }
    plan->txn_row = stored->id;
    if (told->currency != NULL && !str_eq(stored->currency, told->currency))
        *end = FOREIGN_DIFFERS;
    return told->unique_request_id == NULL ? refuse_ambiguous(x, o, told, stored->id, e) : RC_OK;
}

/* ---- writing ------------------------------------------------------------------------------------
 */

/* The state of a row that is history when it is written. */
static const char *state_of(const struct telling *x, const struct told_refund *told)
{
    bool is_open = !x->quiet || str_eq(told->status, "PENDING");
    return is_open ? machine_state_name(STATE_ACCEPTED) : told->status;
}

static enum rc open_over(struct telling *x, const struct refund *r, struct err *e)
{
    const struct refund_news news = {
        .actor = ACTOR, .detail = "The gateway gave back more than was left of the payment."};
    const struct event ev = {.merchant = r->merchant,
                             .order_row = r->order_row,
                             .refund_row = r->id,
                             .name = "refund.exception",
                             .actor = ACTOR,
                             .at_ms = x->now_ms,
                             .frozen = refund_freeze(x->arena, r, &news)};
    bool opened = false;
    enum rc rc = exceptions_open(x->q, r->merchant, r->id, OVER_CEILING, news.detail, 0, x->now_ms,
                                 &opened, e);
    return rc == RC_OK && opened && !x->quiet ? announce(x->q, &ev, x->now_ms, e) : rc;
}

static enum rc record_begin(struct telling *x, const struct refund *r, struct err *e)
{
    const struct refund_news news = {.actor = ACTOR, .gateway_ref = r->gateway_ref};
    const struct event ev = {.merchant = r->merchant,
                             .order_row = r->order_row,
                             .refund_row = r->id,
                             .name = "REFUND_INITIATED",
                             .actor = ACTOR,
                             .at_ms = r->created_ms,
                             .frozen = refund_freeze(x->arena, r, &news)};
    return x->quiet ? RC_OK : announce(x->q, &ev, x->now_ms, e);
}

/* Accepted by the gateway, whatever came of it since: the machine tells that. */
static enum rc insert(struct telling *x, const struct told_refund *told, const struct txn *t,
                      struct refund *r, struct err *e)
{
    const char *state = state_of(x, told);
    enum refund_state parsed;
    CHECK(machine_state_parse(state, &parsed));
    bool failed = parsed == STATE_FAILURE, succeeded = parsed == STATE_SUCCESS;
    int64_t room_minor = t->amount_minor - t->held_minor;
    int64_t over_minor = told->amount_minor > room_minor ? told->amount_minor - room_minor : 0;
    *r = (struct refund){
        .id = id_new(),
        .merchant = t->merchant,
        .order_row = t->order_row,
        .txn_row = t->id,
        .unique_request_id = name_of(told),
        .amount_minor = told->amount_minor,
        .over_minor = failed ? 0 : over_minor,
        .currency = t->currency,
        .state = state,
        .status = machine_status(parsed),
        .sent = true,
        .refund_type = told->refund_type,
        .reason = "CANCELLATION",
        .source = "GATEWAY",
        .initiated_by = "GATEWAY",
        .gateway = told->gateway != NULL ? told->gateway : str_or(t->gateway, "GATEWAY"),
        .gateway_ref = told->ref,
        .arn = told->arn,
        .error_code = failed ? told->error_code : NULL,
        .error_message = failed ? told->error_message : NULL,
        .metadata = told->metadata,
        .created_ms = told->created_ms != 0 ? told->created_ms : x->at_ms,
        .processed_ms = !succeeded                ? 0
                        : told->processed_ms != 0 ? told->processed_ms
                                                  : x->at_ms,
        .updated_ms = x->now_ms,
    };
    r->hold_until_ms = r->sent_ms = r->created_ms;
    int64_t held_minor = failed ? 0 : r->amount_minor - r->over_minor;
    enum rc rc = txns_hold(x->q, t->id, held_minor, succeeded ? held_minor : 0, e);
    if (rc == RC_OK)
        rc = refunds_insert(x->q, r, e);
    if (rc == RC_OK)
        rc = record_begin(x, r, e);
    if (rc == RC_OK && r->over_minor > 0 && !str_eq(told->status, "FAILURE"))
        rc = open_over(x, r, e);
    return rc;
}

/* EVENT_COUNT: it says nothing that could move this refund. */
static enum refund_event event_of(const struct told_refund *told, const struct refund *r)
{
    bool foreign = str_eq(r->source, "GATEWAY");
    if (str_eq(told->status, "SUCCESS"))
        return EVENT_DONE;
    if (str_eq(told->status, "FAILURE"))
        return EVENT_REFUSED;
    if (str_eq(told->status, "MANUAL_REVIEW") && foreign)
        return EVENT_AGE;
    bool heard_already = foreign || str_eq(r->state, machine_state_name(STATE_ACCEPTED));
    return told->ref != NULL && !heard_already ? EVENT_ACCEPTED : EVENT_COUNT;
}

/* Freeing what we have sent takes the gateway's own word: anybody else's makes us ask for it. */
static bool is_hearsay(const struct telling *x, const struct refund *r, enum refund_event event)
{
    bool ended = str_eq(r->status, "SUCCESS") || str_eq(r->status, "FAILURE");
    return event == EVENT_REFUSED && !x->signed_by_gateway && !str_eq(r->source, "GATEWAY") &&
           !ended;
}

static enum rc move(struct telling *x, const struct told_refund *told, const struct refund *r,
                    struct err *e)
{
    enum refund_event event = event_of(told, r);
    struct machine_step step = {.verdict = VERDICT_IGNORE};
    const struct refund_news news = {
        .actor = ACTOR,
        .gateway_ref = told->ref,
        .arn = told->arn,
        .error_code = told->error_code,
        .error_message = told->error_message,
        .processed_at_ms = told->processed_ms != 0 ? told->processed_ms : x->at_ms,
        .due_ms = x->now_ms + INQUIRE_MS,
    };
    if (event == EVENT_COUNT)
        return RC_OK;
    if (is_hearsay(x, r, event))
        return jobs_hurry(x->q, JOB_INQUIRE, r->merchant, r->id, refund_lane(x->arena, r),
                          x->now_ms, e);
    enum rc rc = refund_apply(x->q, x->arena, r->id, event, &news, x->now_ms, &step, e);
    x->changed = x->changed || (step.verdict != VERDICT_IGNORE && step.verdict != VERDICT_REFUSE);
    return rc;
}

static enum rc record_arn(struct telling *x, const struct told_refund *told, const struct refund *r,
                          struct err *e)
{
    const struct refund_news news = {.actor = ACTOR, .arn = told->arn};
    const struct event ev = {.merchant = r->merchant,
                             .order_row = r->order_row,
                             .refund_row = r->id,
                             .name = "REFUND_ARN_CAPTURED",
                             .actor = ACTOR,
                             .at_ms = x->now_ms,
                             .frozen = refund_freeze(x->arena, r, &news)};
    return announce(x->q, &ev, x->now_ms, e);
}

/* What is good to know whatever the refund's state, and its move has not brought: its id at the
 * gateway, the bank's reference. */
static enum rc learn(struct telling *x, const struct told_refund *told, int64_t row, struct err *e)
{
    struct refund r;
    enum rc rc = refunds_get(x->q, x->arena, row, &r, e);
    bool has_arn = told->arn != NULL && r.arn == NULL;
    if (rc != RC_OK || (!has_arn && (told->ref == NULL || r.gateway_ref != NULL)))
        return rc;
    x->changed = true;
    rc = refunds_learn(x->q, row, told->ref, told->arn, e);
    return rc == RC_OK && has_arn && !x->quiet ? record_arn(x, told, &r, e) : rc;
}

enum rc foreign_apply(struct telling *x, const struct foreign_plan *plan, const struct txn *t,
                      struct err *e)
{
    const struct told_refund *told = plan->told;
    struct refund r;
    enum rc rc;
    if (plan->known != 0) {
        rc = refunds_get(x->q, x->arena, plan->known, &r, e);
    } else {
        rc = insert(x, told, t, &r, e);
        x->changed = true;
    }
    if (rc == RC_OK && (plan->known != 0 || !x->quiet))
        rc = move(x, told, &r, e);
    return rc == RC_OK ? learn(x, told, r.id, e) : rc;
}
