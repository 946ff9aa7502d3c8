/* Settings > General: three forms on one page. Whatever is grave (test mode, the switch that stops
 * or resumes all sending) is asked once more in words: step=confirmed does it, step=edit goes back
 * to the form as it was typed. */
#include "portal/portal.h"
#include "portal/settings_form.h"
#include "portal/shell.h"

#define PATH "/settings/general"

/* ---- reading -----------------------------------------------------------------------------------
 */

/* The default currency has a row even while it has no values of its own. */
static enum rc add_default(struct sql *q, struct settings_form *form, struct err *e)
{
    const char *currency = form->merchant.default_currency;
    struct merchant_currency *rows, first = {.currency = currency};
    int n = form->n_currencies;
    if (settings_form_currency(form, currency))
        return RC_OK;
    enum rc rc = merchants_currency(q, form->merchant.id, currency, &first.settings, e);
    if (rc != RC_OK)
        return rc;
    rows = arena_array(form->req->arena, (size_t)n + 1, sizeof *rows);
    rows[0] = first;
    for (int i = 0; i < n; i++)
        rows[i + 1] = form->currencies[i];
    form->currencies = rows;
    form->n_currencies = n + 1;
    return RC_OK;
}

static enum rc read_page(struct sql *q, void *arg, struct err *e)
{
    struct settings_form *form = arg;
    struct arena *a = form->req->arena;
    int64_t merchant = form->req->actor.merchant;
    enum rc rc = merchants_get(q, a, merchant, &form->merchant, e);
    if (rc == RC_OK)
        rc = merchants_currencies(q, a, merchant, &form->currencies, &form->n_currencies, e);
    return rc == RC_OK ? add_default(q, form, e) : rc;
}

static enum rc load(struct req *r, struct settings_form *form, struct err *e)
{
    *form = (struct settings_form){.req = r};
    return sql_read(r->app->db, read_page, form, e);
}

enum rc page_settings_general(struct req *r, struct reply *p, struct err *e)
{
    struct settings_form form;
    enum rc rc = load(r, &form, e);
    if (rc == RC_OK)
        reply_page(p, 200, settings_form_page(&form));
    return rc;
}

/* ---- what the three forms share ----------------------------------------------------------------
 */

static bool step_is(const struct req *r, const char *step)
{
    return str_eq(form_get(&r->form, "step"), step);
}

static void show_again(struct settings_form *form, struct reply *p, enum settings_section section)
{
    form->typed = section;
    reply_page(p, 200, settings_form_page(form));
}

static void go_back(struct reply *p, const struct settings_answer *answer, const char *changed)
{
    const char *done = answer->changed ? changed : PATH "?done=same";
    reply_redirect(p, done);
}

/* ---- the merchant's values ---------------------------------------------------------------------
 */

static const char *field_of(void *ctx, const char *field)
{
    const struct req *r = ctx;
    return form_get(&r->form, field);
}

static const struct settings_question leave_test_mode = {
    "Leave test mode?",
    "From then on refunds go to the real gateways and move real money. Only gateways with an "
    "adapter and credentials of their own can refund; the simulator plays none any more. Refunds "
    "that are still pending at the simulator are unknown to the real gateways: wait until none is.",
    "Leave test mode", PATH};
static const struct settings_question enter_test_mode = {
    "Switch test mode on?",
    "From then on every gateway is played by the simulator: no refund moves money, however real "
    "its order is, and customers get nothing back. That also holds for refunds that wait to be "
    "sent now.",
    "Switch test mode on", PATH};

