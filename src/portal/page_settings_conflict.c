/* Settings > Conflict. What moves money by itself is asked once more in words before it is switched
 * on: step=confirmed does it, step=edit goes back to the form as it was typed, step=preview shows
 * what the values would have done. */
#include "portal/conflict_view.h"
#include "portal/portal.h"
#include "portal/shell.h"

#include "web/slow.h"
#include <inttypes.h>

#define PATH "/settings/conflict"

enum rc page_settings_conflict(struct req *r, struct reply *p, struct err *e)
{
    struct conflict_view v;
    enum rc rc = conflict_view_read(r, &v, e);
    if (rc == RC_OK)
        reply_page(p, 200, conflict_view_page(&v));
    return rc;
}

/* ---- the question ------------------------------------------------------------------------------
 */

static const char *ceiling_words(struct arena *a, const struct format *f,
                                 const struct conflict_settings *s)
{
    struct buf b;
    if (s->n_ceilings == 0)
        return "There is no daily ceiling: any amount goes back without anybody being asked.";
    buf_init(&b, a);
    buf_puts(&b, "In any 24 hours at most ");
    for (int i = 0; i < s->n_ceilings; i++)
        buf_printf(&b, "%s%s", i > 0 ? ", " : "",
                   format_money(a, f, s->ceilings[i].daily_minor, s->ceilings[i].currency));
    buf_puts(&b, " go back without anybody being asked; what is above waits for approval, and "
                 "other currencies have no ceiling.");
    return buf_text(&b);
}

static const char *late_words(struct arena *a, const struct conflict_settings *s)
{
    return arena_printf(
        a, "every payment whose success comes more than %" PRId64 " min after its start%s",
        s->threshold_minutes, s->n_gateways > 0 ? " (or after the limit of its own gateway)" : "");
}

/* From now on, what is switched on does this. */
static const char *question_words(const struct conflict_view *v, const struct conflict_settings *s,
                                  bool conflicted, bool multiple)
{
    struct arena *a = v->req->arena;
    const struct format f = shell_format(&v->merchant);
    const char *what = "every charge of an order but its first success";
    if (conflicted && multiple)
        what = arena_printf(a, "%s, and %s", late_words(a, s), what);
    else if (conflicted)
        what = late_words(a, s);
    return arena_printf(
        a,
        "From now on %s is refunded in full, by itself. Successes of before are left as they are. "
        "%s%s",
        what, ceiling_words(a, &f, s),
        v->merchant.test_mode ? " While test mode is on, no money moves." : "");
}

/* Something that moves money by itself is switched on: NULL when nothing is. */
static struct page *question(const struct conflict_view *v, const struct conflict_settings *asked)
{
    bool conflicted = asked->refund_conflicted && !v->now.refund_conflicted;
    bool multiple = asked->refund_multiple && !v->now.refund_multiple;
    if (!conflicted && !multiple)
        return NULL;
    const struct settings_form form = {
        .req = v->req, .merchant = v->merchant, .title = CONFLICT_TITLE};
    const struct settings_question q = {"Switch auto refund on?",
                                        question_words(v, asked, conflicted, multiple),
                                        "Switch auto refund on", PATH};
    return settings_form_question(&form, &q);
}

/* ---- the form ----------------------------------------------------------------------------------
 */

static const char *field_of(void *ctx, const char *field)
{
    const struct req *r = ctx;
    return form_get(&r->form, field);
}

/* Who gets mails changes nothing of what would have been refunded. */
static void forgive_emails(struct settings_answer *answer)
{
    int n = 0;
    for (int i = 0; i < answer->n_faults; i++) {
        if (!str_eq(answer->faults[i].field, "emails"))
            answer->faults[n++] = answer->faults[i];
    }
    answer->n_faults = n;
}

static enum rc preview(struct conflict_view *v, const struct conflict_settings *asked,
                       struct reply *p, struct err *e)
{
    struct req *r = v->req;
    struct would *would = arena_alloc(r->arena, sizeof *would);
    enum rc rc = RC_OK;
    v->typed = v->previewing = true;
    forgive_emails(&v->answer);
    if (v->answer.n_faults == 0) {
        rc = slow_enter(SLOW_WAIT, e);
        if (rc != RC_OK)
            return rc;
        rc = conflict_would(r->app, r->arena, v->merchant.id, asked, would, e);
        slow_leave(SLOW_WAIT);
        v->would = would;
    }
    if (rc == RC_OK)
        reply_page(p, 200, conflict_view_page(v));
    return rc;
}

static enum rc save(struct conflict_view *v, const struct settings_input *in, struct reply *p,
                    struct err *e)
{
    struct req *r = v->req;
    enum rc rc = conflict_form_save(r->app, r->arena, &r->actor, in, &v->answer, e);
    if (rc != RC_OK)
        return rc;
    v->typed = v->answer.n_faults > 0;
    if (v->typed)
        reply_page(p, 200, conflict_view_page(v));
    else
        reply_redirect(p, v->answer.changed ? PATH "?done=saved" : PATH "?done=same");
    return RC_OK;
}

enum rc page_settings_conflict_post(struct req *r, struct reply *p, struct err *e)
{
    const struct settings_input in = {field_of, r, NULL};
    const char *step = str_or(form_get(&r->form, "step"), "");
    struct conflict_settings asked;
    struct conflict_view v;
    struct page *page = NULL;
    enum rc rc = conflict_view_read(r, &v, e);
    if (rc != RC_OK)
        return rc;
    if (str_eq(step, "edit")) {
        v.typed = true;
        reply_page(p, 200, conflict_view_page(&v));
        return RC_OK;
    }
    conflict_form_read(r->arena, &in, &asked, &v.answer);
    if (str_eq(step, "preview"))
        return preview(&v, &asked, p, e);
    if (v.answer.n_faults == 0 && !str_eq(step, "confirmed"))
        page = question(&v, &asked);
    if (page == NULL)
        return save(&v, &in, p, e);
    reply_page(p, 200, page);
    return RC_OK;
}
