/*
 * What the demo's desk did about late and double charges: the same rows that autorefund.c would
 * have written.
 */
#include "core/str.h"
#include "ctl/demo.h"
#include "refund/cause.h"
#include "store/refunds.h"

static const struct refund *auto_refund_of(const struct demo_order *o, const struct txn *t)
{
    for (int k = 0; k < o->n_refunds; k++)
        if (o->refunds[k].txn_row == t->id && str_eq(o->refunds[k].source, "AUTO"))
            return &o->refunds[k];
    return NULL;
}

/* Refunded by itself; refused, since the gateway cannot; or told by an import, which only shows. */
static void settle(struct demo *d, struct demo_order *o, struct txn *t, struct conflict *c)
{
    const struct refund *r = auto_refund_of(o, t);
    c->state = "REFUNDED";
    if (r) {
        c->refund_row = r->id;
        c->rounds = 1;
        t->told_status = "CHARGED";
    } else if (demo_flag(demo_gateway(d, t->gateway), "can_refund")) {
        c->state = "SHOWN";
        t->is_imported = true;
    } else {
        c->state = "REFUSED";
        c->said = cause_row(CAUSE_GATEWAY_CANNOT)->plain;
    }
}

void demo_make_conflicts(struct demo *d, struct demo_order *o)
{
    int charged = 0;
    for (int k = 0; k < o->n_txns; k++) {
        struct txn *t = &o->txns[k];
        bool beside = t->charged_ms && t->id != o->row.kept_txn && !o->row.is_split_payment;
        charged += t->charged_ms != 0;
        if (!t->is_conflicted && !beside)
            continue;
        struct conflict *c = &o->conflicts[o->n_conflicts++];
        *c = (struct conflict){.txn_row = t->id,
                               .merchant = d->merchant,
                               .order_row = o->row.id,
                               .kind = t->is_conflicted ? "CONFLICTED" : "MULTIPLE_CHARGED",
                               .initiated_ms = t->created_ms,
                               .success_ms = t->charged_ms,
                               .threshold_minutes = t->is_conflicted ? CONFLICT_MINUTES : 0,
                               .kept_txn = t->is_conflicted ? 0 : o->row.kept_txn,
                               .first_ms = t->charged_ms + 2 * CLOCK_SECOND_MS,
                               .updated_ms = t->charged_ms + 2 * CLOCK_SECOND_MS};
        settle(d, o, t, c);
        o->row.is_conflicted = o->row.is_conflicted || t->is_conflicted;
    }
    o->row.is_multiple = charged > 1 && !o->row.is_split_payment;
}

void demo_make_conflict_settings(struct demo *d, struct conflict_settings *out)
{
    struct json_object *from = json_get(d->source.merchant, "conflict");
    struct json_object *ceilings = json_get(from, "ceilings");
    int64_t since_ms = d->now_ms - demo_int(from, "since_days", 0) * CLOCK_DAY_MS;
    *out = (struct conflict_settings){
        .refund_conflicted = true,
        .conflicted_since_ms = since_ms,
        .threshold_minutes = CONFLICT_MINUTES,
        .refund_multiple = true,
        .multiple_since_ms = since_ms,
        .emails = json_text(d->arena, from, "emails"),
        .ceilings = arena_array(d->arena, demo_count(ceilings) + 1, sizeof *out->ceilings),
    };
    for (size_t k = 0; k < demo_count(ceilings); k++) {
        struct json_object *one = demo_item(ceilings, k);
        const char *currency = json_text(d->arena, one, "currency");
        out->ceilings[out->n_ceilings++] = (struct conflict_ceiling){
            currency, demo_minor(json_text(d->arena, one, "daily"), currency)};
    }
}