enum rc page_settings_general_post(struct req *r, struct reply *p, struct err *e)
{
    const struct settings_input in = {field_of, r, format_zone_valid};
    bool test_mode = form_get(&r->form, "test_mode") != NULL;
    struct settings_form form;
    enum rc rc = load(r, &form, e);
    if (rc != RC_OK)
        return rc;
    if (step_is(r, "edit")) {
        show_again(&form, p, SECTION_GENERAL);
        return RC_OK;
    }
    settings_check(r->arena, &in, &form.answer);
    if (form.answer.n_faults == 0 && test_mode != form.merchant.test_mode &&
        !step_is(r, "confirmed")) {
        reply_page(p, 200,
                   settings_form_question(&form, test_mode ? &enter_test_mode : &leave_test_mode));
        return RC_OK;
    }
    if (form.answer.n_faults == 0)
        rc = settings_save(r->app, r->arena, &r->actor, &in, &form.answer, e);
    if (rc != RC_OK)
        return rc;
    if (form.answer.n_faults > 0)
        show_again(&form, p, SECTION_GENERAL);
    else
        go_back(p, &form.answer, PATH "?done=saved");
    return RC_OK;
}

/* ---- amounts of a currency ---------------------------------------------------------------------
 */

enum rc page_settings_currency_post(struct req *r, struct reply *p, struct err *e)
{
    bool adding = !str_empty(form_get(&r->form, "add"));
    const struct currency_input in = {
        .currency = str_trim(r->arena, str_or(form_get(&r->form, "currency"), "")),
        .minimum = form_get(&r->form, "minimum"),
        .confirm = form_get(&r->form, "confirm"),
    };
    struct settings_form form;
    enum rc rc = load(r, &form, e);
    if (rc != RC_OK)
        return rc;
    if (adding == (settings_form_currency(&form, in.currency) != NULL)) {
        if (!adding)
            return ERR(e, RC_NOT_FOUND, "There are no amounts of this currency.", "no such row");
        form.answer.faults[form.answer.n_faults++] =
            (struct setting_fault){"currency", "is in the table already; change it there"};
    } else {
        rc = settings_save_currency(r->app, r->arena, &r->actor, &in, &form.answer, e);
    }
    if (rc != RC_OK)
        return rc;
    if (form.answer.n_faults > 0)
        show_again(&form, p, SECTION_CURRENCY);
    else
        go_back(p, &form.answer, PATH "?done=saved");
    return RC_OK;
}

/* ---- the switch --------------------------------------------------------------------------------
 */

static const struct settings_question stop_sending = {
    "Stop all sending?",
    "No refund goes to any gateway until somebody resumes it. Refunds can still be created and "
    "cancelled; they wait. What was sent before is still followed to its end. "
    "Everybody sees who stopped it and why.",
    "Stop all sending", PATH "/sending"};
static const struct settings_question resume_sending = {
    "Resume sending?",
    "Every refund that waits and is no longer held goes to its gateway within seconds.",
    "Resume sending", PATH "/sending"};

static enum rc ask_or_do(struct settings_form *form, struct reply *p, bool stop, struct err *e)
{
    struct req *r = form->req;
    const char *why = form_get(&r->form, "why");
    bool edit = step_is(r, "edit");
    if (stop && !edit)
        settings_check_reason(r->arena, why, &form->answer);
    if (edit || form->answer.n_faults > 0) {
        show_again(form, p, SECTION_SENDING);
        return RC_OK;
    }
    if (!step_is(r, "confirmed")) {
        reply_page(p, 200, settings_form_question(form, stop ? &stop_sending : &resume_sending));
        return RC_OK;
    }
    enum rc rc = settings_stop_sending(r->app, r->arena, &r->actor, stop, why, &form->answer, e);
    if (rc == RC_OK)
        go_back(p, &form->answer, stop ? PATH "?done=stopped" : PATH "?done=resumed");
    return rc;
}

enum rc page_settings_sending_post(struct req *r, struct reply *p, struct err *e)
{
    const char *act = form_get(&r->form, "act");
    bool stop = str_eq(act, "stop");
    struct settings_form form;
    if (!stop && !str_eq(act, "resume"))
        return ERR(e, RC_INVALID, "Neither stop nor resume was asked for.", "act %s",
                   str_or(act, "none"));
    enum rc rc = load(r, &form, e);
    return rc == RC_OK ? ask_or_do(&form, p, stop, e) : rc;
}
