#include "portal/conflict_words.h"

#include "core/clock.h"
#include "core/id.h"
#include <inttypes.h>

const char *conflict_words_late(struct arena *a, int64_t initiated_ms, int64_t success_ms,
                                int64_t threshold_minutes)
{
    return arena_printf(a, "success came %s after start; the limit is %" PRId64 " min",
                        format_duration(a, success_ms - initiated_ms), threshold_minutes);
}

const char *conflict_words_beside(struct arena *a, const char *kept_txn_id)
{
    return arena_printf(a, "charged beside %s, which is kept",
                        str_or(kept_txn_id, "another payment"));
}

static bool is_late(const struct conflict *c)
{
    return str_eq(c->kind, "CONFLICTED");
}

const char *conflict_words_why(struct arena *a, const struct conflict *c)
{
    return is_late(c) ? conflict_words_late(a, c->initiated_ms, c->success_ms, c->threshold_minutes)
                      : conflict_words_beside(a, c->kept_txn_id);
}

enum rc conflict_words_read(struct sql *q, struct arena *a, const struct order *o,
                            struct conflict_set *out, struct err *e)
{
    enum rc rc = conflict_settings_get(q, a, o->merchant, &out->settings, e);
    return rc == RC_OK ? conflicts_of_order(q, a, o->id, &out->rows, &out->count, e) : rc;
}

/* ---- what was done -----------------------------------------------------------------------------
 */

/* Of what was only shown. */
static const char *why_only_shown(const struct rows_ctx *c, const struct conflict_settings *s,
                                  const struct conflict *x, bool is_imported)
{
    if (!str_empty(x->said))
        return x->said;
    if (is_imported)
        return "It is only shown: an import or a refund told of it, and neither causes a refund.";
    bool on = is_late(x) ? s->refund_conflicted : s->refund_multiple;
    int64_t since_ms = is_late(x) ? s->conflicted_since_ms : s->multiple_since_ms;
    if (!on)
        return "It is only shown: auto refund is off.";
    if (x->success_ms < since_ms)
        return arena_printf(c->arena, "It is only shown: the settings hold for successes since %s.",
                            format_time_full(c->arena, &c->format, since_ms));
    return "It is only shown: it was heard of while auto refund was off.";
}

static bool is_imported(const struct conflict *x, const struct order_view *v)
{
    for (int i = 0; i < v->n_txns; i++)
        if (v->txns[i].id == x->txn_row)
            return v->txns[i].is_imported;
    return false;
}

static const char *how_refunded(struct arena *a, const struct refund *r)
{
    if (r == NULL)
        return "It was refunded by itself.";
    if (str_eq(r->state, "AWAITING_APPROVAL"))
        return "Its auto refund waits for a person's approval.";
    if (str_eq(r->status, "FAILURE"))
        return arena_printf(a, "Its auto refund failed%s%s. The money can be refunded by hand.",
                            r->error_message ? ": " : "", str_or(r->error_message, ""));
    if (str_eq(r->status, "SUCCESS"))
        return "It was refunded by itself.";
    return "It is being refunded by itself.";
}

static const char *what_was_done(const struct rows_ctx *c, const struct conflict_settings *s,
                                 const struct conflict *x, const struct refund *r,
                                 const struct order_view *v)
{
    struct arena *a = c->arena;
    if (str_eq(x->state, "REFUNDED"))
        return how_refunded(a, r);
    if (str_eq(x->state, "REFUSED"))
        return arena_printf(a, "The desk's own rules refused its auto refund: %s",
                            str_or(x->said, "no reason was kept."));
    if (str_eq(x->state, "WITHDRAWN"))
        return "Its auto refund was taken back before it was sent: other news came.";
    if (str_eq(x->state, "CANCELLED"))
        return arena_printf(a, "Its auto refund was taken back and is never made again: %s.",
                            str_or(x->said, "a person did"));
    return why_only_shown(c, s, x, is_imported(x, v));
}

static const struct refund *refund_of(const struct conflict *x, const struct order_view *v)
{
    for (int i = 0; x->refund_row && i < v->n_refunds; i++)
        if (v->refunds[i].id == x->refund_row)
            return &v->refunds[i];
    return NULL;
}

static const struct conflict *conflict_of(const struct conflict_set *set, const struct txn *t)
{
    for (int i = 0; i < set->count; i++)
        if (set->rows[i].txn_row == t->id)
            return &set->rows[i];
    return NULL;
}

static bool names_multiple(const struct conflict_set *set)
{
    for (int i = 0; i < set->count; i++)
        if (!is_late(&set->rows[i]))
            return true;
    return false;
}

/* What has no row that says why: told before the desk judged conflicts itself, or charged beside a
 * late one whose auto refund a person took back. */
static void flag_told(const struct rows_ctx *c, struct page_node *root,
                      const struct conflict_set *set, const struct order_view *v)
{
    int charged = 0;
    for (int i = 0; i < v->n_txns; i++) {
        const struct txn *t = &v->txns[i];
        const char *how_late = "";
        charged += str_eq(t->status, "CHARGED");
        if (!t->is_conflicted || conflict_of(set, t))
            continue;
        if (t->charged_ms > t->created_ms)
            how_late = arena_printf(c->arena, ", %s after its start",
                                    format_duration(c->arena, t->charged_ms - t->created_ms));
        rows_flag(root, "Conflicted.",
                  arena_printf(c->arena, "Transaction %s succeeded later than allowed%s.",
                               t->txn_id, how_late));
    }
    if (charged > 1 && !v->order.is_split_payment && !names_multiple(set))
        rows_flag(root, "Charged more than once.",
                  arena_printf(c->arena,
                               "%d payments of this order were charged. A person decides which one "
                               "stays, and refunds the others.",
                               charged));
}

void conflict_words_flags(const struct rows_ctx *c, struct page_node *root,
                          const struct conflict_set *set, const struct order_view *v)
{
    for (int i = 0; i < set->count; i++) {
        const struct conflict *x = &set->rows[i];
        const struct refund *r = refund_of(x, v);
        struct page_node *n =
            rows_flag(root, is_late(x) ? "Conflicted." : "Charged more than once.",
                      arena_printf(c->arena, "Transaction %s: %s. %s", x->txn_id,
                                   conflict_words_why(c->arena, x),
                                   what_was_done(c, &set->settings, x, r, v)));
        if (r == NULL)
            continue;
        page_set(n, "href", arena_printf(c->arena, "/refunds/%s", id_text(c->arena, r->id)));
        page_set(n, "link", arena_printf(c->arena, "Refund %s", r->unique_request_id));
    }
    flag_told(c, root, set, v);
}

const char *conflict_words_said(struct arena *a, const struct conflict_set *set,
                                const struct txn *t)
{
    const struct conflict *x = conflict_of(set, t);
    if (x == NULL)
        return t->is_conflicted ? "Conflicted: succeeded too late" : NULL;
    if (!is_late(x))
        return arena_printf(a, "Charged beside %s", str_or(x->kept_txn_id, "another payment"));
    return arena_printf(a, "Conflicted: %s after start, limit %" PRId64 " min",
                        format_duration(a, x->success_ms - x->initiated_ms), x->threshold_minutes);
}
