/* Settings > Conflict is saved: what was and what is, and nobody's change unseen. */
#include "refund/conflict_form.h"

#include "core/limits.h"
#include "core/str.h"
#include "refund/settings_change.h"

#include <string.h>

/* A numbered row as the form has it; shown NULL: not known. */
struct named {
    const char *name;  /* NULL: no such row */
    const char *field; /* where its value is typed */
    const char *shown;
};

struct saving {
    struct arena *arena;
    struct app *app;
    const struct actor *actor;
    struct settings_answer *out;
    struct conflict_settings read; /* what the form says */
    const char *shown[CONFLICT_FIELDS];
    struct named gateways[LIMIT_GATEWAYS], currencies[LIMIT_CURRENCIES];
    struct conflict_settings before, wanted; /* wanted: with what stays as it is */
};

static const char *shown_of(struct arena *a, const struct settings_input *in, const char *field)
{
    return in->value(in->ctx, arena_printf(a, SETTINGS_SHOWN "%s", field));
}

static void gather_rows(struct arena *a, const struct settings_input *in, const char *name,
                        const char *value, struct named *rows, int limit)
{
    for (int row = 0; row < limit; row++) {
        const char *text = in->value(in->ctx, arena_printf(a, "%s_%d", name, row));
        rows[row].name = text ? str_trim(a, text) : NULL;
        rows[row].field = arena_printf(a, "%s_%d", value, row);
        rows[row].shown = shown_of(a, in, rows[row].field);
    }
}

static bool is_named(const struct named *rows, int limit, const char *name)
{
    for (int row = 0; row < limit; row++)
        if (str_eq(rows[row].name, name))
            return true;
    return false;
}

static void keep_unnamed(struct saving *s)
{
    struct conflict_settings *w = &s->wanted;
    for (int i = 0; i < s->before.n_gateways; i++)
        if (!is_named(s->gateways, LIMIT_GATEWAYS, s->before.gateways[i].gateway))
            w->gateways[w->n_gateways++] = s->before.gateways[i];
    for (int i = 0; i < s->before.n_ceilings; i++)
        if (!is_named(s->currencies, LIMIT_CURRENCIES, s->before.ceilings[i].currency))
            w->ceilings[w->n_ceilings++] = s->before.ceilings[i];
    if (w->n_gateways > LIMIT_GATEWAYS)
        settings_fault(s->out, "threshold_minutes",
                       arena_printf(s->arena,
                                    "may be another for at most %d gateways; take some away",
                                    LIMIT_GATEWAYS));
}

static void note_gateway(struct saving *s, struct settings_change *c, const char *gateway)
{
    struct arena *a = s->arena;
    settings_change_note(c, arena_printf(a, "threshold_minutes/%s", gateway),
                         conflict_form_minutes_text(a, &s->before, gateway),
                         conflict_form_minutes_text(a, &s->wanted, gateway));
}

static void note_ceiling(struct saving *s, struct settings_change *c, const char *currency)
{
    struct arena *a = s->arena;
    settings_change_note(c, arena_printf(a, "ceiling/%s", currency),
                         conflict_form_ceiling_text(a, &s->before, currency),
                         conflict_form_ceiling_text(a, &s->wanted, currency));
}

/* What was and what is wanted, each once: an equal text is no change, so twice is harmless. */
static struct settings_change compare(struct saving *s)
{
    struct settings_change c = settings_change_new(s->arena);
    for (int i = 0; i < CONFLICT_FIELDS; i++)
        settings_change_note(&c, conflict_fields[i].field,
                             conflict_form_text(s->arena, conflict_fields[i].field, &s->before),
                             conflict_form_text(s->arena, conflict_fields[i].field, &s->wanted));
    for (int i = 0; i < s->before.n_gateways; i++)
        note_gateway(s, &c, s->before.gateways[i].gateway);
    for (int i = 0; i < s->wanted.n_gateways; i++)
        note_gateway(s, &c, s->wanted.gateways[i].gateway);
    for (int i = 0; i < s->before.n_ceilings; i++)
        note_ceiling(s, &c, s->before.ceilings[i].currency);
    for (int i = 0; i < s->wanted.n_ceilings; i++)
        note_ceiling(s, &c, s->wanted.ceilings[i].currency);
    return c;
}

