#include "portal/webhook_view.h"

#include "core/id.h"
#include "refund/endpoint_form.h"
#include <inttypes.h>

const char *webhook_view_path(struct arena *a, int64_t endpoint, const char *after)
{
    return arena_printf(a, WEBHOOK_PATH "/%s%s", id_text(a, endpoint), after);
}

const char *webhook_view_delivery_path(struct arena *a, const struct delivery *d, const char *after)
{
    return webhook_view_path(a, d->endpoint,
                             arena_printf(a, "/deliveries/%s%s", id_text(a, d->id), after));
}

enum rc webhook_view_id(const struct req *r, int n, int64_t *id, struct err *e)
{
    if (id_parse(r->params[n], id))
        return RC_OK;
    return ERR(e, RC_NOT_FOUND,
               n == 0 ? "There is no such endpoint." : "There is no such delivery.",
               "not an id: %s", r->params[n]);
}

static const struct {
    const char *state, *color, *word;
} states[] = {
    {"ACTIVE", "green", "Active"},
    {"PAUSED", "yellow", "Paused"},
    {"DISABLED", "red", "Disabled"},
};

void webhook_view_state(struct page_node *n, const struct endpoint *p)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (!str_eq(states[i].state, p->state))
            continue;
        page_set(n, "color", states[i].color);
        page_set(n, "word", states[i].word);
    }
    page_set(n, "sub", p->said);
}

/* `tried`: once at least. */
static const struct {
    const char *state;
    bool tried;
    const char *color, *word;
} delivery_states[] = {
    {"DELIVERED", false, "green", "Delivered"},
    {"FAILED", false, "red", "Failed"},
    {"WAITING", true, "yellow", "Retrying"},
    {"WAITING", false, "blue", "Waiting"},
};

void webhook_view_delivery_state(struct page_node *n, const struct delivery *d)
{
    for (size_t i = 0; i < sizeof delivery_states / sizeof delivery_states[0]; i++) {
        if (!str_eq(delivery_states[i].state, d->state) ||
            (delivery_states[i].tried && d->attempts == 0))
            continue;
        page_set(n, "color", delivery_states[i].color);
        page_set(n, "word", delivery_states[i].word);
        return;
    }
}

const char *webhook_view_answer(struct arena *a, int64_t status, int64_t took_ms)
{
    const char *what = status ? arena_printf(a, "%" PRId64, status) : "no answer";
    if (took_ms < 0)
        return what;
    return took_ms < 10 * CLOCK_SECOND_MS
               ? arena_printf(a, "%s in %" PRId64 " ms", what, took_ms)
               : arena_printf(a, "%s in %" PRId64 " s", what, took_ms / CLOCK_SECOND_MS);
}

const char *webhook_view_next(const struct rows_ctx *c, const struct endpoint *p,
                              const struct delivery *d)
{
    if (!str_eq(d->state, "WAITING"))
        return NULL;
    if (!str_eq(p->state, "ACTIVE"))
        return "when it is resumed";
    return d->due_ms <= c->now_ms ? "at any moment"
                                  : format_clock(c->arena, &c->format, d->due_ms, c->now_ms);
}

void webhook_view_acts(struct page_node *n, const struct endpoint *p, bool may_write)
{
    static const struct {
        enum endpoint_move move;
        const char *flag;
    } rows[] = {
        {ENDPOINT_PAUSE, "can_pause"},
        {ENDPOINT_RESUME, "can_resume"},
        {ENDPOINT_DISABLE, "can_disable"},
        {ENDPOINT_DELETE, "can_delete"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        page_flag(n, rows[i].flag, may_write && endpoint_can(p, rows[i].move));
    page_flag(n, "can_test", may_write && str_eq(p->state, "ACTIVE"));
    page_flag(n, "can_resend", may_write && !str_eq(p->state, "DISABLED"));
    page_flag(n, "is_disabled", str_eq(p->state, "DISABLED"));
}

static const struct {
    const char *done, *color, *title, *text;
} notices[] = {
    {"saved", "success", "Saved.", "From now on events go there in this way."},
    {"same", "secondary", "Nothing was changed.", "Everything was as it is already."},
    {"paused", "warning", "Paused.",
     "What happens is kept and goes out when the endpoint is resumed."},
    {"resumed", "success", "Resumed.", "What waited goes out now."},
    {"disabled", "warning", "Disabled.",
     "It hears of nothing any more. What waited for it has failed, and can be sent again once it "
     "is "
     "enabled."},
    {"deleted", "success", "Deleted.", "Its credentials are forgotten."},
    {"resent", "success", "Sent again.", "What came of it stands in the log in a moment."},
    {"none", "secondary", "Nothing was sent.", "No delivery of those days has failed."},
    {"again", "info", "Nothing was done twice.",
     "That form had made its endpoint already. The secret was shown once and cannot be shown "
     "again: "
     "if you did not keep it, rotate it."},
};

void webhook_view_notice(const struct req *r, struct page_node *root)
{
    struct page_node *n = page_child(root, "notice");
    const char *done = form_get(&r->query, "done");
    for (size_t i = 0; done && i < sizeof notices / sizeof notices[0]; i++) {
        if (!str_eq(notices[i].done, done))
            continue;
        page_set(n, "color", notices[i].color);
        page_set(n, "title", notices[i].title);
        page_set(n, "text", notices[i].text);
    }
}
