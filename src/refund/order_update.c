#include "refund/order_update.h"

#include "core/json.h"
#include "core/limits.h"
#include "core/str.h"
#include "refund/order_facts.h"
#include "sql/sql.h"
#include "store/audit.h"

#include <string.h>

enum { TRIES = 5 }; /* an order that is charged meanwhile changes a few times, then rests */

struct work {
    struct arena *arena;
    const struct intake_order *in;
    const char *order_key;
    int64_t now_ms;
    struct order was, now;
    const char *audit; /* JSON: what was and what is */
};

static enum rc read_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return orders_by_key(q, w->arena, w->in->actor->merchant, w->order_key, &w->was, e);
}

static enum rc write_fn(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    enum rc rc = orders_change(q, &w->was, &w->now, e);
    const struct audit_entry entry = {
        .merchant = w->was.merchant,
        .at_ms = w->now_ms,
        .actor = w->in->actor->name,
        .action = "order.updated",
        .subject = w->was.order_id,
        .detail = w->audit,
    };
    return rc == RC_OK ? audit_add(q, &entry, e) : rc;
}

/* Only what may be changed. */
static struct intake_order changeable(const struct intake_order *in)
{
    struct intake_order told = {.actor = in->actor, .order_id = in->order_id, .amount = in->amount};
    for (int i = 0; i < LIMIT_UDF_COUNT; i++)
        told.udf[i] = in->udf[i];
    for (int i = 0; i < INTAKE_FACTS; i++)
        told.facts[i] = order_facts()[i].is_address ? in->facts[i] : NULL;
    return told;
}

static void judge_amount(struct work *w, const char *amount, struct intake_answer *out)
{
    int64_t minor = w->was.amount_minor;
    if (amount == NULL)
        return;
    intake_check_amount(amount, w->was.currency, &minor, out);
    if (minor == w->was.amount_minor)
        return;
    if (!str_eq(w->was.status, "NEW"))
        intake_fault_add(out, "amount", "can be changed only while the order is NEW");
    else if (w->was.is_split_settled)
        intake_fault_add(out, "amount", "cannot be changed: the order's split adds up to it");
    w->now.amount_minor = w->now.effective_minor = minor;
}

static void put_change(struct arena *a, struct json_object *all, const char *name,
                       struct json_object *from, struct json_object *to)
{
    struct json_object *change = json_object_in(a);
    json_put(change, "from", from != NULL ? json_object_get(from) : NULL);
    json_put(change, "to", to != NULL ? json_object_get(to) : NULL);
    json_put(all, name, change);
}

static struct json_object *tree_of(struct arena *a, const char *facts)
{
    struct json_object *tree;
    struct err bad;
    return json_read(a, facts, strlen(facts), &tree, &bad) == RC_OK ? tree : json_object_in(a);
}

/* NULL when nothing is different. */
static const char *differences(const struct work *w)
{
    struct arena *a = w->arena;
    struct json_object *all = json_object_in(a);
    struct json_object *was = tree_of(a, w->was.facts), *now = tree_of(a, w->now.facts);
    if (w->was.amount_minor != w->now.amount_minor) {
        struct json_object *change = json_object_in(a);
        json_put_money(a, change, "from", w->was.amount_minor, w->was.currency);
        json_put_money(a, change, "to", w->now.amount_minor, w->was.currency);
        json_put(all, "amount", change);
    }
    json_object_object_foreach(now, name, to)
    {
        struct json_object *from = json_get(was, name);
        if (!json_object_equal(from, to))
            put_change(a, all, name, from, to);
    }
    return json_object_object_length(all) > 0 ? json_write(a, all) : NULL;
}

static enum rc try_once(struct app *app, struct work *w, struct intake_answer *out, struct err *e)
{
    enum rc rc = sql_read(app->db, read_fn, w, e);
    if (rc != RC_OK)
        return rc;
    const struct intake_order told = changeable(w->in);
    w->now = w->was;
    w->now.updated_ms = w->now_ms;
    judge_amount(w, told.amount, out);
    w->now.facts = order_facts_merge(w->arena, w->was.facts, &told, out);
    w->was.udf = order_facts_udf(w->arena, w->was.facts);
    w->now.udf = order_facts_udf(w->arena, w->now.facts);
    out->order = w->was;
    w->audit = differences(w);
    if (out->n_faults > 0 || w->audit == NULL)
        return RC_OK;
    rc = sql_tx(app->db, write_fn, w, e);
    if (rc == RC_OK)
        out->order = w->now;
    return rc;
}

enum rc order_update(struct app *app, struct arena *a, const struct intake_order *in,
                     struct intake_answer *out, struct err *e)
{
    struct work w = {.arena = a,
                     .in = in,
                     .order_key = orders_key(a, in->order_id),
                     .now_ms = clock_wall_ms(&app->clock)};
    enum rc rc = RC_CONFLICT;
    for (int i = 0; i < TRIES && rc == RC_CONFLICT; i++) {
        memset(out, 0, sizeof *out);
        for (int k = 0; k < in->n_found; k++)
            intake_fault_add(out, in->found[k].field, in->found[k].reason);
        rc = try_once(app, &w, out, e);
    }
    return rc;
}
