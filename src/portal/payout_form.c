#include "portal/payout_form.h"

#include "core/id.h"
#include "core/json.h"
#include "core/limits.h"
#include "refund/validate.h"
#include <string.h>

#define KEPT    "KEPT"
#define DETAILS "details"

enum rc payout_form_read(struct sql *q, struct arena *a, const struct merchant *m, bool whole,
                         struct payout_form *out, struct err *e)
{
    struct gateway_row *rows;
    int64_t more;
    int count;
    enum rc rc = gateways_list(q, a, m->id, &rows, &count, e);
    if (rc != RC_OK)
        return rc;
    out->gateways = rows;
    out->n_gateways = 0;
    for (int i = 0; i < count; i++)
        if (rows[i].can_payout && validate_can_call(m, &rows[i]))
            rows[out->n_gateways++] = rows[i];
    if (!whole)
        return RC_OK;
    return beneficiaries_list(q, a, m->id, 0, LIMIT_PAGE_ROWS, &out->kept, &out->n_kept, &more, e);
}

void payout_form_choose(struct payout_form *p, const char *to)
{
    int count;
    const struct payout_type *types = payout_types(&count);
    p->type = p->n_kept > 0 ? NULL : &types[0];
    for (int i = 0; i < count; i++)
        if (str_eq(types[i].type, to))
            p->type = &types[i];
}

static const char *field_name(struct arena *a, const struct payout_field *f)
{
    return arena_printf(a, DETAILS ".%s", f->name);
}

static const char *typed(const struct payout_form *p, const char *name)
{
    return p->typed ? str_or(form_get(p->typed, name), "") : "";
}

/* What was typed, as a tree; what is no field of the kind stays out. */
static struct json_object *read_details(struct arena *a, const struct payout_form *p)
{
    struct form of_kind = {
        .fields = arena_array(a, (size_t)p->type->n_fields + 1, sizeof *of_kind.fields)};
    struct json_object *tree;
    struct err none;
    for (int i = 0; i < p->type->n_fields; i++) {
        const char *name = field_name(a, &p->type->fields[i]);
        of_kind.fields[of_kind.n++] = (struct form_field){name, typed(p, name), FORM_TEXT};
    }
    const char *text = form_object(a, &of_kind, DETAILS);
    return text && json_read(a, text, strlen(text), &tree, &none) == RC_OK ? tree : NULL;
}

void payout_form_take(struct payout_form *p, struct arena *a, const struct form *from)
{
    int64_t gateway = 0;
    p->typed = from;
    p->gateway = p->n_gateways > 0 ? &p->gateways[0] : NULL;
    if (id_parse(typed(p, "gateway"), &gateway))
        for (int i = 0; i < p->n_gateways; i++)
            if (p->gateways[i].id == gateway)
                p->gateway = &p->gateways[i];
    p->ask = (struct payout_ask){0};
    if (p->gateway) {
        p->ask.gateway = p->gateway->name;
        p->ask.gateway_reference_id = p->gateway->reference_id;
    }
    if (!p->type) {
        const char *id = typed(p, "beneficiary_id");
        p->ask.beneficiary_id = *id ? id : NULL;
        return;
    }
    p->ask.type = p->type->type;
    p->ask.details = read_details(a, p);
    if (p->type->has_transfer) {
        p->ask.transfer_type = typed(p, "transfer_type");
        p->ask.payout_mode = typed(p, "payout_mode");
    }
}

/* ---- the fields --------------------------------------------------------------------------------
 */

static void fill_kinds(const struct payout_form *p, struct arena *a, const char *path,
                       struct page_node *root)
{
    int count;
    const struct payout_type *types = payout_types(&count);
    for (int i = p->n_kept > 0 ? -1 : 0; i < count; i++) {
        struct page_node *n = page_add(root, "kinds");
        const char *to = i < 0 ? KEPT : types[i].type;
        page_set(n, "href", web_path(a, arena_printf(a, "%sto=", path), to, ""));
        page_set(n, "label", i < 0 ? "A kept account" : types[i].label);
        page_flag(n, "current", i < 0 ? !p->type : p->type == &types[i]);
    }
    page_set(root, "to", p->type ? p->type->type : KEPT);
}

/* "Bank code is missing, for example …": the path of the field gives way to its label. */
static const char *plain(struct arena *a, const struct refund_answer *answer, const char *label)
{
    const char *text = str_or(answer->detail, "");
    if (!str_starts(text, answer->field))
        return text;
    text += strlen(answer->field);
    return arena_printf(a, "%s%s", label, text);
}

static struct page_node *add_field(const struct payout_form *p, const struct rows_ctx *c,
                                   struct page_node *root, const char *name, const char *label)
{
    struct page_node *n = page_add(root, "fields");
    char *id = arena_strdup(c->arena, name);
    for (char *at = id; *at; at++)
        if (*at == '.' || *at == '_')
            *at = '-';
    page_set(n, "id", id);
    page_set(n, "name", name);
    page_set(n, "label", label);
    page_set(n, "value", typed(p, name));
    return n;
}

static void set_error(const struct rows_ctx *c, struct page_node *n,
                      const struct refund_answer *answer, const char *path, const char *label)
{
    if (answer && str_eq(answer->field, path))
        page_set(n, "error", plain(c->arena, answer, label));
}

static void add_option(struct page_node *field, const char *value, const char *label,
                       const char *chosen)
{
    struct page_node *n = page_add(field, "options");
    page_set(n, "value", value);
    page_set(n, "label", label);
    page_flag(n, "chosen", str_eq(value, chosen));
}