/* A fault when the form showed another value than there is now. */
static void judge_shown(struct saving *s, const char *field, const char *shown, const char *now,
                        const char *none)
{
    if (shown == NULL || str_eq(shown, now))
        return;
    settings_fault(
        s->out, field,
        arena_printf(s->arena, "was changed meanwhile and is now %s", str_empty(now) ? none : now));
}

/* Nobody overwrites what he has not seen. */
static void note_stale(struct saving *s)
{
    for (int i = 0; i < CONFLICT_FIELDS; i++)
        judge_shown(s, conflict_fields[i].field, s->shown[i],
                    conflict_form_text(s->arena, conflict_fields[i].field, &s->before),
                    conflict_fields[i].is_switch ? "off" : "empty");
    for (int row = 0; row < LIMIT_GATEWAYS; row++)
        if (!str_empty(s->gateways[row].name))
            judge_shown(s, s->gateways[row].field, s->gateways[row].shown,
                        conflict_form_minutes_text(s->arena, &s->before, s->gateways[row].name),
                        "empty");
    for (int row = 0; row < LIMIT_CURRENCIES; row++)
        if (!str_empty(s->currencies[row].name))
            judge_shown(s, s->currencies[row].field, s->currencies[row].shown,
                        conflict_form_ceiling_text(s->arena, &s->before, s->currencies[row].name),
                        "empty");
    s->out->stale = s->out->n_faults > 0;
}

static bool same_minutes(const struct conflict_settings *x, const struct conflict_settings *y)
{
    if (x->threshold_minutes != y->threshold_minutes || x->n_gateways != y->n_gateways)
        return false;
    for (int i = 0; i < x->n_gateways; i++)
        if (conflict_form_minutes(y, x->gateways[i].gateway) != x->gateways[i].threshold_minutes)
            return false;
    return true;
}

/* What is switched on, or judged by another threshold, holds for successes from now on. */
static void set_since(struct saving *s, int64_t now_ms)
{
    const struct conflict_settings *b = &s->before;
    struct conflict_settings *w = &s->wanted;
    bool conflicted_anew = w->refund_conflicted && (!b->refund_conflicted || !same_minutes(b, w));
    bool multiple_anew = w->refund_multiple && !b->refund_multiple;
    w->conflicted_since_ms = conflicted_anew ? now_ms : b->conflicted_since_ms;
    w->multiple_since_ms = multiple_anew ? now_ms : b->multiple_since_ms;
}

static enum rc save_fn(struct sql *q, void *arg, struct err *e)
{
    struct saving *s = arg;
    struct arena *a = s->arena;
    int64_t now_ms = clock_wall_ms(&s->app->clock);
    memset(s->out, 0, sizeof *s->out);
    enum rc rc = conflict_settings_get(q, a, s->actor->merchant, &s->before, e);
    if (rc != RC_OK)
        return rc;
    s->wanted = s->read;
    keep_unnamed(s);
    struct settings_change c = compare(s);
    if (c.any && s->out->n_faults == 0)
        note_stale(s);
    if (!c.any || s->out->n_faults > 0)
        return RC_OK;
    set_since(s, now_ms);
    s->out->changed = true;
    rc = conflict_settings_put(q, s->actor->merchant, &s->wanted, now_ms, e);
    return rc == RC_OK ? settings_change_audit(q, a, s->actor, now_ms, "settings.changed",
                                               "conflict", &c, e)
                       : rc;
}

enum rc conflict_form_save(struct app *app, struct arena *a, const struct actor *actor,
                           const struct settings_input *in, struct settings_answer *out,
                           struct err *e)
{
    struct saving *s = arena_alloc(a, sizeof *s);
    *s = (struct saving){.arena = a, .app = app, .actor = actor, .out = out};
    conflict_form_read(a, in, &s->read, out);
    for (int i = 0; i < CONFLICT_FIELDS; i++)
        s->shown[i] = shown_of(a, in, conflict_fields[i].field);
    gather_rows(a, in, "gateway", "gateway_minutes", s->gateways, LIMIT_GATEWAYS);
    gather_rows(a, in, "ceiling_currency", "ceiling_amount", s->currencies, LIMIT_CURRENCIES);
    return out->n_faults > 0 ? RC_OK : sql_tx(app->db, save_fn, s, e);
}
