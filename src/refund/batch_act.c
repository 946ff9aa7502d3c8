/*
 * What people do with a batch: confirm, approve, reject, pause, resume, cancel. One table says
 * which act leads from which status to which.
 */
#include "refund/batch.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/money.h"
#include "core/str.h"
#include "refund/occasion_facts.h"
#include "sql/sql.h"
#include "store/audit.h"
#include "store/merchants.h"

#include <string.h>

static const struct {
    const char *status, *label;
    bool ended;
} statuses[] = {
    {BATCH_AWAITING_CONFIRMATION, "Awaiting confirmation", false},
    {BATCH_AWAITING_APPROVAL, "Awaiting approval", false},
    {BATCH_PROCESSING, "Processing", false},
    {BATCH_PAUSED, "Paused", false},
    {BATCH_COMPLETED, "Completed", true},
    {BATCH_PARTIALLY_COMPLETED, "Partially completed", true},
    {BATCH_FAILED, "Failed", true},
    {BATCH_REJECTED, "Rejected", true},
    {BATCH_CANCELLED, "Cancelled", true},
};

const char *batch_status_label(const char *status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (str_eq(statuses[i].status, status))
            return statuses[i].label;
    }
    return status;
}

bool batch_has_ended(const char *status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (str_eq(statuses[i].status, status))
            return statuses[i].ended;
    }
    return false;
}

static enum rc audit(struct sql *q, struct arena *a, const struct batch *b,
                     const struct actor *actor, const char *action, const char *from, struct err *e)
{
    struct json_object *detail = json_object_in(a);
    json_put_text(detail, "file_name", b->file_name);
    json_put_text(detail, "from", from);
    json_put_text(detail, "to", b->status);
    if (b->said != NULL)
        json_put_text(detail, "said", b->said);
    const struct audit_entry entry = {
        .merchant = b->merchant,
        .at_ms = b->updated_ms,
        .actor = actor->name,
        .action = action,
        .subject = id_text(a, b->id),
        .detail = json_write(a, detail),
    };
    return audit_add(q, &entry, e);
}

static enum rc move(struct sql *q, struct arena *a, struct batch *b, const struct actor *actor,
                    const char *action, const char *to, int64_t now_ms, struct err *e)
{
    const char *from = b->status;
    b->status = to;
    b->updated_ms = now_ms;
    enum rc rc = batches_update(q, b, from, e);
    return rc == RC_OK ? audit(q, a, b, actor, action, from, e) : rc;
}

/* ---- confirm -----------------------------------------------------------------------------------
 */

struct confirming {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t batch;
    const char *run_mode;
    const struct batch_typed *typed;
    int n_typed;
    struct batch_fault *fault;
    bool runs;
};

static const char *typed_of(const struct confirming *c, const char *currency)
{
    for (int i = 0; i < c->n_typed; i++) {
        if (str_eq(c->typed[i].currency, currency))
            return c->typed[i].amount;
    }
    return NULL;
}

/* The total of each currency that will run is typed once more, equal as money. */
static void check_totals(const struct confirming *c, const struct batch_total *totals, int n)
{
    for (int i = 0; i < n; i++) {
        const char *currency = totals[i].currency;
        int64_t sum = 0, typed = -1;
        if (i > 0 && str_eq(totals[i - 1].currency, currency))
            continue; /* by currency, then gateway */
        for (int k = i; k < n && str_eq(totals[k].currency, currency); k++)
            sum += totals[k].good_minor;
        const char *text = typed_of(c, currency);
        if (sum == 0 ||
            (text != NULL && money_parse(text, currency, &typed) == MONEY_OK && typed == sum))
            continue;
        *c->fault = (struct batch_fault){
            arena_printf(c->arena, "total_%s", currency),
            arena_printf(c->arena, "Type the total of %s that will be refunded: %s.", currency,
                         money_text(c->arena, sum, currency))};
        return;
    }
}

static void check_confirmation(const struct confirming *c, const struct batch *b,
                               const struct batch_total *totals, int n)
{
    bool all = str_eq(c->run_mode, "ALL_OR_NONE");
    if (!all && !str_eq(c->run_mode, "GOOD_ROWS"))
        *c->fault = (struct batch_fault){
            "run_mode", "Choose GOOD_ROWS (the rows without a problem) or ALL_OR_NONE."};
    else if (b->rows_bad == b->rows_total)
        *c->fault =
            (struct batch_fault){"run_mode", "No row can be refunded. Correct the file and upload "
                                             "it again."};
    else if (all && b->rows_bad > 0)
        *c->fault = (struct batch_fault){
            "run_mode", arena_printf(c->arena,
                                     "%lld rows have problems, so all or none means none. Correct "
                                     "the file, or run the good rows.",
                                     (long long)b->rows_bad)};
    else
        check_totals(c, totals, n);
}