static const struct {
    const char *name, *label, *path, *values[2];
} choices[] = {
    {"transfer_type", "Transfer", "beneficiary_details.transfer_type", {"LOCAL", "INTERNATIONAL"}},
    {"payout_mode", "Mode", "beneficiary_details.payout_mode", {"FAST", "IBAN"}},
};

static void fill_account(const struct payout_form *p, const struct rows_ctx *c,
                         const struct refund_answer *answer, struct page_node *root)
{
    for (int i = 0; i < p->type->n_fields; i++) {
        const struct payout_field *f = &p->type->fields[i];
        const char *name = field_name(c->arena, f);
        struct page_node *n = add_field(p, c, root, name, f->label);
        page_set(n, "like", f->like);
        page_set(n, "most", arena_printf(c->arena, "%zu", f->most_bytes));
        page_flag(n, "required", f->required);
        set_error(c, n, answer, arena_printf(c->arena, "beneficiary_details.%s", name), f->label);
    }
    for (size_t i = 0; p->type->has_transfer && i < sizeof choices / sizeof choices[0]; i++) {
        struct page_node *n = add_field(p, c, root, choices[i].name, choices[i].label);
        for (size_t k = 0; k < 2; k++)
            add_option(n, choices[i].values[k], rows_words(c->arena, choices[i].values[k]),
                       typed(p, choices[i].name));
        set_error(c, n, answer, choices[i].path, choices[i].label);
    }
}

static const char *payee_words(struct arena *a, const struct payee *p)
{
    return arena_printf(a, "%s · %s · %s", p->name, p->masked, rows_words(a, p->type));
}

static void fill_kept(const struct payout_form *p, const struct rows_ctx *c,
                      const struct refund_answer *answer, struct page_node *root)
{
    struct page_node *n = add_field(p, c, root, "beneficiary_id", "Kept account");
    bool wrong = answer && (str_eq(answer->field, "beneficiary_details") ||
                            str_eq(answer->field, "beneficiary_id"));
    page_flag(n, "required", true);
    page_flag(n, "wide", true);
    add_option(n, "", "Choose…", "");
    for (int i = 0; i < p->n_kept; i++)
        add_option(n, p->kept[i].beneficiary_id, payee_words(c->arena, &p->kept[i]),
                   typed(p, "beneficiary_id"));
    if (wrong)
        page_set(n, "error", "Choose one of these accounts.");
}

static const char *gateway_words(struct arena *a, const struct gateway_row *g)
{
    return str_empty(g->reference_id) ? g->name
                                      : arena_printf(a, "%s (%s)", g->name, g->reference_id);
}

static void fill_gateways(const struct payout_form *p, const struct rows_ctx *c,
                          const struct refund_answer *answer, struct page_node *root)
{
    struct page_node *n = add_field(p, c, root, "gateway", "Paid out by");
    const char *chosen = p->gateway ? id_text(c->arena, p->gateway->id) : "";
    for (int i = 0; i < p->n_gateways; i++)
        add_option(n, id_text(c->arena, p->gateways[i].id),
                   gateway_words(c->arena, &p->gateways[i]), chosen);
    set_error(c, n, answer, "preferred_gateway", "Paid out by");
}

void payout_form_fill(const struct payout_form *p, const struct rows_ctx *c, const char *path,
                      const struct refund_answer *answer, struct page_node *root)
{
    fill_kinds(p, c->arena, path, root);
    if (p->type)
        fill_account(p, c, answer, root);
    else
        fill_kept(p, c, answer, root);
    fill_gateways(p, c, answer, root);
}

/* ---- the confirmation --------------------------------------------------------------------------
 */

static enum rc find_payee(const struct payout_form *p, struct arena *a,
                          const struct seal_public *worker_key, struct payee *out, struct err *e)
{
    const char *field;
    if (p->type)
        return payout_seal(a, &p->ask, worker_key, out, &field, e);
    for (int i = 0; i < p->n_kept; i++) {
        if (!str_eq(p->kept[i].beneficiary_id, p->ask.beneficiary_id))
            continue;
        *out = p->kept[i];
        return RC_OK;
    }
    return ERR(e, RC_NOT_FOUND, "Choose one of the accounts that the page offers.", "not offered");
}

/* The bank that a new account is at, as typed; a kept one does not tell. */
static const char *bank_of(const struct payout_form *p)
{
    static const char *const names[] = {DETAILS ".bank_code", DETAILS ".ifsc"};
    for (size_t i = 0; p->type && i < sizeof names / sizeof names[0]; i++)
        if (*typed(p, names[i]))
            return typed(p, names[i]);
    return NULL;
}

enum rc payout_form_confirm(const struct payout_form *p, const struct rows_ctx *c,
                            const struct seal_public *worker_key, struct page_node *root,
                            struct err *e)
{
    struct payee payee = {0};
    enum rc rc = find_payee(p, c->arena, worker_key, &payee, e);
    if (rc != RC_OK)
        return rc;
    const char *bank = bank_of(p);
    page_set(root, "pays_to", rows_pays_to(c->arena, &payee, p->gateway->name));
    page_set(root, "holder", payee.name);
    page_set(root, "account", payee.masked);
    page_set(root, "account_kind", rows_words(c->arena, payee.type));
    page_set(root, "bank", bank);
    page_set(root, "payer", gateway_words(c->arena, p->gateway));
    return RC_OK;
}
