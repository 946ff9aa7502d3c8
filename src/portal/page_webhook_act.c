/* What is done with an endpoint. Whatever cannot be undone is asked once more in words. */
#include "portal/portal.h"
#include "portal/settings_form.h"
#include "portal/shell.h"
#include "portal/webhook_secret.h"
#include "portal/webhook_view.h"

#include "core/id.h"
#include "refund/endpoint_form.h"
#include "view/day.h"
#include <inttypes.h>

struct work {
    struct settings_form form; /* of a question's page */
    struct endpoint endpoint;
    /* resending */
    int64_t from_ms, to_ms;
    int failed;
};

static enum rc read_endpoint(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    const struct req *r = w->form.req;
    enum rc rc = merchants_get(q, r->arena, r->actor.merchant, &w->form.merchant, e);
    return rc == RC_OK
               ? endpoints_get(q, r->arena, r->actor.merchant, w->endpoint.id, &w->endpoint, e)
               : rc;
}

static enum rc load(struct req *r, struct work *w, struct err *e)
{
    *w = (struct work){.form = {.req = r, .title = WEBHOOK_TITLE}};
    enum rc rc = webhook_view_id(r, 0, &w->endpoint.id, e);
    return rc == RC_OK ? sql_read(r->app->db, read_endpoint, w, e) : rc;
}

static bool step_is(const struct req *r, const char *step)
{
    return str_eq(form_get(&r->form, "step"), step);
}

static enum rc go_back(struct reply *p, const struct work *w, const char *query)
{
    reply_redirect(p, webhook_view_path(w->form.req->arena, w->endpoint.id, query));
    return RC_OK;
}

/* ---- pause, resume, disable, delete ------------------------------------------------------------
 */

static enum rc move(struct req *r, struct reply *p, enum endpoint_move what, const char *to,
                    struct err *e)
{
    int64_t id;
    enum rc rc = webhook_view_id(r, 0, &id, e);
    if (rc == RC_OK)
        rc = endpoint_move(r->app, r->arena, &r->actor, id, what, e);
    if (rc == RC_OK)
        reply_redirect(p, what == ENDPOINT_DELETE ? to : webhook_view_path(r->arena, id, to));
    return rc;
}

enum rc page_webhook_pause(struct req *r, struct reply *p, struct err *e)
{
    return move(r, p, ENDPOINT_PAUSE, "?done=paused", e);
}

enum rc page_webhook_resume(struct req *r, struct reply *p, struct err *e)
{
    return move(r, p, ENDPOINT_RESUME, "?done=resumed", e);
}

static enum rc ask_first(struct req *r, struct reply *p, struct settings_question question,
                         struct err *e)
{
    struct work w;
    enum rc rc = load(r, &w, e);
    if (rc != RC_OK)
        return rc;
    if (step_is(r, "edit"))
        return go_back(p, &w, "");
    question.words = arena_printf(r->arena, "%s %s", w.endpoint.url, question.words);
    question.action = r->path;
    reply_page(p, 200, settings_form_question(&w.form, &question));
    return RC_OK;
}

enum rc page_webhook_disable(struct req *r, struct reply *p, struct err *e)
{
    static const struct settings_question question = {
        .title = "Disable this endpoint?",
        .words = "hears of nothing from then on, and what still waits for it fails. To keep what "
                 "happens meanwhile, pause it instead.",
        .act = "Disable the endpoint"};
    return step_is(r, "confirmed") ? move(r, p, ENDPOINT_DISABLE, "?done=disabled", e)
                                   : ask_first(r, p, question, e);
}

enum rc page_webhook_delete(struct req *r, struct reply *p, struct err *e)
{
    static const struct settings_question question = {
        .title = "Delete this endpoint?",
        .words = "and its log leave this page for good, its password, headers and signing secret "
                 "are forgotten, and what still waits for it fails.",
        .act = "Delete the endpoint"};
    return step_is(r, "confirmed") ? move(r, p, ENDPOINT_DELETE, WEBHOOK_PATH "?done=deleted", e)
                                   : ask_first(r, p, question, e);
}

/* ---- the signing secret ------------------------------------------------------------------------
 */

static const struct {
    const char *value;
    int64_t old_ms;
    const char *words;
} overlaps[] = {
    {"24h", CLOCK_DAY_MS, "The present one signs along for 24 hours more, then it stops."},
    {"1h", CLOCK_HOUR_MS, "The present one signs along for one hour more, then it stops."},
    {"now", 0,
     "The present one stops at once: until the receiver has the new one, it refuses what is sent."},
};
enum { N_OVERLAPS = sizeof overlaps / sizeof overlaps[0] };

static enum rc rotate(struct work *w, struct reply *p, int overlap, struct err *e)
{
    struct req *r = w->form.req;
    const char *secret, *seen = form_get(&r->form, "seen");
    int64_t seen_ms = 0;
    if (!seen || !str_parse_i64(seen, &seen_ms))
        return ERR(e, RC_INVALID, "This form is not whole: open the endpoint again.", "no seen");
    int64_t old_ms = overlaps[overlap].old_ms;
    enum rc rc =
        endpoint_rotate(r->app, r->arena, &r->actor, w->endpoint.id, seen_ms, old_ms, &secret, e);
    if (rc == RC_OK)
        webhook_secret_show(r, p, &w->form.merchant, w->endpoint.id, w->endpoint.url, secret,
                            old_ms ? r->now_ms + old_ms : 0);
    return rc;
}