static enum rc confirm_fn(struct sql *q, void *arg, struct err *e)
{
    struct confirming *c = arg;
    struct batch b;
    struct batch_total *totals;
    struct merchant m;
    int n;
    *c->fault = (struct batch_fault){NULL, NULL};
    c->runs = false;
    enum rc rc = batches_get(q, c->arena, c->actor->merchant, c->batch, &b, e);
    if (rc == RC_OK)
        rc = merchants_get(q, c->arena, b.merchant, &m, e);
    if (rc == RC_OK)
        rc = batch_totals_of(q, c->arena, b.id, &totals, &n, e);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(b.status, BATCH_AWAITING_CONFIRMATION))
        return ERR(e, RC_CONFLICT, "The batch is not awaiting confirmation any more.",
                   "confirm in %s", b.status);
    check_confirmation(c, &b, totals, n);
    if (c->fault->said != NULL)
        return RC_OK;
    b.run_mode = c->run_mode;
    c->runs = !m.maker_checker;
    rc = move(q, c->arena, &b, c->actor, "batch.confirmed",
              m.maker_checker ? BATCH_AWAITING_APPROVAL : BATCH_PROCESSING,
              clock_wall_ms(&c->app->clock), e);
    if (rc == RC_OK && !c->runs)
        rc = occasion_of_batch(q, c->arena, OCCASION_APPROVAL_REQUESTED, &b, e);
    return rc;
}

enum rc batch_confirm(struct app *app, struct arena *a, const struct actor *actor, int64_t batch,
                      const char *run_mode, const struct batch_typed *typed, int n_typed,
                      struct batch_fault *fault, struct err *e)
{
    struct confirming c = {app, a, actor, batch, run_mode, typed, n_typed, fault, false};
    enum rc rc = sql_tx(app->db, confirm_fn, &c, e);
    if (rc == RC_OK && c.runs)
        app_wake_worker(app);
    return rc;
}

/* ---- the other acts ----------------------------------------------------------------------------
 */

static const struct act {
    const char *action;
    const char *from[4];
    const char *to;
    bool needs_reason;
    bool not_the_maker;
    enum occasion_kind kind; /* of the mail, where the maker may not act */
} acts[] = {
    [BATCH_APPROVE] = {"batch.approved",
                       {BATCH_AWAITING_APPROVAL},
                       BATCH_PROCESSING,
                       false,
                       true,
                       OCCASION_APPROVED},
    [BATCH_REJECT] = {"batch.rejected",
                      {BATCH_AWAITING_APPROVAL},
                      BATCH_REJECTED,
                      true,
                      true,
                      OCCASION_REJECTED},
    [BATCH_PAUSE] = {"batch.paused", {BATCH_PROCESSING}, BATCH_PAUSED, false, false, 0},
    [BATCH_RESUME] = {"batch.resumed", {BATCH_PAUSED}, BATCH_PROCESSING, false, false, 0},
    [BATCH_CANCEL] = {"batch.cancelled",
                      {BATCH_AWAITING_CONFIRMATION, BATCH_AWAITING_APPROVAL, BATCH_PROCESSING,
                       BATCH_PAUSED},
                      BATCH_CANCELLED,
                      true,
                      false,
                      0},
};

struct acting {
    struct app *app;
    struct arena *arena;
    const struct actor *actor;
    int64_t batch;
    const struct act *act;
    const char *why;
};

static bool is_from(const struct act *act, const char *status)
{
    for (size_t i = 0; i < sizeof act->from / sizeof act->from[0]; i++) {
        if (act->from[i] != NULL && str_eq(act->from[i], status))
            return true;
    }
    return false;
}

bool batch_is_of(const struct batch *b, const char *user)
{
    return str_eq(b->created_by, user) || (b->key_maker != NULL && str_eq(b->key_maker, user));
}

static enum rc act_fn(struct sql *q, void *arg, struct err *e)
{
    struct acting *x = arg;
    struct batch b;
    enum rc rc = batches_get(q, x->arena, x->actor->merchant, x->batch, &b, e);
    if (rc != RC_OK)
        return rc;
    if (!is_from(x->act, b.status))
        return ERR(e, RC_CONFLICT,
                   arena_printf(x->arena, "The batch is %s; that cannot be done now.",
                                batch_status_label(b.status)),
                   "%s in %s", x->act->action, b.status);
    if (x->act->not_the_maker) {
        if (batch_is_of(&b, x->actor->name))
            return ERR(e, RC_DENIED,
                       b.key_maker == NULL
                           ? "Who uploaded a batch cannot approve or reject it."
                           : "Who made the API key of a batch cannot approve or reject it.",
                       "the maker is the checker");
        b.checked_by = x->actor->name;
    }
    if (x->act->needs_reason)
        b.said = x->why;
    rc = move(q, x->arena, &b, x->actor, x->act->action, x->act->to, clock_wall_ms(&x->app->clock),
              e);
    if (rc == RC_OK && x->act->not_the_maker)
        rc = occasion_of_batch(q, x->arena, x->act->kind, &b, e);
    return rc;
}

enum rc batch_act(struct app *app, struct arena *a, const struct actor *actor, int64_t batch,
                  enum batch_act act, const char *why, struct err *e)
{
    struct acting x = {app, a, actor, batch, &acts[act], why};
    if (x.act->needs_reason && str_empty(why))
        return ERR(e, RC_INVALID, "Give a reason; whoever reads the audit log will ask for it.",
                   "no reason");
    if (why != NULL && strlen(why) > LIMIT_BATCH_TEXT)
        return ERR(e, RC_INVALID, "The reason is too long.", "reason of %zu bytes", strlen(why));
    enum rc rc = sql_tx(app->db, act_fn, &x, e);
    if (rc == RC_OK && str_eq(x.act->to, BATCH_PROCESSING))
        app_wake_worker(app);
    return rc;
}
