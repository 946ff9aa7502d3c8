#include "portal/settings_form.h"
#include "portal/shell.h"

#include "web/csrf.h"

#define TITLE "Settings · General"

const struct merchant_currency *settings_form_currency(const struct settings_form *form,
                                                       const char *currency)
{
    for (int i = 0; i < form->n_currencies; i++)
        if (str_eq(form->currencies[i].currency, currency))
            return &form->currencies[i];
    return NULL;
}

static const char *typed(const struct settings_form *f, const char *field)
{
    return str_or(form_get(&f->req->form, field), "");
}

/* ---- faults ------------------------------------------------------------------------------------
 */

/* Beside a field: "Time zone is not a time zone; write one such as …". */
static void set_error(const struct settings_form *f, struct page_node *n, const char *label,
                      const char *field)
{
    for (int i = 0; i < f->answer.n_faults; i++) {
        const struct setting_fault *fault = &f->answer.faults[i];
        if (str_eq(fault->field, field))
            page_set(n, "error", arena_printf(f->req->arena, "%s %s.", label, fault->reason));
    }
}

/* ---- the merchant's values ---------------------------------------------------------------------
 */

/* What the person has seen: on the way back from a question still what the first form showed. */
static const char *shown_value(const struct settings_form *f, const struct setting *s, bool again)
{
    struct arena *a = f->req->arena;
    const char *field = arena_printf(a, SETTINGS_SHOWN "%s", s->field);
    const char *sent = again && !f->answer.stale ? form_get(&f->req->form, field) : NULL;
    return sent ? sent : settings_text(a, s, &f->merchant);
}

static void fill_field(const struct settings_form *f, struct page_node *n, const struct setting *s)
{
    bool again = f->typed == SECTION_GENERAL;
    const char *value = again ? typed(f, s->field) : settings_text(f->req->arena, s, &f->merchant);
    bool is_switch = s->kind == SETTING_SWITCH;

    page_set(n, "name", s->field);
    page_set(n, "shown", shown_value(f, s, again));
    page_set(n, "label", s->label);
    page_set(n, "help", s->help);
    page_set(n, "value", value);
    page_flag(n, "switch", is_switch);
    page_flag(n, "on", is_switch && !str_empty(value));
    page_flag(n, "number", s->kind == SETTING_NUMBER || s->kind == SETTING_SECONDS);
    page_set(n, "unit", s->kind == SETTING_SECONDS ? "s" : NULL);
    if (again)
        set_error(f, n, s->label, s->field);
}

static void fill_fields(const struct settings_form *f, struct page_node *root)
{
    int count;
    const struct setting *table = settings_table(&count);
    for (int i = 0; i < count; i++)
        fill_field(f, page_add(root, "fields"), &table[i]);
}

/* ---- amounts per currency ----------------------------------------------------------------------
 */

static void fill_amount(const struct settings_form *f, struct page_node *row, const char *field,
                        const char *label, const char *value, bool again)
{
    struct page_node *n = page_child(row, field);
    page_set(n, "value", again ? typed(f, field) : value);
    if (again)
        set_error(f, n, label, field);
}

static const char *amount(struct arena *a, int64_t minor, const char *currency)
{
    return minor == 0 ? "" : money_text(a, minor, currency);
}

static void fill_amounts(const struct settings_form *f, struct page_node *row, const char *minimum,
                         const char *confirm, bool again)
{
    fill_amount(f, row, "minimum", "The smallest refund", minimum, again);
    fill_amount(f, row, "confirm", "The amount to type from", confirm, again);
}

static void fill_currencies(const struct settings_form *f, struct page_node *root)
{
    struct arena *a = f->req->arena;
    bool again = f->typed == SECTION_CURRENCY, adding = !str_empty(typed(f, "add"));

    for (int i = 0; i < f->n_currencies; i++) {
        const struct merchant_currency *c = &f->currencies[i];
        struct page_node *row = page_add(root, "currencies");
        page_set(row, "currency", c->currency);
        fill_amounts(f, row, amount(a, c->settings.minimum_minor, c->currency),
                     amount(a, c->settings.confirm_minor, c->currency),
                     again && !adding && str_eq(typed(f, "currency"), c->currency));
    }
    struct page_node *new_row = page_child(root, "add");
    fill_amount(f, new_row, "currency", "The currency", "", again && adding);
    fill_amounts(f, new_row, "", "", again && adding);
}

/* ---- the switch --------------------------------------------------------------------------------
 */

static void fill_sending(const struct settings_form *f, struct page_node *root)
{
    struct page_node *n = page_child(root, "why");
    bool again = f->typed == SECTION_SENDING;
    page_flag(root, "stopped", f->merchant.sending_stopped);
    page_set(n, "value", again ? typed(f, "why") : "");
    if (again)
        set_error(f, n, "A reason", "why");
}

/* ---- the page ----------------------------------------------------------------------------------
 */

/* What the address says was done. */
static const struct {
    const char *done, *color, *title, *text;
} notices[] = {
    {"saved", "success", "Saved.", "The new values are in force."},
    {"same", "secondary", "Nothing was changed.", "Everything was as it is already."},
    {"stopped", "warning", "All sending is stopped.", "Refunds wait until it is resumed."},
    {"resumed", "success", "Sending is resumed.",
     "What waited goes to the gateways within seconds."},
};

const char *settings_form_advice(bool stale)
{
    return stale ? "Somebody else saved while you had this page open; what is new stands beside "
                   "its field. The form is still as you typed it: saving it again overwrites "
                   "theirs."
                 : "What to mend stands beside its field.";
}

static void fill_notice(const struct settings_form *f, struct page_node *root)
{
    struct page_node *n = page_child(root, "notice");
    const char *done = form_get(&f->req->query, "done");

    if (f->answer.n_faults > 0) {
        page_set(n, "color", "danger");
        page_set(n, "title", "Nothing was saved.");
        page_set(n, "text", settings_form_advice(f->answer.stale));
        page_flag(n, "urgent", true);
        return;
    }
    for (size_t i = 0; done && i < sizeof notices / sizeof notices[0]; i++) {
        if (!str_eq(notices[i].done, done))
            continue;
        page_set(n, "color", notices[i].color);
        page_set(n, "title", notices[i].title);
        page_set(n, "text", notices[i].text);
    }
}

struct page *settings_form_page(const struct settings_form *form)
{
    struct page *page = shell_page(form->req, "page/settings_general", TITLE, &form->merchant);
    struct page_node *root = page_root(page);

    page_flag(root, "may_write", shell_may(form->req, MODULE_SETTINGS, RIGHT_WRITE));
    fill_notice(form, root);
    fill_fields(form, root);
    fill_currencies(form, root);
    fill_sending(form, root);
    return page;
}

struct page *settings_form_question(const struct settings_form *form,
                                    const struct settings_question *question)
{
    struct page *page =
        shell_page(form->req, "page/settings_confirm", str_or(form->title, TITLE), &form->merchant);
    struct page_node *root = page_root(page);
    const struct form *sent = &form->req->form;

    page_set(root, "question", question->title);
    page_set(root, "words", question->words);
    page_set(root, "act", question->act);
    page_set(root, "action", question->action);
    page_set(root, "why", form_get(sent, "why"));
    for (int i = 0; i < sent->n; i++) {
        const struct form_field *field = &sent->fields[i];
        if (str_eq(field->name, "step") || str_eq(field->name, CSRF_FIELD))
            continue;
        struct page_node *n = page_add(root, "kept");
        page_set(n, "name", field->name);
        page_set(n, "value", field->value);
    }
    return page;
}