enum rc page_webhook_rotate(struct req *r, struct reply *p, struct err *e)
{
    struct work w;
    const char *old = form_get(&r->form, "old");
    int overlap = 0;
    enum rc rc = load(r, &w, e);
    if (rc != RC_OK)
        return rc;
    while (overlap < N_OVERLAPS && !str_eq(overlaps[overlap].value, old))
        overlap++;
    if (overlap == N_OVERLAPS)
        return ERR(e, RC_INVALID, "Choose how long the present secret signs along.", "old %s",
                   str_or(old, "none"));
    if (step_is(r, "edit"))
        return go_back(p, &w, "");
    if (step_is(r, "confirmed"))
        return rotate(&w, p, overlap, e);
    const char *older = w.endpoint.old_until_ms > r->now_ms
                            ? " The one before it, which still signs along, stops at once."
                            : "";
    const struct settings_question question = {
        .title = "Rotate the signing secret?",
        .words =
            arena_printf(r->arena, "%s gets a new secret, which the next page shows once. %s%s",
                         w.endpoint.url, overlaps[overlap].words, older),
        .act = "Rotate the secret",
        .action = r->path};
    reply_page(p, 200, settings_form_question(&w.form, &question));
    return RC_OK;
}

/* ---- sending -----------------------------------------------------------------------------------
 */

enum rc page_webhook_test(struct req *r, struct reply *p, struct err *e)
{
    const char *once = form_get(&r->form, "once");
    struct delivery d = {0};
    enum rc rc = webhook_view_id(r, 0, &d.endpoint, e);
    if (rc != RC_OK)
        return rc;
    if (!once || !id_parse(once, &d.id))
        return ERR(e, RC_INVALID, "This form is not whole: open the endpoint again.", "no once");
    rc = endpoint_test(r->app, r->arena, &r->actor, d.endpoint, d.id, form_get(&r->form, "event"),
                       e);
    if (rc == RC_OK)
        reply_redirect(p, webhook_view_delivery_path(r->arena, &d, ""));
    return rc;
}

enum rc page_webhook_resend(struct req *r, struct reply *p, struct err *e)
{
    struct delivery d = {0};
    enum rc rc = webhook_view_id(r, 0, &d.endpoint, e);
    if (rc == RC_OK)
        rc = webhook_view_id(r, 1, &d.id, e);
    if (rc == RC_OK)
        rc = endpoint_resend(r->app, r->arena, &r->actor, d.endpoint, d.id, e);
    if (rc == RC_OK)
        reply_redirect(p, webhook_view_delivery_path(r->arena, &d, "?done=resent"));
    return rc;
}

static enum rc read_range(struct work *w, struct err *e)
{
    const struct req *r = w->form.req;
    const struct format f = shell_format(&w->form.merchant);
    const char *from = form_get(&r->form, "from"), *to = form_get(&r->form, "to");
    int64_t last_ms;
    if (!from || !to || !day_parse(&f, from, &w->from_ms) || !day_parse(&f, to, &last_ms))
        return ERR(e, RC_INVALID, "Choose a first and a last day, such as 2026-11-21.", "%s to %s",
                   str_or(from, "none"), str_or(to, "none"));
    w->to_ms = day_start(&f, last_ms, 1);
    if (w->from_ms >= w->to_ms)
        return ERR(e, RC_INVALID, "The first day lies after the last: swap them.", "%s to %s", from,
                   to);
    return RC_OK;
}

static enum rc count_failed(struct sql *q, void *arg, struct err *e)
{
    struct work *w = arg;
    return deliveries_failed(q, w->endpoint.id, w->from_ms, w->to_ms, LIMIT_DELIVERIES_RESENT + 1,
                             &w->failed, e);
}

static enum rc ask_resend(struct work *w, struct reply *p, struct err *e)
{
    struct req *r = w->form.req;
    enum rc rc = sql_read(r->app->db, count_failed, w, e);
    if (rc != RC_OK)
        return rc;
    if (w->failed == 0)
        return go_back(p, w, "?done=none");
    bool more = w->failed > LIMIT_DELIVERIES_RESENT;
    const char *many =
        arena_printf(r->arena, "%s%d failed deliver%s", more ? "the oldest " : "",
                     more ? LIMIT_DELIVERIES_RESENT : w->failed, w->failed == 1 ? "y" : "ies");
    const struct settings_question question = {
        .title = "Send what failed again?",
        .words =
            arena_printf(r->arena, "%s from %s to %s to %s, with the same ids and bodies.%s", many,
                         form_get(&r->form, "from"), form_get(&r->form, "to"), w->endpoint.url,
                         more ? " There are more: do this again for the rest." : ""),
        .act = arena_printf(r->arena, "Send %d again", more ? LIMIT_DELIVERIES_RESENT : w->failed),
        .action = r->path};
    reply_page(p, 200, settings_form_question(&w->form, &question));
    return RC_OK;
}

enum rc page_webhook_resend_failed(struct req *r, struct reply *p, struct err *e)
{
    struct work w;
    int n;
    enum rc rc = load(r, &w, e);
    if (rc == RC_OK && step_is(r, "edit"))
        return go_back(p, &w, "");
    if (rc == RC_OK)
        rc = read_range(&w, e);
    if (rc != RC_OK)
        return rc;
    if (!step_is(r, "confirmed"))
        return ask_resend(&w, p, e);
    rc = endpoint_resend_failed(r->app, r->arena, &r->actor, w.endpoint.id, w.from_ms, w.to_ms, &n,
                                e);
    return rc == RC_OK ? go_back(p, &w, n ? "?done=resent" : "?done=none") : rc;
}
